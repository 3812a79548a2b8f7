"""
The five types of groups, as data: what each allows whom, keeps, and tells (product docs: group system; limits page).

Rules ask a row. A type has no branch of its own anywhere.
"""

from __future__ import annotations

from attrs import field

from bridge.values import value_class
from bridge.world.kernel import receiving
from bridge.world.kernel.clients import Client

OWNER, ADMIN, MEMBER = 400, 300, 200

FORBID, ASK, ANY = 0, 1, 2
"""How a group takes people in: not at all, after an owner's or administrator's consent, at once."""

BY_OPTION = -1

JOINED, INVITED, LEFT, KICKED, MADE_ADMIN, UNMADE_ADMIN, PROFILE_CHANGED, MEMBER_CHANGED = 1, 2, 3, 4, 5, 6, 7, 8
"""What a message in the group says has happened: the numbers of the native header."""

@value_class
class GroupType:
    """
    What the type of a group decides.

    Attributes:
        old_name: what the type was called in old clients.
        id_prefix: how the ids that the service makes begin.
        counts_unread: whether messages raise the unread count of a member's conversation.
        stores: whether messages stay in the history.
        history_before_joining: whether a member sees what was sent before.
        default_recv_opt: the receive option of a new member.
        joins: FORBID or ANY whatever the group's option says, or BY_OPTION; `default_add_opt` is the option of a new group.
        created_by_default: a new group has that option whatever was asked for; only a change counts.
        invites: the same for invitations and `approve_opt`.
        rights: by what is done, the lowest role that may do it; nobody may do what is not there.
        needs: by right or feature, what a client must be able to do for it: an attribute of `Client`.
        features: what members of any role may use: attributes, counters, read receipts.
        tells: which changes members are told of: "members" come and go, "profile", "standing" of a member (mutes, roles).
        hidden_until_message: only the owner sees it in the list before the first message.
        per_session: membership lasts as long as a device's login.
        owner_joins: whether the creator is a member from the start.
        kicks_block: whether somebody can be kept from coming back.
        invitations_told: whether old clients, too, tell being invited from joining.
        max_members: on the top plan; 0 means as many as like.
    """

    name: str
    old_name: str = ""
    id_prefix: str = "@TGS#"
    counts_unread: bool = True
    stores: bool = True
    history_before_joining: bool = False
    default_recv_opt: int = receiving.RECEIVE
    joins: int = ANY
    created_by_default: bool = False
    default_add_opt: int = ANY
    invites: int = BY_OPTION
    default_approve_opt: int = FORBID
    rights: dict[str, int] = field(factory=dict)
    needs: dict[str, str] = field(factory=dict)
    features: frozenset[str] = frozenset(("attributes", "counters", "receipts"))
    tells: frozenset[str] = frozenset(("members", "profile", "standing"))
    hidden_until_message: bool = False
    per_session: bool = False
    owner_joins: bool = True
    kicks_block: bool = True
    invitations_told: bool = False
    max_members: int = 6000

    def known_to(self, client: Client, what: str) -> bool:
        """Return whether a client knows a right or feature of this type."""
        need = self.needs.get(what)
        return need is None or bool(getattr(client, need))


_BY_ADMINS = {
    "edit_texts": ADMIN,
    "edit_options": ADMIN,
    "edit_custom": ADMIN,
    "edit_members": ADMIN,
    "handle_applications": ADMIN,
    "kick": ADMIN,
    "mute": ADMIN,
    "mute_all": ADMIN,
    "set_role": OWNER,
    "transfer": OWNER,
    "dismiss": OWNER,
}
"""The rights that most types share (product docs: group system, table of rights)."""

TYPES = {
    t.name: t
    for t in (
        GroupType(
            "Work",
            "Private",
            joins=BY_OPTION,
            created_by_default=True,
            default_add_opt=FORBID,
            invites=ANY,
            default_approve_opt=ANY,
            rights={
                "edit_texts": MEMBER,
                "edit_options": OWNER,
                "handle_applications": OWNER,
                "edit_custom": OWNER,
                "edit_members": OWNER,
                "kick": OWNER,
                "transfer": OWNER,
                "owner_quits": OWNER,
            },
            hidden_until_message=True,
            invitations_told=True,
        ),
        GroupType("Public", "Public", joins=BY_OPTION, default_add_opt=ASK, rights=_BY_ADMINS),
        GroupType(
            "Meeting",
            "ChatRoom",
            joins=BY_OPTION,
            counts_unread=False,
            history_before_joining=True,
            default_recv_opt=receiving.NOT_NOTIFY,
            rights=_BY_ADMINS,
            tells=frozenset(("profile",)),
        ),
        GroupType(
            "Community",
            id_prefix="@TGS#_",
            history_before_joining=True,
            invites=ANY,
            rights={**_BY_ADMINS, "mark": OWNER, "topics": ADMIN, "permission_groups": ADMIN},
            needs={"mark": "marks_community_members", "attributes": "has_community_attributes"},
            features=frozenset(("attributes",)),
            kicks_block=False,
            max_members=100_000,
        ),
        GroupType(
            "AVChatRoom",
            counts_unread=False,
            stores=False,
            default_recv_opt=receiving.NOT_NOTIFY,
            invites=FORBID,
            rights={
                "edit_texts": OWNER,
                "edit_options": OWNER,
                "edit_custom": OWNER,
                "edit_members": OWNER,
                "kick": OWNER,
                "mute": OWNER,
                "mute_all": OWNER,
                "set_role": OWNER,
                "dismiss": OWNER,
                "mark": OWNER,
            },
            features=frozenset(("attributes", "counters")),
            needs={"kick": "kicks_from_live_rooms", "set_role": "sets_roles_in_live_rooms", "mark": "marks_live_room_members"},
            tells=frozenset(("members", "profile")),
            per_session=True,
            owner_joins=False,
            max_members=0,
        ),
    )
}

NAMES = {**{t.old_name: t.name for t in TYPES.values() if t.old_name}, **{name: name for name in TYPES}}
"""The type that each name on the wire means, old ones included."""
