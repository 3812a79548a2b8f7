"""Which function writes which object, where the SDK's map is not what crosses."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from bridge.dialects.memo import Lasting
from bridge.dialects.view import View

ObjectMap = Callable[[Any, View], dict[str, Any] | Lasting | Any]

Written = TypeVar("Written", bound=ObjectMap)

_MAPS: dict[str, ObjectMap] = {}
_LOADED: list[bool] = []
"""Not empty once all modules of `maps` are imported."""


def object_map(name: str) -> Callable[[Written], Written]:
    """
    Let a function write what goes by that name.

    With the name of a map of the SDK it returns that map, or a `Lasting` of it, which is put under the object's keys; with the name of an
    object it returns what crosses.
    """

    def register(function: Written) -> Written:
        if name in _MAPS:
            raise ValueError(f"two functions write {name}")
        _MAPS[name] = function
        return function

    return register


def find(name: str) -> ObjectMap | None:
    """Return the function that writes what goes by a name, or None."""
    if not _LOADED:
        from bridge.dialects.cjson import maps

        for info in pkgutil.iter_modules(maps.__path__):
            import_module(f"{maps.__name__}.{info.name}")
        _LOADED.append(True)
    return _MAPS.get(name)
