"""`bridge.worlds.*`: all worlds of a server, and which test holds which."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.control.world import world_drop
from bridge.emulator import Emulator
from bridge.world.kernel import devices


@control("worlds.list", "{worlds: [{name, holder?, devices, calls, watched, finished, kept}]}")
def worlds_list(session: Session) -> dict[str, Any]:
    """List the worlds of this server: how many devices are in each and calls were made, and with `serve --ui` those that are over."""
    server = session.server
    rows = [_shown(name, server.world(name), False, server.is_kept(name)) for name in server.names()]
    rows += [_shown(name, emulator, True, True) for name, emulator in server.finished.items()]
    return {"worlds": rows}


@control("worlds.hold", holder=P("string", "whose it is: the name of a test", True))
def worlds_hold(session: Session, holder: str) -> dict[str, Any]:
    """Say whose the world is that this connection is in, for people who look at the list."""
    session.emulator.holder = holder[:MOST_LETTERS]
    return {}


@control("worlds.drop", world=P("string", "name of the world", True))
def worlds_drop(session: Session, world: str) -> dict[str, Any]:
    """Forget a world that is over and stays to be looked at, or as bridge.world.drop does one that nobody is in."""
    if world in session.server.finished:
        session.server.drop_finished(world)
    else:
        world_drop(session, world)
    return {}


MOST_LETTERS = 1_000


def _shown(name: str, emulator: Emulator, finished: bool, kept: bool) -> dict[str, Any]:
    open_now = [row for row in emulator.world[devices.DEVICES].rows.values() if not row.hidden]
    return {
        "name": name,
        **({"holder": emulator.holder} if emulator.holder else {}),
        "devices": len(open_now),
        "calls": sum(emulator.engine.calls.values()),
        "watched": emulator.watched,
        "finished": finished,
        "kept": kept,
    }
