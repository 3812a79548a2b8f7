"""
The bridge does what the cases say: in this process all of them on all of their dialects and platforms, behind a socket a part a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from bridge.cli.conform_wires import RemoteWire, link_to, own
from bridge.conformance.suite.actors import Stage
from bridge.conformance.suite.cases import Case, load
from bridge.conformance.suite.running import NOT_TRIED, SAME, Verdict, run
from bridge.conformance.suite.worlds import World, every_world, name_of
from bridge.testing.wires import ServerProcess
from tests.support.walks import seed_of_the_day

CASES = load()
WORLDS = every_world()
PLAYED = {world: [case for case in CASES if case.is_on(world)] for world in WORLDS}
"""What is played on each dialect and platform."""

FILES = [(world, file) for world, played in PLAYED.items() for file in dict.fromkeys(case.file for case in played)]
EACH_SO_MANY = 6
"""Behind a socket one in so many of all plays is made a day, which takes half as long as all of them in this process."""
SEED = seed_of_the_day()


def of_the_day(number: int, world: World) -> list[Case]:
    """Return what is played on a world behind a socket: another part each day, of each file."""
    return [case for place, case in enumerate(CASES) if (place + number + SEED) % EACH_SO_MANY == 0 and case.is_on(world)]


def door_of_the_day(number: int) -> str:
    """Return by which kind of socket a world is reached: by the other one when its parts begin anew."""
    return ("tcp", "ws")[(number + SEED // EACH_SO_MANY) % 2]


def told(found: Iterable[Verdict]) -> str:
    """Return in words what does not go as its case says; "" if all does."""
    return "\n\n".join("\n".join(one.lines()) for one in found if one.outcome != SAME)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of a server in a process of its own."""
    process = ServerProcess()
    yield process.address.partition("://")[2]
    process.stop()


def test_every_case_is_played() -> None:
    """There is no case without a dialect and platform, and none of these without cases."""
    nowhere = {case.place for case in CASES} - {case.place for played in PLAYED.values() for case in played}
    assert set() == nowhere
    assert all(PLAYED.values())


@pytest.mark.parametrize(("world", "file"), FILES, ids=[f"{name_of(world)}-{file.split('/', 1)[-1]}" for world, file in FILES])
def test_bridge_does_as_the_cases_say(world: World, file: str) -> None:
    """In this process the cases of a file go as they say on each dialect and platform that they are about."""
    differs = told(run((case for case in PLAYED[world] if case.file == file), Stage(own(world), world)))
    assert not differs, differs


@pytest.mark.parametrize("number", range(len(WORLDS)), ids=map(name_of, WORLDS))
def test_bridge_does_so_behind_a_socket(server: str, number: int) -> None:
    """Behind a socket the cases go as they say, too; some would need another set-up."""
    world = WORLDS[number]
    wire = RemoteWire(link_to(f"{door_of_the_day(number)}://{server}", [], 10.0), world, 10.0)
    found = list(run(of_the_day(number, world), Stage(wire, world)))
    wire.close()
    untried = [one for one in found if one.outcome == NOT_TRIED]
    differs = told(one for one in found if one.outcome != NOT_TRIED)
    assert not differs, differs
    assert any(one.outcome == SAME for one in found), "nothing was played"
    assert all("set up otherwise" in one.note for one in untried), [(one.case.place, one.note) for one in untried]
