"""Reading conversations by the calls of messageManager, and receipts of single messages."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import team
from tests.support.stage import Phone, Stage


def test_reading_a_chat_tells_both(stage: Stage) -> None:
    """The reader hears a count of 0; the peer hears until when, and the own message turns read."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("getTotalUnreadMessageCount")
    sent = alice.send("hi", to="bob")
    alice.heard(), bob.heard()
    assert bob.call("markC2CMessageAsRead", userID="alice") is None
    (first, rows), (second, total) = bob.heard()
    assert ("onConversationChanged", 0, "onTotalUnreadMessageCountChanged", 0) == (
        first,
        rows[0]["unreadCount"],
        second,
        total,
    )
    (kind, receipts), (changed, rows) = alice.heard()
    assert ("onRecvC2CReadReceipt", "onConversationChanged") == (kind, changed)
    assert [("bob", stage.now_s())] == [(item["userID"], item["timestamp"]) for item in receipts]
    assert rows[0]["lastMessage"]["isPeerRead"]
    (own,) = alice.call("findMessages", messageIDList=[sent["msgID"]])
    (theirs,) = bob.call("findMessages", messageIDList=[sent["msgID"]])
    assert (True, True) == (own["isPeerRead"], theirs["isRead"])


def test_reading_a_group(stage: Stage) -> None:
    """Reading a group empties the count and the mentions and tells nobody else."""
    group, (alice, bob, _) = team(stage, "Public")
    created = alice.call("createTextAtMessage", text="@bob", atUserList=["bob"])
    alice.call("sendMessage", id=created["id"], receiver="", groupID=group)
    assert 1 == bob.conversation(f"group_{group}")["groupAtInfoList"][0]["atType"]
    alice.heard()
    bob.call("markGroupMessageAsRead", groupID=group)
    row = bob.conversation(f"group_{group}")
    assert (0, []) == (row["unreadCount"], row["groupAtInfoList"])
    assert [] == alice.heard()


def test_writing_with_others_on_reads_the_group(stage: Stage) -> None:
    """Who writes in a group while another device is on has it open: what came before is read, on both, and no mention is left."""
    group, (alice, bob) = team(stage, "Public", "alice", "bob")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    bob.send("hi", group=group)
    alice.send("yo", group=group)
    for phone in (alice, tablet):
        assert all(row["isRead"] for row in phone.history(group=group))
        assert 0 == phone.conversation(f"group_{group}")["unreadCount"]


def test_reading_everything(stage: Stage) -> None:
    """All counts fall, and each peer hears one receipt."""
    group, (alice, bob, carol) = team(stage, "Public")
    alice.send("hi", group=group)
    alice.send("hi", to="bob")
    carol.send("hi", to="bob")
    alice.heard(), carol.heard()
    bob.call("markAllMessageAsRead")
    assert 0 == bob.call("getTotalUnreadMessageCount")
    for phone in (alice, carol):
        assert 1 == len(phone.heard("onRecvC2CReadReceipt"))


def test_reading_needs_a_target(stage: Stage) -> None:
    """Empty ids are refused with 6017, a group that does not exist with 10015."""
    bob = stage.enter("bob")
    assert 6017 == bob.refused("markC2CMessageAsRead", userID="")
    assert 6017 == bob.refused("markGroupMessageAsRead", groupID="")
    assert 10015 == bob.refused("markGroupMessageAsRead", groupID="nowhere")


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_read_messages_stay_read(platform: str) -> None:
    """Reading up to an earlier time later on brings nothing back."""
    stage = Stage("chat-8.2", platform)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    start = stage.now_s()
    alice.send("hi", to="bob")
    stage.advance(10_000)
    alice.send("hi", to="bob")
    bob.call("markC2CMessageAsRead", userID="alice")
    bob.call("cleanConversationUnreadMessageCount", conversationID="c2c_alice", cleanTimestamp=start, cleanSequence=0)
    assert 0 == bob.conversation("c2c_alice")["unreadCount"]


# --- receipts


def wanting(phone: Phone, **target: Any) -> Any:
    """Send a message that wants receipts."""
    return phone.send("read me", needReadReceipt=True, **target)


def test_receipts_of_users(stage: Stage) -> None:
    """The sender hears by id that the message was read; unread counts have nothing to do with it, a second receipt says nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = wanting(alice, to="bob")
    alice.heard()
    ids = [sent["msgID"]]
    assert bob.call("sendMessageReadReceipts", messageIDList=ids) is None
    (receipt,) = alice.heard_one("onRecvMessageReadReceipts")
    assert (sent["msgID"], "bob") == (receipt["msgID"], receipt["userID"])
    assert receipt.get("isPeerRead", True)
    assert 1 == bob.conversation("c2c_alice")["unreadCount"]
    bob.call("sendMessageReadReceipts", messageIDList=ids)
    assert [] == alice.heard()
    assert [sent["msgID"]] == [item["msgID"] for item in alice.call("getMessageReadReceipts", messageIDList=ids)]
    assert alice.call("findMessages", messageIDList=ids)[0]["isPeerRead"]


def test_only_messages_that_want_receipts_count(stage: Stage) -> None:
    """Own messages and those that want no receipt are passed over."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    plain = alice.send("hi", to="bob")
    own = wanting(bob, to="alice")
    alice.heard()
    bob.call("sendMessageReadReceipts", messageIDList=[plain["msgID"], own["msgID"]])
    assert [] == alice.heard()


def test_receipts_in_groups(stage: Stage) -> None:
    """Each reader raises the read and lowers the unread count, the sender left aside; lists say who has and who has not."""
    group, (alice, bob, carol) = team(stage, "Public")
    sent = wanting(alice, group=group)
    ids = [sent["msgID"]]
    counts = []
    for phone in (carol, bob):
        alice.heard()
        phone.call("sendMessageReadReceipts", messageIDList=ids)
        (receipt,) = alice.heard_one("onRecvMessageReadReceipts")
        counts.append((receipt["groupID"], receipt["readCount"], receipt["unreadCount"]))
        if phone is carol:
            assert ["carol"] == members(alice, sent, 0)
            assert ["bob"] == members(alice, sent, 1)
    assert [(group, 1, 1), (group, 2, 0)] == counts
    (receipt,) = alice.call("getMessageReadReceipts", messageIDList=ids)
    assert (2, 0) == (receipt["readCount"], receipt["unreadCount"])
    assert ["carol", "bob"] == members(alice, sent, 0)
    assert [] == members(alice, sent, 1)


def members(phone: Phone, message: Any, which: int) -> list[str]:
    """Return who has read a message (0) or who has not (1)."""
    page = phone.call("getGroupMessageReadMemberList", messageID=message["msgID"], filter=which, nextSeq=0, count=100)
    assert page["isFinished"]
    return [row["userID"] for row in page["memberInfoList"]]


def test_readers_come_in_pages(stage: Stage) -> None:
    """A page says where the next begins, as a number, and whether it is the last."""
    group, (alice, *_) = team(stage, "Public")
    sent = wanting(alice, group=group)
    found, cursor = [], 0
    while True:
        page = alice.call(
            "getGroupMessageReadMemberList", messageID=sent["msgID"], filter=1, nextSeq=cursor, count=1
        )
        found += [row["userID"] for row in page["memberInfoList"]]
        if page["isFinished"]:
            break
        cursor = page["nextSeq"]
    assert ["bob", "carol"] == found


def test_some_unknown_ids(stage: Stage) -> None:
    """Android wants every message to be found, iOS and Windows are content with one; none found is refused with -1 by all."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = wanting(alice, to="bob")
    for method in ("sendMessageReadReceipts", "getMessageReadReceipts"):
        assert -1 == bob.refused(method, messageIDList=["x"])
        if not (stage.goes_by_ios or stage.on_windows):
            assert -1 == bob.refused(method, messageIDList=[sent["msgID"], "x"])
        else:
            bob.call(method, messageIDList=[sent["msgID"], "x"])


def test_receipts_of_two_conversations_are_refused(stage: Stage) -> None:
    """Messages of several conversations are refused with 6017."""
    group, (alice, bob, _) = team(stage, "Public")
    ids = [wanting(alice, to="bob")["msgID"], wanting(alice, group=group)["msgID"]]
    assert 6017 == bob.refused("sendMessageReadReceipts", messageIDList=ids)


def test_group_messages_without_receipts(stage: Stage) -> None:
    """A group message that wants no receipts has none: 10062; nor has a one-to-one message a list of readers."""
    group, (alice, _, _) = team(stage, "Public")
    plain = alice.send("hi", group=group)
    assert 10062 == alice.refused("getMessageReadReceipts", messageIDList=[plain["msgID"]])
    single = wanting(alice, to="bob")
    for message in (plain, single):
        assert 10062 == alice.refused("getGroupMessageReadMemberList", messageID=message["msgID"], filter=0)
    assert -1 == alice.refused("getGroupMessageReadMemberList", messageID="x", filter=0)


@pytest.mark.parametrize("arguments", [{"filter": 2}, {"filter": 0, "count": 101}, {"filter": 0, "count": 0}])
def test_reader_lists_refuse_meaningless_numbers(stage: Stage, arguments: dict[str, int]) -> None:
    """An unknown filter and a count outside 1 to 100 are refused with 6017."""
    group, (alice, _, _) = team(stage, "Public")
    sent = wanting(alice, group=group)
    assert 6017 == alice.refused("getGroupMessageReadMemberList", messageID=sent["msgID"], **arguments)


def test_no_reader_comes_before_the_first(stage: Stage) -> None:
    """A negative place is refused with 6017; the newer adapters of iOS die of it."""
    group, (alice, _, _) = team(stage, "Public")
    arguments = {"messageID": wanting(alice, group=group)["msgID"], "filter": 0, "nextSeq": -1, "count": 10}
    error = alice.turn("getGroupMessageReadMemberList", **arguments).error
    if error is not None:
        assert (True, -32001) == (stage.goes_by_ios, error.code)
    else:
        assert 6017 == alice.refused("getGroupMessageReadMemberList", **arguments)


def test_large_groups_have_no_receipts(stage: Stage) -> None:
    """In a group of over 200 receipts are refused with 10060."""
    from bridge.world.groups import groups

    group, (alice, bob, _) = team(stage, "Public")
    sent = wanting(alice, group=group)

    def crowd() -> None:
        for number in range(200):
            name = f"u{number}"
            stage.world[groups.MEMBERS].put((group, name), groups.Member(group, name))

    stage.emulator.run(crowd)
    assert 10060 == bob.refused("sendMessageReadReceipts", messageIDList=[sent["msgID"]])


def test_receipts_can_be_out_of_the_plan(stage: Stage) -> None:
    """A plan without receipts refuses them with 7013."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"read_receipts": False}))
    alice, bob = stage.enter("alice"), stage.enter("bob")
    ids = [wanting(alice, to="bob")["msgID"]]
    assert 7013 == bob.refused("sendMessageReadReceipts", messageIDList=ids)
    assert 7013 == alice.refused("getMessageReadReceipts", messageIDList=ids)
