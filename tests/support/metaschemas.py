"""The official meta-schemas of the documents that the bridge writes, as they lie in `fixtures/meta/`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

FOLDER = Path(__file__).parent.parent.parent / "fixtures" / "meta"
PLACES = ("https://meta.json-schema.tools", "https://meta.json-schema.tools/")
"""Where OpenRPC's looks for what a schema is."""


@cache
def _validator(name: str) -> Any:
    schemas = {path.name: _draft7(json.loads(path.read_text("utf-8"))) for path in FOLDER.glob("*.json")}
    resources = [(place, DRAFT7.create_resource(schemas["json-schema-tools.json"])) for place in PLACES]
    return Draft7Validator(schemas[name], registry=Registry().with_resources(resources))


def _draft7(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema as one of draft 7, which it is, whatever its own meta-schema is called."""
    return {**schema, "$schema": Draft7Validator.META_SCHEMA["$schema"]}


def problems(name: str, document: Any) -> list[str]:
    """Return what a meta-schema (`openrpc-1.3.json`) finds wrong with a document, the first ten."""
    found = _validator(name).iter_errors(document)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error, _ in zip(found, range(10), strict=False)]
