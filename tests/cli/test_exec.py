"""`timbridge exec` and signals: the command hears of them, decides, and is never left alone; the world is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no such signals", allow_module_level=True)

ROOT = Path(__file__).parent.parent.parent

# Notes every signal in a file, and ends at the second one with a status of its own; says something first.
COMMAND = """
import itertools, os, signal, sys, time
import bridge.testing as t
client = t.Client.connect()
client.user("bob").say("keep me", to="alice")
counts = itertools.count(1)
def note(number, frame):
    count = next(counts)  # at once: another signal may come before the next line
    with open(sys.argv[1], "a") as file:
        print(number, file=file)
    if count == 2:
        time.sleep(0.2)
        client.ping()
        sys.exit(7)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
    signal.signal(number, note)
with open(sys.argv[1], "w") as file:
    print(os.getpid(), file=file, flush=True)
while True:
    time.sleep(0.01)
"""


class Run:
    """`exec` with the command above, which has said something."""

    def __init__(self, folder: Path, *options: str, code: str = COMMAND, **more: Any) -> None:
        self.notes, self.world = folder / "notes", folder / "world.json"
        words = ["exec", "--export-on-exit", str(self.world), *options, "--", sys.executable, "-c", code, str(self.notes)]
        self.process = subprocess.Popen([sys.executable, "-m", "bridge", *words], cwd=ROOT, stderr=subprocess.PIPE, **more)
        self._wait(lambda: self.notes.exists() and self.notes.read_text().endswith("\n"))
        self.pid = int(self.notes.read_text())

    def _wait(self, what: Any) -> None:
        deadline = time.monotonic() + 20
        while not what():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def noted(self, count: int) -> list[int]:
        """Wait until so many signals have been noted, and return them."""
        self._wait(lambda: len(self.notes.read_text().split()) > count)
        return [int(word) for word in self.notes.read_text().split()[1:]]

    def end(self) -> tuple[int, bytes]:
        """Return the status, and what was said."""
        _, told = self.process.communicate(timeout=20)
        return self.process.returncode, told

    def is_kept(self) -> bool:
        """Wait for the world, and return whether what was said is in it."""
        self._wait(self.world.exists)
        return "keep me" in json.dumps(json.loads(self.world.read_text("utf-8")))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_signals_are_passed_on(number: signal.Signals, tmp_path: Path) -> None:
    """The command hears of each; its status is the verb's, whenever it ends; the server is there until then."""
    run = Run(tmp_path)
    for count in (1, 2):
        run.process.send_signal(number)
        assert [number] * count == run.noted(count)
    assert (7, b"") == run.end()
    assert run.is_kept()


def test_command_that_dies_of_it(tmp_path: Path) -> None:
    """One that does not care dies as a shell would tell it, and the world is kept."""
    run = Run(tmp_path, code=COMMAND.replace("signal.signal(number, note)", "pass"))
    run.process.send_signal(signal.SIGTERM)
    assert (128 + signal.SIGTERM, b"") == run.end()
    assert run.is_kept()


def test_interrupt_from_elsewhere_is_passed_on(tmp_path: Path) -> None:
    """An interrupt that no terminal has sent to all reaches the command, too."""
    run = Run(tmp_path, start_new_session=True)
    for count in (1, 2):
        run.process.send_signal(signal.SIGINT)
        run.noted(count)
    assert (7, b"") == run.end()


def test_signal_just_before_waiting_is_passed_on() -> None:
    """One that comes when it was looked whether the command has ended, but not yet waited for its end, is not slept through."""
    code = (
        "import os, signal, subprocess, sys\n"
        "from bridge.cli import exec as verb\n"
        "command = verb.Command([sys.executable, '-c', 'import time; time.sleep(60)'], dict(os.environ))\n"
        "poll = subprocess.Popen.poll\n"
        "def late(self):\n"
        "    found = poll(self)\n"
        "    subprocess.Popen.poll = poll\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
        "    return found\n"
        "subprocess.Popen.poll = late\n"
        "sys.exit(command.run())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=30, check=False)
    assert 128 + signal.SIGTERM == done.returncode


def test_signals_for_all_spare_the_server(tmp_path: Path) -> None:
    """What a terminal tells the whole group ends no server that the command still needs."""
    run = Run(tmp_path, start_new_session=True)
    os.killpg(run.process.pid, signal.SIGHUP)
    if run.noted(1) == [signal.SIGHUP]:  # the verb passes it on, too; two that come together count as one
        time.sleep(0.5)
        if run.noted(1) == [signal.SIGHUP]:
            os.killpg(run.process.pid, signal.SIGHUP)
    assert (7, b"") == run.end()
    assert run.is_kept()


def test_command_is_told_both_addresses() -> None:
    """For lines and for WebSocket: the same port."""
    code = "import os; print(os.environ['TIMBRIDGE_ADDRESS'], os.environ['TIMBRIDGE_WEBSOCKET'])"
    command = [sys.executable, "-m", "bridge", "exec", "--", sys.executable, "-c", code]
    lines, socket = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert lines.startswith("tcp://127.0.0.1:")
    assert f"{lines.replace('tcp', 'ws')}/" == socket


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_kill_leaves_nobody_alone(tmp_path: Path) -> None:
    """Where the verb itself is killed, the command is asked to end, and the server keeps the world."""
    run = Run(tmp_path)
    run.process.kill()
    assert [signal.SIGTERM] == run.noted(1)
    os.kill(run.pid, signal.SIGTERM)
    run.end()
    assert run.is_kept()


def test_signals_at_many_points(tmp_path: Path) -> None:
    """At whatever moment a signal comes, no command outlives the verb."""
    for number in range(10):
        command = [sys.executable, "-m", "bridge", "exec", "--", "sleep", f"60.{os.getpid()}"]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
        time.sleep(number * 0.06)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        assert process.stderr is not None
        process.stderr.close()
        found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        assert f"sleep 60.{os.getpid()}" not in [line.strip() for line in found.splitlines()]


def test_export_may_take_its_time(tmp_path: Path) -> None:
    """The server is not killed while it writes."""
    code = COMMAND.replace("while True:", "sys.exit(3)\nwhile True:")
    (tmp_path / "sitecustomize.py").write_text(
        "import os\n"
        "from bridge.transports import exporting\n"
        "plain = exporting._flush\n"
        "def flush(descriptor):\n"
        "    import time\n"
        "    time.sleep(float(os.environ['EXPORT_S']))\n"
        "    plain(descriptor)\n"
        "exporting._flush = flush\n"
    )
    environ = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "EXPORT_S": "6"}
    run = Run(tmp_path, code=code, env=environ)
    assert (3, b"") == run.end()
    assert run.is_kept()
