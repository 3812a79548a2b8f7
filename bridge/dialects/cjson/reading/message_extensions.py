"""Pairs that hang on messages."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call


def set_message_extensions(call: Call, adapter: NativeAdapter) -> None:
    """Read pairs; what is null is empty."""
    rows = call.args["extensions"] or []
    pairs = [(row.get("key") or "", row.get("value") or "") for row in rows]
    call.args = {"msg_id": call.args["msg_id"] or "", "pairs": pairs}
