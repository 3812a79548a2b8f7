"""`bridge.fault.*`: every effect, what it matches, how often."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.line import Line


@pytest.fixture
def line() -> Line:
    """Return a connection on which alice is logged in."""
    made = Line()
    made.start("alice")
    return made


def fault(line: Line, effect: dict[str, Any], **match: Any) -> int:
    """Set a fault; return its number."""
    number: int = line.ask("bridge.fault.set", match=match, effect=effect)["fault"]
    return number


def codes(line: Line, count: int, method: str = "getVersion") -> list[int]:
    """Call a method a few times and return the codes."""
    return [line.ask(method)["code"] for _ in range(count)]


PIN = {"conversationID": "c2c_bob", "isPinned": True}

# --- effects


def test_code_replaces_the_call(line: Line) -> None:
    """The envelope has code and text, nothing happens and nobody hears anything."""
    fault(line, {"code": 51012, "desc": "too many"}, method="pinConversation")
    before = line.snapshot()
    assert {"code": 51012, "desc": "too many"} == line.ask("pinConversation", **PIN)
    assert [] == line.heard()
    assert before == line.snapshot()


def test_code_has_its_own_text(line: Line) -> None:
    """Without a text the envelope has the one that the code has."""
    fault(line, {"code": 6014}, method="getLoginUser")
    fault(line, {"code": 6014}, method="pinConversation")
    line.ask("logout")
    assert line.ask("pinConversation", **PIN)["desc"] == line.ask("getLoginUser")["desc"] != ""


def test_exception_replaces_the_call(line: Line) -> None:
    """The error's data is what the plugin throws; the world stays."""
    fault(line, {"platformException": {"code": "boom", "message": "it broke", "details": [1]}}, method="pinConversation")
    before = line.snapshot()
    error = line.error("pinConversation", **PIN)
    assert -32002 == error["code"]
    assert {"code": "boom", "message": "it broke", "details": [1]} == error["data"]
    assert before == line.snapshot()


def test_silence_carries_out(line: Line) -> None:
    """Nothing is answered, and yet the call is carried out and told."""
    fault(line, {"noReply": True}, method="pinConversation")
    came = line.request("pinConversation", PIN)
    assert ["conversationListener"] == [message["method"] for message in came][-1:]
    assert all("id" not in message for message in came)
    line.ask("bridge.fault.clear")
    assert line.call("getConversation", conversationID="c2c_bob")["isPinned"]


def test_delay_holds_the_reply_back(line: Line) -> None:
    """The call is carried out at once; reply and own events come when the clock says so, behind the answer to the clock."""
    fault(line, {"delayMs": 3000}, method="pinConversation")
    assert [] == line.request("pinConversation", PIN)
    assert line.call("getConversation", conversationID="c2c_bob")["isPinned"]
    assert 1 == len(line.request("bridge.clock.advance", {"ms": 2998}))
    advanced, reply, *events = line.request("bridge.clock.advance", {"ms": 2})
    assert "ms" in advanced["result"]
    assert {"code": 0, "desc": "ok", "data": None} == reply["result"]
    assert ["onConversationChanged"] == [event["params"]["type"] for event in events][-1:]


def test_delayed_replies_come_in_order(line: Line) -> None:
    """What is due earlier comes first, whenever it was asked for."""
    fault(line, {"delayMs": 5000}, times=1, method="getVersion")
    fault(line, {"delayMs": 1000}, method="getServerTime")
    line.request("getVersion")
    line.request("getServerTime")
    late = line.request("bridge.clock.advance", {"ms": 9000})[1:]
    assert [int, str] == [type(message["result"]["data"]) for message in late]


def test_delayed_replies_come_among_timers(line: Line) -> None:
    """The world's own timers fire in between, all in the order of their times; those of one time in the order of their calls."""
    line.ask("bridge.user.call", user="bob", method="invite", arguments={"invitee": "alice", "data": "", "timeout": 2})
    for delay_ms in (3000, 1000, 3000, 2500, 0):
        fault(line, {"delayMs": delay_ms}, method="getVersion", times=1)
    for name in "abcde":
        assert [] == line.send({"jsonrpc": "2.0", "id": name, "method": "getVersion"})
    came = line.request("bridge.clock.advance", {"ms": 10_000})[1:]
    said = [message.get("id") or message["params"]["type"] for message in came]
    assert ["e", "b", "d", "a", "c"] == [what for what in said if len(what) == 1]
    assert said.index("b") < said.index("onInvitationTimeout") < said.index("d")


def test_held_reply_goes_with_its_connection(line: Line) -> None:
    """Nobody waits any more where a connection has ended."""
    other = Line(line.server)
    other.start("bob")
    fault(line, {"delayMs": 1000}, user="bob")
    assert [] == other.request("getLoginUser")
    other.session.close()
    line.ask("bridge.clock.advance", ms=1000)
    assert [] == other.take()


def test_delay_lets_others_hear_at_once(line: Line) -> None:
    """Another device hears of a call whose own reply is still on its way."""
    line.ask("bridge.device.open", device="tablet", platform="ios")
    line.start("alice", "tablet")
    fault(line, {"delayMs": 1000}, method="pinConversation", device="")
    came = line.request("pinConversation", PIN)
    assert {"tablet"} == {message["params"]["device"] for message in came}
    late = line.request("bridge.clock.advance", {"ms": 1000})[1:]
    assert "result" in late[0]
    assert all(message["method"] == "conversationListener" for message in late[1:])


def test_delay_survives_a_reset(line: Line) -> None:
    """A reply that is held back is not forgotten when the clock is rewound; it comes after as long as was left."""
    fault(line, {"delayMs": 1000}, method="getVersion")
    line.request("getVersion")
    line.ask("bridge.clock.advance", ms=400)
    line.ask("bridge.world.reset")
    assert 1 == len(line.request("bridge.clock.advance", {"ms": 599}))
    assert 2 == len(line.request("bridge.clock.advance", {"ms": 1}))


def test_held_reply_goes_with_its_world(line: Line) -> None:
    """Whoever leaves for another world gets no reply from the first any more, and may use the id again."""
    fault(line, {"delayMs": 1000}, method="getVersion")
    line.send({"jsonrpc": "2.0", "id": 77, "method": "getVersion"})
    line.ask("bridge.world.use", world="other")
    assert 77 == line.send({"jsonrpc": "2.0", "id": 77, "method": "bridge.ping"})[0]["id"]


def test_kick_comes_after_the_answer(line: Line) -> None:
    """The call is answered, then the session ends."""
    fault(line, {"kick": True}, method="pinConversation", times=1)
    assert 0 == line.ask("pinConversation", **PIN)["code"]
    assert "onKickedOffline" == line.heard_types()[-1]
    assert 6014 == line.ask("pinConversation", **PIN)["code"]


def test_expired_signature_comes_after_the_answer(line: Line) -> None:
    """The call is answered, then the signature runs out."""
    fault(line, {"expireUserSig": True}, method="getUsersInfo")
    assert 0 == line.ask("getUsersInfo", userIDList=["alice"])["code"]
    assert ["onUserSigExpired"] == line.heard_types()
    assert 3 == line.call("getLoginStatus")


def test_disconnect_comes_after_the_answer(line: Line) -> None:
    """The call is answered, then the connection ends."""
    fault(line, {"disconnect": True}, method="getVersion")
    assert 0 == line.ask("getVersion")["code"]
    assert line.ended


def test_batch_is_answered_to_its_end(line: Line) -> None:
    """Then the connection ends, whichever of its calls was taken."""
    fault(line, {"disconnect": True}, times=1)
    call = {"jsonrpc": "2.0", "method": "getVersion"}
    (replies,) = line.send([{**call, "id": 1}, {**call, "id": 2}])
    assert ([1, 2], True) == ([reply["id"] for reply in replies], line.ended)


@pytest.mark.parametrize("effect", [{"kick": True}, {"expireUserSig": True}])
def test_nobody_is_kicked_where_nobody_is(effect: dict[str, Any]) -> None:
    """On a device without a login the call is answered, and that is all."""
    line = Line()
    fault(line, effect)
    assert 1 == len(line.request("getVersion"))


# --- matches


@pytest.mark.parametrize("path", ["device", "user", "turn", "turn of user"])
def test_inner_calls_match(line: Line, path: str) -> None:
    """Calls inside others are channel calls like any."""
    fault(line, {"code": 9})
    inner = {"method": "getVersion"}
    if path == "turn of user":
        params: dict[str, Any] = {"method": "bridge.user.call", "arguments": {"user": "bob", **inner}}
        assert 9 == line.ask("bridge.turn", **params)["result"]["code"]
    elif path == "turn":
        assert 9 == line.ask("bridge.turn", **inner)["result"]["code"]
    else:
        assert 9 == line.ask(f"bridge.{path}.call", **{path: "" if path == "device" else "bob"}, **inner)["code"]


def test_first_set_wins(line: Line) -> None:
    """Of two faults for a call the first takes it, and the second has its turn when the first is used up."""
    fault(line, {"code": 1}, method="getVersion", times=1)
    fault(line, {"code": 2}, method="getVersion")
    assert [1, 2, 2] == codes(line, 3)


def test_nth_lets_calls_pass(line: Line) -> None:
    """From the nth matching call on it takes them, `times` often; those that passed do not count."""
    fault(line, {"code": 9}, method="getVersion", nth=3, times=2)
    assert [0, 0, 9, 9, 0] == codes(line, 5)


def test_nth_counts_calls_that_another_took(line: Line) -> None:
    """Every fault counts all calls that it matches."""
    fault(line, {"code": 1}, method="getVersion", times=1)
    fault(line, {"code": 2}, method="getVersion", nth=2)
    assert [1, 2] == codes(line, 2)


def test_other_methods_pass(line: Line) -> None:
    """A fault of one method leaves others alone; one without a method takes all."""
    fault(line, {"code": 1}, method="getServerTime")
    assert [0] == codes(line, 1)
    fault(line, {"code": 2})
    assert [2] == codes(line, 1)


def test_match_by_user(line: Line) -> None:
    """Only calls of that user match, also those through bridge.user.*."""
    fault(line, {"code": 80001, "desc": "no"}, user="bob", method="sendMessage")
    line.ask("bridge.user.say", user="alice", to="bob", text="hi")
    refused = line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert (80001, "no", 3) == (refused["code"], refused["desc"], refused["data"]["status"])


def test_match_of_a_login(line: Line) -> None:
    """A login is a call of the user who logs in."""
    line.ask("logout")
    fault(line, {"code": 6208}, user="bob", method="login")
    assert 0 == line.ask("login", userID="alice", userSig="s")["code"]
    line.ask("logout")
    assert 6208 == line.ask("login", userID="bob", userSig="s")["code"]


def test_match_by_device(line: Line) -> None:
    """Only calls on devices of that name match."""
    line.ask("bridge.device.open", device="tablet")
    fault(line, {"code": 5}, device="tablet", method="getVersion")
    assert [0] == codes(line, 1)
    assert 5 == line.ask("bridge.device.call", device="tablet", method="getVersion")["code"]


def test_own_calls_of_the_bridge_pass(line: Line) -> None:
    """What bridge.user.* does to get its device ready is no call of anybody's."""
    fault(line, {"code": 5}, method="login")
    fault(line, {"code": 5}, method="createTextMessage")
    assert "hi" == line.ask("bridge.user.say", user="bob", to="alice", text="hi")["textElem"]["text"]


def test_control_methods_pass(line: Line) -> None:
    """bridge.* is never taken."""
    fault(line, {"code": 5})
    assert "version" in line.ask("bridge.ping")


def test_probability_is_seeded() -> None:
    """The same seed fails the same calls, another one others; about as many as were asked for."""

    def play(seed: int) -> list[int]:
        line = Line(seed=seed)
        fault(line, {"code": 1}, method="getVersion", probability=0.3)
        return codes(line, 200)

    assert play(1) == play(1) != play(2)
    assert 30 < sum(play(1)) < 90


def test_probability_of_all_and_nothing(line: Line) -> None:
    """0 takes no call, 1 takes all."""
    fault(line, {"code": 1}, method="getVersion", probability=0)
    fault(line, {"code": 2}, method="getVersion", probability=1)
    assert [2] * 20 == codes(line, 20)


def test_fault_is_in_the_journal(line: Line) -> None:
    """An entry says which fault took which call."""
    number = fault(line, {"noReply": True}, method="getVersion")
    line.request("getVersion")
    (entry,) = line.journal("fault")
    assert ("getVersion", f"fault {number}: noReply") == (entry["method"], entry["text"])


# --- the plan


def test_list_and_clear(line: Line) -> None:
    """The list shows what was set and how often it was met; faults go one by one, or all."""
    one, two = fault(line, {"code": 1}, method="getVersion", nth=2), fault(line, {"kick": True}, user="bob")
    codes(line, 3)
    first, second = line.ask("bridge.fault.list")["faults"]
    assert {"method": "getVersion", "nth": 2} == first["match"]
    assert (one, 3, 2) == (first["fault"], first["seen"], first["taken"])
    assert {"kick": True} == second["effect"]
    line.ask("bridge.fault.clear", fault=one)
    assert [two] == [row["fault"] for row in line.ask("bridge.fault.list")["faults"]]
    assert -32000 == line.error("bridge.fault.clear", fault=one)["code"]
    line.ask("bridge.fault.clear")
    assert [] == line.ask("bridge.fault.list")["faults"]


@pytest.mark.parametrize("call", [("reset", {}), ("load", {"world": "empty"})])
def test_fresh_worlds_have_no_faults(line: Line, call: tuple[str, Any]) -> None:
    """A reset and a load forget them; a rollback does not."""
    fault(line, {"code": 1}, method="getVersion")
    point = line.ask("bridge.world.checkpoint")["checkpoint"]
    line.ask("bridge.world.rollback", checkpoint=point)
    assert [1] == codes(line, 1)
    line.ask(f"bridge.world.{call[0]}", **call[1])
    assert [] == line.ask("bridge.fault.list")["faults"]


@pytest.mark.parametrize(
    ("match", "effect", "path", "said"),
    [
        ({"method": "pinConversatoin"}, {"code": 1}, "match.method", "did you mean pinConversation"),
        ({"method": "bridge.ping"}, {"code": 1}, "match.method", "channel calls only"),
        ({"methd": "getVersion"}, {"code": 1}, "match.methd", "did you mean method"),
        ({"nth": 0}, {"code": 1}, "match.nth", "at least 1"),
        ({"times": True}, {"code": 1}, "match.times", "at least 1"),
        ({"probability": 2}, {"code": 1}, "match.probability", "from 0 to 1"),
        ({}, {}, "effect", "must have one of"),
        ({}, {"code": 1, "kick": True}, "effect", "not 2 of them"),
        ({}, {"code": 0}, "effect.code", "other than 0"),
        ({}, {"code": "1"}, "effect.code", "integer"),
        ({}, {"desc": "x", "kick": True}, "effect.desc", "with code alone"),
        ({}, {"delayMs": -1}, "effect.delayMs", "from 0"),
        ({}, {"noReply": False}, "effect.noReply", "must be true"),
        ({}, {"platformException": {}}, "effect.platformException.code", "missing"),
        ({}, {"platformException": {"code": 1}}, "effect.platformException.code", "a string"),
        ({}, {"delay": 5}, "effect.delay", "did you mean delayMs"),
    ],
)
def test_odd_faults_are_refused(line: Line, match: dict[str, Any], effect: dict[str, Any], path: str, said: str) -> None:
    """Every mistake is named with its place, and nothing is set."""
    error = line.error("bridge.fault.set", match=match, effect=effect)
    assert -32602 == error["code"]
    assert [said in one["message"] for one in error["data"] if one["path"] == path] == [True]
    assert [] == line.ask("bridge.fault.list")["faults"]


# --- in turns


def test_turn_of_a_silent_call(line: Line) -> None:
    """A turn is answered all the same: pending, and no reply ever comes."""
    fault(line, {"noReply": True}, method="getVersion")
    assert {"result": None, "pending": True, "events": []} == line.turn("getVersion")


def test_turn_of_a_delayed_call(line: Line) -> None:
    """A turn is answered at once: pending. The reply comes in a later turn, with the request's id, own events behind it."""
    line.turn()
    fault(line, {"delayMs": 1000}, method="pinConversation")
    params = {"method": "pinConversation", "arguments": PIN}
    answer = line.send({"jsonrpc": "2.0", "id": "slow", "method": "bridge.turn", "params": params})
    assert {"result": None, "pending": True, "events": []} == answer[0]["result"]
    late, *events = line.turn("bridge.clock.advance", ms=1000)["events"]
    assert ("slow", "", "pinConversation", 0) == (late["reply"], late["device"], late["method"], late["result"]["code"])
    assert events
    assert {"conversationListener"} == {event["method"] for event in events}


def test_turn_of_a_replaced_call(line: Line) -> None:
    """The refusal stands in the turn like any result; an exception is the turn's error."""
    fault(line, {"code": 7, "desc": "x"}, method="getVersion")
    fault(line, {"platformException": {"code": "boom"}}, method="getServerTime")
    assert {"code": 7, "desc": "x"} == line.turn("getVersion")["result"]
    assert -32002 == line.error("bridge.turn", method="getServerTime")["code"]
