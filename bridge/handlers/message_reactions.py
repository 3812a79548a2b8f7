"""messageManager: reactions to messages."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.handlers.message_forward import kept
from bridge.world.chats import history, reactions, visibility
from bridge.world.chats.messages import Message
from bridge.world.chats.reactions import Reacted
from bridge.world.kernel.clients import Finding
from bridge.world.kernel.results import Page


def add_message_reaction(caller: Caller, msg_id: str, reaction_id: str) -> None:
    """React to a message."""
    reactions.add(caller.world, caller.user, _found(caller, msg_id), reaction_id)


def remove_message_reaction(caller: Caller, msg_id: str, reaction_id: str) -> None:
    """Take a reaction back."""
    reactions.remove(caller.world, caller.user, _found(caller, msg_id), reaction_id)


def get_message_reactions(
    caller: Caller, msg_id_list: list[str], max_user_count_per_reaction: int | None
) -> list[Reacted]:
    """Return the reactions to messages; those that are not found are passed over, and some native sides refuse where none is."""
    found = history.find(caller.world, caller.device, caller.user, msg_id_list)
    if not found:
        caller.found(Finding.UNKNOWN_MESSAGE)
    return reactions.summaries(caller.world, caller.user, found, max_user_count_per_reaction or 0)


def get_all_user_list_of_message_reaction(
    caller: Caller, msg_id: str, reaction_id: str, next_seq: int | None, count: int | None
) -> Page:
    """Return a page of those who have reacted in one way."""
    message = _found(caller, msg_id)
    return reactions.users_of(caller.world, caller.user, message, reaction_id, next_seq or 0, count or 0)


def _found(caller: Caller, msg_id: str) -> Message:
    """Look a message up, which the adapters do before they ask anybody."""
    message = kept(caller, msg_id) or visibility.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        caller.unfound()
    return message
