"""
Attributes of groups: a few texts by key that every member may read and write.

Of two members who write at the same time the first one wins: the other is refused until it has read again. A client notes which state it
has seen, by reading, by its own writing, or, once it has done either, by the event (DECISIONS.md: Groups: who may write attributes).
"""

from __future__ import annotations

from attrs import field

from bridge.errors import ChatError
from bridge.world.groups import group_news, groups
from bridge.world.groups.groups import Group
from bridge.world.kernel import codes, devices, rates
from bridge.world.kernel.devices import Device
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World

MAX_KEYS, KEY_BYTES, VALUE_BYTES, TOTAL_BYTES = 16, 32, 4000, 16_000
WRITES_PER_5_S, READS_PER_5_S, WINDOW_MS = 10, 20, 5000


@row_class
class GroupAttributes:
    """The attributes of a group. `version` grows with each write."""

    group_id: str
    values: dict[str, str] = field(factory=dict)
    version: int = 0


@row_class
class SeenAttributes:
    """Which state of a group's attributes a device has seen."""

    device_id: str
    group_id: str
    version: int


GROUP_ATTRIBUTES = TableSpec("group_attributes", GroupAttributes, ("group_id",))
SEEN_ATTRIBUTES = TableSpec(
    "seen_attributes",
    SeenAttributes,
    ("device_id", "group_id"),
    {"group": lambda: Groups(lambda s: s.group_id), "device": lambda: Groups(lambda s: s.device_id)},
    exported=False,
    is_local=True,
)


def read(world: World, device: Device, user_id: str, group_id: str, keys: list[str]) -> dict[str, str]:
    """
    Return attributes by key, in order of their keys; those that there are not are left out, no key means all.

    Raises: ChatError 10010 (no such group), 10007 (not a member, or a type without them), 8511 (over 20 in 5 seconds, where rates are
    limited).
    """
    rates.check(
        world, user_id, "attribute_reads", READS_PER_5_S, WINDOW_MS, codes.GROUP_ATTRIBUTE_FREQUENCY_LIMIT_ON_CLIENT
    )
    _require(world, device, user_id, group_id)
    row = _row(world, group_id)
    _saw(world, device, group_id, row.version)
    return {key: row.values[key] for key in sorted(row.values) if not keys or key in keys}


def replace(world: World, device: Device, user_id: str, group_id: str, values: dict[str, str]) -> None:
    """Set these attributes and no others. See `_write` for events and errors."""
    group = _require_write(world, device, user_id, group_id)
    _check(values)
    _write(world, device, group, values)


def put(world: World, device: Device, user_id: str, group_id: str, values: dict[str, str]) -> None:
    """
    Set these attributes and leave the others.

    Raises: ChatError also 6017 for none at all. See `_write` for events and other errors.
    """
    if not values:
        raise ChatError(codes.INVALID_PARAMETERS)
    group = _require_write(world, device, user_id, group_id)
    merged = {**_row(world, group_id).values, **values}
    _check(merged)
    _write(world, device, group, merged)


def delete(world: World, device: Device, user_id: str, group_id: str, keys: list[str]) -> None:
    """
    Take attributes away; no key means all.

    Raises: ChatError also 10050 for a key that there is not. See `_write` for events and other errors.
    """
    group = _require_write(world, device, user_id, group_id)
    values = _row(world, group_id).values
    if any(key not in values for key in keys):
        raise ChatError(codes.GROUP_ATTRIBUTE_NOT_FOUND)
    _write(world, device, group, {key: value for key, value in values.items() if keys and key not in keys})


def forget_device(world: World, device_id: str) -> None:
    """Drop what a device has seen: its login ends."""
    table = world[SEEN_ATTRIBUTES]
    for key in table.index("device").of(device_id):
        table.drop(key)


def _row(world: World, group_id: str) -> GroupAttributes:
    return world[GROUP_ATTRIBUTES].get(group_id) or GroupAttributes(group_id)


def _require(world: World, device: Device, user_id: str, group_id: str) -> Group:
    group = groups.require_member(world, group_id, user_id)
    kind = groups.type_of(group)
    if "attributes" not in kind.features or not kind.known_to(device.client, "attributes"):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    return group


def _require_write(world: World, device: Device, user_id: str, group_id: str) -> Group:
    rates.check(
        world, user_id, "attribute_writes", WRITES_PER_5_S, WINDOW_MS, codes.GROUP_ATTRIBUTE_FREQUENCY_LIMIT_ON_CLIENT
    )
    group = _require(world, device, user_id, group_id)
    seen = world[SEEN_ATTRIBUTES].get((device.device_id, group_id))
    if (0 if seen is None else seen.version) != _row(world, group_id).version:
        raise ChatError(codes.GROUP_ATTRIBUTE_WRITE_CONFLICT)
    return group


def _check(values: dict[str, str]) -> None:
    """Raise ChatError 10047, 10045, 10046 or 10048 for too many, too long keys, too long values, too much of all."""
    sizes = [(bytes_of(key), bytes_of(value)) for key, value in values.items()]
    if len(sizes) > MAX_KEYS:
        raise ChatError(codes.GROUP_ATTRIBUTE_LIMIT)
    if any(not 1 <= key <= KEY_BYTES for key, _ in sizes):
        raise ChatError(codes.GROUP_ATTRIBUTE_KEY_TOO_LONG)
    if any(value > VALUE_BYTES for _, value in sizes):
        raise ChatError(codes.GROUP_ATTRIBUTE_VALUE_TOO_LONG)
    if sum(key + value for key, value in sizes) > TOTAL_BYTES:
        raise ChatError(codes.GROUP_ATTRIBUTES_TOO_LARGE)


def _write(world: World, device: Device, group: Group, values: dict[str, str]) -> None:
    """
    Store the attributes of a group.

    States group_attribute_changed, with all of them, to the members, the writer too; nothing if they are the same.

    Raises (before this is called): ChatError 10010 (no such group), 10007 (not a member, or a type without them), 10056 (somebody else has
    written since this device last saw them), 10045-10048 (see `_check`), 8511 (over 10 in 5 seconds, where rates are limited).
    """
    row = _row(world, group.group_id)
    if values == row.values:
        return
    new = GroupAttributes(group.group_id, dict(sorted(values.items())), row.version + 1)
    world[GROUP_ATTRIBUTES].put(group.group_id, new)
    _saw(world, device, group.group_id, new.version)
    for device_id, group_id in world[SEEN_ATTRIBUTES].index("group").of(group.group_id):
        other = devices.get(world, device_id)
        if other.connected and other.user_id and groups.member(world, group_id, other.user_id) is not None:
            _saw(world, other, group_id, new.version)
    members = groups.member_ids(world, group.group_id)
    group_news.tell(world, group, "group_attribute_changed", members, group_attribute_map=new.values)


def _saw(world: World, device: Device, group_id: str, version: int) -> None:
    key = (device.device_id, group_id)
    seen = world[SEEN_ATTRIBUTES].get(key)
    if seen is None or seen.version != version:
        world[SEEN_ATTRIBUTES].put(key, SeenAttributes(*key, version=version))
