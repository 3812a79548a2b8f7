"""What users put on their conversations: pins, drafts, marks, custom data. Marks change nothing but themselves (product docs: mark)."""

from __future__ import annotations

from collections.abc import Callable

from bridge.errors import ChatError
from bridge.world.chats import conversation_list, conversations, local_copies, unread
from bridge.world.chats.conversations import Conversation
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World
from bridge.world.people import users

CUSTOM_DATA_BYTES = 256


def pin(world: World, user_id: str, conversation_id: str, pinned: bool) -> None:
    """
    Pin a conversation to the top, or let it go; the entry is made if there is none.

    States conversation_changed to all devices of the user, unless nothing changed.

    Raises: ChatError 6017 (malformed id), 51012 (more than 50 pinned).
    """
    conversations.check_id(conversation_id)
    row = conversations.get(world, user_id, conversation_id)
    views = conversation_list.views(world, row)
    if row.pinned == pinned and all(view.pinned == pinned for view in views) and (row.listed or not pinned):
        return
    table = conversations.of(world, user_id)
    if pinned and not (row.pinned and row.listed) and table.index("list").pinned_count(user_id) >= conversations.MAX_PINNED:
        raise ChatError(codes.PINNED_CONVERSATION_LIMIT)
    row = evolve(row, pinned=pinned)
    row = conversations.enlist(world, row) if pinned else conversations.save(world, row)
    if len(views) > 1:
        local_copies.pin(world, row, pinned)
    conversation_list.announce(world, facts.user(user_id), [row], listed=not pinned)


def set_draft(world: World, device: Device, user_id: str, conversation_id: str, text: str | None) -> None:
    """
    Keep an unfinished text for a conversation on this device alone; no text forgets it.

    States conversation_changed to the device. Raises: ChatError 6017 (malformed id).
    """
    conversations.check_id(conversation_id)
    table = world[conversations.DRAFTS]
    key = (user_id, device.install, conversation_id)
    kept = table.get(key)
    row = conversations.get(world, user_id, conversation_id)
    if not text:
        if kept is None:
            return
        table.drop(key)
    else:
        if row.is_topic:
            row = conversations.save(world, row)
        elif not conversation_list.shown(world, device, row).listed:
            local_copies.enlist(world, device.install, row)
        order = world.next_number("order")
        table.put(key, conversations.Draft(*key, text=text, set_ms=world.now_ms, order=order))
    conversation_list.announce(world, facts.device(device.device_id), [row])


def is_mark(bits: int) -> bool:
    """Return whether this is one mark: star 1, unread 2, fold 4, hide 8, or an app's own bit from 2^32 to 2^63 (native header)."""
    return bits in (1, 2, 4, 8) or (bits >= 1 << 32 and not bits & (bits - 1))


def mark(world: World, user_id: str, conversation_ids: list[str], bits: int, enable: bool) -> list[Item]:
    """
    Set or clear a mark on conversations. Returns an item per id; see `_label` for events and errors.

    Raises: also ChatError 6017 for what is no mark (DECISIONS.md: Bits that are no marks).
    """
    if not is_mark(bits):
        raise ChatError(codes.INVALID_PARAMETERS)

    def marked(row: Conversation) -> Conversation:
        return evolve(row, marks=row.marks | bits if enable else row.marks & ~bits)

    return _label(world, user_id, conversation_ids, marked)


def set_custom_data(world: World, user_id: str, conversation_ids: list[str], data: str) -> list[Item]:
    """
    Replace the custom data of conversations. Returns an item per id; see `_label` for events and errors.

    Raises: also ChatError 6017 for more than 256 bytes.
    """
    if bytes_of(data) > CUSTOM_DATA_BYTES:
        raise ChatError(codes.INVALID_PARAMETERS)
    return _label(world, user_id, conversation_ids, lambda row: evolve(row, custom_data=data))


def _label(
    world: World, user_id: str, conversation_ids: list[str], change: Callable[[Conversation], Conversation]
) -> list[Item]:
    """
    Change the labels of conversations, listed or not.

    States conversation_changed for those that changed, to all devices of the user.

    Raises: ChatError 51006 (no id, or over 100).
    """
    check_batch(conversation_ids)
    items: list[Item] = []
    changed: dict[str, Conversation] = {}
    for conversation_id in conversation_ids:
        code = item_code(world, user_id, conversation_id)
        if code == 0:
            row = conversations.get(world, user_id, conversation_id)
            new = change(row)
            if new != row:
                changed[conversation_id] = conversations.save(world, new)
        items.append(Item.of(conversation_id, code))
    conversation_list.announce(world, facts.user(user_id), changed.values())
    unread.tell(world, user_id)
    return items


def check_batch(conversation_ids: list[str]) -> None:
    """Raise ChatError 51006 unless there are 1 to 100 ids (product docs: error page)."""
    if not 1 <= len(conversation_ids) <= conversations.BATCH:
        raise ChatError(codes.CONVERSATION_REQUEST_COUNT)


def item_code(world: World, user_id: str, conversation_id: str) -> int:
    """
    Return the code with which the service takes or refuses to label one conversation.

    Returns: 0, or 6017 malformed id, 51007 no such group, 50001 no such user, 51008 over 1000 labelled ones.
    """
    if not conversations.is_well_formed(conversation_id):
        return codes.INVALID_PARAMETERS
    row = conversations.find(world, user_id, conversation_id)
    if conversation_id.startswith("group_"):
        if groups.find(world, communities.community_of(conversation_id[6:])) is None:
            return codes.CONVERSATION_OPERATION_FAILED
    elif users.find(world, conversation_id[4:]) is None:
        return codes.CONVERSATION_ACCOUNT_NOT_FOUND
    if row is not None and (row.marks or row.groups or row.custom_data):
        return 0
    labelled = conversations.of(world, user_id).index("labelled").count(user_id)
    return codes.CONVERSATION_MARK_TOTAL_LIMIT if labelled >= conversations.MAX_LABELLED else 0
