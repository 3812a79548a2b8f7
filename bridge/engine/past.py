"""
The past of a world: a mark in its log before whatever happens, so that it can be looked at as it was, and led back.

Nothing of this is there until somebody wants it. Then a look behind every turn sets a mark where anything has changed, which costs no more
than what the turn itself notes for its undoing. How many marks there are is bounded, and how many rows they hold together: of the oldest
ones what they hold goes to whoever has set a mark before them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from bridge.world.kernel import installs
from bridge.world.kernel.world import World

if TYPE_CHECKING:
    from bridge.engine.engine import Engine
    from bridge.world.kernel.store import Key, Table

MOST_MARKS = 2_000
"""How many marks are kept."""

MOST_ROWS = 200_000
"""How many rows all marks hold together, beside those that the world still has."""


class Mark(NamedTuple):
    """
    A state of the world.

    Attributes:
        seq: the number of the journal's entry before which the world was so.
        ms: the time on its clock then.
        number: of the mark in the log.
    """

    seq: int
    ms: int
    number: int


class Past:
    """
    The states that an engine's world has been in.

    Args:
        engine: whose world; `look` is to be called behind each of its turns, and `rewound` when its log goes back.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._marks: deque[Mark] = deque()
        self._forgotten = self._into = -1
        self._begin()

    def look(self) -> None:
        """Set a mark if anything has changed since the last one."""
        log = self._engine.world.log
        if log is not self._log:
            self._begin()
        elif log.changes != self._changes:
            self._mark()

    def rewound(self, number: int) -> None:
        """Forget what the log has forgotten: it went back to a mark."""
        marks = self._marks
        while marks and marks[-1].number > number:
            marks.pop()
            if self._sizes:
                self._rows -= self._sizes.pop()
        if self._forgotten > number:
            self._forgotten = self._into = -1
        self.look()

    def end(self) -> None:
        """Let no mark be wanted any more."""
        if self._engine.world.log is self._log:
            while self._marks:
                self._forget()

    def marks(self) -> list[Mark]:
        """Return the marks, oldest first."""
        self.look()
        return list(self._marks)

    def before(self, seq: int) -> Mark | None:
        """Return the mark at which the world was as it was before an entry of the journal; None where that is too long ago."""
        found = None
        for mark in self.marks():
            if mark.seq > seq:
                break
            found = mark
        return found

    def world(self, mark: Mark) -> World:
        """Return the world as it was, for looking."""
        return installs.as_it_was(self._engine.world, mark.number)

    def changes(self, seq: int) -> list[tuple[Table[Any], Key, Any, Any]]:
        """Return what changed between the state before an entry and the next state that is kept: (table, key, row before, row behind)."""
        marks = self.marks()
        mark = self.before(seq)
        if mark is None:
            return []
        log = self._engine.world.log
        later = next((one for one in marks if one.number > mark.number), None)
        behind = {} if later is None else log.since(later.number)
        found = []
        for table, rows in log.since(mark.number).items():
            for key, old in rows.items():
                new = behind.get(table, {}).get(key, table.rows.get(key))
                if new is not old:
                    found.append((table, key, old, new))
        return found

    def _begin(self) -> None:
        """Begin anew with the world that there is now."""
        self._log = self._engine.world.log
        self._marks.clear()
        self._sizes: deque[int] = deque()
        self._rows = 0
        self._forgotten = self._into = -1
        self._mark()

    def _mark(self) -> None:
        log = self._log
        seq = self._engine.journal.last + 1
        if self._marks and self._marks[-1].seq == seq:  # no entry tells of what has happened since
            log.forget(self._marks.pop().number, len(log.marks) - 2)
            if self._sizes:
                self._rows -= self._sizes.pop()
        if self._marks:
            first = self._marks[-1].number
            size = len(log.marks[-1]) if first == len(log.marks) - 1 else sum(map(len, log.marks[first:]))
            self._sizes.append(size)
            self._rows += size
        self._marks.append(Mark(seq, self._engine.world.now_ms, log.mark()))
        self._changes = log.changes
        while len(self._marks) > MOST_MARKS or (self._rows > MOST_ROWS and len(self._marks) > 1):
            self._forget()

    def _forget(self) -> None:
        """Forget the oldest mark; what it holds goes to the next lower one that is not of ours."""
        number = self._marks.popleft().number
        if self._sizes:
            self._rows -= self._sizes.popleft()
        if number - 1 != self._forgotten:
            self._into = number - 1
        self._forgotten = number
        self._log.forget(number, self._into)
