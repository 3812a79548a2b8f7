"""
Permission groups of a community: named sets of bits, the members who hold them, and bits for single topics.

What the bits allow stands in `communities.RIGHTS`. They take effect while the community has permission groups switched on; the groups
themselves can be kept at any time. A member who leaves the community leaves its permission groups.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field

from bridge.errors import ChatError
from bridge.world.kernel import codes
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World


@row_class
class PermissionGroup:
    """
    A permission group.

    Attributes:
        number: grows with each permission group; lists are in this order.
        permission: its community bits. `topic_permissions`: its topic bits, by topic id.
    """

    community_id: str
    permission_group_id: str
    number: int
    name: str = ""
    custom_data: str = ""
    permission: int = 0
    topic_permissions: dict[str, int] = field(factory=dict)


@row_class
class Holder:
    """A member in a permission group. `number` grows with each; lists are in this order."""

    community_id: str
    permission_group_id: str
    user_id: str
    number: int


PERMISSION_GROUPS = TableSpec(
    "permission_groups",
    PermissionGroup,
    ("community_id", "permission_group_id"),
    {"community": lambda: Groups(lambda g: g.community_id)},
)
HOLDERS = TableSpec(
    "permission_group_members",
    Holder,
    ("community_id", "permission_group_id", "user_id"),
    {
        "group": lambda: Groups(lambda h: (h.community_id, h.permission_group_id)),
        "user": lambda: Groups(lambda h: (h.community_id, h.user_id)),
    },
)


# --- reading


def find(world: World, group_id: str, permission_group_id: str) -> PermissionGroup | None:
    """Return a permission group, or None."""
    return world[PERMISSION_GROUPS].rows.get((group_id, permission_group_id))


def require(world: World, group_id: str, permission_group_id: str) -> PermissionGroup:
    """Return a permission group. Raises: ChatError 10004 if the community has none of that id."""
    found = find(world, group_id, permission_group_id)
    if found is None:
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    return found


def member_count(world: World, row: PermissionGroup) -> int:
    """Return how many members are in a permission group."""
    count: int = world[HOLDERS].index("group").count((row.community_id, row.permission_group_id))
    return count


def joined(world: World, group_id: str, user_id: str) -> list[PermissionGroup]:
    """Return the permission groups of a community that a user is in, the oldest first."""
    keys = world[HOLDERS].index("user").of((group_id, user_id))
    return in_order(world, ((key[0], key[1]) for key in keys))


def in_order(world: World, keys: Iterable[tuple[str, str]]) -> list[PermissionGroup]:
    """Return the permission groups of some keys, the oldest first."""
    table = world[PERMISSION_GROUPS]
    return sorted((table[key] for key in keys), key=lambda row: row.number)


def forget_member(world: World, group_id: str, user_id: str) -> None:
    """Take a user who leaves a community out of its permission groups. States nothing."""
    for key in world[HOLDERS].index("user").of((group_id, user_id)):
        world[HOLDERS].drop(key)
