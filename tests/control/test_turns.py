"""`bridge.turn`, for clients that cannot wait for input."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.control import session as sessions
from bridge.engine.engine import Options
from tests.support.line import Line


@pytest.fixture
def line() -> Line:
    """Return a connection in push mode, on which alice is logged in and listens."""
    line = Line()
    line.start("alice")
    return line


def types(answer: dict[str, Any], **marks: bool) -> list[str]:
    """Return the types of a turn's events that have those marks and no others."""
    known = {"device", "method", "arguments"}
    return [
        event["arguments"]["type"]
        for event in answer["events"]
        if {key: value for key, value in event.items() if key not in known} == marks
    ]


def create(name: str) -> dict[str, Any]:
    return {"groupName": name, "conversationIDList": ["c2c_bob"]}


CREATED = ["onConversationGroupCreated", "onConversationChanged"]


def test_turn_has_all_that_a_call_caused(line: Line) -> None:
    """Its result, and its events in order, in one reply."""
    answer = line.turn("createConversationGroup", **create("g"))
    assert 0 == answer["result"]["code"]
    assert CREATED == types(answer)
    assert {"device": "", "method": "conversationListener"} == {key: answer["events"][0][key] for key in ("device", "method")}
    assert [] == line.take()


def test_first_turn_ends_the_pushing(line: Line) -> None:
    """From then on events wait, those of plain calls too."""
    assert len(line.request("createConversationGroup", create("one"))) > 1
    line.turn()
    assert 1 == len(line.request("createConversationGroup", create("two")))
    assert CREATED == types(line.turn(), earlier=True)


def test_events_of_other_causes_come_first(line: Line) -> None:
    """Marked `earlier`."""
    line.turn()
    other = Line(line.server)
    other.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert [] == line.take()
    answer = line.turn("createConversationGroup", **create("g"))
    first, *_ = answer["events"]
    assert (True, "onRecvNewMessage") == (first["earlier"], first["arguments"]["type"])
    assert CREATED == types(answer)
    assert types(answer, earlier=True) + types(answer) == [event["arguments"]["type"] for event in answer["events"]]


def test_turn_may_only_collect(line: Line) -> None:
    """Without a method, what waits is answered, once."""
    line.turn()
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    answer = line.turn()
    assert None is answer["result"]
    assert "onRecvNewMessage" in types(answer, earlier=True)
    assert {"result": None, "events": []} == line.turn()


def test_turn_takes_control_methods(line: Line) -> None:
    """Any `bridge.*` one; time's events come with it."""
    line.ask("bridge.user.call", user="bob", method="invite", arguments={"invitee": "alice", "data": "", "timeout": 5})
    line.heard()
    answer = line.turn("bridge.clock.advance", ms=6000)
    assert line.world.now_ms == answer["result"]["ms"]
    assert "onInvitationTimeout" in types(answer)


def test_turn_may_be_another_devices(line: Line) -> None:
    """`device` says whose call it is; events of all devices of the connection come with it."""
    line.ask("bridge.device.open", device="phone")
    line.start("bob", "phone")
    created = line.ask("bridge.turn", device="phone", method="createTextMessage", arguments={"text": "hi"})
    arguments = {"id": created["result"]["data"]["id"], "receiver": "alice", "groupID": ""}
    answer = line.ask("bridge.turn", device="phone", method="sendMessage", arguments=arguments)
    heard = [(event["device"], event["arguments"]["type"]) for event in answer["events"]]
    assert ("", "onRecvNewMessage") in heard
    assert ("phone", "onConversationChanged") in heard


def test_what_belongs_ahead_is_marked(line: Line) -> None:
    """Events before the reply, such as a message on its way, have `beforeReply`."""
    created = line.turn("createTextMessage", text="hi")["result"]["data"]
    answer = line.turn("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert ["onNewConversation"] == types(answer, beforeReply=True)
    assert ["onConversationChanged"] == types(answer)


@pytest.mark.parametrize(
    ("method", "code"), [("noSuchMethod", -32601), ("bridge.noSuch", -32601), ("createConversationGroup", -32602)]
)
def test_errors_are_those_of_the_call(line: Line, method: str, code: int) -> None:
    """The inner error is the turn's; what waits goes on waiting."""
    line.turn()
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert code == line.error("bridge.turn", method=method)["code"]
    assert "onRecvNewMessage" in types(line.turn(), earlier=True)


def test_ten_thousand_events_wait(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more: the oldest make room."""
    assert 10_000 == sessions.MAX_WAITING == line.session.waiting.maxlen
    line.turn()
    for number in range(5):
        line.ask("createConversationGroup", **create(f"g{number}"))
    line.session.waiting = type(line.session.waiting)(line.session.waiting, 4)
    line.ask("createConversationGroup", **create("last"))
    waiting = line.turn()["events"]
    assert 4 == len(waiting)
    assert "last" == waiting[-2]["arguments"]["data"]["groupName"]


def test_call_without_a_reply_is_pending(line: Line) -> None:
    """A fault that swallows the reply leaves the turn answered: the call was carried out, its events are there."""
    line.ask("bridge.fault.set", match={"method": "createConversationGroup"}, effect={"noReply": True})
    answer = line.turn("createConversationGroup", **create("g"))
    assert (None, True) == (answer["result"], answer["pending"])
    assert CREATED == types(answer)
    assert ["g"] == line.turn("getConversationGroupList")["result"]["data"]


def test_late_reply_comes_in_a_later_turn(line: Line) -> None:
    """Where its events stand, with the id of the request that made the call, and its events behind it."""
    line.ask("bridge.fault.set", match={"method": "createConversationGroup"}, effect={"delayMs": 500})
    line.turn()
    answer = line.turn("createConversationGroup", **create("g"))
    identifier = line._last
    assert {"result": None, "pending": True, "events": []} == answer
    assert [] == line.turn("bridge.clock.advance", ms=499)["events"]
    reply, *events = line.turn("bridge.clock.advance", ms=1)["events"]
    assert ("", identifier, 0) == (reply["device"], reply["reply"], reply["result"]["code"])
    assert CREATED == [event["arguments"]["type"] for event in events]


def test_late_error_comes_in_a_later_turn(line: Line) -> None:
    """An error, too."""
    line.ask("bridge.fault.set", match={"method": "createConversationGroup"}, effect={"delayMs": 500})
    assert line.turn("createConversationGroup", groupName=7)["pending"]
    (reply,) = line.turn("bridge.clock.advance", ms=500)["events"]
    assert (-32602, "result" in reply) == (reply["error"]["code"], False)


def test_other_devices_do_not_wait_for_a_late_reply(line: Line) -> None:
    """They hear what a call has caused when it was carried out."""
    line.ask("bridge.device.open", device="phone")
    line.start("bob", "phone")
    line.ask("bridge.fault.set", match={"method": "sendMessage"}, effect={"delayMs": 500})
    created = line.turn("createTextMessage", text="hi")["result"]["data"]
    answer = line.turn("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert answer["pending"]
    assert {"phone"} == {event["device"] for event in answer["events"]}
    assert {""} == {event["device"] for event in line.turn("bridge.clock.advance", ms=500)["events"]}


def test_faults_of_turns_disconnect(line: Line) -> None:
    """The turn is answered, then the connection ends."""
    line.ask("bridge.fault.set", match={"method": "getLoginUser"}, effect={"disconnect": True})
    assert "alice" == line.turn("getLoginUser")["result"]["data"]
    assert line.ended


def test_reply_of_a_plain_call_is_sent(line: Line) -> None:
    """A turn that lets a plain request's late reply go sends it behind itself: its client waits for that id, not for a turn."""
    line.ask("bridge.fault.set", match={"method": "getLoginUser"}, effect={"delayMs": 500})
    assert [] == line.send({"jsonrpc": "2.0", "id": "late", "method": "getLoginUser"})
    params = {"method": "bridge.clock.advance", "arguments": {"ms": 500}}
    turn, reply = line.request("bridge.turn", params)
    assert ([], line.world.now_ms) == (turn["result"]["events"], turn["result"]["result"]["ms"])
    assert ("late", "alice") == (reply["id"], reply["result"]["data"])


def test_events_of_a_failed_call_wait(line: Line) -> None:
    """A call that fails and is kicked for it answers its error; that the user is out is told by the next turn."""
    line.ask("bridge.fault.set", match={"method": "createConversationGroup"}, effect={"kick": True})
    line.turn()
    assert -32602 == line.error("bridge.turn", method="createConversationGroup")["code"]
    assert ["onKickedOffline"] == types(line.turn(), earlier=True)


def test_failed_call_of_a_turn_disconnects(line: Line) -> None:
    """A fault that breaks the connection does so behind an error as well."""
    line.ask("bridge.fault.set", match={"method": "createConversationGroup"}, effect={"disconnect": True})
    assert -32602 == line.error("bridge.turn", method="createConversationGroup")["code"]
    assert line.ended


def test_silence_is_not_late() -> None:
    """Where the platform is silent, no delay makes it say anything."""
    line = Line(options=Options(faithful=True))
    line.start("alice")
    line.ask("bridge.fault.set", match={"method": "getLoginUser"}, effect={"delayMs": 500})
    assert line.turn("getLoginUser", TIMManagerName="groupManager")["pending"]
    assert [] == line.turn("bridge.clock.advance", ms=500)["events"]
