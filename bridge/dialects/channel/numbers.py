"""Numbers that stand for things on the channel."""

from __future__ import annotations

import re

ELEMENTS = {
    0: "none",
    1: "text",
    2: "custom",
    3: "image",
    4: "sound",
    5: "video",
    6: "file",
    7: "location",
    8: "face",
    9: "tips",
    10: "merger",
}
"""Kinds of elements by the client's number."""

NUMBER_OF_ELEMENT = {kind: number for number, kind in ELEMENTS.items()}

_DECIMAL = re.compile(r"[+-]?0*[0-9]{1,30}").fullmatch


def decimal(text: str) -> int | None:
    """Return the number that a text is to Java and Swift: digits alone, with a sign or without; None for any other text."""
    return int(text) if _DECIMAL(text) else None
