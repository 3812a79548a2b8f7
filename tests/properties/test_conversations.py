"""What an app knows by listening is what it would fetch: conversations, their groups, the unread total; on each device, after each step."""

from __future__ import annotations

from hypothesis import given, settings

from tests.support.town import ACTIONS, Step, Town, steps
from tools import explore


@settings(max_examples=100)
@given(steps(30))
def test_listening_equals_fetching(script: list[Step]) -> None:
    """Old view and events make the new view, in order, on all devices after each step."""
    town = Town()
    for step in script:
        town.step(step)
        town.check()


@settings(max_examples=25)
@given(steps(30))
def test_same_steps_same_bytes(script: list[Step]) -> None:
    """The same steps get the same answers and events, and leave the same world."""
    towns = [Town(keep=True), Town(keep=True)]
    for town in towns:
        for step in script:
            town.step(step)
    assert towns[0].written() == towns[1].written()


def test_long_walks_hold() -> None:
    """Thousands of steps at random break nothing (`python -m tools.explore` takes as many more as there is time for)."""
    done = explore.explore(15_000, seed=20_251_125)
    assert done["refused"] > 1000
    assert all(done[name] > 100 for name in {name for name, _ in ACTIONS})
