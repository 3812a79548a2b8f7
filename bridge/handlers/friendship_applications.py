"""friendshipManager: applications, received and sent."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import friend_applications as rules
from bridge.world.clients import Finding
from bridge.world.results import Item


def get_friend_application_list(caller: Caller) -> list[rules.Application]:
    """Return the caller's applications."""
    return rules.list_of(caller.world, caller.user)


def accept_friend_application(caller: Caller, adds_back: bool, kind: int | None, user_id: str) -> Item:
    """Agree to an application."""
    _look_up(caller, kind, user_id)
    return rules.accept(caller.world, caller.user, user_id, kind, adds_back)


def refuse_friend_application(caller: Caller, kind: int | None, user_id: str) -> Item:
    """Say no to an application."""
    _look_up(caller, kind, user_id)
    return rules.refuse(caller.world, caller.user, user_id, kind)


def delete_friend_application(caller: Caller, kind: int | None, user_id: str) -> None:
    """Take an application out of the own list."""
    _look_up(caller, kind, user_id)
    rules.delete(caller.world, caller.user, user_id, kind)


def set_friend_application_read(caller: Caller) -> None:
    """Count all applications as looked at."""
    rules.read(caller.world, caller.user)


def _look_up(caller: Caller, kind: int | None, user_id: str) -> None:
    """Look an application up as the native sides do: by user and kind, or by the user alone (None)."""
    if rules.find(caller.world, caller.user, user_id, kind) is None:
        caller.found(Finding.UNKNOWN_APPLICATION)
