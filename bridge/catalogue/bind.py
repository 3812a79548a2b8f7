"""
Check the arguments of a call and turn them into the handler's kwargs.

`binder` makes one function per method. Its fast way runs down a list of rows, one per argument, and asks only whether
the class of each value is one of those that need no thought; nested maps of models have rows of their own, made when
one first comes. Anything else, from a null out of place to an unknown key, goes the careful way (`careful.py`), which
knows defaults and warnings. If that finds anything wrong, the call is refused, and `explain.py`, which is not
imported before, says what a person needs to know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from bridge.catalogue.careful import CLASSES, Careful, FindModel, Refused, double, fresh, int64
from bridge.catalogue.specs import Bind, InvalidArguments, Param
from bridge.catalogue.types import TypeExpr
from bridge.errors import MOST_GUESSES, did_you_mean, nearest

MANAGER = "TIMManagerName"

# Come with every call of the real plugin and say nothing that matters here.
IGNORED = frozenset({MANAGER, "ability", "stacktrace", "method"})

_NULL = type(None)

# What makes a handler's value of a wire value; None where that is the value itself.
_Reader = Callable[[Any], Any]

# A row of the fast way: key, kwarg, classes of values that are taken, value of a key that is left out, and the reader.
_Row = tuple[str, str, tuple[type, ...], Any, _Reader | None]


class _Missing:
    """
    The class of what stands in for a key that is left out and has no default: no row takes it.
    """


_MISSING = _Missing()


def _reader(expr: TypeExpr, models: FindModel) -> tuple[tuple[type, ...], _Reader | None]:
    """
    Return the classes that a type takes, and its reader. Types that are always left to the careful way take none.
    """
    if expr.kind == "record":
        return (), None
    if expr.kind == "union":
        return _union_reader(expr, models)
    classes, reader = CLASSES[expr.kind], _plain_reader(expr, models)
    if not expr.nullable or _NULL in classes:
        return classes, reader
    return (*classes, _NULL), reader and _unless_null(reader)


def _union_reader(expr: TypeExpr, models: FindModel) -> tuple[tuple[type, ...], _Reader | None]:
    """
    Read a value as the one type of a union that takes its class; where several do, the careful way is to choose.
    """
    by_class: dict[type, _Reader | None] = {}
    for part in expr.item:
        classes, reader = _reader(part, models)
        if not classes or not by_class.keys().isdisjoint(classes):
            return (), None
        by_class.update(dict.fromkeys(classes, reader))

    def read(value: Any) -> Any:
        reader = by_class[value.__class__]
        return value if reader is None else reader(value)

    taken = (*by_class, _NULL) if expr.nullable else tuple(by_class)
    return taken, (_unless_null(read) if expr.nullable else read) if any(by_class.values()) else None


def _plain_reader(expr: TypeExpr, models: FindModel) -> _Reader | None:
    if expr.kind in ("list", "dict"):
        return _items_reader(expr.kind, *_reader(expr.item, models))
    if expr.kind == "model":
        return _model_reader(expr.item, models)
    return {"int": int64, "double": double}.get(expr.kind)


def _unless_null(reader: _Reader) -> _Reader:
    return lambda value: None if value is None else reader(value)


def _items_reader(kind: str, classes: tuple[type, ...], reader: _Reader | None) -> _Reader:
    """
    Read a list or dict: a copy of it, for the call is not the handler's to change.
    """
    taken = frozenset(classes)

    def read_list(value: list[Any]) -> list[Any]:
        if not taken.issuperset(map(type, value)):
            raise Refused
        return value[:] if reader is None else [reader(item) for item in value]

    def read_dict(value: dict[str, Any]) -> dict[str, Any]:
        if not taken.issuperset(map(type, value.values())):
            raise Refused
        return value.copy() if reader is None else {key: reader(item) for key, item in value.items()}

    return read_list if kind == "list" else read_dict


def _model_reader(name: str, models: FindModel) -> _Reader:
    """
    Read the map of a model: renamed, with the defaults of toJson. Its rows are made on first use: models may nest
    endlessly.
    """
    rows: list[_Row] = []
    known: set[str] = set()

    def prepare() -> None:
        for field in models(name).fields:
            if field.sent is not None:
                classes, reader = _reader(field.type, models)
                default = field.default if field.default is not None or field.type.nullable else _MISSING
                rows.append((field.sent, field.arg, classes, default, reader))
                known.add(field.sent)

    def read(value: dict[str, Any]) -> dict[str, Any]:
        if not rows:
            prepare()
        if not known.issuperset(value):
            raise Refused
        return _read_rows(rows, value)

    return read


def _read_rows(rows: list[_Row], value: dict[str, Any]) -> dict[str, Any]:
    read = {}
    get = value.get
    for key, arg, classes, default, reader in rows:
        item = get(key, default)
        if item.__class__ not in classes:
            raise Refused
        read[arg] = item if reader is None else reader(item)
    return read


def _row(param: Param, models: FindModel) -> _Row:
    classes, reader = _reader(param.type, models)
    if param.refuses_null:
        classes = tuple(taken for taken in classes if taken is not _NULL)
    missing = None if _NULL in classes else _MISSING
    return param.key, param.arg, classes, param.default if param.has_default else missing, reader


def binder(
    method: str, manager: str, takes: tuple[Param, ...], models: FindModel, unsent: Mapping[str, Any] | None = None
) -> Bind:
    """
    Make `MethodSpec.bind`.

    Args:
        takes: the arguments that the client sends.
        unsent: what the handler gets beside them.
    """
    rows = [_row(param, models) for param in takes]
    plain = [(key, arg, classes, default) for key, arg, classes, default, convert in rows if convert is None]
    converted = [row for row in rows if row[4] is not None]
    known = IGNORED.union(param.key for param in takes)

    def adding(args: dict[str, Any]) -> dict[str, Any]:
        for arg, value in (unsent or {}).items():
            args[arg] = fresh(value)
        return args

    @lru_cache(maxsize=64)
    def meant(key: str) -> str:
        return did_you_mean(nearest(key, (param.key for param in takes)))

    def careful(given: Mapping[str, Any], strict: bool) -> tuple[dict[str, Any], tuple[str, ...]]:
        decoder = Careful(models, strict)
        wrong_manager = given.get(MANAGER) not in (None, manager)
        try:
            if wrong_manager:
                raise Refused
            odd = [key for key in given if key not in known]
            for at, key in enumerate(odd):
                decoder.warn(f"{key} is no argument of {method}{meant(key) if at < MOST_GUESSES else ''}")
            args = adding({param.arg: decoder.argument(param, given) for param in takes})
        except Refused:
            from bridge.catalogue.explain import explain

            violations = explain(method, manager, takes, models, given, strict)
            raise InvalidArguments(method, violations, wrong_manager) from None
        return args, tuple(decoder.warnings)

    def bind(params: Mapping[str, Any], strict: bool = False) -> tuple[dict[str, Any], tuple[str, ...]]:
        get = params.get
        if get(MANAGER, manager) != manager or strict or not known.issuperset(params):
            return careful(params, strict)
        args = adding({}) if unsent else {}
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
        except Refused:
            return careful(params, strict)
        return args, ()

    return bind
