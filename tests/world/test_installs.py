"""What installs have, in the undo log, over rollbacks and in documents."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bridge.emulator import Emulator, Settings
from bridge.world.documents.persistence import WorldError
from bridge.world.kernel import installs
from bridge.world.kernel.world import COUNTERS, Counter, World
from tests.support.installs import busy, crew, seen
from tests.support.stage import INIT, Stage

# --- the log


def count(world: World, value: int) -> None:
    """Set a counter and end the call."""
    world[COUNTERS].put("n", Counter("n", value))
    world.log.commit()


def then(world: World, number: int) -> Any:
    """Return what the counter was at a mark; "now" if it has not changed since."""
    row = world.log.since(number).get(world[COUNTERS], {}).get("n", "now")
    return row if row in ("now", None) else row.value


def test_marks_tell_how_things_stood() -> None:
    """A mark behind a call has what that call did; every later change is seen from each mark."""
    world = World()
    count(world, 1)
    first = world.log.mark_behind()
    count(world, 2)
    assert "now" == then(world, first)
    second = world.log.mark_behind()
    count(world, 3)
    count(world, 4)
    assert (2, 3) == (then(world, first), then(world, second))
    world[COUNTERS].put("n", Counter("n", 5))
    assert (2, 3) == (then(world, first), then(world, second))


def test_refused_calls_set_no_mark() -> None:
    """A mark that was asked for in a call which is undone is none."""
    world = World()
    count(world, 1)
    world[COUNTERS].put("n", Counter("n", 2))
    world.log.mark_behind()
    world.log.undo()
    count(world, 3)
    assert [] == world.log.marks


def test_unwanted_marks_hold_nothing() -> None:
    """What a mark kept goes to the one before it, and is gone without one; nothing that leads back is lost."""
    world = World()
    first = world.log.mark_behind()
    count(world, 1)
    second = world.log.mark_behind()
    count(world, 2)
    count(world, 3)
    world.log.let_go(second)
    count(world, 4)
    assert 1 == then(world, first)
    kept = world.log.mark()
    count(world, 5)
    world.log.let_go(first)
    count(world, 6)
    assert 1 == then(world, first)
    world.log.rewind(kept)
    assert 4 == world[COUNTERS]["n"].value


# --- documents


def test_documents_hold_what_installs_have() -> None:
    """An app that was away when the world was written down sees and is told the same in the world that was read."""
    stage = Stage()
    alice, bob = crew(stage)
    alice.cut()
    busy(bob)
    alice.call("insertC2CMessageToLocalStorage", data="note", userID="carol", sender="carol")
    before = json.loads(seen(alice))
    document = json.loads(json.dumps(stage.emulator.export()))
    other = Stage(world=document)
    assert document == other.emulator.export()
    again = other.device("alice's")
    again.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    for method in ("addConversationListener", "addFriendListener", "addGroupListener", "addAdvancedMsgListener"):
        again.reply(method, listenerUuid="l")
    again.cut()
    assert 9508 == again.reply("login", userID="alice", userSig="s")["code"]
    listed = again.call("getConversationList", nextSeq="0", count=20)["conversationList"]
    assert before["getConversationList"]["data"]["conversationList"] == listed
    again.mend()
    again.heard()
    again.login("alice")
    assert {"onFriendListDeleted", "onGroupInfoChanged", "onMemberInvited"} <= set(again.heard_types())


def test_reset_gives_installs_back_what_they_had() -> None:
    """What a document says of installs stands again after a reset."""
    stage = Stage()
    alice, bob = crew(stage)
    alice.cut()
    busy(bob)
    emulator = Emulator(Settings(world=stage.emulator.export()))
    kept = emulator.export()
    device = emulator.open("alice's")
    emulator.call(device, "initSDK", INIT)
    emulator.call(device, "login", {"userID": "alice", "userSig": "s"})
    assert ("alice", "alice's") not in emulator.world[installs.STORES]
    emulator.reset()
    assert kept == emulator.export()


ROW = {"$row": {"users.User": {"user_id": "bob"}}}


@pytest.mark.parametrize(
    ("kept", "path"),
    [
        ({"had": [["nowhere", ROW]]}, "installs[0].had[0][0]"),
        ({"had": [["groups", ROW]]}, "installs[0].had[0][1]"),
        ({"had": [["users", 3]]}, "installs[0].had[0][1]"),
        ({"lacked": [["messages", None]]}, "installs[0].lacked[0][1]"),
        ({"lacked": [["members", "one"]]}, "installs[0].lacked[0][1]"),
        ({"lacked": [["drafts", "one"]]}, "installs[0].lacked[0][0]"),
    ],
)
def test_odd_installs_are_refused(kept: dict[str, Any], path: str) -> None:
    """What cannot be an install's is refused, with its place."""
    row = {"user_id": "alice", "install": "", "order": 1, **kept}
    with pytest.raises(WorldError) as refused:
        Emulator(Settings(world={"exact": True, "installs": [row]}))
    assert path == refused.value.path


PREFIX: list[tuple[str, dict[str, Any]]] = [
    ("bridge.device.open", {"device": "phone"}),
    ("initSDK", INIT),
    ("login", {"userID": "alice", "userSig": "s"}),
    ("setConversationDraft", {"conversationID": "c2c_bob", "draftText": "half"}),
    ("insertC2CMessageToLocalStorage", {"data": "note", "userID": "carol", "sender": "carol"}),
    ("bridge.user.call", {"user": "bob", "method": "createImageMessage", "arguments": {"imagePath": "/a.png"}}),
    ("bridge.user.say", {"user": "bob", "to": "alice", "text": "one"}),
    ("getTotalUnreadMessageCount", {}),
    ("bridge.service.connectionLost", {"device": "phone"}),
    ("bridge.user.say", {"user": "bob", "to": "alice", "text": "two"}),
    ("bridge.user.call", {"user": "bob", "method": "addFriend", "arguments": {"userID": "alice", "addType": 2}}),
    ("bridge.device.close", {"device": "phone"}),
    ("bridge.user.say", {"user": "dave", "to": "alice", "text": "three"}),
]
SUFFIX: list[tuple[str, dict[str, Any]]] = [
    ("bridge.device.open", {"device": "phone"}),
    ("initSDK", INIT),
    ("addConversationListener", {"listenerUuid": "c"}),
    ("addFriendListener", {"listenerUuid": "f"}),
    ("bridge.service.connectionLost", {"device": "phone"}),
    ("login", {"userID": "alice", "userSig": "s"}),
    ("getConversationList", {"nextSeq": "0", "count": 20}),
    ("getC2CHistoryMessageList", {"userID": "bob", "count": 20}),
    ("bridge.service.connectionRestored", {"device": "phone"}),
    ("login", {"userID": "alice", "userSig": "s"}),
    ("addAdvancedMsgListener", {"listenerUuid": "m"}),
    ("getConversationList", {"nextSeq": "0", "count": 20}),
    ("getC2CHistoryMessageList", {"userID": "bob", "count": 20}),
    ("bridge.user.say", {"user": "erin", "to": "alice", "text": "four"}),
    ("bridge.world.export", {}),
]


def lines(calls: list[tuple[str, dict[str, Any]]], first: int) -> list[str]:
    """Return calls as a client writes them; those of the plugin go to the phone."""
    said = []
    for number, (method, params) in enumerate(calls, first):
        if not method.startswith("bridge."):
            method, params = "bridge.device.call", {"device": "phone", "method": method, "arguments": params}
        said.append(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
    return said


def served(said: list[str], *options: str) -> list[str]:
    """Return what a fresh process answers."""
    command = [sys.executable, "-m", "bridge", "serve", *options]
    done = subprocess.run(command, input="\n".join(said) + "\n", capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


def test_another_process_goes_on_alike(tmp_path: Path) -> None:
    """A world that was written down answers the rest of the story in another process byte by byte as it would have here."""
    export = [json.dumps({"jsonrpc": "2.0", "id": 99, "method": "bridge.world.export"})]
    here = served([*lines(PREFIX, 1), *export, *lines(SUFFIX, 100)])
    at = next(place for place, line in enumerate(here) if json.loads(line).get("id") == 99)
    file = tmp_path / "world.json"
    file.write_text(json.dumps(json.loads(here[at])["result"]))
    assert here[at + 1 :] == served(lines(SUFFIX, 100), "--world", str(file))
    assert any("onConversationChanged" in line for line in here[at + 1 :])
