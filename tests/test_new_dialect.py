"""A dialect that is added by data alone is served, explained, checked and covered: no line of code knows it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
NAME = "mine-1.0"
OVERLAY = "../../../meta/overlay.schema.json"
FILES: dict[str, dict[str, Any]] = {
    "dialect.json": {
        "$schema": "../meta/dialect.schema.json",
        "dialect": NAME,
        "base": "chat-8.2",
        "channel": "my_channel",
        "native": {"number": 901, "version": "9.1.1"},
        "pluginVersion": "1.0",
        "pluginVersions": [{"package": "mine", "versions": "1.0", "sure": "sources read"}],
        # a platform that puts something else around its replies
        "platforms": {
            "desktop": {"like": "android", "goesByName": True, "envelope": {"success": "Fine", "empty": "Fine", "refusalData": True}}
        },
        "without": {
            "methods": ["pinConversation"],
            "events": ["conversationListener/onConversationGroupCreated"],
        },
        "inherited": {"sources": {"8.2": "mine"}},
        "notes": [],
        "evidence": [{"claim": "all", "kind": "adapter source", "source": "mine"}],
    },
    # a method of another name
    "methods/conversationManager/pinChat.json": {"$schema": OVERLAY, "$like": "pinConversation", "method": "pinChat"},
    # replies that have no data, refusals by the adapter
    "methods/conversationManager/deleteConversation.json": {
        "$schema": OVERLAY,
        "result": {"desktop": {"$set": {"reply": "void", "data": None}}},
    },
    "methods/timManager/checkAbility.json": {
        "$schema": OVERLAY,
        "quirks": {"alwaysRefused": ["desktop"]},
        "adapterErrors": {"desktop": [{"code": -1, "desc": "not here"}]},
    },
    # an argument that this version does not send
    "methods/conversationManager/getConversationList.json": {
        "$schema": OVERLAY,
        "arguments": {"properties": {"count": {"x-unsent": True, "default": 1}}, "required": {"$remove": ["count"]}},
    },
    # a key of another name
    "maps/V2TIMConversation.json": {
        "$schema": "../../meta/overlay.schema.json",
        "android": {"orderkey": None, "orderKey": {"of": "orderkey", "type": {"type": "integer"}}},
    },
}
Run = Callable[..., str]

CHECK = f"""
from bridge.catalogue import load
from tests.support.checks import check_event, check_reply
import json, sys
catalogue = load({NAME!r})
for method, reply in json.load(sys.stdin).items():
    print(*check_reply(catalogue, method, "android", reply), *(check_event(catalogue, "android", "conversationListener", {{
        "type": "onConversationGroupCreated", "data": {{}}, "listenerUuid": ""}})))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return what runs Python in a copy of the checkout that has one more dialect, and returns its output."""
    home = tmp_path_factory.mktemp("checkout")
    for folder in ("bridge", "schemas"):
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns("__pycache__", "_packed"))
    shutil.copy(ROOT / "DECISIONS.md", home)
    for place, document in FILES.items():
        path = home / "schemas" / NAME / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document), encoding="utf-8")

    def python(*words: str, given: str = "") -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=home, input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return python


def lines(*calls: tuple[str, dict[str, Any]]) -> str:
    """Return calls as a client writes them."""
    return "\n".join(json.dumps({"jsonrpc": "2.0", "id": n, "method": m, "params": p}) for n, (m, p) in enumerate(calls))


def ask(
    run: Run, *calls: tuple[str, dict[str, Any]], platform: str = "android", words: tuple[str, ...] = ()
) -> list[Any]:
    """Make calls on a fresh server of the dialect. Returns results, and events as (type, data), in order."""
    served = run("-m", "bridge", "serve", "--dialect", NAME, "--platform", platform, *words, given=lines(*calls))
    said = [json.loads(line) for line in served.splitlines()]
    return [one.get("result", one.get("error")) if "id" in one else (one["params"]["type"], one["params"].get("data")) for one in said]


START: list[tuple[str, dict[str, Any]]] = [
    ("initSDK", {"sdkAppID": 1, "logLevel": 3, "listenerUuid": "s", "uiPlatform": 0, "showImLog": False, "plugins": [], "tempPath": ""}),
    ("addConversationListener", {"listenerUuid": "c"}),
    ("login", {"userID": "alice", "userSig": "s"}),
    ("bridge.user.say", {"user": "bob", "to": "alice", "text": "hi"}),
    ("bridge.user.say", {"user": "carol", "to": "alice", "text": "hi"}),
]


def test_dialect_is_served(run: Run) -> None:
    """The renamed method works, the old name is gone, the default counts, the key is the new one, the event never comes."""
    said = ask(
        run,
        *START,
        ("getVersion", {}),
        ("pinChat", {"conversationID": "c2c_bob", "isPinned": True}),
        ("pinConversation", {"conversationID": "c2c_bob", "isPinned": True}),
        ("getConversationList", {"nextSeq": "0"}),
        ("createConversationGroup", {"groupName": "g", "conversationIDList": ["c2c_bob"]}),
    )
    results = [one for one in said if isinstance(one, dict)]
    version, pinned, gone, page, created = results[-5:]
    assert ("9.1.1", 0, 0) == (version["data"], pinned["code"], created["code"])
    assert (-32601, "pinConversation") == (gone["code"], gone["message"].split("'")[1])
    assert "chat-8.2" in gone["data"]["dialects"]
    (shown,) = page["data"]["conversationList"]
    assert (True, False, True) == ("orderKey" in shown, "orderkey" in shown, shown["isPinned"])
    heard = [one[0] for one in said if isinstance(one, tuple)]
    assert "onConversationChanged" in heard
    assert "onConversationGroupCreated" not in heard


def test_dialect_is_explained(run: Run) -> None:
    """The command tells the method by its new name, with the rules and tests of the old one."""
    told = json.loads(run("-m", "bridge", "explain", "pinChat", "--json"))
    assert (NAME, "full") == (told["dialect"], told["status"])
    assert {"android", "ios", "macos", "windows", "desktop"} == set(told["replies"])
    assert any("pin" in rule["test"] for rule in told["rules"])


def test_dialect_is_checked(run: Run) -> None:
    """What the platform of that version would not send is found: the old key, the event that it has not."""
    (page,) = [one for one in ask(run, *START, ("getConversationList", {"nextSeq": "0"})) if isinstance(one, dict)][-1:]
    row = page["data"]["conversationList"][0]
    row["orderkey"] = row.pop("orderKey")
    found = run("-c", CHECK, given=json.dumps({"getConversationList": page}))
    assert "orderkey: is no key" in found
    assert "orderKey: is missing" in found
    assert "has no event 'onConversationGroupCreated'" in found


def test_dialect_is_covered(run: Run) -> None:
    """`bridge.coverage` lists its methods, the renamed one as completely played as the old one."""
    (answer,) = ask(run, ("bridge.coverage", {}))
    assert NAME == answer["dialect"]
    assert "full" == answer["methods"]["pinChat"]["status"]
    assert "pinConversation" not in answer["methods"]


def test_platform_has_its_envelopes(run: Run) -> None:
    """Traits of a platform say what its replies look like; one of the form void is code and desc, but for the adapter's refusals."""
    calls = [
        *START,
        ("getLoginUser", {}),
        ("deleteConversation", {"conversationID": "c2c_bob"}),
        ("deleteConversation", {"conversationID": ""}),
        ("bridge.fault.set", {"match": {"method": "getLoginStatus"}, "effect": {"code": 7, "desc": ""}}),
        ("getLoginStatus", {}),
        ("setLocalCustomData", {"msgID": "none", "localCustomData": "x"}),
        ("checkAbility", {}),
    ]
    results = [one for one in ask(run, *calls, platform="desktop") if isinstance(one, dict)][-7:]
    user, deleted, refused, _, textless, custom, ability = results
    assert {"code": 0, "desc": "Fine", "data": "alice"} == user
    assert {"code": 0, "desc": ""} == deleted
    assert {"code", "desc"} == set(refused) and refused["code"] != 0
    assert {"code": 7, "desc": "Fine", "data": None} == textless
    assert (-1, None) == (custom["code"], custom["data"])
    assert {"code": -1, "desc": "not here", "data": None} == ability


def test_platform_goes_by_name(run: Run) -> None:
    """One that finds functions by their name alone takes any manager; one like Android does not."""
    call = ("getLoginUser", {"TIMManagerName": "conversationManager"})
    answer = ask(run, *START, call, platform="desktop", words=("--faithful",))[-1]
    assert "alice" == answer["data"]


def test_event_names_its_listener(run: Run) -> None:
    """A platform whose events have the key method has it in every event."""
    said = run("-m", "bridge", "serve", "--dialect", NAME, "--platform", "desktop", given=lines(*START))
    events = [one for one in map(json.loads, said.splitlines()) if "id" not in one]
    assert events
    assert all(one["params"]["method"] == one["method"] for one in events)
