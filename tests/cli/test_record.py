"""`timbridge record`: whatever ends it, whole lines, a sentence and a status of its own; clients of every framing, on pipes and ports."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main
from bridge.cli.record import ASKED_TO_END, keys
from bridge.cli.record_sockets import numbered
from bridge.conformance.recordings import load

ROOT = Path(__file__).parents[2]
BRIDGE = [sys.executable, "-m", "bridge"]
INIT = {"sdkAppID": 1, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": []}
CALLS = [
    {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    for number, (method, params) in enumerate(
        [
            ("initSDK", INIT),
            ("login", {"userID": "alice", "userSig": "sig"}),
            ("addConversationListener", {"listenerUuid": "c"}),
            ("bridge.user.say", {"user": "bob", "to": "alice", "text": "hi"}),
        ]
    )
]
LINES = b"".join(json.dumps(call).encode() + b"\n" for call in CALLS)
LIMIT = "from resource import *; from signal import *; signal(SIGXFSZ, SIG_IGN); setrlimit(RLIMIT_FSIZE, (400, 400)); import sys"
"""No file of a process that begins so gets longer than that; what does not fit is refused."""

STUB = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["method"] == "bridge.ping":
        {ping}
    print(json.dumps({{"jsonrpc": "2.0", "id": asked["id"], "result": 1}}), flush=True)
    {then}
"""


def stub(ping: str = "pass", then: str = "pass") -> list[str]:
    """Return the command of a server of a few lines: what it does at a ping, and behind each answer."""
    return [sys.executable, "-S", "-c", STUB.format(ping=ping, then=then)]


class Run:
    """`record` on pipes, with a folder of its own."""

    def __init__(self, folder: Path, server: list[str], *options: str) -> None:
        self.path = folder / "story.jsonl"
        out = () if "--out" in options else ("--out", str(self.path))
        words = [*BRIDGE, "record", *out, *options, "--", *server]
        self.process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def hear(self) -> dict[str, Any]:
        """Return the next line of its output."""
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def send(self, data: bytes) -> None:
        """Send bytes."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def end(self, data: bytes = b"") -> tuple[int, bytes, str]:
        """Send the last bytes. Returns (exit status, what else it has said, what it told people)."""
        out, err = self.process.communicate(data, timeout=30)
        return self.process.returncode, out, err.decode()

    def kinds(self) -> list[str]:
        """Return the kinds of the recording's lines, all of which are whole."""
        assert self.path.read_text().endswith("\n")
        return [line["kind"] for line in load(str(self.path)).lines]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_leaves_whole_lines(number: int, status: int, tmp_path: Path) -> None:
    """A signal ends it with a sentence and its own status; what was under way is recorded, and the server ends, too."""
    run = Run(tmp_path, stub(ping="continue", then=f"open({str(tmp_path / 'pid')!r}, 'w').write(str(__import__('os').getpid()))"))
    run.send(LINES)
    assert 0 == run.hear()["id"]
    os.kill(run.process.pid, number)
    code, _, told = run.end()
    assert status == code
    assert "interrupted during initSDK; 1 call is in" in told
    assert ["call", "reply"] == run.kinds()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full disk at hand")
def test_full_disk_breaks_nothing(tmp_path: Path) -> None:
    """Calls are handed on all the same, and the end tells that the recording is not whole."""
    code, out, told = Run(tmp_path, stub(), "--out", "/dev/full").end(LINES)
    assert (4, 4) == (code, len(out.splitlines()))
    assert "/dev/full: cannot be written any further: No space left on device; calls are handed on all the same" in told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no files")
def test_lines_that_do_not_fit_are_left_out(tmp_path: Path) -> None:
    """Where the disk ends inside a line, the recording ends with the line before."""
    words = [sys.executable, "-c", f"{LIMIT}; from bridge.cli import main; sys.exit(main())"]
    path = tmp_path / "story.jsonl"
    run = subprocess.run(
        [*words, "record", "--out", str(path), "--", *stub()], cwd=ROOT, input=LINES, capture_output=True, check=False, timeout=60
    )
    assert (4, 4) == (run.returncode, len(run.stdout.splitlines()))
    assert path.read_text().endswith("\n")
    assert ["call", "reply"] == [line["kind"] for line in load(str(path)).lines][:2]
    assert b"File too large" in run.stderr


def test_server_that_dies_is_told(tmp_path: Path) -> None:
    """A server that ends by itself: a sentence with its status and the call that it was at, and a status for that."""
    code, out, told = (run := Run(tmp_path, stub(then="sys.exit(7)"))).end(LINES)
    assert (3, 1) == (code, len(out.splitlines()))
    assert f"the server ended during initSDK, with status 7; 1 call is in {run.path}" in told
    assert ["call", "reply"] == run.kinds()


def test_client_that_dies_ends_it(tmp_path: Path) -> None:
    """A client that is gone has ended: what the server still says is recorded."""
    run = Run(tmp_path, stub())
    assert run.process.stdout is not None
    run.process.stdout.close()
    run.process.stdout = None
    code, _, _ = run.end(LINES)
    assert 0 == code
    assert "reply" in run.kinds()


def test_server_without_pings_is_waited_for(tmp_path: Path) -> None:
    """Where no ping is answered, a call is handed on when nothing has come for a while, which is said once; garbage is handed on."""
    run = Run(tmp_path, stub(ping="continue", then="print('Hello', flush=True)"), "--settle", "20")
    code, out, told = run.end(LINES)
    assert (0, 8) == (code, len(out.splitlines()))
    assert 1 == told.count("does not answer bridge.ping: a call is handed on when nothing has come for 20 ms (--settle)")
    assert 1 == told.count("no JSON-RPC, which is handed on and not recorded: b'Hello'")
    assert ["call", "reply"] * 4 == run.kinds()


def test_content_length_is_recorded(tmp_path: Path) -> None:
    """A client that sends headers gets headers, and the same recording as one that sends lines."""
    body = b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(line), line) for line in LINES.splitlines())
    serve = [*BRIDGE, "serve", "--dialect", "im-5.0", "--platform", "ios"]
    plain = subprocess.run(serve, cwd=ROOT, input=body, capture_output=True, check=True, timeout=60)
    run = Run(tmp_path, serve)
    code, out, told = run.end(body)
    assert (0, "", plain.stdout) == (code, told, out)
    recording = load(str(run.path))
    assert ("im-5.0", "ios", 4) == (recording.dialect, recording.platform, len(list(recording.steps())))
    assert 0 == main(["verify", str(run.path), "--seed", "2"])


def test_ports_are_led_to_a_server(tmp_path: Path) -> None:
    """Between two addresses: TCP and WebSocket, with the path and token that the client came with, each client a recording."""
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    path = tmp_path / "story.jsonl"
    with ExitStack() as stack:

        def start(*words: str) -> tuple[subprocess.Popen[bytes], str]:
            process = stack.enter_context(
                subprocess.Popen([*BRIDGE, *words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            )
            stack.callback(process.kill)
            assert process.stdout is not None
            return process, json.loads(process.stdout.readline())["listening"].removeprefix("tcp://")

        _, there = start("serve", "--listen", "127.0.0.1:0", "--token", "t0ken", "--until-stdin-closes")
        recorder, here = start("record", "--out", str(path), "--listen", "127.0.0.1:0", "--to", there)
        host, port = here.split(":")
        with socket.create_connection((host, int(port)), 20) as client:
            first = {"jsonrpc": "2.0", "id": "a", "method": "bridge.authenticate", "params": {"token": "t0ken"}}
            client.sendall(json.dumps(first).encode() + b"\n" + LINES)
            client.shutdown(socket.SHUT_WR)
            lines = client.makefile().read().splitlines()
        replies = [said["id"] for said in map(json.loads, lines) if "id" in said]
        assert ["a", 0, 1, 2, 3] == replies
        with pytest.raises(InvalidStatus, match="401"):
            connect(f"ws://{here}/?token=wrong")
        with connect(f"ws://{here}/?world=w&dialect=im-5.0&platform=ios", additional_headers={"Authorization": "Bearer t0ken"}) as web:
            for line in LINES.splitlines():
                web.send(line.decode())
            while json.loads(web.recv(20)).get("id") != 3:
                pass
        assert recorder.stderr is not None
        told = sorted(recorder.stderr.readline().decode().partition(": ")[2].partition(str(tmp_path))[0] for _ in range(3))
        recorder.send_signal(signal.SIGTERM)
        assert 143 == recorder.wait(20)
    assert ["a WebSocket was not opened: 401", "a client has ended; 4 calls are in ", "a client has ended; 5 calls are in "] == [
        line.partition(" This server")[0] for line in told
    ]
    assert "t0ken" not in path.read_text()
    by_web = load(str(tmp_path / "story-3.jsonl"))
    assert ("im-5.0", "ios") == (by_web.dialect, by_web.platform)
    assert 0 == main(["verify", str(path), "--seed", "2"]) == main(["verify", str(tmp_path / "story-3.jsonl")])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "wants the command of a server, or both --listen and --to"),
        (["--listen", "127.0.0.1:0"], "wants the command of a server"),
        (["--listen", "0.0.0.0:0", "--to", "127.0.0.1:1"], "can be reached from other machines"),
        (["--listen", "127.0.0.1:0", "--to", "127.0.0.1:1"], "nobody listens on 127.0.0.1:1"),
        (["--out", "/nowhere/at/all", "--", "cat"], "/nowhere/at/all: cannot be written: No such file or directory"),
        (["--", "/nowhere/at/all"], "/nowhere/at/all: cannot be started: No such file or directory"),
    ],
)
def test_wrong_calls_are_refused(words: list[str], said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What cannot be recorded is told at once."""
    out = [] if "--out" in words else ["--out", str(tmp_path / "a.jsonl")]
    numbers = [getattr(signal, name) for name in ASKED_TO_END if hasattr(signal, name)]
    before = [signal.getsignal(number) for number in numbers]
    try:
        assert 2 == main(["record", *out, *words])
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
    assert said in capfd.readouterr().err


def test_names_are_told_apart() -> None:
    """Each further client has a file beside the first one's; `--secret` names ends of keys."""
    assert ["a/s.jsonl", "a/s-2.jsonl", "s-3"] == [numbered("a/s.jsonl", 1), numbered("a/s.jsonl", 2), numbered("s", 3)]
    assert ("groupname", "text") == keys("groupName, text,")
