"""The wall's clock, for `--clock real`: the core never looks at it."""

from __future__ import annotations

import time

EVERY_S = 0.05
"""How often a server looks for what has become due."""


def wall_ms() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
