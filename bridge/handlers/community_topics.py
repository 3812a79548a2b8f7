"""communityManager: what permission groups allow in topics."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import topic_permissions as rules
from bridge.world.results import Item


def add_topic_permission_to_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, topic_permission_map: dict[str, int] | None
) -> list[Item]:
    """Give a permission group bits in topics."""
    return rules.add(caller.world, caller.user, group_id, permission_group_id, topic_permission_map or {})


def modify_topic_permission_in_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, topic_permission_map: dict[str, int] | None
) -> list[Item]:
    """Change the bits that a permission group has in topics."""
    return rules.modify(caller.world, caller.user, group_id, permission_group_id, topic_permission_map or {})


def delete_topic_permission_from_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, topic_id_list: list[str]
) -> list[Item]:
    """Take a permission group's bits in topics away."""
    return rules.delete(caller.world, caller.user, group_id, permission_group_id, topic_id_list)


def get_topic_permission_in_permission_group(
    caller: Caller, group_id: str, permission_group_id: str, topic_id_list: list[str]
) -> list[Item]:
    """Return a permission group's bits in topics; no id means all in which it has some."""
    return rules.bits_in(caller.world, caller.user, group_id, permission_group_id, topic_id_list)
