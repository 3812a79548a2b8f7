"""The journal: the last calls, replies, events and what went wrong, for people and tests to look at."""

from __future__ import annotations

from collections import deque
from typing import Any

SIZE = 10_000


class Journal:
    """
    A bounded record. Entries are kept as tuples and dressed only when somebody looks.

    Attributes:
        last: the number of the newest entry; numbers never repeat.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._entries: deque[tuple[int, int, str, str, str, str, Any, int]] = deque(maxlen=size)
        self.last = 0
        self.cleared_until = 0

    def add(self, ms: int, device: str, kind: str, method: str, key: str, value: Any, cause: int = 0) -> int:
        """
        Write one entry.

        Args:
            ms: the world's time. `device`: id of the device it is about, "" for none.
            kind: call, reply, event, dropped, warning or fault.
            method: the channel method.
            key: under which name `value` stands: arguments, result, error or text.
            cause: number of the call that caused it; 0 for none.

        Returns: the entry's number.
        """
        self.last += 1
        self._entries.append((self.last, ms, device, kind, method, key, value, cause))
        return self.last

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        self._entries.clear()
        self.cleared_until = self.last

    def entries(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the entries with a number above `since`, oldest first, as they are shown to people."""
        return [_dressed(entry) for entry in self._entries if entry[0] > since]

    @property
    def first(self) -> int:
        """Return the number of the oldest entry that is still there; 0 without any."""
        return self._entries[0][0] if self._entries else 0


def _dressed(entry: tuple[int, int, str, str, str, str, Any, int]) -> dict[str, Any]:
    number, ms, device, kind, method, key, value, cause = entry
    dressed = {"seq": number, "ms": ms, "device": device, "kind": kind, "method": method, key: value}
    if cause:
        dressed["cause"] = cause
    return dressed
