"""What an app knows by listening is what it would fetch: conversations, their groups, the unread total; on each device, after each step."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.support.town import ACTIONS, Step, Town, steps
from tests.support.walks import seed_of_the_day
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


@pytest.mark.parametrize("way", ["always", "today"])
def test_long_walks_hold(way: str) -> None:
    """
    Thousands of steps at random break nothing (`python -m tools.explore` takes as many more as there is time for).

    One way is the same every time, the other another every day: its seed is printed at the end of the run.
    """
    seed = 20_251_125 if way == "always" else seed_of_the_day()
    print(f"seed {seed}")
    done = explore.explore(15_000, seed=seed)
    assert done["refused"] > 1000
    assert all(done[name] > 100 for name in {name for name, _ in ACTIONS})
