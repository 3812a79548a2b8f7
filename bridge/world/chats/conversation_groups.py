"""Conversation groups: named sets of a user's conversations, kept by the service (product docs: conversation groups)."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import conversation_list, conversations, unread
from bridge.world.chats.conversations import Conversation
from bridge.world.chats.labels import check_batch, item_code
from bridge.world.kernel import codes, facts
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World

MAX_GROUPS = 20
NAME_BYTES = 32


@row_class
class ConversationGroup:
    """A conversation group of a user. `order` is when it was created, in the world's order."""

    user_id: str
    name: str
    order: int


CONVERSATION_GROUPS = TableSpec(
    "conversation_groups", ConversationGroup, ("user_id", "name"), {"user": lambda: Groups(lambda g: g.user_id)}
)


def names(world: World, user_id: str) -> list[str]:
    """Return the names of a user's conversation groups in order of creation."""
    table = world[CONVERSATION_GROUPS]
    return [g.name for g in sorted((table[k] for k in table.index("user").of(user_id)), key=lambda g: g.order)]


def members(world: World, user_id: str, name: str) -> list[Conversation]:
    """Return the conversations of a group, listed or not, in order of their ids."""
    table = conversations.of(world, user_id)
    return [table[key] for key in table.index("group").of((user_id, name))]


def create(world: World, user_id: str, name: str, conversation_ids: list[str]) -> list[Item]:
    """
    Create a group with conversations in it; a group of that name that is already there takes them.

    Returns: an item per id, in order. The group is not made if none of them could be taken.

    States conversation_group_created (or conversations_added_to_group), then conversation_changed, to all devices of
    the user.

    Raises: ChatError 51011 (name not of 1 to 32 bytes), 51006 (no id, or over 100), 51010 (a 21st group).
    """
    _check_plan(world)
    _check_name(name)
    check_batch(conversation_ids)
    table = world[CONVERSATION_GROUPS]
    if (user_id, name) in table:
        return add(world, user_id, name, conversation_ids)
    if table.index("user").count(user_id) >= MAX_GROUPS:
        raise ChatError(codes.CONVERSATION_GROUP_LIMIT)
    items, taken, changed = _take_in(world, user_id, name, conversation_ids)
    if taken:
        table.put((user_id, name), ConversationGroup(user_id, name, world.next_number("order")))
        _tell(world, user_id, "conversation_group_created", name, taken, changed)
    return items


def add(world: World, user_id: str, name: str, conversation_ids: list[str]) -> list[Item]:
    """
    Put conversations into a group; those that are in it already stay.

    Returns: an item per id, in order.

    States conversations_added_to_group for those that came in, then conversation_changed, to all devices of the user.

    Raises: ChatError 51011 (empty name), 51006 (no id, or over 100), 51009 (no such group).
    """
    _check_batch_of(world, user_id, name, conversation_ids)
    items, _, changed = _take_in(world, user_id, name, conversation_ids)
    _tell(world, user_id, "conversations_added_to_group", name, changed, changed)
    return items


def remove(world: World, user_id: str, name: str, conversation_ids: list[str]) -> list[Item]:
    """
    Take conversations out of a group; the group stays, even empty.

    Returns: an item per id, in order; 0 also for those that were not in it.

    States conversations_deleted_from_group for those that went, then conversation_changed, to all devices of the user.

    Raises: as `add`.
    """
    _check_batch_of(world, user_id, name, conversation_ids)
    items: list[Item] = []
    gone: dict[str, Conversation] = {}
    for conversation_id in conversation_ids:
        if not conversations.is_well_formed(conversation_id):
            items.append(Item.of(conversation_id, codes.INVALID_PARAMETERS))
            continue
        items.append(Item.of(conversation_id))
        row = conversations.find(world, user_id, conversation_id)
        if row is not None and name in row.groups:
            gone[conversation_id] = _leave(world, row, name)
    _tell(world, user_id, "conversations_deleted_from_group", name, list(gone.values()), list(gone.values()))
    return items


def delete(world: World, user_id: str, name: str) -> None:
    """
    Delete a group; its conversations stay.

    States conversation_group_deleted, then conversation_changed for those that were in it, to all devices of the user.

    Raises: ChatError 51011 (empty name), 51009 (no such group).
    """
    _require(world, user_id, name)
    left = [_leave(world, row, name) for row in members(world, user_id, name)]
    world[CONVERSATION_GROUPS].drop((user_id, name))
    world.state("conversation_group_deleted", facts.user(user_id), group_name=name)
    conversation_list.announce(world, facts.user(user_id), left)
    unread.tell(world, user_id)


def rename(world: World, user_id: str, old: str, new: str) -> None:
    """
    Give a group another name; its members and its place among the groups stay.

    States conversation_group_name_changed, then conversation_changed for its members, to all devices of the user;
    nothing if the name is the same.

    Raises: ChatError 51011 (a name not of 1 to 32 bytes), 51009 (no such group), 6017 (the new name is taken).
    """
    _check_plan(world)
    _check_name(new)
    group = _require(world, user_id, old)
    if old == new:
        return
    table = world[CONVERSATION_GROUPS]
    if (user_id, new) in table:
        raise ChatError(codes.INVALID_PARAMETERS)
    moved = []
    for row in members(world, user_id, old):
        renamed = tuple(new if name == old else name for name in row.groups)
        moved.append(conversations.save(world, evolve(row, groups=renamed)))
    table.drop((user_id, old))
    table.put((user_id, new), evolve(group, name=new))
    world.state("conversation_group_name_changed", facts.user(user_id), old_name=old, new_name=new)
    conversation_list.announce(world, facts.user(user_id), moved)
    unread.tell(world, user_id)


def _check_plan(world: World) -> None:
    """Raise ChatError 7013 where the switch "conversation_groups" is off: the plan does not include them (product docs: error codes)."""
    if not world.policy.switch("conversation_groups"):
        raise ChatError(codes.INTERFACE_NOT_SUPPORTED)


def _check_name(name: str) -> None:
    if not 1 <= bytes_of(name) <= NAME_BYTES:
        raise ChatError(codes.CONVERSATION_GROUP_NAME_LENGTH)


def _require(world: World, user_id: str, name: str) -> ConversationGroup:
    _check_plan(world)
    if not name:
        raise ChatError(codes.CONVERSATION_GROUP_NAME_LENGTH)
    group = world[CONVERSATION_GROUPS].get((user_id, name))
    if group is None:
        raise ChatError(codes.CONVERSATION_GROUP_NOT_FOUND)
    return group


def _check_batch_of(world: World, user_id: str, name: str, conversation_ids: list[str]) -> None:
    _check_plan(world)
    if not name:
        raise ChatError(codes.CONVERSATION_GROUP_NAME_LENGTH)
    check_batch(conversation_ids)
    _require(world, user_id, name)


def _take_in(
    world: World, user_id: str, name: str, conversation_ids: list[str]
) -> tuple[list[Item], list[Conversation], list[Conversation]]:
    """Return the item of each id, the conversations now in the group, and those of them that came in."""
    items: list[Item] = []
    taken: dict[str, Conversation] = {}
    changed: dict[str, Conversation] = {}
    for conversation_id in conversation_ids:
        code = item_code(world, user_id, conversation_id)
        items.append(Item.of(conversation_id, code))
        if code:
            continue
        row = conversations.get(world, user_id, conversation_id)
        if name not in row.groups:
            row = conversations.save(world, evolve(row, groups=(*row.groups, name)))
            changed[conversation_id] = row
        taken[conversation_id] = row
    return items, list(taken.values()), list(changed.values())


def _leave(world: World, row: Conversation, name: str) -> Conversation:
    return conversations.save(world, evolve(row, groups=tuple(kept for kept in row.groups if kept != name)))


def _tell(
    world: World, user_id: str, kind: str, name: str, told: list[Conversation], changed: list[Conversation]
) -> None:
    if told:
        world.state(kind, facts.user(user_id), group_name=name, conversations=tuple(told))
    conversation_list.announce(world, facts.user(user_id), changed)
    unread.tell(world, user_id)
