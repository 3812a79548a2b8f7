"""
The simulated chat service, with nothing of any wire in it.

`World` (`kernel/world.py`) holds tables of immutable rows, a virtual clock, timers and one seeded source of ids. Each module about
a thing declares its rows and tables and the rules that change them: plain functions that take the world and whoever acts. A
rule either does all it should and states facts (`World.state`), each with its audience, or raises `ChatError` and the
caller takes everything back.

The rooms, each of which may import from those before it and from no other (no two files import each other, within functions neither):
* `kernel`: the world itself, tables, facts, codes, switches, devices;
* `people`: accounts, friends, blacklists, follows, presence;
* `groups`: groups of every type with their members, rights, topics;
* `chats`: messages and conversations, what comes of sending them, and the sessions of those who do;
* `documents`: a world as a document, and back.

Where something below has to follow in a room above (a friend's remark is another, and so is the name of a chat), the rule says what has
happened (`World.happened`), and `kernel/rules.py` lists what follows, in order.

Rules, checked by tests:
* no wire name, no I/O, no wall clock, no chance: the same calls give the same bytes;
* nothing is iterated into output in the order of a set or of a table's rows;
* what a device knows that its user's other devices do not (drafts, unsent messages, listeners) is keyed by the device;
* no rule asks whether a device may see something without a network: the world that it gets then is what its app has (`kernel/installs.py`).
"""
