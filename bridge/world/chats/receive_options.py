"""
How a user wants messages to arrive: per chat, per group, and for everything at certain times.

All of it is kept by the service and follows the user to every device. What an option does is said where messages are delivered
(`delivery.py`), counted (`unread.py`) and pushed (`pushes.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from bridge.errors import ChatError
from bridge.world.chats import conversation_list, conversations, unread
from bridge.world.groups import communities, group_changes, group_news, groups, topics
from bridge.world.kernel import codes, facts, rates
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.receiving import NOT_NOTIFY, RECEIVE
from bridge.world.kernel.results import Item
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World

USER_OPTIONS = range(3)
GROUP_OPTIONS = range(5)
MAX_USERS = 30
CALLS_PER_SECOND = 5
DAY_S = 86_400


@row_class
class AllOption:
    """
    How a user wants everything to arrive.

    Attributes:
        option: 0 as it comes, 2 without pushes at the times that follow.
        start_hour, start_minute, start_second: from when on every day (UTC).
        start_s: from when on once, in seconds since 1970; None where it is every day.
        duration_s: for how long; a day or more of every day is always.
    """

    user_id: str
    option: int = RECEIVE
    start_hour: int = 0
    start_minute: int = 0
    start_second: int = 0
    start_s: int | None = None
    duration_s: int = 0


ALL_OPTIONS = TableSpec("all_receive_options", AllOption, ("user_id",))


# --- users and groups


def set_for_users(world: World, user_id: str, peers: Iterable[str], option: int) -> None:
    """
    Say how messages of some users are to arrive: 0 as they come, 1 not at all, 2 without pushes.

    States conversation_changed with the listed ones of theirs that change, and unread sums, to the user's devices.

    Raises: ChatError 6017 (nobody, over 30, an empty id, another option), 7008 (over five calls a second, with rate limits).
    """
    names = list(dict.fromkeys(peers))
    if not 1 <= len(names) <= MAX_USERS or "" in names or option not in USER_OPTIONS:
        raise ChatError(codes.INVALID_PARAMETERS)
    rates.check(world, user_id, "receive_options", CALLS_PER_SECOND, 1000, codes.CALL_FREQUENCY_LIMIT)
    rows = [conversations.get(world, user_id, f"c2c_{name}") for name in names]
    changed = [conversations.save(world, evolve(row, recv_opt=option)) for row in rows if row.recv_opt != option]
    conversation_list.announce(world, facts.user(user_id), changed, listed=True)
    unread.tell(world, user_id)


def of_users(world: World, user_id: str, peers: list[str]) -> list[Item]:
    """
    Return how messages of some users arrive: an item for each, with the option as its value.

    Raises: ChatError 6017 (nobody, an empty id).
    """
    if not peers or "" in peers:
        raise ChatError(codes.INVALID_PARAMETERS)
    return [Item.of(name, value=conversations.get(world, user_id, f"c2c_{name}").recv_opt) for name in peers]


def set_for_group(world: World, user_id: str, group_id: str, option: int) -> None:
    """
    Say how messages of a group or topic are to arrive: as `set_for_users`, or 3 pushes for mentions alone, 4 mentions alone.

    States group_info_changed, for a topic topic_info_changed, then conversation_changed and unread sums, to the user's devices.

    Raises: ChatError 6017 (no group, another option), 10010, 10015 (no such group), 10007 (not a member).
    """
    if option not in GROUP_OPTIONS:
        raise ChatError(codes.INVALID_PARAMETERS)
    group = groups.require_member(world, communities.community_of(group_id), user_id)
    if group_id != group.group_id:
        topics.require(world, group_id)
    row = conversations.get(world, user_id, f"group_{group_id}")
    if row.recv_opt == option:
        return
    row = conversations.save(world, evolve(row, recv_opt=option))
    if not row.is_topic:
        change = {"type": group_changes.RECEIVE_OPTION, "int_value": option}
        group_news.tell(world, group, "group_info_changed", (user_id,), group_change_info_list=(change,))
    conversation_list.announce(world, facts.user(user_id), [row], listed=True)
    unread.tell(world, user_id)


# --- everything


def set_for_all(world: World, wanted: AllOption) -> None:
    """
    Say how everything is to arrive.

    States all_receive_message_opt_changed to the user's devices, unless nothing changes.

    Raises: ChatError 6017 (an option but 0 and 2, a time that no day has, a negative number).
    """
    is_time = wanted.start_hour in range(24) and wanted.start_minute in range(60) and wanted.start_second in range(60)
    if wanted.option not in (RECEIVE, NOT_NOTIFY) or not is_time or min(wanted.start_s or 0, wanted.duration_s) < 0:
        raise ChatError(codes.INVALID_PARAMETERS)
    if of_all(world, wanted.user_id) != wanted:
        world[ALL_OPTIONS].put(wanted.user_id, wanted)
        world.state("all_receive_message_opt_changed", facts.user(wanted.user_id), opt_info=wanted)


def of_all(world: World, user_id: str) -> AllOption:
    """Return how a user wants everything to arrive."""
    return world[ALL_OPTIONS].get(user_id) or AllOption(user_id)


def is_quiet(world: World, user_id: str) -> bool:
    """Return whether a user has asked for no pushes at this time."""
    wanted = of_all(world, user_id)
    if wanted.option != NOT_NOTIFY:
        return False
    if wanted.start_s is not None:
        return 0 <= world.now_s - wanted.start_s < wanted.duration_s
    start = wanted.start_hour * 3600 + wanted.start_minute * 60 + wanted.start_second
    return (world.now_s - start) % DAY_S < wanted.duration_s
