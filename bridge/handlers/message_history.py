"""messageManager: reading histories, and looking messages up."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.handlers.message import refuse_unfound
from bridge.handlers.registry import Caller, method
from bridge.world import codes, history, messages
from bridge.world.history import Pull
from bridge.world.messages import Message
from bridge.world.results import Page

KINDS = {
    1: "text",
    2: "custom",
    3: "image",
    4: "sound",
    5: "video",
    6: "file",
    7: "location",
    8: "face",
    9: "tips",
    10: "merger",
}


@method("getC2CHistoryMessageList")
def get_c2c_history_message_list(
    caller: Caller, user_id: str, count: int | None, last_msg_id: str | None = None
) -> list[Message]:
    """Return a page of a one-to-one history, newest first."""
    return _pull(caller, Pull(user_id=user_id, count=count or 0, after=_start(caller, last_msg_id)))


@method("getGroupHistoryMessageList")
def get_group_history_message_list(
    caller: Caller, group_id: str, count: int | None, last_msg_id: str | None = None
) -> list[Message]:
    """Return a page of a group's history, newest first."""
    return _pull(caller, Pull(group_id=group_id, count=count or 0, after=_start(caller, last_msg_id)))


@method("getHistoryMessageList")
def get_history_message_list(caller: Caller, **wanted: Any) -> list[Message]:
    """Return a page of a history."""
    return _pull(caller, _pull_of(caller, wanted))


@method("getHistoryMessageListV2")
def get_history_message_list_v2(caller: Caller, **wanted: Any) -> Page:
    """Return a page of a history; the adapter takes one that is not full for the last."""
    found = _pull(caller, _pull_of(caller, wanted))
    return Page(found, finished=len(found) < (wanted.get("count") or 0))


def _pull_of(caller: Caller, wanted: dict[str, Any]) -> Pull:
    """Return what a map of options asks for. Keys that 5.0 does not have are not there."""
    if wanted.get("user_id") is not None and wanted.get("group_id") is not None:
        caller.refuse("bothTargets")
    kinds = [KINDS.get(number) for number in wanted.get("message_type_list") or ()]
    if None in kinds:
        raise ChatError(codes.INVALID_PARAMETERS)
    seqs = tuple(wanted.get("message_seq_list") or ())
    if any(not -(1 << 31) <= seq < 1 << 31 for seq in seqs):
        caller.refuse("wideSeq")
    return Pull(
        user_id=wanted.get("user_id") or "",
        group_id=wanted.get("group_id") or "",
        count=wanted.get("count") or 0,
        kind=wanted.get("get_type") or 0,
        after=_start(caller, wanted.get("last_msg_id")),
        from_seq=wanted.get("last_msg_seq") or 0,
        begin_s=wanted.get("time_begin") or 0,
        period_s=wanted.get("time_period") or 0,
        elem_kinds=tuple(kind for kind in kinds if kind is not None),
        seqs=seqs,
    )


def _start(caller: Caller, msg_id: str | None) -> Message | None:
    """Look up the message to start from, which the adapters do before they ask anybody."""
    if msg_id is None:
        return None
    message = messages.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        caller.refuse("unknownLast")
        refuse_unfound(caller)
    return message


def _pull(caller: Caller, wanted: Pull) -> list[Message]:
    found = history.pull(caller.world, caller.device, caller.user, wanted)
    _seen(caller, found)
    return found


def _seen(caller: Caller, found: list[Message]) -> None:
    """Note that the app now knows the newest version of what it has read."""
    from bridge.world import modification

    for message in found:
        if message.version:
            modification.read(caller.world, caller.device, message.msg_id)


@method("findMessages")
def find_messages(caller: Caller, message_id_list: list[str]) -> list[Message]:
    """Return those messages that the client has; it asks nobody."""
    found = history.find(caller.world, caller.device, caller.user, message_id_list)
    _seen(caller, found)
    return found
