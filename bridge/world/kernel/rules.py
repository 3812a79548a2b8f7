"""
Rules that are called by name: by a timer, which a document may hold, or because something below has happened.

A rule's name is "module.function" and says no room, so that a document written before a move still means the same. The
module is imported when its rule is first called.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

NAMED = (
    "people.statuses.forget",
    "people.statuses.lapse",
    "groups.group_attributes.forget_device",
    "groups.live_rooms.end_session",
    "chats.connections.heartbeat_missed",
    "chats.invitations.expire",
    "chats.invitations.forget",
    "chats.media.progress",
    "chats.sessions.signature_ended",
)
"""Every rule that is called by name, after the room that it stands in."""

_PLACES = {place.partition(".")[2]: place for place in NAMED}


@cache
def rule(name: str) -> Callable[..., Any]:
    """Return the rule of a name. Raises KeyError for one that is not listed."""
    module, _, function = _PLACES[name].rpartition(".")
    found: Callable[..., Any] = getattr(import_module(f"bridge.world.{module}"), function)
    return found
