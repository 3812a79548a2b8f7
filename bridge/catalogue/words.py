"""What the arguments of methods are, in words: for documents that people and programs read."""

from __future__ import annotations

from functools import cache
from typing import Any

from bridge.catalogue.sources import common_document
from bridge.catalogue.specs import Param


@cache
def _texts() -> Any:
    return common_document("arguments")


def argument(method: str, key: str) -> str:
    """Return the sentence on an argument, "" where there is none."""
    said = _texts()
    text: str = said["of"].get(method, {}).get(key) or said["arguments"].get(key, "")
    return text


def described(method: str, param: Param) -> str:
    """Return all that a reader wants to know of a method's argument besides its type."""
    parts = [argument(method, param.key)]
    if param.note:
        parts.append(f"{param.note[0].upper()}{param.note[1:]}.")
    if param.refuses_null:
        parts.append("Null is refused: the call acts on it.")
    if param.ignored_by:
        parts.append(f"Not looked at on {', '.join(param.ignored_by)}.")
    return " ".join(part for part in parts if part)
