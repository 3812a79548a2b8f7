"""
Does an answer rest on a rule? What the rules say of that (`when` in `schemas/rules`), held against one call.

A rule without `when` is behind every success of its method; with `false` behind none: it is about what others hear, what comes later, or a
refusal. Else all of these have to hold:

* `arguments`, `result`: by path (`filter.markType`, `data[].relation`, where one of several will do), what is there: `is`, `isNot`,
  `among`, `filled` (neither missing nor null, empty, 0 or false), `holds` (a text), `longerThan`, `shorterThan` (a list of the arguments).
* `events`: one of these types was told of, to whomever. `without`: none of these was, and the dialect has one of them.
* `platforms`: it was one of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from bridge.catalogue import load


class Happened(NamedTuple):
    """
    A call that was answered.

    Attributes:
        result: the reply, whole.
        events: the types of all events that it caused, heard or not.
    """

    arguments: Any
    result: Any
    events: frozenset[str]
    dialect: str
    platform: str


def rests(rule: Mapping[str, Any], happened: Happened) -> bool:
    """Return whether the success of a call rests on a rule of its method."""
    when = rule.get("when", {})
    return when is not False and all(_PARTS[part](wanted, happened) for part, wanted in when.items())


def _all_there(root: Any, wanted: Mapping[str, Mapping[str, Any]], arguments: Any) -> bool:
    for path, conditions in wanted.items():
        values = list(_at(root, path.split("."))) or [None]
        if not any(all(_TESTS[name](value, like, arguments) for name, like in conditions.items()) for value in values):
            return False
    return True


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    """Yield what stands at a path, in each item where it leads through a list."""
    if not path:
        yield value
        return
    key, is_list = path[0].removesuffix("[]"), path[0].endswith("[]")
    inner = value.get(key) if isinstance(value, dict) else None
    for one in (inner if isinstance(inner, list) else ()) if is_list else (inner,):
        yield from _at(one, path[1:])


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (list, dict, str)) else 0


_TESTS: dict[str, Callable[[Any, Any, Any], bool]] = {
    "is": lambda value, like, _: value.__class__ is like.__class__ and value == like,
    "isNot": lambda value, like, _: value is not None and value != like,
    "among": lambda value, like, _: value in like,
    "filled": lambda value, like, _: bool(value) is like,
    "holds": lambda value, like, _: isinstance(value, str) and like in value,
    "longerThan": lambda value, like, _: _length(value) > like,
    "shorterThan": lambda value, like, arguments: _length(value) < _length(next(_at(arguments, like.split(".")))),
}

_PARTS: dict[str, Callable[[Any, Happened], bool]] = {
    "arguments": lambda wanted, happened: _all_there(happened.arguments, wanted, happened.arguments),
    "result": lambda wanted, happened: _all_there(happened.result, wanted, happened.arguments),
    "events": lambda wanted, happened: not happened.events.isdisjoint(wanted),
    "without": lambda wanted, happened: happened.events.isdisjoint(wanted) and not load(happened.dialect).event_types.isdisjoint(wanted),
    "platforms": lambda wanted, happened: happened.platform in wanted,
}
