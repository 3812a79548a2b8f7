"""
Put into each meta-schema the parts that it shares with others: `python3 tools/gen_meta.py [--check]`.

The parts stand in `schemas/meta/common.schema.json`; a meta-schema says `#/$defs/evidence`, and its copy under `$defs` is written here.
So each is whole by itself: its `$id` is absolute and no address to load from, and a reference to another file would be looked for
beside the `$id`, not beside the file. A part of a meta-schema's own has another name than all common ones.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.draft_schemas import layout  # noqa: E402

META = ROOT / "schemas" / "meta"
COMMON = "common.schema.json"
LOCAL = "#/$defs/"


def references(value: Any) -> Iterator[str]:
    """Yield every `$ref` of a schema."""
    if isinstance(value, list):
        for part in value:
            yield from references(part)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from references(part)


def completed(schema: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """
    Return a meta-schema with copies of all common parts that it, or one of them, refers to, and of no others.

    Args:
        common: the parts, by name.
    """
    own = {name: part for name, part in schema.get("$defs", {}).items() if name not in common}
    wanted: dict[str, Any] = {}
    waiting = [*references({key: part for key, part in schema.items() if key != "$defs"}), *references(own)]
    while waiting:
        name = waiting.pop().removeprefix(LOCAL)
        if name in common and name not in wanted:
            wanted[name] = common[name]
            waiting += references(common[name])
    parts = {**{name: wanted[name] for name in common if name in wanted}, **own}
    rest = {key: part for key, part in schema.items() if key != "$defs"}
    return {**rest, "$defs": parts} if parts else rest


def main(arguments: list[str] | None = None) -> int:
    """Write or check the files; 1 when `--check` finds one out of date."""
    parser = argparse.ArgumentParser(description="Put the parts of common.schema.json into the meta-schemas that refer to them.")
    parser.add_argument("--check", action="store_true", help="Write nothing; fail if a file is out of date.")
    parser.add_argument("--folder", type=Path, default=META, help="Where the meta-schemas are.")
    options = parser.parse_args(arguments)
    common = json.loads((options.folder / COMMON).read_text("utf-8"))["$defs"]
    outdated = []
    for path in sorted(options.folder.glob("*.schema.json")):
        schema = json.loads(path.read_text("utf-8"))
        if path.name != COMMON and completed(schema, common) != schema:
            outdated.append(path.name)
            if not options.check:
                path.write_text(layout(completed(schema, common)) + "\n", encoding="utf-8", newline="\n")
    if outdated and options.check:
        print(f"schemas/meta: {', '.join(outdated)} out of date: run python3 tools/gen_meta.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
