"""
History: what a user's client still has of a conversation, in pages, and single messages by id.

A page is found by halving the timeline, so that it costs the same in a long conversation as in a short one; that is right as
long as messages stand in the order of their times. Cloud pulls merge what is local, and the bridge keeps one copy of both, so that they
differ only in what the service refuses and in the filter by kind, which local pulls alone know (native header).
"""

from __future__ import annotations

from collections.abc import Iterator

from bridge.errors import ChatError
from bridge.values import value_class
from bridge.world.chats import conversations, messages, visibility
from bridge.world.chats.messages import Channel, Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World

CLOUD_OLDER, CLOUD_NEWER, LOCAL_OLDER, LOCAL_NEWER = 1, 2, 3, 4
FIRST, LAST = -1, 1 << 62


@value_class
class Pull:
    """
    What to read of a history.

    Attributes:
        user_id, group_id: whose; one of them.
        count: at most how many.
        kind: 1 from the cloud backwards, 2 forwards, 3 and 4 the same of what is local. Backwards is newest first.
        after: the message to start from, left out, or None.
        from_seq: number of the group message to start from, with it; 0 for none.
        begin_s, period_s: the time to look from, and how far; 0 means now, and without an end.
        elem_kinds: kinds of the first element, () for all; local pulls only.
        seqs: numbers of the group messages that are wanted, () for no such list.
    """

    user_id: str = ""
    group_id: str = ""
    count: int = 20
    kind: int = CLOUD_OLDER
    after: Message | None = None
    from_seq: int = 0
    begin_s: int = 0
    period_s: int = 0
    elem_kinds: tuple[str, ...] = ()
    seqs: tuple[int, ...] = ()

    @property
    def is_older(self) -> bool:
        """Return whether it goes back in time."""
        return self.kind in (CLOUD_OLDER, LOCAL_OLDER)

    @property
    def is_local(self) -> bool:
        """Return whether it asks the client's own storage alone."""
        return self.kind in (LOCAL_OLDER, LOCAL_NEWER)


def pull(world: World, device: Device, user_id: str, wanted: Pull) -> list[Message]:
    """
    Return messages of a conversation, in the direction that the pull goes.

    Deleted messages are left out, revoked ones are not; what failed or was inserted locally is there.

    Raises: ChatError 6017 (no target or two, a count or kind that means nothing), and from the cloud 10010, 10015 (no such group),
        10007 (a group that the user never was in).
    """
    if bool(wanted.user_id) == bool(wanted.group_id) or wanted.count <= 0 or not CLOUD_OLDER <= wanted.kind <= LOCAL_NEWER:
        raise ChatError(codes.INVALID_PARAMETERS)
    if wanted.group_id:
        channel: Channel = ("group", wanted.group_id)
        if not wanted.is_local and device.connected and device.user_id:
            _check_group(world, user_id, wanted.group_id)
    else:
        channel = messages.c2c_channel(user_id, wanted.user_id)
    if wanted.seqs:
        return _by_seq(world, device, user_id, channel, wanted)
    found: list[Message] = []
    for message in _walk(world, channel, wanted, visibility.cleared_until(world, user_id, channel, device.install) + 1):
        if not visibility.is_visible(world, user_id, message, device.install):
            continue
        if wanted.is_local and wanted.elem_kinds and message.elems[0].kind not in wanted.elem_kinds:
            continue
        found.append(message)
        if len(found) == wanted.count:
            break
    return found


def _check_group(world: World, user_id: str, group_id: str) -> None:
    """Refuse the history of a group to somebody who never was in it, unless the conversation is kept."""
    base = communities.community_of(group_id)
    past = (base, user_id) in world[groups.PAST_MEMBERS] or conversations.find(world, user_id, f"group_{group_id}")
    group = groups.find(world, base)
    if group is None and not past:
        groups.require(world, base)
    if group is not None and not groups.role_of(world, group, user_id) and not past:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)


def _walk(world: World, channel: Channel, wanted: Pull, lowest: int) -> Iterator[Message]:
    """Yield the messages between the two ends of a pull, in its direction, from an order on that can be seen at all."""
    table = world[messages.MESSAGES]
    timeline = table.index("channel")
    low, high = _ends(world, channel, wanted)
    low = max(low, lowest)
    if wanted.is_older:
        for msg_id in timeline.older(channel, high + 1):
            message = table.rows[msg_id]
            if message.order < low:
                return
            yield message
    else:
        for msg_id in timeline.newer(channel, low):
            message = table.rows[msg_id]
            if message.order > high:
                return
            yield message


def _ends(world: World, channel: Channel, wanted: Pull) -> tuple[int, int]:
    """Return the lowest and the highest order that a pull may reach: where it starts, cut by the time window."""
    low, high = FIRST, LAST
    start = _start(world, channel, wanted)
    if wanted.is_older:
        high = LAST if start is None else start
    else:
        low = FIRST if start is None else start
    if wanted.begin_s or wanted.period_s:
        begin = wanted.begin_s or world.now_s
        first, last = (begin - wanted.period_s, begin) if wanted.is_older else (begin, begin + wanted.period_s)
        if not wanted.period_s:
            first, last = (0, begin) if wanted.is_older else (begin, LAST)
        return max(low, _order_at(world, channel, first)), min(high, _order_at(world, channel, last + 1) - 1)
    if start is None and not wanted.is_older:
        return LAST, FIRST  # forwards from the newest message: nothing (native header)
    return low, high


def _start(world: World, channel: Channel, wanted: Pull) -> int | None:
    """Return the order at which a pull begins, itself included, or None without a starting point. An id counts before a number."""
    step = -1 if wanted.is_older else 1
    if wanted.after is not None:
        return wanted.after.order + step
    if wanted.from_seq <= 0 or channel[0] == "c2c":
        return None
    table = world[messages.MESSAGES]
    index = table.index("seq")
    if wanted.is_older:
        msg_id = index.at_or_below(channel, wanted.from_seq)
        return FIRST if msg_id is None else table[msg_id].order
    msg_id = index.at_or_above(channel, wanted.from_seq)
    return LAST if msg_id is None else table[msg_id].order


def _order_at(world: World, channel: Channel, time_s: int) -> int:
    """Return the order of the first message at or after a time."""
    table = world[messages.MESSAGES]
    order: int = table.index("channel").order_at(channel, lambda msg_id: table.rows[msg_id].time_ms >= time_s * 1000)
    return order


def _by_seq(world: World, device: Device, user_id: str, channel: Channel, wanted: Pull) -> list[Message]:
    table = world[messages.MESSAGES]
    found = []
    for seq in sorted(set(wanted.seqs), reverse=wanted.is_older):
        msg_id = table.index("seq").at_or_below(channel, seq)
        if msg_id is None or table[msg_id].seq != seq:
            continue
        if visibility.is_visible(world, user_id, table[msg_id], device.install):
            found.append(table[msg_id])
    return found


def find(world: World, device: Device, user_id: str, msg_ids: list[str]) -> list[Message]:
    """Return those messages that a client can look up, in the order asked; see `messages.held`."""
    found = (visibility.held(world, user_id, msg_id, device.install) for msg_id in msg_ids)
    return [message for message in found if message is not None]
