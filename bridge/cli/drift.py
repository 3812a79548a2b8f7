"""`timbridge drift`: what does an installed plugin say, and what do our schemas say otherwise?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bridge.catalogue import dialects, load, native_dialects
from bridge.cli.options import Option, Verb
from bridge.conformance.drift import drafting, nearest, packages, reading
from bridge.conformance.drift.facts import Said
from bridge.conformance.drift.findings import Comparison, by_kind

VERB = Verb(
    "drift",
    "Reads the sources of an installed plugin (a folder of pub's cache) and tells what the schemas lack, have too much or say\n"
    "otherwise: calls, their arguments, classes and their keys, events, what the adapters take and tell; of a plugin without a channel\n"
    "the functions, callbacks and keys of its native library. Needs the grammars: pip install 'timbridge[drift]'.\n"
    "Exit status: 0 nothing differs, 1 something does, 2 there is no plugin, or it cannot be read.",
    (
        Option(
            "--dialect", "Hold it against this one; the nearest if not given.", "NAME", None, (*dialects(), *native_dialects())
        ),
        Option("--interface", "The folder of its platform interface, where that is not beside it (plugins before 8.0).", "DIR"),
        Option("--write", "Draft the overlay that makes up for what differs, below this folder.", "DIR"),
        Option("--name", "What the drafted dialect is called.", "NAME"),
        Option("--json", "Print one JSON object, for machines."),
    ),
    "PLUGIN_DIR",
    1,
    1,
    examples=(
        "timbridge drift ~/.pub-cache/hosted/pub.dev/tencent_cloud_chat_sdk-8.2.6325+1",
        "timbridge drift PLUGIN_DIR --dialect im-5.0 --json",
        "timbridge drift PLUGIN_DIR --write schemas",
    ),
)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Compare. Returns 0 if nothing differs, else 1."""
    beside = options["interface"]
    said = reading.read(packages.find(Path(arguments[0]), None if beside is None else Path(beside)))
    ranking = nearest.ranked(said)
    asked = options["dialect"]
    found = ranking[0] if asked is None else nearest.compare(said, load(asked))
    if options["json"]:
        print(json.dumps(as_json(said, found, ranking), ensure_ascii=False))
    else:
        print("\n".join(lines(said, found, ranking, asked)))
    if options["write"] is not None:
        name = options["name"] or drafting.dialect_name(found.dialect, said.version)
        written = drafting.write(Path(options["write"]), name, said, found, load(found.dialect))
        if not options["json"]:
            print(f"drafted: {written[0].parent} ({len(written)} files); its base {found.dialect} belongs beside it")
    return 1 if found.findings else 0


def as_json(said: Said, found: Comparison, ranking: list[Comparison]) -> dict[str, Any]:
    """Return the result as JSON values."""
    catalogue = load(found.dialect)
    return {
        "package": said.package,
        "version": said.version,
        "channel": said.channel,
        "dialect": found.dialect,
        "ranking": [{"dialect": one.dialect, "statements": one.statements, "differences": len(one.findings)} for one in ranking],
        "findings": [{**one._asdict(), "note": nearest.explained(one, catalogue)} for one in found.findings],
        "unread": said.unread,
    }


def lines(said: Said, found: Comparison, ranking: list[Comparison], asked: str | None) -> Iterator[str]:
    """Yield the result for people."""
    yield f"{said.package} {said.version}: {', '.join(_read(said))}"
    named = nearest.names_version(load(ranking[0].dialect), said.version)
    sure = f", and its list of versions names {said.version}" if named else ""
    yield f"nearest: {_line(ranking[0])}{sure}"
    if len(ranking) > 1:
        yield f"then: {_line(ranking[1])}"
    if asked is not None:
        yield f"asked for: {_line(found)}"
    for heading, rows in by_kind(found.findings):
        yield f"\n{heading}: {len(rows)}"
        for one in rows:
            note = nearest.explained(one, load(found.dialect))
            yield f"  {one}" + (f"\n    the schemas note: {note}" if note else "")
    if said.unread:
        yield "\nNot read"
        yield from (f"  {one}" for one in said.unread)
    yield f"\n{len(found.findings)} differences"


def _line(one: Comparison) -> str:
    return f"{one.dialect} ({one.statements - len(one.findings)} of {one.statements} statements are the same, {one.share:.1%})"


def _read(said: Said) -> Iterator[str]:
    """Yield how much was read of each kind."""
    for count, what in (
        (len(said.calls), "calls"),
        (len(said.functions), "functions of a library"),
        (len(said.callbacks), "callbacks"),
        (len(said.models), "classes"),
        (len(said.events), "events"),
        *((len(one.handlers), f"functions on {one.platform}") for one in said.adapters.values()),
    ):
        if count:
            yield f"{count} {what}"
