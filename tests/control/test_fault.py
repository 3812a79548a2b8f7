"""`bridge.fault.*`: what goes wrong on purpose, seen by a client."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.line import Line


@pytest.fixture
def line() -> Line:
    """Return a connection on which alice is logged in and listens."""
    line = Line()
    line.start("alice")
    return line


def fail(line: Line, effect: dict[str, Any], **match: Any) -> int:
    """Set a fault and return its number."""
    number: int = line.ask("bridge.fault.set", match=match, effect=effect)["fault"]
    return number


def codes(line: Line, count: int, method: str = "getLoginUser") -> list[int]:
    """Make some calls and return the codes of their envelopes."""
    return [line.ask(method)["code"] for _ in range(count)]


GROUP = {"groupName": "g", "conversationIDList": ["c2c_bob"]}


# --- which calls


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({}, [9, 9, 9]),
        ({"method": "getLoginUser"}, [9, 9, 9]),
        ({"method": "getLoginStatus"}, [0, 0, 0]),
        ({"user": "alice"}, [9, 9, 9]),
        ({"user": "bob"}, [0, 0, 0]),
        ({"device": ""}, [9, 9, 9]),
        ({"device": "phone"}, [0, 0, 0]),
        ({"method": "getLoginUser", "user": "bob"}, [0, 0, 0]),
        ({"times": 2}, [9, 9, 0]),
        ({"nth": 2}, [0, 9, 9]),
        ({"nth": 2, "times": 1}, [0, 9, 0]),
        ({"nth": 3, "times": 5}, [0, 0, 9]),
        ({"probability": 0}, [0, 0, 0]),
        ({"probability": 1}, [9, 9, 9]),
        ({"method": None, "nth": None}, [9, 9, 9]),
    ],
)
def test_calls_that_match(line: Line, match: dict[str, Any], expected: list[int]) -> None:
    """By method, user and device; from the `nth` on; `times` often, of which skipped calls use none up."""
    fail(line, {"code": 9}, **match)
    assert expected == codes(line, 3)


def test_first_set_wins(line: Line) -> None:
    """Of several faults that would take a call; the others count it all the same."""
    fail(line, {"code": 1}, times=1)
    fail(line, {"code": 2}, nth=2, times=1)
    fail(line, {"code": 3})
    assert [1, 2, 3] == codes(line, 3)


def test_faults_match_logins(line: Line) -> None:
    """A login counts as a call of the user who logs in."""
    line.ask("bridge.device.open", device="phone")
    phone = {"device": "phone", "method": "initSDK", "arguments": {"sdkAppID": 1, "logLevel": 3, "uiPlatform": 0}}
    line.ask("bridge.device.call", **phone)
    fail(line, {"code": 70001}, user="bob")
    for user, code in (("bob", 70001), ("carol", 0)):
        login = {"method": "login", "arguments": {"userID": user, "userSig": "sig"}}
        assert code == line.ask("bridge.device.call", device="phone", **login)["code"]


def test_faults_reach_inner_calls(line: Line) -> None:
    """Inside `bridge.turn`, `device.call` and `user.call`."""
    line.ask("bridge.device.open", device="phone")
    fail(line, {"code": 9})
    inner = {"method": "getLoginUser"}
    assert 9 == line.ask("bridge.device.call", device="phone", **inner)["code"]
    assert 9 == line.ask("bridge.user.call", user="bob", **inner)["code"]
    assert 9 == line.ask("bridge.turn", **inner)["result"]["code"]
    assert 9 == line.ask("bridge.turn", method="bridge.user.call", arguments={"user": "bob", **inner})["result"]["code"]


def test_faults_leave_the_control_plane_alone(line: Line) -> None:
    """No `bridge.*` method is matched, nor the calls that the bridge makes for hidden devices by itself."""
    fail(line, {"noReply": True})
    assert {"ms": line.world.now_ms} == line.ask("bridge.clock.now")
    assert [] == line.request("bridge.user.call", {"user": "bob", "method": "getLoginUser"})
    (fault,) = line.ask("bridge.fault.list")["faults"]
    assert (1, 1) == (fault["seen"], fault["taken"])  # not the login of bob's hidden device


def test_probability_is_seeded(line: Line) -> None:
    """The same seed fails the same calls; another one others; about as many as asked for."""

    def pattern(seed: int) -> list[int]:
        line = Line(seed=seed)
        line.start("alice")
        fail(line, {"code": 9}, probability=0.3)
        return codes(line, 200)

    first = pattern(0)
    assert first == pattern(0)
    assert first != pattern(1)
    assert 30 < first.count(9) < 90


# --- what happens


def test_code_replaces_the_call(line: Line) -> None:
    """Nothing happens in the world, not even the clock moves; a desc may be given, else the code's own is taken."""
    fail(line, {"code": 51011, "desc": "no"}, times=1)
    fail(line, {"code": 9508}, times=1)
    before = line.snapshot()
    assert {"code": 51011, "desc": "no"} == line.ask("createConversationGroup", **GROUP)
    assert 9508 == line.ask("createConversationGroup", **GROUP)["code"]
    assert before == line.snapshot()
    assert [] == line.heard()


def test_exception_replaces_the_call(line: Line) -> None:
    """The error -32002, whose data is the exception."""
    fail(line, {"platformException": {"code": "c", "message": "m", "details": {"a": [1]}}}, times=1)
    fail(line, {"platformException": {"code": "c"}}, times=1)
    before = line.snapshot()
    error = line.error("createConversationGroup", **GROUP)
    assert (-32002, {"code": "c", "message": "m", "details": {"a": [1]}}) == (error["code"], error["data"])
    assert {"code": "c", "message": None, "details": None} == line.error("createConversationGroup", **GROUP)["data"]
    assert before == line.snapshot()


def test_silence_carries_the_call_out(line: Line) -> None:
    """No reply; what the call has caused is heard, and stays."""
    fail(line, {"noReply": True}, method="createConversationGroup")
    came = line.request("createConversationGroup", GROUP)
    assert ["onConversationGroupCreated", "onConversationChanged"] == [message["params"]["type"] for message in came]
    assert ["g"] == line.call("getConversationGroupList")


@pytest.mark.parametrize("delay", [0, 1, 1500])
def test_delay_holds_the_reply(line: Line, delay: int) -> None:
    """Carried out at once; answered, and heard by the caller, when it has passed on the world's clock."""
    fail(line, {"delayMs": delay}, method="createConversationGroup")
    assert [] == line.request("createConversationGroup", GROUP)
    assert ["g"] == line.call("getConversationGroupList")
    if delay:
        assert 1 == len(line.request("bridge.clock.advance", {"ms": delay - 1}))
    _, reply, *events = line.request("bridge.clock.advance", {"ms": 1 if delay else 0})
    assert 0 == reply["result"]["code"]
    assert ["onConversationGroupCreated", "onConversationChanged"] == [event["params"]["type"] for event in events]


def test_delays_are_let_go_in_order(line: Line) -> None:
    """By when they are due, then by when they were called; among the world's timers by time."""
    invitation = {"invitee": "alice", "data": "", "timeout": 2}
    line.ask("bridge.user.call", user="bob", method="invite", arguments=invitation)
    for delay in (3000, 1000, 3000, 2500):
        fail(line, {"delayMs": delay}, method="getLoginUser", times=1)
    for name in "abcd":
        line.send({"jsonrpc": "2.0", "id": name, "method": "getLoginUser"})
    answer, *came = line.request("bridge.clock.advance", {"ms": 10_000})
    assert line.world.now_ms == answer["result"]["ms"]
    said = [message.get("id") or message["params"]["type"] for message in came]
    assert ["b", "d", "a", "c"] == [what for what in said if len(what) == 1]
    assert said.index("b") < said.index("onInvitationTimeout") < said.index("d")


def test_delays_outlive_a_reset(line: Line) -> None:
    """The clock is rewound, faults are forgotten; who waits for a reply still gets it, after as long as it was to be."""
    fail(line, {"delayMs": 1000})
    line.send({"jsonrpc": "2.0", "id": "late", "method": "getLoginUser"})
    line.ask("bridge.world.reset")
    assert {"faults": []} == line.ask("bridge.fault.list")
    assert 1 == len(line.request("bridge.clock.advance", {"ms": 998}))
    assert ["late"] == [message["id"] for message in line.request("bridge.clock.advance", {"ms": 2})[1:]]


def test_nobody_waits_on_a_closed_connection(line: Line) -> None:
    """A reply that was held back for somebody who is gone goes nowhere."""
    other = Line(line.server)
    other.start("bob")
    fail(line, {"delayMs": 1000}, user="bob")
    assert [] == other.request("getLoginUser")
    other.session.close()
    line.ask("bridge.clock.advance", ms=1000)
    assert [] == other.take()


def test_connection_breaks_behind_the_reply(line: Line) -> None:
    """`disconnect`: answered, then the end; others see the app's end once it is over."""
    fail(line, {"disconnect": True}, method="createConversationGroup")
    came = line.request("createConversationGroup", GROUP)
    assert 0 == came[0]["result"]["code"]
    assert 3 == len(came)
    assert line.ended


def test_batch_ends_with_the_connection(line: Line) -> None:
    """A batch is answered to its end."""
    fail(line, {"disconnect": True}, times=1)
    call = {"jsonrpc": "2.0", "method": "getLoginUser"}
    (replies,) = line.send([{**call, "id": 1}, {**call, "id": 2}])
    assert ([1, 2], True) == ([reply["id"] for reply in replies], line.ended)


def test_kick_behind_the_reply(line: Line) -> None:
    """The call is carried out and answered, then the session ends, with its event."""
    fail(line, {"kick": True}, method="createConversationGroup")
    reply, *events = line.request("createConversationGroup", GROUP)
    assert 0 == reply["result"]["code"]
    assert "onKickedOffline" == events[-1]["params"]["type"]
    assert line.call("getLoginUser") in ("", None)


def test_signature_expires_behind_the_reply(line: Line) -> None:
    """So does the UserSig."""
    fail(line, {"expireUserSig": True}, method="createConversationGroup")
    reply, *events = line.request("createConversationGroup", GROUP)
    assert 0 == reply["result"]["code"]
    assert "onUserSigExpired" == events[-1]["params"]["type"]


@pytest.mark.parametrize("effect", [{"kick": True}, {"expireUserSig": True}])
def test_nothing_happens_to_nobody(effect: dict[str, Any]) -> None:
    """Where nobody is logged in, there is nobody to kick."""
    line = Line()
    fail(line, effect)
    assert 1 == len(line.request("getVersion", {}))


def test_faults_are_in_the_journal(line: Line) -> None:
    """With the call that they have taken as their cause."""
    fail(line, {"code": 9})
    line.ask("getLoginUser")
    (entry,) = line.journal("fault")
    calls = {call["seq"]: call["method"] for call in line.journal("call")}
    assert "getLoginUser" == calls[entry["cause"]]
    assert "code" in entry["text"]


# --- keeping them


def test_faults_are_listed(line: Line) -> None:
    """With what they are about, what they do, and how often they did."""
    fail(line, {"code": 9, "desc": "x"}, method="getLoginUser", nth=2)
    codes(line, 3)
    expected = {"fault": 1, "match": {"method": "getLoginUser", "nth": 2}, "effect": {"code": 9, "desc": "x"}, "seen": 3, "taken": 2}
    assert {"faults": [expected]} == line.ask("bridge.fault.list")


def test_faults_are_cleared(line: Line) -> None:
    """One or all; numbers are never given twice."""
    first, second = fail(line, {"code": 1}), fail(line, {"code": 2})
    line.ask("bridge.fault.clear", fault=first)
    assert [2] == codes(line, 1)
    assert -32000 == line.error("bridge.fault.clear", fault=first)["code"]
    line.ask("bridge.fault.clear")
    assert [0] == codes(line, 1)
    assert fail(line, {"code": 3}) not in (first, second)


@pytest.mark.parametrize("method", ["bridge.world.reset", "bridge.world.load"])
def test_new_worlds_have_no_faults(line: Line, method: str) -> None:
    """reset and load clear them."""
    fail(line, {"code": 9})
    line.ask(method, **({"world": line.ask("bridge.world.export")} if method.endswith("load") else {}))
    assert {"faults": []} == line.ask("bridge.fault.list")


def test_rollback_leaves_faults_alone(line: Line) -> None:
    """They are no part of the world."""
    checkpoint = line.ask("bridge.world.checkpoint")["checkpoint"]
    fail(line, {"code": 9})
    line.ask("bridge.world.rollback", checkpoint=checkpoint)
    assert [9] == codes(line, 1)


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({}, "effect"),
        ({"effect": {}}, "effect"),
        ({"effect": {"code": 1, "noReply": True}}, "effect"),
        ({"effect": {"code": 0}}, "effect.code"),
        ({"effect": {"code": "1"}}, "effect.code"),
        ({"effect": {"code": True}}, "effect.code"),
        ({"effect": {"code": 1, "desc": 2}}, "effect.desc"),
        ({"effect": {"noReply": True, "desc": "x"}}, "effect.desc"),
        ({"effect": {"noReply": False}}, "effect.noReply"),
        ({"effect": {"delayMs": -1}}, "effect.delayMs"),
        ({"effect": {"delayMs": 1.5}}, "effect.delayMs"),
        ({"effect": {"delayMS": 1}}, "effect.delayMS"),
        ({"effect": {"platformException": "x"}}, "effect.platformException"),
        ({"effect": {"platformException": {}}}, "effect.platformException.code"),
        ({"effect": {"platformException": {"code": 7}}}, "effect.platformException.code"),
        ({"effect": {"platformException": {"code": "c", "detail": 1}}}, "effect.platformException.detail"),
        ({"match": {"metod": "x"}, "effect": {"code": 1}}, "match.metod"),
        ({"match": {"method": "getLoginUsre"}, "effect": {"code": 1}}, "match.method"),
        ({"match": {"method": "bridge.ping"}, "effect": {"code": 1}}, "match.method"),
        ({"match": {"nth": 0}, "effect": {"code": 1}}, "match.nth"),
        ({"match": {"times": "1"}, "effect": {"code": 1}}, "match.times"),
        ({"match": {"probability": 1.1}, "effect": {"code": 1}}, "match.probability"),
        ({"match": {"user": 7}, "effect": {"code": 1}}, "match.user"),
        ({"match": [], "effect": {"code": 1}}, "match"),
    ],
)
def test_faults_that_cannot_be(line: Line, params: dict[str, Any], path: str) -> None:
    """-32602 with the path of what is wrong, and no fault is set."""
    error = line.error("bridge.fault.set", **params)
    assert -32602 == error["code"]
    assert path in [flaw["path"] for flaw in error["data"]]
    assert {"faults": []} == line.ask("bridge.fault.list")


def test_misspelt_methods_are_guessed(line: Line) -> None:
    """The nearest names are said, of whatever dialect."""
    error = line.error("bridge.fault.set", match={"method": "getLoginUsre"}, effect={"code": 1})
    assert "did you mean getLoginUser?" in error["message"]
    line.ask("bridge.fault.set", match={"method": "doForeground"}, effect={"code": 1})


def test_faults_end_with_their_world() -> None:
    """Another world has its own."""
    line = Line()
    fail(line, {"code": 9})
    line.ask("bridge.world.use", world="other")
    assert {"faults": []} == line.ask("bridge.fault.list")
