"""Types in words, and rows with their columns aligned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bridge.catalogue.types import TypeExpr


def type_text(kind: TypeExpr) -> str:
    """Return a type as people write it: `list of V2TIMMessage or null`."""
    if kind.kind == "list":
        text = f"list of {type_text(kind.item)}"
    elif kind.kind == "dict":
        text = f"map of string to {type_text(kind.item)}"
    elif kind.kind in ("map", "model", "object"):
        text = str(kind.item)
        if kind.present:
            text += f" (with {', '.join(kind.present)})"
    elif kind.kind == "record":
        text = "{" + ", ".join(f"{key}: {type_text(inner)}" for key, inner in kind.item) + "}"
    elif kind.kind == "union":
        text = " or ".join(type_text(part) for part in kind.item)
    elif kind.kind == "any":
        return "anything"
    else:
        text = kind.kind
    return f"{text} or null" if kind.nullable and kind.kind != "null" else text


def table(rows: Any) -> Iterator[str]:
    """Yield rows with their columns aligned; a cell too wide for its column pushes the rest of its line."""
    rows = [tuple(row) for row in rows]
    widths = [min(max(len(row[n]) for row in rows), 44) for n in range(len(rows[0]))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
