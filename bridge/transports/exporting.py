"""A world into a file, in one step: the old file or the new one is there, never half of one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.emulator import Emulator


def export(emulator: Emulator, path: str) -> None:
    """Write the world into a file for `--world`, readable by people. Raises BridgeError if the file cannot be written."""
    from bridge.world_text import rendered

    replace_file(path, rendered(emulator.export()).encode("utf-8", "backslashreplace"))


def replace_file(path: str, data: bytes) -> None:
    """
    Give a file new contents: written beside it, flushed to the disk, and renamed onto it.

    Raises: BridgeError, and then the file is as it was.
    """
    from bridge.errors import BridgeError

    beside = f"{path}.{os.getpid()}.new"
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(beside, path)
    except OSError as error:
        try:
            os.unlink(beside)
        except OSError:
            pass
        raise BridgeError(f"cannot be written: {error.strerror}", file=path) from None
    _sync_folder(os.path.dirname(os.path.abspath(path)))


def _sync_folder(folder: str) -> None:
    """Flush the renaming itself, where the system knows how."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
