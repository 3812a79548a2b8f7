"""
Rules that are called by name: by a timer, or because something has happened in a room below.

A rule's name is "module.function" and says no room, so that a document written before a move still means the same. The
module is imported when its rule is first called. Nothing else in the world is looked up by a text; so what stands here is all
that imports do not show.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

ROOMS = {
    "connections": "chats",
    "fetches": "chats",
    "group_attributes": "groups",
    "group_chats": "chats",
    "invitations": "chats",
    "late_delivery": "chats",
    "local_copies": "chats",
    "media": "chats",
    "memberships": "groups",
    "profile_spread": "people",
    "sessions": "chats",
    "shown_names": "chats",
    "statuses": "people",
    "tips": "chats",
    "topic_chats": "chats",
    "waiting": "chats",
}
"""The room of every module that has a rule called by name."""

TIMED: dict[str, dict[str, type]] = {
    "connections.heartbeat_missed": {"user_id": str, "order": int},
    "fetches.go_on": {"id_of_device": str, "number": int, "is_last": bool},
    "invitations.expire": {"invite_id": str},
    "media.progress": {"id_of_device": str, "msg_id": str, "is_snapshot": bool, "part": str, "is_last": bool},
    "sessions.signature_ended": {"id_of_device": str},
    "statuses.lapse": {"user_id": str},
}
"""What timers call, with its arguments. A document with timers comes from a client, and must not have anything else called."""

REACTIONS = {
    "group_created": ("group_chats.begin",),
    "group_id_freed": ("group_chats.forget",),
    "group_renamed": ("group_chats.renamed",),
    "group_spoke": ("tips.post",),
    "membership_ends": ("late_delivery.membership_ends",),
    "profile_changed": ("profile_spread.tell", "shown_names.profile_changed"),
    "remark_changed": ("shown_names.remark_changed",),
    "topic_deleted": ("topic_chats.forget",),
}
"""What follows from what has happened (`World.happened`), in this order. All rules of one have the same parameters."""

ENDINGS = (
    ("subscriptions", "statuses.forget"),
    ("known_invitations", "invitations.forget"),
    ("presences", "memberships.end_session"),
    ("seen_attributes", "group_attributes.forget_device"),
    ("waiting", "waiting.forget"),
)
"""What ends with a session: rules that are called with the device's id, each if its table has rows."""


@cache
def rule(name: str) -> Callable[..., Any]:
    """Return the rule of a name. Raises KeyError for one whose module is not listed."""
    module, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(import_module(f"bridge.world.{ROOMS[module]}.{module}"), function)
    return found
