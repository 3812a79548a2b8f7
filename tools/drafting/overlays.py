"""
Write a dialect as an overlay: of two documents, the patch that makes one of the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bridge.catalogue.overlays import ADD, REMOVE, SET, patched
from bridge.catalogue.sources import FolderSource, Source

Json = dict[str, Any]

PLACES = {"methods": "methods/{group}/{name}.json", "events": "events/{name}.json", "enums": "enums.json"}


class Same:
    """The class of what stands for no difference."""


SAME = Same()


def difference(base: Any, value: Any, ordered: bool = True) -> Any:
    """
    Return the smallest patch that makes a value of another, `SAME` where they are equal.

    Args:
        ordered: false where the order of rows with keys carries no meaning.
    """
    if base == value:
        return SAME
    if isinstance(base, dict) and isinstance(value, dict):
        found = _of_objects(base, value, ordered)
    elif isinstance(base, list) and isinstance(value, list):
        found = _of_lists(base, value, ordered)
    else:
        found = {SET: value} if value is None or isinstance(value, dict) else value
    return found if _alike(patched(base, found), value, ordered) else {SET: value}


def _of_objects(base: Json, value: Json, ordered: bool) -> Json:
    change: Json = dict.fromkeys(key for key in base if key not in value)
    for key, part in value.items():
        if key in base:
            found = difference(base[key], part, ordered)
            if found is not SAME:
                change[key] = found
        else:
            change[key] = part if patched({}, {key: part}) == {key: part} else {SET: part}
    return change


def _of_lists(base: list[Any], value: list[Any], ordered: bool) -> Any:
    rows = [*base, *value]
    if not rows or not all(isinstance(row, dict) and "key" in row for row in rows):
        change = {REMOVE: [row for row in base if row not in value], ADD: [row for row in value if row not in base]}
        change = {word: some for word, some in change.items() if some}
        return change if change and patched(base, change) == value else value
    by_key, wanted = {row["key"]: row for row in base}, {row["key"]: row for row in value}
    if len(by_key) < len(base) or len(wanted) < len(value):
        return value
    rows_changed = _of_objects(by_key, wanted, ordered)
    for key, part in rows_changed.items():
        if key not in by_key:
            rows_changed[key] = {name: one for name, one in part.items() if name != "key"}
    return rows_changed if _alike(patched(base, rows_changed), value, ordered) else value


def _alike(one: Any, other: Any, ordered: bool) -> bool:
    return bool(one == other) or (not ordered and _sorted(one) == _sorted(other))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(part) for key, part in value.items()}
    if isinstance(value, list):
        parts = [_sorted(part) for part in value]
        keyed = all(isinstance(part, dict) and "key" in part for part in parts)
        return sorted(parts, key=lambda part: str(part["key"])) if keyed else parts
    return value


def overlay_files(base: Source, documents: Mapping[str, Mapping[str, Json]]) -> Iterator[tuple[str, Json]]:
    """
    Yield (path below the dialect's folder, content) of the files that make a dialect out of its base.

    Args:
        base: what the dialect inherits.
        documents: all that the dialect has, whole, by kind and name.
    """
    for kind, whole in documents.items():
        for name, document in sorted(whole.items()):
            place = place_of(kind, name, document)
            depth = "../" * (place.count("/") + 1)
            if not base.has(kind, name):
                yield place, document
                continue
            change = difference(dict(base.document(kind, name)), document, kind not in ("maps", "models"))
            if change is not SAME:
                named = {"map": name} if kind == "maps" and ("(" in name or "." in name) else {}
                yield place, {"$schema": f"{depth}meta/overlay.schema.json", **named, **change}


def place_of(kind: str, name: str, document: Mapping[str, Any]) -> str:
    """
    Return where a document's file stands below its dialect's folder.
    """
    if kind in PLACES:
        return PLACES[kind].format(name=name, group=document.get("manager"))
    return f"{kind}/{name.replace('(', '.').rstrip(')')}.json"


def without(base: Source, documents: Mapping[str, Mapping[str, Json]]) -> Json:
    """
    Return what the base has and the dialect has not, by kind: `without` of dialect.json.
    """
    gone = {kind: [name for name in base.names(kind) if name not in whole] for kind, whole in documents.items()}
    return {kind: names for kind, names in gone.items() if names}


def documents_of(source: FolderSource, kinds: tuple[str, ...]) -> dict[str, dict[str, Json]]:
    """
    Return all that a dialect has, whole, by kind and name.
    """
    return {kind: {name: dict(source.document(kind, name)) for name in source.names(kind)} for kind in kinds}
