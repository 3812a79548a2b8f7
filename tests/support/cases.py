"""
Cases of what an adapter does by itself: lines of `fixtures/adapters/*.jsonl`, each a small story with what has to come of it.

    {"case": "a refused id is forgotten", "platforms": ["android"], "begin": "init",
     "given": [{"method": "createTextMessage", "params": {"text": "x"}, "as": "made"}],
     "calls": [{"method": "sendMessage", "params": {"id": "$made.data.id", "receiver": "bob", "groupID": ""},
                "reply": {"code": 6014}}],
     "where": "MessageManager.java:554", "sure": "certain"}

* `platforms` (and `dialects`, chat-8.2 where it is left out) say on which adapters; `faithful` that the bridge is silent where they are.
* `switches`: settings of console switches by name. `rules`: those of `schemas/rules` that it tries, for `timbridge conform`.
* `begin`: how far the app has come before: `nothing`, `init` (initSDK), `login` (all listeners, too; the default), always as alice.
* `given`: steps that only have to be carried out. `calls`: steps with an expectation, of which each is looked at.
* A step is a `method` (any of the channel, or `bridge.*`) with `params`; `user` makes it the call of another person; `as` keeps its
  result under a name. A text `$made.data.id` in params is what is found there in the result that was kept under `made`.
* An expectation is any of
  `reply`: a part of the result: objects by the keys given, all else as it is; `is`: the whole result;
  `lacks`: keys, as paths of the result, that are not there; `keys`: by path, exactly the keys of the object there (`?` behind one: it may);
  `not`: a part that the result must not have;
  `fails`: reason of a -32001 (`crash`, `unanswered`), with the line of the case in its note; `silence`: nothing comes;
  `events`: the types of what the own device hears; `hears`: parts of the data of events of a type, all of them in order.
  A refusal or failure has also to leave the world as it was, unless the step says `leaves`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bridge.engine.engine import Options
from bridge.world.kernel.world import Policy
from tests.support.line import Line
from tests.support.stage import INIT

FOLDER = Path(__file__).parents[2] / "fixtures" / "adapters"
Case = dict[str, Any]


def cases(name: str) -> list[Case]:
    """Return the cases of a file, one for each dialect and platform that it is about."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [
        {**case, "dialect": dialect, "platform": platform}
        for case in map(json.loads, lines)
        for dialect in case.get("dialects", ["chat-8.2"])
        for platform in case["platforms"]
    ]


def names() -> list[str]:
    """Return the names of the files with cases."""
    return sorted(path.name for path in FOLDER.glob("*.jsonl"))


def play(case: Case) -> None:
    """Play a case; what does not come as expected fails the test."""
    options = Options(faithful=case.get("faithful", False))
    policy = Policy(switches=case.get("switches", {}))
    line = Line(dialect=case["dialect"], platform=case["platform"], options=options, policy=policy)
    begin = case.get("begin", "login")
    if begin == "login":
        line.start("alice")
    elif begin == "init":
        line.ask("initSDK", **INIT, listenerUuid="sdk")
    line.heard()
    kept: dict[str, Any] = {}
    for step in case.get("given", []):
        result = _carry_out(line, step, kept)
        assert "error" not in result, f"given {step['method']}: {result['error']}"
        line.heard()
    for step in case["calls"]:
        before = {name: rows for name, rows in line.snapshot().items() if name not in ("ms", "counters")}
        result = _carry_out(line, step, kept)
        after = {name: rows for name, rows in line.snapshot().items() if name not in ("ms", "counters")}
        _judge(line, case, step, result)
        refused = "error" in result or not result or _is_refusal(result["result"])
        if refused and not step.get("leaves"):
            assert before == after, f"{step['method']} was refused and yet changed the world"


def _is_refusal(result: Any) -> bool:
    return isinstance(result, dict) and result.get("code", 0) != 0 and result.get("data") is None


def _carry_out(line: Line, step: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """Make the call of a step. Returns its reply: an object with `result` or `error`; {} for silence."""
    method, params = step["method"], _filled(step.get("params", {}), kept)
    if "user" in step:
        method, params = "bridge.user.call", {"user": step["user"], "method": method, "arguments": params}
    came = line.request(method, params)
    replies = [message for message in came if "id" in message]
    line._events += [message for message in came if "id" not in message]
    reply: dict[str, Any] = replies[0] if replies else {}
    if "as" in step:
        kept[step["as"]] = reply["result"]
    return reply


def _filled(value: Any, kept: dict[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        name, _, path = value[1:].partition(".")
        return _at(kept[name], path)
    if isinstance(value, list):
        return [_filled(item, kept) for item in value]
    return {key: _filled(item, kept) for key, item in value.items()} if isinstance(value, dict) else value


def _at(value: Any, path: str) -> Any:
    for key in filter(None, path.split(".")):
        value = value[int(key) if isinstance(value, list) else key]
    return value


def _judge(line: Line, case: Case, step: dict[str, Any], came: dict[str, Any]) -> None:
    """Hold what came against what a step expects."""
    said = json.dumps(came, ensure_ascii=False)[:1500]
    what = f"{case['case']}: {step['method']} ({case['where']}) came {said}"
    if step.get("silence"):
        assert {} == came, what
        return
    if "fails" in step:
        error = came.get("error", {})
        assert (-32001, step["fails"]) == (error.get("code"), (error.get("data") or {}).get("reason")), what
        assert step.get("note", case["where"]) in error["data"]["note"], what
        assert [] == line.heard(), what
        return
    assert "result" in came, what
    result = came["result"]
    if "is" in step:
        assert step["is"] == result, what
    if "reply" in step:
        assert _has(result, step["reply"]), what
    if "not" in step:
        assert not _has(result, step["not"]), what
    for path in step.get("lacks", ()):
        above, _, key = path.rpartition(".")
        assert key not in _at(result, above), what
    for path, keys in step.get("keys", {}).items():
        there = set(_at(result, path))
        assert {key for key in keys if not key.endswith("?")} <= there <= {key.rstrip("?") for key in keys}, what
    events = [message["params"] for message in line.heard() if message["method"] != "bridge.device.event"]
    if "events" in step:
        assert step["events"] == [event["type"] for event in events], what
    for kind, parts in step.get("hears", {}).items():
        told = [event.get("data") for event in events if event["type"] == kind]
        assert len(parts) == len(told), (what, told)
        assert all(_has(data, part) for data, part in zip(told, parts, strict=True)), (what, told)


def _has(value: Any, part: Any) -> bool:
    """Return whether a value has a part: objects the keys given, lists item by item, numbers and truths of one kind."""
    if isinstance(part, dict):
        return isinstance(value, dict) and all(key in value and _has(value[key], item) for key, item in part.items())
    if isinstance(part, list):
        return isinstance(value, list) and len(value) == len(part) and all(map(_has, value, part))
    return bool(value == part) and isinstance(value, bool) == isinstance(part, bool)
