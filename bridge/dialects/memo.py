"""Maps that were written before, kept as the platform shows them until something that they are made of changes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

MAX_WRITTEN = 1 << 14

LEAVING = 1 << 9
"""
How many leave together, those that were kept first: all would take 26 ms. One by one, as many containers would go as come, and Python,
which counts the difference, would look for young garbage only when there is much of it.
"""


class Lasting:
    """
    A map that need not be written anew as long as it is made of the same.

    Attributes:
        key: what it is about, in the words of its map's name.
        made_of: all that it depends on but user, dialect and platform: immutable values.
        write: makes it, given `made_of`.
        is_anybodys: whether it does not even depend on the user: what is made of the same is the same for all.
    """

    __slots__ = ("key", "made_of", "write", "is_anybodys")

    def __init__(self, key: str, made_of: Any, write: Callable[[], dict[str, Any]], is_anybodys: bool = False) -> None:
        self.key = key
        self.is_anybodys = is_anybodys
        self.made_of = made_of
        self.write = write


class Memo:
    """
    The maps that were written of one world. Whoever has the world has its memo.

    A kept map goes into several replies, so nobody may change it.
    """

    __slots__ = ("_written",)

    def __init__(self) -> None:
        self._written: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def recall(self, place: tuple[Any, ...], made_of: Any) -> Any:
        """Return what was last written in a place, or None if it is made of anything else now."""
        known = self._written.get(place)
        return None if known is None or known[0] != made_of else known[1]

    def keep(self, place: tuple[Any, ...], made_of: Any, wire: Any) -> None:
        """Keep a map for `recall`."""
        if len(self._written) >= MAX_WRITTEN:
            for first in [*islice(self._written, LEAVING)]:
                del self._written[first]
        self._written[place] = (made_of, wire)

    def forget(self) -> None:
        """Have every map written anew."""
        self._written.clear()
