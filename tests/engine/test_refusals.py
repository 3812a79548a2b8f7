"""Refusals that a fault puts in: the shape and the side effects of those by the service."""

from __future__ import annotations

from typing import Any

import pytest

from bridge import handlers
from bridge.catalogue import load
from bridge.dialects import get
from bridge.engine.turn import Turn
from bridge.world.kernel import codes
from tests.support.groups import create
from tests.support.stage import Phone, Stage

MUTED, STALE = 20012, 8006

VALUES: dict[str, Any] = {
    "text": "hi",
    "data": "d",
    "customData": "d",
    "desc": "e",
    "extension": "x",
    "index": 1,
    "longitude": 1.0,
    "latitude": 2.0,
    "imagePath": "/a.png",
    "soundPath": "/a.mp3",
    "videoFilePath": "/a.mp4",
    "snapshotPath": "/a.png",
    "filePath": "/a.txt",
    "fileName": "a.txt",
    "duration": 1,
    "type": "mp4",
    "title": "t",
    "abstractList": ["a"],
    "compatibleText": "c",
    "atUserList": ["carol"],
    "priority": 0,
    "onlineUserOnly": False,
    "isExcludedFromUnreadCount": False,
    "userID": "bob",
    "receiver": "bob",
    "groupID": "",
}


def leaving(stage: Stage) -> list[str]:
    """Return the methods of a dialect that leave something behind when the service refuses."""
    dialect = get(stage.dialect, stage.platform)
    return [name for name in load(stage.dialect).method_names if handlers.leaves_something(dialect.handler_of(name))]


def muted(stage: Stage, is_muted: bool = True) -> None:
    """Let the service refuse what alice sends, by a rule of its own, or no longer."""
    stage.world.policy.switches.clear()
    if is_muted:
        stage.world.policy.switches["muted_accounts"] = ["alice"]


def refuse(stage: Stage, method: str, code: int, by_fault: bool) -> None:
    """Have the next calls of a method refused, by a fault or by a rule."""
    if by_fault:
        stage.emulator.engine.faults.set({"method": method}, {"code": code})
    else:
        muted(stage)


def send(stage: Stage, method: str, by_fault: bool) -> tuple[Phone, Turn]:
    """Have alice's message refused, whichever method sends it. Returns her device, and the turn."""
    alice = stage.enter("alice", "phone")
    group = create(alice, "Public")
    first = alice.send("first", to="bob")
    muted(stage)
    created = alice.call("createTextMessage", text="failed")
    failed = alice.reply("sendMessage", id=created["id"], receiver="bob", groupID="")["data"]
    muted(stage, False)
    local_id = alice.call("createTextMessage", text="hi")["id"]
    made = {**VALUES, "id": local_id, "msgIDList": [first["msgID"]]}
    made["msgID"] = (failed if method == "reSendMessage" else first)["msgID"]
    if method in ("sendGroupTextMessage", "sendGroupCustomMessage", "sendTextAtMessage"):
        made |= {"groupID": group, "receiver": ""}
    spec = load(stage.dialect).method(method)
    assert spec is not None
    arguments = {param.key: made[param.key] for param in spec.params if param.key in made}
    alice.heard()
    refuse(stage, method, MUTED, by_fault)
    return alice, alice.turn(method, **arguments)


def test_failed_sends_keep_the_message(stage: Stage) -> None:
    """Every send that a fault refuses answers, tells and leaves what one does that the service has refused."""
    sends = [name for name in leaving(stage) if stage.has(name) and name not in ("login", "modifyMessage")]
    assert {name for name in ("sendMessage", "reSendMessage", "sendC2CTextMessage") if stage.has(name)} <= set(sends)
    for method in sends:
        left = []
        for by_fault in (False, True):
            one = Stage(stage.dialect, stage.platform)
            alice, turn = send(one, method, by_fault)
            kept = [row for row in one.world.tables["messages"].sorted() if row.status == 3]
            assert len(kept) == (1 if method == "reSendMessage" else 2), method
            left.append((turn.error, turn.result, alice.heard(), one.snapshot()))
            assert not one.problems
        assert left[0] == left[1], method


def test_failed_message_has_its_id(stage: Stage) -> None:
    """The code of the fault comes with the message, its local id and status 3; the history has it, and it can be sent again."""
    alice = stage.enter("alice")
    created = alice.call("createTextMessage", text="hi")
    fault = stage.emulator.engine.faults.set({"method": "sendMessage"}, {"code": 80001, "desc": "no"})
    reply = alice.reply("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert (80001, "no", 3, created["id"]) == (reply["code"], reply["desc"], reply["data"]["status"], reply["data"]["id"])
    history = alice.history("bob")
    assert [(reply["data"]["msgID"], 3)] == [(row["msgID"], row["status"]) for row in history]
    stage.emulator.engine.faults.drop(fault.number)
    if stage.has("reSendMessage"):
        again = alice.call("reSendMessage", msgID=reply["data"]["msgID"], onlineUserOnly=False)
        assert (2, reply["data"]["msgID"]) == (again["status"], again["msgID"])


def test_fault_comes_before_other_refusals(stage: Stage) -> None:
    """Without a network, and to nobody, the code is the fault's, with the message."""
    alice = stage.enter("alice")
    stage.emulator.engine.faults.set({"method": "sendMessage"}, {"code": 80001})
    for receiver in ("bob", ""):
        created = alice.call("createTextMessage", text="hi")
        reply = alice.reply("sendMessage", id=created["id"], receiver=receiver, groupID="")
        assert (80001, 3) == (reply["code"], reply["data"]["status"])


def test_service_that_is_not_asked(stage: Stage) -> None:
    """A message that was never created, and a client that nobody is logged in on: the code of the fault, and nothing is left."""
    alice = stage.enter("alice")
    stage.emulator.engine.faults.set({"method": "sendMessage"}, {"code": 80001})
    stage.emulator.engine.faults.set({"method": "sendTextMessage"}, {"code": 80001})
    assert 80001 == alice.refused("sendMessage", id="never there", receiver="bob", groupID="")
    used = {**VALUES, "id": alice.call("createTextMessage", text="hi")["id"]}
    alice.call("logout")
    assert 80001 == alice.refused("sendMessage", **{key: used[key] for key in ("id", "receiver", "groupID")})


def test_fault_on_other_calls_leaves_nothing(stage: Stage) -> None:
    """A call that has nothing to leave is not carried out at all."""
    alice = stage.enter("alice")
    stage.emulator.engine.faults.set({"method": "pinConversation"}, {"code": 51012})
    alice.send("hi", to="bob")
    assert 51012 == alice.refused("pinConversation", conversationID="c2c_bob", isPinned=True)


@pytest.mark.parametrize("by_fault", [False, True])
def test_refused_login_opens_the_store(stage: Stage, by_fault: bool) -> None:
    """A login that was refused, by whomever, lets the local history of its user be read."""
    alice = stage.enter("alice")
    alice.send("hi", to="bob")
    alice.call("logout")
    if by_fault:
        stage.emulator.engine.faults.set({"method": "login"}, {"code": codes.USER_SIG_EMPTY})
    reply = alice.reply("login", userID="alice", userSig="s" if by_fault else "")
    assert (codes.USER_SIG_EMPTY, 3) == (reply["code"], alice.call("getLoginStatus"))
    assert 1 == len(alice.history("bob"))


@pytest.mark.uses("modifyMessage")
def test_refused_change_shows_the_message(stage: Stage) -> None:
    """modifyMessage answers success with an outcome: the code of the fault, and the message as it stays; Windows answers the refusal."""
    alice = stage.enter("alice")
    sent = alice.send("old", to="bob")
    alice.heard()
    stage.emulator.engine.faults.set({"method": "modifyMessage"}, {"code": STALE})
    (row,) = alice.call("findMessages", messageIDList=[sent["msgID"]])
    if stage.on_windows:
        assert STALE == alice.refused("modifyMessage", message={**row, "textElem": {"text": "new"}})
        return
    outcome = alice.call("modifyMessage", message={**row, "textElem": {"text": "new"}})
    assert (STALE, codes.text(STALE)) == (outcome["code"], outcome["desc"])
    assert "old" == outcome["message"]["textElem"]["text"]
    assert [] == alice.heard()
