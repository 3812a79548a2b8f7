"""`attrs.evolve`, quicker: values are copied all at once instead of one by one, and rows change with every call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import evolve
else:
    from operator import attrgetter

    from attrs import fields

    _KINDS = {}
    """Of each class that was met: what returns the values of an object, and which of them is of which attribute."""

    def evolve(row, **changes):
        """Return another object of an attrs class, with some attributes changed. Raises TypeError for one that it does not have."""
        kind = row.__class__
        known = _KINDS.get(kind)
        if known is None:
            known = _KINDS[kind] = _known(kind)
        values_of, places = known
        values = [*values_of(row)]
        try:
            for name, value in changes.items():
                values[places[name]] = value
        except KeyError:
            raise TypeError(f"{kind.__name__} has no attribute {name!r}") from None
        return kind(*values)

    def _known(kind):
        names = [attribute.name for attribute in fields(kind)]
        values_of = attrgetter(*names) if len(names) > 1 else lambda row: [getattr(row, name) for name in names]
        return values_of, {name: place for place, name in enumerate(names)}


__all__ = ["evolve"]
