"""The envelopes around replies, and the frames around events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.catalogue import Catalogue, EventSpec, ListenerSpec
from bridge.dialects.view import View
from bridge.dialects.writing import Encoder
from bridge.errors import ChatError
from bridge.world.kernel import codes


class AdapterRefusal(ChatError):
    """A refusal that the adapter makes up itself, before the native client hears of the call."""

    is_own = True


class Envelopes:
    """
    What a platform's adapter puts around the data of its replies: `envelope` of its traits.

    A reply of the form `void` is code and desc alone, with the client's text as it is; but the adapter's own refusals
    of such a method are envelopes as everywhere.
    """

    __slots__ = ("_success", "_empty", "_refuses_with_data")

    def __init__(self, catalogue: Catalogue, platform: str) -> None:
        said = catalogue.trait(platform, "envelope") or {}
        self._success: str = said.get("success", "ok")
        self._empty: str = said.get("empty", "")
        self._refuses_with_data: bool = said.get("refusalData", False)

    def success(self, form: str, data: Any, desc: str | None = None) -> Any:
        """Return the reply to a call that was carried out; `desc` is the method's own."""
        if form == "envelope":
            return {"code": 0, "desc": self._success if desc is None else desc, "data": data}
        return data if form == "bare" else {"code": 0, "desc": ""}

    def refusal(self, form: str, code: int, desc: str | None, data: Any = None) -> dict[str, Any]:
        """Return the reply to a call that was refused; as a rule, data only where a call leaves something behind."""
        text = codes.text(code) if desc is None else desc
        if form == "void":
            return {"code": code, "desc": text}
        wire: dict[str, Any] = {"code": code, "desc": text or self._empty}
        if data is not None or self._refuses_with_data:
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

    __slots__ = (
        "type",
        "listener",
        "topic",
        "before_reply",
        "_names_method",
        "_leaves_out_null",
        "_copies",
        "_unnamed",
        "_pieces",
        "_nulls",
    )

    def __init__(
        self, spec: EventSpec, catalogue: Catalogue, lineage: tuple[str, ...], encoder: Callable[[Any], Encoder]
    ) -> None:
        listener = catalogue.listener(spec.listener)
        assert listener is not None
        self.type = spec.type
        self.listener = spec.listener
        self.topic = listener.topic
        self.before_reply = spec.before_reply
        self._names_method = not catalogue.trait(lineage[0], "namesNoListener")
        self._leaves_out_null = bool(catalogue.trait(lineage[0], "leavesOutNull"))
        self._copies = _is_copied(spec, listener, lineage)
        self._unnamed = not set(lineage).isdisjoint(spec.quirks.get("emptyUuid", ()))
        self._pieces = tuple((p.key, p.field, encoder(p.type)) for p in spec.data(lineage[0]))
        self._nulls = frozenset(p.key for p in spec.data(lineage[0]) if p.as_null)

    def all(self, payload: dict[str, Any], listeners: tuple[str, ...], view: View) -> list[dict[str, Any]]:
        """Return what is sent: the same for all listeners of the kind, or a copy for each, with its id."""
        data = self._data(payload, view)
        ids = listeners if self._copies else ("",)
        return [self._frame(data, "" if self._unnamed else one) for one in ids]

    def _frame(self, data: Any, listener_uuid: str) -> dict[str, Any]:
        frame: dict[str, Any] = {"type": self.type, "data": data, "listenerUuid": listener_uuid}
        if self._names_method:
            frame["method"] = self.listener
        if self._leaves_out_null and not self._pieces:
            del frame["data"]
        return frame

    def _data(self, payload: dict[str, Any], view: View) -> Any:
        pieces = self._pieces
        if not pieces:
            return None
        if pieces[0][0] is None:
            return pieces[0][2](payload[pieces[0][1]], view)
        wire = {key: encode(payload[field], view) for key, field, encode in pieces}
        return {k: v for k, v in wire.items() if v is not None or k in self._nulls} if self._leaves_out_null else wire


def _is_copied(spec: EventSpec, listener: ListenerSpec, lineage: tuple[str, ...]) -> bool:
    """Return whether each listener gets a copy: by its kind, or for this event alone (iOS progress events)."""
    return not listener.shared or not set(lineage).isdisjoint(spec.quirks.get("perListener", ()))
