"""`bridge.travel.*`: back to what a world was before a call."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.control.view import mark_before, past
from bridge.engine.journal import Journal


@control("travel.list", "{marks: [{seq, ms, method}]}, the oldest first")
def travel_list(session: Session) -> dict[str, Any]:
    """List the states of the world that are kept: the number of the entry behind each, the time then, and what was called."""
    journal = session.emulator.engine.journal
    marks = past(session).marks()
    methods = _methods(journal, [mark.seq for mark in marks])
    return {"marks": [{"seq": mark.seq, "ms": mark.ms, "method": methods.get(mark.seq, "")} for mark in marks]}


@control("travel.to", "{seq}: of the state", seq=P("integer", "number of an entry of the journal", True))
def travel_to(session: Session, seq: int) -> dict[str, Any]:
    """Go back to what the world was before an entry of the journal, as bridge.world.rollback does; later states are gone."""
    mark = mark_before(session, seq)
    session.emulator.go_back(mark.number)
    return {"seq": mark.seq}


def _methods(journal: Journal, numbers: list[int]) -> dict[int, str]:
    """Return what was called first from each number on, before the next."""
    found: dict[int, str] = {}
    at = 0
    for entry in journal.entries():
        while at < len(numbers) - 1 and numbers[at + 1] <= entry.seq:
            at += 1
        if numbers[at] <= entry.seq and entry.kind == "call":
            found.setdefault(numbers[at], entry.method)
    return found
