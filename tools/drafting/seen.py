"""Values that know what of them was looked at, to tell what a test asks of a reply from what is only there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Leaf = Callable[[Any, str], Any]
LARGE, COPIED = 12, {"id", "msgID"}
"""An object of so many keys whose keys were all looked at was copied; what of it is then expected."""
THERE = {"!": {"absent": True}}
ANY_LIST = {"is a": "list"}


def seen(value: Any) -> Any:
    """Return a value, with what is in it, as one that notes who looks at it."""
    if isinstance(value, dict):
        return SeenDict({key: seen(one) for key, one in value.items()})
    if isinstance(value, (list, tuple)):
        return SeenList([seen(one) for one in value])
    return value


def plain(value: Any) -> Any:
    """Return a value without notes; nobody has looked."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in dict.items(value)}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in list.__iter__(value)] if isinstance(value, list) else [plain(one) for one in value]
    return value


class SeenDict(dict[str, Any]):
    """An object that notes which keys were looked at."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.looked: dict[str, bool] = {}
        self.asked: set[str] = set()
        self.whole = self.listed = False

    def __getitem__(self, key: str) -> Any:
        self.looked[key] = True
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.looked[key] = True
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self.listed = True
        return super().__iter__()

    def keys(self) -> Any:
        self.listed = True
        return super().keys()

    def items(self) -> Any:
        self.listed = True
        self.looked |= dict.fromkeys(super().keys(), True)
        return super().items()

    def values(self) -> Any:
        self.listed = True
        self.looked |= dict.fromkeys(super().keys(), True)
        return super().values()

    def __len__(self) -> int:
        self.listed = True
        return super().__len__()

    def __eq__(self, other: object) -> bool:
        self.whole = True
        return bool(plain(self) == plain(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def expectation(self, leaf: Leaf, whole: bool = False) -> Any:
        """Return what a test expects of it."""
        if self.whole or whole:
            return {"=": {key: expectation(one, leaf, key, True) for key, one in dict.items(self)}}
        found: dict[str, Any] = {}
        for key in sorted(self.asked - self.looked.keys()):
            found[key] = THERE if dict.__contains__(self, key) else {"absent": True}
        copied = self.listed and dict.__len__(self) >= LARGE  # to be passed on with changes
        for key in sorted(self.looked.keys() & COPIED if copied else self.looked):  # in the order of what comes
            found[key] = expectation(dict.__getitem__(self, key), leaf, key) if dict.__contains__(self, key) else None
        if self.listed and not copied:
            return {"=": {key: found.get(key, THERE) for key in dict.keys(self)}}
        return {key: found[key] for key in sorted(found)}


class SeenList(list[Any]):
    """A list that notes whether it was looked at, or only asked for an item."""

    def __init__(self, values: list[Any]) -> None:
        super().__init__(values)
        self.touched = False
        self.asked: list[tuple[Any, bool]] = []

    def __iter__(self) -> Iterator[Any]:
        self.touched = True
        return super().__iter__()

    def __len__(self) -> int:
        self.touched = True
        return super().__len__()

    def __getitem__(self, place: Any) -> Any:
        self.touched = True
        return super().__getitem__(place)

    def __add__(self, other: Any) -> Any:
        self.touched = True
        return [*list.__iter__(self), *other]

    def __radd__(self, other: Any) -> Any:
        self.touched = True
        return [*other, *list.__iter__(self)]

    def __eq__(self, other: object) -> bool:
        self.touched = True
        return list(list.__iter__(self)) == (list(list.__iter__(other)) if isinstance(other, list) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __contains__(self, item: object) -> bool:
        found = any(plain(one) == plain(item) for one in list.__iter__(self))
        self.asked.append((plain(item), found))
        return found

    def expectation(self, leaf: Leaf, whole: bool = False, key: str = "") -> Any:
        """Return what a test expects of it."""
        if self.touched or whole:
            return [expectation(one, leaf, key, whole) for one in list.__iter__(self)]
        for item, found in self.asked[:1]:
            return {"has" if found else "none": leaf(item, key) if not isinstance(item, (dict, list)) else item}
        return ANY_LIST


def expectation(value: Any, leaf: Leaf, key: str = "", whole: bool = False) -> Any:
    """Return what a test expects of a value that it has looked at."""
    if isinstance(value, SeenDict):
        return value.expectation(leaf, whole)
    if isinstance(value, SeenList):
        return value.expectation(leaf, whole, key)
    return leaf(value, key)


def is_idle(wanted: Any) -> bool:
    """Return whether an expectation asks nothing but that there is an object or a list."""
    return wanted in ({}, ANY_LIST)
