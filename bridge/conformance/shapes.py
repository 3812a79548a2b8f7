"""
What crosses the channel, as JSON Schema: types, replies, events, and the maps and classes that they mention.

For documents that others read (`openrpc.py`, `asyncapi.py`, `whole.py`); each says where such parts stand in it (`#/components/schemas/`,
`#/$defs/`) and collects those that were mentioned.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from attrs import evolve

from bridge.catalogue import Catalogue, EventSpec, MethodSpec, Param, ReplySpec, TypeExpr, words

Json = dict[str, Any]

SIMPLE: dict[str, Json] = {
    "null": {"type": "null"},
    "string": {"type": "string"},
    "int": {"type": "integer"},
    "double": {"type": "number"},
    "bool": {"type": "boolean"},
    "bytes": {
        "type": "object",
        "required": ["$bytes"],
        "additionalProperties": {"type": "string", "contentEncoding": "base64"},
        "maxProperties": 1,
    },
}
"""(An object of the one key `$bytes` is bytes on our wires, in this document, too: so none is written for its properties.)"""

ANYTHING: Json = {"type": ["string", "number", "boolean", "object", "null"]}
"""What stands in a list of whatever an app puts there; generators want a word on it."""


SUCCESS: Json = {"properties": {"code": {"const": 0}}}


class Shapes:
    """
    Writes types as JSON Schema; models and maps that are mentioned are written at the end.

    Args:
        place: where they stand in the document, as references begin.
        name: what a map or class is called there.

    Attributes:
        schemas: them, by name, once `complete` has been called.
    """

    def __init__(self, catalogue: Catalogue, platform: str, place: str, name: Callable[[str, str], str] | None = None) -> None:
        self._catalogue = catalogue
        self._platform = platform
        self._place = place
        self._name = name or component
        self._leaves_out_null = bool(catalogue.trait(platform, "leavesOutNull"))
        self._wanted: list[tuple[str, str]] = []
        self.schemas: Json = {}

    def of(self, expr: TypeExpr) -> Json:
        """Return the schema of a type."""
        schema = self._plain(expr)
        if not expr.nullable or not schema or expr.kind == "null":
            return schema
        return {"anyOf": [schema, {"type": "null"}]}

    def _plain(self, expr: TypeExpr) -> Json:
        if expr.const is not None:
            return {"const": expr.const}
        if expr.kind == "union":
            return {"anyOf": [self.of(part) for part in expr.item]}
        if expr.kind in SIMPLE:
            return dict(SIMPLE[expr.kind])
        if expr.kind == "list":
            return {"type": "array", "items": self.of(expr.item) or ANYTHING}
        if expr.kind == "dict":
            return {"type": "object", "additionalProperties": self.of(expr.item)}
        if expr.kind == "record":
            return {"type": "object", "properties": {key: self.of(part) for key, part in expr.item}}
        if expr.kind in ("map", "model"):
            self._wanted.append((expr.kind, expr.item))
            reference = {"$ref": self._place + self._name(expr.kind, expr.item)}
            return {"allOf": [reference, {"required": list(expr.present)}]} if expr.present else reference
        return {}

    def complete(self) -> None:
        """Write the models and maps that were mentioned, and those that they mention."""
        while self._wanted:
            kind, name = self._wanted.pop()
            written = self._name(kind, name)
            if written not in self.schemas:
                self.schemas[written] = {}
                self.schemas[written] = self._map(name) if kind == "map" else self._model(name)

    def _map(self, name: str) -> Json:
        spec = self._catalogue.map(name)
        keys = spec.keys(self._platform)
        properties: Json = {}
        for key in keys:
            properties[key.key] = self.of(key.type)
            if key.as_null and not key.type.nullable:
                properties[key.key] = {"anyOf": [properties[key.key], {"type": "null"}]}
            if key.conditional:
                properties[key.key] = {"description": f"There {key.conditional}.", **properties[key.key]}
        always = [key.key for key in keys if not (key.conditional or key.on_request or self._may_go(key.type, key.as_null))]
        written: Json = {"type": "object", "title": name, "properties": properties}
        if always:
            written["required"] = always
        if not spec.open:
            written["additionalProperties"] = False
        return written

    def _may_go(self, expr: TypeExpr, as_null: bool) -> bool:
        """Return whether a key may be left out because its value is null."""
        return self._leaves_out_null and expr.nullable and not as_null

    def _model(self, name: str) -> Json:
        fields = self._catalogue.model(name).fields
        properties = {field.sent: self.of(field.type) for field in fields if field.sent is not None}
        return {"type": "object", "title": name, "properties": properties}

    # --- calls and events

    def argument(self, param: Param) -> Json:
        """Return the schema of an argument, with its default."""
        schema = self.of(param.type)
        if param.has_default and not isinstance(param.default, bytes):
            schema = {**schema, "default": param.default} if "$ref" not in schema else schema
        return schema

    def arguments(self, spec: MethodSpec) -> Json:
        """Return the schema of all arguments of a method, as they cross the channel."""
        properties = {
            param.key: {"description": words.described(spec.name, param), **self.argument(param)} for param in spec.params
        }
        needed = [param.key for param in spec.params if param.required]
        written: Json = {"type": "object", "properties": {"TIMManagerName": {"const": spec.manager}, **properties}}
        return {**written, "required": needed} if needed else written

    def reply(self, spec: MethodSpec) -> Json:
        """Return the schema of what a method answers on the platform: an envelope, as a rule."""
        reply = spec.reply(self._platform)
        shape: Json = {} if reply.type is None else self.of(reply.type)
        if self._answers_in_words(spec):
            shape = {"anyOf": [shape, {"type": "string"}]}
        if reply.form == "bare":
            return {"anyOf": [shape, _envelope({})]}
        if reply.form not in ("envelope", "void"):
            return shape
        left = self._left_behind(spec, reply, shape)
        if reply.form == "void":
            return _envelope({} if left is None else {"data": left})
        if left is None or not shape or left == shape:
            return {**_envelope({"data": shape}), "if": SUCCESS, "then": {"required": ["data"]}}
        both = {"anyOf": [shape, *(part for part in left.get("anyOf", [left]) if part != shape)]}
        return {**_envelope({"data": both}), "if": SUCCESS, "then": {"properties": {"data": shape}, "required": ["data"]}}

    def _left_behind(self, spec: MethodSpec, reply: ReplySpec, shape: Json) -> Json | None:
        """Return the schema of the data of a refusal; None where it has none, as a rule."""
        envelope = self._catalogue.trait(self._platform, "envelope") or {}
        known = {*self._catalogue.lineage(self._platform)}
        null = bool(envelope.get("refusalData")) or not known.isdisjoint(spec.quirks.get("refusesWithNull", ()))
        if not spec.error_carries_data or reply.type is None:
            return SIMPLE["null"] if null else None
        lacks = {key for name, keys in spec.quirks.get("failureWithout", {}).items() if name in known for key in keys}
        if lacks & {*reply.type.present}:
            shape = self.of(evolve(reply.type, present=tuple(key for key in reply.type.present if key not in lacks)))
        return {"anyOf": [shape, SIMPLE["null"]]}

    def _answers_in_words(self, spec: MethodSpec) -> bool:
        """Return whether the platform answers what others refuse, with a text in the place of data."""
        known = {*self._catalogue.lineage(self._platform)}
        return any(not known.isdisjoint(said) for said in spec.quirks.get("answers", {}).values())

    def event(self, spec: EventSpec) -> Json:
        """Return the schema of an event's arguments: {type, data, listenerUuid, …}."""
        pieces = spec.data(self._platform)
        properties: Json = {
            "type": {"const": spec.type},
            "data": self._data(spec),
            "listenerUuid": {"type": "string", "description": "Whose it is; empty where one serves all listeners of the kind."},
        }
        if not self._catalogue.trait(self._platform, "namesNoListener"):
            properties["method"] = {"const": spec.listener}
        needed = [key for key in properties if key != "data" or pieces or not self._leaves_out_null]
        return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}

    def _data(self, spec: EventSpec) -> Json:
        pieces = spec.data(self._platform)
        if not pieces:
            return {"type": "null"}
        if pieces[0].key is None:
            return self.of(pieces[0].type)
        properties = {str(piece.key): self.of(piece.type) for piece in pieces}
        for piece in pieces:
            if piece.as_null and not piece.type.nullable:
                properties[str(piece.key)] = {"anyOf": [properties[str(piece.key)], {"type": "null"}]}
        needed = [str(piece.key) for piece in pieces if not (self._leaves_out_null and not piece.as_null)]
        written: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**written, "required": needed} if needed else written


def component(kind: str, name: str) -> str:
    """Return what a map or a class is called in a document."""
    return f"{kind}.{re.sub(r'[^A-Za-z0-9._-]+', '.', name).strip('.')}"


def _envelope(more: Json) -> Json:
    """Return the schema of {code, desc} and more."""
    properties: Json = {"code": {"type": "integer", "description": "0, or why it was refused."}, "desc": {"type": "string"}, **more}
    return {"type": "object", "properties": properties, "required": ["code", "desc"]}
