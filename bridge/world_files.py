"""
World files: read, explained where they are wrong, laid out; and the worlds that are shipped by name.

What a document means is the business of `bridge.world.persistence`; this is about files, their lines, and `schemas/world.schema.json`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bridge.catalogue.sources import PACKED, common_document
from bridge.errors import BridgeError, did_you_mean, nearest
from bridge.world.persistence import WorldError, shown_path

if TYPE_CHECKING:
    from bridge.world.world import Policy

_HERE = os.path.dirname(os.path.abspath(__file__))
FOLDERS = (os.path.join(os.path.dirname(_HERE), "fixtures", "worlds"), os.path.join(PACKED, "worlds"))
"""Where shipped worlds are: in a checkout, in an installation."""

MAX_VIOLATIONS = 100


def shipped() -> dict[str, str]:
    """Return the path of every shipped world by its name, sorted."""
    found: dict[str, str] = {}
    for folder in reversed(FOLDERS):
        if os.path.isdir(folder):
            found |= {name[:-5]: os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".json")}
    return dict(sorted(found.items()))


def fixture(name: str) -> Any:
    """
    Return the document of a shipped world.

    Raises: BridgeError with the nearest names; a path is none.
    """
    paths = shipped()
    if name not in paths:
        hint = did_you_mean(nearest(name, paths), f"there are {', '.join(paths)}", quoted=True)
        raise BridgeError(f"there is no shipped world {name!r}{hint}")
    return read(paths[name])


def read(path: str) -> Any:
    """
    Return the document in a world file.

    Raises: BridgeError with file and line if it cannot be read or is no JSON.
    """
    return parsed(text_of(path), path)


def text_of(path: str) -> str:
    """Return what stands in a file. Raises BridgeError."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except FileNotFoundError:
        raise BridgeError("there is no such file", file=path) from None
    except OSError as error:
        raise BridgeError(f"cannot be read: {error.strerror}", file=path) from None
    except UnicodeDecodeError as error:
        raise BridgeError(f"is not UTF-8 (byte {error.start})", file=path) from None


def parsed(text: str, path: str) -> Any:
    """Return the value of a JSON text. Raises BridgeError with the line of what is no JSON, or of a key that is there twice."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except _Twice as twice:
        message = f"the key {twice.key!r} is there twice in one object"
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg}"
        raise BridgeError(message, file=path, path=f"line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        message = "is nested too deep"
    raise BridgeError(message, file=path)


class _Twice(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for key in keys if keys.count(key) > 1))
    return found


def load_file(name: str, policy: Policy | None = None) -> Any:
    """
    Return the document that `--world NAME` means: a world file, or the shipped world of that name.

    Args:
        policy: how the service is set up that it is for: where accounts are strict, nobody may be merely mentioned.

    Raises: BridgeError for what cannot be read, is no JSON or no world, with file, path and line.
    """
    shipped_path = shipped().get(name) if not os.path.exists(name) else None
    path = shipped_path or name
    if not os.path.exists(path):
        hint = did_you_mean(nearest(name, shipped()), f"shipped are {', '.join(shipped())}", quoted=True)
        raise BridgeError(f"there is no such file, and no shipped world of that name{hint}", file=name)
    text = text_of(path)
    document = parsed(text, path)
    check(document, path, text, policy)
    return document


def check(document: Any, file: str, text: str, policy: Policy | None = None) -> None:
    """Try a document out. Raises BridgeError with file, path and line."""
    from bridge.world.persistence import fill
    from bridge.world.world import World

    try:
        fill(World(0, policy), document, file)
    except WorldError as error:
        raise placed(error, file, text) from None


def placed(error: WorldError, file: str, text: str) -> BridgeError:
    """Return an error about a document as one about the file that it came from, with the line."""
    line = line_of(text, error.steps)
    where = f"{error.path} (line {line})" if error.path else f"line {line}"
    return BridgeError(error.message, file=file, path=where)


# --- where something stands in a text

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


# --- everything that is wrong


def violations(document: Any) -> list[dict[str, str]]:
    """
    Return all that `schemas/world.schema.json` finds wrong with a document, as {path, message}, at most 100.

    Slow: it asks jsonschema. What only the rules of worlds know (a group that is not there) it does not find.
    """
    from jsonschema import Draft202012Validator

    found: list[dict[str, str]] = []
    for error in Draft202012Validator(common_document("world.schema")).iter_errors(document):
        for one in _innermost(error):
            steps = tuple(one.absolute_path)
            found.extend({"path": shown_path((*steps, *more)), "message": message} for more, message in _said(one))
        if len(found) >= MAX_VIOLATIONS:
            break
    return found[:MAX_VIOLATIONS]


def _innermost(error: Any) -> Iterator[Any]:
    """Yield what is to be said of an error: of several forms, what the one that was meant lacks."""
    meant = [one for one in error.context if one.validator != "type" or len(one.path)] if error.validator == "anyOf" else []
    if not meant:
        yield error
    for one in meant:
        yield from _innermost(one)


_WORDS = {"string": "a string", "integer": "an integer", "number": "a number", "boolean": "true or false", "array": "a list"}


def _said(error: Any) -> list[tuple[tuple[str, ...], str]]:
    """Return (further steps, what is wrong) of one error of jsonschema, in plain words."""
    kind, value = error.validator, error.validator_value
    if kind == "additionalProperties":
        known = error.schema.get("properties", {})
        odd = [key for key in error.instance if key not in known]
        return [((key,), f"is not known here{did_you_mean(nearest(key, known))}") for key in odd]
    if kind == "required":
        return [((), f"{key} is missing") for key in value if key not in error.instance]
    if kind == "type":
        names = [value] if isinstance(value, str) else value
        return [((), f"must be {' or '.join(_WORDS.get(name, f'an {name}') for name in names)}")]
    if kind == "enum":
        return [((), f"is none of {', '.join(map(str, value))}")]
    if kind == "anyOf":
        names = [one.validator_value for one in error.context if one.validator == "type"]
        return [((), f"must be {' or '.join(_WORDS.get(str(name), f'an {name}') for name in names)}")]
    return [((), str(error.message))]


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
