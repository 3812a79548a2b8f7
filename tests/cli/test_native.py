"""`timbridge native` and `exec --native`: the library is found, and what is missing is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bridge import emulator
from bridge.cli import exec as exec_verb
from bridge.cli import main
from bridge.cli import native as verb
from bridge.errors import BridgeError
from bridge.native import building
from bridge.native.targets import NAME, Target

ROOT = Path(__file__).parent.parent.parent
needs_a_compiler = pytest.mark.skipif(not building.compilers(), reason="neither cc nor ziglang is here")


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let every build be a folder with an empty file."""

    def build(wanted: Target, compiler: object = None) -> Path:
        folder = tmp_path / f"kept-{wanted.name}"
        (folder / wanted.file).parent.mkdir(parents=True, exist_ok=True)
        (folder / wanted.file).write_text("library")
        return folder

    monkeypatch.setattr(building, "build", build)
    return tmp_path


def test_build_prints_the_file(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`build` prints the library's file, `path` the folder for the loader."""
    assert 0 == main(["native", "build", "--target", "windows-x86_64"])
    assert 0 == main(["native", "path", "--target", "windows-x86_64"])
    folder = built / "kept-windows-x86_64"
    assert f"{folder / NAME}.dll\n{folder}\n" == capsys.readouterr().out


def test_out_gets_a_copy(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --out the library is copied, and the copy printed."""
    assert 0 == main(["native", "build", "--target", "macos-x86_64", "--out", str(built / "mine")])
    copy = built / "mine" / f"{NAME}.framework" / "Versions" / "A" / NAME
    assert (f"{copy.resolve()}\n", "library") == (capsys.readouterr().out, copy.read_text())


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["native"], "something is missing: timbridge native build|path|doctor"),
        (["native", "biuld"], "native has no 'biuld'; did you mean build?"),
        (["native", "build", "--target", "linux-aarch65"], "cannot be built for 'linux-aarch65'; did you mean linux-aarch64?"),
    ],
)
def test_wrong_calls_are_explained(words: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be done is refused with status 2 and a hint."""
    assert 2 == main(words)
    assert problem in capsys.readouterr().err


def test_doctor_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a compiler the doctor names the command that brings one, with status 1."""
    monkeypatch.setattr(building, "compilers", list)
    assert 1 == main(["native", "doctor"])
    assert building.ADVICE in capsys.readouterr().out


def test_loader_finds_the_library(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's folder comes first on the loader's path, whatever stands there, and a world that was chosen stays."""
    monkeypatch.setattr(emulator, "native_dialect", lambda wanted: "native-8.9")
    wanted = building.target(None)
    folder = str(built / f"kept-{wanted.name}")
    found = verb.environment({wanted.path: "before", "TIMBRIDGE_WORLD": "mine", "A": "b"})
    assert {wanted.path: f"{folder}{os.pathsep}before", "TIMBRIDGE_WORLD": "mine", "A": "b"} == found
    assert {wanted.path: folder, "TIMBRIDGE_WORLD": ""} == verb.environment({})


def test_no_dialect_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing understands the library, `exec --native` runs nothing."""
    monkeypatch.setattr(emulator, "native_dialect", lambda wanted: None)
    with pytest.raises(BridgeError, match="has no dialect for plugins from"):
        exec_verb.run({**dict.fromkeys((option.key for option in exec_verb.VERB.options), None), "native": True}, ["true"])


@needs_a_compiler
def test_command_loads_the_library() -> None:
    """A command under `exec --native` loads the library by its bare name, and it reaches the server; without a dialect nothing runs."""
    name = Path(building.target(None).file).name
    call = "DartSetConversationDraft(b'bob', 1, b'{}')"
    code = f"import ctypes; library = ctypes.CDLL({name!r}); print(library.DartGetLoginStatus(), library.{call} != 9508)"
    words = [sys.executable, "-m", "bridge", "exec", "--native", "--", sys.executable, "-c", code]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    if emulator.native_dialect("") is None:
        assert (2, "") == (done.returncode, done.stdout)
        assert "has no dialect" in done.stderr
    else:
        assert (0, "3 True\n", "") == (done.returncode, done.stdout, done.stderr)
