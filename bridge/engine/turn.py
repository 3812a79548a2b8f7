"""What comes out of a call."""

from __future__ import annotations

from typing import Any

from bridge.errors import ProtocolError


class Event:
    """An event for one device: the channel method (a kind of listener) and its arguments."""

    __slots__ = ("device_id", "method", "arguments")

    def __init__(self, device_id: str, method: str, arguments: dict[str, Any]) -> None:
        self.device_id = device_id
        self.method = method
        self.arguments = arguments

    def __repr__(self) -> str:
        return f"Event({self.device_id}, {self.method}, {self.arguments!r})"


class LateReply:
    """
    The reply to a call, held back by a fault until the clock said so. Stands among events, for whoever made the call.

    Attributes:
        hear: who made the call.
        message: what is to be sent: a JSON-RPC reply.
        of_turn: name of the device whose call was made by `bridge.turn`, which has been answered already; None for other calls.
    """

    __slots__ = ("hear", "message", "of_turn")

    def __init__(self, hear: Any, message: dict[str, Any], of_turn: str | None = None) -> None:
        self.hear = hear
        self.message = message
        self.of_turn = of_turn


class Turn:
    """
    A call and all that it caused.

    Attributes:
        before: events ahead of the reply (an upload's progress, the sender's message on its way).
        result: what the platform passes to `Result.success`; None with `error`.
        error: the JSON-RPC error instead of a result, or None.
        after: events behind the reply, in the order of their causes; when time passes, also replies that were held back.
        silent: nothing is answered at all (a fault, or faithful mode); the call was carried out.
        due_ms: the reply is held back until the clock says so; None for at once.
        disconnect: the connection of the calling device ends behind this turn.
    """

    __slots__ = ("before", "result", "error", "after", "silent", "due_ms", "disconnect")

    def __init__(self) -> None:
        self.before: list[Event | LateReply] = []
        self.result: Any = None
        self.error: ProtocolError | None = None
        self.after: list[Event | LateReply] = []
        self.silent = False
        self.due_ms: int | None = None
        self.disconnect = False

    @property
    def events(self) -> list[Event]:
        """Return all events in order."""
        return [item for item in self.before + self.after if isinstance(item, Event)]
