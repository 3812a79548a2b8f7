"""`bridge.clock.*`: the virtual clock."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.engine.turn import Turn
from bridge.errors import INVALID_PARAMS, ProtocolError

TEN_YEARS_MS = 10 * 366 * 24 * 3600 * 1000


@control("clock.now", "{ms}")
def clock_now(session: Session) -> dict[str, Any]:
    """Tell the world's time in milliseconds since 1970."""
    return {"ms": session.emulator.world.now_ms}


@control("clock.advance", "{ms: the new time}; then what was due on the way", ms=P("integer", "how far, 0 to ten years", True))
def clock_advance(session: Session, ms: int) -> Turn:
    """Move the clock on; what is due on the way happens in order, behind the answer."""
    _check("advance", ms, 0, "must be from 0 to ten years")
    return _move(session, session.emulator.world.now_ms + ms)


@control("clock.set", "{ms: the new time}; then what was due until then", ms=P("integer", "the new time, up to ten years ahead", True))
def clock_set(session: Session, ms: int) -> Turn:
    """Put the clock at a time; what is due until then happens in order, behind the answer."""
    _check("set", ms, session.emulator.world.now_ms, "must not be before now, nor over ten years ahead")
    return _move(session, ms)


def _check(name: str, ms: int, least: int, words: str) -> None:
    if not least <= ms <= least + TEN_YEARS_MS:
        message = f"{words}: from {least} to {least + TEN_YEARS_MS}"
        raise ProtocolError(INVALID_PARAMS, f"bridge.clock.{name}: ms {words}", [{"path": "ms", "message": message}])


def _move(session: Session, to_ms: int) -> Turn:
    turn = session.emulator.advance(to_ms, session.hear)
    turn.reply.result = {"ms": session.emulator.world.now_ms}
    return turn
