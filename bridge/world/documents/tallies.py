"""How far members have read in a group, and what is unread: counted once for all of them, where nothing sets one apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from bridge.slices import ROWS, Slices
from bridge.world.chats import counting, delivery, messages
from bridge.world.chats.conversations import AtInfo, Conversation
from bridge.world.chats.messages import Channel, Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import receiving
from bridge.world.kernel.world import World

Readers = Callable[[str], frozenset[str] | None]
"""Returns who is said to have read a message and all before it, by its id: None for everybody, an empty set for nobody."""

APART = ("message_marks", "own_marks", "past_members", "local_copies")
"""Tables with what sets one user apart from the others."""


class Tally:
    """
    What is unread in a group from each message on.

    Args:
        world: in which all messages are. `channel`: the group's, or a topic's.
    """

    def __init__(self, world: World, channel: Channel) -> None:
        self._world = world
        self._orders, self._ids = world[messages.MESSAGES].index("channel").all_of(channel)
        self._counted = [0]
        self._last_read: dict[str | None, int] = {}
        self._mentions: list[int] = []
        self._group_id = communities.community_of(channel[1])
        group = world[groups.GROUPS][self._group_id]
        self._is_plain = not group.permission_groups_on and not any(name in world.tables and world.tables[name].rows for name in APART)
        self._sees_all = groups.type_of(group).history_before_joining

    def count(self, readers: Readers) -> Slices[None]:
        """Look at all messages once."""
        rows = self._world[messages.MESSAGES].rows
        counted = 0
        for at, msg_id in enumerate(self._ids):
            if not at % ROWS:
                yield
            message = rows[msg_id]
            if message.targets is not None or message.owner is not None or message.install is not None:
                self._is_plain = False
                return
            counted += counting.counts(self._world, "", message)
            self._counted.append(counted)
            if message.at_users:
                self._mentions.append(at)
            self._last_read[message.sender] = at
            by = readers(msg_id)
            for user_id in (None,) if by is None else by:
                self._last_read[user_id] = at

    def reading(self, row: Conversation) -> dict[str, Any] | None:
        """Return what a member's conversation says of reading; None where that takes a look at each message."""
        member = groups.member(self._world, self._group_id, row.user_id)
        is_apart = row.recv_opt == receiving.NOT_RECEIVE or row.uncounted_order or row.cleared_order or row.read_seq
        if not self._is_plain or is_apart or member is None:
            return None
        known = max(self._last_read.get(row.user_id, -1), self._last_read.get(None, -1))
        seen = 0 if self._sees_all else bisect_left(self._orders, member.joined_order)
        first = max(known + 1, seen)
        mentions = [self._message(at) for at in self._mentions[bisect_left(self._mentions, first) :]]
        made = {} if known < 0 else {"read_order": self._orders[known], "read_seq": self._message(known).seq}
        named = ((one.seq, delivery.mention_of(one, row.user_id)) for one in mentions if counting.counts(self._world, row.user_id, one))
        found = tuple(AtInfo(seq, kind) for seq, kind in named if kind)
        return {**made, "unread": self._counted[-1] - self._counted[first], "at_infos": found}

    def _message(self, at: int) -> Message:
        return self._world[messages.MESSAGES].rows[self._ids[at]]
