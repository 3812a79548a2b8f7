"""What it costs to look at a server: its page there, and somebody who watches."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from statistics import fmean, median

from bridge.testing.wires import ServerProcess
from tools.bench.doors import HANDSHAKE, TRIPS, Peer, as_line, as_websocket, whole_message
from tools.bench.measuring import Effort, Row, bridge_command
from tools.bench.stdio import pin_call

BUDGET = 1.2
OPTIONS = {"plain": [], "page": ["--ui"], "watched": ["--ui"]}


def rows(effort: Effort) -> Iterator[Row]:
    """
    Measure a small call over WebSocket: nobody looks, somebody could, somebody does.

    What is compared is the median of the single round trips of a round: what has happened is told together, behind some hundred calls,
    and the one that comes just then waits for that. The mean, which has that in it, stands beside.
    """
    servers = {name: ServerProcess(words, bridge_command()) for name, words in OPTIONS.items()}
    eye = Eye(servers["watched"].address)
    taken: dict[str, list[list[float]]] = {name: [] for name in servers}
    try:
        peers = {name: Peer(server.address, as_websocket, whole_message, HANDSHAKE) for name, server in servers.items()}
        for _ in range(effort.rounds):
            for name, peer in peers.items():
                taken[name].append(trips(peer, effort.times(TRIPS)))
        for peer in peers.values():
            peer.socket.close()
    finally:
        eye.close()
        for server in servers.values():
            server.stop()
    for name, what in (("page", "round trip with --ui"), ("watched", "round trip, watched")):
        rounds = list(zip(taken[name], taken["plain"], strict=True))
        ratio = median(median(ours) / median(plain) for ours, plain in rounds)
        mean = median(fmean(ours) / fmean(plain) for ours, plain in rounds)
        ours, plain = (median(median(one) for one in taken[which]) * 1e6 for which in (name, "plain"))
        yield Row(what, ratio, "x", BUDGET, f"{ours:.0f} us against {plain:.0f} us; mean {mean:.2f} x; {eye.told >> 10} KiB told")


def trips(peer: Peer, times: int) -> list[float]:
    """Return the seconds of each round trip of a small stateful call."""
    found = []
    for request in [peer.wrap(json.loads(pin_call(number))) for number in range(10, 10 + times)]:
        begin = time.perf_counter()
        peer.ask(request)
        found.append(time.perf_counter() - begin)
    return found


class Eye:
    """One who watches and reads whatever comes, without a look at it."""

    def __init__(self, address: str) -> None:
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        self.told = 0
        self._socket = socket.create_connection((host, int(port)))
        for method in ("bridge.inspector.attach", "bridge.journal.watch"):
            self._socket.sendall(as_line({"jsonrpc": "2.0", "id": 1, "method": method, "params": {}}))
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while data := self._socket.recv(1 << 20):
            self.told += len(data)

    def close(self) -> None:
        """Look no more."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
