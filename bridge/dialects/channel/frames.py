"""The envelopes around replies, and the frames around events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.catalogue import Catalogue, EventSpec, ListenerSpec
from bridge.dialects.view import View
from bridge.world import codes

Encoder = Callable[[Any, View], Any]


def success(data: Any) -> dict[str, Any]:
    """Return the envelope of a call that was carried out."""
    return {"code": 0, "desc": "ok", "data": data}


def refusal(code: int, desc: str | None, data: Any = None) -> dict[str, Any]:
    """Return the envelope of a call that was refused; data only where a call leaves something behind."""
    wire: dict[str, Any] = {"code": code, "desc": codes.text(code) if desc is None else desc}
    if data is not None:
        wire["data"] = data
    return wire


class EventFrame:
    """
    One event of a dialect's platform: where it goes and how its data are made.

    Attributes:
        listener: the kind of listener, which is also the channel method.
        topic: of the facts that this kind hears of.
        before_reply: it comes ahead of the reply.

    Args:
        encoder: makes the encoder of a type.
        lineage: the platform, and those that it goes by.
    """

    __slots__ = ("type", "listener", "topic", "before_reply", "_names_method", "_copies", "_unnamed", "_pieces")

    def __init__(
        self, spec: EventSpec, catalogue: Catalogue, lineage: tuple[str, ...], encoder: Callable[[Any], Encoder]
    ) -> None:
        listener = catalogue.listener(spec.listener)
        assert listener is not None
        self.type = spec.type
        self.listener = spec.listener
        self.topic = listener.topic
        self.before_reply = spec.before_reply
        self._names_method = "ios" not in lineage
        self._copies = _is_copied(spec, listener, lineage)
        self._unnamed = not set(lineage).isdisjoint(spec.quirks.get("emptyUuid", ()))
        self._pieces = tuple((p.key, p.field, encoder(p.type)) for p in spec.data(lineage[0]))

    def all(self, payload: dict[str, Any], listeners: tuple[str, ...], view: View) -> list[dict[str, Any]]:
        """Return what is sent: the same for all listeners of the kind, or a copy for each, with its id."""
        data = self._data(payload, view)
        ids = listeners if self._copies else ("",)
        return [self._frame(data, "" if self._unnamed else one) for one in ids]

    def _frame(self, data: Any, listener_uuid: str) -> dict[str, Any]:
        frame: dict[str, Any] = {"type": self.type, "data": data, "listenerUuid": listener_uuid}
        if self._names_method:
            frame["method"] = self.listener
        elif not self._pieces:
            del frame["data"]
        return frame

    def _data(self, payload: dict[str, Any], view: View) -> Any:
        pieces = self._pieces
        if not pieces:
            return None
        if pieces[0][0] is None:
            return pieces[0][2](payload[pieces[0][1]], view)
        wire = {key: encode(payload[field], view) for key, field, encode in pieces}
        return {k: v for k, v in wire.items() if v is not None} if view.ios else wire


def _is_copied(spec: EventSpec, listener: ListenerSpec, lineage: tuple[str, ...]) -> bool:
    """Return whether each listener gets a copy: by its kind, or for this event alone (iOS progress events)."""
    return not listener.shared or not set(lineage).isdisjoint(spec.quirks.get("perListener", ()))
