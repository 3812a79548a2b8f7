"""
Say everything that is wrong with a refused call, in plain words. Slow on purpose: it asks jsonschema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from bridge.catalogue.bind import IGNORED, MANAGER
from bridge.catalogue.careful import is_int
from bridge.catalogue.specs import ModelSpec, Param
from bridge.catalogue.types import TypeExpr
from bridge.errors import MOST_GUESSES, did_you_mean, nearest

Json = dict[str, Any]
Violation = dict[str, str]

_WORDS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "bytes": "bytes",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_KINDS = {"int": "integer", "double": "number", "bool": "boolean", "list": "array"}


def _is_number(_: Any, value: Any) -> bool:
    return type(value) is float or is_int(value)


_TYPES = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {
        "integer": lambda _, value: is_int(value),
        "number": _is_number,
        "bytes": lambda _, value: isinstance(value, bytes),
    }
)


def _required(_: Any, required: list[str], instance: Any, __: Any) -> Iterator[ValidationError]:
    """
    Find missing keys all at once: jsonschema's own check says in its text alone which one it means.
    """
    if isinstance(instance, dict) and not instance.keys() >= set(required):
        yield ValidationError("a key is missing")


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"required": _required}, type_checker=_TYPES
)


class _Schemas:
    """
    Writes type expressions as JSON Schema again, with the null rules of one call in them.
    """

    def __init__(self, models: Callable[[str], ModelSpec], strict: bool) -> None:
        self._models = models
        self._strict = strict
        self.definitions: dict[str, Json] = {}

    def of(self, expr: TypeExpr, null: bool) -> Json:
        """
        Return the schema of a type; `null`: it may be null whatever the type says.
        """
        if expr.kind == "any":
            return {}
        schema = self._plain(expr)
        if expr.nullable or null:
            return {"if": {"not": {"type": "null"}}, "then": schema}
        return schema

    def _plain(self, expr: TypeExpr) -> Json:
        if expr.kind == "model":
            return {"$ref": f"#/$defs/{self._define(expr.item)}"}
        if expr.kind == "union":
            return {"anyOf": [self._plain(part) for part in expr.item]}
        if expr.kind == "record":
            parts = {key: (part, part.nullable) for key, part in expr.item}
            return self._object(parts)
        if expr.kind == "list":
            return {"type": "array", "items": self.of(expr.item, False)}
        if expr.kind == "dict":
            return {"type": "object", "additionalProperties": self.of(expr.item, False)}
        return {"type": _KINDS.get(expr.kind, expr.kind)}

    def _define(self, name: str) -> str:
        if name not in self.definitions:
            self.definitions[name] = {}  # models may hold themselves
            fields = [field for field in self._models(name).fields if field.sent is not None]
            parts = {
                str(field.sent): (field.type, field.type.nullable or field.default is not None) for field in fields
            }
            self.definitions[name] = self._object(parts)
        return name

    def _object(self, parts: Mapping[str, tuple[TypeExpr, bool]]) -> Json:
        schema: Json = {
            "type": "object",
            "properties": {key: self.of(expr, not self._strict) for key, (expr, _) in parts.items()},
        }
        if self._strict:
            schema["required"] = [key for key, (_, optional) in parts.items() if not optional]
            schema["additionalProperties"] = False
        return schema


def call_schema(params: Iterable[Param], models: Callable[[str], ModelSpec], strict: bool) -> Json:
    """
    Return the JSON Schema that the arguments of a call must meet.
    """
    schemas = _Schemas(models, strict)
    properties: Json = {key: {} for key in IGNORED}
    required = []
    for param in params:
        takes_null = not param.refuses_null and (not strict or param.keeps_null or bool(param.ignored_by))
        schema = schemas.of(param.type, takes_null)
        if param.refuses_null and param.type.nullable:
            schema = schemas.of(param.type, False).get("then", {})
        properties[param.key] = schema
        if (param.refuses_null and not param.has_default) or (strict and _always_sent(param)):
            required.append(param.key)
    schema = {"type": "object", "properties": properties, "required": required, "$defs": schemas.definitions}
    if strict:
        schema["additionalProperties"] = False
    return schema


def _always_sent(param: Param) -> bool:
    optional = param.has_default or param.keeps_null or param.type.nullable or bool(param.ignored_by)
    return param.required or not optional


def _path(error: ValidationError) -> str:
    path = ""
    for part in error.absolute_path:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")


def _named(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value) if len(repr(value)) < 30 else "a number out of range"
    kinds = ((str, "string"), (bytes, "bytes"), (list, "array"), (dict, "object"))
    return next((_WORDS[word] for kind, word in kinds if isinstance(value, kind)), type(value).__name__)


def _violations(error: ValidationError, owner: str) -> list[Violation]:
    path = _path(error)
    wanted: Any = error.validator_value
    given: Any = error.instance
    if error.validator == "required":
        known: Any = error.schema
        odd = [key for key in given if key not in known.get("properties", ())]
        return [_missing(path, key, odd[:MOST_GUESSES]) for key in wanted if key not in given]
    if error.validator == "additionalProperties":
        schema: Any = error.schema
        properties = schema["properties"]
        odd = [key for key in given if key not in properties]
        return [_unknown(path, key, properties if at < MOST_GUESSES else {}, owner) for at, key in enumerate(odd)]
    if error.validator == "anyOf":
        return [{"path": path, "message": _fits_none(wanted, given)}]
    message = f"must be {_WORDS[wanted]}, not {_named(given)}"
    if _is_too_big(error):
        message = "does not fit into 64 bits"
    return [{"path": path, "message": message}]


def _fits_none(wanted: list[Json], given: Any) -> str:
    """
    Say why a value is none of several types.
    """
    words = [part.get("type", "object") for part in wanted]
    if type(given) is int and ("integer" in words or "number" in words):
        return "does not fit into 64 bits"
    named = list(dict.fromkeys(_WORDS[word] for word in words))
    if _named(given) in named:
        return f"is {_named(given)}, but none of those it may be"
    return f"must be {' or '.join(named)}, not {_named(given)}"


def _is_too_big(error: ValidationError) -> bool:
    """
    Tell whether an integer was refused for its size.
    """
    return error.validator_value in ("integer", "number") and type(error.instance) is int


def _missing(path: str, key: str, odd: Iterable[str]) -> Violation:
    near = nearest(key, odd)
    hint = f"; was {near[0]} meant for it?" if near else ""
    return {"path": f"{path}.{key}".removeprefix("."), "message": f"is missing{hint}"}


def _unknown(path: str, key: str, known: Mapping[str, Any], owner: str) -> Violation:
    hint = did_you_mean(nearest(key, (name for name in known if name not in IGNORED)))
    where = f" of {owner}" if not path else ""
    return {"path": f"{path}.{key}".removeprefix("."), "message": f"is no argument{where}{hint}"}


def explain(
    method: str,
    manager: str,
    params: tuple[Param, ...],
    models: Callable[[str], ModelSpec],
    given: Mapping[str, Any],
    strict: bool,
) -> list[Violation]:
    """
    Return every violation of a refused call as `{path, message}`, in the order of the arguments; never empty.
    """
    found: list[Violation] = []
    named = given.get(MANAGER)
    if named not in (None, manager):
        said = f"{named!r}" if isinstance(named, str) else _named(named)
        found.append({"path": MANAGER, "message": f"is {said}, but {method} belongs to {manager}"})
    errors = _Validator(call_schema(params, models, strict)).iter_errors(dict(given))
    for error in errors:
        found += _violations(error, method)
    order = {param.key: at for at, param in enumerate(params)}
    found.sort(key=lambda one: order.get(one["path"].split(".")[0].split("[")[0], -1))
    if not found:
        raise AssertionError(f"{method} was refused without a reason: {sorted(given)}")
    return found
