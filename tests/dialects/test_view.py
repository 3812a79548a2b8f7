"""Maps that are kept: written once, and again as soon as anything that they are made of has changed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stage import Phone, Stage


def last(phone: Phone) -> Any:
    """Return the last message of alice's only conversation, as her list shows it."""
    [one] = phone.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    return one["lastMessage"]


def test_unchanged_maps_are_kept(stage: Stage) -> None:
    """A conversation of which nothing has changed is not written twice."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    pages = [alice.call("getConversationList", nextSeq="0", count=10)["conversationList"] for _ in range(2)]
    assert pages[0][0] is pages[1][0]


@pytest.mark.parametrize(
    ("who", "method", "arguments", "key", "shown"),
    [
        ("bob", "setSelfInfo", {"nickName": "Bob"}, "nickName", "Bob"),
        ("alice", "setFriendInfo", {"userID": "bob", "friendRemark": "pal"}, "friendRemark", "pal"),
        ("alice", "setLocalCustomInt", {"localCustomInt": 7}, "localCustomInt", 7),
        ("alice", "markC2CMessageAsRead", {"userID": "bob"}, "isRead", True),
        ("bob", "revokeMessage", {}, "status", 6),
    ],
)
def test_changes_show(stage: Stage, who: str, method: str, arguments: dict[str, Any], key: str, shown: Any) -> None:
    """Whatever changes in profile, remark, mark, reading or the message itself shows in the next fetch."""
    people = {name: stage.enter(name) for name in ("alice", "bob")}
    added = {"userID": "bob", "remark": "", "friendGroup": "", "addWording": "", "addSource": "", "addType": 2}
    people["alice"].call("addFriend", **added)
    sent = people["bob"].send("hi", to="alice")
    before = last(people["alice"])
    assert shown != before[key]
    of_message = {"msgID": sent["msgID"]} if method in ("setLocalCustomInt", "revokeMessage") else {}
    if method == "markC2CMessageAsRead" and stage.has("cleanConversationUnreadMessageCount"):
        method, arguments = "cleanConversationUnreadMessageCount", {"conversationID": "c2c_bob", "cleanTimestamp": 0, "cleanSequence": 0}
    people[who].call(method, **arguments, **of_message)
    assert shown == last(people["alice"])[key]
    assert shown != before[key]
