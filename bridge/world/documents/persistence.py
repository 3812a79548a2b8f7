"""
The world as a document, and back.

A document is JSON that a person can read: the clock, counters, and a section per table with its rows (`rows.py`).
`document` writes one that holds everything (`exporting.py`); `fill` reads that, and terse ones written by hand as well
(`loading.py`, `terse.py`). What reads and writes is imported when it is first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bridge import garbage
from bridge.errors import BridgeError
from bridge.slices import ROWS, Slices, at_once, imported
from bridge.world.kernel.world import World


class WorldError(BridgeError):
    """
    A document that is no world.

    Attributes:
        steps: where it is wrong: keys and positions, outermost first.
    """

    def __init__(self, message: str, steps: tuple[str | int, ...], file: str | None = None) -> None:
        super().__init__(message, file=file, path=shown_path(steps))
        self.steps = steps


def shown_path(steps: tuple[str | int, ...]) -> str:
    """Return a path as people read it: `groups[2].members[0]`."""
    shown = ""
    for step in steps:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else step
    return shown


def document(world: World) -> dict[str, Any]:
    """Return all of a world but its devices and their sessions, as JSON values."""
    return at_once(writing(world))


def writing(world: World) -> Slices[dict[str, Any]]:
    """Return the same in slices: the world as it is when the first begins, whatever becomes of it meanwhile."""
    from bridge.world.documents import exporting

    return (yield from exporting.document(world))


def fill(
    world: World, document: Mapping[str, Any], file: str | None = None, tell: Callable[[int], object] | None = None
) -> None:
    """
    Put a document's contents into an empty world.

    Args:
        file: what to call the document in messages.
        tell: is told on the way how many rows more were looked at: put in, and held against the others.

    Raises: WorldError with what is wrong first; the world is of no use then.
    """
    with garbage.no_search(stays=True):
        work = filling(world, document, file)
        if tell is None:
            at_once(work)
            return
        for _ in work:
            tell(ROWS)


def filling(world: World, document: Mapping[str, Any], file: str | None = None) -> Slices[None]:
    """Do the same in slices."""
    yield from imported(*READERS)
    from bridge.world.documents import loading
    from bridge.world.documents.row_json import Flaw

    work = loading.fill(world, document, _fill_terse)
    try:
        while True:
            with garbage.no_search():
                if next(work, _DONE) is _DONE:
                    break
            yield
    except Flaw as flaw:
        raise WorldError(flaw.message, flaw.path, file) from None
    world.log.current.clear()


READERS = (
    "bridge.world.documents.row_json",
    "bridge.world.documents.drafts",
    "bridge.world.chats.messages",
    "bridge.world.chats.conversations",
    "bridge.world.chats.media",
    "bridge.world.chats.delivery",
    "bridge.world.chats.sending",
    "bridge.world.documents.terse_people",
    "bridge.world.documents.terse_chats",
    "bridge.world.documents.terse",
)
"""What reads a world, in the order in which no single import takes long."""

_DONE = object()


def _fill_terse(world: World, document: Mapping[str, Any]) -> Slices[dict[str, list[tuple[str | int, ...]]]]:
    from bridge.world.documents import terse

    return terse.fill(world, document)
