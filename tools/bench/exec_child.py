"""
What `timbridge exec` runs in the bench: a hundred tests of twenty calls, each on a connection and in a world of its own.

Prints a JSON object: when it began and ended, and how many seconds it took to connect and to call. Without `TIMBRIDGE_ADDRESS` it does
neither: what is left is what the tests take anyway. It loads nothing of the project, which would count as the backend's.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

TESTS, CALLS = 100, 20


def line(number: int, method: str, params: dict[str, Any]) -> bytes:
    """Return a request as a line."""
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"


def ask(connection: socket.socket, request: bytes) -> None:
    """Send a request and wait for a whole reply."""
    connection.sendall(request)
    reply = connection.recv(65536)
    while b'"id"' not in reply or not reply.endswith(b"\n"):
        reply += connection.recv(65536)


def calls() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the calls of a test."""
    yield "initSDK", {"sdkAppID": 1400000000, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0}
    yield "login", {"userID": "alice", "userSig": "s"}
    yield "bridge.user.say", {"user": "bob", "to": "alice", "text": "hi"}
    yield "getConversationList", {"nextSeq": "0", "count": 100}
    for number in range(CALLS - 4):
        yield "pinConversation", {"conversationID": "c2c_bob", "isPinned": not number % 2}


def main() -> None:
    """Run the tests."""
    taken = {"begun": time.time(), "connecting": 0.0, "calling": 0.0}
    requests = [line(number, *call) for number, call in enumerate(calls(), 1)]
    address = os.environ.get("TIMBRIDGE_ADDRESS", "").removeprefix("tcp://")
    if address:
        host, _, port = address.rpartition(":")
        for test in range(TESTS):
            begin = time.perf_counter()
            connection = socket.create_connection((host, int(port)))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ask(connection, line(0, "bridge.world.use", {"world": f"test {test}"}))
            connected = time.perf_counter()
            for request in requests:
                ask(connection, request)
            connection.close()
            taken["connecting"] += connected - begin
            taken["calling"] += time.perf_counter() - connected
    taken["ended"] = time.time()
    json.dump(taken, sys.stdout)


main()
