"""Stories 24 and 25: two devices of one user, another user on the same device, and what was missed."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.stage import Phone, Stage


def pair(stage: Stage) -> tuple[Phone, Phone]:
    """Return two devices of alice on two platforms."""
    phone = stage.enter("alice", "phone")
    return phone, stage.enter("alice", "tablet", platform=stage.other_platform)


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
    has_event = stage.has("onConversationDeleted")
    assert int(synced and has_event) == len(tablet.heard("onConversationDeleted"))


def shown(phone: Phone) -> Any:
    """Return what a device shows: its list, the unread total, the texts of the chat with bob."""
    listed = phone.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    texts = [one["textElem"]["text"] for one in phone.history("bob", count=9)]
    return listed, phone.call("getTotalUnreadMessageCount"), texts


def test_other_device_is_unchanged(stage: Stage) -> None:
    """With the switch off A2 keeps list, last message, count and history, and hears nothing; A1 and whoever comes later have none."""
    phone, tablet = pair(stage)
    bob = stage.enter("bob")
    for text in ("one", "two"):
        bob.send(text, to="alice")
    before, _ = shown(tablet), shown(phone)
    phone.heard(), tablet.heard()
    assert (2, ["two", "one"]) == before[1:]
    phone.call("deleteConversation", conversationID="c2c_bob")
    assert ([], 0, []) == shown(phone)
    made_up = phone.conversation("c2c_bob")
    assert (0, None, 0) == (made_up["unreadCount"], made_up.get("lastMessage"), made_up["orderkey"])
    assert [] == phone.call("getConversationListByConversaionIds", conversationIDList=["c2c_bob"])
    assert before == shown(tablet)
    assert [] == tablet.heard()
    assert ([], 0, []) == shown(stage.enter("alice", "later"))


def heard(phone: Phone) -> list[str]:
    """Return the types of all events since the last look, but those of the old listener."""
    return [kind for kind in phone.heard_types() if not kind.startswith("onRecvC2C")]


def test_next_message_is_news_where_it_was_deleted(stage: Stage) -> None:
    """A message makes it new on A1, with that message alone, and changes it on A2; reading it on either reads all of it on both."""
    phone, tablet = pair(stage)
    bob = stage.enter("bob")
    bob.send("old", to="alice")
    shown(phone), shown(tablet)
    phone.call("deleteConversation", conversationID="c2c_bob")
    phone.heard(), tablet.heard()
    bob.send("new", to="alice")
    assert ["onRecvNewMessage", "onNewConversation", "onTotalUnreadMessageCountChanged"] == heard(phone)
    (row,) = tablet.heard_one("onConversationChanged")
    assert (2, "new") == (row["unreadCount"], row["lastMessage"]["textElem"]["text"])
    assert (1, ["new"]) == shown(phone)[1:]
    assert (2, ["new", "old"]) == shown(tablet)[1:]
    phone.call("markC2CMessageAsRead", userID="bob")
    assert [0, 0] == [shown(phone)[1], shown(tablet)[1]]
    assert [0] == [total for kind, total in tablet.heard() if kind == "onTotalUnreadMessageCountChanged"]


def test_reading_what_the_other_device_deleted(stage: Stage) -> None:
    """A2 reads, pins, labels and revokes in what A1 has deleted; A1 hears of it only once it is in its list."""
    phone, tablet = pair(stage)
    bob = stage.enter("bob")
    bob.send("hi", to="alice")
    sent = tablet.send("oops", to="bob")
    shown(phone), shown(tablet)
    phone.call("deleteConversation", conversationID="c2c_bob")
    phone.heard(), tablet.heard()
    tablet.call("markAllMessageAsRead")
    assert [0] == [row["unreadCount"] for row in tablet.heard_one("onConversationChanged")]
    tablet.call("revokeMessage", msgID=sent["msgID"])
    assert [6] == [row["lastMessage"]["status"] for row in tablet.heard_one("onConversationChanged")]
    assert "onConversationChanged" not in phone.heard_types()
    tablet.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    assert [True] == [row["isPinned"] for row in tablet.heard_one("onConversationChanged")]
    assert [("c2c_bob", True)] == [(row["conversationID"], row["isPinned"]) for row in shown(phone)[0]]


def test_deleting_on_both(stage: Stage) -> None:
    """What both have deleted is nowhere, and no trace of either is left."""
    phone, tablet = pair(stage)
    stage.enter("bob").send("hi", to="alice")
    for one in (phone, tablet):
        one.call("deleteConversation", conversationID="c2c_bob")
    assert [([], 0, [])] * 2 == [shown(phone), shown(tablet)]
    assert "local_copies" not in stage.emulator.export()


@pytest.mark.parametrize("method", ["deleteMessages", "deleteMessageFromLocalStorage"])
def test_deleted_message_stays_on_the_other_device(stage: Stage, method: str) -> None:
    """
    A2 still shows the message that A1 has deleted as the last one, and counts it; A1 shows the one before.

    On Windows what is meant for the device alone is deleted by the service.
    """
    phone, tablet = pair(stage)
    bob = stage.enter("bob")
    bob.send("one", to="alice")
    gone = bob.send("two", to="alice")["msgID"]
    before, _ = shown(tablet), shown(phone)
    phone.heard(), tablet.heard()
    phone.call(method, **({"msgIDs": [gone]} if method == "deleteMessages" else {"msgID": gone}))
    (row,) = phone.heard_one("onConversationChanged")
    assert (1, "one") == (row["unreadCount"], row["lastMessage"]["textElem"]["text"])
    assert (1, ["one"]) == shown(phone)[1:]
    assert before == shown(tablet)
    assert [] == tablet.heard()
    later = shown(stage.enter("alice", "later"))
    is_gone = method == "deleteMessages" or stage.on_windows
    assert (1, ["one"]) == later[1:] if is_gone else (2, ["two", "one"]) == later[1:]


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
    stage.emulator.advance(stage.world.now_ms + 40_000)
    phone.heard()
    phone.login("bob")
    heard = [event for event in phone.heard() if event[0] != "onSelfInfoUpdated"]
    kinds = [kind for kind, _ in heard if "Conv" in kind or "Sync" in kind or kind == "onRecvNewMessage"]
    told = ["onNewConversation", "onConversationChanged"]
    expected = ["onSyncServerStart", *["onRecvNewMessage"] * 3, *told, "onSyncServerFinish"]
    assert expected == kinds
    assert ["m0", "m1", "m2"] == [data["textElem"]["text"] for kind, data in heard if kind == "onRecvNewMessage"]
    unread = [(kind, row["conversationID"], row["unreadCount"]) for kind, rows in heard if kind in told for row in rows]
    assert [("onNewConversation", "c2c_alice", 3), ("onConversationChanged", f"group_{group}", 2)] == unread


def test_expired_signature_ends_in_the_login_page(stage: Stage) -> None:
    """The demo answers the event with a logout, which works, and logs in anew."""
    from bridge.world.chats import sessions

    phone = stage.enter("alice")
    stage.emulator.run(lambda: sessions.expire(stage.world, stage.emulator.engine.device(phone.id)))
    assert ["onUserSigExpired"] == phone.heard_types()
    phone.call("logout")
    phone.login("alice")
    assert "alice" == phone.call("getLoginUser")
