"""The bridge does what the cases say: each is played on some of its dialects and platforms, on others every day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridge.cli.conform_wires import RemoteWire, link_to, own
from bridge.conformance.suite.actors import Stage
from bridge.conformance.suite.cases import Case, load
from bridge.conformance.suite.running import NOT_TRIED, SAME, Verdict, verdict
from bridge.conformance.suite.worlds import World, every_world, name_of
from bridge.testing.wires import ServerProcess
from tests.support.walks import seed_of_the_day

CASES = load()
WORLDS = every_world()
SEED = seed_of_the_day()


def worlds_of_the_day(number: int, case: Case) -> tuple[World, World]:
    """Return one of the worlds of a case for the first door, and another for the second: all of them in the course of days."""
    worlds = case.worlds()
    assert worlds, f"{case.place} is played nowhere"
    first, second = (worlds[(number + SEED + step) % len(worlds)] for step in (0, len(worlds) // 2))
    return first, second


EACH_SO_MANY = 6
"""Behind a socket one in so many cases of each world is played a day, so that no world is left out; all of all would take three minutes."""
PLAN: list[tuple[Case, World, World]] = [(case, *worlds_of_the_day(number, case)) for number, case in enumerate(CASES)]


def same(found: Verdict) -> None:
    """Fail unless a case went as it says."""
    assert SAME == found.outcome, "\n".join(found.lines())


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of a server in a process of its own."""
    process = ServerProcess()
    yield process.address.partition("://")[2]
    process.stop()


@pytest.mark.parametrize("planned", PLAN, ids=[f"{case.file.split('/')[-1]}-{case.line}" for case, *_ in PLAN])
def test_bridge_does_as_the_case_says(planned: tuple[Case, World, World]) -> None:
    """In this process a case goes as it says, on one dialect and platform."""
    case, world, _ = planned
    same(verdict(case, Stage(own(world), world)))


@pytest.mark.parametrize("world", WORLDS, ids=map(name_of, WORLDS))
def test_bridge_does_so_behind_a_socket(server: str, world: World) -> None:
    """Behind a socket the cases go as they say, each on another dialect and platform; some would need another set-up."""
    planned = [case for case, _, at in PLAN if at == world][SEED % EACH_SO_MANY :: EACH_SO_MANY]
    kind = "ws" if world[0] == "chat-8.4" else "tcp"
    wire = RemoteWire(link_to(f"{kind}://{server}", [], 10.0), world, 10.0)
    stage = Stage(wire, world)
    found = []
    for case in planned:
        found.append(verdict(case, stage))
        if found[-1].outcome != NOT_TRIED:
            same(found[-1])
    wire.close()
    assert any(one.outcome == SAME for one in found), "nothing was played"
    untried = [one for one in found if one.outcome == NOT_TRIED]
    assert all("set up otherwise" in one.note for one in untried), [(one.case.place, one.note) for one in untried]
