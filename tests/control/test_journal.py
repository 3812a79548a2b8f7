"""`bridge.journal.*`: what was called, answered and heard, and what was expected of it."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.engine.engine import Options
from tests.support.line import Line

GROUP = {"groupName": "g", "conversationIDList": ["c2c_bob"]}


@pytest.fixture
def line() -> Line:
    """Return a connection on which alice is logged in and listens, with an empty journal."""
    line = Line()
    line.start("alice")
    line.ask("bridge.journal.clear")
    return line


def entries(line: Line, **match: Any) -> list[dict[str, Any]]:
    """Return the journal's entries."""
    found: list[dict[str, Any]] = line.ask("bridge.journal.list", **match)["entries"]
    return found


# --- what is in it


def test_call_and_what_came_of_it(line: Line) -> None:
    """A call, its reply and its events, in the order of their causes, each with the call as its cause."""
    line.ask("createConversationGroup", **GROUP)
    events, (call, reply) = [], (None, None)
    for entry in entries(line):
        if entry["kind"] == "call":
            call = entry
        elif entry["kind"] == "reply":
            reply = entry
        else:
            events.append(entry)
    assert call is not None
    assert reply is not None
    assert GROUP == call["arguments"]
    assert 0 == reply["result"]["code"]
    assert ["onConversationGroupCreated", "onConversationChanged"] == [event["arguments"]["type"] for event in events]
    assert {"event"} == {event["kind"] for event in events}
    assert {call["seq"]} == {entry["cause"] for entry in (reply, *events)}
    assert "cause" not in call


def test_entries_have_the_same_keys(line: Line) -> None:
    """seq, ms, device, kind, method; arguments, result, error or text."""
    line.ask("createConversationGroup", **GROUP)
    line.ask("getLoginUser", extra=1)
    line.error("noSuchMethod")
    line.ask("bridge.fault.set", effect={"code": 9})
    line.ask("getLoginUser")
    for entry in entries(line):
        rest = set(entry) - {"seq", "ms", "device", "kind", "method", "cause", "assumed"}
        kinds = {"call": "arguments", "event": "arguments", "dropped": "arguments", "warning": "text", "fault": "text"}
        assert {kinds.get(entry["kind"], "error" if "error" in entry else "result")} == rest
    assert {"call", "reply", "event", "warning", "fault"} == {entry["kind"] for entry in entries(line)}


def test_numbers_never_repeat(line: Line) -> None:
    """They grow by one, across a clear and a reset."""
    line.ask("getLoginUser")
    last = entries(line)[-1]["seq"]
    line.ask("bridge.journal.clear")
    assert [] == entries(line)
    line.ask("bridge.world.reset")
    line.ask("getVersion")
    assert [last + 1, last + 2] == [entry["seq"] for entry in entries(line)]


def test_errors_are_kept(line: Line) -> None:
    """A JSON-RPC error is the reply."""
    line.error("createConversationGroup", groupName=7)
    (reply,) = entries(line, kind="reply")
    assert -32602 == reply["error"]["code"]
    assert "groupName" == reply["error"]["data"][0]["path"]


def test_dropped_events_are_kept(line: Line) -> None:
    """What nobody listened to, by its type."""
    line.call("removeConversationListener", listenerUuid="")
    line.ask("createConversationGroup", **GROUP)
    assert "onConversationGroupCreated" in [entry["arguments"]["type"] for entry in entries(line, kind="dropped")]


def test_events_of_time_have_no_cause(line: Line) -> None:
    """Nobody's call was behind them."""
    invitation = {"invitee": "alice", "data": "", "timeout": 5}
    line.ask("bridge.user.call", user="bob", method="invite", arguments=invitation)
    line.ask("bridge.clock.advance", ms=6000)
    late = [entry for entry in entries(line, kind="event") if entry["arguments"]["type"] == "onInvitationTimeout"]
    assert [False] == ["cause" in entry for entry in late]


def test_devices_are_called_by_their_names(line: Line) -> None:
    """The own one is "", others what the connection calls them; those of other connections by their own names."""
    line.ask("bridge.device.open", device="phone")
    line.ask("bridge.device.call", device="phone", method="getVersion")
    line.ask("getVersion")
    assert ["phone", ""] == [entry["device"] for entry in entries(line, kind="call")]
    assert ["phone"] == [entry["device"] for entry in entries(line, kind="call", device="phone")]
    assert [""] == [entry["device"] for entry in entries(line, kind="call", device="")]


@pytest.mark.parametrize(
    ("match", "methods"),
    [
        ({}, ["getVersion", "getLoginUser", "getLoginUser"]),
        ({"method": "getLoginUser"}, ["getLoginUser", "getLoginUser"]),
        ({"method": "getLoginUsers"}, []),
        ({"device": "phone"}, []),
    ],
)
def test_entries_are_chosen(line: Line, match: dict[str, Any], methods: list[str]) -> None:
    """By method and device."""
    for method in ("getVersion", "getLoginUser", "getLoginUser"):
        line.ask(method)
    assert methods == [entry["method"] for entry in entries(line, kind="call", **match)]


@pytest.mark.parametrize(("last", "count"), [(0, 0), (1, 1), (2, 2), (9, 3), (-1, 0)])
def test_last_entries_alone(line: Line, last: int, count: int) -> None:
    """The latest of those that fit what else is asked for."""
    for method in ("getVersion", "getLoginUser", "getVersion"):
        line.ask(method)
    methods = ["getVersion", "getLoginUser", "getVersion"]
    assert methods[3 - count :] == [entry["method"] for entry in entries(line, kind="call", last=last)]


def test_entries_since_a_number(line: Line) -> None:
    """Only what came later."""
    line.ask("getVersion")
    last = entries(line)[-1]["seq"]
    line.ask("getLoginUser")
    assert ["getLoginUser", "getLoginUser"] == [entry["method"] for entry in entries(line, since=last)]


def test_journal_is_bounded() -> None:
    """`--journal N` keeps the last N, and it is said when older ones are lost; what was cleared is not lost."""
    line = Line(options=Options(journal_size=4))
    for _ in range(3):
        line.ask("getVersion")
    answer = line.ask("bridge.journal.list")
    assert (True, [3, 4, 5, 6]) == (answer["cut"], [entry["seq"] for entry in answer["entries"]])
    assert not line.ask("bridge.journal.list", since=2)["cut"]
    line.ask("bridge.journal.clear")
    line.ask("getVersion")
    assert not line.ask("bridge.journal.list")["cut"]


def test_assumed_behaviour_is_marked(line: Line) -> None:
    """A reply that rests on a choice of ours names it; others are silent about it."""
    line.ask("createConversationGroup", groupName="g", conversationIDList=[])
    line.ask("getLoginUser")
    marked, plain = entries(line, kind="reply")
    assert marked["result"]["code"] == 51006
    assert all(source.startswith("DECISIONS.md: ") for source in marked["assumed"])
    assert "assumed" not in plain


def test_journal_outlives_the_world(line: Line) -> None:
    """reset, load and rollback leave it alone."""
    line.ask("getVersion")
    checkpoint = line.ask("bridge.world.checkpoint")["checkpoint"]
    line.ask("bridge.world.rollback", checkpoint=checkpoint)
    line.ask("bridge.world.reset")
    assert ["getVersion"] == [entry["method"] for entry in entries(line, kind="call")]


# --- what was expected


def expect(line: Line, *calls: Any, events: Any = None, **options: Any) -> dict[str, Any]:
    """Compare the journal with expectations; calls may be bare names."""
    wanted = [{"method": call} if isinstance(call, str) else call for call in calls]
    answer: dict[str, Any] = line.ask("bridge.journal.expect", calls=wanted, events=events, **options)
    return answer


@pytest.mark.parametrize(
    ("want", "matches"),
    [
        ({"method": "createConversationGroup"}, True),
        ({"method": "createConversationGroup", "times": 2}, True),
        ({"method": "createConversationGroup", "times": 1}, False),
        ({"method": "createConversationGroup", "arguments": {}}, True),
        ({"method": "createConversationGroup", "arguments": {"groupName": "one"}, "times": 1}, True),
        ({"method": "createConversationGroup", "arguments": {"conversationIDList": ["c2c_bob"]}, "times": 2}, True),
        ({"method": "createConversationGroup", "arguments": {"conversationIDList": []}}, False),
        ({"method": "createConversationGroup", "arguments": {"groupName": "three"}}, False),
        ({"method": "createConversationGroup", "arguments": {"groupName": "three"}, "times": 0}, True),
        ({"method": "createConversationGroup", "arguments": {"nothing": None}}, False),
        ({"method": "createConversationGroup", "device": ""}, True),
        ({"method": "createConversationGroup", "device": "phone"}, False),
        ({"method": "getVersion"}, False),
        ({"method": "getVersion", "times": 0}, True),
    ],
)
def test_calls_are_compared(line: Line, want: dict[str, Any], matches: bool) -> None:
    """At least once, or exactly `times`; `arguments` say what matters, more may be there."""
    for name in ("one", "two"):
        line.ask("createConversationGroup", groupName=name, conversationIDList=["c2c_bob"])
    assert matches is expect(line, want)["match"]


def test_misses_come_with_a_diff(line: Line) -> None:
    """The nearest calls, each with where it differs, path by path."""
    line.ask("createConversationGroup", groupName="one", conversationIDList=["c2c_bob"])
    line.ask("createConversationGroup", groupName="two", conversationIDList=["c2c_carol", "c2c_bob"])
    arguments = {"groupName": "two", "conversationIDList": ["c2c_dave", "c2c_bob"]}
    answer = expect(line, {"method": "createConversationGroup", "arguments": arguments})
    assert not answer["match"]
    (missing,) = answer["missing"]
    assert 0 == missing["found"]
    best = missing["nearest"][0]
    expected = {"path": "arguments.conversationIDList[0]", "expected": "c2c_dave", "actual": "c2c_carol"}
    assert [expected] == best["differences"]


@pytest.mark.parametrize("times", [None, 0, 1])
@pytest.mark.parametrize(
    ("params", "path", "right"),
    [
        ({"calls": [{"method": "getLoginUser"}, {"method": "getLoginUsre"}]}, "calls[1].method", "getLoginUser"),
        ({"calls": [{"method": "logot"}]}, "calls[0].method", "logout"),
        ({"calls": [{"method": "DartLogot"}]}, "calls[0].method", "DartLogout"),
        ({"events": [{"type": "onRecvNewMesage"}]}, "events[0].type", "onRecvNewMessage"),
        ({"events": [{"type": "ReceiveNewMessage"}]}, "events[0].type", "onRecvNewMessage"),
    ],
)
def test_misspelt_names_are_refused(line: Line, params: dict[str, Any], path: str, right: str, times: int | None) -> None:
    """A name that no dialect has is a mistake, with the nearest right one; that nothing of it was called would always hold."""
    line.ask("getLoginUser")
    (asked,) = params.values()
    asked[-1]["times"] = times
    error = line.error("bridge.journal.expect", **params)
    assert (-32602, path) == (error["code"], error["data"][0]["path"])
    assert error["message"].endswith(f"; did you mean {right}?")


def test_calls_of_no_dialect_can_be_expected(line: Line) -> None:
    """What an app has called is no mistake of the test's, whatever it is called."""
    line.error("noSuchMethod")
    assert expect(line, "noSuchMethod")["match"]


def test_calls_never_made_are_guessed(line: Line) -> None:
    """A method that was never called is compared with calls of similar names."""
    line.ask("getLoginUser")
    (missing,) = expect(line, "getLoginStatus")["missing"]
    assert "getLoginUser" == missing["nearest"][0]["method"]


def test_other_calls_do_no_harm(line: Line) -> None:
    """They are named, with how often they were made."""
    line.ask("getLoginUser")
    line.ask("getVersion")
    line.ask("getVersion")
    answer = expect(line, "getLoginUser")
    assert (True, {"getVersion": 2}) == (answer["match"], answer["unexpected"])


def test_people_do_not_count(line: Line) -> None:
    """Calls that the test itself makes as somebody are no calls of the app."""
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert not expect(line, "sendMessage")["match"]
    assert {} == expect(line)["unexpected"]


def test_expectations_since_a_number(line: Line) -> None:
    """Only later calls count."""
    line.ask("getVersion")
    assert expect(line, "getVersion")["match"]
    assert not expect(line, "getVersion", since=entries(line)[-1]["seq"])["match"]


@pytest.mark.parametrize(
    ("want", "matches"),
    [
        ({"type": "onConversationGroupCreated"}, True),
        ({"type": "onConversationGroupCreated", "times": 1}, True),
        ({"type": "onConversationGroupCreated", "times": 2}, False),
        ({"type": "onConversationGroupCreated", "method": "conversationListener"}, True),
        ({"type": "onConversationGroupCreated", "method": "groupListener"}, False),
        ({"type": "onConversationGroupCreated", "data": {"groupName": "g"}}, True),
        ({"type": "onConversationGroupCreated", "data": {"groupName": "h"}}, False),
        ({"type": "onConversationGroupCreated", "device": "phone"}, False),
        ({"type": "onRecvNewMessage", "times": 0}, True),
    ],
)
def test_events_are_compared(line: Line, want: dict[str, Any], matches: bool) -> None:
    """By type, listener, device and what matters of their data."""
    line.ask("createConversationGroup", **GROUP)
    assert matches is expect(line, events=[want])["match"]


def test_events_nobody_listened_to_are_misses(line: Line) -> None:
    """It is said that a listener was missing."""
    line.call("removeConversationListener", listenerUuid="")
    line.ask("createConversationGroup", **GROUP)
    (missing,) = expect(line, events=[{"type": "onConversationGroupCreated"}])["missing"]
    assert "a listener" == missing["nearest"][0]["differences"][0]["expected"]


def test_window_that_was_cut() -> None:
    """It is said when calls may have been lost."""
    line = Line(options=Options(journal_size=4))
    for _ in range(3):
        line.ask("getVersion")
    assert expect(line, "getVersion")["cut"]


@pytest.mark.parametrize(
    ("params", "path", "message"),
    [
        ({"calls": "getVersion"}, "calls", "must be array"),
        ({"calls": ["getVersion"]}, "calls[0]", "must be an object"),
        ({"calls": [{}]}, "calls[0].method", "is missing"),
        ({"calls": [{"method": 7}]}, "calls[0].method", "must be a string"),
        ({"calls": [{"method": "x", "arguments": []}]}, "calls[0].arguments", "must be an object"),
        ({"calls": [{"method": "x", "times": -1}]}, "calls[0].times", "must be an integer of at least 0"),
        ({"calls": [{"method": "x", "device": 1}]}, "calls[0].device", "must be a string"),
        ({"calls": [{"method": "x"}, {"method": "x", "methd": {}}]}, "calls[1].methd", "is not known here; did you mean method?"),
        (
            {"calls": [{"method": "x", "zzzz": {}}]},
            "calls[0].zzzz",
            "is not known here; known are method, arguments, times, device",
        ),
        ({"events": [{"method": "x"}]}, "events[0].type", "is missing"),
        ({"events": [{"type": "x", "zzzz": 1}]}, "events[0].zzzz", "is not known here; known are type, method, data, times, device"),
        ({"events": [{"type": "x", "times": True}]}, "events[0].times", "must be an integer of at least 0"),
    ],
)
def test_what_is_no_expectation(line: Line, params: dict[str, Any], path: str, message: str) -> None:
    """-32602 with the path and what is wrong there, in the message as well."""
    error = line.error("bridge.journal.expect", **params)
    assert (-32602, {"path": path, "message": message}) == (error["code"], error["data"][0])
    assert error["message"] in (f"bridge.journal.expect: {path} {message}", f"{path} {message}")
