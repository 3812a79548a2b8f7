"""Members of groups: reading them, and what owners and administrators do to them."""

from __future__ import annotations

from collections.abc import Callable

from bridge.errors import ChatError
from bridge.world.groups import (
    communities,
    group_news,
    group_profiles,
    group_types,
    groups,
    live_rooms,
    rights,
    topic_rules,
)
from bridge.world.groups.group_types import ADMIN, MEMBER, OWNER
from bridge.world.groups.groups import Member
from bridge.world.kernel import codes, devices, rates
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Page
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World

PAGE = 50
"""Members in one page of the native client; the plugin has no say in it (product docs: group page; adapter 8.2)."""

LIVE_ROOM_PAGE, LIVE_ROOM_PAGE_SWITCHED = 30, 1000
NAME_CARD_BYTES = 50
MAX_CUSTOM_FIELDS, CUSTOM_BYTES = 5, 64
FIRST_MARK, MAX_MARKS, MAX_MARKED_AT_ONCE = 1000, 10, 100
ROLE_OF_FILTER = {1: OWNER, 2: ADMIN, 4: MEMBER}


# --- reading


def page(world: World, device: Device, user_id: str, group_id: str, condition: int, cursor: int) -> Page:
    """
    Return some members in order of joining; of a live room the 30 newest, the newest first.

    Args:
        condition: 0 all, 1 the owner, 2 administrators, 4 ordinary members, or a mark from 1000 on; a live room takes all for a role.
        cursor: 0 for the first page, else what the page before returned (0 after the last).

    Raises: ChatError 10010 (no such group), 10007 (not a member), 6017 (a live room that this device has not joined, a filter that is
    none).
    """
    group = groups.require(world, group_id)
    kind = groups.type_of(group)
    matches = _condition(condition)
    members = world[groups.MEMBERS]
    index = members.index("joined")
    if kind.per_session:
        if not live_rooms.is_in(world, group_id, device):
            raise ChatError(codes.INVALID_PARAMETERS, "can not find avchatroom")
        count = LIVE_ROOM_PAGE_SWITCHED if world.policy.switch("live_room_member_list") else LIVE_ROOM_PAGE
        newest = [members[(group_id, name)] for name in index.newest(group_id, count)]
        by_mark = condition >= FIRST_MARK  # roles do not matter there (native group header)
        return Page([member for member in newest if matches(member)] if by_mark else newest)
    groups.require_member(world, group_id, user_id)
    return _page(world, group_id, matches, cursor)


def _page(world: World, group_id: str, matches: Callable[[Member], bool], cursor: int) -> Page:
    """Cut a page; the cursor is the order at which its last member came in."""
    members = world[groups.MEMBERS]
    found: list[Member] = []
    after = (cursor, "\U0010ffff") if cursor else None
    for name in members.index("joined").after(group_id, after):
        member = members[(group_id, name)]
        if not matches(member):
            continue
        if len(found) >= PAGE and member.joined_order != found[-1].joined_order:
            return Page(found, found[-1].joined_order, False)
        found.append(member)
    return Page(found)


def _condition(number: int) -> Callable[[Member], bool]:
    if number == 0:
        return lambda member: True
    if number in ROLE_OF_FILTER:
        role = ROLE_OF_FILTER[number]
        return lambda member: member.role == role
    if number >= FIRST_MARK:
        return lambda member: number in member.marks
    raise ChatError(codes.INVALID_PARAMETERS)


def infos(world: World, user_id: str, group_id: str, user_ids: list[str]) -> list[Member]:
    """
    Return those of some users who are members.

    Raises: ChatError 6017 (nobody named), 10010 (no such group), 10007 (the caller is no member).
    """
    if not user_ids:
        raise ChatError(codes.INVALID_PARAMETERS)
    groups.require_member(world, group_id, user_id)
    found = (groups.member(world, group_id, name) for name in user_ids)
    return [member for member in found if member is not None]


def online_count(world: World, device: Device, user_id: str, group_id: str) -> int:
    """
    Return how many members are online.

    Raises: ChatError 10010 (no such group), 10007 (not a member, or a type that does not count), 8512 (twice within 60 seconds, where rates
    are limited).
    """
    rates.check(world, user_id, f"online_count {group_id}", 1, 60_000, codes.ONLINE_COUNT_FREQUENCY_LIMIT)
    group = groups.require_member(world, group_id, user_id)
    if not device.client.counts_members_online and not groups.type_of(group).per_session:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    return sum(groups.member(world, group_id, name) is not None for name in devices.reachable(world))


# --- changing


def set_info(
    world: World,
    device: Device,
    user_id: str,
    group_id: str,
    target: str,
    name_card: str | None,
    custom: dict[str, str] | None,
) -> None:
    """
    Change the name that a member has in a group, and fields of the app's own. Nobody is told.

    Args:
        name_card: None leaves it. `custom`: replaces single fields.

    Raises: ChatError 10010 (no such group), 8506 (name over 50 bytes), 10004 (malformed field), 10007 (another's, without the right to;
    not a member; a name in a live room).
    """
    group = groups.require_member(world, group_id, user_id)
    if name_card is not None and bytes_of(name_card) > NAME_CARD_BYTES:
        raise ChatError(codes.INVALID_NAME_CARD)
    group_profiles.check_custom(world, "member", custom or {}, MAX_CUSTOM_FIELDS, CUSTOM_BYTES)
    member = groups.member(world, group_id, target)
    is_own = target == user_id
    if member is None or not (is_own or _outranks(world, device, user_id, member, "edit_members")):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    if groups.type_of(group).per_session and name_card:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    new = evolve(
        member,
        name_card=member.name_card if name_card is None else name_card,
        custom={**member.custom, **custom} if custom else member.custom,
    )
    if new != member:
        groups.change_member(world, new)


def _outranks(world: World, device: Device, user_id: str, target: Member, right: str) -> bool:
    """Return whether a user has a right, and may use it on this member."""
    group = groups.require(world, target.group_id)
    return rights.may(world, group, user_id, right, device.client) and groups.outranks(world, group, user_id, target)


def mute(world: World, device: Device, user_id: str, group_id: str, target: str, seconds: int) -> None:
    """
    Keep a member from talking for a time; 0 lifts it. With the id of a topic it holds there alone, see `topics.mute`.

    States member_info_changed to the members, unless the type does not tell of it.

    Raises: ChatError 10010 (no such group), 10004 (a negative time), 10007 (no right to, a role not below the own one, not a member).
    """
    if communities.is_topic(group_id):
        topic_rules.mute(world, user_id, group_id, target, seconds)
        return
    group = rights.require_right(world, group_id, user_id, "mute", device.client)
    if seconds < 0:
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    member = groups.member(world, group_id, target)
    if member is None or not _outranks(world, device, user_id, member, "mute"):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    groups.change_member(world, member, muted_until_ms=groups.muted_until_ms(world, seconds))
    if group_news.tells(world, group, "standing"):
        changes = ({"user_id": target, "mute_s": seconds},)
        members = groups.member_ids(world, group_id)
        group_news.tell(world, group, "member_info_changed", members, group_member_change_info_list=changes)
        group_news.post(
            world, group, group_types.MEMBER_CHANGED, user_id, members=(target,), member_changes=changes
        )


def set_role(world: World, device: Device, user_id: str, group_id: str, target: str, role: int) -> None:
    """
    Make a member an administrator (300), or an ordinary member (200).

    States administrator_granted or administrator_revoked to the members, unless the type does not tell of it or it was so already.

    Raises: ChatError 10010 (no such group), 10004 (any other role), 10007 (not the owner, aimed at the owner, not a member).
    """
    group = rights.require_right(world, group_id, user_id, "set_role", device.client)
    if role not in (ADMIN, MEMBER):
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    member = groups.member(world, group_id, target)
    if member is None or member.role == OWNER:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    if member.role == role:
        return
    member = groups.change_member(world, member, role=role)
    if group_news.tells(world, group, "standing"):
        kind, tips = ("administrator_granted", group_types.MADE_ADMIN)
        if role == MEMBER:
            kind, tips = ("administrator_revoked", group_types.UNMADE_ADMIN)
        by = group_news.person(world, group_id, user_id)
        members = groups.member_ids(world, group_id)
        group_news.tell(world, group, kind, members, op_user=by, member_list=(member,))
        group_news.post(world, group, tips, user_id, members=(target,))


def mark(
    world: World, device: Device, user_id: str, group_id: str, user_ids: list[str], number: int, enable: bool
) -> None:
    """
    Put a mark on members, or take it off; who is no member is passed over.

    States member_mark_changed to the members of a Community.

    Raises: ChatError 6017 (nobody named, a mark below 1000), 10005 (over 100), 10010 (no such group), 8515 (a type without marks), 10007
    (not the owner), 10004 (an eleventh mark).
    """
    if not user_ids or number < FIRST_MARK:
        raise ChatError(codes.INVALID_PARAMETERS)
    if len(user_ids) > MAX_MARKED_AT_ONCE:
        raise ChatError(codes.GROUP_REQUEST_COUNT)
    group = groups.require(world, group_id)
    if "mark" not in groups.type_of(group).rights:
        raise ChatError(codes.GROUP_MARKS_DENIED)
    rights.require_right(world, group_id, user_id, "mark", device.client)
    if enable and number not in group.marks:
        if len(group.marks) >= MAX_MARKS:
            raise ChatError(codes.GROUP_INVALID_PARAMETERS)
        group = evolve(group, marks=(*group.marks, number))
        world[groups.GROUPS].put(group_id, group)
    marked = [member for name in user_ids if (member := groups.member(world, group_id, name)) is not None]
    changed = [member for member in marked if (number in member.marks) != enable]
    for member in changed:
        kept = tuple(one for one in member.marks if one != number)
        groups.change_member(world, member, marks=tuple(sorted((*kept, number))) if enable else kept)
    if changed and not groups.type_of(group).per_session:
        group_news.tell(
            world,
            group,
            "member_mark_changed",
            groups.member_ids(world, group_id),
            member_id_list=tuple(member.user_id for member in changed),
            mark_type=number,
            enable_mark=enable,
        )


def lose_marks(world: World, user_id: str) -> None:
    """Take the marks of live rooms off somebody who has gone offline (REST: mark members). Who has left is no member any more."""
    for group in groups.all_joined(world, user_id):
        member = groups.member(world, group.group_id, user_id)
        if member is not None and member.marks and groups.type_of(group).per_session:
            groups.change_member(world, member, marks=())
