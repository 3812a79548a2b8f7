"""The names of calls: people may say what the plugin's native side calls a method, too."""

from __future__ import annotations

from bridge.catalogue import load, native_dialects
from bridge.catalogue.native import NativeCatalogue

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
