"""Story 15: a friend request with confirmation."""

from __future__ import annotations

from tests.support.stage import Phone, Stage


def request(stage: Stage) -> tuple[Phone, Phone]:
    """Let A ask B, who wants to confirm; check what both see of it."""
    a, b = stage.enter("A"), stage.enter("B")
    b.call("setSelfInfo", allowType=1)
    b.heard()
    result = a.call("addFriend", userID="B", addType=2, addWording="It is me")
    assert ("B", 30539) == (result["userID"], result["resultCode"])
    assert [("B", 2)] == [(x["userID"], x["type"]) for x in a.heard_one("onFriendApplicationListAdded")]
    assert [("A", 1)] == [(x["userID"], x["type"]) for x in b.heard_one("onFriendApplicationListAdded")]
    return a, b


def test_request_is_accepted(stage: Stage) -> None:
    """Asked, read, accepted with adding; a remark then names the chat."""
    a, b = request(stage)
    assert 1 == b.call("getFriendApplicationList")["unreadCount"]
    b.call("setFriendApplicationRead")
    assert ["onFriendApplicationListRead"] == b.heard_types()
    result = b.call("acceptFriendApplication", responseType=1, type=1, userID="A")
    assert ("A", 0) == (result["userID"], result["resultCode"])
    for phone in (a, b):
        assert "onFriendListAdded" in phone.heard_types()
        assert {"unreadCount": 0, "friendApplicationList": []} == phone.call("getFriendApplicationList")
    a.send("hello", to="B")
    a.heard()
    a.call("setFriendInfo", userID="B", friendRemark="Bobby", friendCustomInfo=None)
    assert ["onFriendInfoChanged", "onConversationChanged"] == a.heard_types()
    assert "Bobby" == a.conversation("c2c_B")["showName"]


def test_request_is_refused(stage: Stage) -> None:
    """Refused: both hear that the application is gone, and are no friends."""
    a, b = request(stage)
    b.call("refuseFriendApplication", type=1, userID="A")
    for phone in (a, b):
        assert ["onFriendApplicationListDeleted"] == phone.heard_types()
        assert [] == phone.call("getFriendList")
