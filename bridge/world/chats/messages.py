"""Messages, and the timelines they stand in."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from bridge.values import value_class
from bridge.world.chats.elements import Element
from bridge.world.chats.wordings import Wordings
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World

SENDING, SENT, FAILED, DELETED, IMPORTED, REVOKED = 1, 2, 3, 4, 5, 6

Channel = tuple[str, ...]
"""Where a message stands: ("c2c", lower user id, higher user id) or ("group", group or topic id)."""


@row_class
class Message:
    """
    A message, the same object for all who see it.

    Attributes:
        order: place in the world's order of everything; later is greater.
        seq: number in the group from 1, or made by the client for one-to-one messages.
        elems: at least one; appended ones follow the first.
        owner: the one user who has it (failed sends, local inserts, what a blocked user wrote), or None if all parties do.
        install: the one app of the owner's that has it (failed sends, local inserts), or None if all of them do.
        local_custom_data: the app's own, as long as it stands in no history; then see `own_marks`.
        targets: the members it is meant for, or None for all.
        push: how an offline receiver is to be told, as the sender gave it, or None.
        quote: the message that it is an answer to, as the sender gave it (`msg_id`, `time_s`, `seq`), or None.
        version: grows with each modification.
    """

    msg_id: str
    order: int
    channel: Channel
    sender: str
    time_ms: int
    elems: tuple[Element, ...]
    seq: int = 0
    random: int = 0
    status: int = SENT
    priority: int = 0
    owner: str | None = None
    install: str | None = None
    targets: tuple[str, ...] | None = None
    at_users: tuple[str, ...] = ()
    cloud_custom_data: str = ""
    local_custom_data: str = ""
    push: dict[str, Any] | None = None
    online_only: bool = False
    excluded_from_unread: bool = False
    excluded_from_last: bool = False
    excluded_from_moderation: bool = False
    supports_extension: bool = False
    needs_receipt: bool = False
    risky: bool = False
    broadcast: bool = False
    revoker: str | None = None
    revoke_reason: str = ""
    version: int = 0
    members_then: int = 0
    quote: dict[str, Any] | None = None


@row_class
class MessageMark:
    """
    What the service keeps about a message for one user; what an app keeps by itself is in `own_marks`.

    Attributes:
        deleted: gone for this user; `kept_on` names the installs that had it by then and keep it.
        uncounted: came while the conversation received nothing, and so raised no unread count.
    """

    user_id: str
    msg_id: str
    deleted: bool = False
    kept_on: tuple[str, ...] = ()
    uncounted: bool = False


@row_class
class CreatedMessage:
    """A message that a device has created and not sent. `message.msg_id` is still ""."""

    device_id: str
    local_id: str
    message: Message


class Timelines:
    """An index: the messages of each channel in their order."""

    __slots__ = ("_orders", "_ids")

    def __init__(self) -> None:
        self._orders: dict[Channel, list[int]] = {}
        self._ids: dict[Channel, list[str]] = {}

    def changed(self, key: str, old: Message | None, new: Message | None) -> None:
        if old is not None:
            if new is not None and old.order == new.order:
                return
            orders = self._orders[old.channel]
            at = bisect_left(orders, old.order)
            del orders[at]
            del self._ids[old.channel][at]
        if new is None:
            return
        channel, order = new.channel, new.order
        known = self._orders.get(channel)
        if known is None:
            self._orders[channel], self._ids[channel] = [order], [key]
        elif not known or known[-1] < order:
            known.append(order)
            self._ids[channel].append(key)
        else:
            at = bisect_left(known, order)
            known.insert(at, order)
            self._ids[channel].insert(at, key)

    def added(self, rows: list[tuple[str, Message]]) -> None:
        """Note new messages. As `changed` for each: a world is filled with them."""
        orders, ids = self._orders, self._ids
        for key, row in rows:
            channel, order = row.channel, row.order
            known = orders.get(channel)
            if known and known[-1] < order:
                known.append(order)
                ids[channel].append(key)
            else:
                self.changed(key, None, row)

    def older(self, channel: Channel, below: int | None = None) -> Iterator[str]:
        """Yield message ids from the newest on; with `below`, only those of a lower order."""
        ids = self._ids.get(channel, [])
        end = len(ids) if below is None else bisect_left(self._orders.get(channel, []), below)
        for at in range(end - 1, -1, -1):
            yield ids[at]

    def newer(self, channel: Channel, from_order: int = 0) -> Iterator[str]:
        """Yield message ids from the oldest on whose order is at least `from_order`."""
        ids = self._ids.get(channel, [])
        for at in range(bisect_left(self._orders.get(channel, []), from_order), len(ids)):
            yield ids[at]

    def all_of(self, channel: Channel) -> tuple[list[int], list[str]]:
        """Return the orders and the ids of a channel's messages, the oldest first."""
        return [*self._orders.get(channel, ())], [*self._ids.get(channel, ())]

    def at(self, order: int) -> str | None:
        """Return the id of the message of an order, wherever it stands; None if there is none."""
        for channel, orders in self._orders.items():
            at = bisect_left(orders, order)
            if at < len(orders) and orders[at] == order:
                return self._ids[channel][at]
        return None

    def order_at(self, channel: Channel, is_later: Callable[[str], bool]) -> int:
        """
        Return the order of the first message for which `is_later`, found by halving; one above all if there is none.

        Args:
            is_later: false for all messages up to a point, true for all after it.
        """
        ids = self._ids.get(channel, [])
        orders = self._orders.get(channel, [])
        at = bisect_left(ids, True, key=is_later)
        if at < len(ids):
            return orders[at]
        return orders[-1] + 1 if orders else 0


class Sequences:
    """An index: the messages of each group by their number."""

    __slots__ = ("_seqs", "_ids")

    def __init__(self) -> None:
        self._seqs: dict[Channel, list[int]] = {}
        self._ids: dict[Channel, list[str]] = {}

    def changed(self, key: str, old: Message | None, new: Message | None) -> None:
        before = 0 if old is None or old.channel[0] == "c2c" else old.seq
        after = 0 if new is None or new.channel[0] == "c2c" else new.seq
        if before == after:
            return
        if before and old is not None:
            at = bisect_left(self._seqs[old.channel], before)
            del self._seqs[old.channel][at]
            del self._ids[old.channel][at]
        if after and new is not None:
            seqs = self._seqs.setdefault(new.channel, [])
            at = bisect_left(seqs, after)
            seqs.insert(at, after)
            self._ids.setdefault(new.channel, []).insert(at, key)

    def added(self, rows: list[tuple[str, Message]]) -> None:
        """Note new messages. As `changed` for each: a world is filled with them."""
        for key, row in rows:
            if row.channel[0] != "c2c":
                self.changed(key, None, row)

    def at_or_above(self, channel: Channel, seq: int) -> str | None:
        """Return the id of the message with a number, or of the next one above; None if all are below."""
        at = bisect_left(self._seqs.get(channel, []), seq)
        ids = self._ids.get(channel, [])
        return ids[at] if at < len(ids) else None

    def at_or_below(self, channel: Channel, seq: int) -> str | None:
        """Return the id of the message with a number, or of the next one below; None if all are above."""
        at = bisect_left(self._seqs.get(channel, []), seq + 1)
        return self._ids[channel][at - 1] if at else None


MESSAGES = TableSpec("messages", Message, ("msg_id",), {"channel": Timelines, "seq": Sequences, "wordings": Wordings})
MESSAGE_MARKS = TableSpec("message_marks", MessageMark, ("user_id", "msg_id"), is_private=lambda key: True)
CREATED_MESSAGES = TableSpec("created_messages", CreatedMessage, ("device_id", "local_id"), exported=False, is_local=True)


def c2c_channel(one: str, other: str) -> Channel:
    """Return the channel of two users."""
    return ("c2c", one, other) if one <= other else ("c2c", other, one)


def channel_of(user_id: str, conversation_id: str) -> Channel:
    """Return the channel behind a user's conversation."""
    if conversation_id.startswith("c2c_"):
        return c2c_channel(user_id, conversation_id[4:])
    return ("group", conversation_id[6:])


def conversation_id_of(user_id: str, channel: Channel) -> str:
    """Return which conversation of a user a channel is."""
    if channel[0] == "group":
        return f"group_{channel[1]}"
    return f"c2c_{peer_of(user_id, channel)}"


def peer_of(user_id: str, channel: Channel) -> str:
    """Return the other party of a one-to-one channel (the user itself in a chat with oneself)."""
    return channel[2] if channel[1] == user_id else channel[1]


def get(world: World, msg_id: str) -> Message | None:
    """Return a message, or None."""
    return world[MESSAGES].rows.get(msg_id)


def mark(world: World, user_id: str, msg_id: str) -> MessageMark:
    """Return what a user keeps about a message."""
    return world[MESSAGE_MARKS].rows.get((user_id, msg_id)) or MessageMark(user_id, msg_id)


def set_mark(world: World, user_id: str, msg_id: str, **changes: Any) -> None:
    """Change what a user keeps about a message."""
    world[MESSAGE_MARKS].put((user_id, msg_id), evolve(mark(world, user_id, msg_id), **changes))


@value_class
class Handled:
    """
    A message as one device handles it while it creates or sends it.

    Attributes:
        local_id: the device's own handle of it, or None where it has none.
        progress: how far the upload is, 0 to 100.
        uploading: true in progress events.
        sent: true in answers of sends.
        text: a text that is shown beside the elements; None without.
    """

    message: Message
    local_id: str | None = None
    progress: int = 100
    uploading: bool = False
    sent: bool = False
    text: str | None = None


def stamp_id(world: World, user_id: str, random: int, at_s: int | None = None) -> str:
    """Return a message id: the sender's internal number, the time in seconds (now unless said otherwise), a random number."""
    return f"{id_stem(user_id, world.now_s if at_s is None else at_s)}{random}"


def id_stem(user_id: str, at_s: int) -> str:
    """Return how the ids begin that a user's messages of a second have."""
    return f"{number_of(user_id)}-{at_s}-"


@lru_cache(maxsize=1 << 14)
def number_of(user_id: str) -> str:
    """Return a user's internal number."""
    number = 0
    for char in user_id:
        number = (number * 131 + ord(char)) % 1_000_000_000_000
    return f"144115{number:012d}"


def id_of(world: World, user_id: str, order: int, given: str | None = None) -> tuple[str, int]:
    """
    Return the id of a new message, and the random number in it.

    Args:
        given: the id that the sender's client has given it; what is no such id, or another message's, counts as none.
    """
    if given is not None and GIVEN_ID.fullmatch(given) and given not in world.live[MESSAGES].rows:
        random = int(given.rpartition("-")[2])
        if random < 1 << 32:
            return given, random
    random = world.fresh32(order)
    return stamp_id(world, user_id, random), random


GIVEN_ID = re.compile(r"144115[0-9]{12}-[0-9]{1,12}-[0-9]{1,10}")
