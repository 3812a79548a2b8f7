"""
Wire type words of the facts (`list<map:V2TIMMessage>`, `String|null`) and Dart type words as JSON Schema.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_SCALARS: dict[str, Schema] = {
    "String": {"type": "string"},
    "int": {"type": "integer"},
    "double": {"type": "number"},
    "num": {"type": "number"},
    "bool": {"type": "boolean"},
    "bytes": {"type": "string", "contentEncoding": "base64"},
    "Uint8List": {"type": "string", "contentEncoding": "base64"},
    "null": {"type": "null"},
    "void": {"type": "null"},
    "any": {},
    "dynamic": {},
    "Object": {},
    "T": {},
    # The index does not go on the wire for this one, the role number does.
    "GroupMemberRoleTypeEnum": {"type": "integer"},
}


def nullable(schema: Schema) -> Schema:
    """
    Return the schema that also takes null.
    """
    if not schema or schema.get("type") == "null":
        return schema
    if "x-ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _inside(word: str) -> str:
    return word[word.index("<") + 1 : -1].strip()


def _value_type(pair: str) -> str:
    return pair.split(",", 1)[1].strip()


def wire_schema(word: str, refs: str = "maps") -> Schema:
    """
    Read a wire type word.

    Args:
        word: e.g. `list<V2TIMMessage>`, `map<String,int>`, `map:CreatedMessage`.
        refs: the folder that a bare class name refers to, `maps` or `models`.
    """
    word = word.strip()
    if word.endswith("|null"):
        return nullable(wire_schema(word.removesuffix("|null"), refs))
    if word in _SCALARS:
        return dict(_SCALARS[word])
    if word.startswith("list<"):
        return {"type": "array", "items": wire_schema(_inside(word), refs)}
    if word.startswith("map<"):
        return {"type": "object", "additionalProperties": wire_schema(_value_type(_inside(word)), refs)}
    if word.startswith("map{"):
        return _inline(word[4:-1])
    return {"x-ref": f"{refs}/{word.removeprefix('map:')}"}


def _inline(pairs: str) -> Schema:
    properties = dict(pair.split(":") for pair in pairs.split(","))
    return {
        "type": "object",
        "properties": {key: wire_schema(word) for key, word in properties.items()},
        "required": list(properties),
    }


def dart_schema(word: str) -> Schema:
    """
    Read a Dart type word of a model's field; class names refer to `models/`.
    """
    if word.endswith("?"):
        return nullable(dart_schema(word[:-1]))
    if word in _SCALARS:
        return dict(_SCALARS[word])
    if word.startswith("List<"):
        return {"type": "array", "items": dart_schema(_inside(word))}
    if word.startswith("Map<"):
        return {"type": "object", "additionalProperties": dart_schema(_value_type(_inside(word)))}
    return {"x-ref": f"models/{word}"}
