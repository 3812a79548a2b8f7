"""Applications: who wants into a group, and proposals of members that wait for consent."""

from __future__ import annotations

from attrs import evolve, frozen

from bridge.errors import ChatError
from bridge.world import codes, facts, group_news, groups, memberships
from bridge.world.clients import TODAY
from bridge.world.devices import Device
from bridge.world.group_types import ADMIN
from bridge.world.groups import Group
from bridge.world.store import Groups, TableSpec
from bridge.world.world import World

JOIN, INVITE_ASKED, INVITE_PROPOSED = 0, 1, 2
OPEN, BY_OTHER, BY_SELF = 0, 1, 2
MAX_LISTED = 50


@frozen
class Application:
    """
    Somebody wants to come into a group, or to bring somebody in.

    Attributes:
        kind: 0 `from_user` wants in, 2 `from_user` wants `to_user` in and an administrator has a say.
        to_user: "" where `from_user` means oneself.
        order: the world's order when it was made or made again.
        handler: who has answered it, None while it is open; `agreed` and `answer` say how.
    """

    group_id: str
    from_user: str
    to_user: str
    kind: int
    order: int
    added_ms: int
    text: str = ""
    handler: str | None = None
    agreed: bool = False
    answer: str = ""


@frozen
class ApplicationReader:
    """How far a user has read the applications, in the world's order."""

    user_id: str
    read_order: int


APPLICATIONS = TableSpec(
    "applications",
    Application,
    ("group_id", "from_user", "to_user", "kind"),
    {"group": lambda: Groups(lambda a: a.group_id)},
)
APPLICATION_READERS = TableSpec("application_readers", ApplicationReader, ("user_id",))


def ask(world: World, group: Group, user_id: str, text: str) -> None:
    """A user wants into a group; asking again takes the place of what was asked before. States join_application_received."""
    _add(world, group, user_id, "", JOIN, text)


def propose(world: World, group: Group, user_id: str, invited: str) -> None:
    """A member wants to bring a user in. States join_application_received."""
    _add(world, group, user_id, invited, INVITE_PROPOSED, "")


def _add(world: World, group: Group, user_id: str, to_user: str, kind: int, text: str) -> None:
    key = (group.group_id, user_id, to_user, kind)
    order = world.next_number("order")
    world[APPLICATIONS].put(key, Application(*key, order=order, added_ms=world.now_ms, text=text))
    person = group_news.person(world, group.group_id, to_user or user_id)
    world.state(
        "join_application_received",
        facts.users(deciders(world, group)),
        group_id=group.group_id,
        member=person,
        op_reason=text,
    )


def deciders(world: World, group: Group) -> list[str]:
    """Return the owner and the administrators of a group, sorted."""
    names = groups.member_ids(world, group.group_id)
    return [name for name in names if groups.role_of(world, group, name) >= ADMIN]


def of_user(world: World, user_id: str) -> list[Application]:
    """Return the newest 50 applications that a user has a say in, the oldest first."""
    found = []
    table = world[APPLICATIONS]
    for group_id in groups.joined_ids(world, user_id) if table.rows else ():
        group = groups.find(world, group_id)
        if group is not None and groups.may(world, group, user_id, "handle_applications", TODAY):
            found += [table[key] for key in table.index("group").of(group_id)]
    return sorted(found, key=lambda application: application.order)[-MAX_LISTED:]


def unread_count(world: World, user_id: str) -> int:
    """Return how many open applications a user has not read."""
    reader = world[APPLICATION_READERS].get(user_id)
    read = 0 if reader is None else reader.read_order
    return sum(a.handler is None and a.order > read for a in of_user(world, user_id))


def set_read(world: World, user_id: str) -> None:
    """Count all applications as read; they stay in the list. Nobody is told."""
    if unread_count(world, user_id):
        order = world.next_number("order")
        world[APPLICATION_READERS].put(user_id, ApplicationReader(user_id, order))


def handle(
    world: World, device: Device, user_id: str, application: Application, agreed: bool, reason: str
) -> None:
    """
    Answer an application.

    States application_processed to who has made it; if agreed, member_entered (or member_invited) to the members, the new one too.

    Raises: ChatError 10010 (no such group), 10007 (no say in it), 10024 (answered already), 10014 (full).
    """
    group = groups.require_right(world, application.group_id, user_id, "handle_applications", device.client)
    if application.handler is not None:
        raise ChatError(codes.GROUP_REQUEST_ALREADY_HANDLED)
    newcomer = application.to_user or application.from_user
    is_in = groups.member(world, group.group_id, newcomer) is not None
    if agreed and not is_in and memberships.room_left(world, group) <= 0:
        raise ChatError(codes.GROUP_FULL)
    done = evolve(application, handler=user_id, agreed=agreed, answer=reason)
    world[APPLICATIONS].put(APPLICATIONS.key_of(application), done)
    world.state(
        "application_processed",
        facts.user(application.from_user),
        group_id=group.group_id,
        op_user=group_news.person(world, group.group_id, user_id),
        is_agree_join=agreed,
        op_reason=reason,
    )
    if not agreed or is_in:
        return
    member = memberships.take_in(world, group, newcomer)
    if application.kind == JOIN:
        memberships.entered(world, group, member)
    else:
        memberships.invited_in(world, group, application.from_user, [member])
