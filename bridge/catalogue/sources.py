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
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from bridge.catalogue.packing import COMMON, FORMAT, rules

Document = Mapping[str, Any]

# Plain strings and os.path: pathlib alone would cost a start 2 to 3 ms.
_HERE = os.path.dirname(os.path.abspath(__file__))
PACKED = os.path.join(_HERE, "_packed")
SCHEMAS = os.path.join(os.path.dirname(os.path.dirname(_HERE)), "schemas")


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


def _read(path: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        value: dict[str, Any] = json.load(file)
    return value


def _files(folder: str) -> Iterator[str]:
    """
    Yield the JSON files right below a folder, in the order of their names.
    """
    for name in sorted(os.listdir(folder)):
        if name.endswith(".json"):
            yield os.path.join(folder, name)


def _stem(path: str) -> str:
    return os.path.basename(path).removesuffix(".json")


class FolderSource:
    """
    The files of a checkout. File names are known at once, a file is read when it is asked for.

    Args:
        folder: `schemas/<dialect>`.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._paths: dict[str, dict[str, str]] = {}
        self._facts: dict[str, list[str]] | None = None
        self.dialect: Document = _read(os.path.join(folder, "dialect.json"))

    def _of(self, kind: str) -> dict[str, str]:
        if kind not in self._paths:
            self._paths[kind] = dict(self._named(kind))
        return self._paths[kind]

    def _named(self, kind: str) -> Iterator[tuple[str, str]]:
        top = os.path.join(self._folder, kind)
        if kind == "enums":
            yield kind, top + ".json"
        elif kind in ("methods", "events"):
            for group in sorted(os.listdir(top)):
                for path in _files(os.path.join(top, group)):
                    yield (f"{group}/{_stem(path)}" if kind == "events" else _stem(path)), path
        else:
            for path in _files(top):
                # A dot in the name of a map's file stands for V2TIMUserInfo(sender) or for V2TIMImageElem.imageList.
                yield (_read(path)["map"] if "." in _stem(path) else _stem(path)), path

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

    def __init__(self, index: dict[str, Any], data: str, folder: str | None) -> None:
        self._index = index
        self._data = data
        self._folder = folder
        self._facts: dict[str, list[str]] | None = None
        self.dialect: Document = index["dialect"] if folder is None else _read(os.path.join(folder, "dialect.json"))

    def names(self, kind: str) -> Iterable[str]:
        """See `Source`."""
        return sorted(self._index[kind])

    def has(self, kind: str, name: str) -> bool:
        """See `Source`."""
        return name in self._index[kind]

    def _edited(self, entry: list[Any]) -> str | None:
        """
        Return the file that an entry was packed from, if it has changed since.
        """
        if self._folder is None:
            return None
        path = os.path.join(self._folder, entry[2])
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
        if self._facts is None:
            self._facts = self._index["facts"]
            if any(self._edited(entry) for entry in self._index["events"].values()):
                self._facts = {}
                for name in self._index["events"]:
                    self._facts.setdefault(self.document("events", name)["fact"], []).append(name)
        return self._facts


def _up_to_date(index: dict[str, Any], folder: str) -> bool:
    if index["format"] != FORMAT:
        return False
    try:
        return all(os.stat(os.path.join(folder, name)).st_mtime_ns == then for name, then in index["folders"].items())
    except OSError:
        return False


def open_source(dialect: str, packed: str = PACKED, schemas: str = SCHEMAS) -> Source:
    """
    Return the documents of a dialect that is there.
    """
    folder = os.path.join(schemas, dialect)
    in_checkout = os.path.isfile(os.path.join(folder, "dialect.json"))
    try:
        index = _read(os.path.join(packed, f"{dialect}.json"))
    except FileNotFoundError:
        return FolderSource(folder)
    if in_checkout and not _up_to_date(index, folder):
        return FolderSource(folder)
    return PackedSource(index, os.path.join(packed, f"{dialect}.data"), folder if in_checkout else None)


def dialect_names(packed: str = PACKED, schemas: str = SCHEMAS) -> list[str]:
    """
    Return the names of all dialects, sorted.
    """
    names = set()
    if os.path.isdir(schemas):
        names |= {name for name in os.listdir(schemas) if os.path.isfile(os.path.join(schemas, name, "dialect.json"))}
    if os.path.isdir(packed):
        names |= {name.removesuffix(".data") for name in os.listdir(packed) if name.endswith(".data")}
    return sorted(names)


def common_document(name: str, packed: str = PACKED, schemas: str = SCHEMAS) -> Document:
    """
    Return a document that belongs to no dialect: `errors`, `world.schema`, or `rules` (of all managers).
    """
    path = os.path.join(schemas, f"{name}.json")
    if os.path.isfile(path):
        return _read(path)
    if name == "rules" and os.path.isdir(os.path.join(schemas, "rules")):
        from pathlib import Path

        return rules(Path(schemas))
    return _read(os.path.join(packed, COMMON.format(name)))
