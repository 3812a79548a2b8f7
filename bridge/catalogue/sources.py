"""
Where the documents of a dialect come from: `PackedSource` or `FolderSource`.

An installation has the packed form alone. A checkout has `schemas/` beside `bridge/`, and a packed form only if
someone made one; there an edited file must win over its packed copy. So in a checkout the packed form is used only
while every folder of the dialect is as old as it says (no file came or went), and an entry only while its files have
the time and size they were packed from. Both give whole documents: a dialect with a base is resolved (`overlays.py`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from bridge.catalogue.overlays import LIKE, OverlayError, inherited, is_overlay, resolved, resolved_dialect
from bridge.catalogue.packing import COMMON, DATA, FORMAT, head, metas, rules

Document = Mapping[str, Any]

# Plain strings and os.path: pathlib alone would cost a start 2 to 3 ms.
_HERE = os.path.dirname(os.path.abspath(__file__))
PACKED = os.path.join(_HERE, "_packed")
SCHEMAS = os.path.join(os.path.dirname(os.path.dirname(_HERE)), "schemas")


FOLDERS = {"meta": metas, "rules": rules}
"""What of the documents that belong to no dialect is a folder in a checkout."""


class Source(Protocol):
    """
    The documents of one dialect. Kinds are `methods`, `events`, `maps`, `models` and `enums`; where there is no channel `functions`,
    `callbacks`, `objects` and `numbers`.
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
        folder: `schemas/<dialect>`; the folder of its base stands beside it.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._paths: dict[str, dict[str, str]] = {}
        self._facts: dict[str, list[str]] | None = None
        own = _read(os.path.join(folder, "dialect.json"))
        base = own.get("base")
        self._base = None if base is None else FolderSource(os.path.join(os.path.dirname(folder), base))
        self._without: dict[str, list[str]] = own.get("without", {})
        self._inherited: dict[str, Any] = own.get("inherited", {})
        self.dialect: Document = resolved_dialect(own, None if self._base is None else self._base.dialect)

    @property
    def folders(self) -> list[str]:
        """Return the folders that the dialect is made of, its own first."""
        return [self._folder, *([] if self._base is None else self._base.folders)]

    def own(self, kind: str) -> dict[str, str]:
        """Return the paths of the dialect's own files of a kind, by name."""
        if kind not in self._paths:
            self._paths[kind] = dict(self._named(kind))
        return self._paths[kind]

    def _named(self, kind: str) -> Iterator[tuple[str, str]]:
        top = os.path.join(self._folder, kind)
        if kind in ("enums", "numbers"):
            if os.path.isfile(top + ".json"):
                yield kind, top + ".json"
        elif not os.path.isdir(top):
            return
        elif kind in ("methods", "events", "functions"):
            for group in sorted(os.listdir(top)):
                for path in _files(os.path.join(top, group)):
                    yield (f"{group}/{_stem(path)}" if kind == "events" else _stem(path)), path
        else:
            for path in _files(top):
                # A dot in the name of a map's file stands for V2TIMUserInfo(sender) or for V2TIMImageElem.imageList.
                yield (_read(path)["map"] if "." in _stem(path) else _stem(path)), path

    def names(self, kind: str) -> Iterable[str]:
        """See `Source`."""
        found = set(self.own(kind))
        if self._base is not None:
            found |= set(self._base.names(kind)) - set(self._without.get(kind, ()))
        return sorted(found)

    def has(self, kind: str, name: str) -> bool:
        """See `Source`."""
        return name in self.own(kind) or self._inherits(kind, name)

    def _inherits(self, kind: str, name: str) -> bool:
        return self._base is not None and name not in self._without.get(kind, ()) and self._base.has(kind, name)

    def document(self, kind: str, name: str) -> Document:
        """See `Source`."""
        path = self.own(kind).get(name)
        if path is None:
            if not self._inherits(kind, name):
                raise KeyError(name)
            return self._of_base(kind, name)
        own = _read(path)
        return resolved(own, lambda other: self._of_base(kind, name if other is None else other)) if is_overlay(own) else own

    def _of_base(self, kind: str, name: str) -> Document:
        if self._base is None:
            raise OverlayError(f"{self._folder} changes {kind}/{name} and has no base")
        return inherited(self._base.document(kind, name), self._inherited)

    def files(self, kind: str, name: str) -> list[str]:
        """Return the paths of the files that a document is made of, the dialect's own first."""
        path = self.own(kind).get(name)
        found = [] if path is None else [path]
        if path is not None:
            own = _read(path)
            if not is_overlay(own):
                return found
            name = own.get(LIKE) or name
        return found if self._base is None else [*found, *self._base.files(kind, name)]

    def facts(self) -> Mapping[str, list[str]]:
        """See `Source`."""
        if self._facts is None:
            self._facts = {}
            for name in self.names("events"):
                self._facts.setdefault(self.document("events", name)["fact"], []).append(name)
        return self._facts


class PackedSource:
    """
    The data file of all dialects and the index of one.

    Args:
        index: the content of `<dialect>.json`.
        data: the path of the data file.
        schemas: the folder `schemas/` of a checkout, None in an installation.
    """

    def __init__(self, index: dict[str, Any], data: str, schemas: str | None) -> None:
        self._index = index
        self._data = data
        self._schemas = schemas
        self._facts: Mapping[str, list[str]] | None = None
        self._folder: FolderSource | None = None
        self.dialect: Document = index["dialect"]
        if self._edited(index["dialectFiles"]):
            self.dialect = self._files().dialect

    def names(self, kind: str) -> Iterable[str]:
        """See `Source`."""
        return sorted(self._index[kind])

    def has(self, kind: str, name: str) -> bool:
        """See `Source`."""
        return name in self._index[kind]

    def _files(self) -> FolderSource:
        if self._folder is None:
            assert self._schemas is not None
            self._folder = FolderSource(os.path.join(self._schemas, self._index["dialect"]["dialect"]))
        return self._folder

    def _edited(self, files: list[Any]) -> bool:
        """
        Tell whether one of the files that something was packed from has changed since.
        """
        return self._schemas is not None and _changed(files, self._schemas)

    def document(self, kind: str, name: str) -> Document:
        """See `Source`."""
        start, length, *files = self._index[kind][name]
        if self._edited(files):
            return self._files().document(kind, name)
        with open(self._data, "rb") as file:
            file.seek(start)
            document: Document = json.loads(file.read(length))
        return document

    def facts(self) -> Mapping[str, list[str]]:
        """See `Source`."""
        if self._facts is None:
            edited = any(self._edited(entry[2:]) for entry in self._index["events"].values())
            packed: Mapping[str, list[str]] = self._index["facts"]
            self._facts = self._files().facts() if edited else packed
        return self._facts


def _up_to_date(index: dict[str, Any], schemas: str) -> bool:
    if index["format"] != FORMAT:
        return False
    try:
        return all(os.stat(os.path.join(schemas, name)).st_mtime_ns == then for name, then in index["folders"].items())
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
    if in_checkout and not _up_to_date(index, schemas):
        return FolderSource(folder)
    return PackedSource(index, os.path.join(packed, DATA), schemas if in_checkout else None)


def dialect_names(packed: str = PACKED, schemas: str = SCHEMAS) -> list[str]:
    """
    Return the names of all dialects, sorted.
    """
    names = set()
    if os.path.isdir(schemas):
        names |= {name for name in os.listdir(schemas) if os.path.isfile(os.path.join(schemas, name, "dialect.json"))}
    elif os.path.isfile(os.path.join(packed, COMMON.format("dialects"))):
        names |= set(_read(os.path.join(packed, COMMON.format("dialects")))["heads"])
    return sorted(names)


def _packed_heads(packed: str, schemas: str) -> dict[str, Document] | None:
    """
    Return the packed heads while they are true: in a checkout, while no dialect.json has come, gone or changed.
    """
    try:
        said = _read(os.path.join(packed, COMMON.format("dialects")))
    except FileNotFoundError:
        return None
    heads: dict[str, Document] = said["heads"]
    if not os.path.isdir(schemas):
        return heads
    is_true = set(dialect_names(packed, schemas)) == set(heads) and not _changed(said["files"], schemas)
    return heads if is_true else None


def _changed(files: list[Any], schemas: str) -> bool:
    """
    Tell whether one of some files (path, time and size of each) is not any more what it was.
    """
    for at in range(0, len(files), 3):
        stat = os.stat(os.path.join(schemas, files[at]))
        if [stat.st_mtime_ns, stat.st_size] != files[at + 1 : at + 3]:
            return True
    return False


def dialect_heads(packed: str = PACKED, schemas: str = SCHEMAS) -> dict[str, Document]:
    """
    Return what tells dialects apart (`packing.HEAD`), by name: the default one first, then the newest native client first.
    """
    heads = _packed_heads(packed, schemas)
    if heads is None:
        heads = {name: head(FolderSource(os.path.join(schemas, name)).dialect) for name in dialect_names(packed, schemas)}
    by_name = sorted(heads.items(), reverse=True)  # of two over the same client the later name is the newer one
    return dict(sorted(by_name, key=lambda item: (not item[1].get("default"), -item[1]["native"]["number"])))


def common_document(name: str, packed: str = PACKED, schemas: str = SCHEMAS) -> Document:
    """
    Return a document that belongs to no dialect: `errors`, `world.schema`, `rules` (of all managers), `meta` (by file)…
    """
    path = os.path.join(schemas, f"{name}.json")
    if os.path.isfile(path):
        return _read(path)
    if name in FOLDERS and os.path.isdir(os.path.join(schemas, name)):
        from pathlib import Path

        return FOLDERS[name](Path(schemas))
    return _read(os.path.join(packed, COMMON.format(name)))
