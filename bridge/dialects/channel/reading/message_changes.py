"""messageManager: what is changed about a message."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

PARTS = {"text": ("text_elem", ("text",)), "custom": ("custom_elem", ("data", "desc", "extension"))}
"""The elements that the adapters pass on, where a message has them and what of them (adapter 8.2)."""


def revoke_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read which message; what else comes with the call says nothing."""
    call.args = {"msg_id": call.args["msg_id"]}


def modify_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read the changes out of a whole message: per kind of element, None where the message has none of the kind."""
    given: dict[str, Any] = call.args["message"]
    msg_id = given.get("msg_id")
    if msg_id is None:
        adapter.refuse("no_id")
    local = {"custom_data": given.get("local_custom_data"), "custom_int": given.get("local_custom_int")}
    call.args = {
        "msg_id": msg_id or "",
        "cloud_custom_data": given.get("cloud_custom_data"),
        "elems": {kind: _part(given.get(key), names) for kind, (key, names) in PARTS.items()},
        "local": {name: value for name, value in local.items() if value is not None},
    }


def _part(elem: dict[str, Any] | None, names: tuple[str, ...]) -> dict[str, Any] | None:
    return None if elem is None else {name: elem[name] for name in names if elem.get(name) is not None}
