"""
Is it the same? Recordings of calls, replies and events; playing them against something; and an honest ledger.

* `recordings`: a file of lines, read, written and brought up to date.
* `playing`: plays the calls of a recording against a target, any server that speaks the bridge's contract.
* `compare`: what differs, path by path; what may vary is declared in `schemas/volatile.json` and compared by how it
  changes.
* `replay`: answers a client out of a recording.
* `ledger`: what of the plugin is built, and which test says so.

No I/O but reading and writing the files that are named; a target is whatever the caller hands in.
"""
