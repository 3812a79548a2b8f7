"""`bridge.world.*`: the world as a whole."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.errors import INVALID_PARAMS, NOT_THERE, ProtocolError, unknown
from bridge.slices import Slices
from bridge.world.documents.persistence import WorldError
from bridge.world.kernel import devices


@control("world.reset")
def world_reset(session: Session) -> dict[str, Any]:
    """Go back to what the world held at first or since the last load; devices stay open, as just opened."""
    session.emulator.reset()
    return {}


@control("world.load", world=P("object|string", "as export gives it or as people write it, or the name of a shipped one", True))
def world_load(session: Session, world: dict[str, Any] | str) -> Slices[dict[str, Any]]:
    """Replace the world; devices stay open, as just opened. One that is none changes nothing."""
    from bridge import world_files

    document: Any = world
    if isinstance(world, str):
        names = world_files.shipped()
        if world not in names:
            raise unknown("shipped world", world, names)
        document = world_files.fixture(world)
    try:
        session.left_over = yield from session.emulator.loading(document)
    except WorldError as error:
        raise _refused(error, (yield from world_files.violating(document))) from None
    return {}


def _refused(error: WorldError, violations: list[dict[str, str]]) -> ProtocolError:
    """Return the error for a document that is no world: what the loader met first, then all else that its schema finds."""
    first = {"path": error.path or "", "message": error.message}
    others = [one for one in violations if one["path"] != first["path"]]
    listed = [{**one, "path": f"world.{one['path']}" if one["path"] else "world"} for one in (first, *others)]
    return ProtocolError(INVALID_PARAMS, f"bridge.world.load: {listed[0]['path']} {error.message}", listed)


@control("world.export", "the world as a document")
def world_export(session: Session) -> Slices[dict[str, Any]]:
    """Write the world down: all but devices and their sessions."""
    return session.emulator.exporting()


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


@control(
    "world.use",
    world=P("string", "name of the world", True),
    process=P("integer", "id of the process whose native library comes along, the client's own as a rule; none when left out"),
    keep=P("boolean", "the world stays when the last connection that used it has closed"),
)
def world_use(session: Session, world: str, process: int | None, keep: bool | None) -> dict[str, Any]:
    """Leave this world with all devices and begin anew in another, made on first use."""
    session.use_world(world)
    if keep:
        session.server.keep(world)
    if process is not None:
        session.server.companions.go(process, world)
    return {"world": world}


@control("world.drop", world=P("string", "name of the world", True))
def world_drop(session: Session, world: str) -> dict[str, Any]:
    """Forget a world that nobody is in, kept or not; whoever used it before finds a new one."""
    server = session.server
    if not world:
        raise ProtocolError(NOT_THERE, "the world that everybody starts in cannot be dropped: bridge.world.reset empties it")
    if world not in server.names():
        raise unknown("world", world, [name for name in server.names() if name])
    inside = [row for row in server.world(world).world[devices.DEVICES].rows.values() if not row.hidden]
    if inside:
        raise ProtocolError(NOT_THERE, f"the world {world!r} is in use: {len(inside)} device{'s are' if len(inside) > 1 else ' is'} in it")
    server.drop(world)
    return {}
