"""Story 16: a friend without confirmation, deleted, then blocked."""

from __future__ import annotations

from tests.support.stage import Stage


def test_add_delete_block(stage: Stage) -> None:
    """Added at once, deleted on both sides, blocked, and let in again."""
    a, b = stage.enter("A"), stage.enter("B")
    assert 0 == a.call("addFriend", userID="B", addType=2)["resultCode"]
    for phone in (a, b):
        phone.heard_one("onFriendListAdded")
    again = a.call("addFriend", userID="B", addType=2)
    assert (30001, "Err_SNS_FriendAdd_Friend_Exist") == (again["resultCode"], again["resultInfo"])
    a.send("hi", to="B")
    a.heard()
    b.heard()

    items = a.call("deleteFromFriendList", userIDList=["B"], deleteType=2)
    assert [("B", 0)] == [(item["userID"], item["resultCode"]) for item in items]
    for phone in (a, b):
        phone.heard_one("onFriendListDeleted")
    a.call("deleteConversation", conversationID="c2c_B")
    if stage.has("onConversationDeleted"):
        assert ["c2c_B"] == a.heard_one("onConversationDeleted")

    a.call("addToBlackList", userIDList=["B"])
    assert ["onBlackListAdd"] == a.heard_types()
    assert 30525 == b.call("addFriend", userID="A", addType=2)["resultCode"]
    assert 30515 == a.call("addFriend", userID="B", addType=2)["resultCode"]
    b.heard()
    assert 2 == b.send("are you there", to="A")["status"]
    assert [] == a.heard()
    assert 30001 == a.call("addToBlackList", userIDList=["B"])[0]["resultCode"]
    a.call("deleteFromBlackList", userIDList=["B"])
    assert [("onBlackListDeleted", ["B"])] == a.heard()
