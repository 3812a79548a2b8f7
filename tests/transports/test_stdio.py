"""Standard input and output: what the process does, and what any bytes get."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.codecs.framing import ContentLengthFraming, LineFraming
from bridge.emulator import Server, Settings
from bridge.transports import stdio
from bridge.transports.stdio import StdioDoor
from tests.transports.doors import stdio_peer

ROOT = Path(__file__).parent.parent.parent
INIT = {"sdkAppID": 1, "logLevel": 6, "uiPlatform": 0, "listenerUuid": ""}
SERVE = [sys.executable, "-m", "bridge", "serve"]


def request(method: str, params: Any = None, identifier: Any = 1) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": identifier, "method": method, "params": params}).encode()


def said(data: bytes, *options: str) -> tuple[list[Any], int]:
    """Return what a server process says to some bytes, and its exit status."""
    done = subprocess.run([*SERVE, *options], input=data, capture_output=True, cwd=ROOT, timeout=30, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode


def through(data: bytes) -> bytes:
    """Return what a door in this process says to some bytes."""
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
    assert len(data) < 60_000, "more than a pipe takes at once"
    os.write(ours_out, data)
    os.close(ours_out)
    StdioDoor(Server(Settings()), theirs_in, theirs_out).run()
    os.close(theirs_out)
    os.close(theirs_in)
    with os.fdopen(ours_in, "rb") as file:
        return file.read()


def test_story_in_a_pipe() -> None:
    """Calls go in, replies and events come out, and the end of input ends it with status 0."""
    calls = [
        request("initSDK", INIT, 1),
        request("addConversationListener", {"listenerUuid": "u"}, 2),
        request("login", {"userID": "alice", "userSig": "x"}, 3),
        request("createConversationGroup", {"groupName": "work", "conversationIDList": ["c2c_bob"]}, 4),
    ]
    lines, status = said(b"\n".join(calls))
    assert 0 == status
    assert [1, 2, 3, 4] == [line["id"] for line in lines if "id" in line]
    assert "onConversationGroupCreated" in [line["params"]["type"] for line in lines if "method" in line]


def test_prints_go_elsewhere() -> None:
    """Standard output carries the protocol alone, whatever else the process prints."""
    code = (
        "import bridge.transports.stdio as door, bridge.control.info as info\n"
        "from bridge.emulator import Server\n"
        "import bridge.control.messages as messages\n"
        "plain = messages.RpcClient.receive\n"
        "messages.RpcClient.receive = lambda self, message: (print('noise'), plain(self, message))\n"
        "door.serve(Server())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=request("bridge.ping"), capture_output=True, cwd=ROOT, timeout=30, check=False
    )
    assert 1 == len(done.stdout.splitlines())
    assert b"noise" in done.stderr


def test_asyncio_is_not_imported() -> None:
    """A server on stdio starts without what only sockets need, nor what only mistakes need."""
    code = (
        "import sys\n"
        "from bridge.cli import main\n"
        "main(['serve'])\n"
        "found = {'asyncio', 'argparse', 'jsonschema', 'websockets', 'difflib', 'subprocess'} & set(sys.modules)\n"
        "print(sorted(found), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=request("initSDK", INIT), capture_output=True, cwd=ROOT, timeout=30, check=False
    )
    assert b"[]\n" == done.stderr


@pytest.mark.parametrize("framing", [LineFraming, ContentLengthFraming])
def test_replies_follow_the_framing(framing: Any) -> None:
    """A client that begins with a header is answered with headers, one that begins with JSON by lines."""
    peer = stdio_peer(Settings(), framing())
    assert "version" in peer.ask("bridge.ping")[0]["result"]
    peer.close()


def test_last_line_needs_no_end() -> None:
    """What the input ends in is a message, too."""
    assert b"version" in through(request("bridge.ping"))


def test_half_a_header_is_refused() -> None:
    """Input that ends inside a message behind headers is answered with an error."""
    assert b"-32700" in through(b"Content-Length: 10\r\n\r\n{")


def test_lone_surrogates_are_escaped() -> None:
    """Text that UTF-8 cannot carry comes back as JSON escapes."""
    data = request("bridge.user.say", {"user": "bob", "to": "alice", "text": "half \ud83d"})
    assert b'"text":"half \\ud83d"' in through(data)


DEEP = b"[" * 200 + b"]" * 200
HUGE_ID = request("bridge.ping", {}, 10**4000)
ODD = {
    "not json": (b"hello", -32700),
    "truncated UTF-8": (b'{"jsonrpc":"2.0","id":1,"method":"\xc3', -32700),
    "half a value": (b'{"jsonrpc":"2.0","id":1', -32700),
    "too deep": (DEEP, -32600),
    "a number": (b"7", -32600),
    "a string": (b'"hello"', -32600),
    "null": (b"null", -32600),
    "an empty batch": (b"[]", -32600),
    "an empty object": (b"{}", -32600),
    "another version": (b'{"jsonrpc":"1.0","id":1,"method":"bridge.ping"}', -32600),
    "no method": (b'{"jsonrpc":"2.0","id":1}', -32600),
    "a method that is no string": (b'{"jsonrpc":"2.0","id":1,"method":7}', -32600),
    "an id that is an object": (b'{"jsonrpc":"2.0","id":{},"method":"bridge.ping"}', -32600),
    "an id that is true": (b'{"jsonrpc":"2.0","id":true,"method":"bridge.ping"}', -32600),
    "params by position": (b'{"jsonrpc":"2.0","id":1,"method":"bridge.ping","params":[1]}', -32602),
    "params that are text": (b'{"jsonrpc":"2.0","id":1,"method":"bridge.ping","params":"x"}', -32602),
    "a key twice": (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"bridge.ping"}', -32600),
    "bytes that are none": (b'{"jsonrpc":"2.0","id":1,"method":"bridge.ping","params":{"a":{"$bytes":"%"}}}', -32600),
    "an integer without end": (b'{"jsonrpc":"2.0","id":1,"method":"bridge.ping","params":{"a":' + b"9" * 5000 + b"}}", -32600),
    "an unknown method": (b'{"jsonrpc":"2.0","id":1,"method":"initSDk"}', -32601),
    "a method of megabytes": (request("m" * 50_000), -32601),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_input_is_answered(what: str) -> None:
    """An error reply each, and the next message is carried out."""
    data, code = ODD[what]
    first, second = through(data + b"\n" + request("bridge.ping", {}, "next")).splitlines()
    assert code == json.loads(first)["error"]["code"]
    assert "next" == json.loads(second)["id"]


def test_huge_ids_come_back() -> None:
    """An id of any length is answered as it was sent."""
    assert str(10**4000).encode() in through(HUGE_ID)


def _values() -> st.SearchStrategy[Any]:
    plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    return st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


def _requests() -> st.SearchStrategy[bytes]:
    names = st.sampled_from(["initSDK", "login", "getConversationList", "bridge.turn", "bridge.user.say", "bridge.clock.advance", ""])
    keys = st.sampled_from(["userID", "userSig", "nextSeq", "count", "method", "arguments", "ms", "user", "to", "text", "x"])
    params = st.dictionaries(keys, _values()) | _values()
    fields = {"jsonrpc": st.just("2.0"), "id": _values(), "method": names | _values(), "params": params}
    return st.fixed_dictionaries(fields).map(lambda value: json.dumps(value).encode())


@given(st.lists(st.binary(max_size=200) | _requests(), max_size=8))
def test_any_bytes_are_survived(lines: list[bytes]) -> None:
    """Whatever comes in, what goes out is JSON, and nothing escapes."""
    data = b"\n".join(lines)[:50_000] + b"\n" + request("bridge.ping", {}, "the end")
    out = through(b"{}\n" + data).splitlines()
    assert "the end" == [json.loads(line) for line in out][-1].get("id")


@given(st.binary(max_size=400))
def test_any_headers_are_survived(data: bytes) -> None:
    """The same behind a header."""
    through(b"Content-Length: 2\r\n\r\n{}" + data)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to end softly at")
def test_signal_ends_with_an_export(tmp_path: Path) -> None:
    """With --export-on-exit, a signal ends the server as the end of input does."""
    file = tmp_path / "world.json"
    command = [*SERVE, "--export-on-exit", str(file)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(request("bridge.ping") + b"\n")
    process.stdin.flush()
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert 0 == process.wait(20)
    process.stdin.close()
    process.stdout.close()
    assert json.loads(file.read_text("utf-8"))


def test_client_that_stops_reading() -> None:
    """A client that goes away without reading ends the server, without a traceback."""
    process = subprocess.Popen(SERVE, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    process.stdout.close()
    deadline = time.monotonic() + 20
    try:
        while process.poll() is None and time.monotonic() < deadline:
            process.stdin.write(request("bridge.ping") + b"\n")
            process.stdin.flush()
            time.sleep(0.01)
    except OSError:
        pass
    assert 0 == process.wait(20)
    assert b"" == process.stderr.read()
    process.stderr.close()
    try:
        process.stdin.close()
    except OSError:
        pass


# --- the ends of a client that is gone, and of a server that is stopped


@pytest.mark.parametrize(("closes", "text"), [("reading", ""), ("both", "cannot write: Bad file descriptor")])
def test_door_ends_when_nobody_takes_answers(closes: str, text: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The door ends at the first answer that nobody takes, though more may be asked; why it could not write is said unless that is why."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    os.close(ours_in)
    if closes == "both":
        os.close(theirs_out)
    door = threading.Thread(target=StdioDoor(Server(Settings()), theirs_in, theirs_out).run)
    door.start()
    try:
        os.write(ours_out, b'{"jsonrpc":"2.0","id":1,"method":"bridge.ping"}\n')
        door.join(10)
        assert not door.is_alive()
        assert text in capfd.readouterr().err
    finally:
        os.close(ours_out)
        door.join(10)


@pytest.mark.parametrize("softly", [False, True])
def test_server_that_ends_softly(softly: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has something to do at its end stops at a signal, and has a descriptor that wakes it; another dies of the signal."""
    served: list[Any] = []
    heard: list[Any] = []
    monkeypatch.setattr(stdio, "claim_stdout", lambda: 1)
    monkeypatch.setattr(stdio, "_wakes_at_signals", lambda: 77)
    monkeypatch.setattr(stdio, "on_signal", heard.append)
    monkeypatch.setattr(StdioDoor, "run", lambda door: served.append(door))
    stdio.serve(Server(Settings()), softly)
    (door,) = served
    assert ([door.stop] if softly else []) == heard
    assert (77 if softly else None) == door._wake
