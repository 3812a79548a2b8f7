"""Friend groups: one object for all changes."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call


def create_friend_group(call: Call, adapter: NativeAdapter) -> None:
    """Read the name, a list with one in it, and who is in the group."""
    names = call.args.get("group_name_list") or [""]
    call.args = {"group_name": names[0], "user_id_list": call.args.get("user_id_list") or []}


def get_friend_groups(call: Call, adapter: NativeAdapter) -> None:
    """Read which groups; an empty list means all."""
    call.args = {"group_name_list": call.args["group_name_list"] or None}


def rename_friend_group(call: Call, adapter: NativeAdapter) -> None:
    """Read both names."""
    call.args = {"old_name": call.args.get("group_name") or "", "new_name": call.args.get("new_group_name") or ""}


def add_friends_to_friend_group(call: Call, adapter: NativeAdapter) -> None:
    """Read who comes in."""
    call.args = {"group_name": call.args.get("group_name") or "", "user_id_list": call.args.get("add_user_id_list") or []}


def delete_friends_from_friend_group(call: Call, adapter: NativeAdapter) -> None:
    """Read who goes out."""
    call.args = {"group_name": call.args.get("group_name") or "", "user_id_list": call.args.get("delete_user_id_list") or []}
