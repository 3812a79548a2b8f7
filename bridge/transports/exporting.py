"""
A world into a file, in one step: the old file or the new one is there, never half of one.

What the file is stays: a link leads where it led, rights and owner are kept. What is no file is not replaced by one.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from bridge.errors import BridgeError

if TYPE_CHECKING:
    from bridge.emulator import Emulator

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def export(emulator: Emulator, path: str) -> None:
    """Write the world into a file for `--world`, readable by people. Raises BridgeError if the file cannot be written."""
    from bridge.world_text import rendered

    replace_file(path, rendered(emulator.export()).encode("utf-8", "backslashreplace"))


def check(path: str) -> str:
    """
    Return where a file will be written in the end, links followed.

    Raises: BridgeError if that can be told to be impossible before anything is written.
    """
    try:
        real = os.path.realpath(path)
        folder = os.path.dirname(real)
        mode = os.stat(real).st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None
    if not stat.S_ISREG(mode):
        what = next((name for is_kind, name in KINDS if is_kind(mode)), "no file")
        raise BridgeError(f"cannot be written: it is {what}", file=path)
    if os.path.exists(real) and not os.access(real, os.W_OK):
        raise BridgeError("cannot be written: its rights forbid it", file=path)
    if not os.path.isdir(folder):
        raise BridgeError("cannot be written: its folder is not there", file=path)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BridgeError("cannot be written: nothing can be written in its folder", file=path)
    return real


def replace_file(path: str, data: bytes) -> None:
    """
    Give a file new contents: written beside it, flushed to the disk, and renamed onto it.

    Raises: BridgeError, and then the file is as it was.
    """
    from tempfile import mkstemp

    real = check(path)
    folder, name = os.path.split(real)
    beside = None
    try:
        descriptor, beside = mkstemp(".new", f"{name[:100]}.", folder)
        try:
            _keep_rights(descriptor, real)
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            _flush(descriptor)
        finally:
            os.close(descriptor)
        os.replace(beside, real)
    except OSError as error:
        if beside is not None:
            _remove(beside)
        raise _refusal(path, error) from None
    except BaseException:
        if beside is not None:
            _remove(beside)
        raise
    _sync_folder(folder)


def _refusal(path: str, error: OSError | ValueError) -> BridgeError:
    return BridgeError(f"cannot be written: {getattr(error, 'strerror', None) or error}", file=path)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


def _keep_rights(descriptor: int, path: str) -> None:
    """Give a new file the rights and the owner of the one that it replaces, as far as we may; else those of any new file."""
    try:
        found = os.stat(path)
        mode, owner = stat.S_IMODE(found.st_mode), (found.st_uid, found.st_gid)
    except OSError:
        umask = os.umask(0)
        os.umask(umask)
        mode, owner = 0o666 & ~umask, None
    if owner is not None and hasattr(os, "fchown"):
        try:
            os.fchown(descriptor, *owner)
        except OSError:
            pass
    if hasattr(os, "fchmod"):
        try:
            os.fchmod(descriptor, mode)
        except OSError:
            pass


def _flush(descriptor: int) -> None:
    """Flush a file to the disk, where there is one behind it."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


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
