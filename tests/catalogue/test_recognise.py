"""A channel's name names no dialect: what a client starts with does."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.catalogue import load
from bridge.catalogue.recognise import better, hint
from tests.support.line import Line

OLD: dict[str, Any] = {"sdkAppID": 1, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False}
TEXT: dict[str, Any] = {"sdkAppID": 1, "logLevel": 3, "listenerUuid": "u", "uiPlatform": "flutter"}


@pytest.mark.parametrize(
    ("served", "sent", "meant"),
    [
        ("im-6.1", OLD, "im-5.0"),
        ("im-5.0", {**OLD, "plugins": []}, "im-6.1"),
        ("im-5.0", TEXT, "im-4.1"),
        ("im-5.0", {**TEXT, "showImLog": False}, "im-4.1"),
        ("im-5.0", OLD, None),
        ("im-4.1", TEXT, None),
        ("im-4.1", {**TEXT, "showImLog": False}, None),
        ("im-5.0", {"sdkAppID": 1}, None),
        ("chat-8.2", {**OLD, "plugins": [], "tempPath": ""}, None),
    ],
)
def test_start_tells_the_dialect(served: str, sent: dict[str, Any], meant: str | None) -> None:
    """Whoever sends exactly what another dialect's client sends is told; who sends anything else, or what is due, is not."""
    assert meant == better(load(served), {**sent, "TIMManagerName": "timManager", "ability": []})


def test_client_is_told_in_the_journal() -> None:
    """It is served all the same, and the journal names the dialect, its versions and how to get it."""
    line = Line(dialect="im-6.1")
    line.call("initSDK", **OLD)
    (warning,) = line.journal("warning")
    assert "im-5.0" in warning["text"]
    assert "5.0.5" in warning["text"]
    assert hint(load("im-6.1"), OLD) == warning["text"]


def test_refusal_names_the_dialect() -> None:
    """Where an argument's type is another, the call is refused, and the refusal names the dialect that takes it."""
    error = Line(dialect="im-5.0").error("initSDK", **TEXT)
    assert (-32602, True) == (error["code"], any("im-4.1" in flaw["message"] for flaw in error["data"]))
