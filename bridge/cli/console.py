"""
The standard streams as verbs find them, and as they are left.

Closed ones lead nowhere. Text that the console's encoding lacks is written as JSON escapes it, so that what is printed as JSON
stays JSON. A console that does not block is waited for.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO

ERRORS = "timbridge"


def prepare() -> None:
    """Make standard streams usable, whatever they are."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest that is free: this one
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process lives
    sys.stdout = _usable(sys.stdout, 1)
    sys.stderr = _usable(sys.stderr, 2)


def finish() -> int | None:
    """
    Write out what is still to be written.

    Returns: an exit status, if that could not be done; nothing will then be said about it at the end of the process.
    """
    try:
        sys.stdout.flush()
        return None
    except (OSError, ValueError) as error:
        return gone(error)


def gone(error: OSError | ValueError) -> int:
    """Give standard output up; say why, unless its reader has simply seen enough. Returns the exit status."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        sys.stdout.flush()
    except (OSError, ValueError):
        pass
    finally:
        os.close(nowhere)
    if isinstance(error, BrokenPipeError):
        return 141
    try:
        print(f"timbridge: cannot write: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
    except (OSError, ValueError):
        pass
    return 1


def _usable(stream: TextIO | None, descriptor: int) -> TextIO:
    if stream is None:
        return open(descriptor, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    if not isinstance(stream, io.TextIOWrapper):
        return stream  # somebody else's, such as a test's
    errors = stream.errors
    if errors in ("strict", "surrogateescape"):
        _know_errors()
        errors = ERRORS
        stream.reconfigure(errors=errors)
    if _blocks(descriptor):
        return stream
    patient = io.BufferedWriter(_Patient(descriptor))
    return io.TextIOWrapper(patient, stream.encoding, errors, line_buffering=stream.line_buffering)


def _blocks(descriptor: int) -> bool:
    try:
        return os.get_blocking(descriptor)
    except (AttributeError, OSError):
        return True


class _Patient(io.RawIOBase):
    """A descriptor that may not block, and is waited for."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Write all of it."""
        from bridge.transports.descriptors import write_all

        write_all(self._descriptor, bytes(data))
        return len(data)


def _know_errors() -> None:
    import codecs

    codecs.register_error(ERRORS, _escaped)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Return JSON's escapes for what an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)), error.end
