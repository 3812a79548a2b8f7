"""Deleting conversations and messages, and clearing histories: for one user alone, never for the other parties."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import (
    conversation_list,
    conversations,
    counting,
    local_copies,
    messages,
    own_marks,
    unread,
    visibility,
)
from bridge.world.chats.conversations import Conversation
from bridge.world.chats.labels import check_batch
from bridge.world.chats.messages import Message
from bridge.world.kernel import codes, facts, rates
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.world import World


def delete(world: World, device: Device, user_id: str, conversation_id: str) -> None:
    """
    Take a conversation and its messages away from a user.

    The user's other apps keep what they have, unless the switch "sync_conversation_deletion" is on.

    States conversation_deleted to the device, with the switch to all of the user's, and unread sums. One that is not there is taken.

    Raises: ChatError 6017 (malformed id).
    """
    conversations.check_id(conversation_id)
    _tell(world, device, user_id, [conversation_id] if _take(world, device, user_id, conversation_id, True) else [])


def delete_many(
    world: World, device: Device, user_id: str, conversation_ids: list[str], clear_messages: bool
) -> list[Item]:
    """
    Take conversations away from a user, and their messages if asked to. Returns an item per id.

    States conversation_deleted once for all of them, and unread sums.

    Raises: ChatError 6017 (no id), 51006 (over 100).
    """
    if not conversation_ids:
        raise ChatError(codes.INVALID_PARAMETERS, "invalid conversationIDList")
    check_batch(conversation_ids)
    items = []
    gone = []
    for conversation_id in conversation_ids:
        if not conversations.is_well_formed(conversation_id):
            items.append(Item.of(conversation_id, codes.INVALID_PARAMETERS))
            continue
        items.append(Item.of(conversation_id))
        if _take(world, device, user_id, conversation_id, clear_messages):
            gone.append(conversation_id)
    _tell(world, device, user_id, gone)
    return items


def clear_history(world: World, user_id: str, conversation_id: str) -> None:
    """
    Take all messages of a conversation away from a user; it stays where it is in the list.

    States conversation_changed and unread sums to all devices of the user.

    Raises: ChatError 6017 (malformed id).
    """
    conversations.check_id(conversation_id)
    row = conversations.find(world, user_id, conversation_id)
    if row is None:
        return
    row = conversations.save(world, _cleared(world, row))
    if conversation_list.has_copies(world):
        local_copies.clear(world, row)
    conversation_list.announce(world, facts.user(user_id), [row], listed=True)
    unread.tell(world, user_id)


MAX_DELETED = 50


def delete_messages(world: World, device: Device, user_id: str, gone: list[Message], locally: bool = False) -> None:
    """
    Take messages of one conversation away from a user. Other parties keep them, and so do the user's other devices that have them.

    Where one was unread, the count falls. States conversation_changed to the device if the count or the last message is another
    now, and unread sums.

    Args:
        locally: on this device alone; another one, or this one installed anew, still has them.

    Raises: ChatError 6017 (over 50, or of several conversations), 7008 (twice in a second, with rate limits).
    """
    channels = {message.channel for message in gone}
    if len(gone) > MAX_DELETED or len(channels) > 1:
        raise ChatError(codes.INVALID_PARAMETERS)
    if not gone:
        return
    if not locally:
        rates.check(world, user_id, "delete_messages", 1, 1000, codes.CALL_FREQUENCY_LIMIT)
    conversation_id = messages.conversation_id_of(user_id, gone[0].channel)
    row = conversations.get(world, user_id, conversation_id)
    has = conversation_list.shown(world, device, row)
    if locally:
        changed = _delete_locally(world, device, row, gone)
    else:
        changed = _delete_for_good(world, device, row, gone)
    if conversation_list.has_copies(world):
        local_copies.settle(world, device.install, changed, {message.msg_id for message in gone})
    if conversation_list.shown(world, device, changed) != has:
        conversation_list.announce(world, facts.device(device.device_id), [changed], listed=True)
    unread.tell(world, user_id)


def _delete_locally(world: World, device: Device, row: Conversation, gone: list[Message]) -> Conversation:
    """Mark messages as gone from one install, which has a copy of the conversation from now on. Returns the row, as it was."""
    local_copies.part(world, device.install, row)
    for message in gone:
        own_marks.set_mark(world, row.user_id, device.install, message.msg_id, gone=True)
    return row


def _delete_for_good(world: World, device: Device, row: Conversation, gone: list[Message]) -> Conversation:
    """Mark messages as gone for a user but on the other devices that have them. Returns the row without them."""
    count = sum(counting.is_unread(world, row, message) for message in gone)
    seqs = {message.seq for message in gone if message.seq}
    at_infos = tuple(info for info in row.at_infos if info.seq not in seqs) if row.is_group else row.at_infos
    changed = evolve(row, unread=row.unread - count, at_infos=at_infos)
    others = local_copies.others(world, row.user_id, device.install)
    for message in gone:
        mark = messages.mark(world, row.user_id, message.msg_id)
        if mark.deleted:
            kept_on = tuple(name for name in mark.kept_on if name != device.install)
        else:
            kept_on = tuple(name for name, known in others if _has(known, name, row.user_id, message))
        messages.set_mark(world, row.user_id, message.msg_id, deleted=True, kept_on=kept_on)
    if row.last_message in {message.msg_id for message in gone}:
        newest = visibility.newest_visible(world, row.user_id, row.conversation_id)
        changed = evolve(changed, last_message=None if newest is None else newest.msg_id)
    if changed == row:
        return row
    if others:
        local_copies.keep(world, row, changed, device.install)
    return conversations.save(world, changed)


def _has(known: World, install: str, user_id: str, message: Message) -> bool:
    """Return whether an install has a message, in the world as it knows it."""
    return message.msg_id in known[messages.MESSAGES] and visibility.is_visible(known, user_id, message, install)


def _take(world: World, device: Device, user_id: str, conversation_id: str, clear_messages: bool) -> bool:
    """Take one conversation out of the list. Returns whether it was there."""
    drafts = world[conversations.DRAFTS]
    drafts.drop((user_id, device.install, conversation_id))
    row = conversations.find(world, user_id, conversation_id)
    if row is None:
        return False
    is_synced = world.policy.switch("sync_conversation_deletion")
    views = conversation_list.views(world, row) if is_synced else [conversation_list.shown(world, device, row)]
    after = _cleared(world, row) if clear_messages else row
    after = evolve(after, listed=False, pinned=False, unread=0, at_infos=(), active_order=0, last_message=None)
    after = evolve(after, uncounted_order=world.next_number("order"))
    if not device.client.keeps_groups:
        after = evolve(after, groups=())
    _part(world, device, row, after, clear_messages, is_synced)
    conversations.save(world, after)
    _tell_left_groups(world, device, row, after)
    return any(view.listed for view in views)


def _part(
    world: World, device: Device, row: Conversation, after: Conversation, clear_messages: bool, is_synced: bool
) -> None:
    """See to what the user's installs have of a conversation that one of them deletes."""
    if not conversation_list.has_copies(world) and not local_copies.others(world, row.user_id, device.install):
        return
    if is_synced:
        local_copies.forget(world, row.conversation_id, row.user_id)
    else:
        local_copies.keep(world, row, after, device.install)
        local_copies.delete(world, device.install, after, keeps_messages=not clear_messages)


def _tell_left_groups(world: World, device: Device, row: Conversation, after: Conversation) -> None:
    """Tell the user's other devices which conversation groups a conversation has left with its deletion on an old client."""
    others = facts.user(row.user_id, without=device.device_id)
    for name in row.groups if not after.groups else ():
        world.state("conversations_deleted_from_group", others, group_name=name, conversations=(after,))
    if row.groups != after.groups:
        conversation_list.announce(world, others, [after], listed=True)


def _cleared(world: World, row: Conversation) -> Conversation:
    order = world.next_number("order")
    return evolve(row, cleared_order=order, last_message=None, unread=0, at_infos=())


def _tell(world: World, device: Device, user_id: str, conversation_ids: list[str]) -> None:
    if conversation_ids:
        to = facts.device(device.device_id)
        if world.policy.switch("sync_conversation_deletion"):
            to = facts.user(user_id)
        world.state("conversation_deleted", to, conversation_id_list=tuple(conversation_ids))
    unread.tell(world, user_id)
