"""Friend groups through the channel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.console import outcomes
from tests.support.stage import Phone, Stage


def entered(stage: Stage, *friends: str) -> Phone:
    """Return alice with some friends, who has heard nothing yet."""
    alice = stage.enter("alice")
    for name in friends:
        alice.call("addFriend", userID=name, addType=2)
    alice.heard()
    return alice


def test_create_with_friends(stage: Stage) -> None:
    """A group is made with friends in it; the friends' entries show it and are told to all own devices."""
    alice = entered(stage, "bob", "carol")
    items = alice.call("createFriendGroup", groupName="Mates", userIDList=["bob", "carol"])
    assert [("bob", 0), ("carol", 0)] == outcomes(items)
    told = alice.heard_one("onFriendInfoChanged")
    assert [("bob", ["Mates"]), ("carol", ["Mates"])] == [(f["userID"], f["friendGroups"]) for f in told]
    assert {"Mates": ["bob", "carol"]} == alice.friend_groups()


def test_strangers_fail_singly(stage: Stage) -> None:
    """One who is no friend results in 32216 with the service's text; the group is made all the same."""
    alice = entered(stage, "bob")
    items = alice.call("createFriendGroup", groupName="Mates", userIDList=["dave", "bob"])
    assert [("dave", 32216), ("bob", 0)] == outcomes(items)
    assert "Err_SNS_GroupAdd_ToTinyId_Not_Friend" == items[0]["resultInfo"]
    assert [("dave", 32216)] == outcomes(alice.call("createFriendGroup", groupName="Empty", userIDList=["dave"]))
    assert {"Mates": ["bob"], "Empty": []} == alice.friend_groups()
    alice.heard()
    assert [("dave", 32216)] == outcomes(alice.call("addFriendsToFriendGroup", groupName="Mates", userIDList=["dave"]))
    assert [] == alice.heard()


def test_no_list_of_users() -> None:
    """Without a list Android makes an empty group; iOS never answers."""
    for dialect in ("chat-8.2", "im-5.0"):
        alice = Stage(dialect).enter("alice")
        assert [] == alice.call("createFriendGroup", groupName="Mates", userIDList=None)
        assert {"Mates": []} == alice.friend_groups()
        error = Stage(dialect, "ios").enter("alice").error("createFriendGroup", groupName="Mates", userIDList=None)
        assert (-32001, "unanswered") == (error.code, error.data["reason"])


def test_creating_again_adds(stage: Stage) -> None:
    """A group that exists takes the friends; its own stay."""
    alice = entered(stage, "bob", "carol")
    alice.call("createFriendGroup", groupName="Mates", userIDList=["bob"])
    alice.call("createFriendGroup", groupName="Mates", userIDList=["carol"])
    assert {"Mates": ["bob", "carol"]} == alice.friend_groups()


def test_groups_come_in_order_of_creation(stage: Stage) -> None:
    """All groups in order of creation, or those that are named, as named; unknown names are left out."""
    alice = entered(stage)
    for name in ("b", "a", "c"):
        alice.call("createFriendGroup", groupName=name, userIDList=[])
    assert ["b", "a", "c"] == list(alice.friend_groups())
    assert ["c", "b"] == list(alice.friend_groups("c", "none", "b"))
    assert ["b", "a", "c"] == list(alice.friend_groups())


def test_a_friend_in_many_groups(stage: Stage) -> None:
    """A friend can be in several groups, and leaves one without leaving the others."""
    alice = entered(stage, "bob")
    for name in ("a", "b"):
        alice.call("createFriendGroup", groupName=name, userIDList=["bob"])
    assert ["a", "b"] == alice.call("getFriendList")[0]["friendGroups"]
    alice.heard()
    items = alice.call("deleteFriendsFromFriendGroup", groupName="a", userIDList=["bob", "carol"])
    assert [("bob", 0), ("carol", 0)] == outcomes(items)
    assert [["b"]] == [friend["friendGroups"] for friend in alice.heard_one("onFriendInfoChanged")]
    alice.call("deleteFriendsFromFriendGroup", groupName="a", userIDList=["bob"])
    assert [] == alice.heard()
    assert {"a": [], "b": ["bob"]} == alice.friend_groups()


def test_adding_twice_tells_once(stage: Stage) -> None:
    """Adding a friend who is in the group succeeds without an event."""
    alice = entered(stage, "bob")
    alice.call("createFriendGroup", groupName="Mates", userIDList=[])
    for _ in range(2):
        assert [("bob", 0)] == outcomes(alice.call("addFriendsToFriendGroup", groupName="Mates", userIDList=["bob"]))
    assert ["onFriendInfoChanged"] == alice.heard_types()


def test_rename_keeps_friends_and_place(stage: Stage) -> None:
    """The friends are in it under the new name; the same name changes nothing."""
    alice = entered(stage, "bob")
    for name in ("a", "b"):
        alice.call("createFriendGroup", groupName=name, userIDList=["bob"])
    alice.heard()
    alice.call("renameFriendGroup", oldName="a", newName="z")
    assert [["z", "b"]] == [friend["friendGroups"] for friend in alice.heard_one("onFriendInfoChanged")]
    assert {"z": ["bob"], "b": ["bob"]} == alice.friend_groups()
    assert ["z", "b"] == list(alice.friend_groups())
    alice.call("renameFriendGroup", oldName="z", newName="z")
    assert [] == alice.heard()


def test_delete_keeps_friends(stage: Stage) -> None:
    """Groups go, their friends stay and are told once."""
    alice = entered(stage, "bob", "carol")
    alice.call("createFriendGroup", groupName="a", userIDList=["bob", "carol"])
    alice.call("createFriendGroup", groupName="b", userIDList=["bob"])
    alice.heard()
    alice.call("deleteFriendGroup", groupNameList=["a", "b"])
    assert [("bob", []), ("carol", [])] == [
        (friend["userID"], friend["friendGroups"]) for friend in alice.heard_one("onFriendInfoChanged")
    ]
    assert {} == alice.friend_groups()
    assert 2 == len(alice.call("getFriendList"))


def test_a_deleted_friend_leaves_the_groups(stage: Stage) -> None:
    """Who is no friend any more is in no group, also when added again."""
    alice = entered(stage, "bob")
    alice.call("createFriendGroup", groupName="Mates", userIDList=["bob"])
    alice.call("deleteFromFriendList", userIDList=["bob"], deleteType=2)
    assert {"Mates": []} == alice.friend_groups()
    alice.call("addFriend", userID="bob", addType=2)
    assert {"Mates": []} == alice.friend_groups()


@pytest.mark.parametrize("name", ["", "x" * 31, "会" * 11])
def test_names_have_1_to_30_bytes(stage: Stage, name: str) -> None:
    """An empty or longer name is refused with 9005 wherever one is given."""
    alice = entered(stage, "bob")
    alice.call("createFriendGroup", groupName="x" * 30, userIDList=[])
    assert 9005 == alice.refused("createFriendGroup", groupName=name, userIDList=["bob"])
    assert 9005 == alice.refused("renameFriendGroup", oldName="x" * 30, newName=name)
    assert 9005 == alice.refused("addFriendsToFriendGroup", groupName=name, userIDList=["bob"])
    assert 9005 == alice.refused("deleteFriendGroup", groupNameList=[name])


def test_32_groups_and_no_more(stage: Stage) -> None:
    """A 33rd group is refused with 30011; one that exists still takes friends."""
    alice = entered(stage, "bob")
    for number in range(32):
        alice.call("createFriendGroup", groupName=f"g{number}", userIDList=[])
    assert 30011 == alice.refused("createFriendGroup", groupName="one more", userIDList=[])
    alice.call("createFriendGroup", groupName="g7", userIDList=["bob"])


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("deleteFriendGroup", {"groupNameList": ["Mates", "none"]}),
        ("renameFriendGroup", {"oldName": "none", "newName": "other"}),
        ("renameFriendGroup", {"oldName": "Mates", "newName": "Taken"}),
        ("addFriendsToFriendGroup", {"groupName": "none", "userIDList": ["bob"]}),
        ("deleteFriendsFromFriendGroup", {"groupName": "none", "userIDList": ["bob"]}),
    ],
)
def test_missing_and_taken_groups_are_refused(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """What acts on a group that is not there, or takes a name that is in use, is refused with 30001."""
    alice = entered(stage, "bob")
    for name in ("Mates", "Taken"):
        alice.call("createFriendGroup", groupName=name, userIDList=["bob"])
    alice.heard()
    assert 30001 == alice.refused(method, **arguments)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("deleteFriendGroup", {"groupNameList": []}),
        ("addFriendsToFriendGroup", {"groupName": "Mates", "userIDList": []}),
        ("deleteFriendsFromFriendGroup", {"groupName": "Mates", "userIDList": []}),
    ],
)
def test_empty_lists_are_refused(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """Nothing to act on is refused with 6017."""
    alice = entered(stage)
    alice.call("createFriendGroup", groupName="Mates", userIDList=[])
    assert 6017 == alice.refused(method, **arguments)
