"""Maps that go into many replies, and the JSON that was last written of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

Write = Callable[[Any], str]

DEPTH: Final = 4
"""How deep maps that are kept are looked for: a message, its result, what stands in that, and one more."""


def _refuse(self: KeptMap, *_arguments: Any, **_named: Any) -> Any:
    raise TypeError("A map that is kept goes into many replies: change a copy of it.")


class KeptMap(dict[str, Any]):
    """A map in which nothing ever changes, so that the text that was written of it can be sent again."""

    __slots__ = ("_text", "_write")

    def __init__(self, wire: dict[str, Any]) -> None:
        super().__init__(wire)
        self._write: Write | None = None
        self._text = ""

    def written(self, write: Write) -> str:
        """Return the map's text as a function writes it, from the last time if it was that function."""
        if self._write is not write:
            self._text = write(self)
            self._write = write
        return self._text

    __setitem__ = __delitem__ = __ior__ = update = setdefault = pop = popitem = clear = _refuse


_MAY_HOLD: Final = frozenset((dict, list, KeptMap))


def holds_kept(value: Any, depth: int = DEPTH) -> bool:
    """Return whether maps that are kept stand in a dict or list, not far inside; of a list, the first item speaks for all."""
    items = value.values() if value.__class__ is dict else value[:1]
    if _MAY_HOLD.isdisjoint(map(type, items)):  # nearly all: an outcome without data
        return False
    for item in items:
        kind = item.__class__
        if kind is KeptMap:
            return True
        if kind is dict:
            if depth > 1 and not _MAY_HOLD.isdisjoint(map(type, item.values())) and holds_kept(item, depth - 1):
                return True
        elif kind is list and item and depth > 1 and holds_kept(item, depth - 1):
            return True
    return False


def written(value: Any, write: Write) -> str:
    """Return a value's JSON as `write` has it, which must be compact, with what was kept of the maps in it."""
    parts: list[str] = []
    _add(parts, value, write, DEPTH)
    return "".join(parts)


def _add(parts: list[str], value: Any, write: Write, depth: int) -> None:
    kind = value.__class__
    if kind is KeptMap:
        parts.append(value.written(write))
    elif kind is dict and depth and value:
        before = "{"
        for key, item in value.items():
            parts.append(f"{before}{write(key)}:")
            _add(parts, item, write, depth - 1)
            before = ","
        parts.append("}")
    elif kind is list and depth and value and holds_kept(value, depth):
        before = "["
        for item in value:
            parts.append(before)
            _add(parts, item, write, depth - 1)
            before = ","
        parts.append("]")
    else:
        parts.append(write(value))
