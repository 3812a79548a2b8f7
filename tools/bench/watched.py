"""What it costs to look at a server: its page there, and somebody who watches."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from functools import partial

from bridge.testing.wires import ServerProcess
from tools.bench.doors import HANDSHAKE, Peer, as_line, as_websocket, trips, whole_message
from tools.bench.measuring import Effort, Row, bridge_command, in_turns

BUDGET = 1.2


def rows(effort: Effort) -> Iterator[Row]:
    """Measure a small call over WebSocket: nobody looks, somebody could, somebody does."""
    servers = {name: ServerProcess(words, bridge_command()) for name, words in {"plain": [], "page": ["--ui"], "watched": ["--ui"]}.items()}
    eye = Eye(servers["watched"].address)
    try:
        peers = {name: Peer(server.address, as_websocket, whole_message, HANDSHAKE) for name, server in servers.items()}
        medians = in_turns(effort.rounds, {name: partial(trips, peer, effort) for name, peer in peers.items()})
        for peer in peers.values():
            peer.socket.close()
    finally:
        eye.close()
        for server in servers.values():
            server.stop()
    plain = medians["plain"]
    for name, what in (("page", "round trip with --ui"), ("watched", "round trip, watched")):
        detail = f"{medians[name] * 1e6:.0f} us against {plain * 1e6:.0f} us, {eye.told >> 10} KiB told"
        yield Row(what, medians[name] / plain, "x", BUDGET, detail)


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
