"""
Catching up: what a device is told of the time in which its app was away.

An app that was here before has a store (`installs.Store`): the world as it knows it. What is new or changed is the difference to
the world as it is; what happened on the way, and is of a kind that the service keeps, are its notices.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from bridge.world.chats import conversation_list, conversations, messages, receipts, visibility
from bridge.world.chats.conversations import CONVERSATIONS, Conversation
from bridge.world.chats.messages import MESSAGES, Message
from bridge.world.groups import groups, live_rooms
from bridge.world.kernel import installs, receiving
from bridge.world.kernel.devices import Device
from bridge.world.kernel.facts import Audience
from bridge.world.kernel.installs import Held, Notice, Store
from bridge.world.kernel.world import World
from bridge.world.people import friends, users

OFFLINE_MS = 7 * 24 * 3600 * 1000
"""How long the service keeps messages, and what else it keeps, for those who are away (product docs: offline messages)."""

REPLAYED_MS = 30_000
"""How old a group message may be that a login brings (product docs: one-to-one messages; from native 6.7)."""

MAX_ANNOUNCED = 100
"""How many conversations one event tells of."""


def tell(
    world: World, device: Device, to: Audience, store: Store | None, missed_after: int, at_login: bool = False
) -> None:
    """
    Tell a device what happened while its app was away, in order.

    States message_received for each one-to-one message of the last seven days, at a login to a client that does so for the group
    messages of the last 30 seconds, and the facts that were kept (`fact_kinds.Kind.is_kept`), of messages those that the app has.
    """
    user_id = device.user_id
    assert user_id is not None
    has_been = store is not None and store.mark != installs.NOTHING
    after = store.order if store is not None and has_been else missed_after
    found: list[tuple[int, int, Message | Notice]] = []
    ids = _written_in(_opened(store, device), user_id) if store is not None and has_been else None
    if after >= 0:
        found += [(one.order, 0, one) for one in _one_to_one(world, device, _rows(world, user_id, ids), after)]
    if at_login and device.client.replays_groups:
        rows = _rows(world, user_id, ids)
        found += [(one.order, 0, one) for one in _group_messages(world, device, rows, after if has_been else -1)]
    for notice in installs.missed(world, user_id, store.notice if store is not None and has_been else 0):
        if notice.ms >= world.now_ms - OFFLINE_MS and (has_been or 0 <= after <= notice.order):
            found.append((notice.order, notice.number, notice))
    held = None if store is None else _opened(store, device)
    for _, _, one in sorted(found, key=lambda entry: entry[:2]):
        if isinstance(one, Message):
            world.state("message_received", to, message=one)
        elif (payload := _payload(world, held, device, one)) is not None:
            world.state(one.kind, to, **payload)


def _opened(store: Store, device: Device) -> Held:
    store.held.open(device.device_id)
    return store.held


# --- messages


def _written_in(held: Held, user_id: str) -> set[str]:
    """Return the ids of the conversations in which there may be messages that an app has not, or not so."""
    table = held.live[MESSAGES].rows
    ids: set[str] = set()
    for msg_id, before in held.otherwise(MESSAGES).items():
        message = table.get(msg_id) or before
        if message is not None and (message.channel[0] == "group" or user_id in message.channel[1:]):
            ids.add(messages.conversation_id_of(user_id, message.channel))
    return ids


def _one_to_one(world: World, device: Device, rows: Iterable[Conversation], after: int) -> Iterable[Message]:
    rows = (row for row in rows if not row.is_group and _is_listed(world, device, row))
    return _received(world, device, rows, after, world.now_ms - OFFLINE_MS)


def _group_messages(world: World, device: Device, rows: Iterable[Conversation], after: int) -> Iterable[Message]:
    user_id = device.user_id or ""
    rows = (row for row in rows if row.is_group and (row.is_topic or _is_listed(world, device, row)))
    for message in _received(world, device, rows, after, world.now_ms - REPLAYED_MS):
        row = conversations.get(world, user_id, messages.conversation_id_of(user_id, message.channel))
        if row.recv_opt not in receiving.SILENT or user_id in message.at_users:
            yield message


def _is_listed(world: World, device: Device, row: Conversation) -> bool:
    return conversation_list.shown(world, device, row).listed


def _rows(world: World, user_id: str, ids: set[str] | None) -> list[Conversation]:
    """Return what a user has under some ids, or under all, in order of the ids."""
    table = conversations.of(world, user_id)
    rows = table.rows
    if ids is None:
        return [rows[key] for key in table.index("user").of(user_id)]
    return [rows[user_id, one] for one in sorted(ids) if (user_id, one) in rows]


def _received(
    world: World, device: Device, rows: Iterable[Conversation], after: int, since_ms: int
) -> Iterable[Message]:
    """Yield what others have sent in some conversations beyond an order and since a time, and the user can see."""
    table = world[MESSAGES]
    rows_by_id, timelines = table.rows, table.index("channel")
    for row in rows:
        for msg_id in timelines.newer(messages.channel_of(row.user_id, row.conversation_id), after + 1):
            message = rows_by_id[msg_id]
            is_others = message.time_ms >= since_ms and message.sender != row.user_id and message.install is None
            if is_others and visibility.is_visible(world, row.user_id, message, device.install):
                yield message


# --- what else has happened


def _payload(world: World, held: Held | None, device: Device, notice: Notice) -> dict[str, Any] | None:
    """Return what a kept fact says to a device now; None where it is none of its business."""
    payload = notice.payload
    group = world[groups.GROUPS].get(payload["group_id"]) if "group_id" in payload else None
    if group is not None and groups.type_of(group).per_session:
        was_in = held is not None and live_rooms.is_in(held, group.group_id, device)
        if notice.kind not in live_rooms.ENDS or not (was_in or group.owner == device.user_id):
            return None
    if "conversations" in payload:
        rows, user_id = payload["conversations"], device.user_id or ""
        return {**payload, "conversations": tuple(conversations.get(world, user_id, r.conversation_id) for r in rows)}
    if "change_infos" in payload:
        infos = tuple(one for one in payload["change_infos"] if _has(held, device, one.msg_id))
        return {**payload, "change_infos": infos} if infos else None
    msg_id = payload["message"].msg_id if "message" in payload else payload.get("msg_id")
    return payload if msg_id is None or _has(held, device, msg_id) else None


def _has(held: Held | None, device: Device, msg_id: str) -> bool:
    """Return whether an app has a message already."""
    return held is not None and visibility.held(held, device.user_id or "", msg_id, device.install) is not None


# --- conversations


def tell_conversations(world: World, device: Device, to: Audience, store: Store | None) -> None:
    """
    Tell a device which conversations are new to its app, and which are not as it had them.

    States conversation_created and conversation_changed, each if there are any.
    """
    user_id = device.user_id
    assert user_id is not None
    changed: list[Conversation] = []
    if store is None or store.mark == installs.NOTHING:
        new = [row for _, row in islice(conversation_list.walk(world, device, user_id), MAX_ANNOUNCED)]
    else:
        new, changed = _differing(world, _opened(store, device), device, user_id)
    for kind, rows in (("conversation_created", new), ("conversation_changed", changed)):
        if rows:
            world.state(kind, to, conversations=tuple(rows[:MAX_ANNOUNCED]))


def _differing(world: World, held: Held, device: Device, user_id: str) -> tuple[list[Conversation], list[Conversation]]:
    """Return the conversations that are new to an app, and those that are not as it had them, from the top of the list down."""
    new: list[Conversation] = []
    changed: list[Conversation] = []
    entries = (conversation_list.entry(world, device, user_id, one) for one in _touched(held, user_id))
    for _, row in sorted((one for one in entries if one is not None), key=lambda one: (one[0], one[1].conversation_id), reverse=True):
        before = conversation_list.entry(held, device, user_id, row.conversation_id)
        if before is None:
            new.append(row)
        elif _looks(world, device, row) != _looks(held, device, before[1]):
            changed.append(row)
    return new, changed


def _touched(held: Held, user_id: str) -> set[str]:
    """Return the ids of the conversations that may be new to an app or look otherwise: what `_looks` looks at is another there."""
    own = f"c2c_{user_id}"
    ids = _written_in(held, user_id)
    for owner, conversation_id in held.otherwise(CONVERSATIONS):
        if owner == user_id:
            ids.add(conversation_id)
        elif conversation_id == own:  # how far the other party has read
            ids.add(f"c2c_{owner}")
    ids.update(f"c2c_{one}" for one in held.otherwise(users.USERS))
    ids.update(f"c2c_{one}" for owner, one in held.otherwise(friends.FRIENDS) if owner == user_id)
    ids.update(f"group_{one}" for one in held.otherwise(groups.GROUPS))
    sent = held.live[MESSAGES].rows
    for msg_id in {receipt[0] for receipt in held.otherwise(receipts.RECEIPTS)}:
        message = sent.get(msg_id)
        if message is not None and message.channel[0] == "c2c" and user_id in message.channel[1:]:
            ids.add(messages.conversation_id_of(user_id, message.channel))
    return ids


def _looks(world: World, device: Device, row: Conversation) -> tuple[Any, ...]:
    """Return all of a conversation that an app shows."""
    row = conversation_list.shown(world, device, row)
    last = None if row.last_message is None else messages.get(world, row.last_message)
    if row.is_group:
        group = groups.find(world, row.target)
        about: tuple[Any, ...] = () if group is None else (group.name, group.face_url, group.group_type)
    else:
        profile = users.profile(world, row.target)
        about = (friends.remark(world, row.user_id, row.target) or profile.nick_name, profile.face_url)
    read = None if last is None else receipts.is_peer_read(world, row.user_id, last)
    return row, last, read, about

