"""The dialect follows the plugin: its channel, and what its client starts with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.line import Line

OLD, NEW = "tencent_im_sdk_plugin", "tencent_cloud_chat_sdk"
START: dict[str, Any] = {"sdkAppID": 1, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False}
TEXT: dict[str, Any] = {**START, "uiPlatform": "flutter"}


def call(line: Line, channel: str, method: str, **arguments: Any) -> Any:
    """Make a call as the app whose plugin has that channel."""
    return line.ask("bridge.turn", channel=channel, method=method, arguments=arguments)["result"]


def dialect(line: Line) -> Any:
    """Return what the own device speaks."""
    return line.ask("bridge.ping")["dialect"]


@pytest.mark.parametrize(
    ("channel", "start", "followed"),
    [
        (OLD, START, "im-5.0"),
        (OLD, TEXT, "im-4.1"),
        (OLD, {**START, "plugins": []}, "im-6.1"),
        (NEW, START, "chat-8.2"),
        ("another", START, "chat-8.2"),
    ],
)
def test_start_chooses_the_dialect(channel: str, start: dict[str, Any], followed: str) -> None:
    """Of those of the channel that one whose client starts so; a channel of nobody's changes nothing."""
    line = Line(dialect="chat-8.2")
    assert 0 == call(line, channel, "initSDK", **start)["code"]
    assert followed == dialect(line)
    assert not line.journal("warning")


def test_call_before_the_start_leaves_it_open() -> None:
    """A client may ask for something first: the channel's first dialect answers, and the start still chooses."""
    line = Line(dialect="chat-8.2")
    call(line, OLD, "getLoginStatus")
    assert "im-6.1" == dialect(line)
    call(line, OLD, "initSDK", **TEXT)
    assert "im-4.1" == dialect(line)


def test_users_speak_as_the_app_does() -> None:
    """What a person's call answers is what the app's plugin would get."""
    line = Line(dialect="chat-8.2")
    call(line, OLD, "initSDK", **START)
    answer = line.error("bridge.user.call", user="bob", method="followUser", arguments={"userIDList": ["alice"]})
    assert -32601 == answer["code"]


def test_chosen_dialect_stays() -> None:
    """Whoever has said what the device is knows better; the journal names the dialect that fits."""
    line = Line(dialect="chat-8.2")
    line.ask("bridge.device.use", dialect="im-6.1")
    call(line, OLD, "initSDK", **START)
    assert "im-6.1" == dialect(line)
    assert "im-5.0" in line.journal("warning")[0]["text"]


def test_app_that_runs_is_left_alone() -> None:
    """A call by another channel's name does not put another app in its place."""
    line = Line(dialect="chat-8.2")
    line.start("alice")
    call(line, OLD, "getLoginUser")
    assert "chat-8.2" == dialect(line)
    assert "alice" == line.call("getLoginUser")


@pytest.mark.parametrize(("settings", "clock"), [({}, "virtual"), ({"real_clock": True}, "real")])
def test_ping_says_what_to_reckon_with(settings: dict[str, Any], clock: str) -> None:
    """Which clock goes, and how much a message may be."""
    answer = Line(**settings).ask("bridge.ping")
    assert clock == answer["clock"]
    assert {"messageBytes": 64 << 20, "batch": 10_000, "waiting": 10_000} == answer["limits"]
