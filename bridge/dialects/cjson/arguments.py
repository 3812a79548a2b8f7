"""From the arguments of a function, JSON texts among them, to what a handler is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bridge.catalogue import TypeExpr
from bridge.catalogue.native import ArgumentSpec, CaseSpec, FunctionSpec, NativeCatalogue, ObjectKey, ObjectSpec
from bridge.errors import ChatError
from bridge.world.kernel import codes

Reader = Callable[[Any], Any]

PREFIXES = {1: "c2c_", 2: "group_"}
"""How the ids of conversations begin, by the number of their kind."""

NO_SUCH_NUMBER = -1


class Arguments:
    """The readers of a dialect, made on first use."""

    def __init__(self, catalogue: NativeCatalogue) -> None:
        self._catalogue = catalogue
        self._objects: dict[str, list[tuple[str, str | None, str, Reader]]] = {}
        self._elements: dict[str, str] | None = None
        self._shapes: dict[str, dict[str, tuple[TypeExpr, bool]]] = {}

    def has_object(self, name: str) -> bool:
        """Return whether the dialect has an object of that name."""
        return self._catalogue.has_object(name)

    def parsed(self, spec: FunctionSpec, given: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return the arguments of a call with their JSON texts parsed; what is left out is null.

        Raises: ChatError 6017 for what is no JSON, or not of the kind that the function takes.
        """
        found = {}
        for one in spec.arguments:
            value = given.get(one.name)
            found[one.name] = self._fitting(one, _parsed(value)) if one.holds == "json" else value
        return found

    def _fitting(self, one: ArgumentSpec, value: Any) -> Any:
        if one.shape is not None:
            self.check(one.shape, value)
        return value

    def check(self, expr: TypeExpr, value: Any) -> None:
        """Look whether a value is what its type says, as deep as that goes; null always is. Raises: ChatError 6017."""
        wanted = KINDS.get(expr.kind)
        if value is None or wanted is None:
            return
        checked(value, wanted)
        if expr.kind == "list":
            for item in _items(expr, value):
                self.check(expr.item, item)
        elif expr.kind == "dict":
            for item in value.values():
                self.check(expr.item, item)
        elif expr.kind == "object":
            self.check_object(expr.item, value)

    def check_object(self, name: str, value: dict[str, Any]) -> None:
        """Look whether the keys of an object have what their types say. Raises: ChatError 6017."""
        shape = self._shapes.get(name)
        if shape is None:
            shape = self._shapes[name] = _shape(self._catalogue.object(name))
        for key, item in value.items():
            if item is not None and (known := shape.get(key)) is not None:
                kind, is_map = known
                self.check(kind, [item] if is_map and isinstance(item, dict) else item)

    def read(self, spec: FunctionSpec, case: CaseSpec, parsed: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the handler of a case is given. Raises: ChatError 6017 for values of the wrong kind."""
        found: dict[str, Any] = {}
        for one in spec.arguments:
            arg = case.args.get(one.name, one.arg)
            if one.spread:
                value = self.value(one.type, parsed[one.name])
                if isinstance(value, dict):
                    found.update(value)
            elif arg is not None:
                found[arg] = self._argument(one, parsed)
        return found

    def _argument(self, one: ArgumentSpec, parsed: Mapping[str, Any]) -> Any:
        value = parsed[one.name]
        if one.pick is not None:
            path = one.pick.split(".")
            return [picked_text(item, path) for item in value] if isinstance(value, list) else picked_text(value, path)
        if one.pairs:
            return pairs(value, *one.pairs)
        if one.kind is not None:
            return conversation_id(value, parsed[one.kind])
        if one.holds == "bool":
            return bool(value)
        if one.holds == "number":
            return checked(value, int)
        if one.holds == "text":
            return checked(value, str)
        return self.value(one.type, value)

    def value(self, expr: TypeExpr | None, value: Any) -> Any:
        """Return a value as its type reads it: objects under the names that handlers know, numbers as what they stand for."""
        if value is None or expr is None or expr.kind == "any":
            return value
        if expr.kind == "object":
            return self.object(expr.item, value)
        if expr.kind == "list":
            return [self.value(expr.item, item) for item in _items(expr, checked(value, list))]
        wanted = KINDS.get(expr.kind)
        return value if wanted is None else checked(value, wanted)

    def object(self, name: str, value: Any) -> dict[str, Any]:
        """Return an object under the names that handlers know; what it does not say is left out."""
        rows = self._objects.get(name)
        if rows is None:
            spec = self._catalogue.object(name)
            rows = [(key.key, key.inside, key.arg, self._reader(key)) for key in spec.keys if key.arg is not None]
            self._objects[name] = rows
        given = checked(value, dict)
        found = {}
        for key, inside, arg, read in rows:
            holder = given if inside is None else given.get(inside)
            item = holder.get(key) if isinstance(holder, dict) else None
            if item is not None:
                found[arg] = read(item)
        return found

    def element_kind(self, number: Any) -> str | None:
        """Return the kind of an element by its number, None for what is no number or means nothing."""
        kind: str | None = self._catalogue.numbers("element").get(str(number)) if number.__class__ is int else None
        return kind

    def element(self, kind: str, wire: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of an element of a kind. Raises: ChatError 6017 for what is no such element, whoever reads it."""
        if self._elements is None:
            self._elements = {name: spec.name for name, spec in self._catalogue.element_objects().items()}
        self.check_object(self._elements[kind], wire)
        return self.object(self._elements[kind], wire)

    def _reader(self, key: ObjectKey) -> Reader:
        if key.pairs:
            return lambda value: pairs(value, *key.pairs)
        if key.numbers is not None:
            table = self._catalogue.numbers(key.numbers)
            return lambda number: table.get(str(checked(number, int)), NO_SUCH_NUMBER)
        return lambda value: self.value(key.type, value)


KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "int": int,
    "double": (int, float),
    "bool": bool,
    "list": list,
    "object": dict,
    "dict": dict,
}
"""What stands for a type in JSON."""


def _shape(spec: ObjectSpec) -> dict[str, tuple[TypeExpr, bool]]:
    """Return the types of an object's keys, of those at least that say anything; and of which ones pairs stand for a map."""
    return {key.key: (key.type, bool(key.pairs)) for key in spec.keys if key.inside is None and key.type.kind in KINDS}


def holds(when: Mapping[str, Any], parsed: Mapping[str, Any]) -> bool:
    """Return whether the condition of a case holds for some arguments."""
    for path, wanted in when.items():
        value = picked(parsed, path.split("."))
        if value is not None if wanted == {"given": True} else value == wanted:
            continue
        return False
    return True


def picked(value: Any, path: list[str]) -> Any:
    """Return what stands at a path of keys and indexes; None where it leads nowhere."""
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def picked_text(value: Any, path: list[str]) -> str | None:
    """Return the text that stands at a path. Raises: ChatError 6017 for anything else there; None where there is nothing."""
    found: str | None = checked(picked(value, path), str)
    return found


def pairs(value: Any, key: str, text: str) -> dict[str, Any]:
    """Return the map that an array of pairs stands for, or one as it is (8.5). Raises: ChatError 6017 for a pair without a value."""
    if isinstance(value, dict):
        found = {name: checked(said, str) for name, said in value.items()}
    else:
        rows = checked([] if value is None else value, list)
        found = {row[key]: row.get(text) for row in rows if isinstance(row, dict) and isinstance(row.get(key), str)}
    for one in found.values():
        checked(one, (str, int))
        if one is None:
            raise ChatError(codes.INVALID_PARAMETERS)
    return found


def _items(expr: TypeExpr, value: list[Any]) -> list[Any]:
    """Return the items of an array. Raises: ChatError 6017 for null among them, unless anything may be there."""
    if expr.item.kind != "any" and None in value:
        raise ChatError(codes.INVALID_PARAMETERS)
    return value


def conversation_id(target: str | None, kind: Any) -> str:
    """Return the id of a conversation by whom it is with, and the number of its kind."""
    return PREFIXES.get(checked(kind, int), "") + (checked(target, str) or "")


def _parsed(text: Any) -> Any:
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ChatError(codes.INVALID_PARAMETERS) from None


def checked(value: Any, wanted: type | tuple[type, ...]) -> Any:
    """Return a value that is of a kind. Raises: ChatError 6017 for any other; None passes."""
    if value is not None and (not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool)):
        raise ChatError(codes.INVALID_PARAMETERS)
    return value
