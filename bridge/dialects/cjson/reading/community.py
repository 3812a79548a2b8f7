"""Communities."""

from __future__ import annotations

from bridge.dialects.channel.reading import community as channel
from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call


def create_community(call: Call, adapter: NativeAdapter) -> None:
    """Read what a new community is to be; its first members stand inside."""
    info = call.args["info"] or {}
    call.args = {"info": info, "member_list": info.get("member_list")}
    channel.create_community(call, adapter)  # type: ignore[arg-type]  # asks nothing of an adapter
