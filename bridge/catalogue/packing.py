"""
Pack `schemas/` into the few files that an installed bridge reads.

Per dialect one data file, which holds the schema files one after the other, and one index: which names there are, and
where in the data file each one stands. Loading a dialect reads the index; a method's entry is read when it is first
called.

Stands alone: a wheel build loads this file by its path, before anything of `bridge` can be imported.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
KINDS = ("methods", "events", "maps", "models", "enums")
COMMON_NAMES = ("clients", "errors", "volatile", "world.schema")
COMMON = "common-{}.json"
"""What a document that belongs to no dialect is packed as, by its name."""


def name_of(kind: str, path: Path, document: dict[str, Any]) -> str:
    """
    Return the name under which a schema file is looked up.
    """
    if kind == "methods":
        return str(document["method"])
    if kind == "events":
        return f"{document['listener']}/{document['type']}"
    if kind == "maps":
        return str(document["map"])
    return path.stem


def kind_files(folder: Path, kind: str) -> list[Path]:
    """
    Return the files of a kind below a dialect's folder, in a fixed order.
    """
    if kind == "enums":
        return [folder / "enums.json"]
    return sorted((folder / kind).rglob("*.json"))


def pack(schemas: Path, target: Path) -> None:
    """
    Write the packed form of every dialect below `target`, which is made if need be.

    Args:
        schemas: the folder `schemas/` of a checkout.
        target: normally `bridge/catalogue/_packed`.
    """
    target.mkdir(parents=True, exist_ok=True)
    for folder in sorted(path.parent for path in schemas.glob("*/dialect.json")):
        index, data = _pack_dialect(folder)
        (target / f"{folder.name}.data").write_bytes(data)
        (target / f"{folder.name}.json").write_text(_compact(index), encoding="utf-8")
    common = {name: json.loads((schemas / f"{name}.json").read_text(encoding="utf-8")) for name in COMMON_NAMES}
    common["rules"] = rules(schemas)
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


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pack_dialect(folder: Path) -> tuple[dict[str, Any], bytes]:
    data = bytearray()
    index: dict[str, Any] = {"format": FORMAT, "folders": _folders(folder)}
    index["dialect"] = json.loads((folder / "dialect.json").read_text(encoding="utf-8"))
    facts: dict[str, list[str]] = {}
    for kind in KINDS:
        entries = index[kind] = {}
        for path in kind_files(folder, kind):
            document = json.loads(path.read_text(encoding="utf-8"))
            name = name_of(kind, path, document)
            body = _compact(document).encode()
            stat = path.stat()
            entries[name] = [len(data), len(body), path.relative_to(folder).as_posix(), stat.st_mtime_ns, stat.st_size]
            data += body
            if kind == "events":
                facts.setdefault(document["fact"], []).append(name)
    index["facts"] = facts
    return index, bytes(data)


def _folders(folder: Path) -> dict[str, int]:
    """
    When each folder last gained or lost a file: how a checkout tells that its packed form is out of date.
    """
    folders = sorted(path for path in folder.rglob("*") if path.is_dir())
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folders}
