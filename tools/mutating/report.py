"""What came of a run: a table by room, and each survivor with its change; survivors that are accepted, each with a reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tools.mutating.mutants import Mutant
from tools.mutating.reach import CACHE, ROOMS
from tools.mutating.trial import Outcome, Verdict

ACCEPTED = Path(__file__).parent / "survivors.jsonl"
"""
A line for each mutant that may survive: `file`, `in` (the function or class), `change` (the lines that go and come) and `why`. With
`suite` it may survive the suite of conformance alone, for no port could be seen to do it otherwise; other tests hold it.
"""
LIVED = CACHE / "lived.jsonl"
"""The same of those that lived in the last run, without reasons."""


def accepted(suite: bool = False) -> dict[tuple[str, ...], str]:
    """Return why mutants may survive, by their keys: all tests, or the suite of conformance alone."""
    lines = map(json.loads, ACCEPTED.read_text("utf-8").splitlines()) if ACCEPTED.exists() else ()
    return {(line["file"], line["in"], *line["change"]): line["why"] for line in lines if suite or not line.get("suite")}


def lived() -> set[tuple[str, ...]]:
    """Return the keys of those that lived in the last run."""
    lines = map(json.loads, LIVED.read_text("utf-8").splitlines()) if LIVED.exists() else ()
    return {(line["file"], line["in"], *line["change"]) for line in lines}


def note_lived(verdicts: Iterable[Verdict]) -> None:
    """Write down which live."""
    keys = [one.mutant.key for one in survivors(verdicts)]
    rows = [json.dumps({"file": key[0], "in": key[1], "change": key[2:]}, ensure_ascii=False) for key in keys]
    LIVED.write_text("".join(f"{row}\n" for row in rows), "utf-8")


def table(verdicts: Iterable[Verdict], suite: bool = False) -> str:
    """Return how many mutants came to which end in each room, and how many of a hundred were noticed."""
    verdicts = list(verdicts)
    excused = accepted(suite)
    rows = []
    for room in (*ROOMS, "all"):
        of_room = [one for one in verdicts if room in ("all", one.mutant.source.name.split("/")[1])]
        if of_room:
            ends = Counter(one.outcome for one in of_room)
            noticed = ends[Outcome.KILLED] + ends[Outcome.TIMEOUT]
            listed = sum(one.mutant.key in excused for one in of_room if lives(one))
            counts = [len(of_room), *(ends[outcome] for outcome in Outcome), listed]
            rows.append([room, *map(str, counts), f"{100 * noticed / len(of_room):.1f} %"])
    head = ["room", "mutants", *(outcome.value for outcome in Outcome), "of these listed", "noticed"]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows))


def survivor(verdict: Verdict, suite: bool = False) -> str:
    """Return where a mutant stands that lives, what it changes, and what is known of it."""
    mutant = verdict.mutant
    why = accepted(suite).get(mutant.key)
    ran = f"{verdict.passed} tests passed" + (", there was time for no more" if verdict.cut_short else "")
    said = f"listed: {why}" if why else "no test reaches it" if verdict.outcome is Outcome.UNREACHED else ran
    return "\n".join([f"{mutant.source.name}:{mutant.line} ({mutant.kind}, {said})", *(f"    {line}" for line in mutant.diff)])


def survivors(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return those that live, in order of their places."""
    found = [one for one in verdicts if lives(one)]
    return sorted(found, key=lambda one: (one.mutant.source.name, one.mutant.start))


def forgotten(mutants: Iterable[Mutant]) -> list[str]:
    """Return the entries of the list that fit no mutant any more, among those of all files."""
    keys = {mutant.key for mutant in mutants}
    return [f"{key[0]}, {key[1]}: {' / '.join(key[2:])}" for key in accepted(suite=True) if key not in keys]


def lives(verdict: Verdict) -> bool:
    """Return whether no test has noticed a mutant."""
    return verdict.outcome in (Outcome.SURVIVED, Outcome.UNREACHED)
