"""
From what a function was given to the world values of its handler.

A module for each module of handlers that needs one; in it a function of the handler's own name. It gets the `Call`, whose `args` have
what the function's file calls them, and changes them; and the `NativeAdapter`. A handler without one is read as on the method channel.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Reader = Callable[..., None]


def find(handler: str) -> Reader | None:
    """Return what reads the arguments for a handler ("module.function") of this generation alone, or None."""
    module, _, function = handler.partition(".")
    name = f"{__name__}.{module}"
    found: Any = None if find_spec(name) is None else getattr(import_module(name), function, None)
    reader: Reader | None = found
    return reader
