"""
What a server speaks, as an OpenRPC document: the channel's methods of a dialect on a platform, from the catalogue.

Models that apps send and maps that the bridge answers become `components.schemas`, each once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bridge.catalogue import Catalogue, MethodSpec, TypeExpr, load
from bridge.errors import UNANSWERED
from bridge.slices import Slices, at_once

Json = dict[str, Any]

OPENRPC = "1.3.2"

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


def document(dialect: str, platform: str, version: str, control: Iterable[Json]) -> Json:
    """
    Return the document.

    Args:
        version: of the bridge.
        control: the control plane's methods, as OpenRPC method objects.
    """
    return at_once(writing(dialect, platform, version, control))


def writing(dialect: str, platform: str, version: str, control: Iterable[Json]) -> Slices[Json]:
    """Do the same in slices."""
    catalogue = load(dialect)
    writer = _Writer(catalogue, platform)
    channel = []
    for spec in _methods(catalogue, platform):
        channel.append(writer.method(spec))
        yield
    writer.complete()
    yield
    return {
        "openrpc": OPENRPC,
        "info": {
            "title": "timbridge",
            "version": version,
            "description": _about(catalogue, dialect, platform),
            "license": {"name": "MIT"},
        },
        "methods": [*control, *channel],
        "components": {"schemas": dict(sorted(writer.schemas.items()))},
    }


def _about(catalogue: Catalogue, dialect: str, platform: str) -> str:
    if catalogue.channel is None:
        return f"The control plane. The dialect {dialect} has no channel: its functions are called through the native library."
    return f"The native side of the plugin behind the channel {catalogue.channel}, dialect {dialect}, on {platform}."


def _methods(catalogue: Catalogue, platform: str) -> Iterable[MethodSpec]:
    for name in catalogue.method_names:
        spec = catalogue.method(name)
        if spec is not None and platform in spec.platforms and spec.reply(platform).form != "notImplemented":
            yield spec


class _Writer:
    """Writes types as JSON Schema; models and maps that are mentioned are written at the end."""

    def __init__(self, catalogue: Catalogue, platform: str) -> None:
        self._catalogue = catalogue
        self._platform = platform
        self._wanted: list[tuple[str, str]] = []
        self.schemas: Json = {}

    def method(self, spec: MethodSpec) -> Json:
        """Return the method object of a channel method."""
        reply = spec.reply(self._platform)
        shape: Json = {} if reply.type is None else self.of(reply.type)
        if self._answers_in_words(spec):
            shape = {"anyOf": [shape, {"type": "string"}]}
        if reply.form in ("envelope", "void"):
            properties: Json = {"code": {"type": "integer"}, "desc": {"type": ["string", "null"]}}
            if reply.form == "envelope":
                properties["data"] = shape
            shape = {"type": "object", "properties": properties, "required": ["code", "desc"]}
        written: Json = {
            "name": spec.name,
            "summary": f"{spec.manager}; needs {spec.needs}",
            "tags": [{"name": spec.manager}],
            "paramStructure": "by-name",
            "params": [self._param(param) for param in spec.params],
            "result": {"name": "reply", "schema": shape},
        }
        if reply.unanswered or reply.form == "none":
            written["description"] = f"The real plugin gives no answer to this call; the bridge answers the error {UNANSWERED}."
        return written

    def _answers_in_words(self, spec: MethodSpec) -> bool:
        """Return whether the platform answers what others refuse, with a text in the place of data."""
        known = {*self._catalogue.lineage(self._platform)}
        return any(not known.isdisjoint(said) for said in spec.quirks.get("answers", {}).values())

    def _param(self, param: Any) -> Json:
        schema = self.of(param.type)
        if param.has_default and not isinstance(param.default, bytes):
            schema = {**schema, "default": param.default} if "$ref" not in schema else schema
        return {"name": param.key, "required": param.refuses_null is not None and param.required, "schema": schema}

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
            return {"$ref": f"#/components/schemas/{_component(expr.kind, expr.item)}"}
        return {}

    def complete(self) -> None:
        """Write the models and maps that were mentioned, and those that they mention."""
        while self._wanted:
            kind, name = self._wanted.pop()
            component = _component(kind, name)
            if component not in self.schemas:
                self.schemas[component] = {}
                self.schemas[component] = self._map(name) if kind == "map" else self._model(name)
        _unroll(self.schemas)

    def _map(self, name: str) -> Json:
        spec = self._catalogue.map(name)
        keys = spec.keys(self._platform)
        written: Json = {"type": "object", "title": name, "properties": {key.key: self.of(key.type) for key in keys}}
        if not spec.open:
            written["additionalProperties"] = False
        return written

    def _model(self, name: str) -> Json:
        fields = self._catalogue.model(name).fields
        properties = {field.sent: self.of(field.type) for field in fields if field.sent is not None}
        return {"type": "object", "title": name, "properties": properties}


def _unroll(schemas: Json) -> None:
    """
    Put a plain object in the place of each reference that leads back to where it stands.

    Generators that follow references to their ends (that of the OpenRPC project does) never return from a circle.
    """
    for name in sorted(schemas):
        schemas[name] = _cut(schemas[name], name, schemas)


def _cut(value: Any, name: str, schemas: Json) -> Any:
    if isinstance(value, list):
        return [_cut(item, name, schemas) for item in value]
    if not isinstance(value, dict):
        return value
    target = str(value.get("$ref", "")).rpartition("/")[2]
    if target and name in _reached(target, schemas):
        return {"type": "object", "description": f"Again a {target}."}
    return {key: _cut(item, name, schemas) for key, item in value.items()}


def _reached(name: str, schemas: Json) -> set[str]:
    """Return a schema's name, and those of all that it leads to."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += _references(schemas[one])
    return reached


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"].rpartition("/")[2]] if isinstance(value.get("$ref"), str) else []
    return [*own, *(name for item in value.values() for name in _references(item))]


def _component(kind: str, name: str) -> str:
    return f"{kind}.{re.sub(r'[^A-Za-z0-9._-]+', '.', name).strip('.')}"


def control_method(name: str, summary: str, result: str, params: Mapping[str, tuple[str, str, bool]]) -> Json:
    """
    Return the method object of a control method.

    Args:
        params: type (JSON types with "|", or "any"), what it is, whether it is required; by name.
    """
    return {
        "name": name,
        "summary": summary,
        "tags": [{"name": "control plane"}],
        "paramStructure": "by-name",
        "params": [
            {"name": key, "description": what, "required": required, "schema": _control_type(kind)}
            for key, (kind, what, required) in sorted(params.items(), key=lambda one: not one[1][2])
        ],
        "result": {"name": "result", "description": result, "schema": {}},
    }


def _control_type(kind: str) -> Json:
    words = kind.split("|")
    if "any" in words:
        return {}
    items: Json = {"items": {"type": "object"}} if "array" in words else {}  # no method of the control plane takes another list
    return {"type": words[0] if len(words) == 1 else words, **items}
