"""How often a user may call something. Off unless `--rate-limits` (DECISIONS.md: Rate limits are off)."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World


@row_class
class Rate:
    """When a user called something lately: times in milliseconds, oldest first."""

    user_id: str
    name: str
    times_ms: tuple[int, ...] = ()


RATES = TableSpec("rates", Rate, ("user_id", "name"), exported=False, is_local=True)


def check(world: World, user_id: str, name: str, count: int, window_ms: int, code: int) -> None:
    """Count a call. Raises: ChatError `code` beyond `count` calls within `window_ms`, where rates are limited."""
    if not world.policy.rate_limits:
        return
    if recent(world, user_id, name, window_ms) >= count:
        raise ChatError(code)
    note(world, user_id, name, window_ms)


def recent(world: World, user_id: str, name: str, window_ms: int) -> int:
    """Return how often something was called within a window of time."""
    row = world[RATES].get((user_id, name))
    return 0 if row is None else sum(ms > world.now_ms - window_ms for ms in row.times_ms)


def note(world: World, user_id: str, name: str, window_ms: int) -> None:
    """Count a call; what is older than the window is forgotten."""
    row = world[RATES].get((user_id, name))
    kept = tuple(ms for ms in (() if row is None else row.times_ms) if ms > world.now_ms - window_ms)
    world[RATES].put((user_id, name), Rate(user_id, name, (*kept, world.now_ms)))
