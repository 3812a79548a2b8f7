"""
The world as a document, and back.

A document has a section per table, a list of rows sorted by key; a row leaves out what has its default. `document(fill(document))` is the same again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.world.world import World


def document(world: World) -> dict[str, Any]:
    """Return all of a world but its devices and their sessions, as JSON values."""
    return {"world": 1}


def fill(world: World, document: Mapping[str, Any]) -> None:
    """Put a document's contents into an empty world. Raises BridgeError with file, path and what is wrong."""
