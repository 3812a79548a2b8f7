"""groupManager: which application a call means."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

ADD_TIME_BITS = 31
"""Android reads a time that fits into a 32-bit integer as 0, and so finds nothing (adapter)."""


def accept_group_application(call: Call, adapter: ChannelAdapter) -> None:
    """Read by which attributes the application is to be found: those that the platform compares."""
    args = call.args
    added = args.get("add_time")
    given: dict[str, Any] = {
        "group_id": args.get("group_id"),
        "from_user": args.get("from_user"),
        "to_user": args.get("to_user"),  # null is no text, and so never that of an application (GroupManager.java:689, 736)
        "added_ms": added if added is not None and abs(added) >> ADD_TIME_BITS else 0,
        "kind": args.get("type"),
    }
    call.args = {"meant": {name: given[name] for name in adapter.habits.compares}, "reason": args.get("reason") or ""}


refuse_group_application = accept_group_application
