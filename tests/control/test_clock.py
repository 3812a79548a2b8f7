"""`bridge.clock.*`: time moves when it is told to."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.control.clock import TEN_YEARS_MS
from tests.support.line import Line

START_MS = 1_700_000_000_000


@pytest.fixture
def line() -> Line:
    """Return a connection in a fresh world."""
    return Line()


def test_time_stands_still(line: Line) -> None:
    """It begins at 1,700,000,000,000 ms; looking at it does not move it."""
    assert [{"ms": START_MS}] * 3 == [line.ask("bridge.clock.now") for _ in range(3)]


def test_changes_take_a_millisecond(line: Line) -> None:
    """A call that changes something moves the clock by 1 ms; one that only asks, or is refused, does not."""
    line.start("alice")
    now = line.ask("bridge.clock.now")["ms"]
    line.call("createConversationGroup", groupName="g", conversationIDList=["c2c_bob"])
    assert now + 1 == line.ask("bridge.clock.now")["ms"]
    line.ask("getLoginUser")
    assert 51011 == line.ask("createConversationGroup", groupName="", conversationIDList=["c2c_bob"])["code"]
    line.error("noSuchMethod")
    assert now + 1 == line.ask("bridge.clock.now")["ms"]


def test_time_is_moved(line: Line) -> None:
    """By so much, or to a time; the new time is answered."""
    assert {"ms": START_MS + 5} == line.ask("bridge.clock.advance", ms=5)
    assert {"ms": START_MS + 50} == line.ask("bridge.clock.set", ms=START_MS + 50)
    assert {"ms": START_MS + 50} == line.ask("bridge.clock.set", ms=START_MS + 50)
    assert {"ms": START_MS + 50} == line.ask("bridge.clock.advance", ms=0)


@pytest.mark.parametrize(
    ("method", "ms"),
    [
        ("advance", -1),
        ("advance", TEN_YEARS_MS + 1),
        ("advance", 1.5),
        ("advance", "1"),
        ("advance", None),
        ("set", START_MS - 1),
        ("set", START_MS + TEN_YEARS_MS + 1),
    ],
)
def test_times_that_cannot_be(line: Line, method: str, ms: Any) -> None:
    """The clock does not go back, nor over ten years ahead at once."""
    error = line.error(f"bridge.clock.{method}", ms=ms)
    assert (-32602, "ms") == (error["code"], error["data"][0]["path"])
    assert START_MS == line.world.now_ms


def test_ten_years_can_pass(line: Line) -> None:
    """At once, with all that is due."""
    assert {"ms": START_MS + 10 * 365 * 24 * 3600 * 1000} == line.ask("bridge.clock.advance", ms=10 * 365 * 24 * 3600 * 1000)


def test_due_timers_fire_in_order(line: Line) -> None:
    """The reply first, then each timer's events, by when they were due; the journal has their own times."""
    line.start("alice")
    ids = []
    for timeout in (7, 3, 5):
        invitation = {"invitee": "alice", "data": "", "timeout": timeout}
        ids.append(line.ask("bridge.user.call", user="bob", method="invite", arguments=invitation)["data"])
    line.heard()
    reply, *events = line.request("bridge.clock.advance", {"ms": 10_000})
    assert {"ms"} == set(reply["result"])
    timeouts = [event["params"]["data"] for event in events if event["params"]["type"] == "onInvitationTimeout"]
    assert [ids[1], ids[2], ids[0]] == [data["inviteID"] for data in timeouts]
    times = [entry["ms"] for entry in line.journal("event") if entry["arguments"]["type"] == "onInvitationTimeout"]
    assert sorted(times) == times
    assert 3 == len(set(times))


def test_time_that_passes_in_pieces(line: Line) -> None:
    """Comes to the same as in one go."""

    def heard(pieces: int) -> list[Any]:
        line = Line()
        line.start("alice")
        invitation = {"invitee": "alice", "data": "", "timeout": 10}
        line.ask("bridge.user.call", user="bob", method="invite", arguments=invitation)
        line.heard()
        for _ in range(pieces):
            line.ask("bridge.clock.advance", ms=20_000 // pieces)
        return [event["params"] for event in line.heard()]

    assert heard(1) == heard(20)
