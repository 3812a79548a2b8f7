"""What the real client sends about communities is taken, and reaches a community that is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.catalogue import load
from tests.support.communities import COMMUNITY, found, new_topic
from tests.support.stage import Stage

RECORDING = Path(__file__).parents[2] / "fixtures" / "recordings" / "chat-8.2.calls.jsonl"
NEVER_ANSWERED = {
    ("createCommunity", "android"),
    ("createCommunity", "ios"),
    ("createPermissionGroupInCommunity", "ios"),
    ("modifyPermissionGroupInfoInCommunity", "ios"),
    ("removeCommunityListener", "ios"),
}
FINDS_NOTHING = {
    method
    for method in load("chat-8.2").method_names
    if "ios" in load("chat-8.2").document("methods", method)["quirks"].get("findsNothing", {})
}
"""The calls of which the iOS adapter finds no argument, so that they cannot succeed."""


def _calls() -> list[Any]:
    calls = (json.loads(line) for line in RECORDING.read_text().splitlines())
    return [
        pytest.param(call["method"], call["arguments"], id=f"{call['method']}-{call['variant']}")
        for call in calls
        if call.get("class") == "V2TIMCommunityManager"
    ]


def _aimed(value: Any, topic_id: str) -> Any:
    """Return arguments with the recording's ids replaced by those of the stage."""
    if isinstance(value, dict):
        return {_aimed(key, topic_id): _aimed(item, topic_id) for key, item in value.items()}
    if isinstance(value, list):
        return [_aimed(item, topic_id) for item in value]
    known = {"@TGS#1WORKABC": COMMUNITY, "@TGS#_@TGS#1COMMU@TOPIC#_@TOPIC#1": topic_id, "k1": topic_id}
    return known.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("platform", ["android", "ios"])
@pytest.mark.parametrize(("method", "arguments"), _calls())
def test_recorded_calls_are_answered(method: str, arguments: dict[str, Any], platform: str) -> None:
    """Each recorded call gets an answer, or none where the real platform gives none."""
    stage = Stage("chat-8.2", platform)
    alice = stage.enter("alice")
    found(stage, members="bob member_1")
    topic_id = new_topic(alice)
    info = {"groupID": COMMUNITY, "permissionGroupID": "permissionGroupID_1", "permissionGroupName": "P"}
    if method != "createPermissionGroupInCommunity" and platform != "ios":
        alice.call(
            "createPermissionGroupInCommunity", info={**info, "customData": "", "groupPermission": 0, "memberCount": 0}
        )
    for given in (arguments, _aimed(arguments, topic_id)):
        turn = alice.turn(method, **given)
        if (method, platform) in NEVER_ANSWERED:
            assert turn.error is not None
            assert -32001 == turn.error.code
        else:
            assert turn.error is None, turn.error
    refused = turn.error is not None or turn.result["code"] != 0
    if platform == "ios" and method in FINDS_NOTHING:
        assert refused
        return
    aims_elsewhere = method in ("createCommunity", "createTopicInCommunity", "getCommunityMemberListInPermissionGroup")
    assert refused <= ((method, platform) in NEVER_ANSWERED or aims_elsewhere), turn.result
