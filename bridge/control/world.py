"""`bridge.world.*`: the world as a whole."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session, unknown


@control("world.reset")
def world_reset(session: Session) -> dict[str, Any]:
    """Go back to what the world held at first or since the last load; devices stay open, as just opened."""
    session.emulator.reset()
    return {}


@control("world.export", "the world as a document")
def world_export(session: Session) -> dict[str, Any]:
    """Write the world down: all but devices and their sessions."""
    return session.emulator.export()


@control("world.checkpoint", "{checkpoint}")
def world_checkpoint(session: Session) -> dict[str, Any]:
    """Remember the world as it is."""
    return {"checkpoint": session.emulator.checkpoint()}


@control("world.rollback", checkpoint=P("string", "what checkpoint answered", True))
def world_rollback(session: Session, checkpoint: str) -> dict[str, Any]:
    """Go back to a checkpoint; sends nothing."""
    if checkpoint not in session.emulator.checkpoints:
        raise unknown("checkpoint", checkpoint, session.emulator.checkpoints)
    session.emulator.rollback(checkpoint)
    return {}


@control("world.use", world=P("string", "name of the world", True))
def world_use(session: Session, world: str) -> dict[str, Any]:
    """Leave this world with all devices and begin anew in another, made on first use."""
    session.use_world(world)
    return {"world": world}
