"""messageManager: reading histories, and looking messages up."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world.chats import history, visibility
from bridge.world.chats.history import Pull
from bridge.world.chats.messages import Message
from bridge.world.kernel.clients import Finding
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Page


def get_history_message_list(caller: Caller, wanted: Pull, start_id: str | None) -> list[Message]:
    """Return a page of a history, behind a message if one is named."""
    if start_id is not None:
        wanted = evolve(wanted, after=_start(caller, start_id))
    found = history.pull(caller.world, caller.device, caller.user, wanted)
    _seen(caller, found)
    return found


get_c2c_history_message_list = get_history_message_list
get_group_history_message_list = get_history_message_list


def get_history_message_list_v2(caller: Caller, wanted: Pull, start_id: str | None) -> Page:
    """Return a page of a history; the adapter takes one that is not full for the last."""
    found = get_history_message_list(caller, wanted, start_id)
    return Page(found, finished=len(found) < wanted.count)


def _start(caller: Caller, msg_id: str) -> Message | None:
    """Look up the message to start from, which the adapters do before they ask anybody; None where an unknown one means the top."""
    message = visibility.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None and not caller.habits.starts_over:
        caller.found(Finding.UNKNOWN_START)
        caller.unfound()
    return message


def _seen(caller: Caller, found: list[Message]) -> None:
    """Note that the app now knows the newest version of what it has read."""
    from bridge.world.chats import modification

    for message in found:
        if message.version:
            modification.read(caller.world, caller.device, message.msg_id)


def find_messages(caller: Caller, message_id_list: list[str]) -> list[Message]:
    """Return those messages that the client has; it asks nobody."""
    found = history.find(caller.world, caller.device, caller.user, message_id_list)
    _seen(caller, found)
    return found
