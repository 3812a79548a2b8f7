"""
From the arguments of a call to the world values of its handler.

A module for each module of handlers that needs one; in it a function of the handler's own name. It gets the `Call`, whose `args` have
the schema's Python names, defaults filled in and types checked, and changes them; and the `ChannelAdapter` of the method, for what the
platform's adapter decides before it asks anybody. A handler without such a function gets the arguments as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Reader = Callable[..., None]


def find(handler: str | None) -> Reader | None:
    """Return what reads the arguments for a handler ("module.function"), or None."""
    if handler is None:
        return None
    module, _, function = handler.partition(".")
    name = f"{__name__}.{module}"
    found: Any = None if find_spec(name) is None else getattr(import_module(name), function, None)
    reader: Reader | None = found
    return reader
