"""What one app of a user has, and the user's other apps have not: inserted and failed messages, data beside messages, drafts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.stage import Phone, Stage, worlds_with

LIST = {"nextSeq": "0", "count": 20}
WORDS = {"keywordList": ["mine"], "type": 0, "pageSize": 20, "pageIndex": 0}


def pair(stage: Stage) -> tuple[Phone, Phone]:
    """Return two devices of alice on two platforms, in a group with bob who has written to her."""
    bob, phone = stage.enter("bob"), stage.enter("alice", "phone")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    bob.call("createGroup", groupType="Public", groupID="g", groupName="crew", memberList=[{"userID": "alice", "role": 200}])
    bob.send("one", to="alice")
    phone.heard(), tablet.heard()
    return phone, tablet


def sees(phone: Phone) -> str:
    """Return all that a device's reads answer of conversations and messages, as one text."""
    found = [phone.call("getConversationList", **LIST)]
    for name in ("bob", "carol"):
        found.append(phone.history(user=name, count=20))
    found.append(phone.history(group="g", count=20))
    if phone.has("searchLocalMessages"):
        found.append(phone.reply("searchLocalMessages", searchParam=WORDS))
    return json.dumps(found)


def insert_of(phone: Phone, user: str) -> Any:
    """Insert a message of a user's into the chat with that user; what Windows has for it makes it a group's, but for a created one."""
    if not phone.stage.on_windows:
        return phone.call("insertC2CMessageToLocalStorage", data="mine", userID=user, sender=user)
    created = phone.call("createTextMessage", text="mine")
    return phone.call("insertC2CMessageToLocalStorageV2", userID=user, senderID=user, createdMsgID=created["id"])


def insert_c2c(phone: Phone) -> Any:
    """Insert a message into the chat with bob."""
    return insert_of(phone, "bob")


def insert_new_c2c(phone: Phone) -> Any:
    """Insert a message into a chat that was not there."""
    return insert_of(phone, "carol")


def insert_group(phone: Phone) -> Any:
    """Insert a message into the group's history."""
    return phone.call("insertGroupMessageToLocalStorage", data="mine", groupID="g", sender="bob")


def fail(phone: Phone) -> Any:
    """Send a message that the service refuses."""
    phone.stage.world.policy.switches["sensitive_words"] = ["mine"]
    created = phone.call("createTextMessage", text="mine")
    reply = phone.reply("sendMessage", id=created["id"], receiver="carol", groupID="")
    assert (80001, 3) == (reply["code"], reply["data"]["status"])
    return reply["data"]


DOINGS = [insert_c2c, insert_new_c2c, insert_group, fail]


@pytest.mark.parametrize("doing", DOINGS)
def test_own_messages_stay_on_the_device(stage: Stage, doing: Callable[[Phone], Any]) -> None:
    """The other device of the user hears of no message that never left the first, and neither lists, finds nor reads it."""
    phone, tablet = pair(stage)
    before, other = sees(tablet), sees(phone)
    message = doing(phone)
    assert [] == tablet.heard()
    assert before == sees(tablet)
    assert [] == tablet.call("findMessages", messageIDList=[message["msgID"]])
    assert other != sees(phone)
    assert "mine" in sees(phone)


@pytest.mark.parametrize(("dialect", "platform"), worlds_with("insertC2CMessageToLocalStorageV2"))
@pytest.mark.parametrize("target", [{"userID": "bob"}, {"groupID": "g"}])
def test_created_messages_stay_on_the_device(dialect: str, platform: str, target: dict[str, str]) -> None:
    """A message that was created and inserted is on the one device alone."""
    phone, tablet = pair(Stage(dialect, platform))
    before = sees(tablet)
    kind = "C2C" if "userID" in target else "Group"
    created = phone.call("createTextMessage", text="mine")
    method = f"insert{kind}MessageToLocalStorageV2"
    message = phone.call(method, **target, senderID="bob", createdMsgID=created["id"])
    assert ([], before) == (tablet.heard(), sees(tablet))
    assert message["msgID"] in sees(phone)


@pytest.mark.parametrize("doing", DOINGS)
def test_own_messages_outlive_the_session(stage: Stage, doing: Callable[[Phone], Any]) -> None:
    """They are there after a new login, a restart of the app, and in a world that was written down and read."""
    phone, tablet = pair(stage)
    doing(phone)
    before, other = sees(phone), sees(tablet)
    phone.call("logout")
    phone.login("alice")
    assert before == sees(phone)
    phone.close()
    assert before == sees(stage.enter("alice", "phone"))
    again = Stage(stage.dialect, stage.platform, world=json.loads(json.dumps(stage.emulator.export())))
    first, second = again.enter("alice", "phone"), again.enter("alice", "tablet", platform=stage.other_platform)
    assert (before, other) == (sees(first), sees(second))


def test_new_messages_meet_own_ones(stage: Stage) -> None:
    """What comes afterwards is the last message on both devices; the inserted one is the last again where it is, once that is deleted."""
    phone, tablet = pair(stage)
    mine = insert_new_c2c(phone)
    phone.heard()
    stage.enter("carol").send("hi", to="alice")
    assert ["onRecvNewMessage", "onConversationChanged"] == [kind for kind, _ in phone.heard("onRecvNewMessage", "onConversationChanged")]
    assert 1 == len(tablet.heard_one("onNewConversation"))
    for one in (phone, tablet):
        assert "hi" == one.conversation("c2c_carol")["lastMessage"]["textElem"]["text"]
    gone = phone.conversation("c2c_carol")["lastMessage"]["msgID"]
    phone.call("deleteMessages", msgIDs=[gone])
    assert mine["msgID"] == phone.conversation("c2c_carol")["lastMessage"]["msgID"]
    assert gone == tablet.conversation("c2c_carol")["lastMessage"]["msgID"]


@pytest.mark.uses("reSendMessage")
def test_failed_message_is_sent_again_for_all(stage: Stage) -> None:
    """Sent again, a failed message is everybody's; the user's other device hears of it then."""
    phone, tablet = pair(stage)
    failed = fail(phone)
    phone.stage.world.policy.switches["sensitive_words"] = []
    again = {"msgID": failed["msgID"], "onlineUserOnly": False}
    assert -1 == tablet.refused("reSendMessage", **again)
    phone.call("reSendMessage", **again)
    assert failed["msgID"] == tablet.heard_one("onRecvNewMessage")["msgID"]
    assert [failed["msgID"]] == [one["msgID"] for one in tablet.history(user="carol", count=9)]


def test_own_data_stay_on_the_device(stage: Stage) -> None:
    """
    Text and number beside a message show on the device that has set them alone, and outlive its session and the process.

    Windows sets the text of a copy, so that nothing is kept of it.
    """
    text = "" if stage.on_windows else "mine"
    phone, tablet = pair(stage)
    (message,) = phone.history(user="bob", count=1)
    before = sees(tablet)
    phone.call("setLocalCustomData", msgID=message["msgID"], localCustomData="mine")
    phone.call("setLocalCustomInt", msgID=message["msgID"], localCustomInt=7)
    assert ([], before) == (tablet.heard(), sees(tablet))
    tablet.call("setLocalCustomInt", msgID=message["msgID"], localCustomInt=8)
    phone.call("logout")
    phone.login("alice")
    again = Stage(stage.dialect, stage.platform, world=json.loads(json.dumps(stage.emulator.export())))
    for one in (stage, again):
        first = phone if one is stage else one.enter("alice", "phone")
        second = tablet if one is stage else one.enter("alice", "tablet", platform=stage.other_platform)
        shown = [device.history(user="bob", count=1)[0] for device in (first, second)]
        assert [(text, 7), ("", 8)] == [(row["localCustomData"], row["localCustomInt"]) for row in shown]


def test_data_given_when_sending_are_own(stage: Stage) -> None:
    """Local data that a message is sent with show on the sending device alone; cloud data reach everybody."""
    phone, tablet = pair(stage)
    created = phone.call("createTextMessage", text="hi")
    sent = phone.call("sendMessage", id=created["id"], receiver="bob", groupID="", localCustomData="mine", cloudCustomData="all")
    seen = tablet.heard_one("onRecvNewMessage")
    assert [("mine", "all"), ("", "all")] == [(one["localCustomData"], one["cloudCustomData"]) for one in (sent, seen)]
    assert "mine" == phone.call("findMessages", messageIDList=[sent["msgID"]])[0]["localCustomData"]
    assert "" == tablet.call("findMessages", messageIDList=[sent["msgID"]])[0]["localCustomData"]


def test_draft_lists_the_chat_on_one_device(stage: Stage) -> None:
    """A draft for a chat that is in no list makes it listed where the draft is, and nowhere else."""
    phone, tablet = pair(stage)
    before = sees(tablet)
    phone.call("setConversationDraft", conversationID="c2c_carol", draftText="half")
    assert ([], before) == (tablet.heard(), sees(tablet))
    rows = phone.call("getConversationList", **LIST)["conversationList"]
    assert ["c2c_carol", "c2c_bob"] == [row["conversationID"] for row in rows][:2]
