"""
What an expectation means, and where something that has come differs from it.

An object is expected by the keys that are named, a list item by item, all else as it is; null stands for a key that is left out, too.
An object with one key may be a matcher:

| matcher | is met by |
|---|---|
| `{"#": 3}` | a list of three |
| `{"!": x}` | anything that does not meet x |
| `{"~": "^a"}` | a text in which the pattern is found |
| `{"in": [x, y]}` | what meets one of these |
| `{">": 1}` | a number that is greater |
| `{"range": [1, 9]}` | a number from 1 to 9 |
| `{"has": x}`, `{"none": x}` | a list with an item that meets x; without |
| `{"=": x}` | x with no further keys |
| `{"is a": "string"}` | a value of a type: `string`, `int`, `number`, `bool`, `list`, `object` |
| `{"absent": true}`, `{"null": true}` | no such key; a null that is there |
| `{"keep": "m"}` | a text that is not empty, which is kept as `${m}`; the same one if it is kept already |
| `{"keep by": ["^group_(.+)$", "m"]}` | a text in which the pattern is found; what stands in its parentheses is kept |
| `{"keep number": "t"}` | a number that is not 0, which is kept as `$t`; the same one if it is kept already |

In a text `${m}` stands for what is kept as `m`, be it by the same expectation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from bridge.catalogue.sources import common_document
from bridge.values import value_class

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "int": (int,),
    "number": (int, float),
    "bool": (bool,),
    "list": (list,),
    "object": (dict,),
}


MADE_UP = 1_000
"""A number of a message that is greater is one that a client has made up: a group counts from 1."""


OWN_PLACES = "timbridge"
"""Stands in the addresses and paths that this bridge makes up."""


class _Nothing:
    """Stands for what is not there."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()


@value_class
class Flaw:
    """One difference: where (`data.lastMessage.status`), what was expected, what came."""

    path: str
    expected: str
    came: str

    def __str__(self) -> str:
        return f"{self.path or 'the value'}: expected {self.expected}, came {self.came}"


def flaw(path: str, wanted: Any, came: Any) -> Flaw:
    """Return a difference in words."""
    return Flaw(path, wording(wanted), shown(came))


def shown(value: Any, width: int = 200) -> str:
    """Return a value as JSON writes it, cut where it is long."""
    if value is NOTHING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= width else f"{text[: width - 1]}…"


WORDS = {
    "#": "a list of {}",
    "!": "anything but {}",
    "~": "a text like /{}/",
    "in": "one of {}",
    ">": "more than {}",
    "range": "a number within {}",
    "has": "a list with an item {}",
    "none": "a list without an item {}",
    "=": "{} and no other keys",
    "is a": "a value of type {}",
    "absent": "no such key",
    "null": "null, and the key there",
    "keep": "a text that is not empty (kept as {})",
    "keep by": "a text like {}",
    "keep number": "a number that is not 0 (kept as {})",
}


def filled(value: Any, kept: dict[str, Any]) -> Any:
    """Return a text with what is kept in place of `${m}`; any other value as it is."""
    if isinstance(value, str) and "${" in value:
        return re.sub(r"\$\{(\w+)\}", lambda found: str(kept.get(found[1], found[0])), value)
    return value


def matcher_of(wanted: Any) -> str | None:
    """Return the name of the matcher that an expectation is; None for a value."""
    if isinstance(wanted, dict) and len(wanted) == 1:
        (name,) = wanted
        return name if name in WORDS else None
    return None


def wording(wanted: Any) -> str:
    """Return an expectation in words."""
    name = matcher_of(wanted)
    if name is None:
        return shown(wanted)
    inner = wanted[name]
    return WORDS[name].format(inner if name in ("~", "keep", "keep number", "is a") else wording(inner))


@cache
def volatile() -> frozenset[str]:
    """Return the keys of times, and of texts that another server gives otherwise."""
    said = common_document("volatile")
    return frozenset((*said["times"], *said["numbers"], *said["texts"], "seq"))


def _alike(came: Any, wanted: Any, key: str) -> bool:
    """Return whether two values are of one kind, and both something or nothing; numbers that clients make up are large."""
    if key == "seq":
        return all(isinstance(one, str) and one.isdecimal() and int(one) > MADE_UP for one in (came, wanted))
    kind = str if isinstance(wanted, str) else (int, float)
    return isinstance(wanted, kind) and isinstance(came, kind) and bool(came) == bool(wanted)


class Look:
    """
    One look at what has come.

    Args:
        kept: values by the names that a script has given them; grows.
        exact: a null is a null and no key that is missing.
        loose: times, paths and addresses are any of their kind, for they are another server's.
    """

    def __init__(self, kept: dict[str, Any] | None = None, exact: bool = False, loose: bool = False) -> None:
        self.kept = {} if kept is None else kept
        self._exact = exact
        self._loose = volatile() if loose else frozenset()

    def meets(self, came: Any, wanted: Any) -> bool:
        """Return whether a value is as expected."""
        return next(self.flaws(came, wanted), None) is None

    def flaws(self, came: Any, wanted: Any, path: str = "") -> Iterator[Flaw]:
        """Yield where a value differs from what is expected."""
        name = matcher_of(wanted)
        if name is not None:
            yield from self._matched(name, came, wanted, path)
        elif isinstance(wanted, dict):
            yield from self._object(came, wanted, path)
        elif isinstance(wanted, list):
            yield from self._list(came, wanted, path)
        else:
            wanted = filled(wanted, self.kept)
            if not (self._is(came, wanted) or self._is_own_place(came, wanted)):
                yield flaw(path, wanted, came)

    def _object(self, came: Any, wanted: dict[str, Any], path: str) -> Iterator[Flaw]:
        if not isinstance(came, dict):
            yield flaw(path, wanted, came)
            return
        for key, one in wanted.items():
            value = came.get(key, NOTHING)
            if key not in self._loose or not _alike(value, one, key):
                yield from self.flaws(value, one, f"{path}.{key}" if path else key)

    def _list(self, came: Any, wanted: list[Any], path: str) -> Iterator[Flaw]:
        if not isinstance(came, list):
            yield flaw(path, wanted, came)
        elif len(came) != len(wanted):
            yield Flaw(path, f"{len(wanted)} items: {shown(wanted)}", f"{len(came)} items: {shown(came)}")
        else:
            for at, (item, one) in enumerate(zip(came, wanted, strict=True)):
                yield from self.flaws(item, one, f"{path}[{at}]")

    def _is(self, came: Any, wanted: Any) -> bool:
        if came is NOTHING:
            return wanted is None and not self._exact
        return bool(came == wanted and isinstance(came, bool) == isinstance(wanted, bool))

    def _is_own_place(self, came: Any, wanted: Any) -> bool:
        """Return whether this bridge's own address or path is due, for which another server has another."""
        return bool(self._loose and isinstance(wanted, str) and OWN_PLACES in wanted and isinstance(came, str) and came)

    def _matched(self, name: str, came: Any, wanted: Any, path: str) -> Iterator[Flaw]:
        inner = wanted[name]
        if name == "=":
            yield from self.flaws(came, inner, path)
            if isinstance(came, dict) and isinstance(inner, dict):
                more = [key for key in came if key not in inner]
                yield from (Flaw(f"{path}.{key}" if path else key, "no such key", shown(came[key])) for key in more)
        elif not MEETS[name](self, came, inner):
            yield flaw(path, wanted, came)

    def _any(self, came: Any, wanted: Any) -> bool:
        return isinstance(came, list) and any(self.meets(one, wanted) for one in came)

    def _keep_by(self, came: Any, pattern: str, name: str) -> bool:
        found = re.search(pattern, came) if isinstance(came, str) else None
        return found is not None and self._keep(found[1], name)

    def _keep_number(self, came: Any, name: str) -> bool:
        return _is_number(came) and bool(came) and self.kept.setdefault(name, came) == came

    def _keep(self, came: Any, name: str) -> bool:
        return isinstance(came, str) and bool(came) and self.kept.setdefault(name, came) == came


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


MEETS: dict[str, Callable[[Look, Any, Any], bool]] = {
    "#": lambda look, came, count: isinstance(came, list) and len(came) == count,
    "!": lambda look, came, other: not look.meets(came, other),
    "~": lambda look, came, pattern: isinstance(came, str) and re.search(pattern, came) is not None,
    "in": lambda look, came, ones: any(look.meets(came, one) for one in ones),
    ">": lambda look, came, least: _is_number(came) and came > least,
    "range": lambda look, came, ends: _is_number(came) and ends[0] <= came <= ends[1],
    "has": lambda look, came, item: look._any(came, item),
    "none": lambda look, came, item: isinstance(came, list) and not look._any(came, item),
    "is a": lambda look, came, name: isinstance(came, TYPES[name]) and (name == "bool") is isinstance(came, bool),
    "absent": lambda look, came, _: came is NOTHING,
    "null": lambda look, came, _: came is None,
    "keep": lambda look, came, name: look._keep(came, name),
    "keep number": lambda look, came, name: look._keep_number(came, name),
    "keep by": lambda look, came, told: look._keep_by(came, *told),
}
