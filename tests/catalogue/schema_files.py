"""
The schema files, for tests that go through all of them.
"""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from bridge.catalogue import dialects
from bridge.catalogue.overlays import Platforms, whole
from bridge.catalogue.sources import FolderSource

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = ROOT / "schemas"
DIALECTS = dialects()
RECORDED = tuple(name for name in DIALECTS if (ROOT / "fixtures" / "recordings" / f"{name}.calls.jsonl").is_file())
"""The dialects whose real client's calls were written down."""
KINDS = ("methods", "events", "maps", "models", "enums")


def read(path):
    """Return a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def files():
    """Return every schema file but the meta-schemas and the one of world files."""
    return [path for path in sorted(SCHEMAS.rglob("*.json")) if not path.name.endswith(".schema.json")]


METAS = {path.name: read(path) for path in sorted((SCHEMAS / "meta").glob("*.json"))}


def problems(document):
    """Return what a document's meta-schema finds wrong with it."""
    meta = METAS[document["$schema"].rpartition("/")[2]]
    found = Draft202012Validator(meta).iter_errors(document)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def source(dialect):
    """Return the documents of a dialect, from its files."""
    return FolderSource(str(SCHEMAS / dialect))


def documents(dialect, *kinds):
    """Yield (kind, name, document) of a dialect, resolved, with every platform named."""
    found = source(dialect)
    platforms = Platforms(found.dialect["platforms"])
    for kind in kinds or KINDS:
        for name in found.names(kind):
            yield kind, name, whole(found.document(kind, name), platforms)


def worlds():
    """Return every (dialect, platform)."""
    return [(name, platform) for name in DIALECTS for platform in Platforms(source(name).dialect["platforms"]).names]


def references(value):
    """Yield every `x-ref` of a document."""
    if isinstance(value, dict):
        if "x-ref" in value:
            yield value["x-ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)
