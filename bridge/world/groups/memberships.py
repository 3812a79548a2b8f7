"""Coming into groups and going: joining, inviting, quitting, kicking, dismissing."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import fields_dict

from bridge.errors import ChatError
from bridge.world.groups import (
    group_applications,
    group_news,
    group_types,
    groups,
    live_rooms,
    permission_groups,
    rights,
    topics,
)
from bridge.world.groups.group_types import ADMIN, ASK, BY_OPTION, FORBID, MEMBER, OWNER
from bridge.world.groups.groups import Group, Member, PastMember
from bridge.world.kernel import codes, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.world import World
from bridge.world.people import users

MAX_AT_ONCE = 20
"""Users in one request of a client (native group header)."""

FAILED, DONE, NOTHING_TO_DO, WAITS, OTHERS_LIMIT = 0, 1, 2, 3, 4
"""What comes of one member of a batch (native group header)."""

FOR_EVER = -1


# --- the rows


def take_in(world: World, group: Group, user_id: str, role: int = MEMBER) -> Member:
    """Make a user a member; a mute of an earlier time is still on (group message page). States nothing."""
    past = world[groups.PAST_MEMBERS].get((group.group_id, user_id))
    if group.owner == user_id:
        role = OWNER
    elif past is not None and past.role:
        role = past.role
    member = Member(
        group.group_id,
        user_id,
        role=role,
        joined_ms=world.now_ms,
        joined_order=world.next_number("order"),
        muted_until_ms=0 if past is None else past.muted_until_ms,
    )
    world[groups.MEMBERS].put((group.group_id, user_id), member)
    return member


def take_out(world: World, group: Group, member: Member, blocked_until_ms: int = 0) -> None:
    """End a membership; what the user could read stays readable. States nothing."""
    key = (group.group_id, member.user_id)
    past = world[groups.PAST_MEMBERS].get(key)
    earlier = () if past is None else (*past.earlier, (past.joined_order, past.left_order))
    current = world[groups.GROUPS][group.group_id]
    keeps_role = groups.type_of(group).per_session and member.role == ADMIN and not blocked_until_ms
    world[groups.PAST_MEMBERS].put(
        key,
        PastMember(
            *key,
            joined_order=member.joined_order,
            left_order=world.next_number("order"),
            muted_until_ms=member.muted_until_ms,
            role=member.role if keeps_role else 0,
            blocked_until_ms=blocked_until_ms,
            earlier=earlier,
            name=current.name,
            face_url=current.face_url,
        ),
    )
    if "backlog" in world.tables:
        world.happened("membership_ends", group_id=group.group_id, user_id=member.user_id)
    world[groups.MEMBERS].drop(key)
    if "permission_groups" in groups.type_of(group).rights:
        permission_groups.forget_member(world, group.group_id, member.user_id)
    if groups.type_of(group).per_session:
        live_rooms.forget(world, group.group_id, member.user_id)


def is_blocked(world: World, group_id: str, user_id: str) -> bool:
    """Return whether a user was kicked and cannot come back yet."""
    past = world[groups.PAST_MEMBERS].get((group_id, user_id))
    return past is not None and (past.blocked_until_ms == FOR_EVER or past.blocked_until_ms > world.now_ms)


def has_all_groups(world: World, user_id: str) -> bool:
    """Return whether a user is in as many groups as the plan allows."""
    count: int = world[groups.MEMBERS].index("user").count(user_id)
    limit: int = world.policy.switch("groups_per_user")
    return count >= limit


def room_left(world: World, group: Group) -> int:
    """Return how many more members a group takes."""
    most = groups.max_members(group)
    return 1 << 30 if most is None else most - groups.member_count(world, group.group_id)


# --- coming in


def join(world: World, device: Device, user_id: str, group_id: str, text: str) -> None:
    """
    Join a group, or ask for it where owner and administrators have a say.

    States member_entered (to the members, the new one too), or join_application_received to those who decide.

    Raises: ChatError 10010 (no such group), 10037 (in too many groups), 10013 (in it already; a live room takes it), 10007 (nobody may
    join, or this user may not), 10014 (full).
    """
    group = groups.require(world, group_id)
    kind = groups.type_of(group)
    if not kind.per_session and has_all_groups(world, user_id):
        raise ChatError(codes.GROUP_COUNT_LIMIT)
    known = groups.member(world, group_id, user_id)
    if known is not None and not kind.per_session:
        raise ChatError(codes.GROUP_ALREADY_MEMBER)
    option = group.add_opt if kind.joins == BY_OPTION else kind.joins
    if option == FORBID or is_blocked(world, group_id, user_id):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    if option == ASK:
        group_applications.ask(world, group, user_id, text)
        return
    if kind.per_session:
        live_rooms.enter(world, group_id, device, user_id)
    if known is None:
        if room_left(world, group) <= 0:
            raise ChatError(codes.GROUP_FULL)
        entered(world, group, take_in(world, group, user_id))


def entered(world: World, group: Group, member: Member) -> None:
    """Tell a group that somebody has come in."""
    if group_news.tells(world, group, "members"):
        members = groups.member_ids(world, group.group_id)
        group_news.tell(world, group, "member_entered", members, member_list=(member,))
        group_news.post(world, group, group_types.JOINED, member.user_id, members=(member.user_id,))


def invite(world: World, user_id: str, group_id: str, user_ids: list[str]) -> list[Item]:
    """
    Bring users into a group, or propose them where owner and administrators have a say.

    Returns: an item per user; its code is 1 in, 0 failed, 2 was in it, 3 waits for consent, 4 is in too many groups.

    States member_invited to the members, the new ones too, or join_application_received to those who decide.

    Raises: ChatError 8510 (nobody named), 10005 (over 20), 10010 (no such group), 10007 (not a member, or nobody may), 10014 (full).
    """
    if not user_ids:
        raise ChatError(codes.INVITE_NOBODY)
    if len(user_ids) > MAX_AT_ONCE:
        raise ChatError(codes.GROUP_REQUEST_COUNT)
    group = groups.require_member(world, group_id, user_id)
    kind = groups.type_of(group)
    option = group.approve_opt if kind.invites == BY_OPTION else kind.invites
    if option == FORBID:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    room = room_left(world, group)
    if room <= 0:
        raise ChatError(codes.GROUP_FULL)
    asks = option == ASK and groups.role_of(world, group, user_id) < ADMIN
    items: list[Item] = []
    new: list[Member] = []
    for invited in user_ids:
        result = _invitable(world, group, invited, room - len(new))
        if result == DONE and asks:
            group_applications.propose(world, group, user_id, invited)
            result = WAITS
        elif result == DONE and users.profile(world, invited).asked_first:
            group_applications.ask_invited(world, group, user_id, invited)
            result = WAITS
        elif result == DONE:
            new.append(take_in(world, group, invited))
        items.append(Item(invited, result))
    if new:
        invited_in(world, group, user_id, new)
    return items


def _invitable(world: World, group: Group, user_id: str, room: int) -> int:
    if groups.member(world, group.group_id, user_id) is not None:
        return NOTHING_TO_DO
    if users.find(world, user_id) is None or is_blocked(world, group.group_id, user_id) or room <= 0:
        return FAILED
    return OTHERS_LIMIT if has_all_groups(world, user_id) else DONE


def invited_in(world: World, group: Group, by: str, new: Sequence[Member]) -> None:
    """Tell a group whom somebody has brought in; a type that does not tell of members tells the new ones alone."""
    told = group_news.tells(world, group, "members")
    ids = tuple(member.user_id for member in new)
    people = groups.member_ids(world, group.group_id) if told else ids
    op_user = group_news.person(world, group.group_id, by)
    group_news.tell(world, group, "member_invited", people, op_user=op_user, member_list=tuple(new))
    if told:
        group_news.post(world, group, group_types.INVITED, by, members=ids)


# --- going


def leave(world: World, group: Group, user_id: str) -> None:
    """Take a user out of a group. States member_left to those who stay."""
    member = groups.member(world, group.group_id, user_id)
    if member is None:
        return
    take_out(world, group, member)
    if group_news.tells(world, group, "members"):
        staying = groups.member_ids(world, group.group_id)
        group_news.tell(world, group, "member_left", staying, member=member)
        group_news.post(world, group, group_types.LEFT, user_id, members=(user_id,))


def quit_group(world: World, user_id: str, group_id: str) -> None:
    """
    Leave a group.

    States quit_from_group to the devices of the user, member_left to those who stay.

    Raises: ChatError 10010 (no such group), 10007 (not a member), 10009 (the owner, unless the type lets owners go: then nobody owns it).
    """
    group = groups.require_member(world, group_id, user_id)
    if group.owner == user_id:
        if "owner_quits" not in groups.type_of(group).rights:
            raise ChatError(codes.GROUP_OWNER_CANNOT_QUIT)
        group = evolve(group, owner="")
        world[groups.GROUPS].put(group_id, group)
    world.state("quit_from_group", facts.user(user_id), group_id=group_id)
    leave(world, group, user_id)


def kick(
    world: World, device: Device, user_id: str, group_id: str, user_ids: list[str], duration_s: int = 0
) -> list[Item]:
    """
    Throw members out.

    Args:
        duration_s: how long they cannot come back. Who is thrown out of a live room without a duration never can; a Community blocks
            nobody.

    Returns: an item per user; its code is 1 out, 0 failed (oneself, or a role not below the own one), 2 was not in it.

    States member_kicked to the members, those thrown out too.

    Raises: ChatError 8510 (nobody named), 10005 (over 20), 10010 (no such group), 10007 (no right to).
    """
    if not user_ids:
        raise ChatError(codes.INVITE_NOBODY)
    if len(user_ids) > MAX_AT_ONCE:
        raise ChatError(codes.GROUP_REQUEST_COUNT)
    group = rights.require_right(world, group_id, user_id, "kick", device.client)
    items: list[Item] = []
    gone: dict[str, Member] = {}
    for kicked in user_ids:
        member = groups.member(world, group_id, kicked)
        if member is None or kicked in gone:
            items.append(Item(kicked, NOTHING_TO_DO))
        elif not groups.outranks(world, group, user_id, member):
            items.append(Item(kicked, FAILED))
        else:
            gone[kicked] = member
            items.append(Item(kicked, DONE))
    if gone:
        _kicked(world, group, user_id, list(gone.values()), _blocked_until(world, group, duration_s))
    return items


def _blocked_until(world: World, group: Group, duration_s: int) -> int:
    kind = groups.type_of(group)
    if not kind.kicks_block:
        return 0
    if duration_s > 0:
        return world.now_ms + duration_s * 1000
    return FOR_EVER if kind.per_session else 0


def _kicked(world: World, group: Group, by: str, gone: list[Member], blocked_until_ms: int) -> None:
    ids = tuple(member.user_id for member in gone)
    told = group_news.tells(world, group, "members")
    people = groups.member_ids(world, group.group_id) if told else list(ids)
    person = group_news.person(world, group.group_id, by)
    group_news.tell(world, group, "member_kicked", people, op_user=person, member_list=tuple(gone))
    if told:
        count = groups.member_count(world, group.group_id) - len(gone)
        group_news.post(world, group, group_types.KICKED, by, members=ids, member_count=count)
    for member in gone:
        take_out(world, group, member, blocked_until_ms)


def dismiss(world: World, device: Device, user_id: str, group_id: str) -> None:
    """
    End a group. Its history and everybody's conversation stay.

    States group_dismissed to the members, the owner too.

    Raises: ChatError 10010 (no such group), 10007 (not the owner, or a Work group).
    """
    group = rights.require_right(world, group_id, user_id, "dismiss", device.client)
    end(world, group, "group_dismissed", group_news.person(world, group_id, user_id))


def recycle(world: World, group_id: str) -> None:
    """
    The service takes a group back that nobody used.

    States group_recycled to the members. Raises: ChatError 10010 (no such group).
    """
    group = groups.require(world, group_id)
    end(world, group, "group_recycled", Member(group_id, group.owner))


def end(world: World, group: Group, kind: str, by: Member) -> None:
    """Tell all members that their group is gone, and let it be so."""
    people = groups.member_ids(world, group.group_id)
    group_news.tell(world, group, kind, people, op_user=by)
    if group.owner and group.owner not in people:  # of a live room that the owner has not joined
        world.state(kind, facts.user(group.owner), group_id=group.group_id, op_user=by)
    for user_id in people:
        take_out(world, group, world[groups.MEMBERS][(group.group_id, user_id)])
    current = world[groups.GROUPS][group.group_id]
    world[groups.GROUPS].put(group.group_id, evolve(current, dismissed=True))


def forget(world: World, group_id: str) -> None:
    """
    Let nothing be left of a group that is gone, for its id is used again: every row of any table that is about it goes. States unread sums.

    What members see of it stays in their lists, empty, until the new group reaches them.
    """
    for topic in topics.of_community(world, group_id):
        world.happened("topic_deleted", topic_id=topic.topic_id)
    for _, table in sorted(world.tables.items()):
        about = [name for name in ("group_id", "community_id") if name in fields_dict(table.spec.row_type)]
        for name in about:
            for key in sorted(key for key, row in table.rows.items() if getattr(row, name) == group_id):
                table.drop(key)
    world.happened("group_id_freed", group_id=group_id)


def end_session(world: World, device_id: str) -> None:
    """
    Take a device whose login ends out of its rooms, and its user with the last device.

    States member_left to those who stay.
    """
    table = world[live_rooms.PRESENCES]
    for key in table.index("device").of(device_id):
        group_id, user_id = key[0], table[key].user_id
        table.drop(key)
        group = groups.find(world, group_id)
        if group is not None and not table.index("member").count((group_id, user_id)):
            leave(world, group, user_id)
