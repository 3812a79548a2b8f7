"""Groups and their members, as far as conversations and messages depend on them."""

from __future__ import annotations

from attrs import field, frozen

from bridge.errors import ChatError
from bridge.world import codes
from bridge.world.store import Groups, TableSpec
from bridge.world.world import World

OWNER, ADMIN, MEMBER = 400, 300, 200


@frozen
class GroupType:
    """
    What the type of a group decides.

    Attributes:
        counts_unread: whether messages raise the unread count of a member's conversation.
        stores: whether messages stay in the history.
        history_before_joining: whether a member sees what was sent before.
        default_recv_opt: the receive option of a new member.
    """

    name: str
    counts_unread: bool = True
    stores: bool = True
    history_before_joining: bool = False
    default_recv_opt: int = 0


# product docs: group system, table of message capabilities
TYPES = {
    t.name: t
    for t in (
        GroupType("Work"),
        GroupType("Public"),
        GroupType("Meeting", counts_unread=False, history_before_joining=True, default_recv_opt=2),
        GroupType("Community", history_before_joining=True),
        GroupType("AVChatRoom", counts_unread=False, stores=False, default_recv_opt=2),
    )
}


@frozen
class Group:
    """
    A group.

    Attributes:
        add_opt: who may join: 0 nobody, 1 after approval, 2 anybody. `approve_opt`: the same for invitations.
        last_seq: sequence number of the newest stored message; 0 without one.
        dismissed: true once it is gone; its id stays taken for old conversations' sake.
        opened: whether a first message was sent (a Work group stays invisible to its members until then).
        version: grows with each change of `attributes`.
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


@frozen
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


@frozen
class PastMember:
    """A user who was in a group and still reads what came until `left_order`. `muted_until_ms` outlasts leaving."""

    group_id: str
    user_id: str
    joined_order: int
    left_order: int
    muted_until_ms: int = 0


GROUPS = TableSpec("groups", Group, ("group_id",))
MEMBERS = TableSpec(
    "members",
    Member,
    ("group_id", "user_id"),
    {"group": lambda: Groups(lambda m: m.group_id), "user": lambda: Groups(lambda m: m.user_id)},
)
PAST_MEMBERS = TableSpec("past_members", PastMember, ("group_id", "user_id"))


def find(world: World, group_id: str) -> Group | None:
    """Return a group that exists, or None."""
    group = world[GROUPS].rows.get(group_id)
    return None if group is None or group.dismissed else group


def require(world: World, group_id: str) -> Group:
    """Return a group. Raises: ChatError 10010 if it never existed or was dismissed."""
    group = find(world, group_id)
    if group is None:
        raise ChatError(codes.GROUP_NOT_FOUND)
    return group


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
