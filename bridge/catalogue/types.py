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
map      `{"$ref": "maps/NAME"}`                           NAME
model    `{"$ref": "models/CLASS"}` (arguments only)       CLASS
record   `{"type": "object", "properties": {…}}`           a tuple of (key, T) (arguments only)
======== ================================================= =========================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

_KINDS = {"null": "null", "string": "string", "integer": "int", "number": "double", "boolean": "bool"}


@frozen
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
        main = compile_type(schema["anyOf"][0])
        return TypeExpr(main.kind, main.item, True, main.present)
    if "$ref" in schema:
        folder, name = schema["$ref"].split("/", 1)
        return TypeExpr(folder[:-1], name, present=tuple(schema.get("x-with", ())))
    word = schema.get("type")
    if word is None:
        return ANY
    nullable = isinstance(word, list)
    if nullable:
        word = word[0]
    if word == "array":
        return TypeExpr("list", compile_type(schema["items"]), nullable)
    if word == "object":
        return _object(schema, nullable)
    if "contentEncoding" in schema:
        return TypeExpr("bytes", nullable=nullable)
    if word not in _KINDS:
        raise ValueError(f"no type expression for {schema!r}")
    return NULL if word == "null" else TypeExpr(_KINDS[word], nullable=nullable, const=schema.get("const"))


def _object(schema: Mapping[str, Any], nullable: bool) -> TypeExpr:
    if "properties" in schema:
        fields = tuple((key, compile_type(part)) for key, part in schema["properties"].items())
        return TypeExpr("record", fields, nullable)
    return TypeExpr("dict", compile_type(schema["additionalProperties"]), nullable)
