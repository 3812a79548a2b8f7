"""`bridge.user.invitations`: who is called and has not answered, for those who answer for a person."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session


@control(
    "user.invitations",
    "{invitations: [{inviteID, inviter, groupID, inviteeList, data, sentMs, timeout}]}, the oldest first",
    user=P("string", "id of the user", True),
)
def user_invitations(session: Session, user: str) -> dict[str, Any]:
    """List the signaling invitations that a user has made or been sent and that somebody has still to answer."""
    from bridge.world.chats.invitations import INVITATIONS

    table = session.emulator.world[INVITATIONS]
    rows = [table[invite_id] for invite_id in table.index("open_of").of(user)]
    rows = [row for row in rows if user in (row.inviter, *row.open_for)]
    return {
        "invitations": [
            {
                "inviteID": row.invite_id,
                "inviter": row.inviter,
                "groupID": row.group_id,
                "inviteeList": list(row.open_for),
                "data": row.data,
                "sentMs": row.sent_ms,
                "timeout": row.timeout_s,
            }
            for row in sorted(rows, key=lambda row: (row.sent_ms, row.invite_id))
        ]
    }
