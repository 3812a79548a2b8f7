"""The list of facts: what rules state, and what events of dialects read, is what stands there."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bridge.world.kernel.fact_kinds import KINDS, NEVER_STATED

ROOT = Path(__file__).parents[2]
WORLD = ROOT / "bridge" / "world"

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


class Stated(NamedTuple):
    """What a statement says: the kind, the fields that can be read off the source, and whether these are all."""

    place: str
    kind: str
    fields: frozenset[str]
    is_all: bool


class Source:
    """The functions of the world, and the calls in them."""

    def __init__(self, files: dict[str, str]) -> None:
        self.functions: list[tuple[str, AnyFunction]] = []
        self.calls: list[tuple[str, AnyFunction, ast.Call]] = []
        for name, text in files.items():
            for function in ast.walk(ast.parse(text)):
                if isinstance(function, ast.FunctionDef):
                    self.functions.append((name, function))
                    self.calls += [(name, function, node) for node in ast.walk(function) if isinstance(node, ast.Call)]

    def statements(self) -> Iterator[Stated]:
        """Yield what each `world.state(…)` can say."""
        for file, function, call in self.calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "state":
                fields = {one.arg for one in call.keywords if one.arg} - {"before_reply"}
                unpacked = [one.value for one in call.keywords if one.arg is None]
                yield from self._said(file, function, call, call.args[0], fields, unpacked)

    def _said(
        self, file: str, function: AnyFunction, call: ast.Call, kind: ast.expr, fields: set[str], unpacked: list[ast.expr]
    ) -> Iterator[Stated]:
        place = f"{file}:{call.lineno}"
        parameters = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
        if isinstance(kind, ast.Name) and kind.id in parameters:
            own = function.args.kwarg
            is_handed_on = [isinstance(one, ast.Name) and own is not None and one.id == own.arg for one in unpacked]
            for caller_file, caller, one in self._callers(file, function):
                given = _argument(one, parameters, kind.id)
                more = {k.arg for k in one.keywords if k.arg and k.arg not in parameters} if any(is_handed_on) else set()
                rest = [k.value for k in one.keywords if k.arg is None] if any(is_handed_on) else unpacked
                yield from self._said(caller_file, caller, one, given, fields | more, rest)
            return
        for name in _kinds(kind, function):
            yield Stated(place, name, frozenset(fields), not unpacked)

    def _callers(self, file: str, function: AnyFunction) -> Iterator[tuple[str, AnyFunction, ast.Call]]:
        called = {f"{Path(file).stem}.{function.name}"}
        for name, caller, call in self.calls:
            said = ast.unparse(call.func)
            if said in called or (name == file and said == function.name):
                yield name, caller, call


def _argument(call: ast.Call, parameters: list[str], name: str) -> ast.expr:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[parameters.index(name)]


def _kinds(kind: ast.expr, function: AnyFunction) -> list[str]:
    """Return what an expression for a kind can be: its constants; of a local name, all kinds that its function names."""
    if isinstance(kind, ast.JoinedStr):
        pattern = "".join(re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"\w+" for v in kind.values)
        return [name for name in KINDS if re.fullmatch(pattern, name)]
    found = [node.value for node in ast.walk(kind) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if isinstance(kind, ast.Name):
        named = (node.value for node in ast.walk(function) if isinstance(node, ast.Constant))
        return sorted({name for name in named if isinstance(name, str) and name in KINDS})
    return found


def of_world() -> list[Stated]:
    """Return what all statements in the sources say."""
    files = {path.relative_to(WORLD).as_posix(): path.read_text("utf-8") for path in sorted(WORLD.rglob("*.py"))}
    return list(Source(files).statements())


def disagreements(said: list[Stated]) -> list[str]:
    """Return what does not agree with the list."""
    return [
        f"{one.place}: {one.kind} {sorted(one.fields)}"
        for one in said
        if one.kind not in KINDS
        or not one.fields <= set(KINDS[one.kind].fields)
        or (one.is_all and one.fields != set(KINDS[one.kind].fields))
    ]


def test_rules_state_what_is_listed() -> None:
    """Each statement in the sources is of a listed kind, with the fields of that kind."""
    assert [] == disagreements(of_world())


def test_listed_kinds_are_stated() -> None:
    """Each kind on the list is stated by some rule, but for those that are known not to be."""
    assert set(KINDS) - NEVER_STATED == {one.kind for one in of_world()}


@pytest.mark.parametrize(
    "line",
    [
        "def f(world): world.state('nothing_of_the_kind', to)",
        "def f(world): world.state('group_created', to)",
        "def f(world): world.state('group_created', to, group_id=1, name=2)",
        "def f(world): tell(world, 'group_created', name=2)\ndef tell(world, kind, **payload): world.state(kind, to, **payload)",
    ],
)
def test_wrong_statement_is_noticed(line: str) -> None:
    """The test can fail: an unknown kind, a field too few, one too many, and one that is handed on."""
    assert disagreements(list(Source({"x.py": line}).statements()))


def events() -> list[tuple[str, dict[str, Any], str]]:
    """Return (path, event, topic of its listener) of all events of all dialects."""
    found = []
    for dialect in sorted(ROOT.glob("schemas/*/dialect.json")):
        listeners = json.loads(dialect.read_text("utf-8")).get("listeners", {})
        for path in sorted(dialect.parent.glob("events/*/*.json")):
            event = json.loads(path.read_text("utf-8"))
            if "fact" in event:
                topic = listeners.get(event.get("listener"), {}).get("topic", "")
                found.append((path.relative_to(ROOT).as_posix(), event, topic))
    return found


def test_events_read_what_is_listed() -> None:
    """Each event is about a listed kind, reads fields that it has, and stands under a topic of its."""
    wrong = []
    for path, event, topic in events():
        kind = KINDS.get(event["fact"])
        shown = [data for data in event.get("data", {}).values() if data]
        fields = {key["field"] for data in shown for key in data.get("keys", ()) if "field" in key}
        fields |= {data["value"] for data in shown if "value" in data}
        if kind is None or not fields <= set(kind.fields) or (topic and topic not in kind.topics):
            wrong.append(path)
    assert [] == wrong


def test_no_kind_is_without_an_event() -> None:
    """Each kind on the list has an event or a callback in some dialect, and its topics are those of these events."""
    topics: dict[str, set[str]] = {}
    for _, event, topic in events():
        topics.setdefault(event["fact"], set()).add(topic)
    for path in sorted(ROOT.glob("schemas/*/callbacks/*.json")):
        callback = json.loads(path.read_text("utf-8"))
        for tell in callback.get("tells", ()):
            topics.setdefault(tell["fact"], {callback["topic"]})
    assert {name: set(kind.topics) for name, kind in KINDS.items()} == topics
