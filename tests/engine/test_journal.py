"""The journal's record: bounded, numbered, cheap."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.engine.journal import Entry, Journal
from bridge.engine.weight import weigh


def write(journal: Journal, count: int) -> list[int]:
    return [journal.add(5, "d1", "call", "getVersion", "arguments", {}) for _ in range(count)]


def test_entries_are_numbered() -> None:
    """From 1 on; they come back oldest first."""
    journal = Journal()
    assert [1, 2, 3] == write(journal, 3)
    assert [1, 2, 3] == [entry.seq for entry in journal.entries()]
    assert [3] == [entry.seq for entry in journal.entries(2)]
    assert Entry(1, 5, "d1", "call", "getVersion", "arguments", {}, 0) == next(journal.entries())


def test_oldest_make_room() -> None:
    """And it is known that something was lost, for those who ask for that time."""
    journal = Journal(2)
    assert (0, False) == (journal.first, journal.is_cut())
    write(journal, 2)
    assert (1, False) == (journal.first, journal.is_cut())
    write(journal, 1)
    assert (2, True, False) == (journal.first, journal.is_cut(), journal.is_cut(1))


def test_cleared_is_not_lost() -> None:
    """Numbers go on behind a clear; what was cleared is nobody's loss, what comes later may be."""
    journal = Journal(2)
    write(journal, 2)
    journal.clear()
    assert [] == list(journal.entries())
    write(journal, 1)
    assert (3, False) == (journal.first, journal.is_cut())
    write(journal, 2)
    assert journal.is_cut()


def weights(journal: Journal) -> int:
    return weigh([entry.value for entry in journal.entries()], 1 << 40)


@pytest.mark.parametrize("value", [{"a": "x" * 1_000_000}, {"a": "é" * 500_000}, {"a": [{}] * 14_000}, {"a": list(range(28_000))}])
def test_large_entries_make_room(value: Any) -> None:
    """However many large values are written, all of them together hold 64 MiB at most; the newest are there."""
    journal = Journal()
    journal.attentive = True
    for number in range(120):
        journal.add(5, "d1", "call", f"m{number}", "arguments", {**value})
    assert 30 << 20 < weights(journal) < 64 << 20
    assert 30 << 20 < journal.held_bytes < 64 << 20
    assert (120, True) == (list(journal.entries())[-1].seq, journal.is_cut())


def test_small_entries_make_no_room() -> None:
    """Among entries that were not weighed, large ones push out only what is older."""
    journal = Journal(100)
    write(journal, 98)
    journal.charge(10 << 20)
    write(journal, 1)
    assert (1, 99) == (journal.first, journal.last)
    write(journal, 150)
    journal.charge(10 << 20)
    assert (150, 10 << 20) == (journal.first, journal.held_bytes)


def test_largest_entry_is_said_to_have_been() -> None:
    """One that would take most of the room is kept without its value and with the beginning of its method's name."""
    journal = Journal()
    write(journal, 1)
    journal.attentive = True
    journal.add(5, "d1", "call", "m" * 99, "arguments", {"a": "x" * (17 << 20)})
    journal.add(5, "d1", "call", "m" * (17 << 20), "arguments", {})
    journal.add(5, "d1", "warning", "m", "text", "x" * (17 << 20))
    entries = list(journal.entries())
    left_out = "left out: more than 16 MiB"
    assert [{}, {"…": left_out}, {"…": left_out}, left_out] == [entry.value for entry in entries]
    assert "m" * 100 == entries[2].method
    assert 0 == journal.held_bytes


def test_clear_forgets_weights() -> None:
    """What was cleared holds nothing."""
    journal = Journal()
    write(journal, 1)
    journal.charge(1 << 20)
    journal.clear()
    assert 0 == journal.held_bytes
    write(journal, 1)
    journal.charge(1 << 20)
    assert 1 << 20 == journal.held_bytes


def test_unsaid_events_leave_no_gap() -> None:
    """Events above a number go, with what they weigh; all else stays, moves up, and keeps its weight."""
    journal = Journal()
    journal.attentive = True
    big = {"a": ["x" * 100_000]}
    write(journal, 1)
    journal.add(5, "d1", "event", "groupListener", "arguments", big)
    (call,) = write(journal, 1)
    before = journal.held_bytes
    journal.add(5, "d1", "event", "groupListener", "arguments", big)
    journal.add(6, "d1", "warning", "getVersion", "text", "w" * 100_000, call)
    journal.add(7, "d2", "dropped", "groupListener", "arguments", big)
    journal.add(8, "d1", "fault", "getVersion", "text", "f", call)
    journal.unsay(call)
    assert [(1, "call"), (2, "event"), (3, "call"), (4, "warning"), (5, "fault")] == [
        (entry.seq, entry.kind) for entry in journal.entries()
    ]
    assert 5 == journal.last and 6 == write(journal, 1)[0]
    assert before + weigh(("getVersion", "w" * 100_000), 1 << 40) == journal.held_bytes


def test_unsaying_is_no_loss() -> None:
    """Of a journal that was cleared before, nothing counts as lost afterwards; and what was lost stays lost."""
    journal = Journal(3)
    write(journal, 1)
    journal.clear()
    journal.add(5, "d1", "event", "groupListener", "arguments", {})
    journal.unsay(1)
    assert (0, 1) == (journal.first, journal.last)
    write(journal, 1)
    assert (2, False) == (journal.first, journal.is_cut())
    write(journal, 3)
    journal.add(5, "d1", "event", "groupListener", "arguments", {})
    journal.unsay(5)
    assert [4, 5] == [entry.seq for entry in journal.entries()]
    assert journal.is_cut()
