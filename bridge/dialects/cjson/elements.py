"""Elements of messages out of C-JSON."""

from __future__ import annotations

from typing import Any

from bridge.dialects.cjson.arguments import Arguments, picked_text
from bridge.errors import ChatError
from bridge.world.chats import elements
from bridge.world.chats.elements import Element, Image, Merger, Variant
from bridge.world.kernel import codes

VARIANTS = {"orig": 0, "thumb": 1, "large": 2}
UNSENDABLE = ("tips", "report", "stream")
"""Elements that the service alone writes, or that nobody plays."""


def elements_of(wire: list[Any], arguments: Arguments) -> tuple[Element, ...]:
    """
    Return the elements of a message.

    Raises: ChatError 6017 without any, or for one that nobody sends.
    """
    found = tuple(_element(one, arguments) for one in wire)
    if not found:
        raise ChatError(codes.INVALID_PARAMETERS)
    return found


def _element(wire: Any, arguments: Arguments) -> Element:
    kind = arguments.element_kind(wire.get("elem_type") if isinstance(wire, dict) else None)
    if kind is None or kind in UNSENDABLE:
        raise ChatError(codes.INVALID_PARAMETERS)
    made = elements.KINDS[kind]
    said = arguments.element(kind, wire)
    fields = {name: value for name, value in said.items() if name in made._fields}
    if made is Image:
        fields["images"] = _variants(wire)
    if made is Merger:
        fields |= _merged(wire)
    if issubclass(made, elements.MEDIA):
        fields.setdefault("size", 0)
    return made(**fields)


def _variants(wire: dict[str, Any]) -> list[Variant]:
    """Return the variants of an image that was sent before; a new one has none."""
    return [
        Variant(
            wire[f"image_elem_{stem}_id"],
            number,
            wire.get(f"image_elem_{stem}_pic_size") or 0,
            width=wire.get(f"image_elem_{stem}_pic_width") or None,
            height=wire.get(f"image_elem_{stem}_pic_height") or None,
        )
        for stem, number in VARIANTS.items()
        if wire.get(f"image_elem_{stem}_id")
    ]


def _merged(wire: dict[str, Any]) -> dict[str, Any]:
    """Return which messages a merger stands for; one that is passed on names the message that it came in."""
    rows = wire.get("merge_elem_message_array") or []
    if not isinstance(rows, list):
        raise ChatError(codes.INVALID_PARAMETERS)
    ids = [msg_id for row in rows if (msg_id := picked_text(row, ["message_msg_id"]))]
    if ids:
        return {"msg_ids": ids, "over_limit": None}
    came_in = wire.get("merge_elem_relay_json_key")
    return {"msg_ids": [came_in] if came_in else [], "over_limit": bool(wire.get("merge_elem_layer_over_limit"))}
