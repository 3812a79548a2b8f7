"""Random frames on every door; `tools/fuzz_doors.py` sends a million of them."""

from __future__ import annotations

import pytest

from tools.fuzz_doors import DOORS, FRAMES, Generator, fuzz

COUNT = {"websocket": 4000}
"""A broken frame ends a WebSocket, and what was sent behind it is lost: as many as the machine is slow. Others go on."""


@pytest.mark.parametrize("door", DOORS)
def test_random_frames_are_survived(door: str) -> None:
    """No crash, no hang, nothing that is not of the protocol, no bug of the bridge."""
    count = COUNT.get(door, 1500)
    found, samples = fuzz(door, count, seed=7)
    assert [] == samples
    assert (count, 0, 0, 0) == (found["frames"], found["bugs"], found["not of the protocol"], found["status"])
    assert found["granted"] > 40


@pytest.mark.parametrize("door", DOORS)
def test_seed_gives_the_same_frames(door: str) -> None:
    """What was found can be found again."""
    one, two, other = Generator(1), Generator(1), Generator(2)
    frames = [[FRAMES[door](g, g.request()) for _ in range(50)] for g in (one, two, other)]
    assert frames[0] == frames[1] != frames[2]
