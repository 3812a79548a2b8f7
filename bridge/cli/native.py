"""`timbridge native`: the library that today's plugin loads in place of the vendor's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bridge.cli.options import Option, UsageError, Verb
from bridge.errors import BridgeError, did_you_mean, nearest

VERB = Verb(
    "native",
    "The library libdart_native_imsdk, which plugins from 8.5.6864+4 on load: it carries their calls to a server.\n"
    "  build   builds it, unless it is there, and prints the file\n"
    "  path    prints the folder for the loader's search path; builds what is not there\n"
    "  doctor  says whether it can be built and used here, and what to do if not",
    (
        Option("--target", "What to build for, such as linux-aarch64 or windows-x86_64; this machine when left out.", "NAME"),
        Option("--out", "Copy what is built to this folder.", "DIR"),
    ),
    "build|path|doctor",
    1,
    1,
    examples=(
        "timbridge native build",
        "timbridge native build --target macos-aarch64 --out macos",
        "timbridge exec --native -- flutter test",
    ),
)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Do one of them."""
    action = ACTIONS.get(arguments[0])
    if action is None:
        hint = did_you_mean(nearest(arguments[0], ACTIONS), f"it is one of {', '.join(ACTIONS)}")
        raise UsageError(f"native has no {arguments[0]!r}{hint}")
    return action(options)


def _built(options: dict[str, Any]) -> tuple[Path, str]:
    """Return the folder with the library, and the library's place in it."""
    from bridge.native import building

    wanted = building.target(options["target"])
    folder = building.build(wanted)
    if options["out"] is not None:
        building.place(folder, Path(options["out"]))
        folder = Path(options["out"]).resolve()
    return folder, wanted.file


def build(options: dict[str, Any]) -> int:
    """Build the library."""
    folder, file = _built(options)
    print(folder / file)
    return 0


def path(options: dict[str, Any]) -> int:
    """Print the folder."""
    print(_built(options)[0])
    return 0


def doctor(options: dict[str, Any]) -> int:
    """Check what is needed. Returns 0 if the library can be used here."""
    from bridge.cli.doctor import native

    return report(list(native()))


def report(findings: list[Any]) -> int:
    """Print findings. Returns 1 if one is wrong."""
    from bridge.cli.doctor import MARKS

    for state, what, advice in findings:
        print(f"{MARKS[state]} {what}")
        if advice:
            print(f"    {advice}")
    return 1 if any(finding.state != "ok" for finding in findings) else 0


ACTIONS = {"build": build, "path": path, "doctor": doctor}


def environment(environ: dict[str, str]) -> dict[str, str]:
    """
    Return an environment in which a program finds the library, and the library the world of its user.

    Raises: BridgeError if the library cannot be built, or nothing here understands it.
    """
    import os

    from bridge.catalogue import default_dialect
    from bridge.emulator import native_dialect
    from bridge.native import building

    if native_dialect(default_dialect()) is None:
        raise BridgeError("--native: this timbridge has no dialect for plugins from 8.5.6864+4 on; only the library is there")
    wanted = building.target(None)
    folders = [str(building.build(wanted)), *filter(None, [environ.get(wanted.path)])]
    return {**environ, wanted.path: os.pathsep.join(folders), "TIMBRIDGE_WORLD": environ.get("TIMBRIDGE_WORLD", "")}
