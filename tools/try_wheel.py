"""
Build the sdist, a wheel from it, the single file from that, and try both as a user would: in a fresh environment, outside the checkout.

    python3 tools/up.py wheel

1 when something is not as it must be: files at the wheel's top level besides `bridge/` and pytest's module, schemas that were left behind,
a command that does not start, a conversation that does not answer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import make_pyz  # noqa: E402 - found from wherever this is run

CONVERSATION = [
    ("initSDK", {"sdkAppID": 1400000000, "logLevel": 6, "uiPlatform": 0, "listenerUuid": ""}),
    ("login", {"userID": "alice", "userSig": "any"}),
    ("createConversationGroup", {"groupName": "team", "conversationIDList": ["c2c_bob"]}),
]

MISTAKEN = ("call", "createConversationGroup", "groupNam=team", 'conversationIDList=["c2c_bob"]')

PACKED = (
    "DECISIONS.md",
    "suite/conformance/group_creation.jsonl",
    "suite/documented/groups.jsonl",
    "worlds/empty.json",
    "worlds/large.json",
    "worlds/team.json",
)
"""Files that a wheel has beside the packed schemas."""

NATIVE = ("_exports.c", "exports.json", "library.h", "system.c")
"""Some of the sources of the native library, which is built where it is used."""


class WheelError(Exception):
    """The wheel is not as it must be."""


def build(folder: Path) -> Path:
    """Build sdist and wheel into a folder and return the wheel's path."""
    _run([sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)], cwd=folder)
    return next(folder.glob("*.whl"))


def inspect(names: list[str]) -> None:
    """
    Check what is in a wheel.

    Args:
        names: all paths in it.

    Raises:
        WheelError: something else than `bridge/`, the module that pytest loads and the metadata is in it, or the packed schemas are not.
    """
    tops = sorted({name.split("/")[0] for name in names})
    strangers = [top for top in tops if top not in ("bridge", "timbridge_pytest.py") and not top.endswith(".dist-info")]
    if strangers:
        raise WheelError(f"at the wheel's top level: {', '.join(strangers)}")
    if not any(name.startswith("bridge/catalogue/_packed/") and name.endswith(".data") for name in names):
        raise WheelError("the packed schemas are not in the wheel")
    wanted = {f"bridge/catalogue/_packed/{name}" for name in PACKED} | {f"bridge/native/{name}" for name in NATIVE}
    if wanted - set(names):
        raise WheelError(f"not in the wheel: {', '.join(sorted(wanted - set(names)))}")


def install(wheel: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
    """
    Install a wheel into a fresh environment, or into a folder where no environment can be made.

    Returns:
        The command that is `timbridge` there, and the environment variables it needs.
    """
    windows = os.name == "nt"
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, check=False)
    if made.returncode == 0:
        scripts = folder / ("Scripts" if windows else "bin")
        _run([str(scripts / "python"), *quiet, str(wheel)], cwd=folder, environ=environ)
        return [str(scripts / "timbridge")], environ
    _run([sys.executable, *quiet, "--target", str(folder / "site"), str(wheel)], cwd=folder)
    return [sys.executable, "-m", "bridge"], {**environ, "PYTHONPATH": str(folder / "site")}


def converse(command: list[str], folder: Path, environ: dict[str, str]) -> None:
    """Let a conversation be answered over stdio: three successes and the event of the last call."""
    calls = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        for number, (method, params) in enumerate(CONVERSATION)
    ]
    calls.insert(
        1, {"jsonrpc": "2.0", "id": 9, "method": "addConversationListener", "params": {"listenerUuid": "listener"}}
    )
    said = _run([*command, "serve"], cwd=folder, environ=environ, stdin="".join(json.dumps(c) + "\n" for c in calls))
    lines: list[dict[str, Any]] = [json.loads(line) for line in said.splitlines()]
    answers = {line["id"]: line.get("result") for line in lines if "id" in line}
    refused = [number for number in range(len(CONVERSATION)) if (answers.get(number) or {}).get("code") != 0]
    events = [line["params"]["type"] for line in lines if "id" not in line]
    if refused or "onConversationGroupCreated" not in events:
        raise WheelError(f"the conversation went wrong:\n{said}")


def try_single(file: Path, folder: Path) -> None:
    """Try the command in one file with a Python that has no packages at all: calls, a mistake, worlds, servers of its own."""
    nothing = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    environ = {name: value for name, value in os.environ.items() if name not in nothing} | {"TIMBRIDGE_CACHE": str(folder / "cache")}
    command = [sys.executable, "-I", "-S", str(file)]
    converse(command, folder, environ)
    _run([*command, "call", "getVersion", "--world", "large"], cwd=folder, environ=environ)
    wrong = subprocess.run([*command, *MISTAKEN], cwd=folder, env=environ, capture_output=True, check=False)
    if wrong.returncode != 2 or b"was groupNam meant for it?" not in wrong.stderr:
        raise WheelError(f"a mistaken call is told wrongly by the single file:\n{wrong.stderr.decode()}")
    listening = "import os; assert os.environ['TIMBRIDGE_WEBSOCKET'].startswith('ws://')"
    _run([*command, "exec", "--", sys.executable, "-c", listening], cwd=folder, environ=environ)


def main() -> int:
    """Build, inspect, install, run; says what went wrong."""
    with tempfile.TemporaryDirectory(prefix="timbridge-wheel-") as name:
        folder = Path(name)
        try:
            wheel = build(folder)
            with zipfile.ZipFile(wheel) as archive:
                inspect(archive.namelist())
            command, environ = install(wheel, folder / "fresh")
            _run([*command, "--version"], cwd=folder, environ=environ)
            said = _run([*command, "call", "getVersion", "--world", "large"], cwd=folder, environ=environ)
            converse(command, folder, environ)
            known = json.loads(_run([*command, "explain", "--json", "createConversationGroup"], cwd=folder, environ=environ))
            if not known["decisions"]:
                raise WheelError("explain tells no decision")
            single = folder / "timbridge.pyz"
            make_pyz.main([str(single), "--wheel", str(wheel)])
            try_single(single, folder)
        except WheelError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"{wheel.name}, {wheel.stat().st_size // 1024} KB: installed, called and spoken to; getVersion: {said}")
        return 0


def _run(command: list[str], *, cwd: Path, environ: dict[str, str] | None = None, stdin: str = "") -> str:
    done = subprocess.run(command, cwd=cwd, env=environ, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WheelError(f"{' '.join(command)} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main())
