"""
World files: read, explained where they are wrong, laid out; and the worlds that are shipped by name.

What a document means is the business of `bridge.world.documents.persistence`; this is about files, their lines, and
`schemas/world.schema.json`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from bridge import garbage
from bridge.catalogue.sources import PACKED, common_document
from bridge.errors import BridgeError, did_you_mean, nearest
from bridge.slices import Slices, at_once, imported
from bridge.values import value_class
from bridge.world.documents.persistence import WorldError, fill, shown_path
from bridge.world_text import line_of, rendered

if TYPE_CHECKING:
    from bridge.world.kernel.world import World

_HERE = os.path.dirname(os.path.abspath(__file__))
_CHECKOUT = os.path.dirname(_HERE)
FOLDERS = (os.path.join(_CHECKOUT, "fixtures", "worlds"), os.path.join(PACKED, "worlds"))
"""Where shipped worlds are: in a checkout, in an installation."""

MAKERS = {"large": os.path.join(_CHECKOUT, "tools", "make_world.py")}
"""By name, the tool whose `make()` returns a shipped world: a checkout has the tool, an installation what it made."""

MAX_VIOLATIONS = 100


def shipped() -> dict[str, str]:
    """Return the path of every shipped world by its name, sorted. In a checkout, one that a tool makes may not be there yet."""
    made = {name: _made_path(name) for name, tool in MAKERS.items() if os.path.exists(tool)}
    ours, packed = map(_worlds_in, FOLDERS)
    return dict(sorted((packed | made | ours).items()))


def _worlds_in(folder: str) -> dict[str, str]:
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return {name[:-5]: os.path.join(folder, name) for name in names if name.endswith(".json")}


def fixture(name: str) -> Any:
    """
    Return the document of a shipped world.

    Raises: BridgeError with the nearest names; a path is none.
    """
    paths = shipped()
    if name not in paths:
        hint = did_you_mean(nearest(name, paths), f"there are {', '.join(paths)}", quoted=True)
        raise BridgeError(f"there is no shipped world {name!r}{hint}")
    return parsed(_text_of(name, paths[name]), paths[name])


def _made_path(name: str) -> str:
    """Return where a checkout keeps a world that a tool has made: another tool's is another file."""
    from zlib import crc32

    with open(MAKERS[name], "rb") as tool:
        return os.path.join(FOLDERS[0], ".made", f"{crc32(tool.read()):08x}", f"{name}.json")


def _text_of(name: str, path: str) -> str:
    """Return the text of a shipped world; what its tool makes is kept for the next time, where something can be written."""
    if name not in MAKERS or os.path.exists(path):
        return text_of(path)
    from runpy import run_path

    text = rendered(run_path(MAKERS[name])["make"]())
    try:
        _keep(text, path)
    except OSError:
        pass  # a checkout that is not ours to write in: made anew each time
    return text


def _keep(text: str, path: str) -> None:
    """Write what a tool has made, and remove what earlier versions of it have."""
    from shutil import rmtree

    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    beside = f"{path}.{os.getpid()}"
    with open(beside, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.replace(beside, path)  # in one step: others may be making it just now
    above = os.path.dirname(folder)
    for name in set(os.listdir(above)) - {os.path.basename(folder)}:
        rmtree(os.path.join(above, name), ignore_errors=True)


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
        with garbage.no_search(stays=True):
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


@value_class
class WorldFile:
    """
    What stands in a world file. Whether it is a world shows when one is filled with it.

    Attributes:
        path: where it was read; text: what stands there; document: that as JSON values.
        bar: of so many steps; inside, it is told of each few that are done.
    """

    path: str
    text: str
    document: Any
    bar: Callable[[int], AbstractContextManager[Callable[..., None]]] | None = None

    def fill(self, world: World) -> None:
        """Put the contents into an empty world. Raises BridgeError with file, path and line; the world is of no use then."""
        try:
            if self.bar is None:
                fill(world, self.document, self.path)
            else:
                with self.bar(2 * self._rows()) as tell:  # rows are put in, then held against each other
                    fill(world, self.document, self.path, tell)
        except WorldError as error:
            raise placed(error, self.path, self.text) from None

    def _rows(self) -> int:
        sections = self.document.values() if self.document.__class__ is dict else ()
        return sum(len(rows) for rows in sections if rows.__class__ is list)


def load_file(name: str) -> WorldFile:
    """
    Return what `--world NAME` means: a world file, or the shipped world of that name.

    Raises: BridgeError for what cannot be read or is no JSON, with file and line.
    """
    shipped_path = shipped().get(name) if not os.path.exists(name) else None
    if shipped_path is not None:
        text = _text_of(name, shipped_path)
        return WorldFile(shipped_path, text, parsed(text, shipped_path))
    if not os.path.exists(name):
        hint = did_you_mean(nearest(name, shipped()), f"shipped are {', '.join(shipped())}", quoted=True)
        raise BridgeError(f"there is no such file, and no shipped world of that name{hint}", file=name)
    text = text_of(name)
    return WorldFile(name, text, parsed(text, name))


def placed(error: WorldError, file: str, text: str) -> BridgeError:
    """Return an error about a document as one about the file that it came from, with the line."""
    line = line_of(text, error.steps)
    where = f"{error.path} (line {line})" if error.path else f"line {line}"
    return BridgeError(error.message, file=file, path=where)


# --- everything that is wrong


def violations(document: Any) -> list[dict[str, str]]:
    """
    Return all that `schemas/world.schema.json` finds wrong with a document, as {path, message}, at most 100.

    Slow: it asks jsonschema. What only the rules of worlds know (a group that is not there) it does not find.
    """
    return at_once(violating(document))


JSONSCHEMA = (
    "rpds",
    "referencing",
    "importlib.resources",
    "jsonschema_specifications",
    "jsonschema",
)
"""What looks for all that is wrong with a document, in the order in which no single import takes long."""


def violating(document: Any) -> Slices[list[dict[str, str]]]:
    """Return the same, looked for in slices: a section row by row."""
    yield from imported(*JSONSCHEMA)
    found: list[dict[str, str]] = []
    for error in _errors(document):
        if error is None:
            yield
            continue
        for one in _innermost(error):
            steps = tuple(one.absolute_path)
            found.extend({"path": shown_path((*steps, *more)), "message": message} for more, message in _said(one))
        if len(found) >= MAX_VIOLATIONS:
            break
    return found[:MAX_VIOLATIONS]


def _errors(document: Any) -> Iterator[Any]:
    """Yield what jsonschema finds in a document, the sections' rows each by itself, and None now and then."""
    from jsonschema import Draft202012Validator

    schema = common_document("world.schema")
    validator = Draft202012Validator(schema)
    sections = schema["properties"] if document.__class__ is dict else {}
    listed = {name for name in sections if document.get(name).__class__ is list and "items" in sections[name]}
    yield from validator.iter_errors({name: [] if name in listed else value for name, value in document.items()} if listed else document)
    also = schema["then"]["properties"] if validator.evolve(schema=schema["if"]).is_valid(document) else {}
    for name in (name for name in sections if name in listed):
        wanted = [part[name]["items"] for part in (sections, also) if "items" in part.get(name, {})]
        rows = validator.evolve(schema={"allOf": wanted})
        for at, row in enumerate(document[name]):
            for error in rows.iter_errors(row):
                error.path.extendleft((at, name))
                yield error
            yield None


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
