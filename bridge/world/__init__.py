"""
The simulated chat service, with nothing of any wire in it.

`World` holds tables of immutable rows (`store.py`), a virtual clock, timers and one seeded source of ids. Each module
about a thing declares its
rows and tables and the rules that change them: plain functions that take the world and whoever acts. A rule either does
all
it should and states facts (`World.state`), each with its audience, or raises `ChatError` and the caller takes
everything back.

Rules, checked by tests:
* no wire name, no I/O, no wall clock, no chance: the same calls give the same bytes;
* nothing is iterated into output in the order of a set or of a table's rows;
* what a device knows that its user's other devices do not (drafts, unsent messages, listeners) is keyed by the device.
"""
