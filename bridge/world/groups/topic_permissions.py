"""
Bits of permission groups for single topics: adding, changing, taking away, reading.

Who may: whoever holds the right "topic_permissions" in the topic (`communities.RIGHTS`).
"""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.world.groups import communities, topics
from bridge.world.groups.groups import Group
from bridge.world.groups.permission_group_rules import check_any
from bridge.world.groups.permission_groups import PERMISSION_GROUPS, PermissionGroup, require
from bridge.world.kernel import codes
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.world import World


def add(world: World, user_id: str, group_id: str, permission_group_id: str, bits: dict[str, int]) -> list[Item]:
    """
    Give a permission group bits in topics; what it had there is replaced.

    Returns: an item per topic: 110003 for one that is none, 10007 without the right there.

    States topic_permission_added to all members, once, with the topics that went well.

    Raises: ChatError as `communities.require`; 10004 (no such permission group), 6017 (no topic), 10007 (no right anywhere).
    """
    return _set(world, user_id, group_id, permission_group_id, bits, "topic_permission_added", anew=True)


def modify(world: World, user_id: str, group_id: str, permission_group_id: str, bits: dict[str, int]) -> list[Item]:
    """
    Change the bits that a permission group has in topics; 10004 for a topic in which it has none. Else as `add`.

    States topic_permission_modified.
    """
    return _set(world, user_id, group_id, permission_group_id, bits, "topic_permission_modified", anew=False)


def _set(
    world: World, user_id: str, group_id: str, permission_group_id: str, bits: dict[str, int], kind: str, anew: bool
) -> list[Item]:
    group = communities.require(world, group_id)
    check_any(bits)
    items = _items(world, group, user_id, permission_group_id, list(bits))
    row = require(world, group_id, permission_group_id)
    if not anew:
        items = [_known(row, item) for item in items]
    done = {item.target: bits[item.target] for item in items if item.code == 0}
    if done:
        row = evolve(row, topic_permissions={**row.topic_permissions, **done})
        world[PERMISSION_GROUPS].put((group_id, permission_group_id), row)
        _tell(world, kind, row, topic_permission_map=done)
    return items


def _known(row: PermissionGroup, item: Item) -> Item:
    if item.code or item.target in row.topic_permissions:
        return item
    return Item.of(item.target, codes.GROUP_INVALID_PARAMETERS)


def delete(world: World, user_id: str, group_id: str, permission_group_id: str, topic_ids: list[str]) -> list[Item]:
    """
    Take a permission group's bits in topics away; where it has none nothing happens. Returns and raises: as `add`.

    States topic_permission_deleted to all members, once, with the topics in which it had some.
    """
    group = communities.require(world, group_id)
    check_any(topic_ids)
    items = _items(world, group, user_id, permission_group_id, topic_ids)
    row = require(world, group_id, permission_group_id)
    known = [item.target for item in items if item.code == 0 and item.target in row.topic_permissions]
    gone = list(dict.fromkeys(known))
    if gone:
        kept = {name: bits for name, bits in row.topic_permissions.items() if name not in gone}
        row = evolve(row, topic_permissions=kept)
        world[PERMISSION_GROUPS].put((group_id, permission_group_id), row)
        _tell(world, "topic_permission_deleted", row, topic_id_list=tuple(gone))
    return items


def _items(world: World, group: Group, user_id: str, permission_group_id: str, topic_ids: list[str]) -> list[Item]:
    """Return what comes of each topic, as far as it is known and the user may. Raises 10007 if the user may nowhere, 10004."""
    allowed = [communities.may(world, group, user_id, "topic_permissions", topic_id) for topic_id in topic_ids]
    if not any(allowed):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    require(world, group.group_id, permission_group_id)
    return [_item(world, group, one, may) for one, may in zip(topic_ids, allowed, strict=True)]


def _item(world: World, group: Group, topic_id: str, allowed: bool) -> Item:
    if not allowed:
        return Item.of(topic_id, codes.GROUP_PERMISSION_DENIED)
    known = topics.find_in(world, group.group_id, topic_id) is not None
    return Item.of(topic_id, 0 if known else codes.TOPIC_NOT_FOUND)


def bits_in(world: World, user_id: str, group_id: str, permission_group_id: str, topic_ids: list[str]) -> list[Item]:
    """
    Return a permission group's bits in topics; no id means all topics in which it has some.

    Returns: an item per topic, with (permission group id, community id, bits) as its value; 110003 for one that is none.

    Raises: ChatError as `communities.require_member`; 10004 (no such permission group).
    """
    communities.require_member(world, group_id, user_id)
    row = require(world, group_id, permission_group_id)
    items = []
    for topic_id in topic_ids or sorted(row.topic_permissions):
        known = topics.find_in(world, group_id, topic_id) is not None
        value = (permission_group_id, group_id, row.topic_permissions.get(topic_id, 0))
        items.append(Item.of(topic_id, 0 if known else codes.TOPIC_NOT_FOUND, value))
    return items


def forget(world: World, group_id: str, topic_id: str) -> None:
    """Take a topic that is gone out of all permission groups. States nothing."""
    table = world[PERMISSION_GROUPS]
    for key in table.index("community").of(group_id):
        row = table[key]
        if topic_id in row.topic_permissions:
            kept = {name: bits for name, bits in row.topic_permissions.items() if name != topic_id}
            table.put(key, evolve(row, topic_permissions=kept))


def _tell(world: World, kind: str, row: PermissionGroup, **payload: Any) -> None:
    world.state(
        kind,
        topics.to_members(world, row.community_id),
        group_id=row.community_id,
        permission_group_id=row.permission_group_id,
        **payload,
    )
