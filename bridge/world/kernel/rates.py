"""How often a user may call something. Off unless `--rate-limits` (DECISIONS.md: Rate limits are off)."""

from __future__ import annotations

from attrs import frozen

from bridge.errors import ChatError
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World


@frozen
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
    row = world[RATES].get((user_id, name))
    recent = tuple(ms for ms in (() if row is None else row.times_ms) if ms > world.now_ms - window_ms)
    if len(recent) >= count:
        raise ChatError(code)
    world[RATES].put((user_id, name), Rate(user_id, name, (*recent, world.now_ms)))
