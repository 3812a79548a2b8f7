"""The names of calls and events: people may say what the plugin's native side calls a method, too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from bridge.catalogue import dialects, load, native_dialects
from bridge.catalogue.native import AlsoHeard, NativeCatalogue
from bridge.errors import did_you_mean, nearest

NATIVE = "Dart"
"""How the names of native functions begin."""


def called(method: str) -> frozenset[str]:
    """Return the names under which calls of a method stand in the journal: a native function's calls under public methods."""
    found = {method}
    if method.startswith(NATIVE):
        for catalogue in natives():
            spec = catalogue.function(method)
            found |= set(() if spec is None else spec.dart_methods)
    return frozenset(found)


def natives() -> list[NativeCatalogue]:
    """Return the catalogues of the generation that calls native code, the newest first."""
    return [found for name in native_dialects() if isinstance(found := load(name), NativeCatalogue)]


def native_names() -> frozenset[str]:
    """Return the names of all native functions, and of the public methods that come down to one."""
    names: set[str] = set()
    for catalogue in natives():
        for name in catalogue.function_names:
            spec = catalogue.function(name)
            names |= {name, *(() if spec is None else spec.dart_methods)}
    return frozenset(names)


def unknown_method(method: str) -> str | None:
    """Return what is wrong with the name of a channel method, with the nearest one; None for one that some dialect has."""
    if any(load(name).method(method) is not None for name in dialects()) or method in native_names():
        return None
    known = {known for name in dialects() for known in load(name).method_names} | native_names()
    return f"no dialect has a method {method!r}{did_you_mean(nearest(method, known))}"


def unknown_event(type: str) -> str | None:
    """Return what is wrong with the type of an event, with the nearest one; None for one that some dialect has."""
    known = event_types()
    return None if type in known else f"no dialect has an event {type!r}{did_you_mean(nearest(type, known))}"


@cache
def event_types() -> frozenset[str]:
    """Return the types of all events, and the names under which the callbacks of native libraries stand in the journal."""
    found = {type for name in dialects() for type in load(name).event_types}
    for catalogue in natives():
        for name in catalogue.callback_names:
            found |= set(catalogue.callback(name).heard_by or (name,))
    return frozenset(found)


def heard_as(name: str, said: Any) -> tuple[str, ...]:
    """Return all names by which an app hears of an event that stands in the journal: its own, and those of a callback's other listeners."""
    number = said.get("callbackType") if isinstance(said, Mapping) else None
    always, also = _further_names().get((number, name), ((), ())) if isinstance(number, int) else ((), ())
    return tuple(dict.fromkeys((name, *always, *(one.name for one in also if _holds(one, said)))))


@cache
def _further_names() -> Mapping[tuple[Any, str], tuple[tuple[str, ...], tuple[AlsoHeard, ...]]]:
    """Return of callbacks with several listeners the names that always hold, and those that may, by number and first name."""
    found: dict[tuple[Any, str], tuple[tuple[str, ...], tuple[AlsoHeard, ...]]] = {}
    for catalogue in natives()[:1]:  # older ones have no others
        for spec in map(catalogue.callback, catalogue.callback_names):
            for tell in spec.tells:
                always = catalogue.heard_as(spec, tell)
                also = tuple(one for one in tell.also if one.at)
                if also or len(always) > 1:
                    found[spec.number, always[0]] = (always, also)
    return found


def _holds(one: AlsoHeard, said: Any) -> bool:
    """Return whether what is posted makes Dart call a further listener."""
    return any(all(value in _at(place, path) for path, value in one.where) for place in _at(said, one.at))


def _at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Yield what stands at a path; texts on the way are JSON."""
    if not path:
        yield value
        return
    if isinstance(value, str):
        value = _parsed(value)
    part, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        if part in value:
            yield from _at(value[part], rest)
    elif isinstance(value, list):
        for item in value if part == "*" else value[int(part) : int(part) + 1] if part.isdecimal() else ():
            yield from _at(item, rest)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
