"""
What differs between a recorded value and one that came now.

An id that is another is no difference, as long as it is another in the same way everywhere: each recorded id is paired
with the first one that came in its place, and later ones must keep to that, one to one. Times, and some numbers and
texts, may be any of their kind. A secret that was blanked may be anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from bridge.catalogue import load
from bridge.catalogue.native import NativeCatalogue
from bridge.catalogue.sources import common_document
from bridge.catalogue.types import TypeExpr
from bridge.codecs import jsonrpc
from bridge.conformance.redaction import MARK
from bridge.values import value_class


class _Nothing:
    """Stands for a key, a reply or an event that is not there."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()


@value_class
class Difference:
    """
    One difference.

    Attributes:
        path: where (`result.data.lastMessage.status`).
        recorded, came: the values; `NOTHING` where there is none, which null is not.
        line: of the recording, where that is a file.
        why: what is wrong where the values do not show it: an id that is not the one that came before, a wrong place.
    """

    path: str
    recorded: Any
    came: Any
    line: int = 0
    why: str = ""

    def __str__(self) -> str:
        why = f" ({self.why})" if self.why else ""
        return f"{self.path}: recorded {written(self.recorded)}, came {written(self.came)}{why}"


def written(value: Any) -> str:
    """Return a value as JSON, whole; "nothing" for what is not there."""
    return repr(value) if value is NOTHING else jsonrpc.dumps(value).decode()


class Pair(NamedTuple):
    """What stands for what, and since when."""

    other: str
    since: str


class Comparison:
    """
    A run's pairs of ids.

    Args:
        dialect: whose schemas tell where a number is a double, which JSON of other languages writes without a point; None for nowhere.

    Attributes:
        place: what is being compared (`line 12`), for whom a pair is told of later.
    """

    def __init__(self, dialect: str | None = None) -> None:
        said = common_document("volatile")
        self._ids = frozenset(said["ids"])
        self._bare_ids = frozenset(said["bareIds"])
        self._times = frozenset((*said["times"], *said["numbers"]))
        self._texts = frozenset(said["texts"])
        self._dialect = dialect
        self._pairs: dict[str, Pair] = {}
        self._taken: dict[str, Pair] = {}
        self._data_is_id = False
        self.place = ""

    def differences(self, recorded: Any, came: Any, path: str = "", line: int = 0, of: str = "") -> list[Difference]:
        """Return what differs, `of` which method's reply or which type of event; ids that are met on the way are paired."""
        found: list[Difference] = []
        self._data_is_id = of in self._bare_ids
        self._walk(recorded, came, path, "", lambda where, one, other, why: found.append(Difference(where, one, other, line, why)))
        return found

    def distance(self, recorded: Any, came: Any, of: str = "") -> int:
        """Return how much differs. Nothing is paired by it."""
        before = len(self._pairs)
        found = len(self.differences(recorded, came, of=of))
        while len(self._pairs) > before:
            _, pair = self._pairs.popitem()
            del self._taken[pair.other]
        return found

    def translated(self, value: Any) -> Any:
        """Return a recorded value with every paired id as the one that came in its place."""
        if isinstance(value, dict):
            return {key: self.translated(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.translated(item) for item in value]
        if isinstance(value, str) and value:
            return self._in_text(value)
        return value

    def _in_text(self, text: str) -> str:
        paired = self._pairs.get(text)
        if paired is not None:
            return paired.other
        for recorded, pair in self._pairs.items():
            if len(recorded) > 7 and recorded in text:
                text = text.replace(recorded, pair.other)
        return text

    def _walk(self, recorded: Any, came: Any, path: str, key: str, tell: Callable[[str, Any, Any, str], object]) -> None:
        if isinstance(recorded, dict) and isinstance(came, dict):
            for name in (*recorded, *(name for name in came if name not in recorded)):
                below = f"{path}.{name}" if path else name
                self._walk(recorded.get(name, NOTHING), came.get(name, NOTHING), below, name, tell)
        elif isinstance(recorded, list) and isinstance(came, list):
            for at in range(max(len(recorded), len(came))):
                one = recorded[at] if at < len(recorded) else NOTHING
                other = came[at] if at < len(came) else NOTHING
                self._walk(one, other, f"{path}[{at}]", key, tell)
        elif isinstance(recorded, str) and isinstance(came, str) and self._is_id(recorded, key):
            if recorded and came:
                self._pair(recorded, came, path, tell)
            elif recorded != came:
                tell(path, recorded, came, "")
        elif not self._same(recorded, came, key):
            one, other = _json(recorded), _json(came)
            if one is None or type(one) is not type(other):
                tell(path, recorded, came, "")
            else:
                self._walk(one, other, path, key, tell)

    def _same(self, recorded: Any, came: Any, key: str) -> bool:
        if recorded == MARK:
            return came is not None and came is not NOTHING
        if type(recorded) is not type(came):
            return _is_number(recorded) and _is_number(came) and recorded == came and self._is_double(key)
        if isinstance(recorded, str):
            return self._same_text(recorded, came, key)
        if key in self._times and isinstance(recorded, int) and not isinstance(recorded, bool):
            return bool(recorded) == bool(came)
        if key == "seq" and isinstance(recorded, int):
            return True
        return bool(recorded == came)

    def _is_double(self, key: str) -> bool:
        return self._dialect is not None and key in double_keys(self._dialect)

    def _same_text(self, recorded: str, came: str, key: str) -> bool:
        if key in self._texts:
            return bool(recorded) == bool(came)
        if key == "seq" and recorded.isdecimal() and came.isdecimal():
            return recorded == came or int(recorded) > 1_000  # a group counts from 1; what a client makes up is large
        return recorded == came or self._in_text(recorded) == came

    # --- ids

    def _is_id(self, recorded: str, key: str) -> bool:
        return key in self._ids or recorded.startswith("@TGS#") or (key == "data" and self._data_is_id and recorded[:1] != "{")

    def _pair(self, recorded: str, came: str, path: str, tell: Callable[[str, Any, Any, str], object]) -> None:
        """Pair two ids, or tell which one broke the rule, and since when it stands."""
        known, taken = self._pairs.get(recorded), self._taken.get(came)
        if known is not None and known.other == came:
            return
        if known is not None:
            tell(path, recorded, came, f"{written(known.other)} stands for this id since {known.since}")
        elif taken is not None:
            tell(path, recorded, came, f"this id stands for {written(taken.other)} since {taken.since}")
        else:
            since = f"{self.place}, {path}" if self.place else path
            self._pairs[recorded] = Pair(came, since)
            self._taken[came] = Pair(recorded, since)


def _json(value: Any) -> Any:
    """Return what a text holds that is JSON, as custom messages do; None for any other value."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@cache
def double_keys(dialect: str) -> frozenset[str]:
    """Return the keys under which a dialect's schemas have doubles, and nowhere an integer."""
    catalogue = load(dialect)
    if isinstance(catalogue, NativeCatalogue):
        return frozenset()
    kinds: dict[str, set[str]] = {}
    for name in catalogue.map_names:
        spec = catalogue.map(name)
        for platform in catalogue.platforms:
            for key in spec.keys(platform):
                _note(kinds, key.key, key.type)
    for name in catalogue.model_names:
        for one in catalogue.model(name).fields:
            _note(kinds, one.key, one.type)
    for name in catalogue.method_names:
        method = catalogue.method(name)
        for param in method.params if method is not None else ():
            _note(kinds, param.key, param.type)
    return frozenset(key for key, found in kinds.items() if "double" in found and "int" not in found)


def _note(kinds: dict[str, set[str]], key: str, type: TypeExpr) -> None:
    kinds.setdefault(key, set()).add(type.kind)
    if type.kind == "record":
        for name, inner in type.item:
            _note(kinds, name, inner)
