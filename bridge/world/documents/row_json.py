"""
Rows as JSON, and back.

What a row looks like follows from its attrs class: an attribute that has its default is left out, tuples are lists, rows
inside rows are objects. Where a class only says `Any`, what JSON lacks is tagged: `{"$tuple": […]}`,
`{"$row": {"module.Name": {…}}}`, `{"$bytes": base64}`, `{"$double": "NaN"}`. So decoding what was encoded gives an equal
row, type for type.
"""

from __future__ import annotations

import math
import pkgutil
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib import import_module
from typing import Any, Final

import attr

from bridge.errors import did_you_mean, nearest
from bridge.world.chats import elements
from bridge.world.kernel.store import TableSpec

Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]


class Flaw(Exception):
    """
    What is wrong with a document, and where.

    Args:
        message: what is wrong, as the end of a sentence about the place: "must be a string".
        path: keys and positions from the top of the document, outermost first; it grows on the way out.
    """

    def __init__(self, message: str, path: Iterable[str | int] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path: tuple[str | int, ...] = tuple(path)

    def at(self, *outer: str | int) -> Flaw:
        """Return it as seen from further out."""
        return type(self)(self.message, (*outer, *self.path))


class Missing(Flaw):
    """An attribute that a row cannot do without is not there."""


class UnknownKey(Flaw):
    """A key that nobody knows."""


class Attribute(typing.NamedTuple):
    """An attribute of a row class. `encode` and `decode` are None where JSON has the value as it is (str, int, bool)."""

    name: str
    hint: Any
    has_default: bool
    default: Any
    plain: type | None
    encode: Encode | None
    decode: Decode | None


MOST_SHAPES: Final = 256
"""Of so many kinds of rows (which attributes are there, of which types) it is remembered that they are sound so far."""


class RowCodec:
    """
    What a row class looks like in JSON. Get one with `codec`.

    Attributes:
        cls: the class. `attributes`: by name, in the order of the class. `required`: the names of those without a default.
    """

    def __init__(self, cls: type[Any]) -> None:
        self.cls = cls
        hints = typing.get_type_hints(cls)
        self.attributes = {field.name: _attribute(field, hints[field.name]) for field in attr.fields(cls)}
        self.required = frozenset(a.name for a in self.attributes.values() if not a.has_default)
        self._known = self.attributes.keys()
        self._plain = {a.name: a.plain for a in self.attributes.values() if a.plain is not None}
        self._shapes: dict[tuple[Any, ...], list[tuple[str, Decode]]] = {}
        self._encoders = [(a.name, a.has_default, a.default, a.encode) for a in self.attributes.values()]

    def encode(self, row: Any) -> dict[str, Any]:
        """Write a row, without what has its default."""
        wire = {}
        for name, has_default, default, encode in self._encoders:
            value = getattr(row, name)
            if has_default and value == default:
                continue
            wire[name] = value if encode is None else encode(value)
        return wire

    def decode(self, wire: Any) -> Any:
        """Read a row. Raises Flaw with the first thing that is wrong."""
        values = self.values(wire)
        try:
            return self.cls(**values)
        except TypeError:
            missing = sorted(self.required - values.keys())
            raise Missing(f"{missing[0]} is missing") from None

    def values(self, wire: Any) -> dict[str, Any]:
        """Read the attributes that are there. Raises Flaw."""
        if wire.__class__ is not dict:
            raise Flaw("must be an object")
        known = self._shapes.get((*wire, *map(type, wire.values())))
        if known is not None:
            values = wire.copy()
            for name, decode in known:
                value = wire[name]
                try:
                    values[name] = decode(value)
                except Flaw as flaw:
                    raise flaw.at(name) from None
            return values
        values = self._each_value(wire)
        if len(self._shapes) < MOST_SHAPES:
            decoders = ((name, self.attributes[name].decode) for name in wire if name not in self._plain)
            self._shapes[(*wire, *map(type, wire.values()))] = [(name, decode) for name, decode in decoders if decode is not None]
        return values

    def _each_value(self, wire: dict[str, Any]) -> dict[str, Any]:
        """Read the attributes one by one. Raises Flaw."""
        plain = self._plain
        values = {}
        for name, value in wire.items():
            kind = plain.get(name)
            if kind is not None:
                if value.__class__ is not kind:
                    raise Flaw(f"must be {_WORDS[kind]}", (name,))
                values[name] = value
            else:
                values[name] = self._value(name, value)
        return values

    def _value(self, name: str, value: Any) -> Any:
        attribute = self.attributes.get(name)
        if attribute is None:
            raise unknown_key(name, self._known)
        try:
            return value if attribute.decode is None else attribute.decode(value)
        except Flaw as flaw:
            raise flaw.at(name) from None


_WORDS: dict[Any, str] = {str: "a string", int: "an integer", bool: "true or false", float: "a number"}


def unknown_key(name: str, known: Iterable[str]) -> Flaw:
    """Return what is wrong with a key that nobody knows."""
    hint = did_you_mean(nearest(name, known), f"known are {', '.join(sorted(known))}")
    return UnknownKey(f"is not known here{hint}", (name,))


def codec(cls: type[Any]) -> RowCodec:
    """Return what a row class looks like in JSON."""
    return _codec(cls)  # type: ignore[arg-type]  # classes are hashable


@cache
def _codec(cls: type[Any]) -> RowCodec:
    return RowCodec(cls)


def _attribute(field: Any, hint: Any) -> Attribute:
    has_default = field.default is not attr.NOTHING
    default = field.default
    if isinstance(default, attr.Factory):  # type: ignore[arg-type]
        default = default.factory()
    encode, decode = _coders(hint)
    plain = hint if hint in (str, int, bool) else None
    return Attribute(field.name, hint, has_default, default, plain, encode, decode)


def _coders(hint: Any) -> tuple[Encode | None, Decode | None]:
    """Return what writes and reads a value of a type; None for what JSON has as it is."""
    if hint is Any:
        return tagged, untagged
    if hint in (str, int, bool, float):
        return None, _checked(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint == elements.Element:
        return _element, _unelement
    if origin in (typing.Union, types.UnionType):
        return _optional(next(a for a in args if a is not type(None)))
    if origin is tuple:
        return _tuple(args)
    if origin in (frozenset, set):
        return _set(args[0])
    if origin is dict:
        return _dict(args[1])
    if attr.has(hint):
        return codec(hint).encode, codec(hint).decode
    raise TypeError(f"no row may have an attribute of type {hint}")


def _checked(kind: type) -> Decode:
    taken = (int, float) if kind is float else (kind,)

    def check(value: Any) -> Any:
        if value.__class__ not in taken:
            raise Flaw(f"must be {_WORDS[kind]}")
        return value

    return check


def _optional(hint: Any) -> tuple[Encode | None, Decode | None]:
    encode, decode = _coders(hint)
    assert decode is not None
    write = None if encode is None else lambda value: None if value is None else encode(value)
    return write, lambda value: None if value is None else decode(value)


def _tuple(args: tuple[Any, ...]) -> tuple[Encode, Decode]:
    if len(args) == 2 and args[1] is Ellipsis:
        encode, decode = _coders(args[0])
        assert decode is not None
        return (list if encode is None else lambda value: [encode(one) for one in value]), _tuple_of(args[0], decode)
    coders = [_coders(arg) for arg in args]

    def read(value: Any) -> Any:
        if value.__class__ is not list or len(value) != len(coders):
            raise Flaw(f"must be a list of {len(coders)}")
        return tuple(_at(at, decode, value[at]) for at, (_, decode) in enumerate(coders))

    return lambda value: [one if c[0] is None else c[0](one) for one, c in zip(value, coders, strict=True)], read


def _tuple_of(hint: Any, decode: Decode) -> Decode:
    """Return what reads a tuple of any length."""
    if hint not in (str, int, bool):
        return lambda value: tuple(_each(value, decode))
    kinds = {hint}

    def read(value: Any) -> Any:
        if value.__class__ is list and kinds.issuperset(map(type, value)):
            return tuple(value)
        return tuple(_each(value, decode))

    return read


def _each(value: Any, decode: Decode) -> list[Any]:
    if value.__class__ is not list:
        raise Flaw("must be a list")
    found: list[Any] = []
    try:
        for one in value:
            found.append(decode(one))
    except Flaw as flaw:
        raise flaw.at(len(found)) from None
    return found


def _at(place: int, decode: Decode | None, value: Any) -> Any:
    """Read a value that stands in a list. Raises Flaw with its place there."""
    if decode is None:
        return value
    try:
        return decode(value)
    except Flaw as flaw:
        raise flaw.at(place) from None


def _set(hint: Any) -> tuple[Encode, Decode]:
    encode, decode = _coders(hint)
    assert decode is not None
    write = sorted if encode is None else lambda value: [encode(one) for one in sorted(value)]
    return write, lambda value: frozenset(_each(value, decode))


def _dict(hint: Any) -> tuple[Encode | None, Decode]:
    encode, decode = _coders(hint)
    assert decode is not None

    def read(value: Any) -> Any:
        if value.__class__ is not dict:
            raise Flaw("must be an object")
        found = {}
        for key, one in value.items():
            try:
                found[key] = decode(one)
            except Flaw as flaw:
                raise flaw.at(key) from None
        return found

    return None if encode is None else lambda value: {k: encode(one) for k, one in value.items()}, read


# --- elements of messages


def _element(element: elements.Element) -> dict[str, Any]:
    """Write an element of a message: its kind, and those of its fields that are filled."""
    data = {name: tagged(value) for name, value in elements.fields(element).items()}
    if isinstance(element, elements.Image) and element.images is not None:
        data["images"] = [elements.fields(variant) for variant in element.images]
    return {"kind": element.kind, "data": data}


def _unelement(wire: Any) -> elements.Element:
    """Read an element of a message. Raises Flaw."""
    if wire.__class__ is not dict:
        raise Flaw("must be an object")
    if len(wire) != 2 or "kind" not in wire or "data" not in wire:
        for name in wire:
            if name not in ("kind", "data"):
                raise unknown_key(name, ("kind", "data"))
        missing = next(name for name in ("kind", "data") if name not in wire)
        raise Flaw(f"{missing} is missing")
    kind = wire["kind"]
    if kind.__class__ is not str or kind not in elements.KINDS:
        raise Flaw(f"is none of {', '.join(sorted(elements.KINDS))}", ("kind",))
    try:
        found: elements.Element = _record(elements.KINDS[kind], wire["data"])
    except Flaw as flaw:
        raise flaw.at("data") from None
    return found


def _record(cls: Any, wire: Any) -> Any:
    """Read the fields of an element. Raises Flaw."""
    if wire.__class__ is not dict:
        raise Flaw("must be an object")
    shape = (cls, *wire, *map(type, wire.values()))
    if shape in _plain_records:
        return cls(**wire)
    readers = _readers(cls)
    if len(_plain_records) < MOST_SHAPES and all(type(value) is _plain_field(cls, name) for name, value in wire.items()):
        _plain_records.add(shape)
    values = {}
    for name, value in wire.items():
        if name not in readers:
            raise unknown_key(name, readers)
        if value is not None:
            try:
                values[name] = readers[name](value)
            except Flaw as flaw:
                raise flaw.at(name) from None
    return cls(**values)


_plain_records: set[tuple[Any, ...]] = set()
"""Kinds of elements, by what is there of which type, whose fields are texts, whole numbers and truth values, which JSON has as they are."""


def _plain_field(cls: Any, name: str) -> Any:
    """Return the type of a field whose every value JSON has as it is, else None."""
    hint = _hints(cls).get(name)
    return hint if hint in (str, int, bool) else None


@cache
def _hints(cls: Any) -> dict[str, Any]:
    """Return the type of each field of an element, where it is not null."""
    hints = typing.get_type_hints(cls)
    return {name: typing.get_args(hints[name])[0] for name in cls._fields if name != "kind"}


@cache
def _readers(cls: Any) -> dict[str, Decode]:
    """Return what reads each field of an element."""
    return {name: _field(hint) for name, hint in _hints(cls).items()}


def _field(hint: Any) -> Decode:
    """Return what reads a field that is no null: a text, a number, true or false, or a list of texts, objects or variants."""
    if hint is bool:
        return _checked(bool)
    if hint is str:
        return _checked(str)
    if hint in (int, float):
        return _number
    (one,) = typing.get_args(hint)
    if one is elements.Variant:
        return lambda value: _each(value, partial(_record, elements.Variant))
    return partial(_list_of, str if one is str else dict)


def _number(value: Any) -> float:
    if value.__class__ not in (int, float) or not math.isfinite(value):
        raise Flaw("must be a number")
    number: float = value
    return number


def _list_of(kind: type, value: Any) -> Any:
    read = untagged(value)
    if not isinstance(read, (list, tuple)) or not all(isinstance(one, kind) for one in read):
        raise Flaw(f"must be a list of {'objects' if kind is dict else 'strings'}")
    return read


# --- values of any type


def tagged(value: Any) -> Any:
    """Write a value of any type that rows hold."""
    kind = value.__class__
    if kind is dict:
        wire = {key: tagged(item) for key, item in value.items()}
        return {"$dict": wire} if len(wire) == 1 and next(iter(wire)).startswith("$") else wire
    if kind is list:
        return [tagged(item) for item in value]
    if kind is tuple:
        return {"$tuple": [tagged(item) for item in value]}
    if kind is bytes:
        from binascii import b2a_base64

        return {"$bytes": b2a_base64(value, newline=False).decode()}
    if kind is float and (value != value or value in (float("inf"), float("-inf"))):
        return {"$double": "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    if attr.has(kind):
        return {"$row": {_name(kind): codec(kind).encode(value)}}
    return value


def untagged(wire: Any) -> Any:
    """Read a value of any type. Raises Flaw."""
    if wire.__class__ is list:
        return _each(wire, untagged)
    if wire.__class__ is not dict:
        return wire
    if len(wire) == 1:
        ((tag, value),) = wire.items()
        read = _TAGS.get(tag)
        if read is not None:
            return read(value)
    return {key: untagged(item) for key, item in wire.items()}


def _untag_bytes(value: Any) -> bytes:
    from binascii import Error, a2b_base64

    try:
        return a2b_base64(value, strict_mode=True)
    except (Error, TypeError, ValueError):
        raise Flaw("is no base64", ("$bytes",)) from None


def _name(cls: type[Any]) -> str:
    """Return what documents call a row class: `messages.Message`."""
    return f"{cls.__module__.rpartition('.')[2]}.{cls.__name__}"


def _untag_row(value: Any) -> Any:
    if value.__class__ is not dict or len(value) != 1:
        raise Flaw("must name one kind of row", ("$row",))
    ((name, wire),) = value.items()
    classes = {_name(c): c for module in modules() for c in vars(module).values() if isinstance(c, type) and attr.has(c)}
    if name not in classes:
        raise unknown_key(name, classes).at("$row")
    try:
        return codec(classes[name]).decode(wire)
    except Flaw as flaw:
        raise flaw.at("$row", name) from None


def _untag_double(value: Any) -> float:
    doubles = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
    if value not in doubles:
        raise Flaw("is none of NaN, Infinity, -Infinity", ("$double",))
    return doubles[value]


def _untag_dict(value: Any) -> dict[str, Any]:
    if value.__class__ is not dict:
        raise Flaw("must be an object", ("$dict",))
    return {key: untagged(item) for key, item in value.items()}


_TAGS: Mapping[str, Decode] = {
    "$tuple": lambda value: tuple(_each(value, untagged)),
    "$bytes": _untag_bytes,
    "$double": _untag_double,
    "$row": _untag_row,
    "$dict": _untag_dict,
}


# --- which tables there are


@cache
def places() -> dict[str, str]:
    """Return the dotted name of every module of all rooms by its own name, sorted."""
    from bridge import world as rooms

    found = {
        module.name: f"{rooms.__name__}.{room.name}.{module.name}"
        for room in pkgutil.iter_modules(rooms.__path__)
        for module in pkgutil.iter_modules([f"{rooms.__path__[0]}/{room.name}"])
    }
    return dict(sorted(found.items()))


@cache
def modules() -> tuple[Any, ...]:
    """Return all modules of all rooms, sorted by name."""
    return tuple(import_module(place) for place in places().values())


def specs() -> dict[str, TableSpec[Any]]:
    """Return every table that documents hold, by name, sorted. Imports all rooms."""
    found = {
        value.name: value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, TableSpec) and value.exported
    }
    return dict(sorted(found.items()))


def spec(name: str) -> TableSpec[Any] | None:
    """Return the table of a name, None if documents have none. Imports no more than it must."""
    place = places().get(name)
    if place is not None:
        for value in vars(import_module(place)).values():
            if isinstance(value, TableSpec) and value.name == name and value.exported:
                return value
    return specs().get(name)
