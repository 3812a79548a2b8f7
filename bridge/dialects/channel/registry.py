"""Which function writes which map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bridge.dialects.memo import Lasting
from bridge.dialects.view import View
from bridge.dialects.writing import Functions

WireMap = Callable[[Any, View], dict[str, Any] | Lasting | None]

Written = TypeVar("Written", bound=WireMap)

MAPS: Functions[WireMap] = Functions("bridge.dialects.channel.maps")


def wire_map(name: str) -> Callable[[Written], Written]:
    """
    Let a function write the map of that name.

    It gets a world value and a View, and returns a new dict with the keys of every dialect and platform; keys that are conditional by
    the schema stand there only when they apply. None stands for null, a `Lasting` for a map that is kept.
    """

    def register(function: Written) -> Written:
        MAPS.add(name, function)
        return function

    return register
