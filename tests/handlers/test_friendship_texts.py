"""What a refusal says in words, where friends, groups of friends, blocked and followed users and official accounts are concerned."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stage import Phone, Stage

ENVELOPES: dict[str, tuple[str, dict[str, Any], str]] = {
    "rename what is not there": ("renameFriendGroup", {"oldName": "none", "newName": "new"}, "there is no friend group of this name"),
    "rename to what is there": ("renameFriendGroup", {"oldName": "kin", "newName": "work"}, "there is a friend group of this name already"),
    "put into what is not there": (
        "addFriendsToFriendGroup",
        {"groupName": "none", "userIDList": ["bob"]},
        "there is no friend group of this name",
    ),
    "take out of what is not there": (
        "deleteFriendsFromFriendGroup",
        {"groupName": "none", "userIDList": ["bob"]},
        "there is no friend group of this name",
    ),
    "change who is no friend": (
        "setFriendInfo",
        {"userID": "carol", "friendRemark": "x", "friendCustomInfo": None},
        "the user is not in the friend list",
    ),
    "fill a field that is not there": (
        "setFriendInfo",
        {"userID": "bob", "friendRemark": None, "friendCustomInfo": {"Shoes": "42"}},
        "the custom field is not set up",
    ),
    "subscribe to what is not there": (
        "subscribeOfficialAccount",
        {"officialAccountID": "none"},
        "there is no official account of this id",
    ),
}
ITEMS: dict[str, tuple[str, dict[str, Any], str]] = {
    "befriend oneself": ("addFriend", {"userID": "alice", "addType": 2}, "the own user id cannot be used here"),
    "block oneself": ("addToBlackList", {"userIDList": ["alice"]}, "the own user id cannot be used here"),
    "follow oneself": ("followUser", {"userIDList": ["alice"]}, "the own user id cannot be used here"),
    "befriend who asks first": ("addFriend", {"userID": "dave", "addType": 2}, "the user has to confirm first"),
}


def a_user(stage: Stage) -> Phone:
    """Return alice's device: bob is her friend, she has groups of friends, and dave wants to be asked."""
    stage.world.policy.switches["friend_custom_fields"] = ["Tag_Profile_Custom_Hat"]
    alice = stage.enter("alice")
    stage.enter("bob")
    dave = stage.enter("dave")
    dave.call("setSelfInfo", allowType=1)
    alice.call("addFriend", userID="bob", addType=2)
    for name in ("kin", "work"):
        alice.call("createFriendGroup", groupName=name, userIDList=["bob"])
    return alice


@pytest.mark.parametrize("name", ENVELOPES)
def test_refusal_says_why(stage: Stage, name: str) -> None:
    """The reply's text is the whole sentence."""
    method, arguments, text = ENVELOPES[name]
    if not stage.has(method):
        return
    reply = a_user(stage).reply(method, **arguments)
    assert reply["code"] != 0 and text == reply["desc"]


@pytest.mark.parametrize("name", ITEMS)
def test_item_says_why(stage: Stage, name: str) -> None:
    """So is that of a user of whom something did not come true."""
    method, arguments, text = ITEMS[name]
    if not stage.has(method):
        return
    found = a_user(stage).call(method, **arguments)
    items = found if isinstance(found, list) else [found]
    assert [text] == [item["resultInfo"] for item in items]
