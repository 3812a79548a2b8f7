"""Invitations."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.signals import Info


@wire_map("V2TIMSignalingInfo")
def signaling_info(value: Info, view: View) -> dict[str, Any]:
    """Write what a message says about an invitation."""
    return {
        "inviteID": value.invite_id,
        "groupID": value.group_id,
        "inviter": value.inviter,
        "inviteeList": list(value.invitees),
        "data": value.data,
        "timeout": value.timeout_s,
        "actionType": value.action,
    }
