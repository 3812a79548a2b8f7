"""Events as tests look at them."""

from __future__ import annotations

from typing import Any, NamedTuple


class Event(NamedTuple):
    """
    A listener event.

    Attributes:
        device: the name of the device that heard it; "" for the own one.
        listener: the channel method, such as `conversationListener`.
        type: such as `onConversationChanged`.
        data: what the listener gets; None for an event without data.
        listener_uuid: the registered listener that it is for; "" for all.
        earlier: it was not caused by the call that it was collected with.
    """

    device: str
    listener: str
    type: str
    data: Any
    listener_uuid: str = ""
    earlier: bool = False

    @classmethod
    def of(cls, message: dict[str, Any]) -> Event:
        """Return an event of `bridge.turn`."""
        arguments = message["arguments"]
        return cls(
            message["device"],
            message["method"],
            arguments["type"],
            arguments.get("data"),
            arguments.get("listenerUuid", ""),
            bool(message.get("earlier")),
        )
