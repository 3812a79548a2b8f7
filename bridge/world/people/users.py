"""Accounts and their profiles."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from attrs import field

from bridge.errors import ChatError
from bridge.world.kernel import codes
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World

ID_BYTES = 32


@row_class
class User:
    """
    An account.

    Attributes:
        gender: 0 unknown, 1 male, 2 female. `allow_type`: 0 anybody may add me, 1 after confirmation, 2 nobody.
        birthday: as the app chose to write a date into a number.
        custom: profile fields of the app's own, by key.
        may_not_ask: whether the administrator forbids this user to ask others for friendship.
        asked_first: whether nobody may bring this user into a group without a word from the user.
        custom_status: the text that `setSelfStatus` put there.
        status: 1 online, 2 offline (connection lost), 3 not logged in.
        missed_after: messages with a higher order reached no device yet; -1 while a device is online.
        lapse_timer: number of the timer that turns offline into not logged in; 0 without one.
        sigs_revoked_s: UserSigs made until then (seconds) were revoked by an administrator's kick; -1 without one.
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
    lapse_timer: int = 0
    sigs_revoked_s: int = -1
    may_not_ask: bool = False
    asked_first: bool = False


USERS = TableSpec("users", User, ("user_id",))


def is_well_formed(user_id: Any) -> bool:
    """Return whether this can be the id of a user: 1 to 32 bytes, printable."""
    return (
        isinstance(user_id, str)
        and 0 < bytes_of(user_id) <= ID_BYTES
        and user_id.isprintable()
    )


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
    return world[USERS].rows.get(user_id) or (_blank(user_id) if len(user_id) <= ID_BYTES else User(user_id))


@lru_cache(1 << 12)
def _blank(user_id: str) -> User:
    """Return the profile of nobody in particular: always the same one, so that what was made of it is known to be made of the same."""
    return User(user_id)


def save(world: World, user: User) -> None:
    """Store an account."""
    world[USERS].put(user.user_id, user)


TEXT_BYTES = 500
CUSTOM_KEY_LETTERS = 8
MAX_QUERIED = 100


def infos(world: World, user_ids: list[str]) -> list[User]:
    """
    Return the profiles of users; unknown ones are left out.

    Raises: ChatError 6017 (no id, or over 100), 40003 (all unknown).
    """
    if not 1 <= len(user_ids) <= MAX_QUERIED:
        raise ChatError(codes.INVALID_PARAMETERS)
    found = [user for user_id in user_ids if (user := find(world, user_id)) is not None]
    if not found:
        raise ChatError(codes.PROFILE_ACCOUNT_NOT_FOUND)
    return found


def set_own(world: World, user_id: str, given: dict[str, Any]) -> None:
    """
    Change the own profile.

    Args:
        given: what changes, by field; `custom_info` replaces single fields of the app's own.

    States self_info_updated to the own devices, friend_info_changed to those who have the user as a friend, user_info_changed to
    those who follow the profile, conversation_changed where a name or picture shows.

    Raises: ChatError 40601 (a text over 500 bytes), 40605 (a number that means nothing), 9001 (a custom key that is not 1 to 8 letters),
        40009 (a custom key that the switch "profile_custom_fields" does not list, if it lists any), 40005 (a sensitive word).
    """
    changes = dict(given)
    changes["signature"] = changes.pop("self_signature", None)
    custom = changes.pop("custom_info", None)
    changes = {name: value for name, value in changes.items() if value is not None}
    _check_profile(world, changes, custom or {})
    old = profile(world, user_id)
    new = evolve(old, **changes)
    if custom:
        new = evolve(new, custom={**old.custom, **custom})
    save(world, new)
    if new != old:
        world.happened("profile_changed", old=old, new=new)


def _check_profile(world: World, changes: dict[str, Any], custom: dict[str, str]) -> None:
    from bridge.world.kernel import sensitive_words

    if not all(key.isascii() and key.isalpha() and len(key) <= CUSTOM_KEY_LETTERS for key in custom):
        raise ChatError(codes.INVALID_PROFILE_KEY)
    known = world.policy.switch("profile_custom_fields")
    if known is not None and not all(key in known for key in custom):
        raise ChatError(codes.PROFILE_TAG_NOT_FOUND)
    texts = [changes.get(name, "") for name in ("nick_name", "face_url", "signature")]
    if any(bytes_of(text) > TEXT_BYTES for text in (*texts, *custom.values())):
        raise ChatError(codes.PROFILE_VALUE_TOO_LONG)
    if changes.get("gender", 0) not in (0, 1, 2) or changes.get("allow_type", 0) not in (0, 1, 2):
        raise ChatError(codes.PROFILE_VALUE_NOT_ALLOWED)
    if sensitive_words.has_sensitive(world, (*texts, *custom.values())):
        raise ChatError(codes.PROFILE_SENSITIVE_TEXT)
