"""messageManager: revoking and modifying."""

from __future__ import annotations

from typing import Any

from bridge.handlers.message import refuse_unfound
from bridge.handlers.registry import Caller, method
from bridge.world import messages, modification, revocation
from bridge.world.messages import Message
from bridge.world.modification import Outcome


@method("revokeMessage")
def revoke_message(caller: Caller, msg_id: str, **_: Any) -> None:
    """Take a message back for all who have it."""
    message = messages.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        refuse_unfound(caller)
    revocation.revoke(caller.world, caller.device, caller.user, message)


@method("modifyMessage")
def modify_message(caller: Caller, message: dict[str, Any]) -> Outcome:
    """
    Change a message for all who have it; the outcome stands inside the data, the envelope's code is 0 whatever comes of
    it.
    """
    msg_id = message.get("msg_id")
    if msg_id is None:
        caller.refuse("noId")
    row = messages.held(caller.world, caller.user, msg_id or "", caller.device.install)
    if row is None:
        caller.refuse("unknownId")
        refuse_unfound(caller)
    elem = _elem_changes(caller, row, message)
    outcome = modification.modify(
        caller.world, caller.device, caller.user, row, message.get("cloud_custom_data"), elem
    )
    if outcome.code == 0:
        _keep_local(caller, row, message)
    return outcome


_PARTS = {"text": ("text_elem", ("text",)), "custom": ("custom_elem", ("data", "desc", "extension"))}


def _elem_changes(caller: Caller, row: Message, given: dict[str, Any]) -> dict[str, Any]:
    """
    Return what a map changes in the first element: the adapters pass text and custom elements on, no others (adapter
    8.2).
    """
    kind = row.elems[0].kind
    if kind not in _PARTS:
        return {}
    part, names = _PARTS[kind]
    elem = given.get(part)
    if elem is None:
        if kind == "text":
            caller.refuse("noTextElem")
        return {}
    return {name: elem[name] for name in names if elem.get(name) is not None}


def _keep_local(caller: Caller, row: Message, given: dict[str, Any]) -> None:
    """Keep the app's own data of the map with the message."""
    local = {name: given.get(name) for name in ("local_custom_data", "local_custom_int")}
    kept = {name: value for name, value in local.items() if value is not None}
    if kept:
        messages.set_mark(caller.world, caller.user, row.msg_id, **kept)
