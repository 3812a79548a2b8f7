"""
The list of conversations as each device has it: what stands where, and who hears that it has changed.

An install may have something else of a conversation than the service; what that is stands in `local_copies.py`, which is
imported where there is such a difference: most apps see their list before anything else, and few ever have one.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator

from bridge.errors import ChatError
from bridge.world.chats import conversations
from bridge.world.chats.conversations import CONVERSATIONS, DRAFTS, PIN_BAND, Conversation
from bridge.world.groups.communities import TOPIC_MARK
from bridge.world.kernel import codes, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World


def has_copies(world: World) -> bool:
    """Return whether any install has something else of a conversation than the service; see `local_copies`."""
    copies = world.tables.get("local_copies")
    return copies is not None and bool(copies.rows)


def shown(world: World, device: Device, row: Conversation) -> Conversation:
    """Return a conversation as a device has it; without a copy of its own that is the row."""
    copies = world.tables.get("local_copies")
    if copies is None or not copies.rows:
        return row
    from bridge.world.chats import local_copies

    stored = world[CONVERSATIONS].rows.get((row.user_id, row.conversation_id), row)  # so that what is shown shows the same again
    return local_copies.shown(world, device.install, stored)


def views(world: World, row: Conversation) -> list[Conversation]:
    """Return a conversation as the service has it, and as the installs with copies of their own do."""
    if not has_copies(world):
        return [row]
    from bridge.world.chats import local_copies

    return [row, *(local_copies.shown(world, copy.install, row) for copy in local_copies.of(world, row))]


def recounted(world: World, row: Conversation) -> Conversation:
    """Count anew what is unread in installs' copies of a conversation, after it was read or a message went; return it."""
    if has_copies(world):
        from bridge.world.chats import local_copies

        local_copies.recount(world, row)
    return row


def ids_with_copies(world: World, user_id: str, device: Device | None = None) -> list[str]:
    """Return the ids of the conversations of which a device (None: some install of the user's) has a copy of its own, sorted."""
    if not has_copies(world):
        return []
    from bridge.world.chats import local_copies

    return local_copies.ids(world, user_id, None if device is None else device.install)


def walk(world: World, device: Device, user_id: str, below: int | None = None) -> Iterator[tuple[int, Conversation]]:
    """Yield (order, row) of a user's listed conversations as a device has and sorts them: its own drafts lift theirs."""
    table = conversations.of(world, user_id)
    rows = table.rows
    plain = table.index("list").below(user_id, below)
    drafts = world[DRAFTS]
    names = [key[2] for key in drafts.index("install").of((user_id, device.install))] if drafts.rows else []
    names += ids_with_copies(world, user_id, device)
    if not names:
        for order, conversation_id in plain:
            yield order, rows[(user_id, conversation_id)]
        return
    own = {name: shown(world, device, rows[(user_id, name)]) for name in names if (user_id, name) in rows}
    lifted = {name: order_on(world, device, row) for name, row in own.items() if row.listed}
    low = sorted(((order, name) for name, order in lifted.items() if below is None or order < below), reverse=True)
    unlifted = (entry for entry in plain if entry[1] not in lifted)
    for order, conversation_id in heapq.merge(low, unlifted, reverse=True):
        yield order, own.get(conversation_id) or rows[(user_id, conversation_id)]


def entry(world: World, device: Device, user_id: str, conversation_id: str) -> tuple[int, Conversation] | None:
    """Return what `walk` yields of one conversation; None if it does not."""
    row = conversations.find(world, user_id, conversation_id)
    if row is None:
        return None
    own = shown(world, device, row)
    if own.listed:
        return order_on(world, device, own), own
    return (row.order, own) if row.listed else None


def walk_group(
    world: World, device: Device, user_id: str, group_name: str, below: int | None = None
) -> Iterator[tuple[int, Conversation]]:
    """Yield of what `walk` does at least all that is in a conversation group, without a look at what is in none."""
    table = conversations.of(world, user_id)
    rows = table.rows
    keys = table.index("group").of((user_id, group_name))
    names = dict.fromkeys((*(key[1] for key in keys), *ids_with_copies(world, user_id, device)))
    own = [shown(world, device, rows[(user_id, name)]) for name in names if (user_id, name) in rows]
    placed = [(order_on(world, device, row), row) for row in own if row.listed]
    yield from sorted((one for one in placed if below is None or one[0] < below), key=lambda one: -one[0])


def page(
    world: World,
    device: Device,
    user_id: str,
    cursor: int,
    count: int,
    matches: Callable[[Conversation], bool] | None = None,
    group_name: str | None = None,
) -> tuple[list[Conversation], int, bool]:
    """
    Return one page of a user's list.

    Args:
        cursor: 0 for the first page, else what the page before returned.
        matches: which conversations count; None for all.
        group_name: of the conversation group in which all of them are, where they are in one.

    Returns: rows (at most `count`), the next cursor (0 on the last page), whether it was the last page.

    Raises: ChatError 6017 unless `count` is positive and `cursor` is not negative.
    """
    if count <= 0 or cursor < 0:
        raise ChatError(codes.INVALID_PARAMETERS)
    found: list[Conversation] = []
    last = 0
    below = cursor or None
    listed = walk_group(world, device, user_id, group_name, below) if group_name else walk(world, device, user_id, below)
    for order, row in listed:
        if matches is not None and not matches(row):
            continue
        if len(found) == count:
            return found, last, False
        found.append(row)
        last = order
    return found, 0, True


def order_on(world: World, device: Device, row: Conversation) -> int:
    """Return the sorting key of a conversation as a device has it (`shown`). A draft lifts only what is in the list."""
    kept = conversations.draft(world, device, row.user_id, row.conversation_id)
    order = row.active_order if kept is None or not (row.listed or row.is_topic) else max(row.active_order, kept.order)
    return order + PIN_BAND if row.pinned else order


def announce(
    world: World,
    to: facts.Audience,
    rows: Iterable[Conversation],
    new: bool = False,
    before_reply: bool = False,
    listed: bool = False,
) -> None:
    """
    State that conversations have changed, or appeared in the list. No row, no fact.

    Args:
        listed: leave out, for each device, what is not in its list.

    A topic's row is told as a change of the topic, and never before the reply.
    """
    told = tuple(rows)
    if _has_topics(told):
        told = _without_topics(world, to, told, before_reply)
    if told and has_copies(world):
        from bridge.world.chats import local_copies

        local_copies.announce(world, to, told, new, before_reply, listed)
        return
    if listed and not (len(told) == 1 and told[0].listed):  # nearly always one, and listed: no generator for it
        told = tuple(row for row in told if row.listed)
    if told:
        world.state("conversation_created" if new else "conversation_changed", to, before_reply, conversations=told)


def announce_own(world: World, device: Device, row: Conversation, new: bool) -> None:
    """State to a device alone what it has done to a conversation by itself: that it has changed there, or appeared in its list."""
    to = facts.device(device.device_id)
    if row.is_topic:
        announce(world, to, [row])
    else:
        world.state("conversation_created" if new else "conversation_changed", to, conversations=(row,))


def _has_topics(rows: tuple[Conversation, ...]) -> bool:
    for row in rows:  # noqa: SIM110 a generator takes longer than all else for the one row that nearly always comes
        if TOPIC_MARK in row.conversation_id:
            return True
    return False


def _without_topics(
    world: World, to: facts.Audience, rows: tuple[Conversation, ...], before_reply: bool
) -> tuple[Conversation, ...]:
    """Tell of the topics among some rows, and return the others."""
    from bridge.world.groups import topics

    if not before_reply:
        for row in rows:
            if row.is_topic:
                topics.tell_state(world, to, row.conversation_id)
    return tuple(row for row in rows if not row.is_topic)
