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

C_NUMBER = re.compile(r"\s*([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)").match


def strtoull(text: str) -> int:
    """Return what C makes of the digits at the start of a text, with base 0: at most 64 bits, a minus wraps round, no digits are 0."""
    found = C_NUMBER(text)
    if found is None:
        return 0
    sign, digits = found.groups()
    if digits[:2] in ("0x", "0X"):
        number = int(digits, 16)
    elif digits[0] == "0":
        octal = re.match("[0-7]+", digits)
        assert octal is not None
        number = int(octal.group(), 8)
    else:
        number = int(digits)
    number = min(number, (1 << 64) - 1)
    return -number % (1 << 64) if sign == "-" else number


def signed32(number: int) -> int:
    """Return what a number without a sign is in 32 bits with one."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


NUMBER_OF_ELEMENT = {kind: number for number, kind in ELEMENTS.items()}

_DECIMAL = re.compile(r"[+-]?0*[0-9]{1,30}").fullmatch


def decimal(text: str) -> int | None:
    """Return the number that a text is to Java and Swift: digits alone, with a sign or without; None for any other text."""
    return int(text) if _DECIMAL(text) else None
