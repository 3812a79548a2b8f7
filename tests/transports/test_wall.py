"""`--clock real`: time passes by itself, on every door."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bridge.codecs.framing import LineFraming
from bridge.emulator import Settings
from bridge.transports.wall import wall_ms
from tests.transports.doors import DOORS, listening, peer_at, tcp_peer

REAL = Settings(real_clock=True)
INIT = {"sdkAppID": 1, "logLevel": 6, "uiPlatform": 0, "listenerUuid": ""}
INVITE: dict[str, Any] = {"invitee": "bob", "data": "", "timeout": 1, "onlineUserOnly": False, "offlinePushInfo": None}


@pytest.mark.parametrize("door", DOORS)
def test_clock_is_the_walls(door: str) -> None:
    """Two looks at the clock are as far apart as on the wall."""
    with listening(REAL) as address:
        peer = peer_at(door, REAL, address)
        first = peer.ask("bridge.clock.now")[0]["result"]["ms"]
        time.sleep(0.03)
        second = peer.ask("bridge.clock.now")[0]["result"]["ms"]
        peer.close()
    assert abs(wall_ms() - first) < 20_000
    assert 30 <= second - first < 20_000


@pytest.mark.parametrize("door", ["stdio-lines", "tcp-lines", "websocket"])
def test_due_things_happen_by_themselves(door: str) -> None:
    """An invitation runs out after its second, and the client hears of it without asking."""
    with listening(REAL) as address:
        peer = peer_at(door, REAL, address)
        for method, params in (
            ("initSDK", INIT),
            ("addSignalingListener", {"listenerUuid": ""}),
            ("login", {"userID": "alice", "userSig": "x"}),
        ):
            peer.ask(method, params)
        reply = peer.ask("invite", INVITE)[0]["result"]
        assert 0 == reply["code"], reply
        began = time.monotonic()
        event = peer.receive()
        while event["params"]["type"] != "onInvitationTimeout":
            event = peer.receive()
        assert 0.5 < time.monotonic() - began < 10
        peer.close()


def test_virtual_clock_stands_still() -> None:
    """Otherwise the wall does not matter."""
    with listening(Settings()) as address:
        peer = tcp_peer(address, LineFraming())
        first = peer.ask("bridge.clock.now")
        time.sleep(0.1)
        assert first == peer.ask("bridge.clock.now")
        peer.close()
