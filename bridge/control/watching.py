"""`bridge.journal.watch`: what happens, as it happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bridge.control.journal import Names, shown
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.engine.journal import Journal

MOST_TOLD = 1_000
"""How many entries are told at once; what is more waits for the next time."""


@control(
    "journal.watch",
    "{entries, cut} as journal.list has them; from then on bridge.journal.entries {entries, cut} tells of what is new",
    since=P("integer", "only entries with a greater number"),
    travel=P("boolean", "the world's states are kept from now on, to be looked at and gone back to; they are anyway with `serve --ui`"),
)
def journal_watch(session: Session, since: int | None, travel: bool | None) -> dict[str, Any]:
    """
    Be told of all entries of the journal, until bridge.journal.unwatch or another world.

    Several are told together. A watcher that does not read holds nobody up: it is told of what was missed when it reads again, with `cut`
    where some of that is lost. bridge.inspector.changed tells that the world has changed and the journal has no word on it.
    """
    if session.unwatch is not None:
        session.unwatch()
    watch = Watch(session, since or 0)
    if travel:
        session.emulator.remember()
    return watch.begin()


@control("journal.unwatch")
def journal_unwatch(session: Session) -> dict[str, Any]:
    """Be told no more."""
    if session.unwatch is not None:
        session.unwatch()
    return {}


class Watch:
    """What a client has been told of a journal."""

    def __init__(self, session: Session, since: int) -> None:
        self._session = session
        self._client = session.client
        self._emulator = session.emulator
        self._journal: Journal = session.emulator.engine.journal
        self._names = Names(session)
        self._told = since
        self._state: tuple[Any, int] = (None, 0)

    def begin(self) -> dict[str, Any]:
        """Be called from now on. Returns what is there already."""
        self._session.server.lookers.add(self.look)
        self._session.unwatch = self._end
        self._emulator.watched += 1
        cut = self._journal.is_cut(self._told)
        entries = [entry for piece in self._news() for entry in piece]
        self._state = self._now()
        return {"entries": entries, "cut": cut}

    def look(self) -> None:
        """Tell what is new, unless the client has much to read already."""
        if self._journal.last > self._told:
            cut = self._journal.is_cut(self._told)
            news = self._news()
            while not self._client.is_behind():
                piece = next(news, None)
                if piece is None:
                    self._state = self._now()
                    return
                self._client.notify("bridge.journal.entries", {"entries": piece, "cut": cut})
                cut = False
        elif self._state != self._now() and not self._client.is_behind():
            self._state = self._now()
            self._client.notify("bridge.inspector.changed", {})

    def _news(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the entries that have not been told, as people see them; what is yielded has been told."""
        self._names.look_again()
        entries = self._journal.newest(self._told)
        for piece in shown(self._journal, self._names, entries, MOST_TOLD):
            self._told = piece[-1]["seq"]
            yield piece
        self._told = max(self._told, self._journal.last)

    def _now(self) -> tuple[Any, int]:
        """Return what is another as soon as anything has changed."""
        log = self._emulator.world.log
        return log, log.changes

    def _end(self) -> None:
        self._session.server.lookers.discard(self.look)
        self._session.unwatch = None
        self._emulator.watched -= 1
