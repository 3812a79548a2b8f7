"""`exec --ui` and `open`: the page is there as long as somebody looks, and found by whoever asks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main
from bridge.cli import open as opening
from bridge.inspector import pages
from bridge.testing.client import Client
from tests.support.patience import until
from tests.transports.doors import TIMEOUT_S, listening

ROOT = Path(__file__).parents[2]
WAITS = "import sys; sys.stdin.read(); sys.exit(5)"
needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


class Run:
    """`exec --ui` with a command that ends when its input does."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "bridge", "exec", "--ui", "--", sys.executable, "-c", WAITS]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(words, cwd=ROOT, **pipes)
        self.address = self.said().rpartition("http://")[2].strip("/\n")

    def said(self) -> str:
        """Return the next line on stderr."""
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def finish(self) -> None:
        """Let the command end."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def end(self) -> int:
        """Wait for the end. Returns the status."""
        assert self.process.stderr is not None
        status = self.process.wait(TIMEOUT_S)
        self.process.stderr.close()
        return status


@needs_signals
@pytest.mark.parametrize("how", ["closed", "signal"])
def test_server_stays_while_somebody_looks(how: str) -> None:
    """Behind the command's end; when the page is closed or a signal comes the status is the command's."""
    run = Run()
    with Client.connect(run.address) as eye:
        eye.request("bridge.inspector.attach", {})
        eye.request("bridge.journal.watch", {})
        run.finish()
        assert "until its page is closed" in run.said()
        assert [""] == [world["name"] for world in eye.request("bridge.worlds.list", {})["worlds"]]
        if how == "signal":
            run.process.send_signal(signal.SIGINT)
            assert 5 == run.end()
    if how == "closed":
        assert 5 == run.end()


def test_nobody_is_waited_for() -> None:
    """Where no page is open and no terminal is there, the end of the command is the end."""
    run = Run()
    run.finish()
    assert 5 == run.end()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that a browser was asked to open."""
    found: list[str] = []

    def take(url: str) -> bool:
        found.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", take)
    return found


def test_open_finds_a_running_page(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """By host and port, or by what the server has printed; the token stands behind #."""
    with listening(pages=pages.Pages()) as address:
        for given in (address, f"tcp://{address}", f"ws://{address}/", f"http://{address}/#token=a%20b&world=w"):
            assert 0 == main(["open", given])
        assert 0 == main(["open", address, "--token", "s/t"])
    plain = f"http://{address}/"
    assert [plain, plain, plain, f"{plain}#token=a%20b&world=w", f"{plain}#token=s%2Ft"] == opened
    assert f"the inspector is at {plain}" in capsys.readouterr().err


def test_open_says_what_is_wrong(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody there, no page there, no address."""
    with listening() as address:
        assert 2 == main(["open", address])
    assert "start it with --ui" in capsys.readouterr().err
    assert 2 == main(["open", address])
    assert f"timbridge serve --ui --listen {address}" in capsys.readouterr().err
    assert 2 == main(["open", "nowhere"])
    assert "is no address" in capsys.readouterr().err
    assert [] == opened


def test_no_browser_is_no_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The address is told then."""
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    opening._show("http://127.0.0.1:1/")
    assert "no browser" in capsys.readouterr().err


@needs_signals
def test_open_starts_a_server(tmp_path: Path) -> None:
    """With the page, which the browser is given; it runs until a signal comes."""
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > "$(dirname "$0")/url"\n')
    browser.chmod(0o755)
    words = [sys.executable, "-m", "bridge", "open", "--world", "team"]
    environ = {**os.environ, "BROWSER": f"{browser} %s"}
    with subprocess.Popen(words, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        with Client.connect(line["listening"]) as eye:
            until(lambda: (tmp_path / "url").exists() and (tmp_path / "url").read_text().strip())
            assert "alice" in json.dumps(eye.request("bridge.world.export", {}))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT_S)
    assert line["inspector"] == (tmp_path / "url").read_text().strip()
