"""`timbridge doctor`: does everything work here, and what is to be done if not?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bridge.cli.options import Option, Verb

VERB = Verb(
    "doctor",
    "Checks this installation: Python, packages, schemas, a server on stdio, a server on a socket, the environment.\n"
    "Exit status: 0 if everything that is needed works, else 1.",
    (Option("--json", "Print one JSON object, for machines."),),
)

NEEDED = ("attrs", "jsonschema", "pyee")
OPTIONAL = {
    "websockets": "for WebSocket clients: pip install 'timbridge[listen]'",
    "pytest": "for the pytest fixtures: pip install pytest",
    "syrupy": "for snapshots of traces: pip install syrupy",
}
PATIENCE_S = 20.0
CALL = b'{"jsonrpc":"2.0","id":1,"method":"bridge.ping"}\n'


class Finding(NamedTuple):
    """What a check found: `state` is ok, note (works without it) or wrong; `advice` says what to do, "" for nothing."""

    state: str
    what: str
    advice: str = ""


Check = Callable[[], Iterator[Finding]]


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Check everything."""
    findings = [finding for check in CHECKS for finding in _carefully(check)]
    if options["json"]:
        print(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False))
    else:
        for state, what, advice in findings:
            print(f"{MARKS[state]} {what}")
            if advice:
                print(f"    {advice}")
    wrong = sum(finding.state == "wrong" for finding in findings)
    if not options["json"]:
        print(f"\n{wrong} of {len(findings)} checks failed." if wrong else "\nEverything that is needed works.")
    return 1 if wrong else 0


MARKS = {"ok": "[ok]   ", "note": "[note] ", "wrong": "[WRONG]"}


def _carefully(check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as error:
        yield Finding("wrong", f"{(check.__doc__ or '').strip()}: {type(error).__name__}: {error}")


def python() -> Iterator[Finding]:
    """The Python that runs this"""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - a check for people with another Python
        yield Finding("wrong", f"Python {version}", "timbridge needs Python 3.11 or newer")
    else:
        yield Finding("ok", f"Python {version} ({sys.executable})")


def package() -> Iterator[Finding]:
    """The package itself"""
    import bridge

    yield Finding("ok", f"timbridge {bridge.__version__} ({os.path.dirname(bridge.__file__)})")


def packages() -> Iterator[Finding]:
    """Packages that it needs or can use"""
    from importlib.metadata import PackageNotFoundError, version

    for name in NEEDED:
        try:
            yield Finding("ok", f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding("wrong", f"{name} is not installed", f"pip install {name}, or install timbridge again")
    for name, advice in OPTIONAL.items():
        try:
            yield Finding("ok", f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding("note", f"{name} is not installed", advice)


def schemas() -> Iterator[Finding]:
    """The schemas of every dialect"""
    from bridge.catalogue import dialects, load

    for dialect in dialects():
        catalogue = load(dialect)
        names = catalogue.method_names
        if not names or catalogue.method(names[0]) is None:
            yield Finding("wrong", f"the schemas of {dialect} are missing", "install timbridge again")
        else:
            yield Finding("ok", f"schemas of {dialect}: {len(names)} methods on the channel {catalogue.channel}")


def stdio() -> Iterator[Finding]:
    """A server on standard input and output"""
    from bridge.testing.wires import own_command

    words = [*own_command(), "serve"]
    done = subprocess.run(words, input=CALL, capture_output=True, timeout=PATIENCE_S, check=False)
    answer = json.loads(done.stdout.splitlines()[0]) if done.stdout else {}
    if done.returncode or "result" not in answer:
        yield Finding("wrong", "a server on stdio does not answer", done.stderr.decode(errors="replace").strip())
    else:
        yield Finding("ok", "a server on stdio answers")


def sockets() -> Iterator[Finding]:
    """A server on a socket of this machine"""
    from bridge.testing.client import Client
    from bridge.testing.wires import own_command

    with Client.start(command=own_command()) as client:
        client.ping()
    yield Finding("ok", "a server on a socket of this machine answers")


def environment() -> Iterator[Finding]:
    """Environment variables and the search path"""
    from shutil import which

    from bridge.testing.client import Client
    from bridge.testing.errors import Lost
    from bridge.testing.wires import ADDRESS, COMMAND

    if which("timbridge") is None:
        folder = os.path.dirname(sys.executable)
        yield Finding("note", "the command `timbridge` is not on the search path", f"add {folder} to PATH, or set {COMMAND}")
    else:
        yield Finding("ok", f"the command `timbridge` is {which('timbridge')}")
    command = os.environ.get(COMMAND, "").split()
    if command and which(command[0]) is None:
        yield Finding("wrong", f"{COMMAND} names {command[0]!r}, which is no program", f"correct or unset {COMMAND}")
    address = os.environ.get(ADDRESS)
    if address:
        try:
            with Client.connect(address):
                yield Finding("ok", f"a server listens on {address}, as {ADDRESS} says")
        except Lost as error:
            yield Finding("wrong", f"{ADDRESS}: {error}", f"start that server, or unset {ADDRESS}")


def native() -> Iterator[Finding]:
    """The library for plugins from 8.5.6864+4 on"""
    from bridge.catalogue import native_dialects
    from bridge.errors import BridgeError
    from bridge.native import building

    found = building.compilers()
    if not found:
        yield Finding("note", "there is no C compiler for the native library", building.ADVICE)
        return
    yield Finding("ok", f"the native library is built with {found[0].name}")
    try:
        wanted = building.target(None)
        yield Finding("ok", f"the native library for {wanted.name}: {building.build(wanted) / wanted.file}")
    except BridgeError as error:
        yield Finding("note", str(error), building.ADVICE)
        return
    if not native_dialects():
        yield Finding("note", "this timbridge has no dialect that understands what the native library is called with")
    else:
        yield Finding("ok", f"the native library speaks {', '.join(native_dialects())}, as its client starts or --dialect says")


CHECKS: tuple[Check, ...] = (python, package, packages, schemas, stdio, sockets, native, environment)
