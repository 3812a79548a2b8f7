"""Answers that hold one outcome per id."""

from __future__ import annotations

from typing import Any

from bridge.values import value_class
from bridge.world.kernel import codes


@value_class
class Item:
    """
    The outcome for one id of a batch: code 0 and an empty text, or a code and its text.

    `value` is what else there is to say about it, as the call defines.
    """

    target: str
    code: int
    text: str = ""
    value: Any = None

    @classmethod
    def of(cls, target: str, code: int = 0, value: Any = None, text: str | None = None) -> Item:
        """Return the outcome with the code's own text."""
        if text is None:
            text = codes.text(code) if code else ""
        return cls(target, code, text, value)


@value_class
class Page:
    """Some of many: what was found, where to go on, and whether that is all."""

    rows: tuple[Any, ...] | list[Any]
    cursor: Any = 0
    finished: bool = True
    total: int = 0
