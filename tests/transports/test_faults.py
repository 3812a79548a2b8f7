"""Faults on every door: silence, delay, exceptions, connections that break."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bridge.emulator import Settings
from tests.transports.doors import DOORS, Peer, listening, peer_at

INIT = {"sdkAppID": 1, "logLevel": 6, "uiPlatform": 0, "listenerUuid": ""}


@pytest.fixture(params=DOORS)
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    """Return a client at a door, with a device that is initialised."""
    settings = Settings()
    with listening(settings) as address:
        client = peer_at(request.param, settings, address)
        client.ask("initSDK", INIT)
        yield client
        client.close()


def set_fault(peer: Peer, effect: dict[str, Any], method: str = "getVersion") -> None:
    (answer,) = peer.ask("bridge.fault.set", {"match": {"method": method}, "effect": effect})
    assert "result" in answer, answer


def test_refusal(peer: Peer) -> None:
    """The service refuses, with the code that was asked for."""
    set_fault(peer, {"code": 9508, "desc": "no network"})
    assert [{"result": {"code": 9508, "desc": "no network"}}] == peer.ask("getVersion", {})


def test_silence(peer: Peer) -> None:
    """No reply comes, and the connection goes on."""
    set_fault(peer, {"noReply": True})
    assert [] == peer.ask("getVersion", {})
    assert 1 == len(peer.ask("bridge.ping", {}))


def test_delay(peer: Peer) -> None:
    """The reply comes when the clock says so, to the request that it belongs to."""
    set_fault(peer, {"delayMs": 2000})
    assert [] == peer.ask("getVersion", {})
    assert 1 == len(peer.ask("bridge.clock.advance", {"ms": 1999}))
    late = peer.ask("bridge.clock.advance", {"ms": 1})
    assert 2 == len(late)
    assert 0 == late[1]["result"]["code"]


def test_exception(peer: Peer) -> None:
    """The plugin throws what was asked for: an error whose data says so, on platform messages the envelope itself."""
    set_fault(peer, {"platformException": {"code": "boom", "message": "it broke", "details": [1]}})
    (reply,) = peer.ask("getVersion", {})
    error = reply["error"]
    thrown = {"code": error["code"], "message": error["message"], "details": error["data"]}
    if error["code"] == -32002:
        thrown = error["data"]
    assert {"code": "boom", "message": "it broke", "details": [1]} == thrown


def test_broken_connection(peer: Peer) -> None:
    """The call is answered, then the connection ends."""
    set_fault(peer, {"disconnect": True})
    peer.send({"jsonrpc": "2.0", "id": 99, "method": "getVersion", "params": {}})
    assert 99 == peer.receive()["id"]
    with pytest.raises(Exception, match=r"closed|1000|reset"):
        peer.receive()
