"""Stories 7, 10 and 11: order of the list, marks, and unread totals."""

from __future__ import annotations

from typing import Any

from tests.support.stage import Phone, Stage


def order(phone: Phone) -> str:
    """Return the peers of the list, sorted by orderkey alone as the UI kit does."""
    rows = phone.call("getConversationList", nextSeq="0", count=40)["conversationList"]
    return "".join(row["userID"] for row in sorted(rows, key=lambda row: -row["orderkey"]))


def test_list_order_pin_draft(stage: Stage) -> None:
    """Pins first in their order, activity and drafts below, a cleared history in its place."""
    other = stage.other_platform
    a1, a2 = stage.enter("A"), stage.enter("A", "A2", platform=other)
    for peer in "54321":
        a1.send("hi", to=peer)
    assert "12345" == order(a1)
    for peer in "23":
        a1.call("pinConversation", conversationID=f"c2c_{peer}", isPinned=True)
    assert "23145" == order(a1)
    stage.enter("5").send("hi", to="A")
    assert "23514" == order(a1)
    a1.heard()
    a1.call("setConversationDraft", conversationID="c2c_4", draftText="soon")
    assert ["soon"] == [row["draftText"] for row in a1.heard_one("onConversationChanged")]
    assert "23451" == order(a1)
    a1.call("clearC2CHistoryMessage", userID="1")
    assert "23451" == order(a1)
    assert a1.conversation("c2c_1").get("lastMessage") is None
    assert "23514" == order(a2), "the other device sees the pins and not the draft"
    for number in range(48):
        a1.call("pinConversation", conversationID=f"c2c_p{number}", isPinned=True)
    assert 51012 == a1.refused("pinConversation", conversationID="c2c_1", isPinned=True)


def test_marks(stage: Stage) -> None:
    """Star two, find them by the star, take it away; the unread mark counts nothing."""
    a = stage.enter("A")
    for peer in "BCD":
        a.send("hi", to=peer)
    a.heard()
    star, unread = (0, 1) if stage.client.shifts_marks else (1, 2)
    mark = {"markType": star, "conversationIDList": ["c2c_B", "c2c_D"]}
    assert [0, 0] == [item["resultCode"] for item in a.call("markConversation", enableMark=True, **mark)]
    assert [[1], [1]] == [row["markList"] for row in a.heard_one("onConversationChanged")]
    a.call("markConversation", markType=unread, enableMark=True, conversationIDList=["c2c_C"])
    assert 0 == a.conversation("c2c_C")["unreadCount"]
    page: dict[str, Any] = {"nextSeq": 0, "count": 10}
    wanted = {"markType": 0 if stage.client.shifts_filter_marks else 1}
    if a.passes("getConversationListByFilter", "nextSeq"):
        arguments = {"filter": wanted, **page}
    else:
        arguments = {"filter": {"conversationType": 0, "groupName": None, **wanted, **page}}
    found = a.call("getConversationListByFilter", **arguments)["conversationList"]
    assert ["c2c_D", "c2c_B"] == [row["conversationID"] for row in found]
    a.call("markConversation", enableMark=False, **mark)
    assert [] == a.conversation("c2c_B")["markList"]


def test_unread_totals(stage: Stage) -> None:
    """Two chats with three unread messages; all read at once, one receipt per peer."""
    a, b, c = stage.enter("A"), stage.enter("B"), stage.enter("C")
    a.send("1", to="B")
    a.send("2", to="B")
    c.send("3", to="B")
    assert 3 == b.call("getTotalUnreadMessageCount")
    for phone in (a, b, c):
        phone.heard()
    b.call("markAllMessageAsRead")
    assert 0 == b.heard_one("onTotalUnreadMessageCountChanged")
    assert [0, 0] == [b.conversation(f"c2c_{peer}")["unreadCount"] for peer in "AC"]
    for phone in (a, c):
        assert ["B"] == [receipt["userID"] for receipt in phone.heard("onRecvC2CReadReceipt")[0][1]]
