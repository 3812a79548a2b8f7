"""
Conversations: what each user has with each peer and group.

A row exists as soon as anything is known about the pair of user and conversation id: marks and membership of conversation groups live on
the server and need no entry in the list. `listed` says whether there is such an entry.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from bridge.errors import ChatError
from bridge.values import value_class
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, receiving
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.rules import rule
from bridge.world.kernel.store import Groups, Memberships, Table, TableSpec
from bridge.world.kernel.world import World

PIN_BAND = 1 << 40
"""Added to the order of pinned conversations, so that sorting by order alone puts them first."""

MAX_SUMS = 16
"""Of how many conditions the sums of a user's unread counts are kept; no app asks for as many."""

MAX_PINNED = 50
BATCH = 100
MAX_LABELLED = 1000


@value_class
class AtInfo:
    """Someone has mentioned me in a group message: `kind` 1 me, 2 everybody, 3 both."""

    seq: int
    kind: int


@row_class
class Conversation:
    """
    What a user has with one peer or group.

    Attributes:
        active_order: the world's order at the last activity; greater is higher in the list.
        last_message: id of the message shown as the last one, or None.
        recv_opt: how messages arrive (`kernel/receiving.py`).
        read_ms, read_order: time and order of the newest message read in a one-to-one chat; `read_seq` the same for a group.
        cleared_order: messages up to this order are gone for this user; those up to `uncounted_order` do not count as unread any more.
        marks: the mark bits; `custom_data` and `groups` (names, in order of joining) are the user's as well.
    """

    user_id: str
    conversation_id: str
    listed: bool = False
    active_order: int = 0
    pinned: bool = False
    unread: int = 0
    last_message: str | None = None
    recv_opt: int = receiving.RECEIVE
    read_ms: int = 0
    read_order: int = 0
    read_seq: int = 0
    cleared_order: int = 0
    uncounted_order: int = 0
    at_infos: tuple[AtInfo, ...] = ()
    marks: int = 0
    custom_data: str = ""
    groups: tuple[str, ...] = ()

    @property
    def is_group(self) -> bool:
        """Return whether it is a group's or topic's conversation."""
        return self.conversation_id.startswith("group_")

    @property
    def is_topic(self) -> bool:
        """Return whether it is a topic's: such a row never stands in the list."""
        return communities.is_topic(self.conversation_id) and self.is_group

    @property
    def target(self) -> str:
        """Return the id of the peer or the group."""
        return self.conversation_id[6:] if self.is_group else self.conversation_id[4:]

    @property
    def order(self) -> int:
        """Return the key that lists are sorted by, drafts left aside."""
        return self.active_order + PIN_BAND if self.pinned else self.active_order


@row_class
class Draft:
    """An unfinished text that one install keeps for a conversation. `order` is when it was set, in the world's order."""

    user_id: str
    install: str
    conversation_id: str
    text: str
    set_ms: int
    order: int


class ListOrder:
    """An index: each user's listed conversations by order, and the sum of unread counts that are not muted."""

    __slots__ = ("_orders", "_ids", "_totals", "_pinned")

    def __init__(self) -> None:
        self._orders: dict[str, list[int]] = {}
        self._ids: dict[str, dict[int, str]] = {}
        self._totals: dict[str, int] = {}
        self._pinned: dict[str, int] = {}

    def changed(self, key: tuple[str, str], old: Conversation | None, new: Conversation | None) -> None:
        user_id = key[0]
        before = old.order if old is not None and old.listed else None
        after = new.order if new is not None and new.listed else None
        if before != after:
            orders = self._orders.get(user_id)
            if orders is None:
                orders = self._orders[user_id] = []
                self._ids[user_id] = {}
            ids = self._ids[user_id]
            if before is not None:
                del orders[bisect_left(orders, before)]
                if ids.get(before) == key[1]:
                    del ids[before]
            if after is not None:
                insort(orders, after)
                ids[after] = key[1]
        if old is None or new is None or old.listed != new.listed or old.unread != new.unread or old.recv_opt != new.recv_opt:
            unread = counted(new) - counted(old)
            if unread:
                self._totals[user_id] = self._totals.get(user_id, 0) + unread
        pinned = (new is not None and new.listed and new.pinned) - (old is not None and old.listed and old.pinned)
        if pinned:
            self._pinned[user_id] = self._pinned.get(user_id, 0) + pinned

    def below(self, user_id: str, order: int | None) -> Iterator[tuple[int, str]]:
        """Yield (order, conversation id) downwards from `order`, which is left out; None starts at the top."""
        orders = self._orders.get(user_id, [])
        ids = self._ids.get(user_id, {})
        for at in range((len(orders) if order is None else bisect_left(orders, order)) - 1, -1, -1):
            yield orders[at], ids[orders[at]]

    def total_unread(self, user_id: str) -> int:
        """Return the sum of unread counts over conversations with receive option 0."""
        return self._totals.get(user_id, 0)

    def pinned_count(self, user_id: str) -> int:
        """Return how many conversations a user has pinned."""
        return self._pinned.get(user_id, 0)


class Condition(Protocol):
    """What a conversation may meet; two that are equal are met by the same."""

    def matches(self, row: Conversation) -> bool:
        """Return whether a conversation meets it."""


class UnreadSums:
    """An index: sums of unread counts of the conversations of a user that meet a condition, each from when it is first asked for."""

    __slots__ = ("_sums",)

    def __init__(self) -> None:
        self._sums: dict[str, dict[Condition, int]] = {}

    def changed(self, key: tuple[str, str], old: Conversation | None, new: Conversation | None) -> None:
        sums = self._sums.get(key[0])
        if sums is not None:
            for condition in sums:
                sums[condition] += counted(new, condition) - counted(old, condition)

    def of(self, user_id: str, condition: Condition, rows: Callable[[], Iterable[Conversation]]) -> int:
        """Return the sum over what a user has, which `rows` returns: asked when the condition is new."""
        sums = self._sums.setdefault(user_id, {})
        count = sums.get(condition)
        if count is None:
            if len(sums) >= MAX_SUMS:
                sums.clear()
            count = sums[condition] = sum(counted(row, condition) for row in rows())
        return count


def counted(row: Conversation | None, condition: Condition | None = None) -> int:
    """Return what a conversation adds to an unread sum: nothing unless it is listed, received as it comes, and meets the condition."""
    if row is None or not row.listed or row.recv_opt != receiving.RECEIVE:
        return 0
    return row.unread if condition is None or condition.matches(row) else 0


CONVERSATIONS = TableSpec(
    "conversations",
    Conversation,
    ("user_id", "conversation_id"),
    {
        "list": ListOrder,
        "sums": UnreadSums,
        "group": lambda: Memberships(lambda c: tuple((c.user_id, name) for name in c.groups), made_of=("groups",)),
        "labelled": lambda: Groups(
            lambda c: c.user_id if c.marks or c.groups or c.custom_data else None, made_of=("marks", "groups", "custom_data")
        ),
        "user": lambda: Groups(lambda c: c.user_id, settled=True),
        "with": lambda: Groups(lambda c: c.conversation_id, settled=True),
    },
    is_private=lambda key: key[1].startswith("group_"),  # of a one-to-one chat the peer's app shows what was read
)
DRAFTS = TableSpec(
    "drafts",
    Draft,
    ("user_id", "install", "conversation_id"),
    {
        "install": lambda: Groups(lambda d: (d.user_id, d.install)),
        "conversation": lambda: Groups(lambda d: d.conversation_id),
    },
    is_local=True,
)


# --- reading


def check_id(conversation_id: str) -> None:
    """Raise ChatError 6017 unless this is `c2c_…` or `group_…`."""
    if not is_well_formed(conversation_id):
        raise ChatError(codes.INVALID_PARAMETERS, "invalid conversation id")


def is_well_formed(conversation_id: str) -> bool:
    """Return whether this is `c2c_<user>` or `group_<group>`."""
    return (conversation_id.startswith("c2c_") and len(conversation_id) > 4) or (
        conversation_id.startswith("group_") and len(conversation_id) > 6
    )


def find(world: World, user_id: str, conversation_id: str) -> Conversation | None:
    """Return what a user has under an id, listed or not, or None."""
    if "backlog" in world.tables:
        rule("late_delivery.take")(world, user_id, conversation_id)
    return world[CONVERSATIONS].rows.get((user_id, conversation_id))


def get(world: World, user_id: str, conversation_id: str) -> Conversation:
    """Return what a user has under an id; a blank row, which is not stored, if there is nothing."""
    if "backlog" in world.tables:
        rule("late_delivery.take")(world, user_id, conversation_id)
    row = world[CONVERSATIONS].rows.get((user_id, conversation_id))
    if row is not None:
        return row
    recv_opt = receiving.RECEIVE
    if conversation_id.startswith("group_"):
        group = groups.find(world, conversation_id[6:])
        if group is not None:
            recv_opt = groups.type_of(group).default_recv_opt
    return Conversation(user_id, conversation_id, recv_opt=recv_opt)


def of(world: World, user_id: str) -> Table[Conversation]:
    """Return the table of conversations, in which all of a user's are as they should be (`late_delivery.py`)."""
    if "backlog" in world.tables:
        rule("late_delivery.take_all")(world, user_id)
    return world[CONVERSATIONS]


def with_id(world: World, conversation_id: str) -> list[Conversation]:
    """Return what all users have under an id, in order of the users."""
    if "backlog" in world.tables:
        rule("late_delivery.take_for_everybody")(world, conversation_id)
    table = world[CONVERSATIONS]
    return [table[key] for key in table.index("with").of(conversation_id)]


def draft(world: World, device: Device, user_id: str, conversation_id: str) -> Draft | None:
    """Return the draft that a device keeps for a conversation, or None."""
    drafts = world[DRAFTS].rows
    return drafts.get((user_id, device.install, conversation_id)) if drafts else None


# --- changing


def save(world: World, row: Conversation) -> Conversation:
    """Store a row and return it."""
    world[CONVERSATIONS].put((row.user_id, row.conversation_id), row)
    return row


def change(world: World, user_id: str, conversation_id: str, **changes: Any) -> Conversation:
    """Store what a user has under an id with some attributes changed, and return it."""
    return save(world, evolve(get(world, user_id, conversation_id), **changes))


def enlist(world: World, row: Conversation) -> Conversation:
    """Store a row as an entry of the list, active now if it was none. A topic's is stored as it is."""
    if row.listed or row.is_topic:
        return save(world, row)
    return save(world, evolve(row, listed=True, active_order=row.active_order or world.next_number("order")))
