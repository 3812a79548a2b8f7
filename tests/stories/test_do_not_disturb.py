"""Story 11, do not disturb: what a user sees who does not want to be disturbed by somebody, and after that not at all."""

from __future__ import annotations

from typing import Any

from tests.support.groups import create
from tests.support.stage import Stage


def test_do_not_disturb(stage: Stage) -> None:
    """With 2 the chat counts and the total does not; with 1 nothing arrives; reading everything tells each peer once."""
    a, b, c = stage.enter("A"), stage.enter("B"), stage.enter("C")
    a.send("1", to="B"), a.send("2", to="B"), c.send("3", to="B")
    assert 3 == b.call("getTotalUnreadMessageCount")
    b.heard()

    b.call("setC2CReceiveMessageOpt", userIDList=["A"], opt=2)
    (changed, rows), (kind, total) = b.heard()
    assert ("onConversationChanged", 2, 2) == (changed, rows[0]["recvOpt"], rows[0]["unreadCount"])
    assert ("onTotalUnreadMessageCountChanged", 1) == (kind, total)
    a.send("4", to="B")
    heard = dict(b.heard())
    assert 3 == heard["onConversationChanged"][0]["unreadCount"]
    assert "onTotalUnreadMessageCountChanged" not in heard

    b.call("setC2CReceiveMessageOpt", userIDList=["A"], opt=1)
    b.heard()
    a.send("5", to="B")
    assert [] == b.heard()
    assert (3, "4") == unread_and_last(b.conversation("c2c_A"))

    a.heard(), c.heard()
    b.call("markAllMessageAsRead")
    assert 0 == b.call("getTotalUnreadMessageCount")
    assert [0, 0] == [b.conversation(f"c2c_{peer}")["unreadCount"] for peer in "AC"]
    for peer in (a, c):
        (receipts,) = [data for _, data in peer.heard("onRecvC2CReadReceipt")]
        assert ["B"] == [receipt["userID"] for receipt in receipts]


def unread_and_last(row: dict[str, Any]) -> tuple[int, str]:
    """Return the unread count of a conversation and the text of its last message."""
    return row["unreadCount"], row["lastMessage"]["textElem"]["text"]


def test_group_totals_alone() -> None:
    """Who wants to hear of the groups' unread sum hears nothing of chats, and of a group no more once it is silent."""
    stage = Stage("chat-8.2")
    a, b = stage.enter("A"), stage.enter("B")
    group = create(a, "Public", "B")
    a.send("hi", group=group)
    b.call("subscribeUnreadMessageCountByFilter", filter={"conversationType": 2})
    b.heard()
    a.send("1", to="B")
    assert [] == b.heard("onUnreadMessageCountChangedByFilter")
    a.send("2", group=group)
    assert 2 == b.heard_one("onUnreadMessageCountChangedByFilter")["totalUnreadCount"]
    b.call("setGroupReceiveMessageOpt", groupID=group, opt=3)
    assert 0 == b.heard_one("onUnreadMessageCountChangedByFilter")["totalUnreadCount"]
    a.send("3", group=group)
    assert [] == b.heard("onUnreadMessageCountChangedByFilter")
