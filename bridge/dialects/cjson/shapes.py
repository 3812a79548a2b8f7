"""
Whether the texts of a call hold objects and arrays where its readers look into them.

A plugin sends the right ones; whoever else speaks to the library may not, and what is no object has no keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.catalogue import TypeExpr
from bridge.catalogue.native import ArgumentSpec, NativeCatalogue
from bridge.catalogue.types import ANY
from bridge.errors import ChatError
from bridge.world.kernel import codes

PLAIN: dict[str, tuple[type, ...]] = {"text": (str,), "number": (int,), "bool": (bool, int)}
SCALARS: dict[str, tuple[type, ...]] = {"string": (str,), "int": (int,), "bool": (bool, int), "double": (int, float)}
WHOLE = TypeExpr("dict", ANY)
DEEPEST = 60
"""How far objects may stand in each other: a message in a merger in a merger."""


class Shapes:
    """The checks of a dialect, made on first use."""

    def __init__(self, catalogue: NativeCatalogue) -> None:
        self._catalogue = catalogue
        self._objects: dict[str, dict[str, TypeExpr]] = {}
        self._keys: dict[str, TypeExpr] | None = None

    def check(self, one: ArgumentSpec, value: Any) -> None:
        """Look at an argument, its JSON text parsed. Raises: ChatError 6017 for one that no reader can take."""
        if value is None:
            return
        if one.holds == "json":
            if one.type is not None:
                self._walk(one.type, value, DEEPEST)
        elif one.holds in PLAIN and not isinstance(value, PLAIN[one.holds]):
            raise ChatError(codes.INVALID_PARAMETERS)

    def _walk(self, expr: TypeExpr, value: Any, depth: int) -> None:
        if depth == 0:
            raise ChatError(codes.INVALID_PARAMETERS)
        if value is None or expr.kind == "any":
            return
        if expr.kind == "object":
            self._members(self._types_of(expr.item), value, depth)
        elif expr.kind == "dict":
            self._members(self._all_types(), value, depth)
        elif expr.kind == "list":
            for item in _of(list, value):
                if item is None:
                    raise ChatError(codes.INVALID_PARAMETERS)
                self._walk(expr.item, item, depth - 1)
        elif expr.kind in SCALARS:
            _of(SCALARS[expr.kind], value)

    def _members(self, types: Mapping[str, TypeExpr], value: Any, depth: int) -> None:
        for key, item in _of(dict, value).items():
            if item is not None and key in types:
                self._walk(types[key], item, depth - 1)

    def _types_of(self, name: str) -> dict[str, TypeExpr]:
        types = self._objects.get(name)
        if types is None:
            keys = self._catalogue.object(name).keys
            types = {key.inside: WHOLE for key in keys if key.inside is not None}
            types |= {key.key: key.type for key in keys if key.inside is None}
            self._objects[name] = types
        return types

    def _all_types(self) -> dict[str, TypeExpr]:
        """Return the types of all keys: their names tell which object they are of. One that means several things is left out."""
        if self._keys is None:
            found: dict[str, TypeExpr] = {}
            unclear = set()
            for name in self._catalogue.object_names:
                for key in self._catalogue.object(name).keys:
                    for said, expr in ((key.key, key.type), (key.inside, WHOLE)):
                        if said is not None and found.setdefault(said, expr) != expr:
                            unclear.add(said)
            self._keys = {key: expr for key, expr in found.items() if key not in unclear}
        return self._keys


def _of(wanted: type | tuple[type, ...], value: Any) -> Any:
    if not isinstance(value, wanted):
        raise ChatError(codes.INVALID_PARAMETERS)
    return value
