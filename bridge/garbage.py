"""
When garbage is looked for. What the world is made of is freed without a search when nobody has it any more.

A search everywhere takes 0.1 µs for each list and object that there is: a sixth of a second in a world of some ten thousand messages.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NEVER: Final = 1 << 30

SOON: Final = 2
"""
How often the youngest is looked at before what outlived that is, too: a look at less takes less. By Python's own ten the longest look in a
world of a million messages took half as long again.
"""

DUE: Final = 30
"""How often young garbage has been collected when it is time to look everywhere."""

OVERDUE: Final = 3000
"""The same where there is no idle moment."""


MANY_ROWS: Final = 20_000
"""In a world of so many rows a search takes long enough that somebody would wait for it."""


@contextmanager
def young_only() -> Iterator[None]:
    """
    Let young garbage alone be collected by itself, little by little.

    The process is a server's, which looks for other when that keeps nobody waiting.
    """
    usual = gc.get_threshold()
    gc.set_threshold(usual[0], SOON, NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def no_search(stays: bool = False) -> Iterator[None]:
    """
    Look for none: a million new rows hold none, and looking for it takes a third of the time.

    Args:
        stays: what is made meanwhile is no young garbage behind it either, and nobody looks at it at once: 1.7 s for so many rows.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            if stays and not gc.get_freeze_count():
                gc.freeze()  # and back: all that there is counts as old now
                gc.unfreeze()
            gc.enable()


def look(is_idle: bool) -> None:
    """Look everywhere if that is due at an idle moment, or overdue."""
    if gc.get_count()[2] > (DUE if is_idle else OVERDUE):
        gc.collect()


def leave_world_alone(rows: int) -> None:
    """Never look again at a world of so many rows that has just been loaded, if that is worth while; nor at what else a server has then."""
    is_served = gc.get_threshold()[2] == NEVER
    if is_served and rows >= MANY_ROWS:
        gc.freeze()


def leave_alone() -> None:
    """
    Never look again at what there is now: a program's code, and a world that was just filled and stays.

    What garbage there is by then stays, too: some hundred objects, for which a look at a million rows takes 1.7 s.
    """
    gc.freeze()
