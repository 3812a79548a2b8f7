"""How much is the same: by method, and by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from bridge.conformance.suite.running import OUTCOMES, SAME, Verdict

Table = dict[str, Counter[str]]
"""By method, or by method and rule: how many cases came to what."""


class Parity:
    """
    Counts verdicts.

    Attributes:
        outcomes: of all cases. `methods`, `rules`: by the name of a method, by `method: rule`.
    """

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.methods: Table = {}
        self.rules: Table = {}

    def add(self, verdict: Verdict) -> None:
        """Count a verdict. What went wrong counts for the method that was called, and for those whose rules are tried; not for others."""
        self.outcomes[verdict.outcome] += 1
        about = {method for method, _ in verdict.case.rules}
        if verdict.outcome == SAME or not verdict.step:
            about |= verdict.case.methods
        elif verdict.method:
            about.add(verdict.method)
        for method in about:
            self.methods.setdefault(method, Counter())[verdict.outcome] += 1
        for method, words in verdict.case.rules:
            self.rules.setdefault(f"{method}: {words}", Counter())[verdict.outcome] += 1

    def document(self) -> dict[str, Any]:
        """Return all counts for machines."""
        parts = (("methods", self.methods), ("rules", self.rules))
        return {"cases": _counts(self.outcomes), **{name: {key: _counts(table[key]) for key in sorted(table)} for name, table in parts}}

    def lines(self, everything: bool = False) -> list[str]:
        """Return the tables for people: rows in which something is not the same, or all."""
        found: list[str] = []
        for title, table in (("method", self.methods), ("rule", self.rules)):
            rows = [(name, table[name]) for name in sorted(table) if everything or table[name].keys() - {SAME}]
            if rows:
                found += ["", *_rows(title, rows)]
        return found

    def summary(self) -> str:
        """Return how many cases came to what, in one line."""
        return ", ".join(f"{self.outcomes[name]} {name}" for name in OUTCOMES)


def of(verdicts: Iterable[Verdict]) -> Parity:
    """Return the parity of verdicts."""
    parity = Parity()
    for verdict in verdicts:
        parity.add(verdict)
    return parity


def _counts(counter: Counter[str]) -> dict[str, int]:
    return {name: counter[name] for name in OUTCOMES}


def _rows(title: str, rows: list[tuple[str, Counter[str]]]) -> list[str]:
    wide = min(max(len(name) for name, _ in rows), 76)
    head = f"{title.ljust(wide)}  " + "  ".join(name.rjust(max(len(name), 6)) for name in OUTCOMES)
    lines = [head]
    for name, counter in rows:
        cut = name if len(name) <= wide else f"{name[: wide - 1]}…"
        lines.append(f"{cut.ljust(wide)}  " + "  ".join(str(counter[one] or "·").rjust(max(len(one), 6)) for one in OUTCOMES))
    return lines
