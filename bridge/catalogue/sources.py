"""
Where the documents of a dialect come from: `PackedSource` or `FolderSource`.

An installation has the packed form alone. A checkout has `schemas/` beside `bridge/`, and a packed form only if
someone made one; there an edited file must win over its packed copy. So in a checkout the packed form is used only
while every folder of the dialect is as old as it says (no file came or went), and an entry only while its file has
the time and size it was packed from.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from bridge.catalogue.packing import COMMON, FORMAT, kind_files, name_of

Document = Mapping[str, Any]

PACKED = Path(__file__).parent / "_packed"
SCHEMAS = Path(__file__).parent.parent.parent / "schemas"


class Source(Protocol):
    """
    The documents of one dialect. Kinds are `methods`, `events`, `maps`, `models` and `enums`.
    """

    dialect: Document

    def names(self, kind: str) -> Iterable[str]:
        """Return the names of a kind, sorted."""

    def has(self, kind: str, name: str) -> bool:
        """Tell whether there is such a name."""

    def document(self, kind: str, name: str) -> Document:
        """Return the document of a name; `KeyError` when there is none."""

    def facts(self) -> Mapping[str, list[str]]:
        """Return, by fact, the names of the events that tell of it."""


def _read(path: Path | str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        value: dict[str, Any] = json.load(file)
    return value


class FolderSource:
    """
    The files of a checkout. File names are known at once, a file is read when it is asked for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: dict[str, dict[str, Path]] = {}
        self._facts: dict[str, list[str]] | None = None
        self.dialect: Document = _read(folder / "dialect.json")

    def _of(self, kind: str) -> dict[str, Path]:
        if kind not in self._paths:
            self._paths[kind] = dict(self._named(kind))
        return self._paths[kind]

    def _named(self, kind: str) -> Iterable[tuple[str, Path]]:
        for path in kind_files(self._folder, kind):
            if kind == "events":
                yield f"{path.parent.name}/{path.stem}", path
            elif kind == "maps" and "." in path.stem:
                yield name_of(kind, path, _read(path)), path  # V2TIMUserInfo(sender), V2TIMImageElem.imageList
            else:
                yield path.stem, path

    def names(self, kind: str) -> Iterable[str]:
        """See `Source`."""
        return sorted(self._of(kind))

    def has(self, kind: str, name: str) -> bool:
        """See `Source`."""
        return name in self._of(kind)

    def document(self, kind: str, name: str) -> Document:
        """See `Source`."""
        return _read(self._of(kind)[name])

    def facts(self) -> Mapping[str, list[str]]:
        """See `Source`."""
        if self._facts is None:
            self._facts = {}
            for name in self._of("events"):
                self._facts.setdefault(self.document("events", name)["fact"], []).append(name)
        return self._facts


class PackedSource:
    """
    One data file and its index.

    Args:
        index: the content of `<dialect>.json`.
        data: the path of `<dialect>.data`.
        folder: the dialect's folder in a checkout, None in an installation.
    """

    def __init__(self, index: dict[str, Any], data: Path, folder: Path | None) -> None:
        self._index = index
        self._data = data
        self._folder = folder
        self.dialect: Document = index["dialect"] if folder is None else _read(folder / "dialect.json")

    def names(self, kind: str) -> Iterable[str]:
        """See `Source`."""
        return sorted(self._index[kind])

    def has(self, kind: str, name: str) -> bool:
        """See `Source`."""
        return name in self._index[kind]

    def _edited(self, entry: list[Any]) -> Path | None:
        """
        Return the file that an entry was packed from, if it has changed since.
        """
        if self._folder is None:
            return None
        path = self._folder / entry[2]
        stat = os.stat(path)
        return None if [stat.st_mtime_ns, stat.st_size] == entry[3:] else path

    def document(self, kind: str, name: str) -> Document:
        """See `Source`."""
        entry = self._index[kind][name]
        edited = self._edited(entry)
        if edited is not None:
            return _read(edited)
        with open(self._data, "rb") as file:
            file.seek(entry[0])
            document: Document = json.loads(file.read(entry[1]))
        return document

    def facts(self) -> Mapping[str, list[str]]:
        """See `Source`."""
        facts: dict[str, list[str]] = self._index["facts"]
        if any(self._edited(entry) for entry in self._index["events"].values()):
            facts = {}
            for name in self._index["events"]:
                facts.setdefault(self.document("events", name)["fact"], []).append(name)
        self.facts = lambda: facts  # type: ignore[method-assign]  # decided once
        return facts


def _up_to_date(index: dict[str, Any], folder: Path) -> bool:
    if index["format"] != FORMAT:
        return False
    try:
        return all(os.stat(folder / name).st_mtime_ns == mtime for name, mtime in index["folders"].items())
    except OSError:
        return False


def open_source(dialect: str, packed: Path = PACKED, schemas: Path = SCHEMAS) -> Source:
    """
    Return the documents of a dialect that is there.
    """
    folder = schemas / dialect
    in_checkout = (folder / "dialect.json").is_file()
    try:
        index = _read(packed / f"{dialect}.json")
    except FileNotFoundError:
        return FolderSource(folder)
    if in_checkout and not _up_to_date(index, folder):
        return FolderSource(folder)
    return PackedSource(index, packed / f"{dialect}.data", folder if in_checkout else None)


def dialect_names(packed: Path = PACKED, schemas: Path = SCHEMAS) -> list[str]:
    """
    Return the dialects that there are, the newest plugin first.
    """
    names = {path.parent.name for path in schemas.glob("*/dialect.json")}
    names |= {path.stem for path in packed.glob("*.data")}
    return sorted(path.removesuffix(".data") for path in names)


def common_document(name: str, packed: Path = PACKED, schemas: Path = SCHEMAS) -> Document:
    """
    Return a document that belongs to no dialect, e.g. `errors`.
    """
    path = schemas / f"{name}.json"
    if path.is_file():
        return _read(path)
    document: Document = _read(packed / COMMON)[name]
    return document
