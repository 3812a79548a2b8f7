"""`timbridge schemas`: what crosses the channel, as files for other tools."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from bridge.catalogue import dialects, load, native_dialects
from bridge.cli.options import Option, UsageError, Verb

VERB = Verb(
    "schemas",
    "Writes the schemas of a dialect for code generators, validators and editors, whole, whatever they are an overlay of:\n"
    "for each platform PLATFORM.schema.json (a JSON Schema with the arguments and the reply of every method and every event),\n"
    "PLATFORM.openrpc.json and PLATFORM.asyncapi.json; beside them the project's own files of the dialect, a file per method, event,\n"
    "map and class, as they lie in schemas/; and once what those keep to (meta/), and the schemas of worlds and recordings.",
    (
        Option("--out", "The folder to write into; made if need be.", "DIR", "timbridge-schemas"),
        Option("--dialect", "Only this generation of the plugin.", "NAME", None, (*dialects(), *native_dialects())),
        Option("--platform", "Only this platform.", "NAME"),
    ),
    examples=("timbridge schemas --dialect im-5.0 --out build/schemas",),
)

COMMON = ("control", "recording", "world")


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Write all files, and say where they are."""
    from bridge.catalogue.sources import common_document

    asked = [options["dialect"]] if options["dialect"] else [*dialects(), *native_dialects()]
    only = options["platform"]
    known = dict.fromkeys(platform for dialect in asked for platform in load(dialect).platforms)
    if only not in (None, *known):
        raise UsageError(f"there is no platform {only!r} here; there are {', '.join(known)}")
    common = {f"{name}.schema.json": common_document(f"{name}.schema") for name in COMMON}
    common |= {f"meta/{name}": meta for name, meta in common_document("meta").items()}
    for path, document in common.items():
        _write(options["out"], path, document)
    count = len(common)
    for dialect in asked:
        for path, document in _files(dialect, only):
            _write(options["out"], f"{dialect}/{path}", document)
            count += 1
    print(f"{count} files in {options['out']}")
    return 0


def _files(dialect: str, only: str | None) -> Iterator[tuple[str, Any]]:
    from bridge import __version__
    from bridge.conformance import asyncapi, openrpc, whole
    from bridge.control import rpc

    catalogue = load(dialect)
    for platform in catalogue.platforms if only is None else {only} & set(catalogue.platforms):
        yield f"{platform}.openrpc.json", openrpc.document(dialect, platform, __version__, rpc.described())
        if catalogue.channel is not None:
            yield f"{platform}.schema.json", whole.schema(dialect, platform)
            yield f"{platform}.asyncapi.json", asyncapi.document(dialect, platform, __version__)
    yield from whole.documents(dialect)


def _write(folder: str, path: str, document: Any) -> None:
    whole = os.path.join(folder, *path.split("/"))
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
