"""
Bytes to values and back, without I/O: every codec is fed what arrived and answers what it means.

* `jsonrpc`: one JSON text, strict about what the bridge promises (bytes, doubles, depth, size).
* `framing`: JSON texts in a stream, one per line or behind `Content-Length:` headers.
* `standard`, `standard_values`: Flutter's standard message and method codecs.
* `platform`: raw platform messages of a host's `BinaryMessenger` in a stream.
* `errors`: how bad bytes are refused.

Rules of the room. Any bytes give values, a `ProtocolError` or a `Refused`, never another exception. A decoder believes
no length before it has seen the bytes. Work and memory grow with the bytes received, nesting is bounded. Nothing is
imported here, so that a door pays only for the codec that it uses.
"""
