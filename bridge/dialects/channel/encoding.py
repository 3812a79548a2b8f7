"""Encoders: what writes a value of a type that a schema names, with the keys that a platform has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bridge.catalogue import Catalogue, TypeExpr
from bridge.catalogue.careful import fresh
from bridge.catalogue.specs import MapKey
from bridge.dialects.channel.registry import MAPS, WireMap
from bridge.dialects.view import View
from bridge.dialects.writing import Encoder, kept

MAX_SHAPES = 256
READABLE = "\0\b\t\n\f\r"
"""The control characters that iOS can write as a text and read back."""


class Encoders:
    """
    The encoders of a dialect on a platform, made on first use.

    Attributes:
        made: those of maps that have been made already, by the map's name.
        leaves_out_null: what is null is left out of maps, at any depth (nil fields).
        never_null: what is null is written as the emptiest value of its type, and a map without one left out.
    """

    def __init__(self, catalogue: Catalogue, platform: str) -> None:
        self._catalogue = catalogue
        self._platform = platform
        self.leaves_out_null = bool(catalogue.trait(platform, "leavesOutNull"))
        self.never_null = bool(catalogue.trait(platform, "neverNull"))
        self.made: dict[str, Encoder] = {}

    def of(self, expr: TypeExpr) -> Encoder:
        """Return what writes a value of a type."""
        kind = expr.kind
        if expr.const is not None:
            return _constant(expr.const)
        if kind == "null":
            return nothing
        if kind == "map":
            return self._always(expr) if self.never_null and not expr.nullable else self.map(expr.item)
        if kind == "list":
            item = self.of(expr.item)
            none: Any = [] if self.never_null else None
            if item is _as_is and none is None:
                return _as_list
            return lambda value, view: fresh(none) if value is None else [item(one, view) for one in value]
        if kind == "dict":
            item = self.of(expr.item)
            empty: Any = {} if self.never_null else None
            return lambda value, view: fresh(empty) if value is None else {k: item(v, view) for k, v in value.items()}
        if kind == "double":
            least = 0.0 if self.never_null else None
            return lambda value, view: least if value is None else float(value)
        return _filled(LEAST[kind]) if self.never_null and kind in LEAST else _as_is

    def _always(self, expr: TypeExpr) -> Encoder:
        """Return what writes a map, and the emptiest one in place of null."""
        encoder, nothing_of = self.map(expr.item), self.nothing_of
        return lambda value, view: nothing_of(expr) if value is None else encoder(value, view)

    def nothing_of(self, expr: TypeExpr) -> Any:
        """Return what is written of a value that is not there: null, or the emptiest map where maps are never null."""
        if not self.never_null or expr.kind != "map" or expr.nullable:
            return None
        from bridge.catalogue.examples import empty

        return empty(expr, self._catalogue, self._platform)

    def map(self, name: str) -> Encoder:
        """Return what writes a map, with the keys of the platform."""
        encoder = self.made.get(name)
        if encoder is None:
            function = MAPS.find(name)
            if function is None:
                raise LookupError(f"nobody writes the map {name}")
            spec = self._catalogue.map(name)
            encoder = self._trimmed(name, function, spec.keys(self._platform))
            if self._platform in spec.through_text:
                encoder = _through_text(encoder)
            self.made[name] = encoder
        return encoder

    def _fills(self, keys: Sequence[MapKey]) -> dict[str, Any]:
        """Return the emptiest values of the keys that are always there, where nothing is ever null."""
        from bridge.catalogue.examples import empty

        if not self.never_null:
            return {}
        return {key.key: empty(key.type, self._catalogue, self._platform, null=False) for key in keys if not key.conditional}

    def _trimmed(self, name: str, function: WireMap, specs: Sequence[MapKey]) -> Encoder:
        """
        Leave out of a map what the platform does not have, and keep it where it lasts.

        A function writes its map with few different sets of keys, so what has to go is remembered per set.

        Args:
            specs: the keys of the platform.
        """
        keys = {spec.key: spec.of for spec in specs}
        nulls = frozenset(spec.key for spec in specs if spec.as_null)
        known = frozenset(keys.values())
        renamed = [(key, source) for key, source in keys.items() if key != source]
        fills = self._fills(specs)  # what stands for null, and for what the function does not write
        unknown: dict[tuple[str, ...], tuple[str, ...]] = {}
        leaves_out_null = self.leaves_out_null

        def trim(wire: dict[str, Any]) -> dict[str, Any]:
            shape = tuple(wire)
            extra = unknown.get(shape)
            if extra is None:
                extra = tuple(key for key in shape if key not in known)
                if len(unknown) < MAX_SHAPES:
                    unknown[shape] = extra
            for key in extra:
                del wire[key]
            if renamed:
                values = {key: wire[source] for key, source in renamed if source in wire}
                wire = {key: value for key, value in wire.items() if key in keys} | values
            if fills:
                wire = {**fresh(fills), **{key: item for key, item in wire.items() if item is not None}}
            if leaves_out_null and None in wire.values():
                return {key: item for key, item in wire.items() if item is not None or key in nulls}
            return wire

        return kept(name, function, trim, id(self))  # an `Encoders` lives as long as its dialect, for ever


def _through_text(encoder: Encoder) -> Encoder:
    return lambda value, view: read_back(encoder(value, view))


def read_back(wire: Any) -> Any:
    """
    Return what is left of a map once iOS has written it as a text of its own and read that back (JsonUtil.swift).

    Inside texts, backslash b and backslash f become the characters that they stand for, and NUL is lost; a map with another control
    character comes back empty.
    """
    return {} if _is_unreadable(wire) else _read_back(wire)


def _read_back(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\\b", "\b").replace("\\f", "\f").replace("\0", "")
    if isinstance(value, dict):
        return {key: _read_back(item) for key, item in value.items()}
    return [_read_back(item) for item in value] if isinstance(value, list) else value


def _is_unreadable(value: Any) -> bool:
    if isinstance(value, str):
        return any(letter < " " and letter not in READABLE for letter in value)
    if isinstance(value, dict):
        return any(map(_is_unreadable, value.values()))
    return isinstance(value, list) and any(map(_is_unreadable, value))


def nothing(value: Any, view: View) -> None:
    """Write null: the data of the many calls that answer only whether they succeeded."""


def _as_is(value: Any, view: View) -> Any:
    return value


LEAST = {"string": "", "int": 0, "bool": False}
"""What stands for null where nothing is ever null."""


def _filled(least: Any) -> Encoder:
    return lambda value, view: least if value is None else value


def _as_list(value: Any, view: View) -> Any:
    return None if value is None else list(value)


def _constant(value: Any) -> Encoder:
    return lambda _value, _view: value
