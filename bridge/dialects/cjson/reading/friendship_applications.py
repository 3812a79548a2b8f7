"""How an application is answered: by the user alone."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call

ADD_AS_WELL = 1


def accept_friend_application(call: Call, adapter: NativeAdapter) -> None:
    """Read whom, and whether the acceptor wants the other, too."""
    args = call.args
    call.args = {"adds_back": args.get("response_type") == ADD_AS_WELL, "kind": None, "user_id": args.get("user_id") or ""}


def refuse_friend_application(call: Call, adapter: NativeAdapter) -> None:
    """Read whom."""
    call.args = {"kind": None, "user_id": call.args.get("user_id") or ""}


def delete_friend_application(call: Call, adapter: NativeAdapter) -> None:
    """Read whom, and of which kind: a list with one user in it."""
    users = call.args.get("user_id_list") or [""]
    call.args = {"kind": call.args.get("application_type"), "user_id": users[0]}
