"""
The backlog of large groups: what was sent to members who are logged in nowhere, and is not in their conversations yet.

Nobody hears of such a message when it comes, so what it does to the conversation of an absent member can wait until somebody
looks at that: a message to a group of a hundred thousand costs what the members cost who are there. What it would have done
is done by `late_delivery.py` then; `conversations.find`, `get`, `of` and `with_id` see to it, so nobody else need know.

For who is logged in nothing ever waits: a login takes everything, and `add` notes that those who were there have got the message.
"""

from __future__ import annotations

from typing import Any

from bridge.world.chats import counting, messages
from bridge.world.chats.messages import Message
from bridge.world.groups import groups
from bridge.world.kernel import devices
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World

LEAST_MEMBERS = 50
"""How many members a group has, at least, for which this pays."""


@row_class
class Waiting:
    """
    A message that absent members have not taken yet.

    Attributes:
        group_id: the group, or the community of a topic. `conversation_id`: in which conversation.
        number: 1, 2, 3… in a conversation.
        message: as it was when it came, whatever became of it.
        counted: how many messages up to this one raise unread counts.
        special: the number of the last one up to this that asks for a closer look, 0 for none: it mentions somebody, or is to be no
            last message.
    """

    conversation_id: str
    number: int
    group_id: str
    message: Message
    counted: int
    special: int


@row_class
class Taken:
    """Up to which number a member has taken what waits in a conversation; no row for who has taken nothing."""

    user_id: str
    conversation_id: str
    group_id: str
    number: int


class Heads:
    """An index: by group and conversation, how many messages wait there, which is the number of the last."""

    __slots__ = ("_heads",)

    def __init__(self) -> None:
        self._heads: dict[str, dict[str, int]] = {}

    def changed(self, key: tuple[str, int], old: Waiting | None, new: Waiting | None) -> None:
        row = new or old
        if row is None or (old is not None and new is not None):
            return
        heads = self._heads.setdefault(row.group_id, {})
        count = heads.get(key[0], 0) + (1 if new is not None else -1)
        if count:
            heads[key[0]] = count
            return
        del heads[key[0]]
        if not heads:
            del self._heads[row.group_id]

    def of(self, group_id: str) -> dict[str, int]:
        """Return the number of the last message by conversation; not to be changed."""
        return self._heads.get(group_id, {})

    def groups(self) -> list[str]:
        """Return the ids of the groups in which something waits."""
        return list(self._heads)


BACKLOG = TableSpec("backlog", Waiting, ("conversation_id", "number"), {"heads": Heads}, exported=False, is_local=True)
TAKEN = TableSpec("backlog_taken", Taken, ("user_id", "conversation_id"), exported=False, is_local=True)


def is_worth_while(world: World, group_id: str) -> bool:
    """Return whether a group, or a topic's community, is large enough."""
    return bool(world[groups.MEMBERS].index("group").count(group_id) >= LEAST_MEMBERS)


def present(world: World, group_id: str) -> list[str]:
    """Return the members for whom nothing may wait, sorted: who is logged in anywhere, or is pushed to."""
    members = world[groups.MEMBERS].rows
    found = {row.user_id for row in world[devices.DEVICES].rows.values() if row.user_id is not None}
    tokens: Any = world.tables.get("push_tokens")
    if tokens is not None:
        found.update(key[0] for key in tokens.rows)
    return sorted(user_id for user_id in found if (group_id, user_id) in members)


def add(world: World, group_id: str, message: Message, told: list[str]) -> None:
    """
    Let a message wait for all members but some.

    Args:
        group_id: the group, or the community of a topic.
        told: who has got it already, its sender left aside.
    """
    table = world[BACKLOG]
    conversation_id = messages.conversation_id_of(message.sender, message.channel)
    number = table.index("heads").of(group_id).get(conversation_id, 0) + 1
    before = table.rows.get((conversation_id, number - 1))
    counted, special = (before.counted, before.special) if before is not None else (0, 0)
    if message.at_users or message.excluded_from_last:
        special = number
    row = Waiting(conversation_id, number, group_id, message, counted + counting.counts(world, "", message), special)
    table.put((conversation_id, number), row)
    for user_id in (*told, message.sender):
        world[TAKEN].put((user_id, conversation_id), Taken(user_id, conversation_id, group_id, number))


def forget(world: World, conversation_id: str) -> None:
    """Let nothing wait in a conversation that is gone."""
    for spec, place in ((BACKLOG, 0), (TAKEN, 1)):
        table: Any = world[spec]
        for key in sorted(key for key in table.rows if key[place] == conversation_id):
            table.drop(key)
