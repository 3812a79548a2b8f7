"""One suite over every door: the same script gives the same trace as without any door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridge.emulator import Settings
from tests.transports import scripts
from tests.transports.doors import DOORS, MemoryPeer, Peer, listening, peer_at
from tests.transports.scripts import Script, as_text

KINDS = [(dialect, platform) for dialect in ("chat-8.2", "im-5.0") for platform in ("android", "ios")]


@pytest.fixture(scope="module", params=KINDS, ids="-".join)
def settings(request: pytest.FixtureRequest) -> Settings:
    """Return the settings of every server of a test."""
    dialect, platform = request.param
    return Settings(dialect=dialect, platform=platform)


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    """Return where a server listens that all tests of a kind share."""
    with listening(settings) as where:
        yield where


@pytest.fixture(params=DOORS)
def peer(request: pytest.FixtureRequest, settings: Settings, address: str) -> Iterator[Peer]:
    """Return a client at a door, in a world of its own."""
    client = peer_at(request.param, settings, address)
    client.ask("bridge.world.use", {"world": request.node.name})
    yield client
    client.close()


def expected(settings: Settings, script: Script) -> str:
    """Return the trace of a script in memory."""
    from bridge.emulator import Server

    client = MemoryPeer(Server(settings))
    client.ask("bridge.world.use", {"world": "any"})
    return as_text(client.trace(script))


def test_story_is_the_same(peer: Peer, settings: Settings) -> None:
    """The demo's story: two devices, other people, refusals, all five events of conversation groups."""
    script = scripts.story(settings.dialect, settings.platform)
    assert expected(settings, script) == as_text(peer.trace(script))


def test_recorded_calls_are_the_same(peer: Peer, settings: Settings) -> None:
    """Every call of the real client, with its own arguments: bytes, doubles, nulls, odd text."""
    script = scripts.recorded(settings.dialect)
    assert expected(settings, script) == as_text(peer.trace(script))


def test_refusals_are_the_same(peer: Peer, settings: Settings) -> None:
    """Every kind of JSON-RPC error, and calls in pull mode."""
    assert expected(settings, scripts.REFUSALS) == as_text(peer.trace(scripts.REFUSALS))
