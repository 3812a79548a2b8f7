"""groupManager: searching groups and members."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world.groups import group_search
from bridge.world.groups.groups import Group, Member
from bridge.world.kernel.results import Page


def search_groups(caller: Caller, words: list[str], in_ids: bool, in_names: bool) -> list[Group]:
    """Search the caller's groups."""
    return group_search.find_groups(caller.world, caller.user, words, in_ids, in_names)


def search_group_members(
    caller: Caller,
    words: list[str],
    group_ids: list[str] | None,
    in_ids: bool,
    in_names: bool,
    in_remarks: bool,
    in_name_cards: bool,
) -> dict[str, list[Member]]:
    """Search the members of the caller's groups."""
    return group_search.find_members(
        caller.world, caller.user, words, group_ids, in_ids, in_names, in_remarks, in_name_cards
    )


def search_cloud_groups(
    caller: Caller, words: list[str], every_word: bool, where: tuple[bool, bool], cursor: str, count: int
) -> Page:
    """Search all groups that can be found."""
    return group_search.cloud_groups(caller.world, caller.user, words, every_word, where, cursor, count)


def search_cloud_group_members(
    caller: Caller,
    words: list[str],
    group_ids: list[str],
    every_word: bool,
    where: tuple[bool, bool, bool, bool],
    cursor: str,
    count: int,
) -> Page:
    """Search the members of the caller's groups, in pages."""
    return group_search.cloud_members(caller.world, caller.user, words, group_ids, every_word, where, cursor, count)
