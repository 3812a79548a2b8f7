"""
Work in slices: generators that yield now and then, so that whoever drives them can do something else in between.

What they work on is theirs alone until they are through: nobody ever sees a half-done state.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable
from heapq import merge
from importlib import import_module
from itertools import islice, pairwise
from typing import Any, Final, TypeVar

T = TypeVar("T")

Slices = Generator[None, None, T]
"""Yields between two slices, and returns what comes of all."""

ROWS: Final = 64
"""How many rows are looked at in a slice; each costs some microseconds."""

MANY: Final = 2_048
"""How many values are sorted, copied or let go in a slice; each costs a fraction of that."""


def imported(*names: str) -> Slices[None]:
    """Import modules one after the other, what they need first: some have classes whose making takes long."""
    for name in names:
        if name not in sys.modules:
            import_module(name)
            yield


def at_once(work: Slices[T]) -> T:
    """Do all of a work, and return what comes of it."""
    try:
        while True:
            next(work)
    except StopIteration as stop:
        value: T = stop.value
        return value


def in_order(values: Iterable[T], key: Callable[[T], Any]) -> Slices[list[T]]:
    """Return values sorted by a key; of equal ones the first comes first."""
    waiting = iter(values)
    runs: list[list[T]] = []
    while run := list(islice(waiting, MANY)):
        run.sort(key=key)
        runs.append(run)
        yield
    found: list[T] = []
    if all(key(one[-1]) <= key(other[0]) for one, other in pairwise(runs)):
        for run in runs:
            found += run
            yield
        return found
    sorted_values = merge(*runs, key=key)
    while part := list(islice(sorted_values, MANY // 4)):
        found += part
        yield
    return found


def highest(values: Iterable[int], least: int) -> Slices[int]:
    """Return the highest of some numbers, at least so much."""
    waiting = iter(values)
    while part := list(islice(waiting, MANY)):
        least = max(least, *part)
        yield
    return least


def let_go(*values: Any, inside: bool = False) -> Slices[None]:
    """
    Empty lists and dicts, which must not be anybody's any more: a million objects at once take long to be freed.

    Args:
        inside: lists and dicts inside them are nobody else's, too.
    """
    waiting = [*values]
    del values
    count = 0
    while waiting:
        one = waiting.pop()
        while (one.__class__ is list or one.__class__ is dict) and one:
            part = _part_of(one)
            count += len(part)
            if inside:
                waiting += [item for item in part if item and (item.__class__ is list or item.__class__ is dict)]
            del part
            if count >= MANY:
                count = 0
                yield


def _part_of(one: Any) -> list[Any]:
    """Take some values out of a list or dict, and return them."""
    if one.__class__ is list:
        part = one[-MANY:]
        del one[-MANY:]
        return part
    if len(one) <= MANY:
        part = list(one.values())
        one.clear()
        return part
    return [one.popitem()[1] for _ in range(MANY)]
