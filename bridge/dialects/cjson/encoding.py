"""Encoders: what writes an object, with the keys that Dart reads and those that the vendor's header names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bridge.catalogue import TypeExpr
from bridge.catalogue.native import NativeCatalogue, ObjectKey
from bridge.dialects.channel.registry import MAPS
from bridge.dialects.cjson.registry import OBJECTS
from bridge.dialects.view import View
from bridge.dialects.writing import Encoder, kept

Writer = Callable[[Any], Any]


class Encoders:
    """
    The encoders of a dialect, made on first use.

    Attributes:
        made: those of maps of the SDK that have been made already, by the map's name.
    """

    def __init__(self, catalogue: NativeCatalogue) -> None:
        self._catalogue = catalogue
        self._backward: dict[str, dict[Any, int]] = {}
        self.made: dict[str, Encoder] = {}
        self._by_object: dict[str, Encoder] = {}
        self._by_args: dict[str, Writer] = {}

    def of(self, expr: TypeExpr) -> Encoder:
        """Return what writes a value of a type."""
        if expr.kind == "object":
            return self.object(expr.item)
        if expr.kind == "list":
            item = self.of(expr.item)
            return lambda value, view: [item(one, view) for one in _rows(value)]
        return _as_is

    def object(self, name: str) -> Encoder:
        """Return what writes an object."""
        encoder = self._by_object.get(name)
        if encoder is None:
            maps = self._catalogue.object(name).maps
            encoder = self._by_object[name] = self.map(maps[0]) if maps else self._own(name)
        return encoder

    def map(self, name: str) -> Encoder:
        """Return what writes the object that is made of a map of the SDK."""
        encoder = self.made.get(name)
        if encoder is None:
            there = self._catalogue.object_of(name)
            whole = None if there is None else OBJECTS.find(there)
            function = OBJECTS.find(name) or MAPS.find(name)
            if there is None or (whole is None and function is None):
                raise LookupError(f"nobody writes the map {name}")
            if whole is not None:
                encoder = kept(name, whole, _untouched, id(self))
            else:
                assert function is not None
                encoder = kept(name, function, self._renamer(there), id(self))
            self.made[name] = encoder
        return encoder

    def _own(self, name: str) -> Encoder:
        function = OBJECTS.find(name)
        if function is None:
            raise LookupError(f"nobody writes the object {name}")
        return function

    def _renamer(self, there: str) -> Writer:
        """Return what puts a map of the SDK under the keys of an object; what the map leaves out is not there."""
        keys = self._catalogue.object(there).keys
        rows = [(key.key, key.of, key.inside, self._writer(key)) for key in keys if key.of is not None]
        holders = tuple(dict.fromkeys(key.inside for key in keys if key.inside is not None and key.of is not None))

        def rename(wire: dict[str, Any]) -> dict[str, Any]:
            found: dict[str, Any] = {key: {} for key in holders}
            for key, source, inside, write in rows:
                value = wire.get(source)
                if value is not None and write is not None:
                    value = write(value)
                if value is not None:
                    (found if inside is None else found[inside])[key] = value
            return found

        return rename

    def _writer(self, key: ObjectKey) -> Writer | None:
        if key.pairs:
            return lambda value: written_pairs(value, *key.pairs)
        if key.numbers is not None:
            table = self.backward(key.numbers)
            return lambda value: table.get(value)
        return None

    def by_args(self, name: str) -> Writer:
        """Return what writes an object from a map under the names by which it is read; null is the emptiest value."""
        writer = self._by_args.get(name)
        if writer is None:
            rows = [
                (key.key, key.arg, key.inside, self._writer(key), EMPTY.get(key.type.kind))
                for key in self._catalogue.object(name).keys
                if key.arg is not None
            ]

            def write(given: dict[str, Any]) -> dict[str, Any]:
                found: dict[str, Any] = {}
                for key, arg, inside, convert, empty in rows:
                    value = given.get(arg)
                    if value is not None and convert is not None:
                        value = convert(value)  # None for a number that stands for nothing
                    place = found if inside is None else found.setdefault(inside, {})
                    if value is not None:
                        place[key] = value
                    elif inside is None and empty is not None:
                        place[key] = empty
                return found

            writer = self._by_args[name] = write
        return writer

    def backward(self, table: str) -> dict[Any, int]:
        """Return by which number a thing of a table crosses; the highest where there are two."""
        found = self._backward.get(table)
        if found is None:
            rows = sorted((int(number), thing) for number, thing in self._catalogue.numbers(table).items())
            found = self._backward[table] = {thing: number for number, thing in rows}
        return found


EMPTY: dict[str, Any] = {"string": "", "int": 0, "double": 0.0, "bool": False}
"""What stands for nothing where Dart wants a value."""


def written_pairs(value: dict[str, Any], key: str, text: str) -> list[dict[str, Any]]:
    """Return the array of pairs that stands for a map."""
    return [{key: name, text: one} for name, one in value.items()]


def _rows(value: Any) -> Iterable[Any]:
    """Return what an array is made of: the rows of a list, the (key, value) of a map, nothing of null."""
    if value is None:
        return ()
    rows: Iterable[Any] = value.items() if isinstance(value, dict) else value
    return rows


def _untouched(wire: Any) -> Any:
    return wire


def _as_is(value: Any, view: View) -> Any:
    return value
