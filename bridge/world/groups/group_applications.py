"""Applications: who wants into a group, and proposals of members that wait for consent."""

from __future__ import annotations

from bridge.world.groups import group_news, groups, rights
from bridge.world.groups.group_types import ADMIN
from bridge.world.groups.groups import Group
from bridge.world.kernel import facts
from bridge.world.kernel.clients import TODAY
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

JOIN, INVITE_ASKED, INVITE_PROPOSED = 0, 1, 2
OPEN, BY_OTHER, BY_SELF = 0, 1, 2
MAX_LISTED = 50


@row_class
class Application:
    """
    Somebody wants to come into a group, or to bring somebody in.

    Attributes:
        kind: 0 `from_user` wants in; `from_user` wants `to_user` in, and that one has a say (1), or an administrator (2).
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


@row_class
class ApplicationReader:
    """How far a user has read the applications, in the world's order."""

    user_id: str
    read_order: int


APPLICATIONS = TableSpec(
    "applications",
    Application,
    ("group_id", "from_user", "to_user", "kind"),
    {"group": lambda: Groups(lambda a: a.group_id), "asked": lambda: Groups(lambda a: a.to_user if a.kind == INVITE_ASKED else "")},
)
APPLICATION_READERS = TableSpec("application_readers", ApplicationReader, ("user_id",))


def ask(world: World, group: Group, user_id: str, text: str) -> None:
    """A user wants into a group; asking again takes the place of what was asked before. States join_application_received."""
    _add(world, group, user_id, "", JOIN, text)


def propose(world: World, group: Group, user_id: str, invited: str) -> None:
    """A member wants to bring a user in. States join_application_received."""
    _add(world, group, user_id, invited, INVITE_PROPOSED, "")


def ask_invited(world: World, group: Group, user_id: str, invited: str) -> None:
    """A member wants to bring in a user who has a say. It is in that one's list; no client tells its app that it has come (client 8.9)."""
    _put(world, group, user_id, invited, INVITE_ASKED, "")


def _put(world: World, group: Group, user_id: str, to_user: str, kind: int, text: str) -> None:
    key = (group.group_id, user_id, to_user, kind)
    order = world.next_number("order")
    world[APPLICATIONS].put(key, Application(*key, order=order, added_ms=world.now_ms, text=text))


def _add(world: World, group: Group, user_id: str, to_user: str, kind: int, text: str) -> None:
    _put(world, group, user_id, to_user, kind, text)
    person = group_news.person(world, group.group_id, to_user or user_id)
    world.state(
        "join_application_received",
        facts.users(deciders(world, group)),
        group_id=group.group_id,
        member=person,
        op_reason=text,
        invited=kind != JOIN,
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
        if group is not None and rights.may(world, group, user_id, "handle_applications", TODAY):
            found += [row for key in table.index("group").of(group_id) if (row := table[key]).kind != INVITE_ASKED]
    if table.rows:
        asked = [table[key] for key in table.index("asked").of(user_id)]
        found += [row for row in asked if groups.find(world, row.group_id) is not None]
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
