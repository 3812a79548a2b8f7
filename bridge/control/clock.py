"""`bridge.clock.*`: the virtual clock."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import INVALID_PARAMS, P, control
from bridge.control.session import Outcome, Session
from bridge.errors import ProtocolError

TEN_YEARS_MS = 10 * 366 * 24 * 3600 * 1000


@control("clock.now")
def clock_now(session: Session) -> dict[str, Any]:
    """Tell the world's time in milliseconds since 1970."""
    return {"ms": session.emulator.world.now_ms}


@control("clock.advance", ms=P("integer", "how far, 0 to ten years", True))
def clock_advance(session: Session, ms: int) -> Outcome:
    """Move the clock on; what is due on the way happens in order."""
    if not 0 <= ms <= TEN_YEARS_MS:
        raise ProtocolError(INVALID_PARAMS, "bridge.clock.advance: ms must be from 0 to ten years", [{"path": "ms", "message": f"must be from 0 to {TEN_YEARS_MS}"}])
    return _move(session, session.emulator.world.now_ms + ms)


@control("clock.set", ms=P("integer", "the new time, not before now and not over ten years ahead", True))
def clock_set(session: Session, ms: int) -> Outcome:
    """Put the clock at a time; what is due until then happens in order."""
    now_ms = session.emulator.world.now_ms
    if not now_ms <= ms <= now_ms + TEN_YEARS_MS:
        raise ProtocolError(INVALID_PARAMS, "bridge.clock.set: the clock does not go back, and not over ten years ahead", [{"path": "ms", "message": f"must be from {now_ms} on"}])
    return _move(session, ms)


def _move(session: Session, to_ms: int) -> Outcome:
    turn = session.emulator.advance(to_ms, session.hear)
    return Outcome({"ms": session.emulator.world.now_ms}, turn=turn)
