"""signalingManager: invitations and their answers."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.handlers.registry import Caller, Verbatim, method
from bridge.world import codes, invitations, signals
from bridge.world.signals import Info


@method("invite")
def invite(
    caller: Caller,
    invitee: str,
    data: str,
    timeout: int,
    online_user_only: bool,
    offline_push_info: dict[str, Any] | None,
) -> str:
    """Call a user."""
    if not invitee:
        caller.refuse("emptyInvitee")
    push = None if offline_push_info is None else caller.read("offlinePushInfo", offline_push_info)
    return invitations.invite(caller.world, caller.device, invitee, data, timeout, online_user_only, push)


@method("inviteInGroup")
def invite_in_group(
    caller: Caller, group_id: str, invitee_list: list[str], data: str, timeout: int, online_user_only: bool
) -> str:
    """Call members of a group."""
    if not invitee_list:
        caller.refuse("nobody")
    return invitations.invite_in_group(
        caller.world, caller.device, group_id, invitee_list, data, timeout, online_user_only
    )


@method("cancel")
def cancel(caller: Caller, invite_id: str, data: str | None) -> None:
    """Take an invitation back."""
    invitations.cancel(caller.world, caller.device, invite_id, _data(caller, data))


@method("accept")
def accept(caller: Caller, invite_id: str, data: str | None) -> None:
    """Accept an invitation."""
    invitations.accept(caller.world, caller.device, invite_id, _data(caller, data))


@method("reject")
def reject(caller: Caller, invite_id: str, data: str | None) -> None:
    """Decline an invitation."""
    invitations.reject(caller.world, caller.device, invite_id, _data(caller, data))


def _data(caller: Caller, data: str | None) -> str:
    if data is None:
        caller.refuse("nullData")
    return data or ""


@method("getSignalingInfo")
def get_signaling_info(caller: Caller, msg_id: str) -> Info | Verbatim | None:
    """Return what a message says about an invitation, None if it is about something else."""
    try:
        return signals.info_of(caller.world, caller.user, msg_id)
    except KeyError:
        caller.refuse("unknownId")
        answer = caller.answer("unknownId")
        if answer is None:
            raise ChatError(codes.INVALID_PARAMETERS) from None
        return answer


@method("addInvitedSignaling")
def add_invited_signaling(caller: Caller, info: dict[str, Any]) -> None:
    """Let the client know an invitation that it was not told of."""
    invitations.add_invited(caller.world, caller.device, caller.read("info", info))
