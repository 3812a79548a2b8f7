"""`bridge.inspector.*`: a connection that only looks, as the inspector's page does."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.emulator import Emulator, Server
from bridge.errors import unknown


@control("inspector.attach", "{world}", world=P("string", "name of the world; the one that everybody starts in when left out"))
def attach(session: Session, world: str | None) -> dict[str, Any]:
    """
    Close all devices of this connection and only look at a world, which stays as long as somebody looks.

    Nothing of it can be seen in the world, nor in its journal. Methods that need no device of the connection's own work as ever.
    """
    session.attach(there(session.server, world or ""))
    return {"world": world or ""}


def there(server: Server, world: str) -> Emulator:
    """Return a world that there is, or was. Raises ProtocolError -32000 for any other, with the nearest names."""
    found = server.find(world)
    if found is None:
        raise unknown("world", world, [name for name in (*server.names(), *server.finished) if name])
    return found
