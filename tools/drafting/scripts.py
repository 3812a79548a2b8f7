"""Writing down as a script what was seen on a stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bridge.catalogue.sources import common_document
from tools.drafting.seen import LARGE, THERE, SeenDict, SeenList, expectation, is_idle, plain
from tools.drafting.watching import Act, Notes

VOLATILE = common_document("volatile")
TIMES = frozenset((*VOLATILE["times"], *VOLATILE["numbers"]))
IDS = frozenset((*VOLATILE["ids"], "groupID"))
MOST_CHANGED = 8
"""A large object that is another one but for so few keys is told by what is changed."""
BEGIN_S = 1_700_000_000
MADE = re.compile(r"^\d{4,}-\d+-\d+(-\d+)?$|@TGS#|^[0-9a-f]{32}$|^[A-Za-z0-9]{32}$|^\d{10,}$")


def is_made(value: str, key: str) -> bool:
    """Return whether a text looks like one that the bridge has made up."""
    return MADE.search(value) is not None or (key in IDS and any(one.isdigit() for one in value))


def is_time(value: Any) -> bool:
    """Return whether a number is a time that the world's clock tells, in seconds or milliseconds."""
    return isinstance(value, int) and any(abs(value - BEGIN_S * unit) < 86_400 * unit for unit in (1, 1000))


def times_in(value: Any) -> Iterator[int]:
    """Yield the times in arguments."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from times_in(one)
    elif is_time(value):
        yield value


class NoScript(Exception):
    """What a test does cannot be said by a script."""



class Writer:
    """Writes the acts of a stage down as a script."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.kept: dict[str, str] = {}
        self.literal: set[str] = set()
        self._carried: list[tuple[dict[str, Any], list[Any]]] = []
        self.numbers: dict[int, str] = {}
        self.used_times = {value for act in notes.acts for value in times_in(act.arguments)}

    def script(self) -> list[Any]:
        """Return the steps. Raises: NoScript."""
        if self.notes.flaw:
            raise NoScript(self.notes.flaw)
        if "world" in self.notes.given:
            self._note_literals(self.notes.given["world"])
        steps = [step for act in self.notes.acts for step in self._steps(act)]
        return tidied(steps)

    def _note_literals(self, value: Any) -> None:
        if isinstance(value, dict):
            self.literal |= {str(key) for key in value}
            for one in value.values():
                self._note_literals(one)
        elif isinstance(value, list):
            for one in value:
                self._note_literals(one)
        elif isinstance(value, str):
            self.literal.add(value)

    def _steps(self, act: Act) -> Iterator[list[Any]]:
        if act.what == "hears":
            yield from self._events(act)
        elif act.what == "pushed":
            yield [act.who, act.what, [{key: self._leaf(one, key) for key, one in push.items()} for push in act.arguments]]
        elif act.outcome is None:
            given = self._given(act.arguments) if isinstance(act.arguments, dict) else act.arguments
            yield [act.who, act.what, given] if given else [act.who, act.what]
        else:
            arguments = self._given(act.arguments)
            expected = self._expected(act)
            step = [act.who, act.what, arguments, expected] if expected else [act.who, act.what, arguments]
            data = plain(act.outcome.reply.result)
            data = data.get("data", data) if isinstance(data, dict) else data
            if isinstance(data, dict) and len(data) >= LARGE:
                self._carried.append((data, step))
            yield step

    def _given(self, value: Any) -> Any:
        """Return arguments as a script gives them: with what was kept in place of ids."""
        if isinstance(value, dict):
            if {"by", "like", "each"} & value.keys():
                raise NoScript("an argument that means something else in a script")
            if len(value) >= LARGE and (like := self._like(value)):
                return like
            return {key: self._given(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._given(one) for one in value]
        if isinstance(value, str):
            told = self._with_kept(value)
            if told == value:
                if MADE.search(value) and value not in self.literal and "@TGS#" not in value:
                    raise NoScript("uses an id that no reply has told")
                if value.startswith("$") or "${" in value:
                    raise NoScript("a text that means something else in a script")
                self.literal.add(value)
            return told
        if isinstance(value, bytes):
            raise NoScript("bytes")
        if is_time(value):
            if value not in self.numbers:
                raise NoScript("uses a time that no reply has told")
            return f"${self.numbers[value]}"
        return value

    def _like(self, value: dict[str, Any]) -> Any:
        """Return a large object as one that a reply has brought, with what is changed of it; None if it is like none."""
        for data, step in reversed(self._carried):
            changed = {key: one for key, one in value.items() if key not in data or data[key] != one}
            if len(changed) <= MOST_CHANGED and value.keys() >= data.keys() and value.get("msgID") == data.get("msgID"):
                if len(step) < 4:
                    step.append({})
                name = step[3].setdefault("as", f"m{self._carried.index((data, step)) + 1}")
                return {"like": f"${name}", "but": {key: self._given(one) for key, one in changed.items()}}
        return None

    def _with_kept(self, text: str) -> str:
        if text in self.kept:
            return f"${{{self.kept[text]}}}"
        for value, name in self.kept.items():
            if len(value) > 7 and value in text:
                text = re.sub(rf"(?<![A-Za-z0-9-]){re.escape(value)}(?![A-Za-z0-9-])", f"${{{name}}}", text)
        return text

    def _leaf(self, value: Any, key: str) -> Any:
        """Return what is expected of a single value."""
        if isinstance(value, bytes):
            raise NoScript("bytes")
        if is_time(value) and value in self.used_times:
            name = self.numbers.setdefault(value, f"time{len(self.numbers) + 1}")
            return {"keep number": name}
        if key in TIMES and isinstance(value, (int, float)) and not isinstance(value, bool):
            return {">": 0} if value else value
        if isinstance(value, int) and not isinstance(value, bool) and value > 1_600_000_000:
            return {"is a": "int"}
        if not isinstance(value, str):
            return plain(value)
        if key in VOLATILE["texts"]:
            return {"is a": "string"} if value else value
        told = self._with_kept(value)
        if told != value:
            return told
        if value and value not in self.literal and is_made(value, key):
            if value.startswith("group_@"):
                inner = value.removeprefix("group_")
                self.kept[inner] = name = f"id{len(self.kept) + 1}"
                return {"keep by": ["^group_(.+)$", name]}
            self.kept[value] = name = f"id{len(self.kept) + 1}"
            return {"keep": name}
        if value.startswith("$") or "${" in value:
            raise NoScript("a text that means something else in a script")
        return value

    def _expected(self, act: Act) -> dict[str, Any]:
        turn = act.outcome
        if turn.reply.silent:
            return {"silence": True}
        if turn.reply.due_ms is not None:
            raise NoScript("a reply that comes late")
        left = {"leaves": True} if act.more["left"] else {}
        if turn.error is not None:
            reason = (turn.error.data or {}).get("reason") if isinstance(turn.error.data, dict) else None
            return {"fails": reason, **left} if reason else {"error": turn.error.code, **left}
        result = turn.reply.result
        if isinstance(result, SeenDict) and dict.__contains__(result, "code"):
            return self._envelope(result, left)
        if isinstance(result, (SeenDict, SeenList)):
            wanted = expectation(result, self._leaf)
            return {} if is_idle(wanted) else {"data": wanted}
        return {"is": self._leaf(result, "")}

    def _envelope(self, result: SeenDict, left: dict[str, Any]) -> dict[str, Any]:
        code = dict.__getitem__(result, "code")
        expected: dict[str, Any] = {"code": code, **left} if code else {}
        if dict.__contains__(result, "data") and (result.whole or result.looked.get("data")):
            wanted = expectation(dict.__getitem__(result, "data"), self._leaf, "data", result.whole)
            if not is_idle(wanted):
                expected["data"] = wanted
        elif result.looked.get("data"):
            expected["data"] = None
        rest = [key for key in dict.keys(result) if key not in ("code", "data") and (result.whole or result.looked.get(key))]
        said = {key: expectation(dict.__getitem__(result, key), self._leaf, key) for key in rest if not (key == "desc" and code)}
        gone = {key: {"absent": True} for key in result.asked if not dict.__contains__(result, key)}
        there = {key: THERE for key in result.asked if dict.__contains__(result, key) and key not in ("code", "data")}
        if said or gone or there:
            expected = {"code": code, **expected, "reply": {**there, **said, **gone}}
        return expected

    def _events(self, act: Act) -> Iterator[list[Any]]:
        rows: SeenList = act.outcome
        kinds: SeenList | None = act.more.get("kinds")
        of = act.more["of"]
        if kinds is not None and not kinds.touched:
            if not kinds.asked:
                yield [act.who, "heard", {}]
                return
            gone = {kind: 0 for kind, found in kinds.asked if not found}
            there = {kind: THERE for kind, found in kinds.asked if found}
            yield [act.who, "seen", there] if there else [act.who, "heard", gone]
            return
        if kinds is None and not rows.touched:
            asked = {item[0]: 0 for item, found in rows.asked if not found}
            yield [act.who, "heard", asked if asked else {}]
            return
        events: list[Any] = []
        for pair in list.__iter__(rows):
            wanted = expectation(pair[1], self._leaf)
            scalar = not isinstance(pair[1], (SeenDict, SeenList))
            events.append([pair[0]] if is_idle(wanted) or (scalar and kinds is not None) else [pair[0], wanted])
        yield [act.who, "hears", events, {"of": of}] if of else [act.who, "hears", events]


def tidied(steps: list[list[Any]]) -> list[Any]:
    """Return steps without idle ones at the end, or twice."""
    found: list[list[Any]] = []
    for step in steps:
        if step[1:] == ["heard", {}] and found and found[-1] == step:
            continue
        if found and len(step) > 2 and found[-1][:4] == [*step, {}][:4]:
            found[-1] = [*[*step, {}][:4], found[-1][4] + 1 if len(found[-1]) > 4 else 2]
            continue
        found.append(step)
    while found and (found[-1][1:] == ["heard", {}] or (found[-1][1] in ("enter", "start") and len(found) > 1)):
        found.pop()
    return found
