"""
Classes of values: attrs classes of which nothing ever changes.

    @value_class
    class Options:
        strict: bool = False

To whoever checks types it is `attrs.frozen`, and while it runs it does the same. But how values are compared and shown is said once, here:
what attrs writes and compiles for that, for each class anew, takes as long as all else that it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import frozen as value_class
else:
    from operator import attrgetter

    from attrs import define

    def value_class(cls=None, *, eq=True):
        """Return the class as one of values; with `eq` false each of them is equal to itself alone."""
        if cls is None:
            return lambda cls: value_class(cls, eq=eq)
        return told(define(cls, frozen=True, eq=False, repr=False), eq, is_key=True)

    def told(made, eq=True, is_key=False):
        """Tell a class that attrs has made how its objects are shown, and compared where `eq`; without `is_key` they cannot be hashed."""
        shown = [attribute.name for attribute in made.__attrs_attrs__ if attribute.repr]

        def described(self):
            return f"{self.__class__.__name__}({', '.join([f'{name}={getattr(self, name)!r}' for name in shown])})"

        made.__repr__ = described
        if not eq:
            return made
        compared = attrgetter(*[attribute.name for attribute in made.__attrs_attrs__ if attribute.eq])

        def equals(self, other):
            return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

        def hashed(self):
            return hash(compared(self))

        made.__eq__ = equals
        made.__hash__ = hashed if is_key else None
        return made


__all__ = ["value_class"]
