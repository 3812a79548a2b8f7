"""`--faithful`: silence where the real plugin is silent."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.engine.engine import Options
from tests.support.line import Line

Call = tuple[str, dict[str, Any]]

UNKNOWN: Call = ("noSuchMethod", {})
WRONG_MANAGER: Call = ("getLoginUser", {"TIMManagerName": "conversationManager"})
UNANSWERED: Call = ("sendMessage", {"id": "never-created", "receiver": "bob", "groupID": ""})


def faithful(platform: str) -> Line:
    line = Line(platform=platform, options=Options(faithful=True))
    line.start("alice")
    return line


@pytest.mark.parametrize(("method", "arguments"), [UNKNOWN, WRONG_MANAGER, UNANSWERED])
def test_android_is_silent(method: str, arguments: dict[str, Any]) -> None:
    """Nothing is answered, and the journal says why."""
    line = faithful("android")
    assert [] == line.request(method, arguments)
    last = line.journal("reply")[-1]
    assert (method, True) == (last["method"], last["error"]["code"] in (-32601, -32602, -32001))
    assert "alice" == line.call("getLoginUser")


@pytest.mark.parametrize(("method", "arguments"), [UNKNOWN, WRONG_MANAGER, UNANSWERED])
def test_turns_are_answered_all_the_same(method: str, arguments: dict[str, Any]) -> None:
    """A synchronous client hears that nothing comes: a reply that is pending for ever."""
    line = faithful("android")
    assert {"result": None, "pending": True, "events": []} == line.turn(method, **arguments)


def test_ios_does_not_implement() -> None:
    """It answers unknown methods: Dart throws a MissingPluginException."""
    assert -32601 == faithful("ios").error("noSuchMethod")["code"]


def test_ios_goes_by_the_name() -> None:
    """It does not look at the manager's name."""
    assert "alice" == faithful("ios").call("getLoginUser", TIMManagerName="conversationManager")


def test_other_refusals_are_answered() -> None:
    """What is wrong inside an argument is said to be wrong even so, and so is what is not there."""
    line = faithful("android")
    assert -32602 == line.error("createConversationGroup", groupName="g", conversationIDList=[None])["code"]
    assert -32000 == line.error("bridge.device.close", device="nobody's")["code"]
