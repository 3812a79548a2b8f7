"""
Random frames on every door: no crash, no hang, no memory that only grows.

    python3 -m tools.fuzz_doors --frames 1000000 [--door websocket] [--seed 1]

Each door gets a server process of its own. Frames are random bytes, broken and whole messages, calls of real methods
with random arguments. Where a server closes a connection over bad bytes, the next one is opened. After every batch the
world is reset and a fresh connection must be answered; memory is looked at then. 1 if a server died, did not
answer, wrote something that is not of its protocol, or reported a bug of its own (-32603); such replies are shown.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bridge.catalogue import dialects, load
from bridge.codecs import jsonrpc, native, platform
from bridge.codecs.errors import CodecError, Refused
from bridge.codecs.framing import ContentLengthFraming, LineFraming
from bridge.codecs.standard import STANDARD
from bridge.control.registry import all_specs
from bridge.emulator import channels, native_dialect
from bridge.testing.wires import ServerProcess
from tools.soak import resident_kb

DOORS = (
    *("stdio-lines", "stdio-content-length", "tcp-lines", "tcp-content-length", "websocket", "platform"),
    *(("native",) if native_dialect("") else ()),  # without a dialect it lets nobody in
)
BATCH = 20_000
FEW = 50
PATIENCE_S = 60.0
QUIET = ("bridge.world.use", "bridge.authenticate")  # worlds that nobody goes back to would look like growth
ENDING = ("bridge.world.reset", "bridge.world.load", "bridge.world.rollback", "logout", "unInitSDK", "initSDK", "login")
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


class Generator:
    """Random frames; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        methods = sorted({name for dialect in DIALECTS for name in load(dialect).method_names})
        self.methods = [*methods, *(f"bridge.{name}" for name in all_specs() if f"bridge.{name}" not in QUIET)]
        params = {p.key for name in load(DIALECTS[0]).method_names for p in _spec(name).params}
        self.keys = sorted(params | {key for spec in all_specs().values() for key in spec.params})
        self.params = {name: [p.key for p in _spec(name).params] for name in load(DIALECTS[0]).method_names}
        self.params |= {f"bridge.{name}": list(spec.params) for name, spec in all_specs().items()}
        self.recorded = _recorded()
        self.functions = _recorded_functions()
        self.lost_its_place = False

    def opening(self) -> list[tuple[str, Any]]:
        """Return calls that log somebody in, without which most calls get no further than that."""
        user = self.random.choice(("alice", "bob"))
        return [*LISTENING, ("login", {"userID": user, "userSig": "x"})]

    def request(self) -> bytes:
        """Return a JSON text: a call, whole, odd or broken."""
        pick = self.random.random()
        message: Any = {"jsonrpc": "2.0", "id": self.random.randrange(1 << 20), "method": self.method()}
        message["params"] = self.arguments(message["method"])
        if pick < 0.05:
            message[self.random.choice(list(message))] = self.value()
        elif pick < 0.08:
            message = [message, self.value(), {**message, "id": "second"}]
        elif pick < 0.1:
            message = self.value()
        data = jsonrpc.dumps(message)
        return self.broken(data) if self.random.random() < 0.15 else data

    def method(self) -> str:
        """Return a method's name, mostly of one that is there."""
        if self.random.random() < 0.05:
            return self.text()
        method = self.random.choice(self.methods)
        if method in ENDING and self.random.random() < 0.95:
            return self.random.choice(self.methods)
        return method

    def arguments(self, method: str) -> Any:
        """Return arguments for a method: its own keys with values that mostly fit somewhere."""
        if self.random.random() < 0.02:
            return self.value()
        if method in self.recorded and self.random.random() < 0.7:
            found = dict(self.random.choice(self.recorded[method]))
            for _ in range(self.random.randrange(3)):
                found[self.random.choice(list(found) or self.keys)] = self.value()
            return found
        found = {key: self.value() for key in self.params.get(method, ()) if self.random.random() < 0.9}
        if self.random.random() < 0.05:
            found[self.random.choice(self.keys)] = self.value()
        if "ms" in found and isinstance(found["ms"], int):
            found["ms"] = self.random.randrange(100_000)
        return found

    def value(self, depth: int = 0) -> Any:
        """Return a JSON value."""
        pick = self.random.randrange(14 if depth < 4 else 10)
        if pick < 3:
            return self.random.choice(("alice", "bob", "c2c_bob", "group_g1", "g1", "work", "", "0", "initSDK", self.text()))
        if pick < 5:
            return self.random.choice((0, 1, 2, -1, 7, 100, 2**31, 2**53, -(2**63), 2**64, 10**30, self.random.randrange(1000)))
        if pick < 9:
            return self.random.choice((None, True, False, 1.5, 0.0, -1e300, 1e22, b"", b"\0\xff", self.random.random()))
        if pick < 10:
            return self.text()
        if pick < 12:
            return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        return {self.random.choice(self.keys): self.value(depth + 1) for _ in range(self.random.randrange(4))}

    def text(self) -> str:
        """Return odd text."""
        return "".join(self.random.choice("ab_\0\n\"\\é漢😀\ud83d{[") for _ in range(self.random.randrange(12)))

    def broken(self, data: bytes) -> bytes:
        """Return data cut, with bytes changed, or nothing like it."""
        pick = self.random.randrange(4)
        if pick == 0:
            return data[: self.random.randrange(len(data) + 1)]
        if pick == 1:
            return self.random.randbytes(self.random.randrange(64))
        changed = bytearray(data)
        for _ in range(self.random.randrange(1, 4)):
            if changed:
                changed[self.random.randrange(len(changed))] = self.random.randrange(256)
        return b"[" * self.random.randrange(300) + bytes(changed) if pick == 2 else bytes(changed)


LISTENING: list[tuple[str, Any]] = [
    ("initSDK", {"sdkAppID": 1, "logLevel": 6, "uiPlatform": 0, "listenerUuid": ""}),
    ("addConversationListener", {"listenerUuid": ""}),
    ("addAdvancedMsgListener", {"listenerUuid": ""}),
    ("addGroupListener", {"listenerUuid": ""}),
    ("addFriendListener", {"listenerUuid": ""}),
]
RECORDINGS = Path(__file__).parent.parent / "fixtures" / "recordings"


def _recorded() -> dict[str, list[dict[str, Any]]]:
    """Return the real client's arguments by method."""
    found: dict[str, list[dict[str, Any]]] = {}
    for text in (RECORDINGS / f"{DIALECTS[0]}.calls.jsonl").read_bytes().splitlines()[1:]:
        call = jsonrpc.loads(text)
        found.setdefault(call["method"], []).append(call["arguments"])
    return found


def _recorded_functions() -> dict[str, list[dict[str, Any]]]:
    """Return what the real client calls the native library with, by function."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(RECORDINGS.glob("native-*.functions.jsonl")):
        for text in path.read_bytes().splitlines()[1:]:
            call = jsonrpc.loads(text)
            found.setdefault(call["function"], []).append(call["arguments"])
    return found


def _spec(name: str) -> Any:
    return load(DIALECTS[0]).method(name)


def line(generator: Generator, data: bytes) -> bytes:
    """Return a line, whatever is in it."""
    return data + b"\n"


def headed(generator: Generator, data: bytes) -> bytes:
    """Return a message behind a header, which may lie or be broken itself."""
    return _sometimes_broken(generator, ContentLengthFraming.encode(data), 0.002)


def websocket(generator: Generator, data: bytes) -> bytes:
    """Return a masked WebSocket frame; some are of a kind or size that is not allowed."""
    odd = generator.random.random() < 0.002
    opcode = generator.random.randrange(16) if odd else generator.random.choice((1, 1, 1, 2, 9, 10))
    data = data[: 120 if opcode > 7 else 60_000]
    final = 0 if generator.random.random() < 0.002 else 128
    generator.lost_its_place |= odd or not final
    size = bytes([128 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
    return _sometimes_broken(generator, bytes([final | opcode]) + size + bytes(4) + data, 0.001)


def _sometimes_broken(generator: Generator, frame: bytes, share: float) -> bytes:
    """Return a frame, or a broken one: what follows that may be taken for a part of it."""
    if generator.random.random() >= share:
        return frame
    generator.lost_its_place = True
    return generator.broken(frame)


DIALECTS = dialects()
CHANNELS = (*channels(), "timbridge", "flutter/platform", "é", "")


def platform_frame(generator: Generator, data: bytes) -> bytes:
    """Return a frame of a platform message; some are broken."""
    random_ = generator.random
    channel = random_.choice(CHANNELS)
    payload = data
    if channel != "timbridge" or random_.random() < 0.7:
        channel = channel if channel == "timbridge" or random_.random() < 0.2 else CHANNELS[0]
        method = generator.method()
        payload = platform_call(method, generator.arguments(method)) or data
    if random_.random() < 0.1:
        payload = generator.broken(payload)
    kind = random_.choice((0, 0, 0, 0, 0, 0, 3)) if random_.random() < 0.98 else random_.randrange(1, 4)
    frame = platform.encode_frame(kind, random_.randrange(1 << 32), channel, payload)
    return _sometimes_broken(generator, frame, 0.001)


def platform_call(method: str, arguments: Any) -> bytes:
    """Return a call in the standard codec; nothing for arguments that it has no form for."""
    try:
        return STANDARD.encode_call(method, arguments)
    except CodecError:
        return b""


def native_frame(generator: Generator, data: bytes) -> bytes:
    """Return a call of the native library; some are broken."""
    random_ = generator.random
    function, (answer, _, names) = random_.choice(NATIVE)
    recorded = generator.functions.get(function)
    known = random_.choice(recorded) if recorded and random_.random() < 0.6 else {}
    values = [_native_value(generator, known[name] if name in known else generator.value(), data) for name in names]
    if names and names[-1] == "user_data":
        values[-1] = f"fuzz-{random_.randrange(1000)}"
    if random_.random() < 0.03:
        values.append(_native_value(generator, generator.value(), data))
    if random_.random() < 0.02:
        function = generator.text()
    waits = (answer == "wait") != (random_.random() < 0.02)
    return _sometimes_broken(generator, native_call(function, values, waits), 0.001)


def _native_value(generator: Generator, value: Any, data: bytes) -> native.Value:
    """Return something that crosses for a value: JSON texts for what is more than a text or a number."""
    if isinstance(value, bool | None) or (isinstance(value, int) and -(1 << 63) <= value < 1 << 64):
        return value
    if isinstance(value, str):
        return value
    if generator.random.random() < 0.05:
        return data.decode("utf-8", "replace")
    return jsonrpc.dumps(value).decode("utf-8", "replace")


def native_call(function: str, values: list[native.Value], waits: bool = False) -> bytes:
    """Return a frame of the native library."""
    name = function.encode("utf-8", "replace")
    if function == "DartSendMessage":
        values = [*values, "an id"]
    rest = bytes(4) + bytes((len(name),)) + name + bytes((len(values),)) + native.encode_values(*values)
    kind = native.NAMED if function == "DartSendMessage" else native.WAIT if waits else native.CALL
    return native.encode_frame(kind, rest)


NATIVE = sorted(native.TABLE.items())


def opening(generator: Generator, door: str) -> bytes:
    """Return the frames that log somebody in at a door."""
    if door == "native":
        user = generator.random.choice(("alice", "bob"))
        return native_call("DartInitSDK", [1, "{}"], True) + native_call("DartLogin", [user, "x", "login-1"])
    frames = []
    for method, params in generator.opening():
        if door == "platform":
            frames.append(platform.encode_frame(0, 0, CHANNELS[0], platform_call(method, params)))
        else:
            data = jsonrpc.dumps({"jsonrpc": "2.0", "id": 0, "method": method, "params": params})
            frames.append(_plain(door, data))
    return b"".join(frames)


def _plain(door: str, data: bytes) -> bytes:
    if door.endswith("lines"):
        return data + b"\n"
    if door == "websocket":
        return b"\x81" + (bytes([128 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))) + bytes(4) + data
    return ContentLengthFraming.encode(data)


FRAMES: dict[str, Callable[[Generator, bytes], bytes]] = {
    "stdio-lines": line,
    "stdio-content-length": headed,
    "tcp-lines": line,
    "tcp-content-length": headed,
    "websocket": websocket,
    "platform": platform_frame,
    "native": native_frame,
}
OPENINGS = {
    "tcp-lines": b'{"jsonrpc":"2.0","method":"bridge.ping"}\n',
    "tcp-content-length": ContentLengthFraming.encode(b'{"jsonrpc":"2.0","method":"bridge.ping"}'),
    "websocket": HANDSHAKE,
    "platform": platform.MAGIC,
    "native": native.MAGIC + native.encode_frame(native.HELLO, native.encode_values(None, None, "app", 1, native.FRAMES_VERSION)),
}


class Reader(threading.Thread):
    """Reads all that a server says, so that it never waits, and checks what can be checked at that speed."""

    def __init__(self, read: Callable[[], bytes], door: str, found: Counter[str], samples: list[bytes]) -> None:
        super().__init__(daemon=True)
        self._read, self._door, self._found, self._samples = read, door, found, samples
        self._framing = platform.PlatformFraming(expect_magic=False) if door == "platform" else None
        self._lines = LineFraming() if door.endswith("lines") else None
        self._tail = b""

    def run(self) -> None:
        while True:
            try:
                data = self._read()
            except (OSError, ValueError):
                break
            if not data:
                break
            self._found["bytes"] += len(data)
            self._found["granted"] += data.count(b'"code":0,') + data.count(b"\x04code\x03\0\0\0\0")
            self._look(data)

    def _look(self, data: bytes) -> None:
        if self._framing is not None:
            self._found["not of the protocol"] += sum(isinstance(f, Refused) for f in self._framing.feed(data))
        if self._lines is not None:
            for text in self._lines.feed(data):
                whole = not isinstance(text, Refused) and text[:1] in b"{[" and text[-1:] in b"}]"
                self._found["messages"] += 1
                self._found["not of the protocol"] += not whole
        seam = self._tail + data
        if b"-32603" in seam:
            self._found["bugs"] += data.count(b"-32603") or 1
            if len(self._samples) < 20:
                at = seam.find(b"-32603")
                self._samples.append(seam[max(0, at - 20) : at + 200])
        self._tail = data[-5:]


class StdioTarget:
    """A server on stdio. It is one connection: broken frames must not end it."""

    def __init__(self, door: str, found: Counter[str], samples: list[bytes]) -> None:
        command = [sys.executable, "-m", "bridge", "serve"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, out = self._process.stdin, self._process.stdout.fileno()
        self._framing = LineFraming if door.endswith("lines") else ContentLengthFraming
        self._found = found
        self._ask("bridge.ping")
        self._reader = Reader(lambda: os.read(out, 1 << 20), door, found, samples)
        self._reader.start()
        self.pid = self._process.pid

    def send(self, data: bytes) -> None:
        """Send frames."""
        self._in.write(data)

    def reopen(self) -> None:
        """Do nothing: there is only the one connection."""

    def settle(self) -> None:
        """Reset the world, and wait for an answer."""
        before = self._found["bytes"]
        self._in.write(b"\n" * 2)
        for method in ("bridge.world.reset", "bridge.journal.clear"):
            self._ask(method)
        time.sleep(0.05)
        self._ask("bridge.coverage")
        deadline = time.monotonic() + PATIENCE_S
        while self._found["bytes"] == before or self._found["bytes"] != (before := self._found["bytes"]):
            if time.monotonic() > deadline:
                raise TimeoutError("no answer on stdio")
            time.sleep(0.1)

    def _ask(self, method: str) -> None:
        self._in.write(self._framing.encode(jsonrpc.dumps({"jsonrpc": "2.0", "id": 0, "method": method})))
        self._in.flush()

    def close(self) -> int:
        """End the input. Returns the server's exit status."""
        self._in.close()
        status = self._process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return status


class SocketTarget:
    """A listening server; a connection that it closes is followed by another."""

    def __init__(self, door: str, found: Counter[str], samples: list[bytes]) -> None:
        self._door, self._found, self._samples = door, found, samples
        self._server = ServerProcess(command=[sys.executable, "-m", "bridge"])
        host, _, port = self._server.address.removeprefix("tcp://").rpartition(":")
        self._where = (host, int(port))
        self.pid = self._server.process.pid
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(self._where, PATIENCE_S)
        self._socket.settimeout(PATIENCE_S)
        self._socket.sendall(OPENINGS[self._door])
        self._reader = Reader(lambda peer=self._socket: peer.recv(1 << 20), self._door, self._found, self._samples)  # type: ignore[misc]
        self._reader.start()
        self._found["connections"] += 1

    def send(self, data: bytes) -> None:
        """Send frames."""
        try:
            if not self._reader.is_alive():
                raise ConnectionResetError
            self._socket.sendall(data)
        except ConnectionError:
            self._socket.close()
            self._open()

    def reopen(self) -> None:
        """Let the server carry out all that was sent, and open another connection."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        self._reader.join(PATIENCE_S)
        if self._reader.is_alive():
            raise TimeoutError("the server did not end a connection whose client had nothing more to say")
        self._socket.close()
        self._open()

    def settle(self) -> None:
        """Have all carried out that was sent, which others do not wait for; then reset the world on a fresh connection."""
        self.reopen()
        with socket.create_connection(self._where, PATIENCE_S) as peer, peer.makefile("rb") as file:
            for number, method in enumerate(("bridge.world.reset", "bridge.journal.clear", "bridge.ping")):
                peer.sendall(jsonrpc.dumps({"jsonrpc": "2.0", "id": number, "method": method}) + b"\n")
                answer = jsonrpc.loads(file.readline())
                if answer.get("id") != number:
                    raise TimeoutError(f"{method} was not answered: {answer}")

    def close(self) -> int:
        """Stop the server. Returns its exit status."""
        self._socket.close()
        return self._server.stop()


def fuzz(door: str, frames: int, seed: int, tell: Callable[[str], None] = lambda text: None) -> tuple[Counter[str], list[bytes]]:
    """
    Send random frames to a door.

    Returns: counts by name (frames, connections, bytes, bugs, "not of the protocol", status, the most memory in KB
    after a batch of each half), and samples of replies that report a bug.

    Raises: TimeoutError or OSError when the server does not answer any more.
    """
    found: Counter[str] = Counter()
    samples: list[bytes] = []
    generator, make = Generator(seed), FRAMES[door]
    target: Any = (StdioTarget if door.startswith("stdio") else SocketTarget)(door, found, samples)
    for size in _batches(frames):
        for number in range(0, size, FEW):
            generator.lost_its_place = False
            frames_now = [make(generator, generator.request()) for _ in range(min(FEW, size))]
            target.send((b"" if number % 1000 else opening(generator, door)) + b"".join(frames_now))
            if generator.lost_its_place:
                target.reopen()
                target.send(opening(generator, door))
        target.settle()
        found["frames"] += size
        memory = resident_kb(target.pid)
        half = "memory in the first half" if 2 * found["frames"] <= frames else "memory in the second half"
        found[half] = max(found[half], memory)
        tell(f"{door}: {found['frames']} frames, {found['connections'] or 1} connections, {memory // 1024} MB")
    found["status"] = target.close()
    return found, samples


def _batches(frames: int) -> Iterator[int]:
    for start in range(0, frames, BATCH):
        yield min(BATCH, frames - start)


def main() -> int:
    """Fuzz one door or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=100_000, help="how many frames for each door")
    parser.add_argument("--door", choices=DOORS, action="append", help="which door; may be given again; all if not given")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other frames")
    options = parser.parse_args()
    wrong = 0
    for door in options.door or DOORS:
        began = time.perf_counter()
        found, samples = fuzz(door, options.frames, options.seed, lambda text: print(f"\r{text}", end="", file=sys.stderr))
        took = time.perf_counter() - began
        first, second = found["memory in the first half"] // 1024, found["memory in the second half"] // 1024
        print(f"\r{door}: {found['frames']} frames in {took:.0f} s, {found['connections'] or 1} connections,", end="")
        print(f" {found['granted']} calls granted, {found['bytes'] // 1_000_000} MB of replies,", end="")
        print(f" at most {first} MB held in the first half and {second} MB in the second,", end="")
        print(f" {found['not of the protocol']} bad replies, {found['bugs']} reports of a bug, exit status {found['status']}")
        for sample in samples:
            print(f"  {sample!r}")
        wrong += bool(found["not of the protocol"] or found["bugs"] or found["status"])
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
