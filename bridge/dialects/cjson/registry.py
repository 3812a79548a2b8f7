"""Which function writes which object, where the SDK's map is not what crosses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bridge.dialects.view import View
from bridge.dialects.writing import Functions

ObjectMap = Callable[[Any, View], Any]

Written = TypeVar("Written", bound=ObjectMap)

OBJECTS: Functions[ObjectMap] = Functions("bridge.dialects.cjson.maps")


def object_map(name: str) -> Callable[[Written], Written]:
    """
    Let a function write what goes by that name.

    With the name of a map of the SDK it returns that map, or a `Lasting` of it, which is put under the object's keys; with the name of an
    object it returns what crosses.
    """

    def register(function: Written) -> Written:
        OBJECTS.add(name, function)
        return function

    return register
