"""
The C library that today's plugin loads in place of the vendor's, and what builds it.

`exports.json` lists what it exports; `_exports.c` is made from that. By hand stand `calls.c` (which device a call is for, what the exports
are made of), `connection.c` (the connection to the server), `dart.c` (the Dart API's table, posting), `values.c` (bytes of the wire) and
`system.c` (sockets, threads and locks of each system). It is C11, wants nothing but the system's own libraries, and keeps every symbol but
the exports to itself. What crosses the connection, and who answers what, is told in docs/native-door.md.

`targets` says what there is to build for, `building` builds and keeps what was built. Nothing here knows a dialect or a server; it is used
by the command line alone.
"""
