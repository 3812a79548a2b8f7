"""Stories 24 and 25: two devices of one user, another user on the same device, and what was missed."""

from __future__ import annotations

import pytest

from bridge.world.world import Policy
from tests.support.stage import Phone, Stage

OTHER = {"android": "ios", "ios": "android"}


def pair(stage: Stage) -> tuple[Phone, Phone]:
    """Return two devices of alice on two platforms."""
    phone = stage.enter("alice", "phone")
    return phone, stage.enter("alice", "tablet", platform=OTHER[stage.platform])


def test_own_messages_reach_the_other_device(stage: Stage) -> None:
    """What one device sends the other gets as its own, with nothing unread."""
    phone, tablet = pair(stage)
    phone.send("hi", to="bob")
    assert True is tablet.heard_one("onRecvNewMessage")["isSelf"]
    assert 0 == tablet.conversation("c2c_bob")["unreadCount"]
    assert [] == phone.heard("onRecvNewMessage")


def test_reading_and_labels_are_shared(stage: Stage) -> None:
    """Reading, pinning and grouping on one device show on the other."""
    phone, tablet = pair(stage)
    stage.enter("bob").send("hi", to="alice")
    phone.heard(), tablet.heard()
    tablet.call("markC2CMessageAsRead", userID="bob")
    assert [0] == [row["unreadCount"] for _, rows in phone.heard("onConversationChanged") for row in rows][-1:]
    tablet.heard()
    phone.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    assert [True] == [row["isPinned"] for row in tablet.heard_one("onConversationChanged")]
    phone.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_bob"])
    assert "Work" == tablet.heard_one("onConversationGroupCreated")["groupName"]


@pytest.mark.parametrize("synced", [False, True])
def test_deleting_stays_on_one_device(stage: Stage, synced: bool) -> None:
    """The other device hears of a deletion only where the console says that deletions are shared, and the client has the event."""
    policy = Policy(switches={"sync_conversation_deletion": synced})
    stage = Stage(stage.dialect, stage.platform, policy=policy)
    phone, tablet = pair(stage)
    phone.send("hi", to="bob")
    tablet.heard()
    phone.call("deleteConversation", conversationID="c2c_bob")
    has_event = stage.dialect == "chat-8.2"
    assert int(synced and has_event) == len(tablet.heard("onConversationDeleted"))


def test_second_phone_kicks_the_first(stage: Stage) -> None:
    """The first phone hears of it, its next call is 6014, its logout works, and its login page may be used."""
    first = stage.enter("alice", "first")
    stage.enter("alice", "second")
    assert ["onKickedOffline"] == first.heard_types()
    assert 6014 == first.refused("getFriendList")
    first.call("logout")
    assert "" == first.call("getLoginUser")


def test_account_switch_and_catch_up(stage: Stage) -> None:
    """Another user on the same device has their own lists; what they miss while away comes with the next login."""
    alice, carol = stage.enter("alice"), stage.enter("carol")
    members = [{"userID": "bob", "role": 200}]
    group = alice.call("createGroup", groupType="Work", groupName="crew", memberList=members)
    alice.send("first", group=group)
    phone = stage.enter("dave", "shared")
    phone.send("own", to="erin")
    phone.login("bob")
    listed = phone.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    assert [f"group_{group}"] == [row["conversationID"] for row in listed]
    phone.call("markGroupMessageAsRead", groupID=group)
    carol.call("subscribeUserStatus", userIDList=["bob"])
    phone.call("logout")
    assert 3 == carol.heard_one("onUserStatusChanged")["statusList"][0]["statusType"]
    for number in range(3):
        alice.send(f"m{number}", to="bob")
    for number in range(2):
        alice.send(f"g{number}", group=group)
    phone.heard()
    phone.login("bob")
    heard = [event for event in phone.heard() if event[0] != "onSelfInfoUpdated"]
    kinds = [kind for kind, _ in heard if "Conv" in kind or "Sync" in kind or kind == "onRecvNewMessage"]
    expected = ["onSyncServerStart", *["onRecvNewMessage"] * 3, "onNewConversation", "onSyncServerFinish"]
    assert expected == kinds
    assert ["m0", "m1", "m2"] == [data["textElem"]["text"] for kind, data in heard if kind == "onRecvNewMessage"]
    unread = {
        row["conversationID"]: row["unreadCount"] for kind, rows in heard if kind == "onNewConversation" for row in rows
    }
    assert {"c2c_alice": 3, f"group_{group}": 2} == unread


def test_expired_signature_ends_in_the_login_page(stage: Stage) -> None:
    """The demo answers the event with a logout, which works, and logs in anew."""
    from bridge.world import sessions

    phone = stage.enter("alice")
    stage.emulator.run(lambda: sessions.expire(stage.world, stage.emulator.engine.device(phone.id)))
    assert ["onUserSigExpired"] == phone.heard_types()
    phone.call("logout")
    phone.login("alice")
    assert "alice" == phone.call("getLoginUser")
