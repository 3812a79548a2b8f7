"""The names of calls and events: people may say what the plugin's native side calls a method, too."""

from __future__ import annotations

from functools import cache

from bridge.catalogue import dialects, load, native_dialects
from bridge.catalogue.native import NativeCatalogue
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
    """Return the types of all events, and the names of all callbacks of native libraries."""
    channel = {type for name in dialects() for type in load(name).event_types}
    return frozenset(channel.union(*(catalogue.callback_names for catalogue in natives())))
