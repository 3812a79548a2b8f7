"""Messages, and the timelines they stand in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from attrs import evolve, frozen

from bridge.world.groups import groups
from bridge.world.kernel.evolving import changer
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World

SENDING, SENT, FAILED, DELETED, IMPORTED, REVOKED = 1, 2, 3, 4, 5, 6

Channel = tuple[str, ...]
"""Where a message stands: ("c2c", lower user id, higher user id) or ("group", group or topic id)."""


@frozen
class Elem:
    """
    One element of a message.

    Attributes:
        kind: text, custom, image, sound, video, file, location, face, tips or merger.
        data: its fields by name; never changed, only replaced.
    """

    kind: str
    data: dict[str, Any]


@frozen
class Message:
    """
    A message, the same object for all who see it.

    Attributes:
        order: place in the world's order of everything; later is greater.
        seq: number in the group from 1, or made by the client for one-to-one messages.
        elems: at least one; appended ones follow the first.
        owner: the one user who has it (failed sends, local inserts, what a blocked user wrote), or None if all parties do.
        targets: the members it is meant for, or None for all.
        push: how an offline receiver is to be told, as the sender gave it, or None.
        version: grows with each modification.
    """

    msg_id: str
    order: int
    channel: Channel
    sender: str
    time_ms: int
    elems: tuple[Elem, ...]
    seq: int = 0
    random: int = 0
    status: int = SENT
    priority: int = 0
    owner: str | None = None
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


changed = changer(Message)
"""Return a message with some attributes changed; quicker than `evolve`."""


@frozen
class MessageMark:
    """
    What one user keeps about a message.

    Attributes:
        deleted: gone for this user; `kept_on` names the installs that had it by then and keep it.
        gone_on: installs on which alone it was deleted.
        uncounted: came while the conversation received nothing, and so raised no unread count.
        local_custom_data, local_custom_int: the app's own. Custom data stand before the message's unless None.
    """

    user_id: str
    msg_id: str
    deleted: bool = False
    kept_on: tuple[str, ...] = ()
    gone_on: tuple[str, ...] = ()
    uncounted: bool = False
    local_custom_data: str | None = None
    local_custom_int: int = 0
    cloud_custom_data: str | None = None


@frozen
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
        if old is not None and new is not None and old.order == new.order:
            return
        if old is not None:
            orders = self._orders[old.channel]
            at = bisect_left(orders, old.order)
            del orders[at]
            del self._ids[old.channel][at]
        if new is not None:
            orders = self._orders.setdefault(new.channel, [])
            ids = self._ids.setdefault(new.channel, [])
            if not orders or orders[-1] < new.order:
                orders.append(new.order)
                ids.append(key)
            else:
                at = bisect_left(orders, new.order)
                orders.insert(at, new.order)
                ids.insert(at, key)

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

    def at_or_above(self, channel: Channel, seq: int) -> str | None:
        """Return the id of the message with a number, or of the next one above; None if all are below."""
        at = bisect_left(self._seqs.get(channel, []), seq)
        ids = self._ids.get(channel, [])
        return ids[at] if at < len(ids) else None

    def at_or_below(self, channel: Channel, seq: int) -> str | None:
        """Return the id of the message with a number, or of the next one below; None if all are above."""
        at = bisect_left(self._seqs.get(channel, []), seq + 1)
        return self._ids[channel][at - 1] if at else None


MESSAGES = TableSpec("messages", Message, ("msg_id",), {"channel": Timelines, "seq": Sequences})
MESSAGE_MARKS = TableSpec("message_marks", MessageMark, ("user_id", "msg_id"))
CREATED_MESSAGES = TableSpec("created_messages", CreatedMessage, ("device_id", "local_id"), exported=False)


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


def is_party(world: World, user_id: str, message: Message) -> bool:
    """Return whether a user has this message at all: sender or receiver, or in the group at the time."""
    if message.owner is not None:
        return message.owner == user_id
    if message.channel[0] == "c2c":
        return user_id in message.channel[1:]
    if message.targets is not None and user_id != message.sender and user_id not in message.targets:
        return False
    return groups_range_holds(world, user_id, message)


def parties(world: World, message: Message) -> list[str]:
    """Return the users who have a message and hear what becomes of it; of a group those who are in it now, sorted."""
    if message.owner is not None:
        return [message.owner]
    if message.channel[0] == "c2c":
        return list(dict.fromkeys((message.sender, peer_of(message.sender, message.channel))))
    members = groups.member_ids(world, message.channel[1].partition("@TOPIC#")[0])
    return [member for member in members if is_party(world, member, message)]


def groups_range_holds(world: World, user_id: str, message: Message) -> bool:
    """Return whether a group message falls into what a member, present or past, may read."""
    group_id = message.channel[1].partition("@TOPIC#")[0]
    group = world[groups.GROUPS].rows.get(group_id)
    before = group is not None and groups.type_of(group).history_before_joining
    if before and group is not None and group.permission_groups_on:
        from bridge.world.groups import communities

        before = communities.may(world, group, user_id, "history", message.channel[1])
    member = groups.member(world, group_id, user_id)
    if member is not None and (before or message.order >= member.joined_order):
        return True
    past = world[groups.PAST_MEMBERS].rows.get((group_id, user_id))
    if past is None:
        return False
    times = (*past.earlier, (past.joined_order, past.left_order))
    return any((before or joined <= message.order) and message.order <= left for joined, left in times)


def cleared_until(world: World, user_id: str, channel: Channel, install: str | None = None) -> int:
    """Return the order up to which a user has cleared a channel (-1: nothing); with `install`, what that app has cleared."""
    from bridge.world.chats import conversations

    conversation_id = conversation_id_of(user_id, channel)
    copies = world.tables.get("local_copies")
    if copies is not None and (user_id, install, conversation_id) in copies:
        cleared: int = copies[(user_id, install, conversation_id)].cleared_order
        return cleared
    row = conversations.find(world, user_id, conversation_id)
    return -1 if row is None else row.cleared_order


def is_visible(world: World, user_id: str, message: Message, install: str | None = None) -> bool:
    """Return whether a message shows in a user's history; with `install`, in that of an app which may still have what is deleted."""
    if not is_party(world, user_id, message):
        return False
    kept = world[MESSAGE_MARKS].rows.get((user_id, message.msg_id))
    if kept is not None and is_deleted(kept, install):
        return False
    return message.order > cleared_until(world, user_id, message.channel, install)


def newest_visible(world: World, user_id: str, conversation_id: str, install: str | None = None) -> Message | None:
    """Return the message that a user's conversation shows as its last one, or None; with `install`, of what that app has."""
    table = world[MESSAGES]
    channel = channel_of(user_id, conversation_id)
    cleared = cleared_until(world, user_id, channel, install)
    for msg_id in table.index("channel").older(channel):
        message = table.rows[msg_id]
        if message.order <= cleared:
            return None
        if not message.excluded_from_last and is_visible(world, user_id, message, install):
            return message
    return None


def is_read(world: World, user_id: str, message: Message) -> bool:
    """Return whether a user has read a message (native header: own messages count as read)."""
    if message.sender == user_id or message.owner is not None:
        return True
    channel = message.channel
    table = world.tables.get("conversations")  # by its name: importing its room's module here takes longer than all the rest
    row = None if table is None else table.rows.get((user_id, conversation_id_of(user_id, channel)))
    if row is None:
        return False
    if channel[0] == "group":
        return bool(0 < message.seq <= row.read_seq)
    return bool(message.order <= row.read_order)


def is_peer_read(world: World, user_id: str, message: Message) -> bool:
    """Return whether the other party of a one-to-one message has read it."""
    if message.channel[0] == "group" or message.status not in (SENT, REVOKED):
        return False
    if message.sender != user_id:
        return True
    if message.needs_receipt and has_receipt(world, message.msg_id):
        return True
    from bridge.world.chats.conversations import find

    row = find(world, peer_of(user_id, message.channel), f"c2c_{user_id}")
    return row is not None and message.owner is None and message.order <= row.read_order


def has_receipt(world: World, msg_id: str) -> bool:
    """Return whether anybody has sent a receipt for a message."""
    from bridge.world.chats.receipts import RECEIPTS

    return bool(world[RECEIPTS].index("message").count(msg_id))


def held(world: World, user_id: str, msg_id: str, install: str | None = None) -> Message | None:
    """
    Return a message that a user's client can look up by its id, or None.

    It finds revoked messages, and deleted ones with status deleted (native header); not those of a history that was cleared.
    """
    message = world[MESSAGES].rows.get(msg_id)
    if message is None or not is_party(world, user_id, message):
        return None
    if message.order <= cleared_until(world, user_id, message.channel, install):
        return None
    kept = world[MESSAGE_MARKS].rows.get((user_id, msg_id))
    if kept is not None and is_deleted(kept, install):
        return evolve(message, status=DELETED)
    return message


def is_deleted(kept: MessageMark, install: str | None) -> bool:
    """Return whether a user has deleted a message; with `install`, whether that app does not have it any more."""
    return (kept.deleted and install not in kept.kept_on) or install in kept.gone_on


@frozen
class Handled:
    """
    A message as one device handles it while it creates or sends it.

    Attributes:
        local_id: the device's own handle of it, or None where it has none.
        progress: how far the upload is, 0 to 100.
        uploading: true in progress events.
        sent: true in answers of sends.
    """

    message: Message
    local_id: str | None = None
    progress: int = 100
    uploading: bool = False
    sent: bool = False
