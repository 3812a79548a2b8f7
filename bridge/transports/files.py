"""
The files that a server touches: nothing but what lies in one folder of its own, or in the one that `--media` names.

Whatever a client calls a file, the name that is written has no folder in it, and what is read lies below the named
folder once links are followed.
"""

from __future__ import annotations

import os
import stat

from bridge.errors import BridgeError

SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-")
MAX_NAME = 120


class Files:
    """
    A place for downloads, and perhaps media to read.

    Args:
        media: folder to read from and write to, or None: downloads then go to a private folder for temporary files, and
            nothing is read.
    """

    def __init__(self, media: str | None = None) -> None:
        self._media = None if media is None else os.path.realpath(media)
        self._downloads: str | None = None

    def store(self, name: str, contents: bytes) -> str:
        """
        Write a file, and return its path. The same name gives the same path, on every run of the same person.

        Raises: BridgeError if there is no place for it.
        """
        path = os.path.join(self._folder(), safe_name(name))
        beside = f"{path}.{os.getpid()}"
        with open(beside, "wb") as file:
            file.write(contents)
        os.replace(beside, path)
        return path

    def size(self, path: str) -> int:
        """Return the size of a file in bytes; 0 for one that is not below the media folder, or not there."""
        if self._media is None or "\0" in path:
            return 0
        real = os.path.realpath(os.path.join(self._media, path))
        if os.path.commonpath([real, self._media]) != self._media or not os.path.isfile(real):
            return 0
        return os.path.getsize(real)

    def _folder(self) -> str:
        if self._downloads is None:
            base = self._media if self._media is not None else _private_folder()
            self._downloads = os.path.join(base, "downloads")
            os.makedirs(self._downloads, mode=0o700, exist_ok=True)
        return self._downloads


def safe_name(name: str) -> str:
    """Return a name that is a file's and no folder's, whatever was asked for."""
    plain = "".join(char if char in SAFE else "_" for char in name).lstrip(".")
    return plain[-MAX_NAME:].lstrip(".") or "_"


def _private_folder() -> str:
    """Return a folder that nobody else can write to. Raises: BridgeError if somebody else has made one of that name."""
    import getpass
    import tempfile  # both cost milliseconds, and most servers never fetch a file

    path = os.path.join(tempfile.gettempdir(), f"timbridge-{safe_name(getpass.getuser())}")
    os.makedirs(path, mode=0o700, exist_ok=True)
    found = os.lstat(path)
    is_own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    if not stat.S_ISDIR(found.st_mode) or not is_own:
        raise BridgeError("the folder for downloads belongs to somebody else; name another with --media", file=path)
    return path
