"""messageManager: revoking and modifying."""

from __future__ import annotations

from typing import Any

from bridge.handlers import Caller
from bridge.handlers.message_forward import kept
from bridge.world.chats import local_messages, modification, revocation, visibility
from bridge.world.chats.modification import Outcome
from bridge.world.kernel.clients import Finding

LACKING = {"text": Finding.NO_TEXT, "custom": Finding.NO_CUSTOM}
"""What native sides find missing when a call changes a message of a kind and brings no element of it."""


def revoke_message(caller: Caller, msg_id: str) -> None:
    """Take a message back for all who have it."""
    message = visibility.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        caller.unfound()
    revocation.revoke(caller.world, caller.device, caller.user, message)


def modify_message(
    caller: Caller,
    msg_id: str,
    cloud_custom_data: str | None,
    elems: dict[str, dict[str, Any] | None],
    local: dict[str, Any],
) -> Outcome:
    """
    Change a message for all who have it; the outcome says what came of it.

    Args:
        elems: by kind of element, what is to change in the first one; None if the call brings none of the kind.
        local: the app's own data, to be kept with the message.
    """
    row = kept(caller, msg_id) or visibility.held(caller.world, caller.user, msg_id, caller.device.install)
    if row is None:
        caller.found(Finding.UNKNOWN_ID)
        caller.unfound()
    kind = row.elems[0].kind
    changes = elems.get(kind)
    if kind in LACKING and changes is None:
        caller.found(LACKING[kind])
    outcome = modification.modify(caller.world, caller.device, caller.user, row, cloud_custom_data, changes or {})
    if outcome.code == 0 and local:
        local_messages.keep(caller.world, caller.device, caller.user, row.msg_id, **local)
    return outcome
