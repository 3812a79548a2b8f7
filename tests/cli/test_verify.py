"""`timbridge verify`: a target of any kind, reports of any kind, and a status for each end."""

from __future__ import annotations

import json
import socket
import sys
import threading
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bridge.cli import main
from bridge.cli.targets import RemoteTarget
from bridge.conformance.playing import play
from bridge.conformance.recordings import Writer, load
from tests.transports import doors

CALLS = [("getLoginStatus", {"code": 0, "desc": "ok", "data": 3}), ("getVersion", {"code": 0, "desc": "ok", "data": "8.2.6325"})]


@pytest.fixture
def story(tmp_path: Path) -> str:
    """Return a recording of two calls."""
    lines: list[str] = []
    writer = Writer(lines.append, "chat-8.2", "android", held=True)
    for method, result in CALLS:
        writer.reply(writer.call(method, {}), method, result=result)
    path = tmp_path / "story.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    return str(path)


def target(code: str) -> str:
    """Return the command of a target that does something with its input."""
    return f'"{sys.executable}" -S -c "{code}"'


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import time; time.sleep(60)", "the target did not answer in 0.3 s during call 1 getLoginStatus (--timeout)"),
        ("import sys; sys.exit(9)", "the target ended during call 1 getLoginStatus, with status 9"),
        ("print('Hello, I listen'); input(); input()", "said what is no JSON-RPC during call 1 getLoginStatus: 'Hello, I listen'"),
        ("print('{}'); input(); input()", "said what is no JSON-RPC during call 1 getLoginStatus: '{}'"),
    ],
)
def test_failing_targets_are_told(code: str, said: str, story: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A target that hangs, dies or prints garbage: one line, a status of its own, and an error in the reports."""
    junit = tmp_path / "report.xml"
    timeout = "300" if "0.3" in said else "20000"
    assert 3 == main(["verify", story, "--target", target(code), "--timeout", timeout, "--junit", str(junit)])
    shown = capsys.readouterr()
    assert shown.err.startswith("timbridge: ")
    assert said in shown.err
    assert 1 == len(shown.err.splitlines())
    assert "the rest was not played" in shown.out
    assert "1" == ElementTree.fromstring(junit.read_text("utf-8")).get("errors")


def test_unanswered_ping_is_told(story: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A target that answers the call and not the ping behind it is told so: it need not know the method, only say so."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with listener.accept()[0] as client:
                client.sendall(b'{"jsonrpc":"2.0","id":1,"result":1}\n')
                while client.recv(4096):
                    pass

        thread = threading.Thread(target=answer)
        thread.start()
        address = "{}:{}".format(*listener.getsockname())
        assert 3 == main(["verify", story, "--target", address, "--timeout", "300"])
        thread.join()
    assert "answered, but not the bridge.ping behind the call in 0.3 s during call 1" in capsys.readouterr().err


def test_port_is_a_target(story: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that listens somewhere can be held against a recording, too."""
    with doors.listening() as address:
        assert 0 == main(["verify", story, "--target", address])
        with closing(RemoteTarget(address, 20.0)) as port:
            assert [(), ()] == [verdict.differences for verdict in play(load(story), port)]
    assert "2 calls, 0 differences" in capsys.readouterr().out
    assert 2 == main(["verify", story, "--target", "127.0.0.1:1"])
    assert "nobody listens on 127.0.0.1:1" in capsys.readouterr().err


def test_reports_are_written(story: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--junit`, `--html` and `--json` say the same as the lines; a report that cannot be written is told."""
    path = Path(story)
    path.write_text(path.read_text("utf-8").replace("8.2.6325", "8.2.6326"), encoding="utf-8")
    junit, page = tmp_path / "r.xml", tmp_path / "r.html"
    assert 1 == main(["verify", story, "--junit", str(junit), "--html", str(page), "--json"])
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert ([], "getVersion") == (first["differences"], second["method"])
    assert [{"path": "result.data", "line": 5, "recorded": "8.2.6326", "came": "8.2.6325"}] == second["differences"]
    assert "1" == ElementTree.fromstring(junit.read_text("utf-8")).get("failures")
    assert "8.2.6326" in page.read_text("utf-8")
    assert 2 == main(["verify", story, "--junit", str(tmp_path / "nowhere" / "r.xml")])
    assert "cannot be written: No such file" in capsys.readouterr().err


def test_long_values_are_shortened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a long value the first lines are shown, with `--whole` all."""
    lines: list[str] = []
    writer = Writer(lines.append, "chat-8.2", "android", held=True)
    writer.reply(writer.call("getVersion", {}), "getVersion", result={"code": 0, "desc": "ok", "data": "8.2.6325", "more": ["x" * 20] * 30})
    path = tmp_path / "story.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    assert 1 == main(["verify", str(path)])
    assert "- … and 20 more lines; --whole shows them" in capsys.readouterr().out
    assert 1 == main(["verify", str(path), "--whole"])
    assert 30 == capsys.readouterr().out.count("x" * 20)


@pytest.mark.parametrize("verb", ["verify", "replay"])
def test_recordings_without_replies_are_refused(verb: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A bare list of calls can be held against nothing, and answers nothing."""
    path = Path(__file__).parents[2] / "fixtures" / "recordings" / "im-5.0.calls.jsonl"
    assert 2 == main([verb, str(path)])
    assert "im-5.0.calls.jsonl: has calls, but not one reply" in capfd.readouterr().err
