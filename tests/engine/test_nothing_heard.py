"""A call that fails behind what it has caused already: nobody hears of that, and nothing of it stays."""

from __future__ import annotations

from typing import Any

import pytest

from bridge import handlers
from bridge.errors import ChatError, ProtocolError
from tests.support.stage import Phone, Stage

ENDS: dict[str, Exception] = {
    "refusal": ChatError(8888),
    "protocol": ProtocolError(-32602, "no"),
    "bug": RuntimeError("a bug"),
}


def fail_behind(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    """Let a handler do all that it does, and then fail."""
    handler = handlers.find(name)
    assert handler is not None

    def failing(caller: Any, **arguments: Any) -> Any:
        handler(caller, **arguments)
        raise error

    monkeypatch.setitem(handlers._FOUND, name, failing)


def friends(stage: Stage) -> tuple[Phone, Phone, Phone]:
    """Let two people and one who is called enter, one of them with two devices."""
    return stage.enter("alice"), stage.enter("alice", "tablet", platform=stage.other_platform), stage.enter("bob")


@pytest.mark.parametrize("end", ENDS)
def test_failed_calls_tell_nobody(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the caller nor other devices nor other people hear of what was undone, and the journal has no event of it."""
    stage = Stage()
    stage.problems.clear()
    alice, tablet, bob = friends(stage)
    fail_behind(monkeypatch, "signaling.invite", ENDS[end])
    before, last = stage.snapshot(), stage.emulator.engine.journal.last
    turn = alice.turn("invite", invitee="bob", data="call", timeout=30, onlineUserOnly=False, offlinePushInfo=None)
    assert ([], [], []) == (turn.events, turn.before, turn.after)
    assert [turn.reply] == turn.items
    assert [] == alice.heard() + tablet.heard() + bob.heard()
    assert before == stage.snapshot()
    assert ["call", "reply"] == [entry.kind for entry in stage.emulator.engine.journal.entries(last)]
    if end == "refusal":
        assert (None, 8888) == (turn.error, turn.result["code"])
    else:
        assert turn.error is not None and turn.result is None
        stage.problems.clear()  # the referee tells of the bug
    assert 0 == alice.reply("getLoginStatus")["code"]


def test_faults_undo_what_did_not_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that ends well without having asked the service, where a fault was to refuse it, does not happen."""
    stage = Stage()
    alice, tablet, bob = friends(stage)
    create = handlers.find("conversation_groups.create_conversation_group")
    assert create is not None

    def unasked(caller: Any, **_: Any) -> Any:
        return create(caller, "Work", ["c2c_bob"])

    created = alice.call("createTextMessage", text="hi")
    monkeypatch.setitem(handlers._FOUND, "message.send_message", unasked)
    stage.emulator.engine.faults.set({"method": "sendMessage"}, {"code": 80001})
    before = stage.snapshot()
    turn = alice.turn("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert (None, 80001, []) == (turn.error, turn.result["code"], turn.events)
    assert [] == tablet.heard() + bob.heard()
    assert before == stage.snapshot()
