"""Searching all users that the service knows."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.world.kernel import words
from bridge.world.kernel.results import Page
from bridge.world.kernel.world import World
from bridge.world.people.users import USERS


def find(
    world: World,
    wanted: Sequence[str],
    every_word: bool,
    gender: int | None,
    born: tuple[int, int],
    cursor: str,
    count: int,
) -> Page:
    """
    Return a page of the users whose id or name holds some words, by id.

    Args:
        gender: who is looked for, None for all.
        born: the first and last birthday, 0 for no such end.

    Raises: ChatError 6017 (no word, an empty one, over 5, a page that is none).
    """
    low = words.checked(wanted)
    first, last = born
    rows = [
        row
        for row in world[USERS].sorted()
        if words.fits(low, every_word, (row.user_id, row.nick_name))
        and gender in (None, row.gender)
        and row.birthday >= first
        and (not last or row.birthday <= last)
    ]
    return words.page(rows, cursor, count)
