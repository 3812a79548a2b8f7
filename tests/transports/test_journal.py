"""Long messages at every door: the journal keeps to its bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.emulator import Settings
from bridge.engine import journal
from bridge.testing.client import Client
from tests.transports.doors import DOORS, listening, peer_at

LONG = "x" * 100_000
INIT = {"sdkAppID": 1, "logLevel": 6, "uiPlatform": 0, "listenerUuid": ""}


def kept(entries: list[dict[str, Any]], calls: int, most_bytes: int = 4 << 20) -> tuple[bool, bool, bool]:
    """Return whether some but not all calls are left, the last one is, and all together is no more than may be."""
    left = [entry["arguments"]["number"] for entry in entries if entry["kind"] == "call" and "number" in entry["arguments"]]
    return 5 < len(left) < calls, left[-1:] == [calls - 1], len(json.dumps(entries)) < most_bytes


@pytest.mark.parametrize("most_bytes", [4 << 20, 2 << 20], ids=["read in slices", "read at once"])
@pytest.mark.parametrize("door", DOORS)
def test_refused_calls_are_forgotten_in_time(door: str, most_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls of 100 or 50 kB that are refused do not pile up, whichever door they come through."""
    monkeypatch.setattr(journal, "MOST_BYTES", most_bytes)
    other = LONG[: most_bytes // 42]
    settings = Settings()
    with listening(settings) as address:
        peer = peer_at(door, settings, address)
        for number in range(60):
            peer.ask("createTextMessage", {"text": 7, "other": other, "number": number})
        (answer,) = peer.ask("bridge.journal.list")
        peer.close()
    assert answer["result"]["cut"]
    assert (True, True, True) == kept(answer["result"]["entries"], 60, most_bytes)


@pytest.mark.parametrize("door", DOORS)
def test_long_replies_count(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What small calls answer counts, too; what the control plane answers is not the journal's."""
    monkeypatch.setattr(journal, "MOST_BYTES", 1 << 20)
    settings = Settings()
    with listening(settings) as address:
        peer = peer_at(door, settings, address)
        peer.ask("initSDK", INIT)
        peer.ask("login", {"userID": "alice", "userSig": "x"})
        peer.ask("bridge.user.say", {"user": "bob", "to": "alice", "text": LONG[:8000]})
        for number in range(60):
            peer.ask("getConversation", {"conversationID": "c2c_bob", "number": number})
        answers = [peer.ask("bridge.journal.list")[-1]["result"] for _ in range(3)]
        peer.close()
    assert (True, True, True) == kept(answers[0]["entries"], 60)
    assert answers[0] == answers[1] == answers[2]


def test_calls_in_this_process_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client without a door is held to the same."""
    monkeypatch.setattr(journal, "MOST_BYTES", 4 << 20)
    with Client.inside() as client:
        for number in range(60):
            client.turn("initSDK", {**INIT, "other": LONG, "number": number})
        assert (True, True, True) == kept(client.journal.list(), 60)
