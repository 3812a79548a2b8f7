"""Which way the walk takes that is another every day."""

from __future__ import annotations

import os
import time

OF_THE_DAY = "TIMBRIDGE_WALK_SEED"
"""The environment's word for the seed."""


def seed_of_the_day() -> int:
    """Return the seed that the environment names, else one made of the date."""
    return int(os.environ.get(OF_THE_DAY) or time.strftime("%Y%m%d"))
