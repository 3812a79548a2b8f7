"""What is done with permission groups: reading, creating, changing, deleting, putting members into them and taking them out."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.groups import communities, groups, topics
from bridge.world.groups.groups import Member
from bridge.world.groups.permission_groups import (
    HOLDERS,
    PERMISSION_GROUPS,
    Holder,
    PermissionGroup,
    find,
    in_order,
    joined,
    require,
)
from bridge.world.kernel import codes
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item, Page
from bridge.world.kernel.world import World

PAGE = 100
"""Members on one page (DECISIONS.md: Permission groups: codes and batches)."""


def infos(world: World, user_id: str, group_id: str, ids: list[str]) -> list[Item]:
    """
    Return permission groups, an item per id with the row as its value; no id means all of the community.

    An id that is none has code 10004 and no value.

    Raises: ChatError as `communities.require_member`.
    """
    communities.require_member(world, group_id, user_id)
    if not ids:
        return _items(in_order(world, world[PERMISSION_GROUPS].index("community").of(group_id)))
    return [_info(world, group_id, one) for one in ids]


def _info(world: World, group_id: str, permission_group_id: str) -> Item:
    row = find(world, group_id, permission_group_id)
    return Item.of(permission_group_id, codes.GROUP_INVALID_PARAMETERS if row is None else 0, row)


def joined_infos(world: World, user_id: str, group_id: str) -> list[Item]:
    """Return the permission groups that the caller is in, an item each. Raises: ChatError as `communities.require_member`."""
    communities.require_member(world, group_id, user_id)
    return _items(joined(world, group_id, user_id))


def _items(rows: list[PermissionGroup]) -> list[Item]:
    return [Item.of(row.permission_group_id, value=row) for row in rows]


def members(world: World, user_id: str, group_id: str, permission_group_id: str, cursor: str) -> Page:
    """
    Return a page of the members of a permission group, in order of being added.

    Args:
        cursor: "" for the first page, else what the page before returned.

    Returns: rows of `groups.MEMBERS`, at most 100; the cursor is "" on the last page.

    Raises: ChatError as `communities.require_member`; 10004 (no such permission group, or no such cursor).
    """
    communities.require_member(world, group_id, user_id)
    row = require(world, group_id, permission_group_id)
    if cursor and not cursor.isdecimal():
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    after = int(cursor or 0)
    table = world[HOLDERS]
    keys = table.index("group").of((group_id, row.permission_group_id))
    found = sorted((holder for key in keys if (holder := table[key]).number > after), key=lambda holder: holder.number)
    page = found[:PAGE]
    rest = len(found) > PAGE
    rows: list[Member] = [world[groups.MEMBERS][(group_id, holder.user_id)] for holder in page]
    return Page(rows, str(page[-1].number) if rest else "", not rest)


# --- creating, changing, deleting


def create(
    world: World, user_id: str, group_id: str, permission_group_id: str, name: str, custom_data: str, permission: int
) -> str:
    """
    Add a permission group to a community.

    Args:
        permission_group_id: an id of the app's own; "" lets the service make one.

    Returns: the id.

    States permission_group_created to all members.

    Raises: ChatError as `communities.require`; 10007 (no right), 10021 (id in use).
    """
    group = communities.require(world, group_id)
    communities.require_right(world, group, user_id, "permission_groups")
    number = world.next_number("permission_group")
    own_id = permission_group_id or f"@PERMISSION#{world.letters(number)}"
    if find(world, group_id, own_id) is not None:
        raise ChatError(codes.GROUP_ID_IN_USE)
    row = PermissionGroup(group_id, own_id, number, name, custom_data, permission)
    world[PERMISSION_GROUPS].put((group_id, own_id), row)
    world.state(
        "permission_group_created", topics.to_members(world, group_id), group_id=group_id, permission_group_info=row
    )
    return own_id


def modify(
    world: World, user_id: str, group_id: str, permission_group_id: str, name: str, custom_data: str, permission: int
) -> None:
    """
    Give a permission group another name, data and bits.

    States permission_group_info_changed to all members, unless nothing has changed.

    Raises: ChatError as `communities.require`; 10007 (no right), 10004 (no such permission group).
    """
    group = communities.require(world, group_id)
    communities.require_right(world, group, user_id, "permission_groups")
    row = require(world, group_id, permission_group_id)
    new = evolve(row, name=name, custom_data=custom_data, permission=permission)
    if new == row:
        return
    world[PERMISSION_GROUPS].put((group_id, permission_group_id), new)
    to = topics.to_members(world, group_id)
    world.state("permission_group_info_changed", to, group_id=group_id, permission_group_info=new)


def delete(world: World, user_id: str, group_id: str, ids: list[str]) -> list[Item]:
    """
    Delete permission groups; what they gave their members is gone. Returns an item per id, 10004 for one that is none.

    States permission_group_deleted to all members, once, with those that are gone.

    Raises: ChatError as `communities.require`; 10007 (no right), 6017 (no id).
    """
    group = communities.require(world, group_id)
    communities.require_right(world, group, user_id, "permission_groups")
    check_any(ids)
    items, gone = [], []
    for one in ids:
        if find(world, group_id, one) is None:
            items.append(Item.of(one, codes.GROUP_INVALID_PARAMETERS))
            continue
        for key in world[HOLDERS].index("group").of((group_id, one)):
            world[HOLDERS].drop(key)
        world[PERMISSION_GROUPS].drop((group_id, one))
        items.append(Item.of(one))
        gone.append(one)
    if gone:
        to = topics.to_members(world, group_id)
        world.state("permission_group_deleted", to, group_id=group_id, permission_group_id_list=tuple(gone))
    return items


def check_any(given: object) -> None:
    """Raise ChatError 6017 if a batch has nothing in it."""
    if not given:
        raise ChatError(codes.INVALID_PARAMETERS)


# --- members


def add_members(world: World, user_id: str, group_id: str, permission_group_id: str, user_ids: list[str]) -> list[Item]:
    """
    Put members of the community into a permission group. Returns an item per user: 10007 for one who is no member.

    States members_added_to_permission_group to all members, once, with those who are new there.

    Raises: ChatError as `communities.require`; 10007 (no right), 10004 (no such permission group), 6017 (nobody).
    """
    row = _for_members(world, user_id, group_id, permission_group_id, user_ids)
    items, new = [], []
    for one in user_ids:
        if groups.member(world, group_id, one) is None:
            items.append(Item.of(one, codes.GROUP_PERMISSION_DENIED, row.permission_group_id))
            continue
        key = (group_id, permission_group_id, one)
        if key not in world[HOLDERS]:
            world[HOLDERS].put(key, Holder(*key, number=world.next_number("permission_group_member")))
            new.append(one)
        items.append(Item.of(one, value=row.permission_group_id))
    _tell_members(world, "members_added_to_permission_group", row, new)
    return items


def remove_members(
    world: World, user_id: str, group_id: str, permission_group_id: str, user_ids: list[str]
) -> list[Item]:
    """
    Take users out of a permission group. Returns an item per user; one who is not in it is taken.

    States members_removed_from_permission_group to all members, once, with those who were there.

    Raises: ChatError as `add_members`.
    """
    row = _for_members(world, user_id, group_id, permission_group_id, user_ids)
    gone = []
    for one in user_ids:
        key = (group_id, permission_group_id, one)
        if key in world[HOLDERS]:
            world[HOLDERS].drop(key)
            gone.append(one)
    _tell_members(world, "members_removed_from_permission_group", row, gone)
    return [Item.of(one, value=row.permission_group_id) for one in user_ids]


def _for_members(
    world: World, user_id: str, group_id: str, permission_group_id: str, user_ids: list[str]
) -> PermissionGroup:
    group = communities.require(world, group_id)
    communities.require_right(world, group, user_id, "permission_group_members")
    row = require(world, group_id, permission_group_id)
    check_any(user_ids)
    return row


def _tell_members(world: World, kind: str, row: PermissionGroup, user_ids: list[str]) -> None:
    if user_ids:
        world.state(
            kind,
            topics.to_members(world, row.community_id),
            group_id=row.community_id,
            permission_group_id=row.permission_group_id,
            member_id_list=tuple(user_ids),
        )
