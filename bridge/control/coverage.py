"""`bridge.coverage` and `bridge.evidence`: how completely methods are played, and how that is known."""

from __future__ import annotations

from typing import Any

from bridge.catalogue import dialects, load, native_dialects
from bridge.conformance import ledger
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.errors import INVALID_PARAMS, ProtocolError, did_you_mean


@control("coverage", "{dialect, platform, methods: {name: {status, missing, calls}}}")
def coverage(session: Session) -> dict[str, Any]:
    """Tell how completely each method of the own device's dialect is played, and how often it was called in this world."""
    spoken, platform = session.spoken()
    calls = session.emulator.engine.calls
    methods = {
        name: {"status": row.status, "missing": list(row.missing), "calls": calls.get(name, 0)}
        for name, row in ledger.statuses(spoken, platform).items()
    }
    return {"dialect": spoken, "platform": platform, "methods": methods}


@control(
    "evidence",
    "{method, dialect, manager, evidence: [{claim, kind, source}], notes, rules: [{rule, kind, source, code?, test | missing}], "
    "decisions: {HEADING: its text in DECISIONS.md}}",
    method=P("string", "a channel method", True),
    dialect=P("string", "the own device's when left out"),
)
def evidence(session: Session, method: str, dialect: str | None) -> dict[str, Any]:
    """Tell what is known about a method, and from where."""
    name = dialect or session.spoken()[0]
    known = (*dialects(), *native_dialects())
    if name not in known:
        raise _unknown("dialect", f"is none of {', '.join(known)}")
    try:
        return ledger.evidence(method, name)
    except KeyError:
        hint = did_you_mean(load(name).nearest(method))
        raise _unknown("method", f"is no method of {name}{hint}") from None


def _unknown(path: str, message: str) -> ProtocolError:
    return ProtocolError(INVALID_PARAMS, f"bridge.evidence: {path} {message}", [{"path": path, "message": message}])
