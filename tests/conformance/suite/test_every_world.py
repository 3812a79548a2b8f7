"""
The bridge does what the cases say on every dialect and platform that they are about; behind a socket, too, a part of them each day.

A file's cases on a world are one test, which tells of each that differs. What `test_holds.py` plays that day is left to it.
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
from tests.support.walks import seed_of_the_day, world_of_the_day

CASES = load()
WORLDS = every_world()
PLAYED = {world: [case for case in CASES if case.is_on(world)] for world in WORLDS}
"""What is played on each dialect and platform."""

BY_ITSELF = {(case.place, world_of_the_day(number, case)) for number, case in enumerate(CASES)}
OTHERS = {world: [case for case in played if (case.place, world) not in BY_ITSELF] for world, played in PLAYED.items()}
FILES = [(world, file) for world, played in OTHERS.items() for file in dict.fromkeys(case.file for case in played)]
EACH_SO_MANY = 24
"""Behind a socket one in so many of all plays is made a day, which takes an eighth as long as all of them in this process."""
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
    """Each case is played once on each dialect and platform that it is about, here or by itself; none of these is without cases."""
    here = sum(len(played) for played in OTHERS.values())
    assert sum(map(len, PLAYED.values())) == here + len(CASES) == sum(len(case.worlds()) for case in CASES)
    assert all(OTHERS.values())


@pytest.mark.parametrize(("world", "file"), FILES, ids=[f"{name_of(world)}-{file.split('/', 1)[-1]}" for world, file in FILES])
def test_bridge_does_as_the_cases_say(world: World, file: str) -> None:
    """In this process the cases of a file go as they say on each dialect and platform that they are about."""
    differs = told(run((case for case in OTHERS[world] if case.file == file), Stage(own(world), world)))
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
