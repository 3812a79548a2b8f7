"""Groups and their members, as far as conversations and messages depend on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from typing import Any

from attrs import field

from bridge.errors import ChatError
from bridge.world.groups.group_types import ADMIN as ADMIN
from bridge.world.groups.group_types import MEMBER as MEMBER
from bridge.world.groups.group_types import OWNER as OWNER
from bridge.world.groups.group_types import TYPES, GroupType
from bridge.world.kernel import codes
from bridge.world.kernel.clients import Client
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World


@row_class
class Group:
    """
    A group.

    Attributes:
        add_opt: who may join: 0 nobody, 1 after approval, 2 anybody. `approve_opt`: the same for invitations.
        last_seq: sequence number of the newest stored message; 0 without one.
        dismissed: true once it is gone; old conversations go by it until a new group takes the id.
        opened: whether a first message was sent (a Work group stays invisible to its members until then).
        max_members: how many it takes; 0 means what its type takes.
        marks: the marks that its members have been given, each once.
    """

    group_id: str
    group_type: str
    name: str = ""
    notification: str = ""
    introduction: str = ""
    face_url: str = ""
    owner: str = ""
    all_muted: bool = False
    support_topic: bool = False
    add_opt: int = 2
    approve_opt: int = 0
    permission_groups_on: bool = False
    default_permissions: int = 0
    created_ms: int = 0
    info_changed_ms: int = 0
    last_message_ms: int = 0
    last_seq: int = 0
    max_members: int = 0
    opened: bool = False
    dismissed: bool = False
    custom: dict[str, str] = field(factory=dict)
    marks: tuple[int, ...] = ()


@row_class
class Member:
    """
    A user in a group.

    Attributes:
        role: 400 owner, 300 administrator, 200 member.
        joined_order: the world's order when the user came in; older messages may be hidden.
        muted_until_ms: until when the member may not talk; 0 if not muted.
    """

    group_id: str
    user_id: str
    role: int = MEMBER
    name_card: str = ""
    joined_ms: int = 0
    joined_order: int = 0
    muted_until_ms: int = 0
    custom: dict[str, str] = field(factory=dict)
    marks: tuple[int, ...] = ()


@row_class
class PastMember:
    """
    A user who was in a group and still reads what came until `left_order`. The row stays when the user comes back.

    Attributes:
        muted_until_ms: outlasts leaving.
        role: what an administrator of a live room is again after the next login; 0 for all others.
        blocked_until_ms: until when a kicked user cannot come back; -1 for ever.
        earlier: (joined, left) orders of the times before the last one.
        name, face_url: what the group was called and looked like when the user left; None in documents of before they were kept.
    """

    group_id: str
    user_id: str
    joined_order: int
    left_order: int
    muted_until_ms: int = 0
    role: int = 0
    blocked_until_ms: int = 0
    earlier: tuple[tuple[int, int], ...] = ()
    name: str | None = None
    face_url: str | None = None


class JoinOrder:
    """An index: the members of each group in the order in which they came in."""

    __slots__ = ("_members",)

    def __init__(self) -> None:
        self._members: dict[str, list[tuple[int, str]]] = {}

    def changed(self, key: tuple[str, str], old: Any, new: Any) -> None:
        before = None if old is None else (old.joined_order, old.user_id)
        after = None if new is None else (new.joined_order, new.user_id)
        if before == after:
            return
        members = self._members.setdefault(key[0], [])
        if before is not None:
            del members[bisect_left(members, before)]
        if after is not None:
            insort(members, after)

    def after(self, group_id: str, cursor: tuple[int, str] | None = None) -> Iterator[str]:
        """Yield user ids in order of joining, those at or before `cursor` (joined order, user id) left out."""
        members = self._members.get(group_id, [])
        for at in range(0 if cursor is None else bisect_right(members, cursor), len(members)):
            yield members[at][1]

    def newest(self, group_id: str, count: int) -> list[str]:
        """Return the user ids of those who came in last, the newest first."""
        return [user_id for _, user_id in self._members.get(group_id, [])[: -count - 1 : -1]]


GROUPS = TableSpec("groups", Group, ("group_id",))
MEMBERS = TableSpec(
    "members",
    Member,
    ("group_id", "user_id"),
    {
        "group": lambda: Groups(lambda m: m.group_id, settled=True),
        "user": lambda: Groups(lambda m: m.user_id, settled=True),
        "joined": JoinOrder,
    },
)
PAST_MEMBERS = TableSpec("past_members", PastMember, ("group_id", "user_id"))


def find(world: World, group_id: str) -> Group | None:
    """Return a group that exists, or None."""
    group = world[GROUPS].rows.get(group_id)
    return None if group is None or group.dismissed else group


def require(world: World, group_id: str) -> Group:
    """
    Return a group.

    Raises: ChatError 10010 if it never existed or was dismissed, 10015 if no group can have that id, 6017 without an id.
    """
    group = find(world, group_id)
    if group is None:
        if not group_id:
            raise ChatError(codes.INVALID_PARAMETERS)
        raise ChatError(codes.GROUP_NOT_FOUND if is_well_formed(group_id) else codes.INVALID_GROUP_ID)
    return group


ID_BYTES = 48

SERVER_PREFIX = "@TGS#"
"""How the ids begin that the service gives."""


def is_well_formed(group_id: str) -> bool:
    """Return whether this can be the id of a group: 1 to 48 printable ASCII characters (product docs: group system)."""
    return 0 < len(group_id) <= ID_BYTES and all(" " <= letter <= "~" for letter in group_id)


def looks(world: World, group_id: str, user_id: str) -> tuple[str, str, str | None]:
    """Return name, picture and type of a group as a user knows them: now, or as they were when the user left it."""
    group = world[GROUPS].rows.get(group_id)
    if group is None:
        return group_id, "", None
    past = world[PAST_MEMBERS].rows.get((group_id, user_id))
    if past is None or past.name is None or (group_id, user_id) in world[MEMBERS].rows:
        return group.name, group.face_url, group.group_type
    return past.name, past.face_url or "", group.group_type


def max_members(group: Group) -> int | None:
    """Return how many members a group takes, or None for as many as like."""
    return group.max_members or type_of(group).max_members or None


def member(world: World, group_id: str, user_id: str) -> Member | None:
    """Return a user's membership, or None."""
    return world[MEMBERS].rows.get((group_id, user_id))


def member_ids(world: World, group_id: str) -> list[str]:
    """Return the ids of a group's members, sorted."""
    return [key[1] for key in world[MEMBERS].index("group").of(group_id)]


def joined_ids(world: World, user_id: str) -> list[str]:
    """Return the ids of the groups a user is in, sorted."""
    return [key[0] for key in world[MEMBERS].index("user").of(user_id)]


def type_of(group: Group) -> GroupType:
    """Return what the group's type decides."""
    return TYPES[group.group_type]


def tells_invitations(world: World, group_id: str, client: Client) -> bool:
    """Return whether a client tells being invited into a group from joining it: old ones do in Work groups alone (release notes of 8.0)."""
    if client.tells_invitations:
        return True
    group = world[GROUPS].rows.get(group_id)
    return group is None or type_of(group).invitations_told


def member_count(world: World, group_id: str) -> int:
    """Return how many members a group has."""
    count: int = world[MEMBERS].index("group").count(group_id)
    return count


def role_of(world: World, group: Group, user_id: str) -> int:
    """Return a user's role: 400, 300, 200, or 0 for no member. The owner of a live room is one without having joined."""
    row = member(world, group.group_id, user_id)
    if row is not None:
        return row.role
    return OWNER if user_id and group.owner == user_id and type_of(group).per_session else 0


def outranks(world: World, group: Group, user_id: str, target: Member) -> bool:
    """Return whether a user with a right may use it on a member: by role, or, with permission groups, on all but the owner and oneself."""
    if group.permission_groups_on:
        return target.role < OWNER and target.user_id != user_id
    return role_of(world, group, user_id) > target.role


def require_member(world: World, group_id: str, user_id: str) -> Group:
    """Return a group that a user is in. Raises: ChatError 10010 no such group, 10007 not a member."""
    group = require(world, group_id)
    if not role_of(world, group, user_id):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    return group


def change_member(world: World, member: Member, **changes: Any) -> Member:
    """Store a membership with some attributes changed, and return it."""
    member = evolve(member, **changes)
    world[MEMBERS].put((member.group_id, member.user_id), member)
    return member


FOR_EVER_S = (1 << 32) - 1
"""All 32 bits: a mute that never ends (REST: mute; native group header)."""


def muted_until_ms(world: World, seconds: int) -> int:
    """Return until when a mute of some seconds from now holds; 0 for none. What goes beyond 32 bits of seconds is for ever."""
    return min(world.now_ms + seconds * 1000, FOR_EVER_S * 1000) if seconds else 0


def all_joined(world: World, user_id: str) -> list[Group]:
    """Return every group that a user is in, in order of joining."""
    members = [world[MEMBERS][(group_id, user_id)] for group_id in joined_ids(world, user_id)]
    return [world[GROUPS][m.group_id] for m in sorted(members, key=lambda m: (m.joined_order, m.group_id))]
