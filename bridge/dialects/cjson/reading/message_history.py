"""Which part of a history is asked for."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.cjson.arguments import picked_text
from bridge.dialects.dialect import Call
from bridge.errors import ChatError
from bridge.world.chats.history import CLOUD_NEWER, CLOUD_OLDER, LOCAL_NEWER, LOCAL_OLDER, Pull
from bridge.world.kernel import codes

GROUP = 2
KINDS = {(True, False): CLOUD_OLDER, (True, True): CLOUD_NEWER, (False, False): LOCAL_OLDER, (False, True): LOCAL_NEWER}
"""By two switches: whether the cloud is asked (is_ramble), and whether it goes on to newer ones (is_forward)."""


def get_history_message_list(call: Call, adapter: NativeAdapter) -> None:
    """Read a pull: the message to start from comes as a whole, and a number of -1 says nothing."""
    args = call.args
    wire = args["param"] or {}
    target, is_group = args["conv_id"] or "", args["conv_type"] == GROUP

    def said(name: str) -> int:
        value: int = wire.get(f"msg_getmsglist_param_{name}") or 0
        return value

    kinds = [adapter.arguments.element_kind(one) for one in wire.get("msg_getmsglist_param_message_type_array") or ()]
    if None in kinds:
        raise ChatError(codes.INVALID_PARAMETERS)
    wanted = Pull(
        user_id="" if is_group else target,
        group_id=target if is_group else "",
        count=said("count"),
        kind=KINDS[bool(said("is_ramble")), bool(said("is_forward"))],
        from_seq=max(said("last_msg_seq"), 0),
        begin_s=said("time_begin"),
        period_s=said("time_period"),
        elem_kinds=tuple(kind for kind in kinds if kind is not None),
        seqs=tuple(wire.get("msg_getmsglist_param_message_seq_array") or ()),
    )
    start = picked_text(wire, ["msg_getmsglist_param_last_msg", "message_msg_id"])
    call.args = {"wanted": wanted, "start_id": start or None}
