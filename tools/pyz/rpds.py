"""
What `jsonschema` and `referencing` use of the package `rpds`, which is made in Rust for one kind of machine: here in plain Python.

Each change copies the whole, which is quick enough for the few entries that these hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class HashTrieMap(Mapping[K, V], Generic[K, V]):
    """A mapping that never changes; what would change it returns another."""

    def __init__(self, value: Any = (), **kwds: Any) -> None:
        self._held: dict[K, V] = dict(value, **kwds)

    @classmethod
    def convert(cls, value: Any) -> HashTrieMap[K, V]:
        """Return the value as one of these."""
        return value if isinstance(value, cls) else cls(value)

    def __getitem__(self, key: K) -> V:
        return self._held[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __hash__(self) -> int:
        return hash(frozenset(self._held.items()))

    def __repr__(self) -> str:
        return f"HashTrieMap({self._held!r})"

    def insert(self, key: K, value: V) -> HashTrieMap[K, V]:
        """Return one with this entry."""
        return HashTrieMap({**self._held, key: value})

    def update(self, *others: Any, **kwds: Any) -> HashTrieMap[K, V]:
        """Return one with the entries of others."""
        held: Any = dict(self._held)
        for other in (*others, kwds):
            held.update(other)
        return HashTrieMap(held)

    def remove(self, key: K) -> HashTrieMap[K, V]:
        """Return one without a key. Raises KeyError."""
        held = dict(self._held)
        del held[key]
        return HashTrieMap(held)

    def discard(self, key: K) -> HashTrieMap[K, V]:
        """Return one without a key, if it was there."""
        return self.remove(key) if key in self._held else self


class HashTrieSet(frozenset[K]):
    """A set that never changes."""

    def insert(self, value: K) -> HashTrieSet[K]:
        """Return one with this value."""
        return HashTrieSet((*self, value))

    def remove(self, value: K) -> HashTrieSet[K]:
        """Return one without a value. Raises KeyError."""
        if value not in self:
            raise KeyError(value)
        return HashTrieSet(one for one in self if one != value)

    def discard(self, value: K) -> HashTrieSet[K]:
        """Return one without a value, if it was there."""
        return self.remove(value) if value in self else self

    def update(self, *others: Iterable[K]) -> HashTrieSet[K]:
        """Return one with the values of others."""
        return HashTrieSet(self.union(*others))


class List(tuple[V, ...]):
    """A list that never changes."""

    def __new__(cls, *values: Any) -> List[V]:
        """Make one of an iterable, or of several values."""
        return super().__new__(cls, values[0] if len(values) == 1 else values)

    @property
    def first(self) -> V:
        """Return the first value. Raises IndexError."""
        return self[0]

    @property
    def rest(self) -> List[V]:
        """Return one without the first value."""
        return List(self[1:])

    def push_front(self, value: V) -> List[V]:
        """Return one that begins with this value."""
        return List((value, *self))

    def drop_first(self) -> List[V]:
        """Return one without the first value. Raises IndexError."""
        if not self:
            raise IndexError("empty list")
        return self.rest
