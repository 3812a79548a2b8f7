"""
Build the library, with the system's C compiler or with the one that the package `ziglang` brings, and keep what was built.

What is kept is called by its content: the sources, the compiler and all that it is told. New sources never meet an old build.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from bridge.errors import BridgeError, did_you_mean, nearest
from bridge.native.targets import NAME, TARGETS, Target, here

SOURCES = Path(__file__).parent
CACHE = "TIMBRIDGE_CACHE"
COMPILER = "CC"
ADVICE = "pip install 'timbridge[native]' brings a C compiler"

FLAGS = ("-std=c11", "-Wall", "-Wextra", "-Werror", "-O2", "-fPIC", "-fvisibility=hidden", "-shared")
ZIG_FLAGS = ("-fno-sanitize=undefined", "-s")

PLIST = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>{name}</string>
<key>CFBundleIdentifier</key><string>timbridge.{name}</string>
<key>CFBundlePackageType</key><string>FMWK</string>
</dict></plist>
"""


class Compiler(NamedTuple):
    """How a compiler is called; `is_zig` for one that builds for every target."""

    words: tuple[str, ...]
    is_zig: bool

    @property
    def name(self) -> str:
        """Return what people call it."""
        return "zig cc (package ziglang)" if self.is_zig else self.words[0]


def compilers() -> list[Compiler]:
    """Return the C compilers of this machine, in the order of preference."""
    found = []
    chosen = os.environ.get(COMPILER, "").split()
    for words in (chosen, ["cc"], ["gcc"], ["clang"]):
        if words and (program := shutil.which(words[0])) is not None:
            found.append(Compiler((program, *words[1:]), False))
            break
    if find_spec("ziglang") is not None:
        found.append(Compiler((sys.executable, "-m", "ziglang", "cc"), True))
    return found


def target(name: str | None) -> Target:
    """Return the target of that name, this machine's for None. Raises BridgeError if there is none."""
    wanted = here() if name is None else name
    found = TARGETS.get(wanted)
    if found is None:
        hint = did_you_mean(nearest(wanted, TARGETS), f"there are {', '.join(TARGETS)}")
        raise BridgeError(f"the native library cannot be built for {wanted!r}{hint}")
    return found


def compiler_for(wanted: Target) -> Compiler:
    """Return a compiler that builds for a target. Raises BridgeError with the one command that helps, if there is none."""
    for compiler in compilers():
        if compiler.is_zig or wanted.name == here():
            return compiler
    if wanted.name == here():
        raise BridgeError(f"there is no C compiler to build the native library with; {ADVICE}")
    raise BridgeError(f"{wanted.name} is another system than this one; {ADVICE} that builds for it")


def sources() -> list[Path]:
    """Return the C files."""
    return sorted(SOURCES.glob("*.c"))


def words_for(wanted: Target, compiler: Compiler, out: Path, extra: tuple[str, ...] = ()) -> list[str]:
    """Return the call of a compiler that writes the library to a file."""
    words = [*compiler.words]
    if compiler.is_zig:
        words += ["-target", wanted.triple, *ZIG_FLAGS]
    return [*words, *FLAGS, *extra, "-o", str(out), *map(str, sources()), *wanted.flags]


def cache() -> Path:
    """Return the folder in which builds are kept."""
    chosen = os.environ.get(CACHE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "timbridge" / "native"


def digest(wanted: Target, compiler: Compiler) -> str:
    """Return the name of a build: what it is made of, and with what."""
    made_of = hashlib.sha256()
    for path in sorted((*sources(), *SOURCES.glob("*.h"))):
        made_of.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    program = "zig" if compiler.is_zig else " ".join(compiler.words)
    for word in (program, wanted.triple, *FLAGS, *ZIG_FLAGS, *wanted.flags):
        made_of.update(word.encode() + b"\0")
    return made_of.hexdigest()[:16]


def kept(wanted: Target) -> Path | None:
    """Return the folder with the library as a former call has built it, None if it has not."""
    for compiler in compilers():
        if compiler.is_zig or wanted.name == here():
            folder = cache() / f"{wanted.name}-{digest(wanted, compiler)}"
            if (folder / wanted.file).is_file():
                return folder
    return None


def build(wanted: Target, compiler: Compiler | None = None) -> Path:
    """
    Return the folder with the library for a target, built if it was not before.

    Raises: BridgeError without a compiler, with what a compiler says that fails, and where nothing can be written.
    """
    compiler = compiler or compiler_for(wanted)
    folder = cache() / f"{wanted.name}-{digest(wanted, compiler)}"
    if (folder / wanted.file).is_file():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="making-", dir=folder.parent))
    except OSError as error:
        raise BridgeError(f"nothing can be kept in {folder.parent} ({error.strerror}); set {CACHE} to a folder of yours") from None
    try:
        _compile(wanted, compiler, made)
        try:
            made.rename(folder)
        except OSError:
            if not (folder / wanted.file).is_file():  # else somebody was faster
                raise
    except OSError as error:
        raise BridgeError(f"the native library cannot be kept in {folder}: {error.strerror}") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _compile(wanted: Target, compiler: Compiler, folder: Path) -> None:
    out = folder / wanted.file
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(words_for(wanted, compiler, out), capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        raise BridgeError(f"{compiler.name} does not run ({error.strerror}); {ADVICE}") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise BridgeError(f"{compiler.name} cannot build the native library for {wanted.name}:\n{said}")
    for beside in (*folder.glob("*.lib"), *folder.glob("*.pdb")):
        beside.unlink()  # what nobody links against
    if wanted.file.endswith(f"Versions/A/{NAME}"):
        _frame(folder / f"{NAME}.framework")


def _frame(framework: Path) -> None:
    """Make a framework of the library of macOS: what the names of its parts lead to."""
    resources = framework / "Versions" / "A" / "Resources"
    resources.mkdir()
    (resources / "Info.plist").write_text(PLIST.format(name=NAME), "utf-8")
    try:
        (framework / "Versions" / "Current").symlink_to("A")
        (framework / NAME).symlink_to(f"Versions/Current/{NAME}")
    except OSError:
        pass  # Windows, building for another system: loaders go by the full name anyway


def place(folder: Path, target_folder: Path) -> None:
    """Copy what was built to a folder. Raises BridgeError if that cannot be written."""
    try:
        target_folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder, target_folder, symlinks=True, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        raise BridgeError(f"cannot write to {target_folder}: {getattr(error, 'strerror', None) or error}") from None
