"""Media by their addresses."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call


def download_address(call: Call, adapter: NativeAdapter) -> None:
    """Read the address, and by what its app knows the call; where the file goes is the library's business."""
    wire = call.args["download_param"] or {}
    ticket = call.args["ticket"]
    call.args = {"url": wire.get("download_url") or "", "ticket": ticket if isinstance(ticket, str) else None}


def convert_address_to_text(call: Call, adapter: NativeAdapter) -> None:
    """Read the address and the language."""
    call.args = {"url": call.args["sound_url"] or "", "language": call.args["language"] or ""}
