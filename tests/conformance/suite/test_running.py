"""A run: what comes of each case, how it is counted, and how it is told."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from bridge.cli.conform_wires import own
from bridge.conformance.suite import pages, parity
from bridge.conformance.suite.actors import Answer, Broken, Stage
from bridge.conformance.suite.cases import Case
from bridge.conformance.suite.running import (
    DIFFERS,
    NOT_ANSWERED,
    NOT_TRIED,
    OUTCOMES,
    SAME,
    Anywhere,
    Unseen,
    Verdict,
    run,
    verdict,
)
from tests.support.small_target import SmallTarget

WORLD = ("chat-8.2", "android")
OK = {"code": 0, "desc": "ok"}
RULE = ("joinGroup", "A Meeting does not tell who comes.")


def case(name: str, *script: Any, **more: Any) -> Case:
    """Return a case."""
    return Case(name, f"what {name} holds", list(script), source="product docs: x", file="fixtures/conformance/f.jsonl", line=7, **more)


CASES = [
    case("good", ["alice", "f"], ["alice", "joinGroup"], rules=(RULE,)),
    case("wrong", ["alice", "f"], ["alice", "joinGroup", {"groupID": "<g>"}, {"code": 10010}], ["alice", "after"], rules=(RULE,)),
    case("unknown", ["alice", "quitGroup"]),
    case("hangs", ["alice", "hang"]),
    case("late", ["", "advance", 5]),
]


@pytest.fixture
def verdicts() -> list[Verdict]:
    """Return what comes of some cases."""

    def hang(_: Any) -> Answer:
        raise Broken("hang is not answered within 5 s")

    stage = Stage(SmallTarget({"f": OK, "joinGroup": OK, "hang": hang}, "device."), WORLD)
    return list(run(CASES, stage))


def test_outcome_of_each_case(verdicts: list[Verdict]) -> None:
    """A case goes as it says, differs, is not answered, or cannot be tried; the step and its method are known."""
    assert [
        ("good", SAME, 0, ""),
        ("wrong", DIFFERS, 2, "joinGroup"),
        ("unknown", NOT_ANSWERED, 1, "quitGroup"),
        ("hangs", NOT_ANSWERED, 1, "hang"),
        ("late", NOT_TRIED, 0, ""),
    ] == [(one.case.name, one.outcome, one.step, one.method) for one in verdicts]
    assert [False, False, False, True, False] == [one.is_broken for one in verdicts]


def test_difference_is_told_to_strangers(verdicts: list[Verdict]) -> None:
    """What differs is told with case, place, step, path, expected, came and evidence."""
    lines = "\n".join(verdicts[1].lines())
    for part in (
        "chat-8.2-android  differs: wrong",
        "what wrong holds",
        "case      fixtures/conformance/f.jsonl:7",
        'step      2 of 3: alice joinGroup {"groupID": "<g>"}',
        "at        code",
        "expected  10010",
        "came      0 (ok)",
        "evidence  joinGroup: A Meeting does not tell who comes. (documented, ",
    ):
        assert part in lines, lines
    assert "because   hang is not answered within 5 s" in "\n".join(verdicts[3].lines())


def test_parity_counts_by_method_and_rule(verdicts: list[Verdict]) -> None:
    """What went wrong counts for the method that was called and for the rules of the case, not for what was called before or after."""
    found = parity.of(verdicts)
    assert {SAME: 1, DIFFERS: 1, NOT_ANSWERED: 2, NOT_TRIED: 1} == dict(found.outcomes)
    assert {SAME: 1, DIFFERS: 1} == dict(found.methods["joinGroup"])
    assert {SAME: 1} == dict(found.methods["f"])
    assert {NOT_ANSWERED: 1} == dict(found.methods["quitGroup"])
    assert "after" not in found.methods
    assert {": ".join(RULE): {SAME: 1, DIFFERS: 1}} == {name: dict(row) for name, row in found.rules.items()}
    assert "1 same, 1 differs, 2 not answered, 1 not tried" == found.summary()
    document = found.document()
    assert {"same": 1, "differs": 1, "not answered": 0, "not tried": 0} == document["methods"]["joinGroup"]
    shown = "\n".join(found.lines())
    assert "joinGroup" in shown and "\nf " not in shown
    assert "\nf " in "\n".join(found.lines(everything=True))


def test_junit_is_well_formed(verdicts: list[Verdict]) -> None:
    """CI systems get a suite for each dialect and platform, with a place and a message for what is not the same, whatever came."""
    suite = ET.fromstring(pages.junit([*verdicts, Verdict(case("odd\x00"), WORLD, NOT_TRIED, note="\x01<&>")])).find("testsuite")
    assert suite is not None
    assert {"name": "chat-8.2-android", "tests": "6", "failures": "1", "errors": "2", "skipped": "2"} == suite.attrib
    wrong = suite.findall("testcase")[1]
    place = "fixtures/conformance/f.jsonl"
    assert {"classname": place, "file": place, "line": "7", "name": "wrong"} == wrong.attrib
    failure = wrong.find("failure")
    assert failure is not None and "code: expected 10010, came 0 (ok)" == failure.attrib["message"]
    assert "evidence" in str(failure.text)


def test_page_holds_all(verdicts: list[Verdict]) -> None:
    """The page needs nothing else, tells what is wrong, has a row for each method and rule, and takes no markup from a target."""
    page = pages.html(verdicts, parity.of(verdicts))
    assert "http" not in page
    for part in ("<h1>Conformance</h1>", "differs: wrong", "&lt;g&gt;", "<td>joinGroup</td>", ": ".join(RULE)):
        assert part in page
    assert "<g>" not in page
    assert all(f"<th>{name}</th>" in page for name in OUTCOMES)


def test_cases_for_a_used_world_are_found_out() -> None:
    """What holds twice in one world can be tried on a service that is never begun anew."""
    anywhere = Anywhere(own)
    again: list[Any] = [["alice", "createGroup", {"groupType": "Party", "groupName": "x"}, {"code": 10004}]]
    once: list[Any] = [["alice", "createGroup", {"groupType": "Public", "groupName": "x", "groupID": "club"}, {"data": "club"}]]
    assert "" == anywhere(case("again", *again), WORLD)
    assert "it needs a world in which nothing has happened" == anywhere(case("once", *once), WORLD)
    assert "it needs a service that is set up for it" == anywhere(case("set up", *again, given={"policy": {}}), WORLD)
    (found,) = run([case("once", *once)], Stage(own(WORLD), WORLD), anywhere)
    assert (NOT_TRIED, "it needs a world in which nothing has happened") == (found.outcome, found.note)


def test_cases_for_people_on_devices_are_found_out() -> None:
    """With the minimum of the control plane others act unseen: a case that does not hold so is not tried, all others are."""
    status = ["alice", "getUserStatus", {"userIDList": ["bob"]}, {"data": [{"statusType": 1}]}]
    seen = case("seen", ["bob", "enter"], status, ["alice", "heard", {}])
    unseen = case("unseen", ["alice", "enter"], ["bob", "say", {"to": "alice"}], ["alice", "heard", {"onRecvNewMessage": 1}])
    strange = case("strange", ["alice", "cut"], ["bob", "say", {"to": "alice"}])
    found = list(run([seen, unseen, strange], Stage(SmallTarget({}, "user.call", "world.reset"), WORLD), unseen=Unseen(own)))
    assert [NOT_TRIED, NOT_ANSWERED, NOT_TRIED] == [one.outcome for one in found]
    assert "others would have to have devices: the target has no bridge.device.open" == found[0].note
    assert "the target has no bridge.service.connectionLost" == found[2].note


def test_verdict_of_the_bridge_itself() -> None:
    """The bridge in this process is set up as a case says: its policy, its world, its silence."""
    strict = case("strict", ["alice", "getUsersInfo", {"userIDList": ["x"]}, {"code": 40003}], given={"policy": {"strict_accounts": True}})
    silent = case("silent", ["alice", "dismissGroup", {"groupID": None}, {"silence": True}], given={"options": {"faithful": True}})
    world = {"version": 1, "users": [{"user_id": "bob", "nick_name": "Bobby"}]}
    there = case("there", ["alice", "getUsersInfo", {"userIDList": ["bob"]}, {"data": [{"nickName": "Bobby"}]}], given={"world": world})
    for one in (strict, silent, there):
        found = verdict(one, Stage(own(WORLD), WORLD))
        assert SAME == found.outcome, found.lines()
