"""What the library can be built for: names, what the compiler is told, what the file is called and how loaders find it."""

from __future__ import annotations

import platform
import sys
from typing import NamedTuple

NAME = "dart_native_imsdk"


class Target(NamedTuple):
    """
    A system to build for.

    Attributes:
        name: `linux-x86_64`.
        triple: what `zig cc -target` calls it.
        file: where the library stands below a folder of libraries.
        flags: what a compiler needs to be told beyond what is the same everywhere.
        path: the variable in which a process is told the folders of its libraries.
    """

    name: str
    triple: str
    file: str
    flags: tuple[str, ...]
    path: str


_ELF = ("-pthread", "-Wl,-z,nodelete", f"-Wl,-soname,lib{NAME}.so")
_MAC = (f"-Wl,-install_name,@rpath/{NAME}.framework/Versions/A/{NAME}",)
_WINDOWS = ("-lws2_32",)


def _linux(name: str, triple: str) -> Target:
    return Target(name, triple, f"lib{NAME}.so", _ELF, "LD_LIBRARY_PATH")


def _macos(name: str, triple: str) -> Target:
    return Target(name, triple, f"{NAME}.framework/Versions/A/{NAME}", _MAC, "DYLD_FRAMEWORK_PATH")


TARGETS = {
    target.name: target
    for target in (
        _linux("linux-x86_64", "x86_64-linux-gnu.2.17"),
        _linux("linux-aarch64", "aarch64-linux-gnu.2.17"),
        _linux("linux-x86_64-musl", "x86_64-linux-musl"),
        _linux("linux-aarch64-musl", "aarch64-linux-musl"),
        _macos("macos-x86_64", "x86_64-macos"),
        _macos("macos-aarch64", "aarch64-macos"),
        Target("windows-x86_64", "x86_64-windows-gnu", f"{NAME}.dll", _WINDOWS, "PATH"),
    )
}

_MACHINES = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}
_SYSTEMS = {"darwin": "macos", "win32": "windows", "cygwin": "windows"}


def here() -> str:
    """Return the name of the target that this process runs on; it may be none that there is."""
    machine = platform.machine().lower()
    system = _SYSTEMS.get(sys.platform, sys.platform)
    musl = "-musl" if system == "linux" and platform.libc_ver()[0] != "glibc" else ""
    return f"{system}-{_MACHINES.get(machine, machine)}{musl}"
