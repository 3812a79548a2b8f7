"""communityManager: communities and their permission groups."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.channel.reading.group import members
from bridge.dialects.dialect import Call

ATTRIBUTES = {
    "group_id": "group_id",
    "group_name": "name",
    "notification": "notification",
    "introduction": "introduction",
    "face_url": "face_url",
    "is_all_muted": "all_muted",
    "is_support_topic": "support_topic",
    "group_add_opt": "add_opt",
    "approve_opt": "approve_opt",
    "is_enable_permission_group": "permission_groups_on",
    "default_permissions": "default_permissions",
}
"""Where a call has the attributes of a new community."""


def create_community(call: Call, adapter: ChannelAdapter) -> None:
    """Read what a new community is to be."""
    info = call.args["info"]
    given = {name: info.get(key) for key, name in ATTRIBUTES.items()}
    call.args = {"info": {**given, "members": members(call.args.get("member_list"))}}


def create_permission_group_in_community(call: Call, adapter: ChannelAdapter) -> None:
    """Read what a permission group is to be."""
    info = call.args["info"]
    call.args = {
        "group_id": info.get("group_id") or "",
        "permission_group_id": info.get("permission_group_id") or "",
        "name": info.get("permission_group_name") or "",
        "custom_data": info.get("custom_data") or "",
        "bits": info.get("group_permission") or 0,
    }


modify_permission_group_info_in_community = create_permission_group_in_community
