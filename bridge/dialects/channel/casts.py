"""
What the casts of an adapter make of null and of numbers that do not fit: `casts` of a method's schema.

An adapter casts most of what it reads before it asks the native client for anything, so this comes first of all. What a cast refuses
is never answered, or ends the process; a soft one (`as?` with a default) puts a value of its own in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bridge.catalogue import MethodSpec
from bridge.dialects.channel.adapter import unanswered
from bridge.dialects.channel.numbers import decimal

LIMITS = {
    "int32": (-(1 << 31), (1 << 31) - 1, "32 bits"),
    "uint32": (0, (1 << 32) - 1, "32 bits without a sign"),
    "int64": (-(1 << 63), (1 << 63) - 1, "64 bits"),
    "uint64": (0, (1 << 63) - 1, "64 bits without a sign"),
    "flag": (0, 1, "whether it is 0"),
}
"""What kinds of integers hold, as far as the channel carries it, and in words."""

TEXTS = {
    "int64Text": (-(1 << 63), (1 << 63) - 1, "a number of 64 bits"),
    "uint64Text": (0, (1 << 64) - 1, "a number of 64 bits without a sign"),
}
"""The same of numbers that come as text."""

BOUNDED = {**LIMITS, **TEXTS}

EXACT = {"null": None.__class__, "exactDouble": float, "exactText": str}
"""Casts that take one type alone, and no other that would do."""

EVERY_ITEM, EVERY_VALUE = "[]", "*"
_LACKING = object()

Failing = str | Mapping[str, Any]
"""`unanswered`, `crash`, or what the value becomes."""


class Cast(NamedTuple):
    """
    A cast of a value.

    Attributes:
        path: where the value is: keys, and `EVERY_ITEM` or `EVERY_VALUE` of what is there.
        kind: what it is cast to.
        low, high: the limits of an integer; of another kind there are none (0, -1).
        null, beyond: what comes of null, and of an integer outside the limits; None where null is taken.
        if_there: a key that is not there is no null.
        takes: texts that are taken although they are no number.
        default: what a key that is left out counts as.
        line: where the adapter does so.
    """

    path: tuple[str, ...]
    kind: str
    low: int
    high: int
    null: Failing | None
    beyond: Failing
    if_there: bool
    takes: tuple[str, ...]
    default: Any
    line: str

    @property
    def place(self) -> str:
        """Return the path in words: `memberList[].role`."""
        return ".".join(self.path).replace(f".{EVERY_ITEM}", EVERY_ITEM)

    def fails_with(self, value: Any) -> Failing | None:
        """Return what comes of a value; None where it is taken, or is no value for this cast at all (which others say)."""
        if value is None:
            return self.null
        if self.kind in EXACT:
            fits = value.__class__ is EXACT[self.kind]
        elif value.__class__ is int:
            fits = self.kind not in LIMITS or self.low <= value <= self.high or not -(1 << 63) <= value < 1 << 63
        else:
            fits = value.__class__ is not str or self.kind not in TEXTS or value in self.takes or self._holds(value)
        return None if fits else self.beyond

    def _holds(self, text: str) -> bool:
        number = decimal(text)
        return number is not None and self.low <= number <= self.high

    def says(self, value: Any, source: str) -> str:
        """Return why a call with such a value is not answered; a line that was read in another adapter says so itself."""
        held = BOUNDED[self.kind][2] if value is not None and self.kind in BOUNDED else self.kind
        what = "null" if value is None else repr(value)[:40]
        line = self.line if self.line.startswith("adapter ") else f"{self.line} of the {source}"
        return f"{self.place} is cast to {held}, which {what} does not pass ({line})"


def casts_of(said: Mapping[str, Mapping[str, Any]], spec: MethodSpec) -> tuple[Cast, ...]:
    """Return the casts of a method on a platform; those of arguments that the dialect does not have are left out."""
    defaults = {param.key: param.default if param.has_default else None for param in spec.params}
    found = []
    for place, cast in said.items():
        path = tuple(place.replace(EVERY_ITEM, f".{EVERY_ITEM}").split("."))
        if path[0] in defaults:
            low, high, _ = BOUNDED.get(cast["as"], (0, -1, ""))
            found.append(
                Cast(
                    path,
                    cast["as"],
                    low,
                    high,
                    cast.get("null"),
                    cast.get("beyond", "unanswered"),
                    cast.get("ifThere", False),
                    tuple(cast.get("takes", ())),
                    defaults[path[0]] if len(path) == 1 else None,
                    cast["line"],
                )
            )
    return tuple(found)


class Casts:
    """
    The casts of a method in the adapter of a platform.

    Args:
        casts: all of them.
        source: which adapter their lines are of. `evidence`: how sure it is that this one does the same.
    """

    __slots__ = ("all", "_method", "_source", "_evidence", "_plain", "_nested")

    def __init__(self, method: str, casts: Sequence[Cast], source: str, evidence: str) -> None:
        self.all = tuple(casts)
        self._method = method
        self._source = source
        self._evidence = evidence
        able = [cast for cast in casts if cast.null is not None or (cast.kind in (*BOUNDED, *EXACT) and cast.kind != "int64")]
        self._plain = [
            (cast.path[0], cast.default, cast.kind not in BOUNDED and cast.kind not in EXACT, cast.low, cast.high, cast)
            for cast in able
            if len(cast.path) == 1
        ]
        self._nested = [cast for cast in able if len(cast.path) > 1]

    def applied(self, params: Mapping[str, Any], faithful: bool) -> Mapping[str, Any]:
        """
        Return the arguments of a call as the casts leave them.

        Args:
            faithful: a key that is left out is null, whatever the plugin's client would have sent in its place.

        Raises: ProtocolError -32001 where a cast refuses a value.
        """
        get = params.get
        for key, default, minds_null_alone, low, high, cast in self._plain:
            value = get(key, None if faithful else default)
            if value is not None and (minds_null_alone or (value.__class__ is int and low <= value <= high)):
                continue
            failing = cast.fails_with(value)
            if failing is not None:
                params = {**params, key: self._failed(cast, value, failing)}
        for cast in self._nested:
            first, *rest = cast.path
            if (value := params.get(first)) is not None:
                made = self._inside(cast, value, rest)
                if made is not value:
                    params = {**params, first: made}
        return params

    def refusal_of_type(self, key: str) -> str | None:
        """Return what comes of a value of another type for an argument, `unanswered` or `crash`; None where it is taken or not known."""
        for cast in self.all:
            if cast.path == (key,) and isinstance(cast.null, str):
                return cast.null
        return None

    def _failed(self, cast: Cast, value: Any, failing: Failing) -> Any:
        if isinstance(failing, str):
            raise unanswered(self._method, failing, cast.says(value, self._source), self._evidence)
        return failing["becomes"]

    def _inside(self, cast: Cast, value: Any, rest: Sequence[str]) -> Any:
        """Return what comes of a value inside an argument: the same object where nothing changes."""
        if not rest:
            failing = cast.fails_with(value)
            return value if failing is None else self._failed(cast, value, failing)
        step, *more = rest
        if step == EVERY_ITEM:
            if not isinstance(value, list):
                return value
            made = [self._inside(cast, item, more) for item in value]
            return made if any(one is not other for one, other in zip(made, value, strict=True)) else value
        if not isinstance(value, dict):
            return value
        keys = list(value) if step == EVERY_VALUE else [step]
        changed = {}
        for key in keys:
            item = value.get(key, _LACKING)
            if item is _LACKING:
                if cast.if_there:
                    continue
                item = None
            if more and item is None:
                continue
            made = self._inside(cast, item, more)
            if made is not item:
                changed[key] = made
        return {**value, **changed} if changed else value
