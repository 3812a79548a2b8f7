"""
Check the arguments of a call and turn them into the handler's kwargs.

`binder` makes one function per method. Its hot path runs down a list of rows, one per argument, and asks only whether
the class of each value is one of those that need no thought. Anything else, from a null to a nested map of a model,
goes the careful way (`_Careful`), which knows null rules, defaults, nested models and warnings. If that finds
anything wrong, the call is refused, and `explain.py` says what a person needs to know; it is not imported before
that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bridge.catalogue.specs import Bind, InvalidArguments, ModelSpec, Param
from bridge.catalogue.types import TypeExpr

MANAGER = "TIMManagerName"

# Come with every call of the real plugin and say nothing that matters here.
IGNORED = frozenset({MANAGER, "ability", "stacktrace", "method"})

FindModel = Callable[[str], ModelSpec]

_CLASSES: dict[str, tuple[type, ...]] = {
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


class _Refused(Exception):
    """
    Something is wrong with a value; what, is for `explain` to say.
    """


class _Missing:
    """
    The class of what stands in for a key that is left out and has no default: no row takes it.
    """


_MISSING = _Missing()


def is_int(value: Any) -> bool:
    """
    Tell whether a value is an integer that the channel can carry (64 bits); a bool is none.
    """
    return type(value) is int and -0x8000_0000_0000_0000 <= value <= 0x7FFF_FFFF_FFFF_FFFF


def _int(value: int) -> int:
    if -0x8000_0000_0000_0000 <= value <= 0x7FFF_FFFF_FFFF_FFFF:
        return value
    raise _Refused


def _double(value: float) -> float:
    return value if type(value) is float else float(_int(value))  # type: ignore[arg-type]


_ALL_STRINGS = frozenset({str})


def _string_list(value: list[str]) -> list[str]:
    if _ALL_STRINGS.issuperset(map(type, value)):
        return value[:]
    raise _Refused


class _Careful:
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
            raise _Refused
        self.warnings.append(sentence)

    def value(self, expr: TypeExpr, value: Any, path: str) -> Any:
        """
        Return a value as the handler gets it; a wrong one raises `_Refused`.
        """
        if value is None:
            return self.null(expr, path)
        if value.__class__ not in _CLASSES[expr.kind]:
            raise _Refused
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
        if expr.kind == "model":
            return {field.arg: field.default for field in self._models(expr.item).fields if field.sent}
        if expr.kind == "record":
            return {key: self.empty(part) for key, part in expr.item}
        empty = _EMPTY[expr.kind]
        return empty.copy() if isinstance(empty, (list, dict)) else empty

    def _list(self, expr: TypeExpr, value: list[Any], path: str) -> list[Any]:
        if any(item is None for item in value) and not expr.item.nullable:
            raise _Refused  # a hole in a list is no key left out
        return [self.value(expr.item, item, f"{path}[{at}]") for at, item in enumerate(value)]

    def _dict(self, expr: TypeExpr, value: dict[str, Any], path: str) -> dict[str, Any]:
        if None in value.values() and not expr.item.nullable:
            raise _Refused
        return {key: self.value(expr.item, item, f"{path}.{key}") for key, item in value.items()}

    def _model(self, expr: TypeExpr, value: dict[str, Any], path: str) -> dict[str, Any]:
        known = {field.sent: field for field in self._models(expr.item).fields if field.sent is not None}
        for key in value:
            if key not in known:
                self.warn(f"{path}.{key} is no key of {expr.item}")
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
            raise _Refused
        if param.keeps_null or param.type.nullable:
            return None
        if param.ignored_by:
            return self.empty(param.type)
        empty = self.null(param.type, param.key)
        return _fresh(param.default) if param.has_default else empty

    def _left_out(self, param: Param) -> Any:
        if self._strict and param.required:
            raise _Refused
        if param.has_default:
            return _fresh(param.default)
        if param.refuses_null:
            raise _Refused
        if param.keeps_null or param.type.nullable:
            return None
        if not param.ignored_by:
            self.warn(f"{param.key} is missing, which the plugin always sends")
        return self.empty(param.type)


_DECODERS: dict[str, Callable[[_Careful, TypeExpr, Any, str], Any]] = {
    "int": lambda _, __, value, ___: _int(value),
    "double": lambda _, __, value, ___: _double(value),
    "list": _Careful._list,
    "dict": _Careful._dict,
    "model": _Careful._model,
    "record": _Careful._record,
}


def _fresh(default: Any) -> Any:
    return default.copy() if isinstance(default, (list, dict)) else default


# A row of the hot path: key, kwarg, classes of values that are taken as they stand, value of a key that is left out,
# and what to do with the value where the class alone does not tell.
_Row = tuple[str, str, tuple[type, ...], Any, Callable[[Any], Any] | None]


_CONVERTERS: dict[str, Callable[[Any], Any]] = {"int": _int, "double": _double, "list": _string_list}


def _row(param: Param) -> _Row:
    kind = param.type.kind
    if kind in ("model", "record", "dict") or (kind == "list" and param.type.item.kind != "string"):
        classes: tuple[type, ...] = ()
    else:
        classes = _CLASSES[kind]
    convert = _CONVERTERS.get(kind)
    if param.type.nullable and not param.refuses_null:
        classes = (*classes, type(None))
        convert = convert and _unless_null(convert)
    if param.has_default:
        default = param.default
    else:
        default = None if type(None) in classes else _MISSING
    return param.key, param.arg, classes, default, convert


def _unless_null(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _unanswered(violations: list[dict[str, str]], params: tuple[Param, ...]) -> bool:
    thrown_on = {param.key for param in params if param.refuses_null == "unanswered"}
    return all(one["path"] in thrown_on and "null" in one["message"] for one in violations)


def binder(method: str, manager: str, takes: tuple[Param, ...], models: FindModel) -> Bind:
    """
    Make `MethodSpec.bind`.
    """
    rows = [_row(param) for param in takes]
    plain = [(key, arg, classes, default) for key, arg, classes, default, convert in rows if convert is None]
    converted = [row for row in rows if row[4] is not None]
    known = IGNORED.union(param.key for param in takes)

    def careful(given: Mapping[str, Any], strict: bool) -> tuple[dict[str, Any], tuple[str, ...]]:
        decoder = _Careful(models, strict)
        try:
            if given.get(MANAGER) not in (None, manager):
                raise _Refused
            for key in given:
                if key not in known:
                    decoder.warn(f"{key} is no argument of {method}")
            args = {param.arg: decoder.argument(param, given) for param in takes}
        except _Refused:
            from bridge.catalogue.explain import explain

            violations = explain(method, manager, takes, models, given, strict)
            raise InvalidArguments(method, violations, _unanswered(violations, takes)) from None
        return args, tuple(decoder.warnings)

    def bind(params: Mapping[str, Any], strict: bool = False) -> tuple[dict[str, Any], tuple[str, ...]]:
        get = params.get
        if get(MANAGER, manager) != manager or strict or not known.issuperset(params):
            return careful(params, strict)
        args = {}
        for key, arg, classes, default in plain:
            value = get(key, default)
            if value.__class__ not in classes:
                return careful(params, strict)
            args[arg] = value
        try:
            for key, arg, classes, default, convert in converted:
                value = get(key, default)
                if value.__class__ not in classes:
                    return careful(params, strict)
                args[arg] = convert(value)  # type: ignore[misc]  # rows without one are in plain
        except _Refused:
            return careful(params, strict)
        return args, ()

    return bind
