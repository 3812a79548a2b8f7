"""A quicker `attrs.evolve` for rows that change with every message: values are copied all at once instead of one by one."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

from attrs import AttrsInstance, fields

R = TypeVar("R", bound=AttrsInstance)


def changer(row_type: type[R]) -> Callable[..., R]:
    """Return a function that makes of a row another one with some attributes changed, as `attrs.evolve` does for any."""
    names = [attribute.name for attribute in fields(row_type)]
    places = {name: place for place, name in enumerate(names)}
    values_of = attrgetter(*names)

    def changed(row: R, **changes: Any) -> R:
        values = [*values_of(row)]
        for name, value in changes.items():
            values[places[name]] = value
        return row_type(*values)

    return changed
