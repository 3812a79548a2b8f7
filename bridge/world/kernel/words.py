"""Words that are searched for: how many there may be, and whether a text holds them; case does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bridge.errors import ChatError
from bridge.world.kernel import codes
from bridge.world.kernel.results import Page

MAX_WORDS = 5
MAX_PAGE = 100


def checked(words: Sequence[str]) -> list[str]:
    """Return words as they are compared. Raises: ChatError 6017 (none, an empty one, or over 5)."""
    if not 1 <= len(words) <= MAX_WORDS or not all(words):
        raise ChatError(codes.INVALID_PARAMETERS)
    return [word.lower() for word in words]


def fits(words: Sequence[str], every_word: bool, texts: Iterable[str]) -> bool:
    """Return whether some texts hold one of the words, or each of them."""
    low = [text.lower() for text in texts]
    return (all if every_word else any)(any(word in text for text in low) for word in words)


def page(rows: list[Any], cursor: str, count: int) -> Page:
    """
    Return a page of what was found.

    Args:
        cursor: "" for the first page, else what the page before returned.
        count: at most how many; 0 for as many as there may be.

    Raises: ChatError 6017 (a cursor that is none, a negative count, or over 100).
    """
    if (cursor and not (cursor.isdecimal() and len(cursor) < 10)) or not 0 <= count <= MAX_PAGE:
        raise ChatError(codes.INVALID_PARAMETERS)
    start = int(cursor or 0)
    end = start + (count or MAX_PAGE)
    finished = end >= len(rows)
    return Page(rows[start:end], "" if finished else str(end), finished, len(rows))
