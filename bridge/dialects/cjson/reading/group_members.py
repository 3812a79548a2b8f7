"""Members that are asked for."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.cjson.arguments import checked
from bridge.dialects.dialect import Call

STEM = "group_get_members_info_list_param"
FLAG = "group_member_get_info_option_role_flag"


def get_group_member_list(call: Call, adapter: NativeAdapter) -> None:
    """Read a cursor, and whom to leave out."""
    wire = call.args["param"] or {}
    option = wire.get(f"{STEM}_option") or {}
    role = option.get(FLAG) if isinstance(option, dict) else option  # 8.5 sends the number alone
    call.args = {
        "group_id": wire.get(f"{STEM}_group_id") or "",
        "filter": checked(role, int) or 0,
        "cursor": wire.get(f"{STEM}_next_seq") or 0,
    }


def get_group_members_info(call: Call, adapter: NativeAdapter) -> None:
    """Read whom."""
    wire = call.args["param"] or {}
    call.args = {"group_id": wire.get(f"{STEM}_group_id") or "", "member_list": wire.get(f"{STEM}_identifier_array") or []}
