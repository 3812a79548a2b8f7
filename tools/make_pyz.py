"""
Make `timbridge.pyz`: the command in one file, for machines that have Python and nothing else.

    python3 tools/make_pyz.py [FILE]        # dist/timbridge.pyz

The wheel and what it needs, installed by pip into a folder and zipped by the standard library's `zipapp`. What was compiled for one
machine is left behind or has a stand-in (`tools/pyz/rpds.py`), so that the file runs on every one with Python 3.11 or newer. WebSocket
is in it.

Within an archive nothing can be opened by its path, and packed schemas, worlds and sources of the native library are. So the first start
lays the contents out in a folder of the user's cache that bears their hash (`tools/pyz/main.py`), and later ones run there.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipapp
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PARTS = Path(__file__).resolve().parent / "pyz"
FOR_ONE_MACHINE = (".so", ".pyd", ".dylib")


def install(wheel: str, folder: Path) -> None:
    """Install a wheel with WebSocket and all that it needs into a folder, without what was compiled for this machine."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*command, "--target", str(folder), f"{wheel}[listen]"], check=True)
    shutil.rmtree(folder / "bin", ignore_errors=True)
    make_portable(folder)


def make_portable(folder: Path) -> None:
    """
    Take out of an installation what was compiled for this machine: what speeds websockets up, and `rpds`, which has a stand-in.

    Raises:
        SystemExit: another package has parts that were compiled, too.
    """
    shutil.rmtree(folder / "rpds", ignore_errors=True)
    shutil.copy(PARTS / "rpds.py", folder)
    for file in [file for file in folder.rglob("*") if file.suffix in FOR_ONE_MACHINE]:
        if file.relative_to(folder).parts[0] != "websockets":
            raise SystemExit(f"{file.relative_to(folder)} was compiled for this machine alone")
        file.unlink()


def digest(folder: Path) -> str:
    """Return a hash of all files below a folder: the same contents, the same name."""
    found = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        found.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]


def write(folder: Path, target: Path) -> None:
    """Zip an installation into one file that starts the command."""
    shutil.copy(PARTS / "main.py", folder / "__main__.py")
    (folder / "DIGEST").write_text(digest(folder), encoding="ascii")
    target.parent.mkdir(parents=True, exist_ok=True)
    zipapp.create_archive(folder, target, interpreter="/usr/bin/env python3", compressed=True)


def main(arguments: list[str] | None = None) -> int:
    """Build, install, zip."""
    parser = argparse.ArgumentParser(description="Make timbridge.pyz, the command in one file.")
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "dist" / "timbridge.pyz", help="[dist/timbridge.pyz]")
    parser.add_argument("--wheel", type=Path, help="this wheel; one is built if not given")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="timbridge-pyz-") as name:
        folder = Path(name)
        wheel = options.wheel
        if wheel is None:
            subprocess.run([sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)], check=True, stdout=subprocess.DEVNULL)
            wheel = next(folder.glob("*.whl"))
        install(str(wheel), folder / "site")
        write(folder / "site", options.file)
    print(f"{options.file}, {options.file.stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
