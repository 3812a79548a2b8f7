"""Which way the walk takes that is another every day, and where it is that a case of the suite is played by itself."""

from __future__ import annotations

import os
import time

from bridge.conformance.suite.cases import Case
from bridge.conformance.suite.worlds import World

OF_THE_DAY = "TIMBRIDGE_WALK_SEED"
"""The environment's word for the seed."""


def seed_of_the_day() -> int:
    """Return the seed that the environment names, else one made of the date."""
    return int(os.environ.get(OF_THE_DAY) or time.strftime("%Y%m%d"))


def world_of_the_day(number: int, case: Case) -> World:
    """Return one of the dialects and platforms of the so manieth case: all of them in the course of days."""
    worlds = case.worlds()
    assert worlds, f"{case.place} is played nowhere"
    return worlds[(number + seed_of_the_day()) % len(worlds)]
