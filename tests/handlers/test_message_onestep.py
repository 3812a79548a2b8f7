"""The old sends that create and send in one step, their odd answers, and the listener for texts and custom messages."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import team
from tests.support.stage import Stage

ONE_STEP: list[tuple[str, dict[str, Any], int]] = [
    ("sendTextMessage", {"text": "hi"}, 1),
    ("sendTextAtMessage", {"text": "hi", "atUserList": ["bob"]}, 1),
    ("sendCustomMessage", {"data": "d", "desc": "", "extension": ""}, 2),
    ("sendImageMessage", {"imagePath": "/x.png"}, 3),
    ("sendSoundMessage", {"soundPath": "/x.m4a", "duration": 2}, 4),
    ("sendVideoMessage", {"videoFilePath": "/x.mp4", "snapshotPath": "/x.jpg", "duration": 2, "type": "mp4"}, 5),
    ("sendFileMessage", {"filePath": "/x", "fileName": "x"}, 6),
    ("sendLocationMessage", {"desc": "d", "longitude": 1.0, "latitude": 2.0}, 7),
    ("sendFaceMessage", {"index": 1, "data": "tt"}, 8),
]


@pytest.mark.uses("sendTextMessage")
@pytest.mark.parametrize(("method", "arguments", "kind"), ONE_STEP)
def test_one_step_sends_arrive(stage: Stage, method: str, arguments: dict[str, Any], kind: int) -> None:
    """Each old send creates and sends at once; the answer has the priority and no local id."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = alice.call(method, receiver="bob", groupID="", priority=2, **arguments)
    assert (2, 2, kind) == (sent["status"], sent["priority"], sent["elemType"])
    assert "id" not in sent
    got = bob.heard_one("onRecvNewMessage")
    assert (sent["msgID"], kind) == (got["msgID"], got["elemType"])


@pytest.mark.uses("sendTextMessage")
@pytest.mark.parametrize(("method", "arguments", "kind"), ONE_STEP)
def test_failing_one_step_sends_carry_the_message(
    stage: Stage, method: str, arguments: dict[str, Any], kind: int
) -> None:
    """A refused old send answers the code and the message with status 3."""
    reply = stage.enter("alice").reply(method, receiver="", groupID="nowhere", **arguments)
    assert (10010, 3, kind) == (reply["code"], reply["data"]["status"], reply["data"]["elemType"])


@pytest.mark.uses("sendTextMessage")
def test_one_step_options(stage: Stage) -> None:
    """Online-only and exclusion from the count work; Android's face message takes the latter and makes nothing of it."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("sendTextMessage", text="now", receiver="bob", groupID="", onlineUserOnly=True)
    assert [] == bob.history("alice")
    to = {"receiver": "bob", "groupID": "", "isExcludedFromUnreadCount": True}
    alice.call("sendTextMessage", text="quiet", **to)
    assert 0 == bob.conversation("c2c_alice")["unreadCount"]
    alice.call("sendFaceMessage", index=1, data="f", **to)
    assert (0 if stage.goes_by_ios else 1) == bob.conversation("c2c_alice")["unreadCount"]


@pytest.mark.uses("sendFileMessage")
def test_one_step_uploads_show_no_local_id(stage: Stage) -> None:
    """Progress of an old send shows the message without a local id."""
    alice = stage.enter("alice")
    turn = alice.turn("sendFileMessage", filePath="/x", fileName="x", receiver="bob", groupID="")
    steps = [e.arguments["data"]["message"] for e in turn.before if e.arguments["type"] == "onSendMessageProgress"]
    assert [None] * 4 == [shown.get("id") for shown in steps]


# --- timManager


@pytest.mark.uses("sendC2CTextMessage")
def test_oldest_sends_to_users(stage: Stage) -> None:
    """Text and custom message go to a user; on iOS the text is answered with progress."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = alice.call("sendC2CTextMessage", text="hi", userID="bob")
    assert (2, "hi") == (sent["status"], sent["textElem"]["text"])
    assert 100 == sent["progress"]
    assert "hi" == bob.heard_one("onRecvNewMessage")["textElem"]["text"]
    assert "d" == alice.call("sendC2CCustomMessage", customData="d", userID="bob")["customElem"]["data"]
    assert "d" == bob.heard_one("onRecvNewMessage")["customElem"]["data"]


@pytest.mark.uses("sendGroupTextMessage")
def test_oldest_sends_to_groups(stage: Stage) -> None:
    """Text and custom message go to a group; iOS answers the text with a message that was never sent, the custom one with null."""
    group, (alice, bob, _) = team(stage, "Public")
    sent = alice.call("sendGroupTextMessage", text="hi", groupID=group, priority=1)
    got = bob.heard_one("onRecvNewMessage")
    assert (got["msgID"], "hi", group, 1, 2) == (
        sent["msgID"],
        sent["textElem"]["text"],
        sent["groupID"],
        sent["priority"],
        sent["status"],
    )
    assert (got["seq"] if not stage.goes_by_ios else "0") == sent["seq"]
    custom = alice.call("sendGroupCustomMessage", customData="d", groupID=group, priority=0)
    assert custom is None if stage.goes_by_ios else "d" == custom["customElem"]["data"]
    assert "d" == bob.heard_one("onRecvNewMessage")["customElem"]["data"]


@pytest.mark.uses("sendC2CTextMessage")
def test_oldest_sends_that_fail(stage: Stage) -> None:
    """A refusal has no data, but iOS answers a text to a user as sent before the service has said anything."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"muted_accounts": ["alice"]}))
    alice = stage.enter("alice")
    reply = alice.reply("sendC2CTextMessage", text="hi", userID="bob")
    if stage.goes_by_ios:
        assert (0, 2) == (reply["code"], reply["data"]["status"])
    else:
        assert (20012, False) == (reply["code"], "data" in reply)
    history = alice.history("bob")
    assert [3] == [row["status"] for row in history]
    for method, arguments in (
        ("sendC2CCustomMessage", {"customData": "d", "userID": "bob"}),
        ("sendGroupTextMessage", {"text": "hi", "groupID": "nowhere"}),
        ("sendGroupCustomMessage", {"customData": "d", "groupID": "nowhere"}),
    ):
        reply = alice.reply(method, **arguments)
        assert reply["code"] in (20012, 10010) and "data" not in reply


# --- the listener for texts and custom messages, 5.0 alone


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_simple_listener_hears_texts_and_custom_messages(platform: str) -> None:
    """On 5.0 it hears both kinds from users and groups, beside the other listener, and nothing else."""
    stage = Stage("im-5.0", platform)
    group, (alice, bob) = team(stage, "Public", "alice", "bob")
    tablet = stage.enter("alice", "tablet", platform="android" if platform == "ios" else "ios")
    simple = ("onRecvC2CTextMessage", "onRecvC2CCustomMessage", "onRecvGroupTextMessage", "onRecvGroupCustomMessage")
    sent = alice.call("sendC2CTextMessage", text="hi", userID="bob")
    heard = bob.heard_one("onRecvC2CTextMessage")
    assert {"msgID": sent["msgID"], "text": "hi"} == {key: heard[key] for key in ("msgID", "text")}
    assert "alice" == heard["sender"]["userID"]
    alice.call("sendC2CCustomMessage", customData="d", userID="bob")
    assert "d" == bob.heard_one("onRecvC2CCustomMessage")["customData"]
    alice.call("sendGroupTextMessage", text="all", groupID=group)
    heard = bob.heard_one("onRecvGroupTextMessage")
    assert (group, "all", "alice") == (heard["groupID"], heard["text"], heard["sender"]["userID"])
    alice.call("sendGroupCustomMessage", customData="e", groupID=group)
    assert "e" == bob.heard_one("onRecvGroupCustomMessage")["customData"]
    alice.call("sendFaceMessage", index=1, data="f", receiver="bob", groupID="")
    assert [] == bob.heard(*simple)
    assert [] == [*alice.heard(*simple), *tablet.heard(*simple)]


def test_custom_messages_of_users_come_without_a_listener_id_on_ios() -> None:
    """The iOS adapter of 5.0 sends this one event with an empty listener id, so that the app never gets it."""
    stage = Stage("im-5.0", "ios")
    alice, bob = stage.enter("alice"), stage.enter("bob")
    turn = alice.turn("sendC2CCustomMessage", customData="d", userID="bob")
    uuids = [e.arguments["listenerUuid"] for e in turn.after if e.arguments["type"] == "onRecvC2CCustomMessage"]
    assert [""] == uuids
    assert bob.heard()
