"""
Drift: what an installed plugin says, held against what our schemas say of it.

Theory of operation. `packages.py` finds the sources of a plugin in a folder. `dart.py` reads off its Dart code which calls it makes and
with which keys, what its classes read and write, which events it hears; `java.py` and `swift.py` what its adapters take and tell;
`ffi.py` what a generation without a channel asks of its native library. Together they make a plain `Said` (`facts.py`, `reading.py`).
`comparing.py` and `comparing_ffi.py` hold it against a dialect and make findings, `nearest.py` picks the dialect that differs least,
`drafting.py` writes the overlay that would make up for the rest.

Rules. Sources are read, never run, by grammars of tree-sitter, which only this room asks for (`timbridge[drift]`). A reader leaves out
what it cannot read for certain: a call whose name is made at run time is named as unread, a cast that it does not see is not compared.
"""
