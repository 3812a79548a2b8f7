"""What the pages say: of every name what `timbridge explain` says, and of every call an example that was made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bridge.catalogue import load
from bridge.cli import explain, explain_names, explain_native
from bridge.codecs import jsonrpc
from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDINGS = ROOT / "fixtures" / "recordings"

Known = dict[str, Any]

GROUP = {"group_id": "g1", "group_type": "Public", "name": "The team", "owner": "bob", "members": ["bob", "alice", "carol"]}
WORLD = {"version": 1, "users": ["alice", "bob", "carol"], "groups": [GROUP], "friends": [{"between": ["alice", "bob"]}]}
"""Where examples are called, by alice; the ids are those that the recorded calls are about."""


def methods(dialect: str) -> Iterator[Known]:
    """Yield what is known of every method of a dialect that has a channel."""
    for name in load(dialect).method_names:
        yield {**explain.facts(dialect, name), "dart": list(load(dialect).document("methods", name)["dartMethods"])}


def named(dialect: str, names: Any, **more: Any) -> Iterator[Known]:
    """Yield what is known of events, maps, classes, enumerations or objects of a dialect."""
    for name in names:
        found = explain_names.find(name, [dialect])
        if found is not None:
            yield {**found, **more}


def native(dialect: str, names: Any) -> Iterator[Known]:
    """Yield what is known of functions and callbacks of a dialect without a channel."""
    for name in names:
        found = explain_native.find(name, [dialect])
        if found is not None:
            yield found


@cache
def recorded(dialect: str) -> dict[str, list[Any]]:
    """Return the arguments that the real client of a dialect was seen to send, or that of the nearest one that was recorded, by method."""
    path = RECORDINGS / f"{dialect}.calls.jsonl"
    if not path.is_file():
        return recorded("im-5.0" if dialect.startswith("im-4") else "chat-8.2")
    calls: dict[str, list[Any]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        call = json.loads(line)
        calls.setdefault(call["method"], []).append(call["arguments"])
    return calls


def example(dialect: str, method: str) -> Known | None:
    """Return an example: {arguments, reply, events}, as it was answered on the usual platform; None for one that nothing was recorded of."""
    found: Known | None = None
    for arguments in recorded(dialect).get(method, ()):
        answer = _asked(dialect, method, _fitting(dialect, method, arguments))
        if answer is not None and (found is None or (_succeeded(answer["reply"]) and not _succeeded(found["reply"]))):
            found = answer
    return found


def _succeeded(reply: Any) -> bool:
    return not isinstance(reply, dict) or reply.get("code", 0) == 0


def _fitting(dialect: str, method: str, arguments: Any) -> Any:
    spec = load(dialect).method(method)
    there = {param.key for param in spec.params} if spec is not None else set()
    return {key: value for key, value in arguments.items() if key in there or key == "TIMManagerName"}


def _asked(dialect: str, method: str, arguments: Any) -> Known | None:
    said: list[Any] = []
    client = RpcClient(_server(dialect), said.append)
    calls = [] if method == "initSDK" else [("initSDK", load(dialect).init_arguments)]
    if method not in ("initSDK", "login", "unInitSDK"):
        calls += [(name, {"listenerUuid": name}) for name in load(dialect).login_calls]
        calls.append(("login", {"userID": "alice", "userSig": "sig"}))
    for at, (name, params) in enumerate([("bridge.world.load", {"world": WORLD}), *calls]):
        client.receive({"jsonrpc": "2.0", "id": at, "method": name, "params": params})
    said.clear()
    client.receive({"jsonrpc": "2.0", "id": "it", "method": method, "params": jsonrpc.loads(json.dumps(arguments))})
    client.end()
    reply = next((one for one in said if one.get("id") == "it"), {})
    if "result" not in reply:
        return None
    events = [{"method": one["method"], "params": one["params"]} for one in said if "method" in one]
    answered: Known = json.loads(jsonrpc.dumps({"arguments": arguments, "reply": reply["result"], "events": events}))
    return answered


@cache
def _server(dialect: str) -> Server:
    return Server(Settings(dialect=dialect))
