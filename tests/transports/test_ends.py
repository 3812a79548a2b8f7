"""However a server ends, the world is exported; and what the file was, it stays."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import BridgeError
from bridge.transports.exporting import check, replace_file
from tests.transports.doors import connected
from tests.transports.test_listening import answer
from tests.transports.test_stdio import request

if sys.platform == "win32":
    pytest.skip("Windows has neither these signals nor these kinds of files", allow_module_level=True)

import resource

ROOT = Path(__file__).parent.parent.parent
SAY = request("bridge.user.say", {"user": "bob", "to": "alice", "text": "keep me"})
SLOW = """
import sys, time
from bridge.cli import main
from bridge.transports import exporting
plain = exporting._flush
def flush(descriptor):
    print("exporting", file=sys.stderr, flush=True)
    time.sleep(0.5)
    plain(descriptor)
exporting._flush = flush
raise SystemExit(main(sys.argv[1:]))
"""
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


class Served:
    """A server as a process, at one of two doors, with somebody who has said something."""

    def __init__(self, door: str, file: Path, *words: str, code: str | None = None, **options: Any) -> None:
        start = ["-m", "bridge"] if code is None else ["-c", code]
        listen = ["--listen", "127.0.0.1:0"] if door == "tcp" else []
        command = [sys.executable, *start, "serve", *listen, "--export-on-exit", str(file), *words]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        self.process = subprocess.Popen(command, cwd=ROOT, **pipes)
        self.peer: socket.socket | None = None
        if door == "tcp":
            assert self.process.stdout is not None
            self.peer = connected(json.loads(self.process.stdout.readline())["listening"].removeprefix("tcp://"))

    def say(self) -> None:
        """Have something said."""
        if self.peer is not None:
            self.peer.sendall(SAY + b"\n")
            answer(self.peer)
            return
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(SAY + b"\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def end(self) -> tuple[int, bytes]:
        """Wait for the end; return status and what was said to people."""
        assert self.process.stderr is not None
        told = self.process.stderr.read()
        status = self.process.wait(20)
        if self.peer is not None:
            self.peer.close()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass
        return status, told


def holds(file: Path) -> bool:
    """Return whether a file is a whole world in which it was said."""
    return "keep me" in json.dumps(json.loads(file.read_text("utf-8")))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file to export to."""
    return tmp_path / "world.json"


# --- signals


@pytest.mark.parametrize("door", ["stdio", "tcp"])
@pytest.mark.parametrize("first", SIGNALS)
def test_every_signal_exports(door: str, first: signal.Signals, file: Path) -> None:
    """SIGHUP, too: a terminal that is closed."""
    served = Served(door, file)
    served.say()
    served.process.send_signal(first)
    assert (0, b"") == served.end()
    assert holds(file)


@pytest.mark.parametrize("door", ["stdio", "tcp"])
def test_second_signal_waits_for_the_export(door: str, file: Path) -> None:
    """Whoever is impatient gets the whole file all the same."""
    served = Served(door, file, code=SLOW)
    served.say()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.stderr is not None
    served.process.stderr.readline()
    for number in (*SIGNALS, *SIGNALS):
        served.process.send_signal(number)
        time.sleep(0.03)
    assert (0, b"") == served.end()
    assert holds(file)
    assert ["world.json"] == os.listdir(file.parent)


@pytest.mark.parametrize("door", ["stdio", "tcp"])
def test_signals_at_many_points(door: str, file: Path) -> None:
    """Two signals at any moment, in the middle of calls, too: the file holds all that was answered before the first."""
    rolls = random.Random(7)
    for _ in range(12):
        file.unlink(missing_ok=True)
        served = Served(door, file)
        served.say()
        time.sleep(rolls.random() * 0.01)
        served.process.send_signal(rolls.choice(SIGNALS))
        time.sleep(rolls.random() * 0.05)
        served.process.send_signal(rolls.choice(SIGNALS))
        assert 0 == served.end()[0]
        assert holds(file)


def test_signal_while_nobody_reads(file: Path) -> None:
    """A client that has stopped reading keeps nobody from ending."""
    served = Served("stdio", file)
    served.say()
    assert served.process.stdin is not None
    for _ in range(30):
        served.process.stdin.write(request("bridge.world.export") + b"\n")
    served.process.stdin.flush()
    time.sleep(0.5)
    served.process.send_signal(signal.SIGTERM)
    assert 0 == served.process.wait(20)
    served.end()
    assert holds(file)


def test_signals_that_are_ignored_stay_ignored(file: Path) -> None:
    """As `nohup` wants it."""
    served = Served("stdio", file, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    served.say()
    served.process.send_signal(signal.SIGHUP)
    served.say()
    served.process.send_signal(signal.SIGTERM)
    assert 0 == served.end()[0]


# --- standard streams


def ended(file: Path, redirection: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Return how a server has ended whose input is one call and whose streams a shell has redirected."""
    command = f"{sys.executable} -m bridge serve --export-on-exit {file} {' '.join(words)} {redirection}"
    return subprocess.run(["sh", "-c", command], input=SAY.decode(), cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("redirection", ["> /dev/full", "| true", "> /dev/full 2> /dev/full", ">&-", ">&- 2>&-", "2>&-"])
def test_stdout_gone_or_full_exports(redirection: str, file: Path) -> None:
    """Where nothing can be written, what was asked for is done and kept, without a traceback."""
    if not os.path.exists("/dev/full") and "full" in redirection:
        pytest.skip("this system has no /dev/full")
    done = ended(file, redirection)
    assert "Traceback" not in done.stderr
    assert holds(file)


def test_stdout_of_a_listening_server_is_full(file: Path) -> None:
    """It says so and serves on: whoever has chosen the port needs no line that tells it."""
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "wb") as full, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "bridge", "serve", "--listen", str(port), "--export-on-exit", str(file)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE)
        assert process.stderr is not None
        told = process.stderr.readline()
        assert f"listening on 127.0.0.1:{port}".encode() in told
        with connected(f"127.0.0.1:{port}") as peer:
            peer.sendall(SAY + b"\n")
            answer(peer)
        process.terminate()
        assert 0 == process.wait(20)
        process.stderr.close()
    assert holds(file)


def test_bug_exports(file: Path) -> None:
    """A bug of the bridge that ends the process keeps the world, too."""
    code = (
        "import sys\n"
        "from bridge.cli import main\n"
        "from bridge.transports import stdio\n"
        "plain = stdio.StdioDoor._handle\n"
        "stdio.StdioDoor._handle = lambda self, frames: (plain(self, frames), 1 / 0)\n"
        "main(sys.argv[1:])\n"
    )
    served = Served("stdio", file, code=code)
    served.say()
    assert b"ZeroDivisionError" in served.end()[1]
    assert holds(file)


def test_server_that_never_began_exports_nothing(file: Path) -> None:
    """A port that is taken leaves the file of the last time alone."""
    file.write_text("old")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        command = [sys.executable, "-m", "bridge", "serve", "--listen", where, "--export-on-exit", str(file)]
        assert 2 == subprocess.run(command, cwd=ROOT, capture_output=True, timeout=30, check=False).returncode
    assert "old" == file.read_text()


# --- what the file is


def test_link_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is replaced, whether that was there or not."""
    link, real = tmp_path / "link", tmp_path / "folder" / "real"
    real.parent.mkdir()
    link.symlink_to(real)
    for contents in (b"one", b"two"):
        replace_file(str(link), contents)
        assert link.is_symlink()
        assert contents == real.read_bytes()
    assert {"link", "folder"} == set(os.listdir(tmp_path))


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_rights_stay(mode: int, file: Path) -> None:
    """A private file stays private, a shared one shared."""
    file.write_bytes(b"old")
    file.chmod(mode)
    replace_file(str(file), b"new")
    assert (b"new", mode) == (file.read_bytes(), stat.S_IMODE(file.stat().st_mode))


def test_new_file_has_usual_rights(file: Path) -> None:
    """Those that the process gives every file."""
    replace_file(str(file), b"new")
    umask = os.umask(0)
    os.umask(umask)
    assert 0o666 & ~umask == stat.S_IMODE(file.stat().st_mode)


def a_fifo(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path)[-100:] if len(str(path)) < 100 else os.path.relpath(path))


@pytest.mark.parametrize(("make", "what"), [(a_fifo, "a pipe"), (a_socket, "a socket"), (Path.mkdir, "a folder")])
def test_what_is_no_file_is_refused(make: Callable[[Path], Any], what: str, tmp_path: Path) -> None:
    """It stays what it is, and so does what a link leads to."""
    path, link = tmp_path / "it", tmp_path / "link"
    make(path)
    link.symlink_to(path)
    kind = stat.S_IFMT(path.stat().st_mode)
    for name in (path, link):
        with pytest.raises(BridgeError, match=f"cannot be written: it is {what}"):
            replace_file(str(name), b"new")
    assert kind == stat.S_IFMT(path.stat().st_mode)
    assert {"it", "link"} == set(os.listdir(tmp_path))


@pytest.mark.parametrize("path", ["/dev/full", "/dev/null", "/nowhere/at/all.json", "a" * 300, "a\0b"])
def test_server_does_not_begin_what_it_cannot_end(path: str, tmp_path: Path) -> None:
    """A place that cannot be written to is refused at the start, by the verbs that export."""
    with pytest.raises(BridgeError, match="cannot be written"):
        check(path)
    if "\0" in path:
        return
    options: dict[str, Any] = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "timeout": 30}
    for verb, *behind in (("serve",), ("exec", "--", "touch", "ran")):
        command = [sys.executable, "-m", "bridge", verb, "--export-on-exit", path, *behind]
        done = subprocess.run(command, input=b"", capture_output=True, check=False, **options)
        assert (2, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert [] == os.listdir(tmp_path)


def test_long_name_is_written(tmp_path: Path) -> None:
    """Any name that the system takes is one to write to."""
    path = tmp_path / ("n" * 255)
    replace_file(str(path), b"new")
    assert b"new" == path.read_bytes()


# --- disks


def small_files() -> None:
    """Let this process write no more than a hundred bytes into any file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


@pytest.mark.parametrize("door", ["stdio", "tcp"])
def test_no_room_for_the_export(door: str, file: Path) -> None:
    """Where the file cannot grow, the old one stays, nothing lies beside it, and one line says why."""
    file.write_text("old")
    served = Served(door, file, preexec_fn=small_files)
    served.say()
    served.process.send_signal(signal.SIGTERM)
    status, told = served.end()
    assert (2, 1) == (status, len(told.splitlines()))
    assert b"world.json: cannot be written: " in told
    assert (["world.json"], "old") == (os.listdir(file.parent), file.read_text())


@pytest.fixture(params=["size=16k", "size=1m,ro"])
def mounted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the options of a small file system, and the words that run a command where it is mounted."""
    words = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o {request.param} none {tmp_path} && exec "$@"', "sh"]
    try:
        can = subprocess.run([*words, "true"], capture_output=True, check=False, timeout=20).returncode == 0
    except OSError:
        can = False
    if not can:
        pytest.skip("mounting a file system needs rights that this process has not")
    yield request.param, words


def test_full_and_read_only_file_systems(mounted: tuple[str, list[str]], tmp_path: Path) -> None:
    """A full disk is told at the end, a read-only one at the start; neither with a traceback."""
    options, words = mounted
    file = str(tmp_path / "world.json")
    command = [*words, sys.executable, "-m", "bridge", "serve", "--world", "team", "--export-on-exit", file]
    done = subprocess.run(command, cwd=ROOT, input=SAY, capture_output=True, check=False, timeout=30)
    assert (2, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert (b"nothing can be written" if "ro" in options else b"No space left") in done.stderr
    assert ("ro" not in options) == (b'"result"' in done.stdout)
