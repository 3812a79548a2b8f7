"""What comes out of a call: one ordered list of events with the reply in its place among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.errors import ProtocolError

Listener = Callable[[Any], None]
"""Takes what reaches whoever owns a device: an event, or a reply that was held back."""


class Event:
    """An event for one device: the channel method (a kind of listener) and its arguments."""

    __slots__ = ("device_id", "method", "arguments")

    def __init__(self, device_id: str, method: str, arguments: dict[str, Any]) -> None:
        self.device_id = device_id
        self.method = method
        self.arguments = arguments

    def __repr__(self) -> str:
        return f"Event({self.device_id}, {self.method}, {self.arguments!r})"


class Reply:
    """
    The answer to one call.

    Attributes:
        device_id: the device that called; "" where none did.
        result: what the platform passes to `Result.success`; None with `error`.
        error: the error instead of a result, or None.
        silent: nothing is answered at all (a fault, faithful mode, a client that wants no answer); the call was carried out.
        due_ms: the reply is held back until the clock says so; None for at once.
        hear: takes the reply when it is let go, where it is held back.
    """

    __slots__ = ("device_id", "result", "error", "silent", "due_ms", "hear")

    def __init__(self, device_id: str = "", result: Any = None, error: ProtocolError | None = None) -> None:
        self.device_id = device_id
        self.result = result
        self.error = error
        self.silent = False
        self.due_ms: int | None = None
        self.hear: Listener | None = None


class Turn:
    """
    A call and all that it caused.

    Attributes:
        reply: the reply, which stands in `items` exactly once.
        items: the reply and the events around it, in order: those ahead of it (an upload's progress, the sender's message on
            its way), the reply, those behind it in the order of their causes. Where time has passed, replies of earlier
            turns that were held back stand among them.
        disconnect: the connection of the calling device ends behind this turn.
    """

    __slots__ = ("reply", "items", "disconnect")

    def __init__(self, device_id: str = "", result: Any = None, error: ProtocolError | None = None) -> None:
        self.reply = Reply(device_id, result, error)
        self.items: list[Event | Reply] = [self.reply]
        self.disconnect = False

    def tell(self, event: Event, early: bool = False) -> None:
        """Put an event behind all others, or behind all others that come ahead of the reply, which only who gets that can tell."""
        if early and event.device_id == self.reply.device_id:
            self.items.insert(self.items.index(self.reply), event)
        else:
            self.items.append(event)

    def forget(self) -> None:
        """Let nothing have been heard: the reply is all that is left."""
        self.items[:] = (self.reply,)

    @property
    def result(self) -> Any:
        """Return the reply's result."""
        return self.reply.result

    @property
    def error(self) -> ProtocolError | None:
        """Return the reply's error."""
        return self.reply.error

    @property
    def events(self) -> list[Event]:
        """Return all events in order."""
        return [item for item in self.items if isinstance(item, Event)]

    @property
    def before(self) -> list[Event]:
        """Return the events ahead of the reply."""
        return [item for item in self.items[: self.items.index(self.reply)] if isinstance(item, Event)]

    @property
    def after(self) -> list[Event]:
        """Return the events behind the reply."""
        return [item for item in self.items[self.items.index(self.reply) :] if isinstance(item, Event)]
