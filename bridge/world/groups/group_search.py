"""Searching the groups that a user is in, and their members; case does not matter."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.groups import groups
from bridge.world.groups.groups import Group, Member
from bridge.world.kernel import codes
from bridge.world.kernel.world import World
from bridge.world.people import friends, users

MAX_KEYWORDS = 5


def find_groups(world: World, user_id: str, keywords: list[str], by_id: bool, by_name: bool) -> list[Group]:
    """
    Return the groups of a user, in order of joining, whose id or name holds one of some words.

    Raises: ChatError 6017 (no word, an empty one, over 5, or nothing to look through).
    """
    words = _words(keywords, by_id or by_name)
    found = groups.all_joined(world, user_id)
    return [g for g in found if _holds(words, (by_id and g.group_id, by_name and g.name))]


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
    words = _words(keywords, by_id or by_nick or by_remark or by_name_card)
    found: dict[str, list[Member]] = {}
    table = world[groups.MEMBERS]
    for group in groups.all_joined(world, user_id):
        if group_ids and group.group_id not in group_ids:
            continue
        for name in table.index("joined").after(group.group_id):
            member = table[(group.group_id, name)]
            texts = (
                by_id and name,
                by_nick and users.profile(world, name).nick_name,
                by_remark and friends.remark(world, user_id, name),
                by_name_card and member.name_card,
            )
            if _holds(words, texts):
                found.setdefault(group.group_id, []).append(member)
    return found


def _words(keywords: list[str], looks_anywhere: bool) -> list[str]:
    if not 1 <= len(keywords) <= MAX_KEYWORDS or not all(keywords) or not looks_anywhere:
        raise ChatError(codes.INVALID_PARAMETERS)
    return [word.lower() for word in keywords]


def _holds(words: list[str], texts: tuple[str | bool, ...]) -> bool:
    return any(word in text.lower() for text in texts if isinstance(text, str) for word in words)
