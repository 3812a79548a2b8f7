"""
What a row of a table is: an attrs class of which nothing ever changes.

    @row_class
    class Draft:
        user_id: str

To whoever checks types it is `attrs.frozen`, so no code of ours can set an attribute. While it runs it is a plain class with slots: the
`__init__` of a frozen one sets each attribute by a call, and rows are made with every message. How rows are compared and shown is said
once, here: what attrs writes and compiles for it takes as long, for each class, as all else that it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import frozen as row_class
else:
    from operator import attrgetter

    from attrs import define

    def row_class(cls):
        """Return the class as the one that its rows are of."""
        made = define(cls, on_setattr=None, weakref_slot=False, eq=False, repr=False)
        compared = attrgetter(*[attribute.name for attribute in made.__attrs_attrs__ if attribute.eq])
        shown = [attribute.name for attribute in made.__attrs_attrs__ if attribute.repr]

        def equals(self, other):
            return compared(self) == compared(other) if other.__class__ is made else NotImplemented

        def described(self):
            return f"{made.__name__}({', '.join([f'{name}={getattr(self, name)!r}' for name in shown])})"

        made.__eq__ = equals
        made.__hash__ = None
        made.__repr__ = described
        return made


__all__ = ["row_class"]
