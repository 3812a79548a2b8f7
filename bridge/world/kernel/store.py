"""
Tables of immutable rows, with one undo log for all of them.

Every change of the world is a `Table.put` or `Table.drop`, and each notes what stood there before. So four things are the same thing: a
refused call, a call that died of our own bug, `bridge.world.rollback` and `bridge.world.reset` all put old rows back.

The log has two layers. The running call appends to a list; when the call ends well, `UndoLog.commit` folds that list into the newest
mark, keeping only the oldest value of each key. A mark therefore never grows beyond the rows that changed since it was set.
While no mark is set (a fresh, empty world) nothing is kept. The same marks tell how things stood for somebody who has not been told
since (`UndoLog.since`; see `installs.py`).

Indexes hear of every change, undone ones too, so they need no undo of their own. The order of `Table.rows` carries no meaning:
whoever lists rows sorts them or walks an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

from bridge import garbage

R = TypeVar("R")
Key = Any  # str, or a tuple of str and int


class Index(Protocol):
    """
    Something derived from a table's rows.

    One that can take many new rows at once has `added` for a list of (key, row) as well; one that is made of the key alone is `settled`,
    one that is made of some attributes has their names in `made_of`, and rows that keep these are not brought to it.
    """

    def changed(self, key: Key, old: Any, new: Any) -> None:
        """Take in that the row of `key` went from `old` to `new`; None stands for no row."""


class TableSpec(Generic[R]):
    """
    What a table holds: its name, its row class, the attributes that make up the key, the indexes to build.

    Args:
        name: unique among all tables; also the section of a world file.
        row_type: a frozen attrs class.
        key: attribute names; one name makes a plain key, several a tuple.
        indexes: factories, by the name under which `Table.index` finds them.
        exported: False for what belongs to devices and their sessions.
        is_local: rows are an app's own, which it sees and changes without the service, or belong to nobody (clock, timers).
        carry: the rule (`rules.py`) that brings into the service's world what an install has done to a row while it was away, called
            with the install's world and the old and the new row; "" where that is the row itself.
        is_private: whether the row of a key, which begins with a user, is nothing that an app of any other user could ever show.
    """

    __slots__ = ("name", "row_type", "key", "indexes", "exported", "is_local", "carry", "is_private", "key_of")

    def __init__(
        self,
        name: str,
        row_type: type[R],
        key: tuple[str, ...],
        indexes: dict[str, Callable[[], Index]] | None = None,
        exported: bool = True,
        is_local: bool = False,
        carry: str = "",
        is_private: Callable[[Key], bool] = lambda key: False,
    ) -> None:
        self.name = name
        self.row_type = row_type
        self.key = key
        self.indexes = indexes or {}
        self.exported = exported
        self.is_local = is_local
        self.carry = carry
        self.is_private = is_private
        self.key_of: Callable[[R], Key] = attrgetter(*key)


class UndoLog:
    """
    The old values of everything that changed, per running call and per mark.

    Attributes:
        current: of the running call. `marks`: of the time from each mark to the next.
        changes: another number whenever anything has changed for good.
    """

    __slots__ = ("current", "marks", "changes", "_lasting", "_is_due", "_let_go")

    def __init__(self) -> None:
        self.changes = 0
        self.current: list[tuple[Table[Any], Key, Any]] = []
        self.marks: list[dict[tuple[Table[Any], Key], Any]] = []
        self._lasting: set[int] = set()
        self._is_due = False
        self._let_go: list[int] = []

    def undo(self) -> None:
        """Take back all that the running call did."""
        current, self.current = self.current, []
        for table, key, old in reversed(current):
            table.restore(key, old)
        self._is_due = False
        self._let_go.clear()

    def commit(self) -> bool:
        """
        Keep what the running call did.

        Returns: whether anything had changed.
        """
        current = self.current
        if not current:
            return False
        self.changes += 1
        if self.marks:
            mark = self.marks[-1]
            for table, key, old in current:
                mark.setdefault((table, key), old)
            for table, key, _ in current:
                if key not in table.rows and mark.get((table, key), table) is None:
                    del mark[table, key]  # was not there at the mark, and is not now
        self.current = []
        if self._let_go:
            self._fold()
        if self._is_due:
            self._is_due = False
            self.marks.append({})
        return True

    def mark(self) -> int:
        """Set a mark at this state; nothing may be uncommitted. Returns its number, counted from 0."""
        self.commit()
        self.marks.append({})
        number = len(self.marks) - 1
        self._lasting.add(number)
        return number

    def rewind(self, number: int) -> None:
        """Go back to mark `number`, which stays set; later marks are gone."""
        self.undo()
        self.changes += 1
        while len(self.marks) > number:
            for (table, key), old in self.marks.pop().items():
                table.restore(key, old)
        self.marks.append({})
        self._lasting = {one for one in self._lasting if one <= number}

    # --- how things stood for somebody

    def mark_behind(self) -> int:
        """Have a mark set where the running call ends. Returns its number, for `since` and `let_go`."""
        self._is_due = True
        return len(self.marks)

    def since(self, number: int) -> dict[Table[Any], dict[Key, Any]]:
        """Return what stood at mark `number`, by table and key, where anything has changed since."""
        then: dict[Table[Any], dict[Key, Any]] = {}
        for table, key, old in reversed(self.current):
            then.setdefault(table, {})[key] = old
        for mark in reversed(self.marks[number:]):
            for (table, key), old in mark.items():
                then.setdefault(table, {})[key] = old
        return then

    def let_go(self, number: int) -> None:
        """Forget a mark that `mark_behind` has set, once the running call ends well: nobody asks for it any more."""
        self._let_go.append(number)

    def forget(self, number: int, into: int) -> None:
        """
        Let a mark that `mark` has set be none: nobody goes back to it any more.

        Args:
            into: the next lower mark that somebody may ask for, which then leads over both times; below 0 without any.
        """
        self._lasting.discard(number)
        mark, self.marks[number] = self.marks[number], {}
        if into >= 0:
            before = self.marks[into]
            for place, old in mark.items():
                before.setdefault(place, old)

    def _fold(self) -> None:
        """Put what was kept for marks that nobody wants into those before them, unless a later mark leads back to them."""
        for number in self._let_go:
            if not 0 <= number < len(self.marks) or number <= max(self._lasting, default=-1):
                continue
            mark, self.marks[number] = self.marks[number], {}
            if number:
                before = self.marks[number - 1]
                for place, old in mark.items():
                    before.setdefault(place, old)
        self._let_go.clear()


class Table(Generic[R]):
    """Rows by key. `rows` is for reading; changes go through `put` and `drop`."""

    __slots__ = ("spec", "rows", "_log", "_by_name", "_indexes", "_moving", "_seldom", "_watched")

    def __init__(self, spec: TableSpec[R], log: UndoLog) -> None:
        self.spec = spec
        self.rows: dict[Key, R] = {}
        self._log = log
        self._by_name = {name: make() for name, make in spec.indexes.items()}
        self._sort_indexes()

    def _sort_indexes(self) -> None:
        """Note which indexes a row that changes is a matter for: those that are not settled, some of them seldom."""
        self._indexes = tuple(self._by_name.values())
        moving = [index for index in self._indexes if not getattr(index, "settled", False)]
        watched = dict.fromkeys(name for index in moving for name in getattr(index, "made_of", ()))
        self._moving = tuple(index for index in moving if not getattr(index, "made_of", ()))
        self._seldom = tuple(index for index in moving if getattr(index, "made_of", ()))
        self._watched = attrgetter(*watched) if watched else None

    def get(self, key: Key) -> R | None:
        """Return the row of `key`, or None."""
        return self.rows.get(key)

    def __contains__(self, key: Key) -> bool:
        return key in self.rows

    def __getitem__(self, key: Key) -> R:
        return self.rows[key]

    def __len__(self) -> int:
        return len(self.rows)

    def sorted(self) -> Iterator[R]:
        """Yield all rows in order of their keys."""
        rows = self.rows
        for key in sorted(rows):
            yield rows[key]

    def index(self, name: str) -> Any:
        """Return the index that the spec calls `name`."""
        return self._by_name[name]

    def put(self, key: Key, row: R) -> None:
        """Set the row of `key`."""
        old = self.rows.get(key)
        self._log.current.append((self, key, old))
        self.rows[key] = row
        if old is None:
            for index in self._indexes:
                index.changed(key, old, row)
            return
        for index in self._moving:
            index.changed(key, old, row)
        watched = self._watched
        if watched is not None and watched(old) != watched(row):
            for index in self._seldom:
                index.changed(key, old, row)

    def drop(self, key: Key) -> None:
        """Remove the row of `key`, if there is one."""
        old = self.rows.pop(key, None)
        if old is None:
            return
        self._log.current.append((self, key, old))
        for index in self._indexes:
            index.changed(key, old, None)

    def take_all(self, new: list[tuple[Key, R]]) -> int:
        """Set rows by their keys without a note in the log, until a key is met that has one. Returns how many were set."""
        rows = self.rows
        before = len(rows)
        for key, row in new:
            if key in rows:
                break
            rows[key] = row
        taken = len(rows) - before
        if taken < len(new):
            new = new[:taken]
        for index in self._indexes:
            added = getattr(index, "added", None)
            if added is not None:
                added(new)
                continue
            for key, row in new:
                index.changed(key, None, row)
        return taken

    def restore(self, key: Key, old: R | None) -> None:
        """Put back what stood at `key`, without a note in the log."""
        new = self.rows.get(key)
        if old is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = old
        for index in self._indexes:
            index.changed(key, new, old)


def parts_of(tables: Iterable[Table[Any]]) -> list[Any]:
    """Return the lists and dicts that tables and their indexes are made of and nobody else has, for whoever lets them go."""
    found: list[Any] = []
    for table in tables:
        if table.__class__ is SharedTable:
            continue
        found.append(table.rows)
        for index in table._indexes:
            values = [getattr(index, name) for name in getattr(index, "__slots__", ())]
            found += [value for value in values if value.__class__ is dict or value.__class__ is list]
    return found


class SharedTable(Table[R]):
    """
    A table with the rows and indexes of another, which never changes any more.

    Before the first change it gets its own, and is a plain table: who looked at its rows or at an index must look anew behind it.
    """

    __slots__ = ()

    def __init__(self, table: Table[R], log: UndoLog) -> None:
        self.spec = table.spec
        self.rows = table.rows
        self._log = log
        self._by_name = table._by_name
        self._sort_indexes()

    def put(self, key: Key, row: R) -> None:
        """See `Table.put`."""
        self._separate()
        self.put(key, row)

    def drop(self, key: Key) -> None:
        """See `Table.drop`."""
        self._separate()
        self.drop(key)

    def take_all(self, new: list[tuple[Key, R]]) -> int:
        """See `Table.take_all`."""
        self._separate()
        return self.take_all(new)

    def restore(self, key: Key, old: R | None) -> None:
        """See `Table.restore`."""
        self._separate()
        self.restore(key, old)

    def _separate(self) -> None:
        with garbage.no_search():
            self.rows = dict(self.rows)
            self._by_name = {name: _copied(index) for name, index in self._by_name.items()}
        self._sort_indexes()
        self.__class__ = Table  # type: ignore[assignment]


def _copied(index: Any) -> Any:
    """Return a copy of an index: of the dicts and lists that it is made of, not of what stands in them."""
    copy = object.__new__(index.__class__)
    for name in index.__slots__:
        setattr(copy, name, _copied_value(getattr(index, name)))
    return copy


def _copied_value(value: Any) -> Any:
    if isinstance(value, dict):
        first = next(iter(value.values()), None)
        if first.__class__ is dict or first.__class__ is list:  # of one kind, as all values of an index are
            return Lent(value)
        return dict(value)
    return value.copy() if value.__class__ is list else value


class Lent(dict[Any, Any]):
    """A dict of lists or dicts that are another's, which never changes any more: each is copied when it is first asked for by its key."""

    __slots__ = ("_theirs",)

    def __init__(self, theirs: dict[Any, Any]) -> None:
        super().__init__(theirs)
        self._theirs = theirs

    def __getitem__(self, key: Any) -> Any:
        one: Any = dict.__getitem__(self, key)
        is_theirs = dict.get(self._theirs, key) is one
        if not is_theirs:
            return one
        mine = self[key] = one.copy()
        return mine

    def get(self, key: Any, default: Any = None) -> Any:
        """See `dict.get`."""
        if key in self:
            return self[key]
        return default

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """See `dict.setdefault`."""
        if key not in self:
            self[key] = default
        return self[key]


class HeldTable(Table[R]):
    """
    A table as it stood at some time, with an undo log in common with the table it was, or another.

    Its rows and its indexes are put together when they are first asked for: most are never looked at, and some are long.

    Args:
        table: as it is now.
        then: asked, when it comes to that, what stood there then where that is another; None for no row.
        log: of its changes; None for the table's.
    """

    __slots__ = ("_table", "_then", "_held")

    def __init__(self, table: Table[R], then: Callable[[Table[R]], dict[Key, Any]], log: UndoLog | None = None) -> None:
        self.spec = table.spec
        self._log = log or table._log
        self._by_name = {}
        self._sort_indexes()
        self._table = table
        self._then = then
        self._held: dict[Key, R] | None = None

    @property
    def rows(self) -> dict[Key, R]:  # type: ignore[override]  # nobody sets it
        """See `Table.rows`."""
        if self._held is None:
            held = self._held = dict(self._table.rows)
            for key, old in self._then(self._table).items():
                if old is None:
                    held.pop(key, None)
                else:
                    held[key] = old
        return self._held

    def index(self, name: str) -> Any:
        """See `Table.index`."""
        index = self._by_name.get(name)
        if index is None:
            index = self._by_name[name] = self.spec.indexes[name]()
            for key, row in self.rows.items():
                index.changed(key, None, row)
            self._sort_indexes()
        return index


class Groups:
    """
    An index: the keys of all rows that share a value. The rows without one (None) are left out.

    Args:
        value: what of a row.
        settled: true where that is made of the key alone, so that a row which changes need not be looked at.
        made_of: the attributes that it is made of beside the key, where few rows change one of them: the table then looks at these alone.
    """

    __slots__ = ("settled", "made_of", "_value", "_keys")

    def __init__(self, value: Callable[[Any], Any], settled: bool = False, made_of: tuple[str, ...] = ()) -> None:
        self.settled = settled
        self.made_of = made_of
        self._value = value
        self._keys: dict[Any, dict[Key, None]] = {}

    def changed(self, key: Key, old: Any, new: Any) -> None:
        before = None if old is None else self._value(old)
        after = None if new is None else self._value(new)
        if before == after:
            return
        if before is not None:
            keys = self._keys[before]
            del keys[key]
            if not keys:
                del self._keys[before]
        if after is not None:
            self._keys.setdefault(after, {})[key] = None

    def of(self, value: Any) -> list[Key]:
        """Return the keys of the rows with `value`, sorted."""
        keys = self._keys.get(value)
        if keys is None:
            return []
        return [*keys] if len(keys) == 1 else sorted(keys)

    def each(self, value: Any) -> list[Key]:
        """Return the keys of the rows with `value`, in no order."""
        return [*self._keys.get(value, ())]

    def count(self, value: Any) -> int:
        """Return how many rows have `value`."""
        return len(self._keys.get(value, ()))


class Memberships:
    """An index: the keys of all rows whose tuple-valued attribute holds a value. `made_of`: see `Groups`."""

    __slots__ = ("made_of", "_values", "_keys")

    def __init__(self, values: Callable[[Any], tuple[Any, ...]], made_of: tuple[str, ...] = ()) -> None:
        self.made_of = made_of
        self._values = values
        self._keys: dict[Any, dict[Key, None]] = {}

    def changed(self, key: Key, old: Any, new: Any) -> None:
        before = () if old is None else self._values(old)
        after = () if new is None else self._values(new)
        if before == after:
            return
        for value in before:
            if value not in after:
                del self._keys[value][key]
                if not self._keys[value]:
                    del self._keys[value]
        for value in after:
            if value not in before:
                self._keys.setdefault(value, {})[key] = None

    def of(self, value: Any) -> list[Key]:
        """Return the keys of the rows that hold `value`, sorted."""
        return sorted(self._keys.get(value, ()))

    def count(self, value: Any) -> int:
        """Return how many rows hold `value`."""
        return len(self._keys.get(value, ()))
