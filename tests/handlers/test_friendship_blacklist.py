"""The blacklist through the channel, and what it does to friendship and messages."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.people import blacklist
from tests.support.console import befriend, outcomes, strict, switch
from tests.support.stage import Phone, Stage


def blocked(phone: Phone) -> list[str]:
    """Return the ids in a blacklist."""
    return [friend["userID"] for friend in phone.call("getBlackList")]


def failed_send(phone: Phone, to: str) -> Any:
    """Send a text that must be refused; return the reply."""
    created = phone.call("createTextMessage", text="hi")
    return phone.reply("sendMessage", id=created["id"], receiver=to, groupID="")


def test_blocking_tells_own_devices(stage: Stage) -> None:
    """All own devices hear with friend maps; the blocked one hears nothing."""
    other = stage.other_platform
    phone, tablet, bob = stage.enter("alice"), stage.enter("alice", "tablet", platform=other), stage.enter("bob")
    bob.call("setSelfInfo", nickName="Bob")
    items = phone.call("addToBlackList", userIDList=["bob", "carol"])
    assert [("bob", 0), ("carol", 0)] == outcomes(items)
    for device in (phone, tablet):
        added = device.heard_one("onBlackListAdd")
        assert [("bob", "Bob"), ("carol", "")] == [(f["userID"], f["userProfile"]["nickName"]) for f in added]
    assert ["onSelfInfoUpdated"] == bob.heard_types()
    assert ["bob", "carol"] == blocked(phone) == blocked(tablet)


def test_blocking_ends_friendship_both_ways(stage: Stage) -> None:
    """Both sides lose each other and hear it, after the blocking itself; the chat stays, with its fallen back name."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    alice.call("setFriendInfo", userID="bob", friendRemark="Bobby", friendCustomInfo=None)
    alice.send("hi", to="bob")
    alice.heard()
    bob.heard()
    alice.call("addToBlackList", userIDList=["bob"])
    assert ["onBlackListAdd", "onFriendListDeleted", "onConversationChanged"] == alice.heard_types()
    assert [("onFriendListDeleted", ["alice"])] == bob.heard()
    assert [] == alice.call("getFriendList") + bob.call("getFriendList")
    assert "bob" == alice.conversation("c2c_bob")["showName"]


def test_a_switch_keeps_friends(stage: Stage) -> None:
    """With the console's switch blocking leaves the friendship alone."""
    switch(stage, blocking_keeps_friends=True)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    alice.call("addToBlackList", userIDList=["bob"])
    assert ["onBlackListAdd"] == alice.heard_types()
    assert [] == bob.heard()
    assert 1 == len(alice.call("getFriendList"))


def test_blocking_fails_singly(stage: Stage) -> None:
    """Oneself is 30001, an unknown user 30003, one in the list already 30001 with the service's text."""
    strict(stage)
    alice = stage.enter("alice")
    stage.enter("bob")
    alice.call("addToBlackList", userIDList=["bob"])
    alice.heard()
    items = alice.call("addToBlackList", userIDList=["alice", "nobody", "bob"])
    assert [("alice", 30001), ("nobody", 30003), ("bob", 30001)] == outcomes(items)
    assert "Err_SNS_BlackListAdd_Already_Exist" == items[2]["resultInfo"]
    assert [] == alice.heard()
    assert ["bob"] == blocked(alice)


def test_a_full_blacklist_takes_nobody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit an item is 30013."""
    monkeypatch.setattr(blacklist, "MAX_BLOCKED", 2)
    items = stage.enter("alice").call("addToBlackList", userIDList=["bob", "carol", "dave"])
    assert [0, 0, 30013] == [item["resultCode"] for item in items]


def test_the_limit_is_1000() -> None:
    """1000 users can be blocked (product docs: limits)."""
    assert 1000 == blacklist.MAX_BLOCKED


def test_unblocking_restores_no_friendship(stage: Stage) -> None:
    """Own devices hear the ids; the friendship stays ended."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    alice.call("addToBlackList", userIDList=["bob"])
    alice.heard()
    bob.heard()
    assert [("bob", 0)] == outcomes(alice.call("deleteFromBlackList", userIDList=["bob"]))
    assert [("onBlackListDeleted", ["bob"])] == alice.heard()
    assert [] == bob.heard() + blocked(alice) + alice.call("getFriendList")


def test_unblocking_one_who_is_not_blocked(stage: Stage) -> None:
    """Who is not in the list: 30001 and no event; the others go all the same."""
    alice = stage.enter("alice")
    assert [("bob", 30001)] == outcomes(alice.call("deleteFromBlackList", userIDList=["bob"]))
    assert [] == alice.heard()
    alice.call("addToBlackList", userIDList=["carol"])
    assert [("bob", 30001), ("carol", 0)] == outcomes(alice.call("deleteFromBlackList", userIDList=["bob", "carol"]))


def test_blocked_sender_sees_success(stage: Stage) -> None:
    """A blocked sender's message succeeds and reaches nobody: no event, no chat, not in the history even later."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("addToBlackList", userIDList=["bob"])
    alice.heard()
    assert 2 == bob.send("hi", to="alice")["status"]
    assert [] == alice.heard()
    assert 0 == alice.call("getTotalUnreadMessageCount")
    assert [] == alice.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    assert "hi" == bob.conversation("c2c_alice")["lastMessage"]["textElem"]["text"]
    alice.call("deleteFromBlackList", userIDList=["bob"])
    bob.send("again", to="alice")
    assert ["again"] == [data["textElem"]["text"] for kind, data in alice.heard() if kind == "onRecvNewMessage"]


def test_blocker_can_still_send(stage: Stage) -> None:
    """Messages of the one who blocks arrive."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("addToBlackList", userIDList=["bob"])
    alice.send("hi", to="bob")
    assert "onRecvNewMessage" in bob.heard_types()


def test_a_switch_refuses_blocked_senders(stage: Stage) -> None:
    """With the console's switch the blocked sender gets 20007 and a failed message; sent again later it arrives."""
    switch(stage, blacklist_refuses=True)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("addToBlackList", userIDList=["bob"])
    alice.heard()
    reply = failed_send(bob, "alice")
    assert (20007, 3) == (reply["code"], reply["data"]["status"])
    assert [] == alice.heard()
    alice.call("deleteFromBlackList", userIDList=["bob"])
    bob.send("hi", to="alice")
    assert "onRecvNewMessage" in alice.heard_types()


def test_a_switch_lets_friends_alone_talk(stage: Stage) -> None:
    """With the relationship check: 20009 strangers, 20010 not in the other's list, 20011 not in the own; friends may."""
    switch(stage, friends_only=True)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    assert 20009 == failed_send(alice, "bob")["code"]
    alice.call("addFriend", userID="bob", addType=1)
    assert 20010 == failed_send(alice, "bob")["code"]
    assert 20011 == failed_send(bob, "alice")["code"]
    alice.call("addFriend", userID="bob", addType=2)
    assert 2 == alice.send("hi", to="bob")["status"]
    assert 2 == alice.send("note to self", to="alice")["status"]
