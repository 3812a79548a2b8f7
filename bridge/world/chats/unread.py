"""Unread counts: their sums, who wants to hear of them, and reading."""

from __future__ import annotations

from collections.abc import Callable

from bridge.errors import ChatError
from bridge.values import value_class
from bridge.world.chats import conversation_list, conversations, counting, messages
from bridge.world.chats.conversations import Conversation
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, devices, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World


@value_class
class Filter:
    """
    Which conversations count; None everywhere takes all of them.

    Attributes:
        kind: "c2c" or "group".
        group_name: in this conversation group; "" means in none.
        marks: carries one of these bits; 0 means carries none.
        unread: whether it has an unread count. `mentioned`: whether somebody has mentioned me there.
    """

    kind: str | None = None
    group_name: str | None = None
    marks: int | None = None
    unread: bool | None = None
    mentioned: bool | None = None

    def matches(self, row: Conversation) -> bool:
        """Return whether a conversation meets all conditions."""
        if self.kind is not None and (self.kind == "group") != row.is_group:
            return False
        if self.group_name is not None and (self.group_name not in row.groups if self.group_name else bool(row.groups)):
            return False
        if self.marks is not None and (not row.marks & self.marks if self.marks else bool(row.marks)):
            return False
        if self.unread is not None and self.unread != bool(row.unread):
            return False
        return self.mentioned is None or self.mentioned == bool(row.at_infos)


def total(world: World, device: Device, user_id: str) -> int:
    """Return the unread total of a device: the sum over conversations with receive option 0 (native header)."""
    count: int = conversations.of(world, user_id).index("list").total_unread(user_id)
    return count + _in_copies(world, device, user_id, None)


def _in_copies(world: World, device: Device, user_id: str, condition: Filter | None) -> int:
    """Return by how much a device's sum is another than the service's, by what it has otherwise."""
    more = 0
    for name in conversation_list.ids_with_copies(world, user_id, device):
        row = conversations.find(world, user_id, name)
        if row is not None:
            shown = conversation_list.shown(world, device, row)
            more += conversations.counted(shown, condition) - conversations.counted(row, condition)
    return more


def total_by(world: World, device: Device, user_id: str, condition: Filter) -> int:
    """Return the unread sum of the conversations that meet a filter, with the same receive option rule."""
    table = conversations.of(world, user_id)
    count: int = table.index("sums").of(user_id, condition, lambda: map(table.rows.get, table.index("user").of(user_id)))
    return count + _in_copies(world, device, user_id, condition)


def want_total(world: World, device: Device, user_id: str) -> int:
    """Return the unread total, and from now on tell this device when it changes (native header)."""
    count = total(world, device, user_id)
    if not device.totals_wanted or device.total_told != count:
        devices.change(world, device, totals_wanted=True, total_told=count)
    return count


def subscribe(world: World, device: Device, user_id: str, condition: Filter) -> None:
    """Tell this device from now on when the sum of a filter changes; nothing is told at once."""
    kept = tuple(entry for entry in device.unread_filters if entry[0] != condition)
    devices.change(world, device, unread_filters=(*kept, (condition, total_by(world, device, user_id, condition))))


def unsubscribe(world: World, device: Device, condition: Filter) -> None:
    """Stop telling this device about a filter; one that was not subscribed is taken."""
    kept = tuple(entry for entry in device.unread_filters if entry[0] != condition)
    devices.change(world, device, unread_filters=kept)


def tell(world: World, user_id: str) -> None:
    """State the unread total and filter sums to those devices of a user that asked for them, last heard another, and can be reached."""
    for device in devices.of_user(world, user_id):
        if not device.connected and not world.device_id:
            continue
        if device.totals_wanted:
            count = total(world, device, user_id)
            if count != device.total_told:
                device = devices.change(world, device, total_told=count)
                world.state("total_unread_message_count_changed", facts.device(device.device_id), count=count)
        if device.unread_filters:
            _tell_filters(world, device, user_id)


def _tell_filters(world: World, device: Device, user_id: str) -> None:
    told = []
    for condition, last in device.unread_filters:
        count = total_by(world, device, user_id, condition)
        told.append((condition, count))
        if count != last:
            world.state(
                "unread_message_count_changed_by_filter",
                facts.device(device.device_id),
                filter=condition,
                total_unread_count=count,
            )
    if tuple(told) != device.unread_filters:
        devices.change(world, device, unread_filters=tuple(told))


# --- reading


def clean(world: World, user_id: str, conversation_id: str, until_s: int = 0, until_seq: int = 0) -> None:
    """
    Read conversations.

    Args:
        conversation_id: one conversation, "c2c" or "group" for all of a kind, "" for all.
        until_s: in a one-to-one chat, read what was sent until then (included); 0 reads all.
        until_seq: in a group, read up to this number; 0 reads all.

    States conversation_changed and unread sums to the reader's devices; c2c_read to each peer.

    Raises: ChatError 6017 (malformed id), 10010 (no such group).
    """
    if conversation_id in ("", "c2c", "group"):
        wanted = {"": None, "c2c": False, "group": True}[conversation_id]
        listed = (name for _, name in conversations.of(world, user_id).index("list").below(user_id, None))
        names = dict.fromkeys((*listed, *conversation_list.ids_with_copies(world, user_id)))
        rows = (conversations.get(world, user_id, name) for name in names)
        read_all(world, user_id, [row for row in rows if wanted in (None, row.is_group) and is_any_unread(world, row)])
        return
    conversations.check_id(conversation_id)
    row = conversations.get(world, user_id, conversation_id)
    is_listed = any(view.listed for view in conversation_list.views(world, row))
    if row.is_group and not is_listed and groups.find(world, communities.community_of(row.target)) is None:
        raise ChatError(codes.GROUP_NOT_FOUND)
    read_all(world, user_id, [row], until_s, until_seq)


def read_all(world: World, user_id: str, rows: list[Conversation], until_s: int = 0, until_seq: int = 0) -> None:
    """Read some conversations of a user; see `clean`."""
    until_ms = min(until_s * 1000 + 999, world.now_ms) if until_s else world.now_ms
    unread_before = [is_any_unread(world, row) for row in rows]
    read = [_read_group(world, r, until_seq) if r.is_group else _read_c2c(world, r, until_ms) for r in rows]
    news = [now for was, before, now in zip(unread_before, rows, read, strict=True) if was or before != now]
    conversation_list.announce(world, facts.user(user_id), news, listed=True)
    tell(world, user_id)
    for row in read:
        if not row.is_group:
            _tell_peer(world, user_id, row, max(row.read_ms, until_ms))


def _read_c2c(world: World, row: Conversation, until_ms: int) -> Conversation:
    return _read(world, row, lambda m: m.time_ms <= until_ms)


def _read_group(world: World, row: Conversation, until_seq: int) -> Conversation:
    group = world[groups.GROUPS].rows.get(row.target)
    last = group.last_seq if group is not None else _last_seq(world, row)
    seq = min(until_seq, last) if until_seq else last
    return _read(world, row, lambda m: 0 < m.seq <= seq, read_seq=max(row.read_seq, seq))


def _last_seq(world: World, row: Conversation) -> int:
    table = world[messages.MESSAGES]
    for msg_id in table.index("channel").older(messages.channel_of(row.user_id, row.conversation_id)):
        if table[msg_id].seq:
            return table[msg_id].seq
    return 0


def _read(
    world: World, row: Conversation, is_covered: Callable[[messages.Message], bool], read_seq: int = 0
) -> Conversation:
    """Store a conversation as read where `is_covered`, and count what is left."""
    table = world[messages.MESSAGES]
    read_order, read_ms = row.read_order, row.read_ms
    left = 0
    for msg_id in table.index("channel").older(messages.channel_of(row.user_id, row.conversation_id)):
        message = table[msg_id]
        if is_covered(message):
            read_order = max(read_order, message.order)
            read_ms = read_ms if row.is_group else max(read_ms, message.time_ms)
            break
        if counting.is_unread(world, row, message):
            left += 1
    kept = tuple(info for info in row.at_infos if read_seq and info.seq > read_seq)
    changed = evolve(
        row,
        unread=left,
        read_order=read_order,
        read_ms=read_ms,
        read_seq=read_seq or row.read_seq,
        at_infos=kept,
    )
    return conversation_list.recounted(world, conversations.save(world, changed))


def is_any_unread(world: World, row: Conversation) -> bool:
    """Return whether anything of a conversation is unread, on any of the user's devices."""
    return any(view.unread for view in conversation_list.views(world, row))


def _tell_peer(world: World, reader: str, row: Conversation, at_ms: int) -> None:
    """Tell the peer until when a one-to-one chat was read, and its conversation if the last message turned read by that."""
    peer = row.target
    world.state("c2c_read_receipt_received", facts.user(peer), receipts=({"user_id": reader, "read_ms": at_ms},))
    theirs = conversations.find(world, peer, f"c2c_{reader}")
    if theirs is None:
        return
    shown = (messages.get(world, view.last_message or "") for view in conversation_list.views(world, theirs))
    if any(last is not None and last.sender == peer for last in shown):
        conversation_list.announce(world, facts.user(peer), [theirs], listed=True)
