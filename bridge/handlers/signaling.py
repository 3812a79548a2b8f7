"""signalingManager: invitations and their answers."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.handlers import Caller, OwnText
from bridge.world.chats import invitations, signals
from bridge.world.chats.signals import Info
from bridge.world.kernel import codes
from bridge.world.kernel.clients import Finding


def invite(
    caller: Caller, invitee: str, data: str, timeout: int, online_user_only: bool, push: dict[str, Any] | None
) -> str:
    """Call a user."""
    return invitations.invite(caller.world, caller.device, invitee, data, timeout, online_user_only, push)


def invite_in_group(
    caller: Caller, group_id: str, invitee_list: list[str], data: str, timeout: int, online_user_only: bool
) -> str:
    """Call members of a group."""
    return invitations.invite_in_group(
        caller.world, caller.device, group_id, invitee_list, data, timeout, online_user_only
    )


def cancel(caller: Caller, invite_id: str, data: str) -> None:
    """Take an invitation back."""
    invitations.cancel(caller.world, caller.device, invite_id, data)


def modify_invitation(caller: Caller, invite_id: str, data: str) -> None:
    """Change what goes with an invitation."""
    invitations.modify(caller.world, caller.device, invite_id, data)


def accept(caller: Caller, invite_id: str, data: str) -> None:
    """Accept an invitation."""
    invitations.accept(caller.world, caller.device, invite_id, data)


def reject(caller: Caller, invite_id: str, data: str) -> None:
    """Decline an invitation."""
    invitations.reject(caller.world, caller.device, invite_id, data)


def get_signaling_info(caller: Caller, msg_id: str) -> Info | OwnText | None:
    """Return what a message says about an invitation, None if it is about something else."""
    try:
        return signals.info_of(caller.world, caller.user, msg_id)
    except KeyError:
        caller.found(Finding.UNKNOWN_ID)
        answer = caller.habits.answers.get(Finding.UNKNOWN_ID.value)
        if answer is None:
            raise ChatError(codes.INVALID_PARAMETERS) from None
        return OwnText(answer)


def add_invited_signaling(caller: Caller, info: dict[str, Any]) -> None:
    """Let the client know an invitation that it was not told of."""
    invitations.add_invited(caller.world, caller.device, info)
