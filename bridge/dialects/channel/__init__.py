"""
The plugin on a method channel, from its first version to the last one before it called native code directly.

* `dialect.py` joins the parts to a `Dialect`: a plan per method, compiled from its schema on the first call.
* `reading/` makes world values of arguments, with what the adapters decide before they ask anybody: a module per module of
  handlers, a function per handler that needs one, of the handler's name.
* `adapter.py` has the adapters' oddities that depend on what a handler finds, as typed values.
* `maps/` has one function per map of the SDK (`@wire_map("V2TIMConversation")`): from a world value and a `View` (who is looking,
  on which device) to a dict with the keys of all dialects. `encoding.py` leaves out what a dialect's platform does not have by
  its schema, so that the functions have no branch where only the set of keys differs.
* `frames.py` has the envelopes around replies and the frames around events.
"""
