"""
What a connection may ask for beside the channel: the `bridge.*` methods.

A `Session` is one connection: it takes JSON-RPC messages that a codec has parsed, carries them out in the world that the
connection is in, and hands back what is to be sent, in order. It knows neither bytes nor sockets. Each control method is a
function under `@control("clock.now", …)` in a module here; its parameters are declared beside it, which checks them and
describes them in `rpc.discover`.
"""
