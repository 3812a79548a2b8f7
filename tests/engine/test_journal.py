"""The journal's record: bounded, numbered, cheap."""

from __future__ import annotations

from bridge.engine.journal import Entry, Journal


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
