"""
A function per method, in a file per manager or part of one.

A schema names its handler (`"handler": "conversation_groups.create_conversation_group"`); it gets a `Caller` and world values by
name, calls rules of the world and returns a world value, which the dialect writes. It raises `ChatError` for a refusal, and returns
`Refusal` for one that leaves something behind (a failed message). It never awaits, sleeps, sends, and knows no platform, version or
wire name: where native sides differ in what they make of a thing that a call finds, it says so (`Caller.found`) or asks `Caller.habits`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from bridge.handlers.caller import Caller, OwnText, Refusal

Handler = Callable[..., Any]

__all__ = ["ADDERS", "BEFOREHAND", "LISTS", "SESSIONS", "Caller", "Handler", "OwnText", "Refusal", "find", "leaves_something"]

ADDERS = frozenset({"listeners.add", "listeners.add_simple", "listeners.replace"})
"""Handlers of calls that add a listener."""

SESSIONS = frozenset({"tim.init_sdk", "tim.start_again", "tim.un_init_sdk", "tim.login", "tim.logout"})
"""Handlers of calls that begin or end a session: they are for the service whether or not the device has a network."""

BEFOREHAND = {
    "message_search.search_local_messages": "message_search.search_beforehand",
    "message_search.search_cloud_messages": "message_search.search_cloud_beforehand",
}
"""Handlers that may be much work and change nothing, and what does that work in slices before they are called."""

LISTS = frozenset(
    {
        "conversation.get_conversation_list",
        "conversation.get_conversation_list_by_filter",
        "conversation.get_whole_conversation_list",
        "friendship.get_black_list",
        "friendship.get_friend_list",
        "group.get_joined_group_list",
        "group_members.get_group_member_list",
        "group_search.search_group_members",
        "message_history.get_c2c_history_message_list",
        "message_history.get_group_history_message_list",
        "message_history.get_history_message_list",
        "message_history.get_history_message_list_v2",
    }
)
"""Handlers that change nothing and may return very many rows, the only long list there is in the reply."""

_FOUND: dict[str, Handler] = {}


def find(name: str | None) -> Handler | None:
    """
    Return the handler of a name ("module.function"); None for a method that has none yet.

    Raises: LookupError for a name that nothing has, which is a mistake in a schema.
    """
    if name is None:
        return None
    handler = _FOUND.get(name)
    if handler is None:
        module, _, function = name.partition(".")
        handler = getattr(import_module(f"{__name__}.{module}"), function, None)
        if handler is None:
            raise LookupError(f"there is no handler {name}")
        _FOUND[name] = handler
    return handler


def leaves_something(name: str | None) -> bool:
    """
    Return whether a handler has something left when the service refuses: what it returns says so.

    That is a `Refusal` (a failed message, the local data of a failed login), or the `Outcome` of a change with the message as it stays.
    """
    handler = find(name)
    returned = "" if handler is None else str(handler.__annotations__.get("return"))
    return "Refusal" in returned or "Outcome" in returned
