"""
Draft `schemas/` from a folder of protocol facts: `python tools/draft_schemas.py --facts DIR [--errors FILE]`.

The project owns the schemas: in a file that exists already, every key keeps its value; only keys that are missing are
added.
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

from tools.drafting import events, methods, shapes  # noqa: E402

Json = dict[str, Any]


def _read(path: Path) -> Json:
    value: Json = json.loads(path.read_text(encoding="utf-8"))
    return value


def keep(owned: Any, drafted: Any) -> Any:
    """
    Return what the project owns, with the drafted keys that it does not have yet.
    """
    if not isinstance(owned, dict) or not isinstance(drafted, dict):
        return owned
    merged = {key: keep(owned[key], value) if key in owned else value for key, value in drafted.items()}
    return merged | {key: value for key, value in owned.items() if key not in drafted}


def drafts(facts: Path) -> Iterator[tuple[str, Json]]:
    """
    Yield (path below the dialect's folder, content) of every file of one dialect.
    """
    said = {name: _read(facts / f"{name}.json") for name in ("methods", "events", "maps", "models", "enums", "accepts")}
    version = said["methods"]["dialect"].split("-")[1]
    dialect = events.dialect_file(said["methods"], said["events"])
    yield "dialect.json", dialect
    for fact in said["methods"]["methods"]:
        yield methods.method_path(fact), methods.method_file(fact, version)
    for kind, listener in said["events"]["listeners"].items():
        shared = dialect["listeners"][kind]["fan_out"] == "shared"
        for event in listener["events"]:
            yield f"events/{kind}/{event['type']}.json", events.event_file(kind, event, version, shared)
    yield from shapes.map_files(said["maps"]["maps"], version).items()
    for model in said["models"]["models"]:
        yield f"models/{model['class']}.json", shapes.model_file(model, said["accepts"], version)
    yield "enums.json", shapes.enums_file(said["enums"])


def layout(value: Any, indent: str = "", room: int = 110) -> str:
    """
    Write JSON for people: whatever fits stays on one line.
    """
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or len(indent) + len(line) <= room:
        return line
    inner = indent + "  "
    if isinstance(value, list):
        parts = [layout(item, inner, room) for item in value]
    else:
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {layout(item, inner, room)}" for key, item in value.items()]
    opening, closing = "[]" if isinstance(value, list) else "{}"
    body = ",\n".join(inner + part for part in parts)
    return f"{opening}\n{body}\n{indent}{closing}"


def _write(path: Path, drafted: Json) -> None:
    content = keep(_read(path), drafted) if path.exists() else drafted
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(layout(content) + "\n", encoding="utf-8")


def main() -> None:
    """
    Draft all dialects below `--facts`, and the error codes.
    """
    parser = argparse.ArgumentParser(description="Draft schemas/ from a folder of protocol facts.")
    parser.add_argument("--facts", type=Path, required=True, help="a folder with one folder per dialect")
    parser.add_argument("--errors", type=Path, help="the error codes (default: ../behaviour/errors.json of the facts)")
    parser.add_argument("--schemas", type=Path, default=ROOT / "schemas", help="where to write")
    options = parser.parse_args()
    for facts in sorted(path.parent for path in options.facts.glob("*/methods.json")):
        own = options.schemas / facts.name / "dialect.json"
        if own.exists() and _read(own).get("base") is not None:
            print(f"{facts.name} is an overlay: change its files by hand", file=sys.stderr)
            continue
        for path, content in drafts(facts):
            _write(options.schemas / facts.name / path, content)
    errors = options.errors or options.facts.parent / "behaviour" / "errors.json"
    if errors.exists():
        _write(options.schemas / "errors.json", shapes.errors_file(_read(errors)))


if __name__ == "__main__":
    main()
