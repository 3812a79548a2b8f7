import pytest

from bridge.catalogue.types import ANY, NULL, TypeExpr, compile_type
from tests.catalogue.schema_files import DIALECTS, documents


@pytest.mark.parametrize(
    ("schema", "expr"),
    [
        ({}, ANY),
        ({"type": "null"}, NULL),
        ({"type": "string"}, TypeExpr("string")),
        ({"type": ["integer", "null"]}, TypeExpr("int", nullable=True)),
        ({"type": "number"}, TypeExpr("double")),
        ({"type": "boolean"}, TypeExpr("bool")),
        ({"type": "string", "contentEncoding": "base64"}, TypeExpr("bytes")),
        ({"type": "array", "items": {"type": "string"}}, TypeExpr("list", TypeExpr("string"))),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, TypeExpr("dict", TypeExpr("int"))),
        ({"x-ref": "maps/V2TIMMessage", "x-with": ["id"]}, TypeExpr("map", "V2TIMMessage", present=("id",))),
        ({"anyOf": [{"x-ref": "models/X"}, {"type": "null"}]}, TypeExpr("model", "X", nullable=True)),
        (
            {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]},
            TypeExpr("record", (("key", TypeExpr("string")),)),
        ),
    ],
)
def test_schema_forms_compile(schema, expr):
    """Each form of schema becomes its kind of expression."""
    assert expr == compile_type(schema)


def test_constant_is_kept():
    """A constant is part of the expression."""
    assert 1 == compile_type({"type": "integer", "const": 1}).const


def test_unknown_form_is_an_error():
    """A form that nobody handles does not pass for something else."""
    with pytest.raises(ValueError, match="tuple"):
        compile_type({"type": "tuple"})


def _schemas(value):
    """Yield whatever stands where a type belongs."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in ("data", "type") and isinstance(part, dict) and "android" not in part:
                yield part
            else:
                yield from _schemas(part)
    elif isinstance(value, list):
        for part in value:
            yield from _schemas(part)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_type_of_the_schemas_compiles(dialect):
    """No document of a dialect holds a type that the catalogue cannot read."""
    for _, _, document in documents(dialect):
        for schema in _schemas(document):
            if "keys" not in schema and "value" not in schema:
                compile_type(schema)
