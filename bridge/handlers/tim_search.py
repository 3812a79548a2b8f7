"""timManager: searching users."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world.kernel.results import Page
from bridge.world.people import user_search


def search_users(
    caller: Caller, words: list[str], every_word: bool, gender: int | None, born: tuple[int, int], cursor: str, count: int
) -> Page:
    """Search all users."""
    return user_search.find(caller.world, words, every_word, gender, born, cursor, count)
