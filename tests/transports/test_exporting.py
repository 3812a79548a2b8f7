"""A world's file is the old one or the new one, never half of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bridge.emulator import Emulator
from bridge.errors import BridgeError
from bridge.transports.exporting import export, replace_file

ROOT = Path(__file__).parent.parent.parent

# Writes files of one letter each, over and over, until it is killed.
WRITER = """
import sys
from bridge.transports.exporting import replace_file
size = int(sys.argv[2])
print("ready", flush=True)
n = 0
while True:
    replace_file(sys.argv[1], bytes([65 + n % 26]) * size)
    n += 1
"""


def test_world_is_written(tmp_path: Path) -> None:
    """The file holds what `bridge.world.export` gives."""
    emulator = Emulator()
    export(emulator, str(tmp_path / "world.json"))
    assert emulator.export() == json.loads((tmp_path / "world.json").read_text("utf-8"))
    assert ["world.json"] == os.listdir(tmp_path)


def test_old_file_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full leaves the old file, and nothing beside it."""
    file = tmp_path / "world.json"
    file.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BridgeError, match="No space left"):
        replace_file(str(file), b"new")
    assert b"old" == file.read_bytes()
    assert ["world.json"] == os.listdir(tmp_path)


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """A file that cannot be written is named."""
    with pytest.raises(BridgeError, match=r"nowhere.*cannot be written"):
        replace_file(str(tmp_path / "nowhere" / "world.json"), b"new")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_kill_while_exporting(tmp_path: Path) -> None:
    """Killed at any moment, the writer leaves a whole file: the old or the new one."""
    file, size = tmp_path / "world.json", 2_000_000
    file.write_bytes(b"0" * size)
    for number in range(12):
        command = [sys.executable, "-c", WRITER, str(file), str(size)]
        writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.001 + number * 0.0037)
        writer.kill()
        writer.wait(20)
        writer.stdout.close()
        data = file.read_bytes()
        assert (size, 1) == (len(data), len(set(data)))


def serve(*options: str) -> None:
    """Run a server whose input ends at once."""
    done = subprocess.run([sys.executable, "-m", "bridge", "serve", *options], cwd=ROOT, stdin=subprocess.DEVNULL, timeout=60)
    assert 0 == done.returncode


def test_exported_world_is_taken_again(tmp_path: Path) -> None:
    """A world that a server leaves behind is one to begin with: what comes out then is the same, byte for byte."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    serve("--world", "team", "--export-on-exit", str(first))
    serve("--world", str(first), "--export-on-exit", str(second))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_kill_before_the_export(tmp_path: Path) -> None:
    """A server that is killed writes nothing: the file of the last time stays."""
    file = tmp_path / "world.json"
    serve("--world", "team", "--export-on-exit", str(file))
    before = file.read_bytes()
    command = [sys.executable, "-m", "bridge", "serve", "--world", str(file), "--export-on-exit", str(file)]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"bridge.world.load","params":{"world":"empty"}}\n')
    server.stdin.flush()
    assert b'"result"' in server.stdout.readline()
    server.kill()
    server.wait(20)
    server.stdin.close()
    server.stdout.close()
    assert before == file.read_bytes()
    assert ["world.json"] == os.listdir(tmp_path)
