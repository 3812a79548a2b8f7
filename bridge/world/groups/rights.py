"""Who may do what in a group: by role, and in communities with permission groups by what those allow."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.groups import communities, groups
from bridge.world.groups.groups import Group
from bridge.world.kernel import codes
from bridge.world.kernel.clients import Client
from bridge.world.kernel.world import World


def may(world: World, group: Group, user_id: str, right: str, client: Client) -> bool:
    """Return whether a user may do something in a group, from a client that can do it."""
    kind = groups.type_of(group)
    least = kind.rights.get(right)
    if least is None or not kind.known_to(client, right):
        return False
    if group.permission_groups_on and right in communities.RIGHTS:
        return communities.may(world, group, user_id, right)
    return groups.role_of(world, group, user_id) >= least


def require_right(world: World, group_id: str, user_id: str, right: str, client: Client) -> Group:
    """Return a group in which a user may do something. Raises: ChatError 10010 no such group, 10007 no right."""
    group = groups.require(world, group_id)
    if not may(world, group, user_id, right, client):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    return group
