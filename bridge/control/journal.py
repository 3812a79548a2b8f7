"""`bridge.journal.*`: what was called, answered and heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bridge.control.expectations import compare
from bridge.control.naming import called, heard_as
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.engine.journal import EVENTS, Entry, Journal
from bridge.slices import ROWS, Slices
from bridge.world.kernel import devices

KINDS = ("call", "reply", "event", "dropped", "warning", "fault")


@control(
    "journal.list",
    "{entries: [{seq, ms, device, kind, method, arguments | result | error | text, cause?, heardAs?, assumed?}], cut}",
    since=P("integer", "only entries with a greater number"),
    method=P("string", "only this method"),
    device=P("string", "only this device"),
    kind=P("string", f"only this kind: {', '.join(KINDS)}"),
    last=P("integer", "only so many, the latest"),
)
def journal_list(
    session: Session, since: int | None, method: str | None, device: str | None, kind: str | None, last: int | None
) -> Slices[dict[str, Any]]:
    """
    List the last calls, replies and events; `cut` says whether older ones are lost, `assumed` what a reply rests on.

    `heardAs` are all listeners' methods that a plugin calls of an event, where they are several: the event is found by each.
    """
    journal = session.emulator.engine.journal
    names = Names(session)
    wanted = None if method is None else called(method)
    cut = journal.is_cut(since or 0)
    found: list[tuple[Entry, str, tuple[str, str] | None]] = []
    for at, entry in enumerate(list(journal.entries(since or 0))):
        if at % ROWS == ROWS - 1:
            yield
        name = names.of(entry.device)
        is_meant = wanted is None or entry.method in wanted or method in _heard_as(entry)
        if is_meant and device in (None, name) and kind in (None, entry.kind):
            found.append((entry, name, names.kind(entry.device)))
    if last is not None:
        found = found[max(len(found) - max(last, 0), 0) :]
    causes = Causes(journal, {entry.cause for entry, _, _ in found if entry.kind == "reply"})
    shown: list[dict[str, Any]] = []
    for at in range(0, len(found), ROWS):
        shown += [_shown(*one, causes) for one in found[at : at + ROWS]]
        yield
    return {"entries": shown, "cut": cut}


@control("journal.clear")
def journal_clear(session: Session) -> dict[str, Any]:
    """Forget all entries of the journal; numbers go on."""
    session.emulator.engine.journal.clear()
    return {}


@control(
    "journal.expect",
    "{match, missing, unexpected, cut}; each of `missing` with its nearest misses and how they differ",
    calls=P("array", "the calls that were to be made: [{method, arguments?, times?, device?}]"),
    events=P("array", "the events that were to be heard: [{type, data?, times?, device?}]"),
    since=P("integer", "only entries with a greater number count"),
)
def journal_expect(
    session: Session, calls: list[Any] | None, events: list[Any] | None, since: int | None
) -> dict[str, Any]:
    """
    Compare the journal with what was expected.

    An expectation without `times` must be met at least once, one with it exactly so often. `arguments` and `data` name what matters; more
    may be there. Calls that nobody expected are named and do no harm; calls of `bridge.user.*` do not count.
    """
    journal = session.emulator.engine.journal
    names = Names(session)
    entries = [(entry, names.of(entry.device)) for entry in journal.entries(since or 0) if not names.is_hidden(entry.device)]
    return {**compare(calls or [], events or [], entries), "cut": journal.is_cut(since or 0)}


class Names:
    """How devices are called in what a session shows: by the session's own name, else by their owner's, else by their id."""

    def __init__(self, session: Session) -> None:
        self._names = session.names
        self._emulator = session.emulator
        self.look_again()

    def look_again(self) -> None:
        """See which devices there are now: the world may be another one."""
        self._rows = self._emulator.world[devices.DEVICES].rows
        self._hidden = set(self._emulator.hidden.values())

    def of(self, device_id: str) -> str:
        """Return what to call a device."""
        own = self._names.get(device_id)
        if own is not None:
            return own
        row = self._rows.get(device_id)
        return row.name or device_id if row is not None else device_id

    def kind(self, device_id: str) -> tuple[str, str] | None:
        """Return which dialect a device speaks, and its platform; None for one that is gone."""
        row = self._rows.get(device_id)
        return None if row is None else (row.dialect, row.platform)

    def is_hidden(self, device_id: str) -> bool:
        """Return whether a device is the hidden one of a user."""
        return device_id in self._hidden


def _heard_as(entry: Entry) -> tuple[str, ...]:
    return heard_as(entry.method, entry.value) if entry.kind in EVENTS else ()


def shown(journal: Journal, names: Names, entries: list[Entry], most: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the newest entries of a journal as `journal.list` has them, so many together."""
    wanted = {entry.cause for entry in entries if entry.kind == "reply"}
    is_all = not wanted or min(wanted) >= entries[0].seq
    causes = Causes(journal, wanted, entries if is_all else None)
    for at in range(0, len(entries), most):
        yield [_shown(entry, names.of(entry.device), names.kind(entry.device), causes) for entry in entries[at : at + most]]


class Causes:
    """
    What calls were made with, and which types of events they caused, by the numbers of the calls.

    Args:
        entries: all of the journal from the first of those calls on, where somebody has them; None to look for them.
    """

    def __init__(self, journal: Journal, wanted: set[int], entries: list[Entry] | None = None) -> None:
        self.arguments: dict[int, Any] = {}
        self._events: dict[int, set[str]] = {}
        for entry in journal.newest(min(wanted, default=journal.last + 1) - 1) if entries is None else entries:
            if entry.kind == "call" and entry.seq in wanted:
                self.arguments[entry.seq] = entry.value
            elif entry.kind in EVENTS and entry.cause in wanted and isinstance(entry.value, dict):
                self._events.setdefault(entry.cause, set()).add(str(entry.value.get("type")))

    def events(self, cause: int) -> frozenset[str]:
        """Return the types of the events that a call has caused."""
        return frozenset(self._events.get(cause, ()))


def _shown(entry: Entry, device: str, kind: tuple[str, str] | None, causes: Causes) -> dict[str, Any]:
    """Return an entry as people see it."""
    shown = {"seq": entry.seq, "ms": entry.ms, "device": device, "kind": entry.kind, "method": entry.method}
    shown[entry.key] = entry.value
    if entry.cause:
        shown["cause"] = entry.cause
    names = _heard_as(entry)
    if len(names) > 1:
        shown["heardAs"] = list(names)
    if entry.kind == "reply" and kind is not None:
        shown |= dict(_assumed(entry, kind, causes))
    return shown


def _assumed(entry: Entry, kind: tuple[str, str], causes: Causes) -> Iterator[tuple[str, Any]]:
    from bridge.conformance import ledger
    from bridge.conformance.resting import Happened

    if entry.key == "result":
        code = entry.value.get("code", 0) if isinstance(entry.value, dict) else 0
        happened = Happened(causes.arguments.get(entry.cause), entry.value, causes.events(entry.cause), *kind)
        found = ledger.assumed(entry.method, code if isinstance(code, int) else 0, happened)
        if found:
            yield "assumed", found
