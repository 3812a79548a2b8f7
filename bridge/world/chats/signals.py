"""Signals: the messages that tell of invitations, and what apps read in them."""

from __future__ import annotations

import json
from typing import Any

from bridge.values import value_class
from bridge.world.chats import messages, visibility
from bridge.world.chats.elements import Custom
from bridge.world.kernel.world import World

INVITE, CANCEL, ACCEPT, REJECT, TIMEOUT = 1, 2, 3, 4, 5
"""What a step's message says has happened (native signaling headers: action type)."""

BUSINESS_ID = 1


@value_class
class Info:
    """What a message says about an invitation; `action` is 1 invite, 2 cancel, 3 accept, 4 reject, 5 timeout."""

    invite_id: str
    inviter: str
    group_id: str
    invitees: tuple[str, ...]
    data: str
    timeout_s: int
    action: int


def text(said: Info, online_only: bool) -> str:
    """Return what a message says about a step of an invitation, as apps of every version read it."""
    wire = {
        "businessID": BUSINESS_ID,
        "inviteID": said.invite_id,
        "inviter": said.inviter,
        "inviteeList": list(said.invitees),
        "groupID": said.group_id,
        "actionType": said.action,
        "data": said.data,
        "timeout": said.timeout_s,
        "onlineUserOnly": online_only,
    }
    return json.dumps(wire, ensure_ascii=False, separators=(",", ":"))


def info(message: messages.Message) -> Info | None:
    """Return what a message says about an invitation, or None if it is about something else."""
    elem = message.elems[0]
    if not isinstance(elem, Custom):
        return None
    try:
        said = json.loads(elem.data or "")
    except ValueError:
        return None
    if (
        not isinstance(said, dict)
        or not isinstance(said.get("inviteID"), str)
        or type(said.get("actionType")) is not int
    ):
        return None
    invitees = said.get("inviteeList")
    timeout_s = said.get("timeout")
    return Info(
        invite_id=said["inviteID"],
        inviter=_text(said.get("inviter")),
        group_id=_text(said.get("groupID")),
        invitees=tuple(one for one in invitees if isinstance(one, str)) if isinstance(invitees, list) else (),
        data=_text(said.get("data")),
        timeout_s=timeout_s if type(timeout_s) is int else 0,
        action=said["actionType"],
    )


def info_of(world: World, user_id: str, msg_id: str) -> Info | None:
    """Return what a message in a user's history says about an invitation, None for nothing. Raises: KeyError, no such message."""
    message = messages.get(world, msg_id)
    if message is None or not visibility.is_visible(world, user_id, message):
        raise KeyError(msg_id)
    return info(message)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
