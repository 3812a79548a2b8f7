"""
A function per channel method.

A handler gets a `Caller` and the call's arguments by their Python names, defaults filled in and types checked. It calls
rules of the
world and returns a world value, which the method's schema says how to write. It raises `ChatError` for a refusal; it
returns `Refusal` for one that leaves something behind (a failed message). It never awaits, sleeps, sends or looks at
the platform: where adapters differ,
the schema's `refusals` say how, and `Caller.refusal` looks there.

The handlers of `conversationManager` stand in `conversation.py` and, where that would grow too long, in
`conversation_*.py`.
"""

from bridge.handlers.registry import Caller, Handler, Refusal, Verbatim, find, method

__all__ = ["Caller", "Handler", "Refusal", "Verbatim", "find", "method"]
