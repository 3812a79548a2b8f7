"""Read receipts: that somebody has read one message. They have nothing to do with unread counts (native header)."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.world.chats import conversations, messages
from bridge.world.chats.messages import Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, facts
from bridge.world.kernel.results import Page
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

MAX_MEMBERS = 200
PAGE = 100
READ, UNREAD = 0, 1


@row_class
class Receipt:
    """A user has sent a receipt for a message, at a time. `order` is its place in the world's order."""

    msg_id: str
    user_id: str
    time_ms: int
    order: int


RECEIPTS = TableSpec("read_receipts", Receipt, ("msg_id", "user_id"), {"message": lambda: Groups(lambda r: r.msg_id)})


def send(world: World, user_id: str, found: list[Message]) -> None:
    """
    Send receipts for messages of one conversation.

    States message_read_receipts_received to the senders. Messages that want none, own ones, and those with a receipt of the
    user count for nothing.

    Raises: ChatError 6017 (several conversations), 7013 (the plan has no receipts), 10060 (a group of over 200).
    """
    _check(world, found)
    told: dict[str, list[dict[str, Any]]] = {}
    table = world[RECEIPTS]
    for message in found:
        key = (message.msg_id, user_id)
        if message.sender == user_id or not message.needs_receipt or message.status != messages.SENT or key in table:
            continue
        table.put(key, Receipt(message.msg_id, user_id, world.now_ms, world.next_number("order")))
        told.setdefault(message.sender, []).append(summary(world, message.sender, message))
    for sender in sorted(told):
        world.state("message_read_receipts_received", facts.user(sender), receipts=tuple(told[sender]))


def summaries(world: World, user_id: str, found: list[Message]) -> list[dict[str, Any]]:
    """
    Return how far messages of one conversation are read, in the order given; see `summary`.

    Raises: as `send`, and ChatError 10062 for a group message that wants no receipt.
    """
    _check(world, found)
    if any(message.channel[0] == "group" and not message.needs_receipt for message in found):
        raise ChatError(codes.GROUP_RECEIPT_NOT_FOUND)
    return [summary(world, user_id, message) for message in found]


def _check(world: World, found: list[Message]) -> None:
    if not world.policy.switch("read_receipts"):
        raise ChatError(codes.INTERFACE_NOT_SUPPORTED)
    channels = {message.channel for message in found}
    if len(channels) != 1:
        raise ChatError(codes.INVALID_PARAMETERS)
    channel = found[0].channel
    if channel[0] == "group" and groups.member_count(world, _group_of(found[0])) > MAX_MEMBERS:
        raise ChatError(codes.GROUP_TOO_LARGE_FOR_RECEIPTS)


def summary(world: World, user_id: str, message: Message) -> dict[str, Any]:
    """
    Return how far a message is read, as seen by a user: `is_peer_read` for one-to-one, counts for group messages.

    The counts leave the sender out; who has not read is counted against the members at the time of sending.
    """
    times = [world[RECEIPTS][key].time_ms for key in world[RECEIPTS].index("message").of(message.msg_id)]
    seen: dict[str, Any] = {"msg_id": message.msg_id, "read_ms": max(times, default=0)}
    if message.channel[0] == "c2c":
        return {
            **seen,
            "user_id": messages.peer_of(user_id, message.channel),
            "is_peer_read": is_peer_read(world, user_id, message),
        }
    read = len(times)
    return {**seen, "group_id": message.channel[1], "read": read, "unread": max(0, message.members_then - 1 - read)}


def members(world: World, message: Message, which: int, cursor: int, count: int) -> Page:
    """
    Return who has read a group message, or who has not.

    Args:
        which: 0 those who have, in the order of their receipts; 1 those who have not, by id.
        cursor: 0, or what the page before returned.
        count: at most how many, 1 to 100.

    Returns: a page of `groups.Member`.

    Raises: ChatError 6017 (a number that means nothing), 10062 (no group message that wants receipts), 10060 (a group of over 200), 7013.
    """
    if which not in (READ, UNREAD) or not 1 <= count <= PAGE or cursor < 0:
        raise ChatError(codes.INVALID_PARAMETERS)
    _check(world, [message])
    if message.channel[0] == "c2c" or not message.needs_receipt:
        raise ChatError(codes.GROUP_RECEIPT_NOT_FOUND)
    group_id = _group_of(message)
    table = world[RECEIPTS]
    receipts = sorted((table[key] for key in table.index("message").of(message.msg_id)), key=lambda r: r.order)
    readers = [receipt.user_id for receipt in receipts]
    if which == READ:
        ids = readers
    else:
        ids = [one for one in groups.member_ids(world, group_id) if _was_there(world, group_id, one, message)]
        ids = [one for one in ids if one != message.sender and one not in readers]
    rows = [groups.member(world, group_id, one) or groups.Member(group_id, one) for one in ids[cursor : cursor + count]]
    finished = cursor + count >= len(ids)
    return Page(rows, 0 if finished else cursor + count, finished)


def _group_of(message: Message) -> str:
    return communities.community_of(message.channel[1])


def _was_there(world: World, group_id: str, user_id: str, message: Message) -> bool:
    member = groups.member(world, group_id, user_id)
    return member is not None and member.joined_order <= message.order


def is_peer_read(world: World, user_id: str, message: Message) -> bool:
    """Return whether the other party of a one-to-one message has read it."""
    if message.channel[0] == "group" or message.status not in (messages.SENT, messages.REVOKED):
        return False
    if message.sender != user_id:
        return True
    if message.needs_receipt and has_receipt(world, message.msg_id):
        return True
    row = conversations.find(world, messages.peer_of(user_id, message.channel), f"c2c_{user_id}")
    return row is not None and message.owner is None and message.order <= row.read_order


def has_receipt(world: World, msg_id: str) -> bool:
    """Return whether anybody has sent a receipt for a message."""
    return bool(world[RECEIPTS].index("message").count(msg_id))
