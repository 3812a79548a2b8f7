"""
The text of a world file: where in it something stands, and how one is written.

Nothing but the standard library is used here: builds write worlds before anything is installed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,\]}]+', re.DOTALL)


def line_of(text: str, steps: tuple[str | int, ...]) -> int:
    """Return the line (from 1) at which a value stands in a JSON text; of the innermost part of the way that is there."""
    at = _skip(text, 0)
    for step in steps:
        found = _child(text, at, step)
        if found is None:
            break
        at = found
    return text.count("\n", 0, at) + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return at if match is None else match.end()


def _child(text: str, at: int, step: str | int) -> int | None:
    """Return where a member (its key) or an item of the value at `at` begins; None if it has no such part."""
    is_object = text[at] == "{"
    if text[at] not in "{[" or is_object != isinstance(step, str):
        return None
    at, number = _skip(text, at + 1), 0
    while text[at] not in "}]":
        begin = at
        if is_object:
            end = _end(text, at)
            key = json.loads(text[at:end])
            at = _skip(text, _skip(text, end) + 1)
            if key == step:
                return begin if text[at] not in "{[" else at
        elif number == step:
            return at
        number += 1
        at = _skip(text, _end(text, at))
        if text[at] == ",":
            at = _skip(text, at + 1)
    return None


def _end(text: str, at: int) -> int:
    """Return where the value that begins at `at` ends."""
    depth = 0
    while True:
        char = text[at]
        if char in "{[":
            depth, at = depth + 1, at + 1
        elif char in "}]":
            depth, at = depth - 1, at + 1
        elif char in ",: \t\r\n":
            at += 1
        else:
            match = _SCALAR.match(text, at)
            assert match is not None
            at = match.end()
        if not depth:
            return at


# --- writing


def rendered(document: Mapping[str, Any]) -> str:
    """Return the text of a world file: a section per key, a row per line."""
    lines = []
    for name, value in document.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(f"    {_compact(row)}" for row in value)
            lines.append(f"  {_compact(name)}: [\n{rows}\n  ]")
        else:
            lines.append(f"  {_compact(name)}: {_compact(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
