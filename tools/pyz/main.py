"""Lays the archive out once for each user, and runs the command there. Written so that older Pythons get as far as to be told."""

import os
import runpy
import shutil
import sys
import tempfile
import zipfile


def cache() -> str:
    """Return the folder of this user's caches."""
    named = os.environ.get("TIMBRIDGE_CACHE") or os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return named or os.path.join(os.path.expanduser("~"), ".cache")


def laid_out(archive: str) -> str:
    """Return the folder with the contents of an archive. Whoever comes first lays them out: beside it, then in one move."""
    with zipfile.ZipFile(archive) as contents:
        folder = os.path.join(cache(), "timbridge", contents.read("DIGEST").decode())
        if os.path.isdir(folder):
            return folder
        try:
            os.makedirs(os.path.dirname(folder), exist_ok=True)
            half = tempfile.mkdtemp(prefix="half-", dir=os.path.dirname(folder))
        except OSError as error:
            sys.exit(f"timbridge: cannot lay itself out in {cache()}: {error.strerror}; TIMBRIDGE_CACHE names another folder")
        contents.extractall(half)
    try:
        os.rename(half, folder)
    except OSError:  # somebody else was first
        shutil.rmtree(half, ignore_errors=True)
    return folder


def main() -> None:
    """Run the command, from the archive or from the folder where it was laid out."""
    if sys.version_info < (3, 11):  # noqa: UP036 - a sentence for people with another Python
        sys.exit("timbridge needs Python 3.11 or newer, and this is " + sys.version.split()[0])
    if os.path.isfile(sys.path[0]):
        sys.path[0] = laid_out(sys.path[0])
    runpy.run_module("bridge", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
