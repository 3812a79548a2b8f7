"""From the arguments of a function, JSON texts among them, to what a handler is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bridge.catalogue import TypeExpr
from bridge.catalogue.native import ArgumentSpec, CaseSpec, FunctionSpec, NativeCatalogue, ObjectKey
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

    def parsed(self, spec: FunctionSpec, given: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return the arguments of a call with their JSON texts parsed; what is left out is null.

        Raises: ChatError 6017 for what is no JSON, or not of the kind that the function takes.
        """
        found = {}
        for one in spec.arguments:
            value = given.get(one.name)
            found[one.name] = _parsed(value) if one.holds == "json" else value
        return found

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
            return [picked(item, path) for item in value] if isinstance(value, list) else picked(value, path)
        if one.pairs:
            return pairs(value, *one.pairs)
        if one.kind is not None:
            return conversation_id(value, parsed[one.kind])
        if one.holds == "bool":
            return bool(value)
        if one.holds == "number":
            return _checked(value, int)
        if one.holds == "text":
            return _checked(value, str)
        return self.value(one.type, value)

    def value(self, expr: TypeExpr | None, value: Any) -> Any:
        """Return a value as its type reads it: objects under the names that handlers know, numbers as what they stand for."""
        if value is None or expr is None or expr.kind == "any":
            return value
        if expr.kind == "object":
            return self.object(expr.item, value)
        if expr.kind == "list":
            return [self.value(expr.item, item) for item in _checked(value, list)]
        wanted = {"string": str, "int": int, "bool": bool}.get(expr.kind)
        return value if wanted is None else _checked(value, wanted)

    def object(self, name: str, value: Any) -> dict[str, Any]:
        """Return an object under the names that handlers know; what it does not say is left out."""
        rows = self._objects.get(name)
        if rows is None:
            spec = self._catalogue.object(name)
            rows = [(key.key, key.inside, key.arg, self._reader(key)) for key in spec.keys if key.arg is not None]
            self._objects[name] = rows
        given = _checked(value, dict)
        found = {}
        for key, inside, arg, read in rows:
            holder = given if inside is None else given.get(inside)
            item = holder.get(key) if isinstance(holder, dict) else None
            if item is not None:
                found[arg] = read(item)
        return found

    def element_kind(self, number: Any) -> str | None:
        """Return the kind of an element by its number, None for a number that means nothing."""
        kind: str | None = self._catalogue.numbers("element").get(str(number))
        return kind

    def element(self, kind: str, wire: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of an element of a kind."""
        if self._elements is None:
            self._elements = {name: spec.name for name, spec in self._catalogue.element_objects().items()}
        return self.object(self._elements[kind], wire)

    def _reader(self, key: ObjectKey) -> Reader:
        if key.pairs:
            return lambda value: pairs(value, *key.pairs)
        if key.numbers is not None:
            table = self._catalogue.numbers(key.numbers)
            return lambda number: table.get(str(number), NO_SUCH_NUMBER)
        return lambda value: self.value(key.type, value)


def holds(when: Mapping[str, Any], parsed: Mapping[str, Any]) -> bool:
    """Return whether the condition of a case holds for some arguments."""
    for path, wanted in when.items():
        value = picked(parsed, path.split("."))
        is_there = value not in (None, "", [])
        if is_there if wanted == {"given": True} else value == wanted:
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


def pairs(value: Any, key: str, text: str) -> dict[str, Any]:
    """Return the map that an array of pairs stands for."""
    rows = _checked([] if value is None else value, list)
    return {row[key]: row.get(text) for row in rows if isinstance(row, dict) and isinstance(row.get(key), str)}


def conversation_id(target: str | None, kind: Any) -> str:
    """Return the id of a conversation by whom it is with, and the number of its kind."""
    return PREFIXES.get(kind, "") + (target or "")


def _parsed(text: Any) -> Any:
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ChatError(codes.INVALID_PARAMETERS) from None


def _checked(value: Any, wanted: type) -> Any:
    """Return a value that is of a kind. Raises: ChatError 6017 for any other; None passes."""
    if value is not None and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
        raise ChatError(codes.INVALID_PARAMETERS)
    return value
