"""Work in slices: the same as all of it at once."""

from __future__ import annotations

from operator import itemgetter
from sys import getrefcount

import pytest

from bridge import slices
from bridge.slices import MANY, at_once, highest, in_order, let_go

N = 3 * MANY + 5


@pytest.mark.parametrize(
    "values",
    [[], [(1, 0)], [(n, 0) for n in range(N)], [(n * 7919 % N, n) for n in range(N)], [(n % 3, n) for n in range(N)]],
    ids=["none", "one", "sorted", "mixed", "equal keys"],
)
def test_values_are_sorted_as_sorted_does(values: list[tuple[int, int]]) -> None:
    """Equal ones keep their order, whether the parts happen to be in order or not."""
    assert sorted(values, key=itemgetter(0)) == at_once(in_order(values, itemgetter(0)))


def test_highest_number_is_found() -> None:
    """Of none it is what it must be at least."""
    assert (7, N) == (at_once(highest([], 7)), at_once(highest(iter([3, N, *range(N)]), 7)))


def test_what_is_let_go_is_empty() -> None:
    """Long lists and dicts are emptied in several slices; those inside them only where that is asked for."""
    inner = [1, 2]
    long, wide = [inner] * N, {n: [n] for n in range(N)}
    assert 2 * (N // MANY) <= sum(1 for _ in let_go(long, wide))
    assert ([], {}, [1, 2]) == (long, wide, inner)

    at_once(let_go([{"a": inner}], inside=True))
    assert [] == inner


def test_empty_lists_inside_are_let_go_on_the_way() -> None:
    """They do not wait until the last slice, which would take as long as there are many of them."""
    inner: list[int] = []
    left = [getrefcount(inner) for _ in let_go([inner] * N, inside=True)]
    assert left[-1] < MANY, left


def test_long_work_has_many_slices() -> None:
    """Nothing is looked at as a whole."""
    assert len([None for _ in in_order([(n * 7919 % N, n) for n in range(N)], itemgetter(0))]) > N / slices.MANY
