"""
The careful way to decode a call's arguments: every null rule, every default, every warning.

`bind.py` comes here when a value is not what the fast way takes as it stands, and always in strict mode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bridge.catalogue.specs import ModelSpec, Param
from bridge.catalogue.types import TypeExpr
from bridge.errors import MOST_GUESSES, did_you_mean, nearest

FindModel = Callable[[str], ModelSpec]

# The classes of values that a kind may have, before anything is looked into.
CLASSES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "int": (int,),
    "double": (float, int),
    "bool": (bool,),
    "bytes": (bytes,),
    "list": (list,),
    "dict": (dict,),
    "model": (dict,),
    "record": (dict,),
    "any": (str, int, float, bool, bytes, list, dict, type(None)),
    "null": (type(None),),
}
_EMPTY: dict[str, Any] = {"string": "", "int": 0, "double": 0.0, "bool": False, "bytes": b"", "list": [], "dict": {}}


class Refused(Exception):
    """
    Something is wrong with a value; what, is for `explain` to say.
    """


def is_int(value: Any) -> bool:
    """
    Tell whether a value is an integer that the channel can carry (64 bits); a bool is none.
    """
    return type(value) is int and -0x8000_0000_0000_0000 <= value <= 0x7FFF_FFFF_FFFF_FFFF


def int64(value: int) -> int:
    """
    Return an integer that the channel can carry; a greater one raises `Refused`.
    """
    if -0x8000_0000_0000_0000 <= value <= 0x7FFF_FFFF_FFFF_FFFF:
        return value
    raise Refused


def double(value: float) -> float:
    """
    Return a number as a float.
    """
    return value if type(value) is float else float(int64(value))  # type: ignore[arg-type]


class Careful:
    """
    Decodes one call's values with every rule, and collects warnings.

    Args:
        models: finds the models of nested maps.
        strict: raise where there would be a warning.
    """

    def __init__(self, models: FindModel, strict: bool) -> None:
        self._models = models
        self._strict = strict
        self.warnings: list[str] = []

    def warn(self, sentence: str) -> None:
        """
        Note what is taken all the same, or refuse it in strict mode.
        """
        if self._strict:
            raise Refused
        self.warnings.append(sentence)

    def value(self, expr: TypeExpr, value: Any, path: str) -> Any:
        """
        Return a value as the handler gets it; a wrong one raises `Refused`.
        """
        if value is None:
            return self.null(expr, path)
        if expr.kind == "union":
            return self._union(expr, value, path)
        if value.__class__ not in CLASSES[expr.kind]:
            raise Refused
        decode = _DECODERS.get(expr.kind)
        return value if decode is None else decode(self, expr, value, path)

    def null(self, expr: TypeExpr, path: str) -> Any:
        """
        Return None where the type allows it, else, with a warning, the emptiest value of the type.
        """
        if expr.nullable:
            return None
        self.warn(f"{path} is null, which the plugin never sends")
        return self.empty(expr)

    def empty(self, expr: TypeExpr) -> Any:
        """
        Return the emptiest value of a type, a fresh one.
        """
        if expr.nullable:
            return None
        if expr.kind == "union":
            return self.empty(expr.item[0])
        if expr.kind == "model":
            return {field.arg: field.default for field in self._models(expr.item).fields if field.sent}
        if expr.kind == "record":
            return {key: self.empty(part) for key, part in expr.item}
        empty = _EMPTY[expr.kind]
        return empty.copy() if isinstance(empty, (list, dict)) else empty

    def _union(self, expr: TypeExpr, value: Any, path: str) -> Any:
        """
        Decode a value as the first type that takes it, one that does so without a warning before others.
        """
        before, found = self.warnings, []
        for part in expr.item:
            self.warnings = []
            try:
                found.append((self.value(part, value, path), self.warnings))
            except Refused:
                continue
            if not self.warnings:
                break
        if not found:
            self.warnings = before
            raise Refused
        decoded, warnings = min(found, key=lambda one: len(one[1]))
        self.warnings = before + warnings
        return decoded

    def _list(self, expr: TypeExpr, value: list[Any], path: str) -> list[Any]:
        if any(item is None for item in value) and not expr.item.nullable:
            raise Refused  # a hole in a list is no key left out
        return [self.value(expr.item, item, f"{path}[{at}]") for at, item in enumerate(value)]

    def _dict(self, expr: TypeExpr, value: dict[str, Any], path: str) -> dict[str, Any]:
        if None in value.values() and not expr.item.nullable:
            raise Refused
        return {key: self.value(expr.item, item, f"{path}.{key}") for key, item in value.items()}

    def _model(self, expr: TypeExpr, value: dict[str, Any], path: str) -> dict[str, Any]:
        known = {field.sent: field for field in self._models(expr.item).fields if field.sent is not None}
        for at, key in enumerate([key for key in value if key not in known]):
            hint = did_you_mean(nearest(key, known)) if at < MOST_GUESSES else ""
            self.warn(f"{path}.{key} is no key of {expr.item}{hint}")
        return {
            field.arg: self._part(field.type, value, key, field.default, f"{path}.{key}")
            for key, field in known.items()
        }

    def _part(self, expr: TypeExpr, value: dict[str, Any], key: str, default: Any, path: str) -> Any:
        if key in value:
            return self.value(expr, value[key], path)
        if default is not None or expr.nullable:
            return default
        self.warn(f"{path} is missing, which the plugin always sends")
        return self.empty(expr)

    def _record(self, expr: TypeExpr, value: dict[str, Any], path: str) -> dict[str, Any]:
        parts = dict(expr.item)
        for key in value:
            if key not in parts:
                self.warn(f"{path}.{key} is not known")
        return {key: self._part(part, value, key, None, f"{path}.{key}") for key, part in parts.items()}

    def argument(self, param: Param, params: Mapping[str, Any]) -> Any:
        """
        Return the value of one argument.
        """
        if param.key not in params:
            return self._left_out(param)
        value = params[param.key]
        if value is not None:
            return self.value(param.type, value, param.key)
        if param.refuses_null:
            raise Refused
        if param.keeps_null or param.type.nullable:
            return None
        if param.ignored_by:
            return self.empty(param.type)
        empty = self.null(param.type, param.key)
        return fresh(param.default) if param.has_default else empty

    def _left_out(self, param: Param) -> Any:
        if self._strict and param.required:
            raise Refused
        if param.has_default:
            return fresh(param.default)
        if param.refuses_null:
            raise Refused
        if param.keeps_null or param.type.nullable:
            return None
        if not param.ignored_by:
            self.warn(f"{param.key} is missing, which the plugin always sends")
        return self.empty(param.type)


_DECODERS: dict[str, Callable[[Careful, TypeExpr, Any, str], Any]] = {
    "int": lambda _, __, value, ___: int64(value),
    "double": lambda _, __, value, ___: double(value),
    "list": Careful._list,
    "dict": Careful._dict,
    "model": Careful._model,
    "record": Careful._record,
}


def fresh(default: Any) -> Any:
    return default.copy() if isinstance(default, (list, dict)) else default
