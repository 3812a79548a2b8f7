"""conversationManager: conversation groups."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import conversation_groups as rules
from bridge.world.results import Item


def create_conversation_group(caller: Caller, group_name: str, conversation_id_list: list[str]) -> list[Item]:
    """Create a conversation group with conversations in it."""
    return rules.create(caller.world, caller.user, group_name, conversation_id_list)


def delete_conversation_group(caller: Caller, group_name: str) -> None:
    """Delete a conversation group; its conversations stay."""
    rules.delete(caller.world, caller.user, group_name)


def rename_conversation_group(caller: Caller, old_name: str, new_name: str) -> None:
    """Give a conversation group another name."""
    rules.rename(caller.world, caller.user, old_name, new_name)


def get_conversation_group_list(caller: Caller) -> list[str]:
    """Return the names of the caller's conversation groups."""
    return rules.names(caller.world, caller.user)


def add_conversations_to_group(caller: Caller, group_name: str, conversation_id_list: list[str]) -> list[Item]:
    """Put conversations into a conversation group."""
    return rules.add(caller.world, caller.user, group_name, conversation_id_list)


def delete_conversations_from_group(caller: Caller, group_name: str, conversation_id_list: list[str]) -> list[Item]:
    """Take conversations out of a conversation group."""
    return rules.remove(caller.world, caller.user, group_name, conversation_id_list)
