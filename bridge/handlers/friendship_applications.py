"""friendshipManager: applications, received and sent."""

from __future__ import annotations

from bridge.handlers.registry import Caller, method
from bridge.world import friend_applications as rules
from bridge.world.results import Item

ADD_AS_WELL = 1
"""Of responseType: the acceptor wants the other in the own list too; 0 only agrees."""


@method("getFriendApplicationList")
def get_friend_application_list(caller: Caller) -> list[rules.Application]:
    """Return the caller's applications."""
    return rules.list_of(caller.world, caller.user)


@method("acceptFriendApplication")
def accept_friend_application(caller: Caller, response_type: int, type: int, user_id: str) -> Item:
    """Agree to an application."""
    kind = _matching(caller, type, user_id)
    return rules.accept(caller.world, caller.user, user_id, kind, response_type == ADD_AS_WELL)


@method("refuseFriendApplication")
def refuse_friend_application(caller: Caller, type: int, user_id: str) -> Item:
    """Say no to an application."""
    return rules.refuse(caller.world, caller.user, user_id, _matching(caller, type, user_id))


@method("deleteFriendApplication")
def delete_friend_application(caller: Caller, type: int, user_id: str) -> None:
    """Take an application out of the own list."""
    rules.delete(caller.world, caller.user, user_id, _matching(caller, type, user_id))


@method("setFriendApplicationRead")
def set_friend_application_read(caller: Caller) -> None:
    """Count all applications as looked at."""
    rules.read(caller.world, caller.user)


def _matching(caller: Caller, type: int, user_id: str) -> int | None:
    """
    Return by which kind an application is looked up: None where the adapter goes by the user alone.

    Raises: what the adapter does of itself when it finds none, see the schema's refusals.
    """
    kind = type if caller.uses("type") else None
    if rules.find(caller.world, caller.user, user_id, kind) is None:
        caller.refuse("unknownApplication")
    return kind
