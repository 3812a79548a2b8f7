"""
Friends: who has whom in the list, under which remark.

A friendship is two entries, one in each list; either can stand alone (a one-way relation). Rules that ask for more than one list stand in
`relations.py`, those about asking and answering in `friend_applications.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field

from bridge.errors import ChatError
from bridge.world.kernel import codes, facts, sensitive_words
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, Memberships, TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World
from bridge.world.people import users

# product docs: friend management, limits
MAX_FRIENDS = 3000
REMARK_BYTES = 96
CUSTOM_KEY_LETTERS = 8
CUSTOM_VALUE_BYTES = 500

NOT_FRIEND_TEXT = "the user is not in the friend list"
OWN_ID_TEXT = "the own user id cannot be used here"


@row_class
class Friend:
    """One entry of `owner`'s friend list. `added_ms` is when; `groups` the owner's friend groups that hold it."""

    owner: str
    user_id: str
    remark: str = ""
    added_ms: int = 0
    source: str = ""
    wording: str = ""
    groups: tuple[str, ...] = ()
    custom: dict[str, str] = field(factory=dict)


FRIENDS = TableSpec(
    "friends",
    Friend,
    ("owner", "user_id"),
    {
        "owner": lambda: Groups(lambda f: f.owner, settled=True),
        "user": lambda: Groups(lambda f: f.user_id, settled=True),
        "group": lambda: Memberships(lambda f: tuple((f.owner, name) for name in f.groups)),
    },
)


# --- reading


def get(world: World, owner: str, user_id: str) -> Friend | None:
    """Return the entry that `owner` has for a user, or None."""
    return world[FRIENDS].rows.get((owner, user_id))


def remark(world: World, owner: str, user_id: str) -> str:
    """Return the remark that `owner` keeps for a user; "" without one."""
    friend = world[FRIENDS].rows.get((owner, user_id))
    return "" if friend is None else friend.remark


def shown_name(world: World, viewer: str, user_id: str) -> str:
    """Return the name of a user as `viewer` sees it: remark, else nickname, else id (product docs)."""
    return remark(world, viewer, user_id) or users.profile(world, user_id).nick_name or user_id


def list_of(world: World, owner: str) -> list[Friend]:
    """Return a user's friends in order of their ids."""
    table = world[FRIENDS]
    return [table[key] for key in table.index("owner").of(owner)]


def owners_of(world: World, user_id: str) -> list[str]:
    """Return those who have a user in their lists, sorted."""
    return [key[0] for key in world[FRIENDS].index("user").of(user_id)]


def is_full(world: World, owner: str) -> bool:
    """Return whether a friend list takes nobody more."""
    full: bool = world[FRIENDS].index("owner").count(owner) >= MAX_FRIENDS
    return full


# --- what every call on other users checks


def check_one(user_id: str) -> None:
    """Raise ChatError 6017 for an empty user id, 7003 for a malformed one."""
    if not user_id:
        raise ChatError(codes.INVALID_PARAMETERS)
    if not users.is_well_formed(user_id):
        raise ChatError(codes.INVALID_USER_ID)


def check_some(user_ids: list[str]) -> None:
    """Raise ChatError 6017 for an empty list (DECISIONS.md: An empty list of users)."""
    if not user_ids:
        raise ChatError(codes.INVALID_PARAMETERS)


def account_code(world: World, user_id: str) -> int:
    """Return 0 for an id that has an account, 7003 for a malformed one, 30003 for an unknown one."""
    if users.find(world, user_id) is not None:
        return 0
    return codes.FRIEND_ACCOUNT_NOT_FOUND if users.is_well_formed(user_id) else codes.INVALID_USER_ID


def check_remark(text: str) -> None:
    """Raise ChatError 9002 for a remark over 96 bytes."""
    if bytes_of(text) > REMARK_BYTES:
        raise ChatError(codes.INVALID_FRIEND_REMARK)


def check_custom(world: World, custom: dict[str, str]) -> None:
    """
    Raise ChatError for fields of the app's own that cannot be: 9001 for a key that is not 1 to 8 letters, or a value over 500 bytes.

    With the switch "friend_custom_fields", a list of keys, any other key is refused with 30001.
    """
    known = world.policy.switch("friend_custom_fields")
    for key, value in custom.items():
        letters = key.isascii() and key.isalpha() and len(key) <= CUSTOM_KEY_LETTERS
        if not letters or bytes_of(value) > CUSTOM_VALUE_BYTES:
            raise ChatError(codes.INVALID_PROFILE_KEY)
        if known is not None and key not in known:
            raise ChatError(codes.FRIEND_INVALID_PARAMETERS, "the custom field is not set up")


# --- changing


def save(world: World, row: Friend) -> Friend:
    """Store an entry and return it."""
    world[FRIENDS].put((row.owner, row.user_id), row)
    return row


def link(
    world: World, owner: str, user_id: str, remark: str = "", group: str = "", source: str = "", wording: str = ""
) -> Friend | None:
    """
    Enter a user into a friend list; states nothing.

    Returns: the new entry, or None if there was one.
    """
    if get(world, owner, user_id) is not None:
        return None
    groups = (group,) if group else ()
    return save(world, Friend(owner, user_id, remark, world.now_ms, source, wording, groups))


def unlink(world: World, owner: str, user_id: str) -> Friend | None:
    """Take a user out of a friend list; states nothing. Returns what was there, or None."""
    row = get(world, owner, user_id)
    world[FRIENDS].drop((owner, user_id))
    return row


def tell_added(world: World, rows: Iterable[Friend | None]) -> None:
    """
    State friend_list_added, once for each entry that came in, to its owner's devices (release notes of 5.6).

    States conversation_changed where a remark came with it. None stands for an entry that was there before.
    """
    for row in rows:
        if row is not None:
            world.state("friend_list_added", facts.user(row.owner), friends=(row,))
            if row.remark:
                tell_name(world, row.owner, (row.user_id,))


def tell_deleted(world: World, rows: Iterable[Friend | None]) -> None:
    """
    State friend_list_deleted, once for each owner with all ids that went, to the owner's devices (release notes of 5.7).

    States conversation_changed where a remark went with it (release notes of 7.4). None stands for an entry that was not there.
    """
    gone: dict[str, list[Friend]] = {}
    for row in rows:
        if row is not None:
            gone.setdefault(row.owner, []).append(row)
    for owner, theirs in gone.items():
        world.state("friend_list_deleted", facts.user(owner), user_id_list=tuple(row.user_id for row in theirs))
        tell_name(world, owner, [row.user_id for row in theirs if row.remark])


def tell_name(world: World, owner: str, user_ids: Iterable[str]) -> None:
    """The remarks of some users have changed, and with them the names of chats (`shown_names.py`)."""
    world.happened("remark_changed", owner=owner, user_ids=user_ids)


def set_info(world: World, owner: str, user_id: str, remark: str | None, custom: dict[str, str] | None) -> None:
    """
    Change the remark of a friend and fields of the app's own; None and what is not named stays.

    States friend_info_changed to the owner's devices, with all fields (release notes of 6.1 and 6.8), and conversation_changed for the chat
    that shows the remark. Nothing, if all is as it was.

    Raises: ChatError 6017 and 7003 (no or malformed id), 9002 (remark over 96 bytes), 9001 (malformed field), 30005 (a sensitive word),
        30001 (no friend).
    """
    check_one(user_id)
    check_remark(remark or "")
    check_custom(world, custom or {})
    if sensitive_words.has_sensitive(world, (remark, *(custom or {}).values())):
        raise ChatError(codes.FRIEND_SENSITIVE_TEXT)
    old = get(world, owner, user_id)
    if old is None:
        raise ChatError(codes.FRIEND_INVALID_PARAMETERS, NOT_FRIEND_TEXT)
    new = evolve(old, remark=old.remark if remark is None else remark, custom={**old.custom, **(custom or {})})
    if new == old:
        return
    save(world, new)
    world.state("friend_info_changed", facts.user(owner), friends=(new,))
    if new.remark != old.remark:
        tell_name(world, owner, (user_id,))


def delete(world: World, owner: str, user_ids: list[str], both: bool) -> list[Item]:
    """
    Take users out of the friend list; with `both` the owner goes out of theirs. Chats and messages stay (product docs: delete friends).

    Returns: an item per id, 31704 for one that was no friend.

    States friend_list_deleted to both sides, as far as their lists changed, and conversation_changed where a remark went.

    Raises: ChatError 6017 (no id).
    """
    check_some(user_ids)
    items = []
    mine: list[Friend | None] = []
    theirs: list[Friend | None] = []
    for user_id in user_ids:
        row = unlink(world, owner, user_id)
        mine.append(row)
        items.append(Item.of(user_id, 0 if row is not None else codes.NOT_A_FRIEND))
        if row is not None and both:
            theirs.append(unlink(world, user_id, owner))
    tell_deleted(world, mine)
    tell_deleted(world, theirs)
    return items
