"""`timbridge exec`: a command with a server around it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import Any

from bridge.catalogue import native_dialects
from bridge.cli.options import Option, UsageError, Verb
from bridge.cli.setup import CLIENTS, WORLD
from bridge.errors import BridgeError

UI = Option("--ui", "Show what happens on a page; it stays behind the command's end, until nobody looks at it any more.")

NATIVE = Option("--native", "Let the command load our library where a plugin from 8.5.6864+4 on looks for the vendor's.")

VERB = Verb(
    "exec",
    "Starts a server on a free port of this machine, runs a command with the server's address in the environment\n"
    "variables TIMBRIDGE_ADDRESS and TIMBRIDGE_WEBSOCKET, stops the server and returns the command's exit status.",
    (*CLIENTS, NATIVE, UI, Option("--export-on-exit", "Write the world to this file at the end.", "FILE"), *WORLD),
    "[--] COMMAND [ARGUMENTS…]",
    1,
    None,
    rest=True,
    examples=(
        "timbridge exec -- flutter test",
        "timbridge exec --native -- flutter test",
        "timbridge exec --ui -- flutter test",
        "timbridge exec --world team -- pytest",
    ),
)

NOT_FOUND, NOT_RUNNABLE, SIGNALLED = 127, 126, 128

PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGBREAK")
PR_SET_PDEATHSIG = 1


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Run the command."""
    from bridge.testing.errors import Lost
    from bridge.testing.wires import ADDRESS, STOP_S, WEBSOCKET, ServerProcess, own_command

    if options["dialect"] in native_dialects() and not options["native"]:
        raise UsageError(f"--dialect {options['dialect']} goes with --native: it is what plugins with a native library speak")
    if options["export_on_exit"] is not None:
        from bridge.transports.exporting import check

        check(options["export_on_exit"])
    environ = dict(os.environ)
    if options["native"]:
        from bridge.cli.native import environment

        environ = environment(environ)
    try:
        server = ServerProcess(_words(options), own_command())
    except Lost as error:
        raise BridgeError(str(error)) from None
    address = server.address.removeprefix("tcp://") if options["native"] else server.address
    socket = f"ws://{server.address.removeprefix('tcp://')}/"
    command = Command(arguments, {**environ, ADDRESS: address, WEBSOCKET: socket})
    try:
        status = command.run()
        if server.inspector is not None:
            from bridge.inspector.staying import stay

            stay(server.address, server.inspector, PASSED_ON)
        return status
    finally:
        ended = server.stop(STOP_S if options["export_on_exit"] is None else None)
        if ended:
            print(f"timbridge: the server ended with status {ended}", file=sys.stderr)


def _words(options: dict[str, Any]) -> list[str]:
    """Return the options of `serve` that were given to this verb."""
    words = []
    for option in VERB.options:
        if option is NATIVE:
            continue
        value = options[option.key]
        if value is True:
            words.append(option.name)
        elif value is not None and value != option.default:
            words += [option.name, str(value)]
    return words


class Command:
    """
    A command that ends before we do: what asks us to end is passed on to it, and it decides.

    Args:
        words: the command and its arguments.
        environ: its environment.
    """

    def __init__(self, words: list[str], environ: dict[str, str]) -> None:
        self._words = words
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def run(self) -> int:
        """Run it to its end. Returns its exit status as a shell would tell it."""
        for name in PASSED_ON:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._pass_on)
        status = self._start()
        if status is not None:
            return status
        assert self._process is not None
        for number in self._early:
            self._process.send_signal(number)
        status = _end_of(self._process)
        return status if status >= 0 else SIGNALLED - status

    def _start(self) -> int | None:
        """Start it. Returns an exit status if it cannot be."""
        from shutil import which

        program = which(self._words[0]) or self._words[0]  # on Windows `flutter` is a .bat, which only a full path finds
        try:
            self._process = subprocess.Popen([program, *self._words[1:]], env=self._environ, **_tied())
        except FileNotFoundError:
            print(f"timbridge: there is no command {self._words[0]!r}", file=sys.stderr)
            return NOT_FOUND
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            print(f"timbridge: cannot run {self._words[0]!r}: {reason}", file=sys.stderr)
            return NOT_RUNNABLE
        return None

    def _pass_on(self, number: int, frame: object) -> None:
        if number == signal.SIGINT and _terminal_tells_all():
            return
        if self._process is None:
            self._early.append(number)
        else:
            self._process.send_signal(number)  # nothing happens if it has ended


def _end_of(process: subprocess.Popen[bytes]) -> int:
    """
    Wait for a process to end. Returns its status.

    A signal that comes just before the waiting begins would be slept through in `waitpid`: so each one, and the process's end
    is one, too, wakes by a byte that it leaves behind.
    """
    if sys.platform == "win32":
        return process.wait()
    woken, wakes = socket.socketpair()
    wakes.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    before = signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    try:
        while (status := process.poll()) is None:
            woken.recv(4096)
        return status
    finally:
        signal.set_wakeup_fd(before)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        woken.close()
        wakes.close()


def _terminal_tells_all() -> bool:
    """Return whether there is a terminal that has told the command, too, what its user wants."""
    if sys.platform == "win32":
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def _tied() -> dict[str, Any]:
    """Return what ends a process when we are killed and cannot see to it, where the system knows how."""
    if sys.platform != "linux":
        return {}
    try:
        from ctypes import CDLL

        prctl, parent = CDLL(None).prctl, os.getpid()
    except (ImportError, OSError, AttributeError):
        return {}

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return {"preexec_fn": tie}
