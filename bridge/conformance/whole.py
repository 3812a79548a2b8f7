"""
The schemas of a dialect as a whole, for other tools: what an overlay says is put together with its bases.

`schema` is one JSON Schema of all that crosses the channel on a platform; `documents` are the files of `schemas/` as they would be if the
dialect had no base, with every platform named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridge.catalogue import load
from bridge.catalogue.overlays import Platforms, whole
from bridge.catalogue.packing import KINDS
from bridge.catalogue.sources import open_source
from bridge.conformance import openrpc
from bridge.conformance.shapes import Json, Shapes

DRAFT = "https://json-schema.org/draft/2020-12/schema"
IDS = "urn:timbridge:schemas"


def schema(dialect: str, platform: str) -> Json:
    """
    Return the JSON Schema of a dialect that has a channel: under `$defs` the arguments and the reply of every method, every event, and the
    maps and classes in them.
    """
    catalogue = load(dialect)
    shapes = Shapes(catalogue, platform, "#/$defs/", _type)
    parts: Json = {}
    for spec in openrpc.methods(catalogue, platform):
        parts[_joined(spec.name, "arguments")] = shapes.arguments(spec)
        parts[_joined(spec.name, "reply")] = shapes.reply(spec)
    for event in openrpc.events_of(catalogue, platform):
        parts[_joined(event.listener, event.type)] = {"description": openrpc.event_summary(catalogue, event), **shapes.event(event)}
    shapes.complete()
    return {
        "$schema": DRAFT,
        "$id": f"{IDS}:{dialect}:{platform}",
        "title": f"timbridge {dialect} {platform}",
        "description": openrpc.about(catalogue, dialect, platform),
        "$defs": {**parts, **dict(sorted(shapes.schemas.items()))},
    }


def _joined(*names: str) -> str:
    """Return the name of a type that is of several: createGroup, arguments → CreateGroupArguments."""
    return "".join(f"{name[0].upper()}{name[1:]}" for name in names)


def _type(kind: str, name: str) -> str:
    """Return what a map or a class is called; the classes of arguments differ from maps by more than upper and lower case."""
    joined = _joined(*re.findall(r"[A-Za-z0-9_]+", name))
    return joined if kind == "map" else f"{joined}Argument"


def documents(dialect: str) -> Iterator[tuple[str, Json]]:
    """Yield the dialect's documents with their paths, as they would lie in `schemas/`."""
    source = open_source(dialect)
    platforms = Platforms(source.dialect["platforms"])
    yield "dialect.json", {**source.dialect}
    for kind in KINDS:
        for name in source.names(kind):
            document = whole(source.document(kind, name), platforms)
            yield _path(kind, name, document), document


def _path(kind: str, name: str, document: Json) -> str:
    if kind == name:
        return f"{kind}.json"
    stem = "/".join(re.sub(r"[^A-Za-z0-9_-]+", ".", part).strip(".") for part in name.split("/"))
    return f"{kind}/{document['manager']}/{stem}.json" if kind in ("methods", "functions") else f"{kind}/{stem}.json"
