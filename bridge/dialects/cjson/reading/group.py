"""Groups as such: what a flag names is to change."""

from __future__ import annotations

from typing import Any

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call

FLAGS = {
    1: ("group_name", "name"),
    2: ("notification", "notification"),
    4: ("introduction", "introduction"),
    8: ("face_url", "face_url"),
    16: ("group_add_opt", "add_opt"),
    256: ("is_all_muted", "all_muted"),
    512: ("custom_info", "custom"),
    4096: ("approve_opt", "approve_opt"),
    8192: ("is_enable_permission_group", "permission_groups_on"),
    16384: ("default_permissions", "default_permissions"),
}
"""By bit: the field of the call, and the attribute of a group. The most members a group may have, and who sees it, nobody plays."""


def flagged(given: dict[str, Any], flags: int) -> dict[str, Any]:
    """Return the attributes that a flag names, with what they are to be."""
    return {name: given.get(field) for bit, (field, name) in FLAGS.items() if flags & bit and given.get(field) is not None}


def set_group_info(call: Call, adapter: NativeAdapter) -> None:
    """Read what is to change."""
    args = call.args
    call.args = {"group_id": args.get("group_id") or "", "changes": flagged(args, args.get("modify_flag") or 0)}


def transfer_group_owner(call: Call, adapter: NativeAdapter) -> None:
    """Read who is to be the owner."""
    call.args = {"group_id": call.args.get("group_id") or "", "user_id": call.args.get("owner") or ""}
