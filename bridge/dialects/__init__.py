"""
Wire and world: how a version of the plugin, on a platform, writes down what the world has.

A `Dialect` is a frozen value: a catalogue (names, keys, replies) and a platform. It turns the value of a handler into
the reply that the
platform's adapter would pass to Dart, and a fact into the events that its listeners would get.

`maps/` has one function per map of the SDK (`@wire_map("V2TIMConversation")`): from a world value and a `View` (who is
looking, on which device)
to a dict with the keys of all dialects. What a dialect's platform does not have by its schema is left out afterwards;
iOS leaves out null as well. So the functions have no branch where only the set of keys differs. Wire names stand here
and in `schemas/` only.
"""
