"""
The files that a server touches: nothing but what lies in one folder of its own, or in the one that `--media` names.

Whatever a client calls a file, the name that is written has no folder in it, and what is read lies below the named
folder once links are followed.
"""

from __future__ import annotations

import os
import stat

from bridge.errors import BridgeError

SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-+%")
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

    def path(self, name: str) -> str:
        """
        Return the path that a file has, or would have. The same name gives the same path, on every run of the same person.

        Raises: BridgeError if there is no place for it.
        """
        return os.path.join(self._folder(), safe_name(name))

    def store(self, name: str, contents: bytes) -> str:
        """Write a file, and return its path. Raises: BridgeError if there is no place for it."""
        path = self.path(name)
        beside = f"{path}.{os.getpid()}"
        try:
            with open(beside, "wb") as file:
                file.write(contents)
            os.replace(beside, path)
        except OSError as error:
            try:
                os.unlink(beside)
            except OSError:
                pass
            raise BridgeError(f"cannot be written: {error.strerror}", file=path) from None
        return path

    def size(self, path: str) -> int:
        """Return the size of a file in bytes; 0 for one that is not below the media folder, or not there."""
        if self._media is None:
            return 0
        try:
            real = os.path.realpath(os.path.join(self._media, path))
            is_below = os.path.commonpath([real, self._media]) == self._media
            return os.path.getsize(real) if is_below and os.path.isfile(real) else 0
        except (OSError, ValueError):  # ValueError: no name of a file, such as one with a NUL or half a character in it
            return 0

    def _folder(self) -> str:
        if self._downloads is None:
            base = self._media if self._media is not None else _private_folder()
            folder = os.path.join(base, "downloads")
            _make(folder)
            if os.path.realpath(folder) != os.path.join(os.path.realpath(base), "downloads"):
                raise BridgeError("cannot take downloads: it is a link to elsewhere", file=folder)
            self._downloads = folder
        return self._downloads


def safe_name(name: str) -> str:
    """Return a name that is a file's and no folder's, whatever was asked for; of a long one the middle is left out."""
    plain = "".join(char if char in SAFE else "_" for char in name).lstrip(".") or "_"
    return plain if len(plain) <= MAX_NAME else f"{plain[: MAX_NAME // 2]}{plain[-MAX_NAME // 2 :]}"


def _make(folder: str) -> None:
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        raise BridgeError(f"cannot be made: {error.strerror}", file=folder) from None


def _private_folder() -> str:
    """Return a folder that nobody else can write to. Raises: BridgeError if there is no place for one, or somebody else has made it."""
    import tempfile  # costs milliseconds, and most servers never fetch a file

    try:
        base = tempfile.gettempdir()
    except OSError as error:
        raise BridgeError(f"there is no folder for temporary files ({error.strerror}); name one with --media") from None
    path = os.path.join(base, f"timbridge-{safe_name(_user())}")
    _make(path)
    try:
        found = os.lstat(path)
        is_own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
        if is_own and stat.S_ISDIR(found.st_mode):
            os.chmod(path, 0o700)
            return path
    except OSError as error:
        raise BridgeError(f"cannot be used: {error.strerror}", file=path) from None
    raise BridgeError("the folder for downloads belongs to somebody else; name another with --media", file=path)


def _user() -> str:
    """Return what to call whoever runs this: some have a number and no name, as in a container."""
    import getpass

    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else "somebody"
