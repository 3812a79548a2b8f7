"""
What a row of a table is: an attrs class of which nothing ever changes.

    @row_class
    class Draft:
        user_id: str

To whoever checks types it is `attrs.frozen`, so no code of ours can set an attribute. While it runs it is a plain class with slots: the
`__init__` of a frozen one sets each attribute by a call, and rows are made with every message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import frozen as row_class
else:
    from attrs import define

    from bridge.values import told

    def row_class(cls):
        """Return the class as the one that its rows are of."""
        return told(define(cls, on_setattr=None, weakref_slot=False, eq=False, repr=False))


__all__ = ["row_class"]
