"""A reply with many rows, written in slices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.dialects.dialect import Call, Dialect
from bridge.dialects.view import View
from bridge.slices import Slices
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Page

ROWS = 32
"""How many rows are written in a slice: each costs up to 100 µs."""


def answering(dialect: Dialect, call: Call, value: Any, view: View) -> Slices[Any]:
    """
    Return what `dialect.answer` makes of many rows: a list, a page, or those that a search found in one group.

    None for few rows, and where they are not one list in the reply. They are written part by part: all else in the reply is the
    same each time.
    """
    rows, with_rows = _of(value)
    if len(rows) <= ROWS:
        return None
    reply = dialect.answer(call, with_rows(rows[:ROWS]), view)
    written = _rows_of(reply, ROWS)
    if written is None:
        return None
    for at in range(ROWS, len(rows), ROWS):
        yield
        more = _rows_of(dialect.answer(call, with_rows(rows[at : at + ROWS]), view), min(ROWS, len(rows) - at))
        assert more is not None
        written += more
    return reply


def _of(value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return the rows of a value, and what makes a value of its kind of others; of what has no list of rows, none."""
    kind = value.__class__
    if kind is Page:
        return value.rows, lambda rows: evolve(value, rows=rows)
    if kind is dict and len(value) == 1:
        (name,) = value
        return value[name], lambda rows: {name: rows}
    return (value if kind is list else ()), lambda rows: rows


def _rows_of(reply: Any, count: int) -> list[Any] | None:
    """Return the one list of so many rows in an envelope's data, or None."""
    data = reply.get("data") if reply.__class__ is dict else None
    lists = [data] if data.__class__ is list else data.values() if data.__class__ is dict else ()
    found = [one for one in lists if one.__class__ is list and len(one) == count]
    return found[0] if len(found) == 1 else None
