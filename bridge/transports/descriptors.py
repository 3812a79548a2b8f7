"""
Standard input and output as they may be: closed, full, gone, not blocking.

A descriptor that whoever started the process shares with others may be set not to block at any time; that is not ours to change.
"""

from __future__ import annotations

import os
import sys

CHUNK = 1 << 16
WAIT_S = 0.01


def read_some(source: int) -> bytes:
    """Wait for input. Returns b"" at its end, or when there is none to be had any more (a terminal that is gone, a closed descriptor)."""
    while True:
        try:
            return os.read(source, CHUNK)
        except BlockingIOError:
            _wait(source, to_write=False)
        except OSError:
            return b""


def write_all(target: int, data: bytes) -> None:
    """Write all of some bytes, however long the reader takes. Raises OSError if it cannot be: no reader, no room."""
    view: bytes | memoryview = data
    while view:
        try:
            written = os.write(target, view)
            if written == len(view):  # nearly always, the first time
                return
            view = memoryview(view)[written:]
        except BlockingIOError:
            _wait(target, to_write=True)


def say(text: str) -> None:
    """Tell people something on standard error, if that can be written to."""
    try:
        sys.stderr.write(f"timbridge: {text}\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        pass


def _wait(descriptor: int, to_write: bool) -> None:
    import select
    import time

    try:
        select.select([] if to_write else [descriptor], [descriptor] if to_write else [], [])
    except (OSError, ValueError):
        time.sleep(WAIT_S)  # not every kind can be waited for everywhere
