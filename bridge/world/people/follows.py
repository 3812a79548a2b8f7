"""Following: a one-sided wish to see what somebody does (native header, since 7.8)."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.errors import ChatError
from bridge.values import value_class
from bridge.world.kernel import codes, facts
from bridge.world.kernel.results import Item, Page
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World
from bridge.world.people import friends

BATCH = 20
PAGE = 100
NONE, MINE, THEIRS, BOTH = 0, 1, 2, 3


@row_class
class Follow:
    """`follower` follows a user. `order` is since when, in the world's order."""

    follower: str
    user_id: str
    order: int


FOLLOWS = TableSpec(
    "follows",
    Follow,
    ("follower", "user_id"),
    {"follower": lambda: Groups(lambda f: f.follower), "user": lambda: Groups(lambda f: f.user_id)},
)


@value_class
class Counts:
    """How many a user follows, is followed by, and both."""

    following: int = 0
    followers: int = 0
    mutual: int = 0


def kind(world: World, user_id: str, other: str) -> int:
    """Return 0 neither follows the other, 1 the first does, 2 the second does, 3 both."""
    rows = world[FOLLOWS].rows
    return ((user_id, other) in rows) * MINE + ((other, user_id) in rows) * THEIRS


def follow(world: World, user_id: str, others: list[str]) -> list[Item]:
    """
    Follow users; whoever is followed already stays so.

    Returns: an item per id: 30001 oneself, 30003 unknown, 32100 to 32103 where the switches "max_following", "max_followers" and
        "max_mutual_followers" set a limit that is reached (DECISIONS.md: How many one may follow).

    States my_following_list_changed to the follower, my_followers_list_changed to each one followed, mutual_followers_list_changed to both
    where it is mutual now.

    Raises: ChatError 6017 (no id, or over 20).
    """
    _check_batch(others)
    items = []
    added = []
    for other in others:
        is_new = (user_id, other) not in world[FOLLOWS]
        code = _code(world, user_id, other) if is_new else 0
        text = friends.OWN_ID_TEXT if other == user_id else None
        items.append(Item.of(other, code, text=text if code else None))
        if is_new and not code:
            world[FOLLOWS].put((user_id, other), Follow(user_id, other, world.next_number("order")))
            added.append(other)
    mutual = [other for other in added if kind(world, user_id, other) == BOTH]
    _tell(world, user_id, added, mutual, is_add=True)
    return items


def unfollow(world: World, user_id: str, others: list[str]) -> list[Item]:
    """
    Follow users no more.

    Returns: an item per id, 0 also for one who was not followed. States: as `follow`, with `is_add` false.

    Raises: ChatError 6017 (no id, or over 20).
    """
    _check_batch(others)
    gone = [other for other in dict.fromkeys(others) if (user_id, other) in world[FOLLOWS]]
    mutual = [other for other in gone if kind(world, user_id, other) == BOTH]
    for other in gone:
        world[FOLLOWS].drop((user_id, other))
    _tell(world, user_id, gone, mutual, is_add=False)
    return [Item.of(other) for other in others]


def _check_batch(others: list[str]) -> None:
    if not 1 <= len(others) <= BATCH:
        raise ChatError(codes.INVALID_PARAMETERS)


def _code(world: World, user_id: str, other: str) -> int:
    """Return why one user cannot follow another, or 0."""
    if user_id == other:
        return codes.FRIEND_INVALID_PARAMETERS
    return friends.account_code(world, other) or _limit_code(world, user_id, other)


def _limit_code(world: World, user_id: str, other: str) -> int:
    """Return the code of the first limit set in the console that following somebody would exceed, or 0."""
    switch = world.policy.switch
    table = world[FOLLOWS]
    following, followers, limit = switch("max_following"), switch("max_followers"), switch("max_mutual_followers")
    if following is not None and table.index("follower").count(user_id) >= following:
        return codes.FOLLOWING_LIMIT
    if followers is not None and table.index("user").count(other) >= followers:
        return codes.PEER_FOLLOWERS_LIMIT
    if limit is None or (other, user_id) not in table:
        return 0
    if len(_mutual(world, user_id)) >= limit:
        return codes.MUTUAL_FOLLOWERS_LIMIT
    return codes.PEER_MUTUAL_FOLLOWERS_LIMIT if len(_mutual(world, other)) >= limit else 0


def _tell(world: World, user_id: str, others: list[str], mutual: list[str], is_add: bool) -> None:
    if not others:
        return
    _state(world, "my_following_list_changed", user_id, others, is_add)
    for other in others:
        _state(world, "my_followers_list_changed", other, [user_id], is_add)
    if mutual:
        _state(world, "mutual_followers_list_changed", user_id, mutual, is_add)
    for other in mutual:
        _state(world, "mutual_followers_list_changed", other, [user_id], is_add)


def _state(world: World, fact: str, to: str, user_ids: Iterable[str], is_add: bool) -> None:
    world.state(fact, facts.user(to), user_info_list=tuple(user_ids), is_add=is_add)


# --- queries


def _mutual(world: World, user_id: str) -> list[str]:
    rows = world[FOLLOWS].rows
    return [key[1] for key in world[FOLLOWS].index("follower").of(user_id) if (key[1], user_id) in rows]


def following(world: World, user_id: str, cursor: str) -> Page:
    """Return a page of those a user follows, the latest first; see `_page`."""
    return _page(world, [(user_id, other) for _, other in world[FOLLOWS].index("follower").of(user_id)], 1, cursor)


def followers(world: World, user_id: str, cursor: str) -> Page:
    """Return a page of those who follow a user, the latest first; see `_page`."""
    return _page(world, world[FOLLOWS].index("user").of(user_id), 0, cursor)


def mutual_followers(world: World, user_id: str, cursor: str) -> Page:
    """Return a page of those whom a user follows and is followed by, the latest followed first; see `_page`."""
    return _page(world, [(user_id, other) for other in _mutual(world, user_id)], 1, cursor)


def _page(world: World, keys: list[tuple[str, str]], side: int, cursor: str) -> Page:
    """
    Return 100 of some follows.

    Args:
        side: which user of a follow is shown: 0 the follower, 1 the followed.
        cursor: "" for the first page, else what the page before gave; "" again after the last.

    Raises: ChatError 6017 for a cursor that was never given.
    """
    table = world[FOLLOWS]
    if cursor and not (cursor.isascii() and cursor.isdigit()):
        raise ChatError(codes.INVALID_PARAMETERS)
    rows = sorted((table[key] for key in keys), key=lambda row: -row.order)
    left = [row for row in rows if not cursor or row.order < int(cursor)]
    shown = left[:PAGE]
    is_last = len(left) <= PAGE
    users = [row.user_id if side else row.follower for row in shown]
    return Page(users, "" if is_last else str(shown[-1].order), is_last)


def counts(world: World, user_ids: list[str]) -> list[Item]:
    """
    Count whom users follow and who follows them.

    Returns: an item per id whose value is a `Counts`; 30003 and 7003 for ids without an account.

    Raises: ChatError 6017 (no id).
    """
    friends.check_some(user_ids)
    items = []
    table = world[FOLLOWS]
    for user_id in user_ids:
        code = friends.account_code(world, user_id)
        found = Counts(
            table.index("follower").count(user_id), table.index("user").count(user_id), len(_mutual(world, user_id))
        )
        items.append(Item.of(user_id, code, Counts() if code else found))
    return items


def check(world: World, user_id: str, others: list[str]) -> list[Item]:
    """
    Say how users and the caller follow each other.

    Returns: an item per id whose value is the kind, see `kind`; 30003 and 7003 for ids without an account.

    Raises: ChatError 6017 (no id).
    """
    friends.check_some(others)
    items = []
    for other in others:
        code = friends.account_code(world, other)
        items.append(Item.of(other, code, NONE if code else kind(world, user_id, other)))
    return items
