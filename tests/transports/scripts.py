"""Scripts of calls as data: stories, the real client's recorded calls, and every way to be refused."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from bridge.cli.story import Story
from bridge.codecs import jsonrpc
from bridge.emulator import Server, Settings
from bridge.testing.client import Client

RECORDINGS = Path(__file__).parent.parent.parent / "fixtures" / "recordings"
Script = list[tuple[str, Any]]


@cache
def story(dialect: str, platform: str) -> Script:
    """Return the calls of the demo's story."""
    client = Client.inside(Server(Settings(dialect=dialect, platform=platform)))
    Story(client, dialect, lambda sentence: None).play()
    return [_call(entry) for entry in client.trace if "call" in entry]


def _call(entry: dict[str, Any]) -> tuple[str, Any]:
    if not entry["device"]:
        return entry["call"], entry["arguments"]
    inner = {"device": entry["device"], "method": entry["call"], "arguments": entry["arguments"]}
    return "bridge.device.call", inner


@cache
def recorded(dialect: str) -> Script:
    """Return every call that the real client was seen to make, as a user who is logged in and has heard from bob."""
    lines = (RECORDINGS / f"{dialect}.calls.jsonl").read_bytes().splitlines()[1:]
    calls = [jsonrpc.loads(line) for line in lines]
    away = ("logout", "unInitSDK", "initSDK", "login")
    opening = [
        ("initSDK", next(call["arguments"] for call in calls if call["method"] == "initSDK")),
        ("login", {"userID": "alice", "userSig": "sig"}),
        ("bridge.user.say", {"user": "bob", "to": "alice", "text": "hi \u00e9 \U0001f600"}),
    ]
    return opening + [(call["method"], call["arguments"]) for call in calls if call["method"] not in away]


REFUSALS: Script = [
    ("getLoginUser", {}),
    ("createConversationGroup", {"groupName": "early", "conversationIDList": ["c2c_bob"]}),
    ("noSuchMethod", {}),
    ("createConversationGroup", {"groupName": 7}),
    ("createConversationGroup", {"TIMManagerName": "wrongManager", "groupName": "g", "conversationIDList": ["c2c_bob"]}),
    ("getConversation", {"conversationID": None}),
    ("bridge.noSuch", {}),
    ("bridge.clock.advance", {"ms": -1}),
    ("bridge.clock.advance", {"ms": "soon", "extra": 1}),
    ("bridge.world.rollback", {"checkpoint": "never"}),
    ("bridge.device.call", {"device": "nobody's", "method": "getLoginUser"}),
    ("bridge.turn", {"method": "getLoginUser"}),
    ("bridge.turn", {"method": "noSuchMethod"}),
    ("bridge.turn", {}),
]


def as_text(trace: Any) -> str:
    """Return a trace as text, to compare and to read."""
    return json.dumps(json.loads(jsonrpc.dumps(trace)), indent=1, ensure_ascii=True)
