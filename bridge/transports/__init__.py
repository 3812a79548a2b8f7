"""
Doors: bytes in, bytes out. A transport reads, feeds a codec, hands values to a `Session` and writes what comes back.

Nothing here knows a method.
"""
