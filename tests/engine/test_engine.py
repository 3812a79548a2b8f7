"""The engine: a call in, a turn out; time; what happens by itself."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.engine.engine import Engine, Options
from bridge.engine.turn import Event, Reply, Turn
from bridge.world import facts
from bridge.world.devices import DEVICES
from bridge.world.world import World
from tests.support.stage import INIT

GROUP = {"groupName": "g", "conversationIDList": ["c2c_bob"]}


def ready(engine: Engine, name: str = "", dialect: str = "chat-8.2", platform: str = "android", user: str = "alice") -> str:
    """Return a device that is logged in and listens for conversations."""
    number = len(engine.world[DEVICES].rows) + 1
    device = engine.open_device(name, dialect, platform, number=number)
    for method, arguments in (
        ("initSDK", {**INIT, "listenerUuid": "sdk"}),
        ("addConversationListener", {"listenerUuid": "one"}),
        ("login", {"userID": user, "userSig": "sig"}),
    ):
        turn = engine.call(device, method, arguments)
        assert turn.error is None
    return device


@pytest.fixture
def engine() -> Engine:
    return Engine(World())


def types(events: list[Any]) -> list[str]:
    return [event.arguments["type"] for event in events]


# --- devices


def test_devices_with_one_name_have_storage_of_their_own(engine: Engine) -> None:
    """Local storage goes by the name; a second device of the same name gets another, one that comes later has the first's again."""
    first = engine.open_device("phone", "chat-8.2", "android", number=1)
    second = engine.open_device("phone", "chat-8.2", "ios", number=2)
    assert "phone" == engine.device(first).install != engine.device(second).install
    engine.close_device(first)
    third = engine.open_device("phone", "chat-8.2", "android", number=3)
    assert "phone" == engine.device(third).install


def test_closed_devices_are_gone(engine: Engine) -> None:
    """Closing twice does nothing."""
    device = engine.open_device("phone", "chat-8.2", "android", number=1)
    engine.close_device(device)
    assert [] == engine.close_device(device).events
    with pytest.raises(KeyError):
        engine.device(device)


# --- calls


def test_turn_has_one_reply_and_events_in_order(engine: Engine) -> None:
    """Result or error; the events around it say for which device they are."""
    device = ready(engine)
    turn = engine.call(device, "createConversationGroup", GROUP)
    assert (0, None, []) == (turn.result["code"], turn.error, turn.before)
    assert ["onConversationGroupCreated", "onConversationChanged"] == types(turn.after)
    assert {device} == {event.device_id for event in turn.events}


def test_events_are_in_each_devices_dialect(engine: Engine) -> None:
    """The same fact, told to each as its platform tells it."""
    kinds = [("chat-8.2", "android"), ("chat-8.2", "ios"), ("im-5.0", "ios")]
    engine.world.policy = type(engine.world.policy)(instances=5)
    by_device = {ready(engine, f"{kind}", *kind): kind for kind in kinds}
    first = next(iter(by_device))
    turn = engine.call(first, "createConversationGroup", GROUP)
    for event in turn.events:
        has_method = by_device[event.device_id][1] == "android"
        assert has_method == ("method" in event.arguments)
    heard = {event.device_id for event in turn.events if event.arguments["type"] == "onConversationGroupCreated"}
    assert set(by_device) == heard


def test_each_listener_of_an_old_dialect_is_told(engine: Engine) -> None:
    """One event per listener with its uuid there; one for all in the newer one."""
    for dialect, uuids in (("chat-8.2", [""]), ("im-5.0", ["one", "two"])):
        device = ready(engine, dialect, dialect, user=dialect)
        engine.call(device, "addConversationListener", {"listenerUuid": "two"})
        turn = engine.call(device, "createConversationGroup", GROUP)
        created = [e for e in turn.events if e.arguments["type"] == "onConversationGroupCreated"]
        assert uuids == [event.arguments["listenerUuid"] for event in created]


def test_calls_of_known_methods_are_counted(engine: Engine) -> None:
    """What clients invent takes no memory."""
    device = ready(engine)
    engine.call(device, "noSuchMethod", {})
    engine.call(device, "getLoginUser", {})
    engine.call(device, "getLoginUser", {"TIMManagerName": "wrong"})
    assert 2 == engine.calls["getLoginUser"]
    assert "noSuchMethod" not in engine.calls


def test_clock_steps_where_it_does_not_follow_the_wall(engine: Engine) -> None:
    """1 ms per call that changes something, unless told otherwise."""
    device = ready(engine)
    for step_ms in (1, 0):
        engine.step_ms = step_ms
        before = engine.world.now_ms
        engine.call(device, "pinConversation", {"conversationID": "c2c_bob", "isPinned": bool(step_ms)})
        engine.call(device, "getLoginUser", {})
        assert before + step_ms == engine.world.now_ms


# --- time, and what happens by itself


def test_what_happens_by_itself_is_a_turn(engine: Engine) -> None:
    """Its result is what the action has returned, its events have no cause."""
    device = ready(engine)

    def act() -> str:
        engine.world.state("connected", facts.device(device))
        return "done"

    turn = engine.run(act)
    assert ("done", ["onConnectSuccess"]) == (turn.result, types(turn.after))
    assert 0 == list(engine.journal.entries())[-1].cause


def test_what_fails_by_itself_has_not_happened(engine: Engine) -> None:
    """The error comes out, the world is as it was."""
    device = ready(engine)

    def act() -> None:
        engine.world[DEVICES].drop(device)
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError):
        engine.run(act)
    assert "alice" == engine.device(device).user_id


def test_time_passes_in_order(engine: Engine) -> None:
    """The clock stands at each timer's time while it fires, and at the new time in the end."""
    device = ready(engine)
    engine.call(device, "addSignalingListener", {"listenerUuid": "s"})
    start = engine.world.now_ms
    for timeout in (5, 2):
        engine.call(device, "invite", {"invitee": "bob", "data": "", "timeout": timeout, "onlineUserOnly": False})
    turn = engine.advance(start + 60_000)
    assert start + 60_000 == engine.world.now_ms
    assert ["onInvitationTimeout"] * 2 == [kind for kind in types(turn.after) if kind == "onInvitationTimeout"]
    fired = [entry.ms for entry in engine.journal.entries() if entry.kind == "event" and entry.value["type"] == "onInvitationTimeout"]
    assert [2, 5] == [(ms - start) // 1000 for ms in fired]


def test_time_does_not_go_back(engine: Engine) -> None:
    """Asked for the past, the clock stays."""
    before = engine.world.now_ms
    engine.advance(before - 1)
    assert before == engine.world.now_ms


# --- turns


def test_late_replies_are_no_events() -> None:
    """They stand among them, and leave their count alone."""
    turn = Turn()
    event = Event("d1", "x", {"type": "t"})
    turn.items += [Reply(), event]
    assert [event] == turn.events == turn.after
    assert "d1" in repr(event)


def test_options_have_defaults() -> None:
    """Nothing is strict or faithful unless asked for."""
    assert (False, False, 10_000) == (Options().strict, Options().faithful, Options().journal_size)
