"""The journal: the last calls, replies, events and what went wrong, for people and tests to look at."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

SIZE = 10_000


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
    A bounded record. Entries are kept as plain tuples and dressed only when somebody looks.

    Attributes:
        last: the number of the newest entry; numbers never repeat.
        cleared_until: the number of the last entry that somebody has cleared away.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._entries: deque[tuple[int, int, str, str, str, str, Any, int]] = deque(maxlen=size)
        self.last = 0
        self.cleared_until = 0

    def add(self, ms: int, device: str, kind: str, method: str, key: str, value: Any, cause: int = 0) -> int:
        """Write one entry; see `Entry`. Returns its number."""
        self.last += 1
        self._entries.append((self.last, ms, device, kind, method, key, value, cause))
        return self.last

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        self._entries.clear()
        self.cleared_until = self.last

    def entries(self, since: int = 0) -> Iterator[Entry]:
        """Yield the entries with a number above `since`, oldest first."""
        for entry in self._entries:
            if entry[0] > since:
                yield Entry(*entry)

    @property
    def first(self) -> int:
        """Return the number of the oldest entry that is still there; 0 without any."""
        return self._entries[0][0] if self._entries else 0

    def is_cut(self, since: int = 0) -> bool:
        """Return whether entries above `since` have been lost because newer ones needed their place."""
        return self.first > max(since, self.cleared_until) + 1
