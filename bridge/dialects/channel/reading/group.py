"""groupManager: groups as such."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

ATTRIBUTES = {
    "group_name": "name",
    "is_all_muted": "all_muted",
    "is_support_topic": "support_topic",
    "is_enable_permission_group": "permission_groups_on",
    "custom_info": "custom",
}
"""What the wire calls differently."""


def renamed(given: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a group under the names of its attributes."""
    return {ATTRIBUTES.get(name, name): value for name, value in given.items()}


def members(entries: list[dict[str, Any]] | None) -> list[tuple[str, int | None]]:
    """Return the first members of a group as (user, role)."""
    return [(entry.get("user_id") or "", entry.get("role")) for entry in entries or []]


def create_group(call: Call, adapter: ChannelAdapter) -> None:
    """Read what a new group is to be."""
    args = call.args
    call.args = {"info": {**renamed(args), "members": members(args.pop("member_list", None))}}
    call.args["info"].pop("member_list", None)


def set_group_info(call: Call, adapter: ChannelAdapter) -> None:
    """Read what is to change; the type cannot."""
    args = call.args
    group_id = args.pop("group_id")
    args.pop("group_type")
    call.args = {"group_id": group_id, "changes": renamed(args)}
