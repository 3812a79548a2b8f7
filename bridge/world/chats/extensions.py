"""
Extensions: pairs of texts that everybody who has a message can hang on it (polls, lists to sign).

Each value has a version, and the service refuses a write that does not know the newest one (23001). A client knows each as soon as it is
told, so that a device is behind only if nobody told it (DECISIONS.md: When an extension is stale).
"""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import messages, visibility
from bridge.world.chats.messages import Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, devices, facts, rates
from bridge.world.kernel.devices import Device
from bridge.world.kernel.results import Item
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World

MAX_KEY_BYTES, MAX_VALUE_BYTES = 100, 1024
MAX_PER_CALL, MAX_PER_MESSAGE = 20, 300
MAX_PER_MINUTE = 200
WITHOUT = ("Community",)
"""Types of groups whose messages take none (product docs: message extensions). What a live room says is not kept in the first place."""


@row_class
class Extension:
    """A pair on a message. `order` is when the key was first set, in the world's order."""

    msg_id: str
    key: str
    value: str
    order: int


@row_class
class StaleExtension:
    """A device's client does not know the newest value of an extension."""

    device_id: str
    msg_id: str
    key: str


EXTENSIONS = TableSpec("extensions", Extension, ("msg_id", "key"), {"message": lambda: Groups(lambda e: e.msg_id)})
STALE = TableSpec(
    "stale_extensions",
    StaleExtension,
    ("device_id", "msg_id", "key"),
    {"message": lambda: Groups(lambda s: (s.device_id, s.msg_id))},
    exported=False,
    is_local=True,
)

Pair = tuple[str, str]
"""A key and its value; "" where there is none."""


def takes_some(message: Message) -> bool:
    """Return whether a message can have extensions: it was sent so, arrived, and is still there."""
    return message.supports_extension and message.status == messages.SENT


def of_message(world: World, message: Message) -> list[Extension]:
    """Return the extensions of a message, those that were set first in front."""
    table = world[EXTENSIONS]
    return sorted((table[key] for key in table.index("message").of(message.msg_id)), key=lambda e: e.order)


def read(world: World, device: Device, user_id: str, message: Message) -> list[Extension]:
    """Return the extensions of a message; the device knows their newest values from then on. Raises: as `check`."""
    check(world, user_id, message)
    _note_read(world, device, message.msg_id)
    return of_message(world, message)


def put(world: World, device: Device, user_id: str, message: Message, pairs: list[Pair]) -> list[Item]:
    """
    Set extensions, new ones and others anew.

    States message_extensions_changed to all parties, the caller's device too, with what was set.

    Returns: an item per pair, its value the pair as it now is; 23001 where somebody else has set it and this device does not know.

    Raises: ChatError 6017 (no pair, over 20, a key without letters or over 100 bytes, a value over 1 KB, over 300 on the
        message), 23003 (over 200 writes a minute, with rate limits); as `check`.
    """
    check(world, user_id, message)
    if not 1 <= len(pairs) <= MAX_PER_CALL or not all(_fits(key, value) for key, value in pairs):
        raise ChatError(codes.INVALID_PARAMETERS)
    rates.check(world, "", f"extensions {message.msg_id}", MAX_PER_MINUTE, 60_000, codes.EXTENSION_FREQUENCY_LIMIT)
    table = world[EXTENSIONS]
    new = {key for key, _ in pairs if (message.msg_id, key) not in table}
    if table.index("message").count(message.msg_id) + len(new) > MAX_PER_MESSAGE:
        raise ChatError(codes.INVALID_PARAMETERS)
    stale = _note_read(world, device, message.msg_id)
    items: list[Item] = []
    done: dict[str, Extension] = {}
    for key, value in pairs:
        old = table.get((message.msg_id, key))
        if key in stale:
            items.append(Item.of(key, codes.EXTENSION_CONFLICT, (key, "" if old is None else old.value)))
            continue
        order = world.next_number("order") if old is None else old.order
        done[key] = Extension(message.msg_id, key, value, order)
        table.put((message.msg_id, key), done[key])
        items.append(Item.of(key, value=(key, value)))
    if done:
        _note_who_is_behind(world, device, message, list(done))
        told = tuple(done.values())
        world.state("message_extensions_changed", _parties(world, message), msg_id=message.msg_id, extensions=told)
    return items


def delete(world: World, device: Device, user_id: str, message: Message, keys: list[str]) -> list[Item]:
    """
    Take extensions off a message.

    Args:
        keys: which; none means all.

    States message_extensions_deleted to all parties, the caller's device too, with the keys that are gone.

    Returns: an item per key; 23004 where there is no such extension, 23001 as in `put`, with the newest value.

    Raises: ChatError 6017 (over 20 keys); as `check`.
    """
    check(world, user_id, message)
    if len(keys) > MAX_PER_CALL:
        raise ChatError(codes.INVALID_PARAMETERS)
    table = world[EXTENSIONS]
    stale = _note_read(world, device, message.msg_id)
    items: list[Item] = []
    gone: list[str] = []
    for key in keys or [row.key for row in of_message(world, message)]:
        old = table.get((message.msg_id, key))
        if key in stale:
            items.append(Item.of(key, codes.EXTENSION_CONFLICT, (key, "" if old is None else old.value)))
        elif old is None:
            items.append(Item.of(key, codes.EXTENSION_NOT_FOUND, (key, "")))
        else:
            table.drop((message.msg_id, key))
            gone.append(key)
            items.append(Item.of(key, value=(key, "")))
    if gone:
        _note_who_is_behind(world, device, message, gone)
        to = _parties(world, message)
        world.state("message_extensions_deleted", to, msg_id=message.msg_id, extension_keys=tuple(gone))
    return items


def check(world: World, user_id: str, message: Message) -> None:
    """
    Go through what the service checks before it looks at extensions.

    Raises: ChatError 7013 (switch "message_extensions" is off), 10007 (not in the group any more), 23002 (a type of group without them).
    """
    if not world.policy.switch("message_extensions"):
        raise ChatError(codes.INTERFACE_NOT_SUPPORTED)
    if message.channel[0] == "group":
        group = groups.require_member(world, communities.community_of(message.channel[1]), user_id)
        if group.group_type in WITHOUT:
            raise ChatError(codes.EXTENSIONS_NOT_SUPPORTED)


def _fits(key: str, value: str) -> bool:
    return 0 < bytes_of(key) <= MAX_KEY_BYTES and bytes_of(value) <= MAX_VALUE_BYTES


def _parties(world: World, message: Message) -> facts.Audience:
    return facts.users(visibility.parties(world, message))


def _note_read(world: World, device: Device, msg_id: str) -> set[str]:
    """Note that a device knows the newest values of a message's extensions from now on. Returns the keys of which it did not."""
    table = world[STALE]
    stale = table.index("message").of((device.device_id, msg_id))
    for key in stale:
        table.drop(key)
    return {key[2] for key in stale}


def _note_who_is_behind(world: World, by: Device, message: Message, keys: list[str]) -> None:
    for user_id in visibility.parties(world, message):
        for device in devices.of_user(world, user_id):
            is_told = device.connected and device.listeners.get("messages")
            if device.device_id == by.device_id or device.hidden or is_told:
                continue
            for key in keys:
                row = StaleExtension(device.device_id, message.msg_id, key)
                world[STALE].put((device.device_id, message.msg_id, key), row)
