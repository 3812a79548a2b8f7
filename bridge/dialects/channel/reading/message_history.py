"""messageManager: which part of a history is asked for."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.channel.numbers import ELEMENTS
from bridge.dialects.dialect import Call
from bridge.errors import ChatError
from bridge.world.chats.history import Pull
from bridge.world.kernel import codes


def get_c2c_history_message_list(call: Call, adapter: ChannelAdapter) -> None:
    """Read a page of a one-to-one history."""
    args = call.args
    wanted = Pull(user_id=args["user_id"], count=args["count"] or 0)
    call.args = {"wanted": wanted, "start_id": args.get("last_msg_id")}


def get_group_history_message_list(call: Call, adapter: ChannelAdapter) -> None:
    """Read a page of a group's history."""
    args = call.args
    wanted = Pull(group_id=args["group_id"], count=args["count"] or 0)
    call.args = {"wanted": wanted, "start_id": args.get("last_msg_id")}


def get_history_message_list(call: Call, adapter: ChannelAdapter) -> None:
    """Read a map of options. Keys that 5.0 does not have are not there."""
    args = call.args
    if args.get("user_id") is not None and args.get("group_id") is not None:
        adapter.refuse("both_targets")
    numbers = args.get("message_type_list") or ()
    if not ELEMENTS.keys() >= set(numbers) or 0 in numbers:
        raise ChatError(codes.INVALID_PARAMETERS)
    seqs = tuple(args.get("message_seq_list") or ())
    wanted = Pull(
        user_id=args.get("user_id") or "",
        group_id=args.get("group_id") or "",
        count=args.get("count") or 0,
        kind=args.get("get_type") or 0,
        from_seq=args.get("last_msg_seq") or 0,
        begin_s=args.get("time_begin") or 0,
        period_s=args.get("time_period") or 0,
        elem_kinds=tuple(ELEMENTS[number] for number in numbers),
        seqs=seqs,
    )
    call.args = {"wanted": wanted, "start_id": args.get("last_msg_id")}


get_history_message_list_v2 = get_history_message_list
