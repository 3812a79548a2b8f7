"""The emulator: devices and their owners, time, checkpoints, worlds side by side."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.emulator import Emulator, Server, Settings
from bridge.engine.turn import Reply
from bridge.errors import BridgeError
from tests.support.stage import INIT


def login(emulator: Emulator, user: str, hear: Any = None) -> str:
    """Log a user in on a new device with a listener for conversations."""
    device = emulator.open(f"{user}'s", hear=hear)
    emulator.call(device, "initSDK", {**INIT, "listenerUuid": "u"})
    emulator.call(device, "addConversationListener", {"listenerUuid": "c"})
    emulator.call(device, "login", {"userID": user, "userSig": "s"})
    return device


def pin(emulator: Emulator, device: str, name: str, hear: Any = None) -> Any:
    return emulator.call(device, "pinConversation", {"conversationID": name, "isPinned": True}, hear)


@pytest.mark.parametrize("wrong", [{"dialect": "chat-9"}, {"platform": "web"}])
def test_unknown_device_is_refused(wrong: dict[str, Any]) -> None:
    """A dialect or platform that is none is the operator's mistake."""
    with pytest.raises(BridgeError, match=r"chat-9|web"):
        Emulator().open("x", **wrong)


def test_owner_hears_what_others_cause() -> None:
    """Events reach the owner of a device, but not the caller, who has the turn."""
    emulator = Emulator()
    mine: list[Any] = []
    theirs: list[Any] = []
    phone = login(emulator, "alice", mine.append)
    tablet = emulator.open("tablet", platform="ios", hear=theirs.append)
    for method, arguments in (
        ("initSDK", {**INIT, "listenerUuid": "u"}),
        ("addConversationListener", {"listenerUuid": "c"}),
        ("login", {"userID": "alice", "userSig": "s"}),
    ):
        emulator.call(tablet, method, arguments)
    hear = mine.append
    emulator._owners[phone] = hear
    mine.clear()
    theirs.clear()
    turn = pin(emulator, phone, "c2c_bob", hear)
    assert [] == mine
    assert {tablet} == {event.device_id for event in theirs}
    assert {phone, tablet} == {event.device_id for event in turn.events}


def test_held_items_come_among_timers() -> None:
    """What is held back comes in order of time, then of holding; a turn's events leave replies out."""
    emulator = Emulator()
    now = emulator.world.now_ms
    heard: list[Any] = []
    for name, due in (("c", 300), ("a", 100), ("b", 100)):
        reply = Reply(result=name)
        reply.hear = heard.append
        emulator.hold(now + due, [reply])
    turn = emulator.advance(now + 200)
    assert ["a", "b"] == [reply.result for reply in heard]
    assert [] == turn.events
    assert now + 200 == emulator.world.now_ms
    emulator.advance(now + 300)
    assert 3 == len(heard)


def test_taps_hear_from_then_on() -> None:
    """Nothing is emitted to nobody; whoever comes late hears what follows, and each kind what it asked for."""
    emulator = Emulator()
    device = login(emulator, "alice")
    heard: list[Any] = []
    emulator.taps.on("turn", lambda *said: heard.append(said))
    turn = emulator.call(device, "getLoginUser", {})
    assert [(device, "getLoginUser", {}, turn)] == heard


def test_real_clock_follows_the_wall() -> None:
    """It moves with the wall, never back, and stays ahead by what it was put ahead; calls do not move it."""
    emulator = Emulator(Settings(real_clock=True))
    start = emulator.world.now_ms
    device = login(emulator, "alice")
    assert start == emulator.world.now_ms
    emulator.follow(start + 5000)
    emulator.follow(start + 4000)
    assert start + 5000 == emulator.world.now_ms
    emulator.advance(start + 6000)
    emulator.follow(start + 5500)
    assert start + 6500 == emulator.world.now_ms
    pin(emulator, device, "c2c_bob")
    assert start + 6500 == emulator.world.now_ms


def test_virtual_clock_ignores_the_wall() -> None:
    """It moves by calls that change something, 1 ms each, and by nothing else."""
    emulator = Emulator()
    device = login(emulator, "alice")
    before = emulator.world.now_ms
    emulator.follow(before + 9999)
    emulator.call(device, "getVersion", {})
    assert before == emulator.world.now_ms
    pin(emulator, device, "c2c_bob")
    assert before + 1 == emulator.world.now_ms


def test_worlds_do_not_meet() -> None:
    """What happens in one world shows in no other, and the same script says the same in each."""
    server = Server(Settings(seed=3))
    texts = []
    for name in ("one", "two"):
        emulator = server.world(name)
        device = login(emulator, "alice")
        assert 0 == len(emulator.call(device, "getConversationList", {"nextSeq": "0", "count": 9}).result["data"]["conversationList"])
        pin(emulator, device, "c2c_bob")
        texts.append(json.dumps(emulator.export()))
    assert texts[0] == texts[1]
    assert ["one", "two"] == server.names()
    assert server.world("one") is server.world("one")


def test_seed_varies_ids() -> None:
    """Another seed gives other message ids, the same one the same."""

    def sent(seed: int) -> str:
        emulator = Emulator(Settings(seed=seed))
        device = login(emulator, "alice")
        created = emulator.call(device, "createTextMessage", {"text": "hi"}).result["data"]
        arguments = {"id": created["id"], "receiver": "bob", "groupID": ""}
        message: str = emulator.call(device, "sendMessage", arguments).result["data"]["msgID"]
        return message

    assert sent(1) == sent(1) != sent(2)


def test_checkpoint_holds_clock_and_sessions() -> None:
    """Going back restores the clock, who is logged in and what listens; it can be done again."""
    emulator = Emulator()
    device = login(emulator, "alice")
    point, now = emulator.checkpoint(), emulator.world.now_ms
    for _ in range(2):
        emulator.advance(emulator.world.now_ms + 60_000)
        emulator.call(device, "logout", {})
        emulator.call(device, "removeConversationListener", {"listenerUuid": "c"})
        emulator.rollback(point)
        assert now == emulator.world.now_ms
        assert "alice" == emulator.call(device, "getLoginUser", {}).result["data"]
        assert ("c",) == emulator.engine.device(device).listeners["conversations"]


def test_unknown_checkpoint() -> None:
    """A name that was never given is a KeyError, for the control plane to explain."""
    with pytest.raises(KeyError):
        Emulator().rollback("checkpoint-1")
