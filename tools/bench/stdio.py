"""`timbridge serve` on stdio against a bare loop on `json`: start, round trip, pipelined calls."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import IO, Any

from tools.bench.measuring import (
    Effort,
    Row,
    Taken,
    bridge_command,
    peer_command,
    processor_s,
    says_processor_s,
    surroundings,
    taken_in_turns,
    taken_ratio,
)

INIT = {"sdkAppID": 1400000000, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": [], "tempPath": ""}
ROUND_TRIPS = 2000
PIPELINED = 20_000
LEAST_ROUNDS = 40
"""Of what takes milliseconds: some of them nothing disturbs."""
PAIRS = 8
"""How many processes of ours and of the peer's are asked, one pair after the other."""


def line(number: int, method: str, params: dict[str, Any]) -> bytes:
    """Return a request as a line."""
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"


def pin_call(number: int) -> bytes:
    """Return the small call that changes something each time: pin, unpin, pin…"""
    return line(number, "pinConversation", {"conversationID": "c2c_bob", "isPinned": bool(number % 2)})


def opening() -> list[bytes]:
    """Return the calls that come before: a session with one conversation, and no listener for it."""
    say = {"user": "bob", "to": "alice", "text": "hi"}
    return [
        line(1, "initSDK", INIT),
        line(2, "login", {"userID": "alice", "userSig": "s"}),
        line(3, "bridge.user.say", say),
    ]


class Child:
    """A server on pipes."""

    def __init__(self, command: list[str], source: IO[bytes] | int = subprocess.PIPE) -> None:
        self.process = subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=surroundings(), bufsize=0
        )
        assert self.process.stdout is not None
        self._in = self.process.stdin.fileno() if self.process.stdin is not None else -1
        self._out = self.process.stdout.fileno()

    def took(self, work: Callable[[], object], times: int) -> Taken:
        """Return what `work` takes at both ends, this one and the server, for each of so many."""
        busy, begin = self._busy_s(), time.perf_counter()
        work()
        passed = time.perf_counter() - begin
        return Taken((self._busy_s() - busy if says_processor_s() else passed) / times, passed / times)

    def _busy_s(self) -> float:
        return processor_s(self.process.pid) + processor_s()

    def ask(self, request: bytes) -> bytes:
        """Send a request and wait for a whole reply."""
        os.write(self._in, request)
        reply = os.read(self._out, 65536)
        while b'"id"' not in reply or not reply.endswith(b"\n"):
            more = os.read(self._out, 65536)
            if not more:
                raise RuntimeError(f"the server ended after {reply!r}")
            reply += more
        return reply

    def first_byte(self) -> bytes:
        """Wait for the first output."""
        return os.read(self._out, 65536)

    def rest(self, so_far: bytes, replies: int) -> None:
        """Read until so many replies have come."""
        seen = so_far.count(b'"id"')
        while seen < replies:
            chunk = os.read(self._out, 1 << 20)
            if not chunk:
                raise RuntimeError(f"the server ended after {seen} of {replies} replies")
            seen += chunk.count(b'"id"')

    def end(self) -> None:
        """Close its input and wait for it to end."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process.wait()


def start(command: list[str]) -> Taken:
    """Return what a server takes from its start to its answer to initSDK."""
    begin = time.perf_counter()
    child = Child(command)
    child.ask(line(1, "initSDK", INIT))
    passed = time.perf_counter() - begin
    busy = processor_s(child.process.pid) if says_processor_s() else passed
    child.end()
    return Taken(busy, passed)


def start_rows(effort: Effort) -> Iterator[Row]:
    """Measure the start."""
    ours, peer = bridge_command("serve"), peer_command()
    for _ in range(2):
        start(ours), start(peer)
    medians = taken_in_turns(max(7, effort.rounds * 2), {"ours": lambda: start(ours), "peer": lambda: start(peer)})
    yield taken_ratio("start to the answer of initSDK", medians["ours"], medians["peer"], 5.0, 1e3, "ms", "of a bare loop")


def round_trip_rows(effort: Effort) -> Iterator[Row]:
    """Measure one small call after the other, in several processes of each: where a process lies in memory makes some percent."""
    times = effort.times(ROUND_TRIPS)
    requests = [pin_call(number) for number in range(10, 10 + times)]

    def trips(child: Child) -> Taken:
        return child.took(lambda: [child.ask(request) for request in requests], times)

    found: dict[str, list[Taken]] = {"ours": [], "peer": []}
    for _ in range(PAIRS):
        children = {"ours": Child(bridge_command("serve")), "peer": Child(peer_command())}
        for child in children.values():
            for request in opening():
                child.ask(request)
            trips(child)
        rounds = max(LEAST_ROUNDS, effort.rounds) // PAIRS
        taken = taken_in_turns(rounds, {name: lambda c=child: trips(c) for name, child in children.items()})  # type: ignore[misc]
        for name, child in children.items():
            found[name] += taken[name]
            child.end()
    yield taken_ratio("round trip of a small call on stdio", found["ours"], found["peer"], 2.5, 1e6, "us", "of a bare loop")


def pipelined_rows(effort: Effort) -> Iterator[Row]:
    """Measure calls that are sent without waiting for replies; the ratio is that of the times."""
    times = effort.times(PIPELINED)
    with tempfile.TemporaryFile() as script:
        script.writelines(opening())
        script.writelines(pin_call(number) for number in range(10, 10 + times))
        script.flush()

        def run(command: list[str]) -> Taken:
            script.seek(0)
            child = Child(command, script)
            so_far = child.first_byte()
            taken = child.took(lambda: child.rest(so_far, times + 3), times)
            child.end()
            return taken

        ours, peer = bridge_command("serve"), peer_command()
        medians = taken_in_turns(max(5, effort.rounds // 2), {"ours": lambda: run(ours), "peer": lambda: run(peer)})
    yield taken_ratio("pipelined small calls, time of each", medians["ours"], medians["peer"], 2.0, 1e6, "us", "of a bare loop")
