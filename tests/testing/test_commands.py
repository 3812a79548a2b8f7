"""Which words run timbridge for a client that starts a server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bridge.testing.wires import COMMAND, default_command


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", [sys.executable, "-m", "bridge"]),
        ("timbridge", ["timbridge"]),
        ("python3 -m  bridge ", ["python3", "-m", "bridge"]),
        ("\"/opt/my tools/timbridge\" --x 'a b'", ["/opt/my tools/timbridge", "--x", "a b"]),
    ],
)
def test_command_line_is_split(said: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """At blanks, but not inside quotes; without one this Python runs it."""
    monkeypatch.setenv(COMMAND, said)
    assert words == default_command()


def test_file_is_one_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever blanks its path has."""
    program = tmp_path / "my tools" / "tim bridge"
    program.parent.mkdir()
    program.touch()
    monkeypatch.setenv(COMMAND, str(program))
    assert [str(program)] == default_command()
