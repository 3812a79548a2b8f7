"""
Local copies: what an app has of a conversation where that is not what the service has.

What a user deletes on one device is gone from the service, and from every app that is installed later; the user's other
devices keep what they have (native message header, product docs: delete), unless the console shares deletions. So the conversation's
row is the service's, and each install that kept more, alone deleted something, or has something that never left it (inserted and
failed messages, drafts of what is in no list), has a row here. It holds only what the
two differ in: whatever the service tells from then on (messages, reading, pins, marks, names) reaches both. No row, no
difference.

An app that is away has what it had when it left (`kernel/installs.py`), and keeps that as well. What goes on the service before the app
has had it is lost to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bridge.world.chats import conversations, counting, messages, visibility
from bridge.world.chats.conversations import AtInfo, Conversation
from bridge.world.chats.messages import Message
from bridge.world.kernel import devices, facts, installs
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World


@row_class
class LocalCopy:
    """
    What one install has of a conversation.

    Attributes:
        listed: in the list of this install even if it is in no other; what is listed for the service is listed here, too.
        pinned, active_order, cleared_order, uncounted_order: as in `Conversation`, in place of the row's; the greater order counts.
        unread: how many more than the row's count this install has (below 0: fewer).
        last_message: its last message, until the row has one from beyond `last_order`.
        at_infos: mentions that the row does not have.
        lost: pairs of orders; what the service had beyond the first and up to the second is gone and never was here.
    """

    user_id: str
    install: str
    conversation_id: str
    listed: bool = False
    pinned: bool = False
    active_order: int = 0
    cleared_order: int = 0
    uncounted_order: int = 0
    unread: int = 0
    last_message: str | None = None
    last_order: int = 0
    at_infos: tuple[AtInfo, ...] = ()
    lost: tuple[tuple[int, int], ...] = ()


LOCAL_COPIES = TableSpec(
    "local_copies",
    LocalCopy,
    ("user_id", "install", "conversation_id"),
    {
        "install": lambda: Groups(lambda c: (c.user_id, c.install), settled=True),
        "conversation": lambda: Groups(lambda c: (c.user_id, c.conversation_id), settled=True),
        "user": lambda: Groups(lambda c: c.user_id, settled=True),
        "with": lambda: Groups(lambda c: c.conversation_id, settled=True),
    },
    carry="local_copies.take_over",
)


# --- reading


def of(world: World, row: Conversation) -> list[LocalCopy]:
    """Return the copies of a user's conversation, in order of their installs."""
    table = world[LOCAL_COPIES]
    return [table[key] for key in table.index("conversation").of((row.user_id, row.conversation_id))]


def shown(world: World, install: str, row: Conversation) -> Conversation:
    """Return a conversation as an install has it: the row as it is without a copy."""
    copy = world[LOCAL_COPIES].get((row.user_id, install, row.conversation_id))
    if copy is None:
        return row
    own = evolve(
        row,
        listed=row.listed or copy.listed,
        pinned=copy.pinned,
        active_order=max(row.active_order, copy.active_order),
        cleared_order=copy.cleared_order,
        uncounted_order=copy.uncounted_order,
        unread=row.unread + copy.unread,
    )
    infos = {info.seq: info for info in (*copy.at_infos, *row.at_infos)}
    return evolve(
        own,
        last_message=_last(world, row, copy),
        at_infos=tuple(infos[seq] for seq in sorted(infos) if _stands(world, own, install, seq)) if infos else (),
    )


def _last(world: World, row: Conversation, copy: LocalCopy) -> str | None:
    rows = world[messages.MESSAGES].rows
    if row.last_message in rows and rows[row.last_message].order > copy.last_order:
        return row.last_message
    if copy.last_message is None or copy.last_message in rows:
        return copy.last_message
    newest = visibility.newest_visible(
        world, copy.user_id, copy.conversation_id, copy.install
    )  # it was sent again, and not stored
    return None if newest is None else newest.msg_id


def _stands(world: World, own: Conversation, install: str, seq: int) -> bool:
    """Return whether a mention is still one: not read, and its message not gone from the install."""
    if seq <= own.read_seq:
        return False
    msg_id = (
        world[messages.MESSAGES].index("seq").at_or_below(messages.channel_of(own.user_id, own.conversation_id), seq)
    )
    message = None if msg_id is None else messages.get(world, msg_id)
    if message is None or message.seq != seq or message.status != messages.SENT:
        return False
    return visibility.is_visible(world, own.user_id, message, install)


def ids(world: World, user_id: str, install: str | None) -> list[str]:
    """Return the ids of the conversations of which an install (None: one of the user's) has a copy, sorted."""
    table = world[LOCAL_COPIES]
    if install is None:
        return sorted({key[2] for key in table.index("user").of(user_id)})
    return [key[2] for key in table.index("install").of((user_id, install))]


# --- parting and meeting


def keep(world: World, before: Conversation, after: Conversation, deleter: str) -> None:
    """
    Let the user's other installs keep what they have of a conversation, of which one has deleted something.

    Args:
        before, after: the row, which is `after` from now on.
        deleter: the install that deletes.
    """
    for install, known in others(world, before.user_id, deleter):
        has = shown(world, install, before)
        if known is world:
            if has.listed or _has_messages(world, install, has):
                _part(world, install, has, after)
            continue
        had = shown(known, install, conversations.get(known, before.user_id, before.conversation_id))
        is_parted = (before.user_id, install, before.conversation_id) in world[LOCAL_COPIES]
        if is_parted or had.listed or _has_messages(known, install, had):
            _part_behind(world, install, has, had, before, after)


def others(world: World, user_id: str, but: str) -> list[tuple[str, World]]:
    """Return the installs that have a user's data, but one, each with the world as it knows it, in order of their names."""
    found: dict[str, World] = dict(installs.away(world, user_id))
    for device in devices.seen_of_user(world, user_id):
        if device.connected:
            found[device.install] = world
    found.pop(but, None)
    return sorted(found.items())


def _has_messages(world: World, install: str, has: Conversation) -> bool:
    table = world[messages.MESSAGES]
    stock = table.index("channel").newer(messages.channel_of(has.user_id, has.conversation_id), has.cleared_order + 1)
    return any(visibility.is_visible(world, has.user_id, table.rows[msg_id], install) for msg_id in stock)


def part(world: World, install: str, row: Conversation) -> None:
    """Give an install a copy of a conversation that it shows: it is going to delete something from its own storage alone."""
    has = shown(world, install, row)
    if has.listed or has.is_topic:
        _part(world, install, has, row)


def add(world: World, device: Device, row: Conversation, message: Message) -> bool:
    """
    Show a message in a conversation on one device alone, which has it and nobody else: on top, unless it is not to be the last one.

    Returns: whether the conversation is new in the device's list. It is for the caller to announce it.
    """
    has = shown(world, device.install, row)
    if not (message.excluded_from_last and has.listed):
        copy = _raise(world, device.install, has, row, message.order)
        if not message.excluded_from_last:
            _put(world, evolve(copy, last_message=message.msg_id, last_order=message.order))
    return not has.listed


def enlist(world: World, install: str, row: Conversation) -> None:
    """Put a conversation into the list of one install, where it is active now if it was never before."""
    has = shown(world, install, row)
    _raise(world, install, has, row, has.active_order or world.next_number("order"))


def _raise(world: World, install: str, has: Conversation, row: Conversation, order: int) -> LocalCopy:
    if conversations.find(world, row.user_id, row.conversation_id) is None:
        conversations.save(world, row)
    copy = _part(world, install, has, row)
    return _put(world, evolve(copy, listed=has.listed or not has.is_topic, active_order=order))


def take_over(held: World, old: LocalCopy | None, new: LocalCopy | None) -> None:
    """
    Bring an install's copy in line with what it has done by itself while it is away.

    Args:
        held: the world as it knows it, in which its copy was `old` and is `new`.
    """
    if new is None:
        return
    world, install = held.live, new.install
    known = conversations.get(held, new.user_id, new.conversation_id)
    row = conversations.get(world, new.user_id, new.conversation_id)
    has = shown(world, install, row)
    if new.active_order > max(known.active_order, 0 if old is None else old.active_order):
        copy = _raise(world, install, has, row, max(new.active_order, has.active_order))
    else:
        copy = _part(world, install, has, row)
    _fit(world, row, copy, has.last_message, new.last_message)


def _fit(world: World, row: Conversation, copy: LocalCopy, *last: str | None) -> None:
    """Let a copy have the newest of some messages as its last one, of all if the install has none of these, and count what is unread."""
    rows = world[messages.MESSAGES].rows
    known = [rows[one] for one in last if one in rows]
    shows = [one for one in known if visibility.is_visible(world, copy.user_id, one, copy.install)]
    newest = max(shows, key=lambda one: one.order, default=None)
    if newest is None and any(last):
        newest = visibility.newest_visible(world, copy.user_id, copy.conversation_id, copy.install)
    last_message = None if newest is None else newest.msg_id
    _recount(world, row, _put(world, evolve(copy, last_message=last_message, last_order=_newest_order(world, row))))


def _part_behind(
    world: World, install: str, has: Conversation, had: Conversation, before: Conversation, after: Conversation
) -> None:
    """
    Give an install that is away a copy of a conversation in which another has deleted something.

    Args:
        has: what it would have if it were there. `had`: what it has.
    """
    copy = evolve(_part(world, install, has, after), listed=had.listed)
    if after.cleared_order > before.cleared_order:
        store = installs.store_of(world, has.user_id, install)
        since = 0 if store is None else store.order
        lost = (*(one for one in copy.lost if one[0] != since), (since, after.cleared_order))
        copy = evolve(copy, lost=lost, active_order=had.active_order)
    _fit(world, after, _put(world, copy), has.last_message, had.last_message)


def _part(world: World, install: str, has: Conversation, row: Conversation) -> LocalCopy:
    old = world[LOCAL_COPIES].get((has.user_id, install, has.conversation_id))
    copy = LocalCopy(
        has.user_id,
        install,
        has.conversation_id,
        listed=has.listed,
        pinned=has.pinned,
        active_order=has.active_order,
        cleared_order=has.cleared_order,
        uncounted_order=has.uncounted_order,
        unread=has.unread - row.unread,
        last_message=has.last_message,
        last_order=_newest_order(world, row),
        at_infos=tuple(info for info in has.at_infos if info not in row.at_infos),
        lost=() if old is None else old.lost,
    )
    return _put(world, copy)


def _newest_order(world: World, row: Conversation) -> int:
    table = world[messages.MESSAGES]
    newest = next(table.index("channel").older(messages.channel_of(row.user_id, row.conversation_id)), None)
    return 0 if newest is None else table.rows[newest].order


def settle(world: World, install: str, row: Conversation, gone: Collection[str]) -> None:
    """Bring an install's copy in line, if it has one, with messages that it has deleted."""
    copy = world[LOCAL_COPIES].get((row.user_id, install, row.conversation_id))
    if copy is None:
        return
    if shown(world, install, row).last_message in gone:
        newest = visibility.newest_visible(world, row.user_id, row.conversation_id, install)
        last = None if newest is None else newest.msg_id
        copy = _put(world, evolve(copy, last_message=last, last_order=_newest_order(world, row)))
    _recount(world, row, copy)


def delete(world: World, install: str, row: Conversation, keeps_messages: bool) -> None:
    """Take a conversation out of an install's own copy, which is not needed any more unless it has messages that the service has not."""
    table = world[LOCAL_COPIES]
    key = (row.user_id, install, row.conversation_id)
    copy = table.get(key)
    if copy is None:
        return
    if keeps_messages:
        order = row.uncounted_order
        kept = LocalCopy(*key, cleared_order=copy.cleared_order, uncounted_order=order, last_order=order, lost=copy.lost)
        table.put(key, kept)
    else:
        table.drop(key)


def clear(world: World, row: Conversation) -> None:
    """Take the messages out of all copies of a conversation that was cleared; a copy that differs in nothing else is dropped."""
    for copy in of(world, row):
        if row.listed and copy.pinned == row.pinned:
            world[LOCAL_COPIES].drop((copy.user_id, copy.install, copy.conversation_id))
        else:
            order = row.cleared_order
            blank = evolve(copy, last_message=None, last_order=order, unread=0, at_infos=(), lost=())
            _put(world, evolve(blank, cleared_order=order))


def recount(world: World, row: Conversation) -> None:
    """Count anew what is unread in the copies of a conversation, after reading or revoking."""
    for copy in of(world, row):
        _recount(world, row, copy)


def _recount(world: World, row: Conversation, copy: LocalCopy) -> None:
    more = _unread(world, copy.install, shown(world, copy.install, row)) - row.unread
    if more != copy.unread:
        _put(world, evolve(copy, unread=more))


def _unread(world: World, install: str, own: Conversation) -> int:
    table = world[messages.MESSAGES]
    left = 0
    for msg_id in table.index("channel").older(messages.channel_of(own.user_id, own.conversation_id)):
        message = table.rows[msg_id]
        if message.order <= max(own.cleared_order, own.uncounted_order):
            break
        if 0 < message.seq <= own.read_seq if own.is_group else message.order <= own.read_order:
            break
        left += counting.is_unread(world, own, message, install)
    return left


def pin(world: World, row: Conversation, pinned: bool) -> None:
    """Pin the copies of a conversation, too, or let them go."""
    for copy in of(world, row):
        _put(world, evolve(copy, pinned=pinned))


def forget(world: World, conversation_id: str, user_id: str | None = None) -> None:
    """Drop the copies of a user's conversation, or of everybody's."""
    table = world[LOCAL_COPIES]
    for key in table.index("with").of(conversation_id):
        if user_id in (None, key[0]):
            table.drop(key)


def begin_anew(world: World, conversation_id: str) -> None:
    """Empty everybody's copies of a conversation whose messages are gone; where it is listed, it stays so."""
    table = world[LOCAL_COPIES]
    for key in list(table.index("with").of(conversation_id)):
        copy = table[key]
        if copy.listed:
            user_id, install = copy.user_id, copy.install
            _put(world, LocalCopy(user_id, install, conversation_id, True, copy.pinned, copy.active_order))
        else:
            table.drop(key)


def _put(world: World, copy: LocalCopy) -> LocalCopy:
    world[LOCAL_COPIES].put((copy.user_id, copy.install, copy.conversation_id), copy)
    return copy


# --- telling


def announce(
    world: World, to: facts.Audience, rows: tuple[Conversation, ...], new: bool, before_reply: bool, listed: bool
) -> None:
    """State what `conversation_list.announce` does, to each device what it means there: nothing is new that its app has."""
    for device in _reached(world, to):
        told: dict[str, list[Conversation]] = {"conversation_created": [], "conversation_changed": []}
        for row in rows:
            copy = world[LOCAL_COPIES].get((row.user_id, device.install, row.conversation_id))
            has = copy is not None and copy.listed
            if row.listed or has or not listed:
                told["conversation_created" if new and not has else "conversation_changed"].append(row)
        for kind, some in told.items():
            if some:
                world.state(kind, facts.device(device.device_id), before_reply, conversations=tuple(some))


def _reached(world: World, to: facts.Audience) -> Iterable[Device]:
    if to.only is not None:
        only = world[devices.DEVICES].get(to.only)
        return () if only is None else (only,)
    return (one for user_id in to.users for one in devices.of_user(world, user_id) if one.device_id != to.without)
