"""On which dialects and platforms a case is played."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from bridge.catalogue import dialects, load

World = tuple[str, str]
"""A dialect and a platform."""

WORDS = frozenset({"enter", "start", "kill", "cut", "mend", "group", "say", "send", "heard", "hears", "seen", "pushed"})
"""What a person of a script does that is no method of the channel."""


def every_world() -> list[World]:
    """Return each dialect with each of its platforms."""
    return [(dialect, platform) for dialect in dialects() for platform in load(dialect).platforms]


def name_of(world: World) -> str:
    """Return a world's name, as cases write it."""
    return "-".join(world)


@cache
def has(dialect: str, platform: str, name: str) -> bool:
    """
    Return whether there is a method or an event of a name.

    Args:
        name: also that of an event with a key (`onSomething.key`), or of a method with a key of a map argument (`method.argument.key`).
    """
    catalogue = load(dialect)
    name, _, key = name.partition(".")
    spec = catalogue.method(name)
    if spec is not None:
        refused = spec.quirks.get("alwaysRefused")
        empty = refused is True or platform in (*(refused or ()), *spec.quirks.get("doesNothing", ()))
        argument, _, inner = key.partition(".")
        reads = spec.quirks.get(f"{platform}NestedReads", {}).get(argument, [inner])
        return platform in spec.platforms and not empty and inner in reads
    events = [catalogue.event(kind, name) for kind in catalogue.listener_kinds]
    found = [event.data(platform) for event in events if event is not None and platform in event.platforms]
    return any(not key or key in [piece.key for piece in data] for data in found)


def has_all(world: World, script: list[Any]) -> bool:
    """Return whether a dialect and platform have all that a script names."""
    return all(any(has(*world, one) for one in name.split("|")) for name in named(script))


@cache
def lists_that_must_be(dialect: str, platform: str, method: str) -> tuple[str, ...]:
    """Return the arguments that are lists, and of whose null an adapter dies that asks nothing of other nulls."""
    catalogue = load(dialect)
    spec = catalogue.method(method)
    if spec is None or not catalogue.trait(platform, "neverNull"):
        return ()
    casts = spec.casts.get(platform, {})
    return tuple(key for key, cast in casts.items() if cast["as"] == "list" and "null" in cast)


def goes_by_ios(dialect: str, platform: str) -> bool:
    """Return whether a platform's adapter is the iOS one, or goes by it."""
    return "ios" in load(dialect).lineage(platform)


def other_platform(dialect: str, platform: str) -> str:
    """Return a platform of a dialect that is another phone's."""
    return "android" if goes_by_ios(dialect, platform) else "ios"


def named(script: list[Any]) -> Iterator[str]:
    """Yield the methods and types of events that a script names; of `one|other` either will do."""
    for who, what, *more in script:
        given = more[0] if more else {}
        if what in ("heard", "seen"):
            yield from given.keys() - {"*"}
        elif what == "send":
            yield given["make"]
        elif who and what not in WORDS:
            yield what
