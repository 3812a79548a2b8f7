"""Cases in other orders: a race is found, cut down and played again; what does not depend on an order holds in all."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bridge.cli import main
from bridge.cli.conform_wires import RemoteWire, link_to, own
from bridge.conformance.suite.actors import Stage, Wire
from bridge.conformance.suite.cases import Case
from bridge.conformance.suite.running import DIFFERS, NOT_TRIED, SAME, run
from bridge.conformance.suite.schedules import Scheduled, explored, replayed
from tests.support.small_target import SmallTarget

WORLD = ("chat-8.2", "android")
BEFORE = [["alice bob", "enter"], ["alice", "group", {"type": "Work", "with": ["bob"]}]]
RACE = [*BEFORE, ["bob", "hears", [["onMemberInvited"], ["onRecvNewMessage"]], {"of": ["onMemberInvited", "onRecvNewMessage"]}]]
NO_RACE = [*BEFORE, ["bob", "heard", {"onMemberInvited": 1, "onRecvNewMessage": 1}], ["bob", "getLoginUser", {}, {"data": "bob"}]]


def case(script: list[Any]) -> Case:
    """Return a case."""
    return Case("the_case", "what it holds", script, source="x", file="fixtures/conformance/f.jsonl", line=7)


@pytest.fixture(params=["here", "behind pipes"])
def scheduled(request: pytest.FixtureRequest) -> Iterator[Scheduled]:
    """Return a connection to this bridge: in this process, and in one of its own."""
    if request.param == "here":
        yield Scheduled(own(WORLD))
        return
    wire = RemoteWire(link_to("x", [sys.executable, "-m", "bridge", "serve"], 10.0), WORLD, 10.0)
    yield Scheduled(wire)
    wire.close()


def test_a_race_is_found_and_cut_down(scheduled: Scheduled) -> None:
    """Two listeners that a case has in one order alone: what is told are the few choices that are enough, and they are again."""
    stage = Stage(scheduled, WORLD)
    (found,) = run([case(RACE)], stage, play_it=explored(20, scheduled))
    assert DIFFERS == found.outcome
    assert 3 == found.step
    assert len(found.schedule.split()) == len(found.said) == 1, found.schedule
    assert "onRecvNewMessage came ahead of" in found.said[0]
    lines = found.lines()
    assert f"    schedule  {found.schedule}: {found.said[0]}" in lines
    assert f"    again     {found.again()}" in lines
    (again,) = run([case(RACE)], stage, play_it=replayed(found.schedule, scheduled))
    assert (DIFFERS, found.flaws, found.said) == (again.outcome, again.flaws, again.said)
    (usual,) = run([case(RACE)], stage)
    assert DIFFERS == usual.outcome  # the order that was asked for last stays
    (usual,) = run([case(RACE)], stage, play_it=explored(0, scheduled))
    assert (SAME, "") == (usual.outcome, usual.schedule)


def test_what_asks_for_no_order_holds_in_all(scheduled: Scheduled) -> None:
    """Whatever waits for the next call belongs to the one before: a call that tells nobody does not in any order."""
    (found,) = run([case(NO_RACE)], Stage(scheduled, WORLD), play_it=explored(12, scheduled))
    assert (SAME, "") == (found.outcome, found.schedule)


def test_target_without_schedules_is_not_tried() -> None:
    """It is told what the target lacks; in the usual order alone it is not asked for it."""
    wire: Wire = SmallTarget({"f": {"code": 0, "desc": "ok"}}, "device.")
    scheduled = Scheduled(wire)
    stage = Stage(scheduled, WORLD)
    (found,) = run([case([["alice", "f"]])], stage, play_it=explored(3, scheduled))
    assert (NOT_TRIED, True) == (found.outcome, "no bridge.schedule.use" in found.note)
    (found,) = run([case([["alice", "f"]])], Stage(Scheduled(wire), WORLD), play_it=explored(0, Scheduled(wire)))
    assert SAME == found.outcome


def test_command_tells_the_order_and_plays_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A case that has one order of two listeners differs in another one: the status is 1, and again with the order that was told of."""
    words = ["conform", "--only", "work_invitation_is_told_everywhere", "--dialect", "chat-8.2", "--platform", "android", "--json"]
    assert 0 == main(words)
    assert 1 == main([*words, "--schedules", "20"])
    found = next(row for row in map(json.loads, capsys.readouterr().out.splitlines()) if row.get("outcome") == DIFFERS)
    assert f'--schedule "{found["schedule"]}"' in found["again"]
    assert 1 == len(found["said"])
    assert 1 == main([*words, "--schedule", found["schedule"]])
    again = json.loads(capsys.readouterr().out.splitlines()[0])
    assert {key: found[key] for key in ("differences", "schedule", "said")}.items() <= again.items()
    assert 2 == main([*words, "--schedule", "1:1", "--schedules", "2"])
    assert "not both" in capsys.readouterr().err
    assert 0 == main([*words, "--schedule", "nonsense"])
    assert "'nonsense' is no choice of a schedule" in capsys.readouterr().out
