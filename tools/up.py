"""
Set a fresh checkout up and run something in it, with nothing but Python: `python3 tools/up.py COMMAND [ARGUMENTS…]`.

    setup   only install
    demo    play the demonstration (arguments go to `timbridge demo`)
    run     run the command `timbridge` with the arguments
    test    run the tests (arguments go to pytest; two processes unless they say otherwise)
    lint    ruff, then mypy
    check   are all generated files up to date?
    show DIALECT [NAME]   what a dialect says of something, its bases included
    scaffold METHOD   write the stubs of a channel method's handler and test
    versions [lowest|newest]   run the tests that lean on others' code with the lowest and newest versions of that
    wheel   build the wheel and the single file, and try them outside the checkout
    pyz     make dist/timbridge.pyz, the command in one file
    native [TARGET…]   build the native library with every compiler, for every system, and try it
    pictures [FOLDER]   make the pictures of the inspector with Chromium
    bench   run the benchmarks (arguments go to tools/bench)
    mutate  change the code a little, again and again, and see whether a test notices (CONTRIBUTING.md)

Everything is installed into `.venv` in the checkout and nothing outside it is touched. Where this Python can make no
virtual environment (a distribution has cut `ensurepip` out), its pip installs into the folder `.venv/site` instead,
which an externally managed pip allows too. What was installed is noted in `.venv/timbridge.json`, so a second run
starts at once.

Standard library only. Progress goes to stderr: stdout belongs to what is run. The exit code is that of what is run, or
2 when setting up failed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
SITE = ENVIRONMENT / "site"
NOTE = ENVIRONMENT / "timbridge.json"

# command: extras that it needs
EXTRAS: dict[str, tuple[str, ...]] = {
    "setup": (),
    "demo": (),
    "run": (),
    "test": ("test",),
    "lint": ("dev", "test"),
    "check": ("test",),
    "show": ("test",),
    "scaffold": ("test",),
    "versions": (),
    "wheel": ("dev", "test"),
    "pyz": ("dev",),
    "native": ("native", "test"),
    "pictures": ("browser", "test"),
    "bench": ("test",),
    "mutate": ("test",),
}

# Words in pip's complaints that mean that no package index answered.
OFFLINE = (
    "connection error",
    "connectionerror",
    "connection broken",
    "failed to establish a new connection",
    "(from versions: none)",
    "name or service not known",
    "nameresolutionerror",
    "network is unreachable",
    "proxyerror",
    "temporary failure in name resolution",
    "timed out",
)


class SetupError(Exception):
    """Setting up failed; the message says what to do about it."""


# ---------------------------------------------------------------- what to install


def home_key() -> str:
    """Return what an environment is tied to: interpreter, platform and place. If it changes, all is made anew."""
    return f"{sys.implementation.cache_tag} {sys.platform} {ROOT}"


def project_key(pyproject: bytes) -> str:
    """Return the state of the project's requirements. If it changes, they are installed again."""
    return hashlib.sha256(pyproject).hexdigest()


def read_note() -> dict[str, Any]:
    """Return what the last set-up noted; {} if there was none, or it was interrupted."""
    try:
        note = json.loads(NOTE.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def write_note(note: dict[str, Any]) -> None:
    """Replace the note in one step, so that an interrupted set-up is never taken for a finished one."""
    beside = NOTE.with_suffix(".new")
    beside.write_text(json.dumps(note, indent=1), "utf-8")
    os.replace(beside, NOTE)


def missing(note: dict[str, Any], extras: tuple[str, ...], project: str) -> list[str] | None:
    """
    Return the extras to install now, those of earlier runs among them, sorted; None when all is there already.
    """
    if note.get("home") != home_key():
        return sorted(extras)
    wanted = sorted({*note.get("extras", ()), *extras})
    return None if note.get("project") == project and wanted == note.get("extras") else wanted


# ---------------------------------------------------------------- where to install


def venv_python(environment: Path, windows: bool = os.name == "nt") -> Path:
    """Return where a virtual environment keeps its interpreter."""
    return environment / ("Scripts/python.exe" if windows else "bin/python")


def works(python: Path) -> bool:
    """Return whether an interpreter starts and has pip."""
    return python.is_file() and _succeeds([str(python), "-m", "pip", "--version"])


def make_environment(note: dict[str, Any]) -> str:
    """
    Make `.venv` unless it is usable as it is.

    Returns:
        "venv" for a virtual environment with pip, "folder" for an empty `.venv/site` to be filled by this Python's pip.
    """
    same_home = note.get("home") == home_key()
    if works(venv_python(ENVIRONMENT)) and (same_home or not note):
        return "venv"
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    if _succeeds([sys.executable, "-m", "venv", str(ENVIRONMENT)]) and works(venv_python(ENVIRONMENT)):
        return "venv"
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    if not _succeeds([sys.executable, "-m", "pip", "--version"]):
        raise SetupError(
            "This Python can neither make virtual environments nor run pip.\n"
            "Debian, Ubuntu: sudo apt install python3-venv\n"
            "Elsewhere: install Python 3.11 or newer from python.org or your package manager, with pip."
        )
    _say("This Python cannot make a virtual environment: installing into the folder .venv/site with its pip.")
    SITE.mkdir(parents=True)
    return "folder"


def pip_command(mode: str, extras: list[str]) -> list[str]:
    """Return the command that installs the project, editable, with its extras."""
    project = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    quiet = ["install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if mode == "venv":
        return [str(venv_python(ENVIRONMENT)), "-m", "pip", *quiet, "--editable", project]
    return [sys.executable, "-m", "pip", *quiet, "--target", str(SITE), "--editable", project]


def set_up(extras: tuple[str, ...]) -> str:
    """
    Install what is missing for these extras.

    Returns:
        "venv" or "folder".
    """
    note = read_note()
    project = project_key((ROOT / "pyproject.toml").read_bytes())
    wanted = missing(note, extras, project)
    if wanted is None and (note["mode"] == "folder" or venv_python(ENVIRONMENT).is_file()):
        return str(note["mode"])
    wanted = sorted(extras) if wanted is None else wanted
    _say(f"Installing into {ENVIRONMENT}{' with ' + ', '.join(wanted) if wanted else ''} …")
    mode = make_environment(note)
    NOTE.unlink(missing_ok=True)
    if mode == "folder":
        shutil.rmtree(SITE, ignore_errors=True)
    settings = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    done = subprocess.run(
        pip_command(mode, wanted), env=settings, stdout=sys.stderr, stderr=subprocess.PIPE, text=True, errors="replace"
    )
    if done.returncode:
        raise SetupError(explain(done.stderr))
    write_note({"home": home_key(), "project": project, "extras": wanted, "mode": mode})
    return mode


def explain(complaint: str) -> str:
    """Return pip's own last words and, where they mean that no index was reached, what to do."""
    lines = [line for line in complaint.splitlines() if line.strip() and not line.startswith("WARNING: Loc")][-15:]
    said = "\n".join(["pip could not install what is needed:", *(f"  {line}" for line in lines)])
    if not any(word in complaint.casefold() for word in OFFLINE):
        return said
    return (
        f"{said}\n"
        "It seems that no package index was reached. The first run needs the network (or a mirror: set PIP_INDEX_URL;\n"
        "or a folder of wheels: set PIP_NO_INDEX=1 and PIP_FIND_LINKS). Later runs work offline."
    )


# ---------------------------------------------------------------- what to run


def pytest_arguments(arguments: list[str]) -> list[str]:
    """Return pytest's arguments: two processes, unless the arguments choose or a debugger needs the terminal."""
    chosen = any(
        argument.startswith(("-n", "--numprocesses", "--dist", "--pdb", "--trace")) or argument == "no:xdist"
        for argument in arguments
    )
    # each process takes a half in its order, and the first to be done takes of the other's: what tests of a file share is made once
    return arguments if chosen else ["-n", "2", "--dist", "worksteal", *arguments]


def commands(command: str, arguments: list[str]) -> list[list[str]]:
    """Return what to run, one after the other, each as arguments of Python."""
    return {
        "setup": [],
        "demo": [["-m", "bridge", "demo", *arguments]],
        "run": [["-m", "bridge", *arguments]],
        "test": [["-m", "pytest", *pytest_arguments(arguments)]],
        "lint": [["-m", "ruff", "check", "."], ["-m", "mypy"]],
        "check": [["tools/check.py", *arguments]],
        "show": [["tools/show.py", *arguments]],
        "scaffold": [["tools/scaffold.py", *arguments]],
        "versions": [["tools/try_versions.py", *arguments]],
        "wheel": [["tools/try_wheel.py", *arguments]],
        "pyz": [["tools/make_pyz.py", *arguments]],
        "native": [["tools/try_native.py", *arguments]],
        "pictures": [["tools/screenshots.py", *arguments]],
        "bench": [["-m", "tools.bench", *arguments]],
        "mutate": [["tools/mutate.py", *arguments]],
    }[command]


def surroundings(mode: str, environ: dict[str, str]) -> dict[str, str]:
    """Return the environment variables to run with."""
    changed = {name: value for name, value in environ.items() if name != "PYTHONHOME"}
    if mode == "folder":
        paths = [str(ROOT), str(SITE), *filter(None, [environ.get("PYTHONPATH")])]
        changed["PYTHONPATH"] = os.pathsep.join(paths)
        changed["PATH"] = os.pathsep.join([str(SITE / "bin"), environ.get("PATH", os.defpath)])
    return changed


def run(mode: str, command: str, arguments: list[str]) -> int:
    """Run a command in the environment; the first exit code that is not 0 counts, all parts are run."""
    python = sys.executable if mode == "folder" else str(venv_python(ENVIRONMENT))
    here = None if command in ("demo", "run") else ROOT  # files named to timbridge are found from where the user stands
    settings = surroundings(mode, dict(os.environ))
    codes = [subprocess.call([python, *part], cwd=here, env=settings) for part in commands(command, arguments)]
    return next((code for code in codes if code), 0)


def main(arguments: list[str] | None = None) -> int:
    """Set up and run; see the head of this file."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may not know what the project needs
        _fail(f"timbridge needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")
    parser = argparse.ArgumentParser(
        prog="up.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=sorted(EXTRAS), help="what to do")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on as they are")
    options = parser.parse_args(arguments)
    try:
        mode = set_up(EXTRAS[options.command])
        return run(mode, options.command, options.arguments)
    except SetupError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        return 130


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fail(text: str) -> NoReturn:
    _say(text)
    raise SystemExit(2)


if __name__ == "__main__":
    raise SystemExit(main())
