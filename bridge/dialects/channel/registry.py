"""Which function writes which map."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from bridge.dialects.memo import Lasting
from bridge.dialects.view import View

WireMap = Callable[[Any, View], dict[str, Any] | Lasting | None]

Written = TypeVar("Written", bound=WireMap)

_MAPS: dict[str, WireMap] = {}


def wire_map(name: str) -> Callable[[Written], Written]:
    """
    Let a function write the map of that name.

    It gets a world value and a View, and returns a new dict with the keys of every dialect and platform; keys that are conditional by
    the schema stand there only when they apply. None stands for null, a `Lasting` for a map that is kept.
    """

    def register(function: Written) -> Written:
        if name in _MAPS:
            raise ValueError(f"two functions write {name}")
        _MAPS[name] = function
        return function

    return register


def find(name: str) -> WireMap | None:
    """Return the function that writes a map, or None. Modules of `maps` are imported until it turns up."""
    function = _MAPS.get(name)
    if function is None:
        for module in _modules():
            import_module(module)
            function = _MAPS.get(name)
            if function is not None:
                break
    return function


def all_names() -> list[str]:
    """Return the names of all maps that have a function, sorted."""
    for module in _modules():
        import_module(module)
    return sorted(_MAPS)


def _modules() -> list[str]:
    from bridge.dialects.channel import maps

    return sorted(f"{maps.__name__}.{info.name}" for info in pkgutil.iter_modules(maps.__path__))
