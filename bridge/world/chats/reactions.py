"""Reactions: what users have stuck on a message, each under an id of the app's own (product docs: reactions; native 8.2 header)."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.errors import ChatError
from bridge.values import value_class
from bridge.world.chats import messages, visibility
from bridge.world.chats.messages import Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, facts
from bridge.world.kernel.results import Page
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

MAX_REACTIONS, MAX_USERS = 10, 100
MAX_MESSAGES, MAX_SHOWN, MAX_PAGE = 20, 10, 100


@row_class
class Reaction:
    """A user has reacted to a message. `order` is when, in the world's order."""

    msg_id: str
    reaction_id: str
    user_id: str
    order: int


REACTIONS = TableSpec(
    "reactions", Reaction, ("msg_id", "reaction_id", "user_id"), {"message": lambda: Groups(lambda r: r.msg_id)}
)


@value_class
class Summary:
    """
    How users have reacted to a message in one way.

    Attributes:
        user_ids: all of them, in the order in which they did; none if the reaction is gone.
        shown: how many of them are named to the client.
    """

    reaction_id: str
    user_ids: tuple[str, ...]
    shown: int = MAX_SHOWN


@value_class
class Reacted:
    """A message and the summaries of its reactions: all of them, or those that changed."""

    msg_id: str
    summaries: tuple[Summary, ...]


def add(world: World, user_id: str, message: Message, reaction_id: str) -> None:
    """
    React to a message.

    States message_reactions_changed to all parties, the caller too, with this reaction alone.

    Raises: ChatError 6017 (no reaction id, a message that is not sent), 23007 (the user has reacted so already), 23005 (ten
        others), 23006 (a hundred users); as `_check`.
    """
    _check(world, user_id, message)
    if not reaction_id or message.status != messages.SENT:
        raise ChatError(codes.INVALID_PARAMETERS)
    users = _users(world, message.msg_id)
    mine = users.get(reaction_id, ())
    if user_id in mine:
        raise ChatError(codes.REACTION_ALREADY_USED)
    if not mine and len(users) >= MAX_REACTIONS:
        raise ChatError(codes.REACTION_LIMIT)
    if len(mine) >= MAX_USERS:
        raise ChatError(codes.REACTION_USER_LIMIT)
    row = Reaction(message.msg_id, reaction_id, user_id, world.next_number("order"))
    world[REACTIONS].put((message.msg_id, reaction_id, user_id), row)
    _tell(world, message, reaction_id)


def remove(world: World, user_id: str, message: Message, reaction_id: str) -> None:
    """
    Take a reaction back.

    States message_reactions_changed to all parties, the caller too, with this reaction alone.

    Raises: ChatError 23008 (nobody has reacted so), 23009 (the user has not); as `_check`.
    """
    _check(world, user_id, message)
    users = _users(world, message.msg_id).get(reaction_id)
    if users is None:
        raise ChatError(codes.REACTION_NOT_FOUND)
    if user_id not in users:
        raise ChatError(codes.REACTION_NOT_USED)
    world[REACTIONS].drop((message.msg_id, reaction_id, user_id))
    _tell(world, message, reaction_id)


def summaries(world: World, user_id: str, found: list[Message], shown: int) -> list[Reacted]:
    """
    Return the reactions to messages of one conversation, those that came first in front.

    Args:
        shown: how many users to name for each, 0 to 10.

    Raises: ChatError 6017 (no message, over 20, several conversations, a number out of range); as `_check`.
    """
    if not 1 <= len(found) <= MAX_MESSAGES or not 0 <= shown <= MAX_SHOWN:
        raise ChatError(codes.INVALID_PARAMETERS)
    if len({message.channel for message in found}) > 1:
        raise ChatError(codes.INVALID_PARAMETERS)
    _check(world, user_id, found[0])
    return [Reacted(message.msg_id, tuple(_summaries(world, message.msg_id, shown))) for message in found]


def users_of(world: World, user_id: str, message: Message, reaction_id: str, cursor: int, count: int) -> Page:
    """
    Return who has reacted in one way, in the order in which they did.

    Args:
        cursor: 0, or what the page before returned.
        count: at most how many, 1 to 100.

    Returns: a page of user ids.

    Raises: ChatError 6017 (a number out of range), 23008 (nobody has reacted so); as `_check`.
    """
    _check(world, user_id, message)
    if not 1 <= count <= MAX_PAGE or cursor < 0:
        raise ChatError(codes.INVALID_PARAMETERS)
    users = _users(world, message.msg_id).get(reaction_id)
    if users is None:
        raise ChatError(codes.REACTION_NOT_FOUND)
    finished = cursor + count >= len(users)
    return Page(users[cursor : cursor + count], 0 if finished else cursor + count, finished)


def _check(world: World, user_id: str, message: Message) -> None:
    """
    Look whether reactions to a message are any business of a user.

    Raises: ChatError 7013 (switch "message_reactions" is off), 10007 or 10010 (not in the group, or it is gone), 6017 (the service
        has it not for the user).
    """
    if not world.policy.switch("message_reactions"):
        raise ChatError(codes.INTERFACE_NOT_SUPPORTED)
    if message.channel[0] == "group":
        groups.require_member(world, communities.community_of(message.channel[1]), user_id)
    if not visibility.is_served(world, user_id, message):
        raise ChatError(codes.INVALID_PARAMETERS)


def _users(world: World, msg_id: str) -> dict[str, list[str]]:
    """Return the users of each reaction to a message, all in the order of reacting."""
    table = world[REACTIONS]
    rows: Iterable[Reaction] = (table[key] for key in table.index("message").of(msg_id))
    users: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda r: r.order):
        users.setdefault(row.reaction_id, []).append(row.user_id)
    return users


def _summaries(world: World, msg_id: str, shown: int) -> Iterable[Summary]:
    for reaction_id, users in _users(world, msg_id).items():
        yield Summary(reaction_id, tuple(users), shown)


def _tell(world: World, message: Message, reaction_id: str) -> None:
    users = _users(world, message.msg_id).get(reaction_id, [])
    changed = Reacted(message.msg_id, (Summary(reaction_id, tuple(users)),))
    world.state("message_reactions_changed", facts.users(visibility.parties(world, message)), change_infos=(changed,))
