"""
What a connection may ask for beside the channel: the `bridge.*` methods.

A `Session` is one connection: it takes calls under keys of its client's, carries them out in the world that the connection is
in, and tells its client what comes of them, in order: replies by their keys, events by the names of their devices. It knows no
language, neither bytes nor sockets. A door writes for itself what it is told; `RpcClient` (messages.py) does so in JSON-RPC,
for all doors that speak it.

Each control method is a function under `@control("clock.now", …)` in a module here; its parameters are declared beside it,
which checks them and describes them in `rpc.discover`.
"""
