"""`timbridge exec`: a command with a server around it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from bridge.cli.options import Option, Verb
from bridge.cli.setup import DEVICE, WORLD
from bridge.errors import BridgeError

VERB = Verb(
    "exec",
    "Starts a server on a free port of this machine, runs a command with the server's address in the environment\n"
    "variable TIMBRIDGE_ADDRESS, stops the server and returns the command's exit status.",
    (*DEVICE, Option("--export-on-exit", "Write the world to this file at the end.", "FILE"), *WORLD),
    "[--] COMMAND [ARGUMENTS…]",
    1,
    None,
    rest=True,
    examples=("timbridge exec -- flutter test", "timbridge exec --world team -- pytest"),
)

NOT_FOUND, NOT_RUNNABLE, SIGNALLED = 127, 126, 128


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Run the command."""
    from bridge.testing.errors import Lost
    from bridge.testing.wires import ADDRESS, ServerProcess

    try:
        server = ServerProcess(_words(options), [sys.executable, "-m", "bridge"])
    except Lost as error:
        raise BridgeError(str(error)) from None
    try:
        return _status(arguments, {**os.environ, ADDRESS: server.address})
    finally:
        ended = server.stop()
        if ended:
            print(f"timbridge: the server ended with status {ended}", file=sys.stderr)


def _words(options: dict[str, Any]) -> list[str]:
    """Return the options of `serve` that were given to this verb."""
    words = []
    for option in VERB.options:
        value = options[option.key]
        if value is True:
            words.append(option.name)
        elif value is not None and value != option.default:
            words += [option.name, str(value)]
    return words


def _status(command: list[str], environ: dict[str, str]) -> int:
    """Run a command to its end. Returns its exit status as a shell would tell it."""
    from shutil import which

    program = which(command[0]) or command[0]  # on Windows `flutter` is a .bat, which only a full path finds
    try:
        process = subprocess.Popen([program, *command[1:]], env=environ)
    except FileNotFoundError:
        print(f"timbridge: there is no command {command[0]!r}", file=sys.stderr)
        return NOT_FOUND
    except OSError as error:
        print(f"timbridge: cannot run {command[0]!r}: {error.strerror}", file=sys.stderr)
        return NOT_RUNNABLE
    while True:
        try:
            status = process.wait()
            return status if status >= 0 else SIGNALLED - status
        except KeyboardInterrupt:
            pass  # the terminal told the command, too: it decides what to do
