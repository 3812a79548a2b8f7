"""Where what reads the arguments for a handler is found: in a module of the handler's own, in a function of its name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

Reader = Callable[..., None]


def find(generation: str, handler: str | None) -> Reader | None:
    """Return what reads the arguments for a handler ("module.function") in the folder of a generation (`channel`), or None."""
    if handler is None:
        return None
    module, _, function = handler.partition(".")
    name = f"{__package__}.{generation}.reading.{module}"
    try:
        found: Any = import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        return None
    reader: Reader | None = getattr(found, function, None)
    return reader
