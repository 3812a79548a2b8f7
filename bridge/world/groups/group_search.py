"""Searching the groups that a user is in, and their members; case does not matter."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.groups import groups
from bridge.world.groups.group_types import BY_OPTION, FORBID
from bridge.world.groups.groups import Group, Member
from bridge.world.kernel import codes, words
from bridge.world.kernel.results import Page
from bridge.world.kernel.world import World
from bridge.world.people import friends, users


def find_groups(world: World, user_id: str, keywords: list[str], by_id: bool, by_name: bool) -> list[Group]:
    """
    Return the groups of a user, in order of joining, whose id or name holds one of some words.

    Raises: ChatError 6017 (no word, an empty one, over 5, or nothing to look through).
    """
    low = _words(keywords, by_id or by_name)
    found = groups.all_joined(world, user_id)
    return [g for g in found if words.fits(low, False, _chosen((by_id, by_name), (g.group_id, g.name)))]


def find_members(
    world: World,
    user_id: str,
    keywords: list[str],
    group_ids: list[str] | None,
    by_id: bool = False,
    by_nick: bool = False,
    by_remark: bool = False,
    by_name_card: bool = False,
) -> dict[str, list[Member]]:
    """
    Return, by group id, the members that one of some words fits, in order of joining; groups without any are left out.

    Args:
        group_ids: where to look, of the groups that the user is in; none means all of them.

    Raises: ChatError 6017 (no word, an empty one, over 5, or nothing to look through).
    """
    found: dict[str, list[Member]] = {}
    for member in _members(world, user_id, keywords, group_ids, False, (by_id, by_nick, by_remark, by_name_card)):
        found.setdefault(member.group_id, []).append(member)
    return found


def cloud_groups(
    world: World, user_id: str, keywords: list[str], every_word: bool, where: tuple[bool, bool], cursor: str, count: int
) -> Page:
    """
    Return a page of all groups that can be found, by id: those that the user is in, and those that others may join.

    Args:
        where: whether ids and names are looked through.

    Raises: ChatError 6017 (as `find_groups`, or a page that is none).
    """
    low = _words(keywords, any(where))
    rows = [
        group
        for group in world[groups.GROUPS].sorted()
        if (groups.role_of(world, group, user_id) or _lets_join(group))
        and words.fits(low, every_word, _chosen(where, (group.group_id, group.name)))
    ]
    return words.page(rows, cursor, count)


def cloud_members(
    world: World,
    user_id: str,
    keywords: list[str],
    group_ids: list[str],
    every_word: bool,
    where: tuple[bool, bool, bool, bool],
    cursor: str,
    count: int,
) -> Page:
    """
    Return a page of the members that words fit, of the groups that the user is in.

    Args:
        group_ids: where to look; none means all of them.
        where: whether ids, names, remarks and names in the group are looked through.

    Raises: ChatError 6017 (as `find_members`, or a page that is none).
    """
    return words.page(_members(world, user_id, keywords, group_ids, every_word, where), cursor, count)


def _members(
    world: World,
    user_id: str,
    keywords: list[str],
    group_ids: list[str] | None,
    every_word: bool,
    where: tuple[bool, bool, bool, bool],
) -> list[Member]:
    """Return the members that words fit, of some or all groups of a user, group by group in order of joining."""
    low = _words(keywords, any(where))
    table = world[groups.MEMBERS]
    found = []
    for group in groups.all_joined(world, user_id):
        if group_ids and group.group_id not in group_ids:
            continue
        for name in table.index("joined").after(group.group_id):
            member = table[(group.group_id, name)]
            texts = (name, users.profile(world, name).nick_name, friends.remark(world, user_id, name), member.name_card)
            if words.fits(low, every_word, _chosen(where, texts)):
                found.append(member)
    return found


def _lets_join(group: Group) -> bool:
    """Return whether others may at least ask to join."""
    option = groups.type_of(group).joins
    return (group.add_opt if option == BY_OPTION else option) != FORBID


def _chosen(where: tuple[bool, ...], texts: tuple[str, ...]) -> list[str]:
    return [text for is_wanted, text in zip(where, texts, strict=True) if is_wanted]


def _words(keywords: list[str], looks_anywhere: bool) -> list[str]:
    if not looks_anywhere:
        raise ChatError(codes.INVALID_PARAMETERS)
    return words.checked(keywords)
