"""The journal: the last calls, replies, events and what went wrong, for people and tests to look at."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from bridge.engine.weight import weigh

SIZE = 10_000

MOST_BYTES = 64 << 20
"""What all entries hold together, roughly."""

LARGEST_BYTES = 16 << 20
"""What one entry holds; of a larger one it is said that it was."""

SMALL_BYTES = 1 << 10
"""A message of so many bytes on the wire is not weighed, nor is what comes of it unless it is longer."""

VALUES_PER_TEXT = 2
"""How many times as large as its text what the bridge answers is in memory; most of it, it has in common with the world."""

_ENTRY_BYTES = 2 << 10
"""What an entry that is not weighed is taken to hold."""


EVENTS = ("event", "dropped")
"""Kinds of entries that tell of events."""


class Entry(NamedTuple):
    """
    One thing that happened.

    `kind` is call, reply, event, dropped (an event that nobody listened to), warning or fault; `key` says what `value` is: arguments,
    result, error or text. `cause` is the number of the call behind it, 0 for none. `device` is the id of a device, "" for none.
    """

    seq: int
    ms: int
    device: str
    kind: str
    method: str
    key: str
    value: Any
    cause: int


class Journal:
    """
    A record, bounded in entries and in bytes. Entries are kept as plain tuples and dressed only when somebody looks.

    Small calls, which are nearly all, are not weighed: a door knows how long a message is, and says so when it is long.

    Attributes:
        last: the number of the newest entry; numbers never repeat.
        cleared_until: the number of the last entry that somebody has cleared away.
        attentive: what is written now comes from a long message: it is weighed.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._entries: deque[tuple[int, int, str, str, str, str, Any, int]] = deque(maxlen=size)
        self._heavy: deque[tuple[int, int]] = deque()  # numbers of entries, and what they hold
        self._bytes = 0
        self._most_bytes = max(MOST_BYTES - size * _ENTRY_BYTES, MOST_BYTES // 2)
        self.last = 0
        self.cleared_until = 0
        self.attentive = False

    def add(self, ms: int, device: str, kind: str, method: str, key: str, value: Any, cause: int = 0) -> int:
        """Write one entry; see `Entry`. Returns its number."""
        number = self.last = self.last + 1
        self._entries.append((number, ms, device, kind, method, key, value, cause))
        if self.attentive:
            self.charge(weigh((method, value), LARGEST_BYTES))
        return number

    def unsay(self, since: int) -> None:
        """
        Take back the events above `since`: what they tell of was undone, and nobody has heard them.

        What is left above it moves up, so that no number is missing: nobody can have seen one of them yet.
        """
        entries, heavy = self._entries, self._heavy
        behind: list[tuple[int, int, str, str, str, str, Any, int]] = []
        weights: dict[int, int] = {}
        while entries and entries[-1][0] > since:
            behind.append(entries.pop())
        while heavy and heavy[-1][0] > since:
            number, weight = heavy.pop()
            self._bytes -= weight
            weights[number] = weights.get(number, 0) + weight
        self.last = since
        for entry in reversed(behind):
            if entry[3] in EVENTS:
                continue
            self.last += 1
            entries.append((self.last, *entry[1:]))
            if entry[0] in weights:
                heavy.append((self.last, weights[entry[0]]))
                self._bytes += weights[entry[0]]

    def wrote(self, count: int, since: int) -> None:
        """
        Note how many bytes were written of what has been journaled.

        Args:
            since: the number of the newest entry then: without a newer one it is no more than what was asked for, such as the journal.
        """
        if count > SMALL_BYTES and self.last > since:
            self.charge(count * VALUES_PER_TEXT)

    def charge(self, weight: int) -> None:
        """Note what the newest entry holds, or what was written of it on a wire. The oldest entries make room."""
        if not self._entries or weight <= _ENTRY_BYTES:
            return
        if weight > LARGEST_BYTES:
            weight = 0
            self._entries.append(_shortened(self._entries.pop()))
        entries, heavy = self._entries, self._heavy
        heavy.append((self.last, weight))
        self._bytes += weight
        while heavy[0][0] < entries[0][0]:
            self._bytes -= heavy.popleft()[1]
        while self._bytes > self._most_bytes:
            last, weight = heavy.popleft()
            self._bytes -= weight
            while entries[0][0] <= last:
                entries.popleft()

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        self._entries.clear()
        self._heavy.clear()
        self._bytes = 0
        self.cleared_until = self.last

    def entries(self, since: int = 0) -> Iterator[Entry]:
        """Yield the entries with a number above `since`, oldest first."""
        for entry in self._entries:
            if entry[0] > since:
                yield Entry(*entry)

    def newest(self, since: int) -> list[Entry]:
        """Return the entries with a number above `since`, oldest first; it costs as much as there are, however many the journal holds."""
        found = []
        for entry in reversed(self._entries):
            if entry[0] <= since:
                break
            found.append(Entry(*entry))
        return found[::-1]

    @property
    def held_bytes(self) -> int:
        """Return what the entries that were weighed hold together."""
        return self._bytes

    @property
    def first(self) -> int:
        """Return the number of the oldest entry that is still there; 0 without any."""
        return self._entries[0][0] if self._entries else 0

    def is_cut(self, since: int = 0) -> bool:
        """Return whether entries above `since` have been lost because newer ones needed their place."""
        return self.first > max(since, self.cleared_until) + 1


def _shortened(entry: tuple[int, int, str, str, str, str, Any, int]) -> tuple[int, int, str, str, str, str, Any, int]:
    """Return an entry without what makes it too large to be kept."""
    seq, ms, device, kind, method, key, _, cause = entry
    left_out = f"left out: more than {LARGEST_BYTES >> 20} MiB"
    return seq, ms, device, kind, method[:100], key, left_out if key == "text" else {"…": left_out}, cause
