"""
Pack `schemas/` into the few files that an installed bridge reads.

One data file holds the documents of all dialects one after the other, those that several dialects share once, and each
dialect has an index: which names there are, and where in the data file each one stands. A dialect with a base is packed
as a whole. Loading a dialect reads the index; a method's entry is read when it is first called.

Stands alone but for `sources.py` and `overlays.py`, which do so, too: a wheel build loads these files by their paths,
before anything of `bridge` can be imported.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 2
KINDS = ("methods", "events", "maps", "models", "enums", "functions", "callbacks", "objects", "numbers")
DATA = "documents.data"
COMMON_NAMES = ("arguments", "clients", "control.schema", "errors", "misuse", "recording.schema", "volatile", "world.schema")
COMMON = "common-{}.json"
"""What a document that belongs to no dialect is packed as, by its name."""
HEAD = ("dialect", "channel", "native", "platforms", "default", "base", "pluginVersions", "initSDK")


def name_of(kind: str, path: Path, document: Any) -> str:
    """
    Return the name under which a schema file is looked up, by what stands in it.
    """
    if kind == "methods":
        return str(document["method"])
    if kind == "events":
        return f"{document['listener']}/{document['type']}"
    if kind == "maps":
        return str(document["map"])
    if kind in ("functions", "callbacks", "objects"):
        return str(document[kind[:-1]])
    return path.stem


def head(dialect: Any) -> dict[str, Any]:
    """
    Return what tells a dialect from others.
    """
    return {key: dialect[key] for key in HEAD if key in dialect}


def pack(schemas: Path, target: Path) -> None:
    """
    Write the packed form of every dialect below `target`, which is made if need be.

    Args:
        schemas: the folder `schemas/` of a checkout.
        target: normally `bridge/catalogue/_packed`.
    """
    from bridge.catalogue.sources import FolderSource

    target.mkdir(parents=True, exist_ok=True)
    data = bytearray()
    places: dict[bytes, int] = {}
    heads = {}
    for folder in sorted(path.parent for path in schemas.glob("*/dialect.json")):
        source = FolderSource(str(folder))
        heads[folder.name] = head(source.dialect)
        (target / f"{folder.name}.json").write_text(_compact(_index(source, schemas, data, places)), encoding="utf-8")
    (target / DATA).write_bytes(data)
    common = {name: json.loads((schemas / f"{name}.json").read_text(encoding="utf-8")) for name in COMMON_NAMES}
    common["rules"] = rules(schemas)
    common["meta"] = metas(schemas)
    files = [str(schemas / name / "dialect.json") for name in heads]
    common["dialects"] = {"files": _stamps(files, schemas), "heads": heads}
    for name, document in common.items():
        (target / COMMON.format(name)).write_text(_compact(document), encoding="utf-8")


def rules(schemas: Path) -> dict[str, Any]:
    """
    Return the rules of every method, `schemas/rules/*.json` in one: `{"methods": {name: [rule…]}}`.
    """
    methods: dict[str, Any] = {}
    for path in sorted((schemas / "rules").glob("*.json")):
        for name, entries in json.loads(path.read_text(encoding="utf-8"))["methods"].items():
            methods.setdefault(name, []).extend(entries)
    return {"methods": dict(sorted(methods.items()))}


def metas(schemas: Path) -> dict[str, Any]:
    """
    Return what the files of `schemas/` keep to, `schemas/meta/*.json` by the names of the files.
    """
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted((schemas / "meta").glob("*.json"))}


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _index(source: Any, schemas: Path, data: bytearray, places: dict[bytes, int]) -> dict[str, Any]:
    files = [os.path.join(folder, "dialect.json") for folder in source.folders]
    index: dict[str, Any] = {"format": FORMAT, "folders": _folders(source.folders, schemas)}
    index["dialect"] = source.dialect
    index["dialectFiles"] = _stamps(files, schemas)
    for kind in KINDS:
        entries = index[kind] = {}
        for name in source.names(kind):
            body = _compact(source.document(kind, name)).encode()
            if body not in places:
                places[body] = len(data)
                data += body
            entries[name] = [places[body], len(body), *_stamps(source.files(kind, name), schemas)]
    index["facts"] = dict(source.facts())
    return index


def _stamps(files: list[str], schemas: Path) -> list[Any]:
    stamps: list[Any] = []
    for path in files:
        stat = os.stat(path)
        stamps += [os.path.relpath(path, schemas).replace(os.sep, "/"), stat.st_mtime_ns, stat.st_size]
    return stamps


def _folders(folders: list[str], schemas: Path) -> dict[str, int]:
    """
    When each folder last gained or lost a file: how a checkout tells that its packed form is out of date.
    """
    found = [top for folder in folders for top, _, _ in os.walk(folder)]
    return {os.path.relpath(path, schemas).replace(os.sep, "/"): os.stat(path).st_mtime_ns for path in sorted(found)}
