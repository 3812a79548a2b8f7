"""
Draft `schemas/native-8.9/` from a folder of facts about the plugin that calls native code: `python tools/draft_native.py --facts DIR`.

Unlike `draft_schemas.py` it writes whole files: what is decided about them stands in `tools/drafting/native_choices.py`.
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

from bridge.catalogue import load  # noqa: E402
from tools.draft_schemas import layout  # noqa: E402
from tools.drafting import native, native_choices  # noqa: E402

Json = dict[str, Any]


def drafts(facts: Path) -> Iterator[tuple[str, Json]]:
    """Yield (path below the dialect's folder, content) of every file."""
    said = {name: json.loads((facts / f"{name}.json").read_text("utf-8")) for name in ("functions", "methods", "models", "events")}
    yield "dialect.json", native_choices.DIALECT
    yield "numbers.json", {"$schema": "../meta/numbers.schema.json", "numbers": native_choices.NUMBERS}
    yield from native.objects(said["models"])
    yield from native.functions(said["functions"], said["methods"], said["events"], load("chat-8.4"))
    yield from native.callbacks(said["events"])


def main() -> None:
    """Draft all files of the dialect."""
    parser = argparse.ArgumentParser(description="Draft schemas/native-8.9 from a folder of protocol facts.")
    parser.add_argument("--facts", type=Path, required=True, help="the folder of the generation's facts")
    parser.add_argument("--schemas", type=Path, default=ROOT / "schemas", help="where to write")
    options = parser.parse_args()
    for path, content in drafts(options.facts):
        target = options.schemas / native_choices.DIALECT["dialect"] / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(layout(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
