"""Numbers that stand for things on the channel."""

from __future__ import annotations

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
