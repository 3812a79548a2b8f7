"""Unread counts through the channel: what counts, sums, who hears of them, reading, and what peers hear of that."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats import conversations
from tests.support.groups import team
from tests.support.stage import Phone, Stage

RECEIVE, DISCARD, QUIET = 0, 1, 2


@pytest.fixture(params=["android", "ios"])
def new_stage(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage of the dialect that has filters and the one call that reads everything."""
    return Stage("chat-8.2", request.param)


def unread(phone: Phone, conversation_id: str) -> int:
    """Return the unread count of a conversation."""
    count: int = phone.conversation(conversation_id)["unreadCount"]
    return count


def total(phone: Phone) -> int:
    """Return the unread total; from then on the phone hears of its changes."""
    count: int = phone.call("getTotalUnreadMessageCount")
    return count


def read(phone: Phone, peer: str) -> None:
    """Read a one-to-one chat with the call that the dialect has for it."""
    if not phone.has("cleanConversationUnreadMessageCount"):
        phone.call("markC2CMessageAsRead", userID=peer)
    else:
        clean(phone, f"c2c_{peer}")


def clean(phone: Phone, conversation_id: str, timestamp: int = 0, sequence: int = 0) -> None:
    """Read with 8.2's call."""
    phone.call(
        "cleanConversationUnreadMessageCount",
        conversationID=conversation_id,
        cleanTimestamp=timestamp,
        cleanSequence=sequence,
    )


def set_opt(phone: Phone, conversation_id: str, opt: int) -> None:
    """Set a receive option in the world."""
    conversations.change(phone.stage.world, phone.user, conversation_id, recv_opt=opt)
    phone.stage.world.log.commit()


def condition(**given: Any) -> dict[str, Any]:
    """Return a filter map of 8.2; what is left out is null."""
    keys = ("conversationType", "conversationGroup", "markType", "hasUnreadCount", "hasGroupAtInfo")
    return {**dict.fromkeys(keys), **given}


# --- what counts


def test_received_messages_count(stage: Stage) -> None:
    """Each received message adds one, own ones and reading the history change nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    for _ in range(3):
        bob.send("hi", to="alice")
    assert 3 == unread(alice, "c2c_bob")
    alice.send("hello", to="bob")
    alice.history("bob", count=10)
    assert 3 == unread(alice, "c2c_bob")
    assert 1 == unread(bob, "c2c_alice")


@pytest.mark.parametrize("option", ["isExcludedFromUnreadCount", "onlineUserOnly"])
def test_some_messages_do_not_count(stage: Stage, option: str) -> None:
    """Messages that are excluded, and those for online users alone, add nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    options: dict[str, Any] = {option: True}
    bob.send("hi", to="alice", **options)
    assert 0 == unread(alice, "c2c_bob")


def test_own_other_device_counts_nothing(stage: Stage) -> None:
    """What was sent from another own device is not unread."""
    other = stage.other_platform
    phone, tablet = stage.enter("alice"), stage.enter("alice", "tablet", platform=other)
    phone.send("hi", to="bob")
    assert 0 == unread(tablet, "c2c_bob")


@pytest.mark.parametrize(("group_type", "count"), [("Work", 1), ("Public", 1), ("Meeting", 0), ("AVChatRoom", 0)])
def test_group_types_count_differently(stage: Stage, group_type: str, count: int) -> None:
    """Meetings and live rooms keep no unread count."""
    group_id, (alice, bob) = team(stage, group_type, "alice", "bob")
    alice.send("hi", group=group_id)
    assert count == unread(bob, f"group_{group_id}")


def test_receive_options_count_on_the_chat(stage: Stage) -> None:
    """Option 2 counts on the chat and not in the total; with option 1 nothing arrives."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    assert 1 == total(alice)
    set_opt(alice, "c2c_bob", QUIET)
    bob.send("hi", to="alice")
    assert (2, 0) == (unread(alice, "c2c_bob"), total(alice))
    set_opt(alice, "c2c_bob", DISCARD)
    bob.send("hi", to="alice")
    assert 2 == unread(alice, "c2c_bob")


# --- the total


def test_total_is_told_after_it_was_asked_for(stage: Stage) -> None:
    """Only a device that has asked for the total hears of its changes, as a bare number."""
    other = stage.other_platform
    phone, tablet, bob = stage.enter("alice"), stage.enter("alice", "tablet", platform=other), stage.enter("bob")
    bob.send("hi", to="alice")
    assert [] == phone.heard("onTotalUnreadMessageCountChanged")
    assert 1 == total(phone)
    bob.send("hi", to="alice")
    assert [("onTotalUnreadMessageCountChanged", 2)] == phone.heard("onTotalUnreadMessageCountChanged")
    assert [] == tablet.heard("onTotalUnreadMessageCountChanged")
    read(phone, "bob")
    assert 0 == phone.heard_one("onTotalUnreadMessageCountChanged")


def test_an_equal_total_is_not_told(stage: Stage) -> None:
    """Sending, reading what is read, and messages of muted chats change no total."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    total(alice)
    alice.send("hi", to="bob")
    read(alice, "bob")
    set_opt(alice, "c2c_bob", QUIET)
    bob.send("hi", to="alice")
    assert [] == alice.heard("onTotalUnreadMessageCountChanged")


def test_total_ends_with_the_login(stage: Stage) -> None:
    """After a new login the total has to be asked for again."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    total(alice)
    alice.call("logout")
    alice.login("alice")
    alice.heard()
    bob.send("hi", to="alice")
    assert [] == alice.heard("onTotalUnreadMessageCountChanged")


# --- sums by filter


def test_sums_by_filter(new_stage: Stage) -> None:
    """The sum over the conversations that meet a filter; muted ones are left out."""
    group_id, (alice, bob) = team(new_stage, "Work", "alice", "bob")
    bob.send("hi", group=group_id)
    for _ in range(2):
        bob.send("hi", to="alice")
    alice.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_bob"])

    def count(**given: Any) -> int:
        number: int = alice.call("getUnreadMessageCountByFilter", filter=condition(**given))
        return number

    assert (3, 2, 1) == (count(), count(conversationType=1), count(conversationType=2))
    assert (2, 1, 0) == (count(conversationGroup="Work"), count(conversationGroup=""), count(markType=1))
    set_opt(alice, "c2c_bob", QUIET)
    assert (1, 0) == (count(), count(conversationType=1))


def test_filter_subscriptions(new_stage: Stage) -> None:
    """Nothing is told at once; later each filter whose sum changes is told with itself, the others are not."""
    group_id, (alice, bob) = team(new_stage, "Work", "alice", "bob")
    for kind in (1, 2):
        alice.call("subscribeUnreadMessageCountByFilter", filter=condition(conversationType=kind))
    assert [] == alice.heard()
    bob.send("hi", group=group_id)
    data = alice.heard_one("onUnreadMessageCountChangedByFilter")
    assert (2, 1) == (data["filter"]["conversationType"], data["totalUnreadCount"])
    bob.send("hi", to="alice")
    data = alice.heard_one("onUnreadMessageCountChangedByFilter")
    assert (1, 1) == (data["filter"]["conversationType"], data["totalUnreadCount"])
    clean(alice, "")
    told = [data for _, data in alice.heard("onUnreadMessageCountChangedByFilter")]
    assert [(1, 0), (2, 0)] == [(data["filter"]["conversationType"], data["totalUnreadCount"]) for data in told]


def test_filter_follows_labels(new_stage: Stage) -> None:
    """A chat that comes into a subscribed conversation group, or gets a subscribed mark, changes the sum."""
    alice, bob = new_stage.enter("alice"), new_stage.enter("bob")
    bob.send("hi", to="alice")
    alice.call("subscribeUnreadMessageCountByFilter", filter=condition(conversationGroup="Work"))
    alice.call("subscribeUnreadMessageCountByFilter", filter=condition(markType=1))
    alice.heard()
    alice.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_bob"])
    data = alice.heard_one("onUnreadMessageCountChangedByFilter")
    assert ("Work", 1) == (data["filter"]["conversationGroup"], data["totalUnreadCount"])
    alice.call("markConversation", markType=1, enableMark=True, conversationIDList=["c2c_bob"])
    data = alice.heard_one("onUnreadMessageCountChangedByFilter")
    assert (1, 1) == (data["filter"]["markType"], data["totalUnreadCount"])


def test_filter_subscriptions_end(new_stage: Stage) -> None:
    """They end one by one with unsubscribe, and all with the login."""
    alice, bob = new_stage.enter("alice"), new_stage.enter("bob")
    for kind in (0, 1):
        alice.call("subscribeUnreadMessageCountByFilter", filter=condition(conversationType=kind))
    alice.call("unsubscribeUnreadMessageCountByFilter", filter=condition(conversationType=1))
    alice.call("unsubscribeUnreadMessageCountByFilter", filter=condition(conversationType=2))
    bob.send("hi", to="alice")
    data = alice.heard_one("onUnreadMessageCountChangedByFilter")
    assert 0 == data["filter"]["conversationType"]
    alice.call("logout")
    alice.login("alice")
    alice.heard()
    bob.send("hi", to="alice")
    assert [] == alice.heard("onUnreadMessageCountChangedByFilter")


# --- reading


def test_reading_tells_reader_and_peer(stage: Stage) -> None:
    """The reader's devices hear the chat with 0; the peer gets a receipt with the time, and the chat whose last message is read now."""
    other = stage.other_platform
    phone, tablet, bob = stage.enter("alice"), stage.enter("alice", "tablet", platform=other), stage.enter("bob")
    sent = bob.send("hi", to="alice")
    stage.advance(5_000)
    for device in (phone, tablet, bob):
        device.heard()
    read(phone, "bob")
    for device in (phone, tablet):
        (row,) = device.heard_one("onConversationChanged")
        assert ("c2c_bob", 0) == (row["conversationID"], row["unreadCount"])
    (receipt_type, receipts), (changed, rows) = bob.heard()
    assert ("onRecvC2CReadReceipt", "onConversationChanged") == (receipt_type, changed)
    assert [("alice", sent["timestamp"] + 5)] == [(one["userID"], one["timestamp"]) for one in receipts]
    assert [True] == [row["lastMessage"]["isPeerRead"] for row in rows]


def test_read_time_is_the_newest_messages(new_stage: Stage) -> None:
    """c2cReadTimestamp is the time of the newest message that was read, whenever it was read."""
    alice, bob = new_stage.enter("alice"), new_stage.enter("bob")
    sent = bob.send("hi", to="alice")
    new_stage.advance(60_000)
    assert 0 == alice.conversation("c2c_bob")["c2cReadTimestamp"]
    read(alice, "bob")
    assert sent["timestamp"] == alice.conversation("c2c_bob")["c2cReadTimestamp"]


def test_reading_what_is_read(stage: Stage) -> None:
    """It succeeds, and the peer gets a receipt with a newer time."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    read(alice, "bob")
    first = bob.heard("onRecvC2CReadReceipt")[0][1][0]["timestamp"]
    stage.advance(10_000)
    read(alice, "bob")
    assert first + 10 == bob.heard("onRecvC2CReadReceipt")[0][1][0]["timestamp"]


def test_reading_up_to_a_time(new_stage: Stage) -> None:
    """With a time only what was sent until then is read, that second included; reading never goes back."""
    alice, bob = new_stage.enter("alice"), new_stage.enter("bob")
    times = []
    for text in ("one", "two", "three"):
        times.append(bob.send(text, to="alice")["timestamp"])
        new_stage.advance(10_000)
    bob.heard()
    clean(alice, "c2c_bob", timestamp=times[1])
    assert 1 == unread(alice, "c2c_bob")
    assert [("alice", times[1])] == [
        (one["userID"], one["timestamp"]) for one in bob.heard("onRecvC2CReadReceipt")[0][1]
    ]
    clean(alice, "c2c_bob", timestamp=times[0])
    row = alice.conversation("c2c_bob")
    assert (1, times[1]) == (row["unreadCount"], row["c2cReadTimestamp"])
    history = bob.history("alice", count=10)
    assert [False, True, True] == [message["isPeerRead"] for message in history]


def test_reading_up_to_a_number(new_stage: Stage) -> None:
    """In a group the sequence number counts, itself included, and never beyond the last message; nobody gets a receipt."""
    group_id, (alice, bob) = team(new_stage, "Public", "alice", "bob")
    seqs = [int(bob.send(text, group=group_id)["seq"]) for text in ("one", "two", "three")]
    bob.heard()
    clean(alice, f"group_{group_id}", sequence=seqs[1])
    row = alice.conversation(f"group_{group_id}")
    assert (1, seqs[1]) == (row["unreadCount"], row["groupReadSequence"])
    clean(alice, f"group_{group_id}", sequence=seqs[0])
    assert seqs[1] == alice.conversation(f"group_{group_id}")["groupReadSequence"]
    clean(alice, f"group_{group_id}", sequence=seqs[2] + 1000)
    row = alice.conversation(f"group_{group_id}")
    assert (0, seqs[2]) == (row["unreadCount"], row["groupReadSequence"])
    assert [] == bob.heard()


def test_reading_empties_mentions(new_stage: Stage) -> None:
    """Who has read everything is mentioned no more."""
    group_id, (alice, bob) = team(new_stage, "Public", "alice", "bob")
    created = bob.call("createTextAtMessage", text="you", atUserList=["alice"])
    bob.call("sendMessage", id=created["id"], receiver="", groupID=group_id)
    assert [1] == [at["atType"] for at in alice.conversation(f"group_{group_id}")["groupAtInfoList"]]
    clean(alice, f"group_{group_id}")
    assert [] == alice.conversation(f"group_{group_id}")["groupAtInfoList"]


@pytest.mark.parametrize(
    ("what", "left"),
    [("c2c", {"c2c_bob": 0, "group": 1}), ("group", {"c2c_bob": 1, "group": 0}), ("", {"c2c_bob": 0, "group": 0})],
)
def test_reading_all_of_a_kind(new_stage: Stage, what: str, left: dict[str, int]) -> None:
    """ "c2c" reads all one-to-one chats, "group" all groups, an empty text everything; each peer gets one receipt."""
    group_id, (alice, bob) = team(new_stage, "Public", "alice", "bob")
    bob.send("hi", group=group_id)
    bob.send("hi", to="alice")
    bob.heard()
    clean(alice, what)
    assert left["c2c_bob"] == unread(alice, "c2c_bob")
    assert left["group"] == unread(alice, f"group_{group_id}")
    receipts = [] if left["c2c_bob"] else ["onRecvC2CReadReceipt"]
    assert receipts == [kind for kind in bob.heard_types() if kind == "onRecvC2CReadReceipt"]


def test_reading_all_in_the_old_client(stage: Stage) -> None:
    """markAllMessageAsRead reads everything: counts, total, and one receipt per peer."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    for phone in (bob, bob, carol):
        phone.send("hi", to="alice")
    assert 3 == total(alice)
    for phone in (alice, bob, carol):
        phone.heard()
    alice.call("markAllMessageAsRead")
    assert 0 == alice.heard_one("onTotalUnreadMessageCountChanged")
    assert [0, 0] == [unread(alice, "c2c_bob"), unread(alice, "c2c_carol")]
    for phone in (bob, carol):
        assert 1 == len(phone.heard("onRecvC2CReadReceipt"))


@pytest.mark.parametrize("wrong", ["bob", "c2c_", "all"])
def test_malformed_ids_are_refused(new_stage: Stage, wrong: str) -> None:
    """An id that is none is refused with 6017."""
    assert 6017 == new_stage.enter("alice").refused(
        "cleanConversationUnreadMessageCount", conversationID=wrong, cleanTimestamp=0, cleanSequence=0
    )


def test_groups_that_are_gone(new_stage: Stage) -> None:
    """An unknown group is 10010; a dismissed one with a conversation can be read, alone and among all."""
    group_id, (alice, bob) = team(new_stage, "Public", "alice", "bob")
    alice.send("hi", group=group_id)
    alice.call("dismissGroup", groupID=group_id)
    clean(bob, "group")
    assert 0 == unread(bob, f"group_{group_id}")
    clean(bob, f"group_{group_id}")
    assert 10010 == bob.refused(
        "cleanConversationUnreadMessageCount", conversationID="group_none", cleanTimestamp=0, cleanSequence=0
    )


@pytest.mark.parametrize("key", ["cleanTimestamp", "cleanSequence"])
def test_wide_numbers_hang_android(new_stage: Stage, key: str) -> None:
    """Android's adapter dies of a number over 32 bits; iOS takes it."""
    alice, bob = new_stage.enter("alice"), new_stage.enter("bob")
    bob.send("hi", to="alice")
    given = {"conversationID": "c2c_bob", "cleanTimestamp": 0, "cleanSequence": 0, key: 1 << 31}
    if not new_stage.goes_by_ios:
        error = alice.error("cleanConversationUnreadMessageCount", **given)
        assert (-32001, "unanswered") == (error.code, error.data["reason"])
    else:
        alice.call("cleanConversationUnreadMessageCount", **given)
        assert 0 == unread(alice, "c2c_bob")
