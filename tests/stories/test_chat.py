"""Stories of two people: first contact, reading, failing and trying again, paging, typing."""

from __future__ import annotations

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import team
from tests.support.stage import Stage

TYPING = '{"businessID":"user_typing_status","typingStatus":1,"userAction":14,"version":0,"actionParam":"EIMAMSG_InputStatus_Ing"}'


@pytest.mark.uses("getHistoryMessageListV2")
def test_first_contact_with_both_online(stage: Stage) -> None:
    """Story 3: a chat is opened before it exists, the first text makes it on both sides."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("getTotalUnreadMessageCount")
    assert "c2c_bob" == alice.conversation("c2c_bob")["conversationID"]
    page = alice.call("getHistoryMessageListV2", getType=1, userID="bob", count=20, lastMsgSeq=-1)
    assert {"isFinished": True, "messageList": []} == page
    created = alice.call("createTextMessage", text="hi")
    assert created["id"] == created["messageInfo"]["id"]
    sent = alice.call("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert (2, created["id"], True) == (sent["status"], sent["id"], bool(sent["msgID"]))
    heard = alice.heard()
    assert {"onNewConversation", "onConversationChanged"} == {kind for kind, _ in heard}
    assert 0 == heard[-1][1][0]["unreadCount"]
    events = dict(bob.heard())
    assert not events["onRecvNewMessage"]["isSelf"]
    row = events["onNewConversation"][0]
    assert (1, sent["msgID"]) == (row["unreadCount"], row["lastMessage"]["msgID"])
    assert 1 == events["onTotalUnreadMessageCountChanged"]


@pytest.mark.uses("getHistoryMessageListV2")
def test_reading_and_read_state(stage: Stage) -> None:
    """Story 4: bob opens the chat and reads; alice's own messages turn read."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("getTotalUnreadMessageCount")
    sent = alice.send("hi", to="bob")
    alice.heard(), bob.heard()
    page = bob.call("getHistoryMessageListV2", getType=1, userID="alice", count=20, lastMsgSeq=-1)
    assert [sent["msgID"]] == [row["msgID"] for row in page["messageList"]]
    bob.call("markC2CMessageAsRead", userID="alice")
    events = dict(bob.heard())
    assert 0 == events["onConversationChanged"][0]["unreadCount"]
    assert 0 == events["onTotalUnreadMessageCountChanged"]
    assert "bob" == dict(alice.heard())["onRecvC2CReadReceipt"][0]["userID"]
    (own,) = alice.call("findMessages", messageIDList=[sent["msgID"]])
    assert own["isPeerRead"]


@pytest.mark.uses("reSendMessage")
def test_send_failure_and_resend(stage: Stage) -> None:
    """Story 5: blocked, refused, shown as failed; unblocked, sent again under the same id."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"blacklist_refuses": True}))
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("addToBlackList", userIDList=["alice"])
    created = alice.call("createTextMessage", text="hi")
    reply = alice.reply("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert (20007, 3, created["id"]) == (reply["code"], reply["data"]["status"], reply["data"]["id"])
    assert [3] == [row["status"] for row in alice.history("bob")]
    bob.call("deleteFromBlackList", userIDList=["alice"])
    bob.heard()
    sent = alice.call("reSendMessage", msgID=reply["data"]["msgID"], onlineUserOnly=False)
    assert 2 == sent["status"]
    assert sent["msgID"] == bob.heard_one("onRecvNewMessage")["msgID"]
    assert [2] == [row["status"] for row in alice.history("bob")]


@pytest.mark.uses("getHistoryMessageListV2")
def test_paging_a_history(stage: Stage) -> None:
    """Story 6: sixty messages in pages of twenty; the fourth page is empty and finished."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = [alice.send(str(number), to="bob")["msgID"] for number in range(60)]
    last, read = None, []
    for _ in range(3):
        page = bob.call("getHistoryMessageListV2", getType=1, userID="alice", count=20, lastMsgSeq=-1, lastMsgID=last)
        assert (False, 20) == (page["isFinished"], len(page["messageList"]))
        read += [row["msgID"] for row in page["messageList"]]
        last = read[-1]
    assert sent[::-1] == read
    page = bob.call("getHistoryMessageListV2", getType=1, userID="alice", count=20, lastMsgSeq=-1, lastMsgID=last)
    assert {"isFinished": True, "messageList": []} == page


@pytest.mark.uses("getHistoryMessageListV2")
def test_jumping_to_a_mention(stage: Stage) -> None:
    """Story 6, in a group: the number of the oldest message comes again; from a mention one reads both ways."""
    group, (alice, bob, _) = team(stage, "Public")
    for number in range(3):
        alice.send(f"before {number}", group=group)
    created = alice.call("createTextAtMessage", text="@bob", atUserList=["bob"])
    alice.call("sendMessage", id=created["id"], receiver="", groupID=group)
    for number in range(3):
        alice.send(f"after {number}", group=group)
    (note,) = bob.conversation(f"group_{group}")["groupAtInfoList"]
    found = {}
    for kind in (1, 2):
        page = bob.call("getHistoryMessageListV2", getType=kind, groupID=group, count=3, lastMsgSeq=int(note["seq"]))
        found[kind] = [row["textElem"]["text"] for row in page["messageList"]]
    assert {1: ["@bob", "before 2", "before 1"], 2: ["@bob", "after 0", "after 1"]} == found


def test_typing_indicator(stage: Stage) -> None:
    """Story 14: an online-only custom message is heard and leaves nothing; who is away never gets it."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hello", to="alice", cloudCustomData='{"messageFeature":{"needTyping":1,"version":1}}')
    alice.heard(), bob.heard()
    before = bob.conversation("c2c_alice")
    created = alice.call("createCustomMessage", data=TYPING)
    alice.call("sendMessage", id=created["id"], receiver="bob", groupID="", onlineUserOnly=True)
    assert TYPING == bob.heard_one("onRecvNewMessage")["customElem"]["data"]
    assert before == bob.conversation("c2c_alice")
    assert 1 == len(bob.history("alice"))
    bob.call("logout")
    created = alice.call("createCustomMessage", data=TYPING)
    alice.call("sendMessage", id=created["id"], receiver="bob", groupID="", onlineUserOnly=True)
    bob.login("bob")
    assert [] == bob.heard("onRecvNewMessage")
