"""How much memory a value holds, roughly; of the largest no more than a part is looked at."""

from __future__ import annotations

from sys import getsizeof
from typing import Any, Final

MANY: Final = 1024
"""Elements of a longer list are looked at in pieces, so that a large one is known to be too large before its end."""

_PLAIN: Final = frozenset({int, float, bool, type(None)})


def weigh(value: Any, most: int) -> int:
    """
    Return how many bytes a value of JSON's kinds holds, whatever stands in it several times counted as often.

    Args:
        most: the search ends when it is known to be more.
    """
    total = 0
    values = [value]
    while values and total <= most:
        one = values.pop()
        total += getsizeof(one)
        if isinstance(one, dict):
            total += sum(map(getsizeof, one))
            values.extend(one.values())
        elif isinstance(one, (list, tuple)):
            if len(one) <= MANY:
                values.extend(one)
            else:
                total += _weigh_many(one, most - total)
    return total


def _weigh_many(values: list[Any] | tuple[Any, ...], most: int) -> int:
    total = 0
    for at in range(0, len(values), MANY):
        part = values[at : at + MANY]
        total += sum(map(getsizeof, part)) if _PLAIN.issuperset(map(type, part)) else weigh(part, most - total)
        if total > most:
            break
    return total
