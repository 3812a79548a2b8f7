"""What is changed about a message."""

from __future__ import annotations

from typing import Any

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call

CHANGEABLE = {
    "text": ("text",),
    "custom": ("data", "desc", "extension"),
    "location": ("desc", "longitude", "latitude"),
    "face": ("index", "data"),
}
"""Elements that can be modified, and what of them (product docs: modify a message)."""


def modify_message(call: Call, adapter: NativeAdapter) -> None:
    """Read the changes out of a whole message: of its first element, and the cloud's data."""
    wire: dict[str, Any] = call.args["message"] or {}
    arguments = adapter.arguments
    elems: dict[str, Any] = {}
    for one in (wire.get("message_elem_array") or [])[:1]:
        kind = arguments.element_kind(one.get("elem_type")) if isinstance(one, dict) else None
        if kind in CHANGEABLE:
            said = arguments.element(kind, one)
            elems[kind] = {name: said[name] for name in CHANGEABLE[kind] if name in said}
    call.args = {
        "msg_id": wire.get("message_msg_id") or "",
        "cloud_custom_data": wire.get("message_cloud_custom_str"),
        "elems": elems,
        "local": {},
    }
