"""What a documented statement expects, held against what has come; and how each expectation is flipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any


def data_of(reply: Any) -> Any:
    """Return what a reply carries: the data of an envelope, or all of it."""
    return reply.get("data") if is_envelope(reply) else reply


def is_envelope(reply: Any) -> bool:
    """Return whether a reply is one with a code."""
    return isinstance(reply, dict) and "code" in reply


def same(found: Any, wanted: Any) -> None:
    """Fail unless something is what is wanted."""
    assert found == wanted, f"there is {found}"


def look(reply: Any, left: bool, expected: dict[str, Any]) -> None:
    """Hold a reply, and whether it has changed anything or was told to anybody, against what is expected."""
    data = data_of(reply)
    if "code" in expected:
        codes = expected["code"] if isinstance(expected["code"], list) else [expected["code"]]
        assert is_envelope(reply) and reply["code"] in codes, reply
    if expected.get("code"):
        assert isinstance(reply["desc"], str) and reply["desc"], "a refusal without a text"
        assert left is expected.get("leaves", False), f"refused, and {'something' if left else 'nothing'} has happened"
    if "data" in expected:
        assert has(data, expected["data"]), f"there is {data}"
    for key in expected.get("lacks", ()):
        assert isinstance(data, dict) and data.get(key) is None, f"there is {data}"


def listen(heard: list[tuple[str, Any]], expected: dict[str, Any]) -> None:
    """Hold what was heard against how often, or with which data, each type of event has to be there."""
    for kind, wanted in expected.items():
        found = [data for one, data in heard if kind in (one, "*")]
        count = wanted if isinstance(wanted, int) else len(wanted)
        assert count == len(found), f"{kind}: {found}, of {[one for one, _ in heard]}"
        assert wanted == count or has(found, wanted), f"{kind}: {found}"


def seen(heard: list[tuple[str, Any]], kind: str, wanted: Any) -> None:
    """Fail unless one event of a type had certain data."""
    found = [data for one, data in heard if one == kind]
    assert any(has(data, wanted) for data in found), f"{kind}: {found}"


def has(value: Any, wanted: Any) -> bool:
    """
    Return whether a value is what is wanted: objects may have more keys.

    `{"#": 3}` is a list of three, `{"!": x}` anything but x, `{"~": x}` a text that matches, `{"in": list}` one of these, `{">": x}` more,
    `{"has": x}` a list with such an item, `{"none": x}` a list without.
    """
    if isinstance(wanted, dict) and len(wanted) == 1 and (kind := LOOKS.get(next(iter(wanted)))):
        return kind(value, next(iter(wanted.values())))
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(has(value.get(key), one) for key, one in wanted.items())
    if isinstance(wanted, list):
        return isinstance(value, list) and len(value) == len(wanted) and all(map(has, value, wanted))
    return bool(value == wanted and isinstance(value, bool) == isinstance(wanted, bool))


LOOKS: dict[str, Callable[[Any, Any], bool]] = {
    "#": lambda value, count: isinstance(value, list) and len(value) == count,
    "!": lambda value, other: not has(value, other),
    "~": lambda value, pattern: isinstance(value, str) and re.search(pattern, value) is not None,
    "in": lambda value, ones: any(has(value, one) for one in ones),
    ">": lambda value, least: not isinstance(value, str) and value > least,
    "has": lambda value, item: isinstance(value, list) and any(has(one, item) for one in value),
    "none": lambda value, item: isinstance(value, list) and not any(has(one, item) for one in value),
}


def flipped(wanted: Any) -> Iterator[Any]:
    """Yield what differs from an expectation in one place, each such that it does not hold where the expectation does."""
    if isinstance(wanted, dict) and len(wanted) == 1 and next(iter(wanted)) in LOOKS:
        (name, one), *_ = wanted.items()
        yield {"has": {"none": one}, "none": {"has": one}, "!": one, "#": {"#": -1}}.get(name, {"!": wanted})
    elif isinstance(wanted, dict):
        for key, one in wanted.items():
            if key == "lacks":
                yield from ({**wanted, key: [], "data": {gone: {"!": None}}} for gone in one)
            elif key == "code" and isinstance(one, list):
                yield {**wanted, key: []}
            elif key != "as":
                yield from ({**wanted, key: other} for other in flipped(one))
        if not wanted:
            yield "not there"
    elif isinstance(wanted, list):
        for place, one in enumerate(wanted):
            yield from ([*wanted[:place], other, *wanted[place + 1 :]] for other in flipped(one))
        yield [*wanted, {"!": {}}]
    else:
        yield not wanted if isinstance(wanted, bool) else wanted + 1 if isinstance(wanted, int | float) else f"not {wanted}"
