"""Accounts and their profiles."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from bridge.world.store import TableSpec
from bridge.world.world import World

ID_BYTES = 32


@frozen
class User:
    """
    An account.

    Attributes:
        gender: 0 unknown, 1 male, 2 female. `allow_type`: 0 anybody may add me, 1 after confirmation, 2 nobody.
        birthday: as the app chose to write a date into a number.
        custom: profile fields of the app's own, by key.
        custom_status: the text that `setSelfStatus` put there.
        status: 1 online, 2 offline (connection lost), 3 not logged in.
        missed_after: messages with a higher order reached no device yet; -1 while a device is online.
    """

    user_id: str
    nick_name: str = ""
    face_url: str = ""
    signature: str = ""
    gender: int = 0
    allow_type: int = 0
    birthday: int = 0
    level: int = 0
    role: int = 0
    custom: dict[str, str] = field(factory=dict)
    custom_status: str = ""
    status: int = 3
    missed_after: int = 0


USERS = TableSpec("users", User, ("user_id",))


def is_well_formed(user_id: Any) -> bool:
    """Return whether this can be the id of a user: 1 to 32 bytes, printable."""
    return isinstance(user_id, str) and 0 < len(user_id.encode("utf-8", "surrogatepass")) <= ID_BYTES and user_id.isprintable()


def find(world: World, user_id: str) -> User | None:
    """
    Return an account, or None if the service knows none of that id.

    Unless accounts are strict, any well-formed id has one.
    """
    row = world[USERS].rows.get(user_id)
    if row is None and not world.policy.strict_accounts and is_well_formed(user_id):
        return User(user_id)
    return row


def profile(world: World, user_id: str) -> User:
    """Return an account's profile; a blank one if there is no such account."""
    return world[USERS].rows.get(user_id) or User(user_id)


def save(world: World, user: User) -> None:
    """Store an account."""
    world[USERS].put(user.user_id, user)
