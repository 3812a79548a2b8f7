"""
Type expressions: the JSON Schema of a reply, an event, a map's key or an argument, compiled into small values.

A schema of this project uses a small part of JSON Schema, and every part has one `kind`:

======== ================================================= =========================================
kind     JSON Schema                                       `item`
======== ================================================= =========================================
any      `{}`                                              None
null     `{"type": "null"}`                                None
string   `{"type": "string"}`                              None
int      `{"type": "integer"}`                             None
double   `{"type": "number"}`                              None
bool     `{"type": "boolean"}`                             None
bytes    `{"type": "string", "contentEncoding": "base64"}` None
list     `{"type": "array", "items": T}`                   T
dict     `{"type": "object", "additionalProperties": T}`   T, the type of every value
map      `{"x-ref": "maps/NAME"}`                          NAME
model    `{"x-ref": "models/CLASS"}` (arguments only)      CLASS
union    `{"anyOf": [T, U…]}`, `{"type": ["a", "b"…]}`     a tuple of T, never null
record   `{"type": "object", "properties": {…}}`           a tuple of (key, T) (arguments only)
======== ================================================= =========================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, field

from bridge.values import value_class

_KINDS = {"null": "null", "string": "string", "integer": "int", "number": "double", "boolean": "bool"}


@value_class
class TypeExpr:
    """
    What a value on the wire looks like.

    Attributes:
        kind: see the module's table.
        item: what a list or dict holds, or what a map or model is called.
        nullable: null may stand in its place.
        present: keys of a map which only stand there because this type asks for them (`x-with`): the message in a reply
            of sendMessage holds `id`, the same message in a history does not.
        const: the only value, or None when any value of the kind will do.
    """

    kind: str
    item: Any = None
    nullable: bool = False
    present: tuple[str, ...] = ()
    const: Any = field(default=None, eq=False)


ANY = TypeExpr("any", nullable=True)
NULL = TypeExpr("null", nullable=True)


def compile_type(schema: Mapping[str, Any]) -> TypeExpr:
    """
    Compile the part of JSON Schema that this project's files use; an unknown form is a `ValueError`.
    """
    if "anyOf" in schema:
        return _union([compile_type(part) for part in schema["anyOf"]])
    if "x-ref" in schema:
        folder, name = schema["x-ref"].split("/", 1)
        return TypeExpr(folder[:-1], name, present=tuple(schema.get("x-with", ())))
    word = schema.get("type")
    if word is None:
        return ANY
    if isinstance(word, list):
        return _union([compile_type({**schema, "type": one}) for one in word])
    if word == "array":
        return TypeExpr("list", compile_type(schema["items"]))
    if word == "object":
        return _object(schema)
    if word == "string" and "contentEncoding" in schema:
        return TypeExpr("bytes")
    if word not in _KINDS:
        raise ValueError(f"no type expression for {schema!r}")
    return NULL if word == "null" else TypeExpr(_KINDS[word], const=schema.get("const"))


def _union(parts: list[TypeExpr]) -> TypeExpr:
    """
    Return the type of what may be any of these: with a null the nullable one, with several a union.
    """
    nullable = any(part.nullable for part in parts)
    kinds = [part for part in parts if part.kind != "null"]
    if len(kinds) == 1:
        one = kinds[0]
        return TypeExpr(one.kind, one.item, nullable, one.present, one.const)
    return TypeExpr("union", tuple(evolve(part, nullable=False) for part in kinds), nullable) if kinds else NULL


def _object(schema: Mapping[str, Any]) -> TypeExpr:
    if "properties" in schema:
        fields = tuple((key, compile_type(part)) for key, part in schema["properties"].items())
        return TypeExpr("record", fields)
    return TypeExpr("dict", compile_type(schema["additionalProperties"]))
