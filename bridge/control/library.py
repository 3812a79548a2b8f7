"""`bridge.library.*`: the native library of a client's own process."""

from __future__ import annotations

from typing import Any

from bridge.catalogue import native_dialects
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.errors import unknown


@control(
    "library.look",
    "{mark, libraries: [{device, dialect, marked, calls, posts, waiting: [{method, dueMs}]}]}, one of each isolate",
    process=P("integer", "id of the process that has the library in it, the client's own as a rule", True),
    mark=P("boolean", "have a new number sent back: `marked` is as great as `mark` once all that was said so far is at the port"),
)
def library_look(session: Session, process: int, mark: bool | None) -> dict[str, Any]:
    """Say how far the native library of a process is: what it has called and was told, and which calls wait, and until when."""
    companions = session.server.companions
    number = companions.mark(process) if mark else 0
    return {"mark": number, "libraries": [companion.seen() for companion in companions.of(process)]}


@control(
    "library.use",
    "{libraries: how many are there already}",
    process=P("integer", "id of the process that has the library in it, the client's own as a rule", True),
    dialect=P("string", "what it speaks, such as native-8.5; what its plugin is found to be when left out"),
)
def library_use(session: Session, process: int, dialect: str | None) -> dict[str, Any]:
    """Say which plugin calls the native library of a process, now and later."""
    if dialect is not None and dialect not in native_dialects():
        raise unknown("dialect of a native library", dialect, native_dialects())
    return {"libraries": session.server.companions.speak(process, dialect)}
