"""
Late delivery: what waits in a backlog comes into the conversation of a member when somebody looks at it.

It leaves what `delivery.deliver_to` would have left, message by message, in as many steps as there are messages that ask for a closer look.
"""

from __future__ import annotations

from typing import Any

from bridge.slices import ROWS, Slices
from bridge.world.chats import conversations, delivery
from bridge.world.chats.backlog import BACKLOG, TAKEN, Taken, Waiting
from bridge.world.groups import communities, groups
from bridge.world.kernel import receiving
from bridge.world.kernel.world import World


def take(world: World, user_id: str, conversation_id: str) -> None:
    """Let a conversation of a user have what waits for it. For installs (`installs.Held`) nothing does: they have it, or are not told."""
    table: Any = world.tables["backlog"]
    if not conversation_id.startswith("group_") or world.live is not world:
        return
    group_id = communities.community_of(conversation_id[6:])
    last = table.index("heads").of(group_id).get(conversation_id)
    if last is not None:
        _take(world, table.rows, (user_id, conversation_id, group_id), last)


def take_all(world: World, user_id: str) -> None:
    """Let all conversations of a user have what waits for them."""
    if "backlog" not in world.tables or world.live is not world:
        return
    table = world[BACKLOG]
    heads = table.index("heads")
    members = world[groups.MEMBERS].rows
    for group_id in heads.groups():
        if (group_id, user_id) in members:
            for conversation_id, last in list(heads.of(group_id).items()):
                _take(world, table.rows, (user_id, conversation_id, group_id), last)


def take_for_everybody(world: World, conversation_id: str = "") -> None:
    """Let all conversations with an id, "" for any, have what waits for them: for those who look at what many have."""
    if "backlog" not in world.tables or world.live is not world:
        return
    heads = world[BACKLOG].index("heads")
    wanted = [communities.community_of(conversation_id[6:])] if conversation_id else heads.groups()
    for group_id in wanted:
        for name in [one for one in heads.of(group_id) if conversation_id in ("", one)]:
            for user_id in groups.member_ids(world, group_id):
                take(world, user_id, name)


def empty(world: World) -> Slices[None]:
    """Let all conversations have what waits for them, in slices. Nothing may be uncommitted."""
    heads = world[BACKLOG].index("heads")
    for group_id in heads.groups():
        for conversation_id in list(heads.of(group_id)):
            for at, user_id in enumerate(groups.member_ids(world, group_id)):
                take(world, user_id, conversation_id)
                if at % ROWS == ROWS - 1:
                    world.log.commit()
                    yield
    world.log.commit()


def membership_ends(world: World, group_id: str, user_id: str) -> None:
    """Let a member who leaves have what came before."""
    for conversation_id in list(world[BACKLOG].index("heads").of(group_id)):
        take(world, user_id, conversation_id)


def _take(world: World, waiting: dict[Any, Waiting], place: tuple[str, str, str], last: int) -> None:
    """Do to a conversation what messages up to a number would have done to it."""
    user_id, conversation_id, group_id = place
    taken = world[TAKEN].rows.get((user_id, conversation_id))
    done = 0 if taken is None else taken.number
    if done >= last:
        return
    member = groups.member(world, group_id, user_id)
    if member is None or waiting[conversation_id, last].message.order < member.joined_order:
        return
    done = max(done, _before(waiting, conversation_id, member.joined_order, last))
    world[TAKEN].put((user_id, conversation_id), Taken(user_id, conversation_id, group_id, last))
    row = conversations.get(world, user_id, conversation_id)
    if row.recv_opt in receiving.SILENT:
        for number in range(done + 1, last + 1):
            delivery.deliver_to(world, user_id, waiting[conversation_id, number].message)
        return
    for number in (*_special(waiting, conversation_id, done, last), last + 1):
        if number - 1 > done:
            row = _with_plain(row, waiting, done, number - 1)
        if number <= last:
            row = delivery.arrived(world, row, waiting[conversation_id, number].message)
        done = number
    conversations.save(world, row)


def _before(waiting: dict[Any, Waiting], conversation_id: str, joined_order: int, last: int) -> int:
    """Return the number of the last message that was there before somebody joined; 0 if none was."""
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        if waiting[conversation_id, middle].message.order < joined_order:
            low = middle
        else:
            high = middle - 1
    return low


def _special(waiting: dict[Any, Waiting], conversation_id: str, done: int, last: int) -> list[int]:
    """Return the numbers beyond `done`, in order, that ask for a closer look."""
    found: list[int] = []
    number = waiting[conversation_id, last].special
    while number > done:
        found.append(number)
        number = waiting[conversation_id, number - 1].special if number > 1 else 0
    return found[::-1]


def _with_plain(
    row: conversations.Conversation, waiting: dict[Any, Waiting], done: int, last: int
) -> conversations.Conversation:
    """Return a conversation with messages beyond `done` in it of which none asks for a closer look."""
    newest = waiting[row.conversation_id, last]
    counted = newest.counted - (waiting[row.conversation_id, done].counted if done else 0)
    return delivery.raised(row, newest.message, unread=row.unread + counted)
