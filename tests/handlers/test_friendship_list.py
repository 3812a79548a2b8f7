"""The friend list through the channel: reading it, changing an entry, taking entries out, checking, searching."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from bridge.world.people import users
from tests.support.console import befriend, outcomes, strict, switch
from tests.support.stage import Phone, Stage


def friends_of(phone: Phone) -> list[str]:
    """Return the ids in a friend list."""
    return [friend["userID"] for friend in phone.call("getFriendList")]


# --- reading


def test_friend_list_shows_profiles(stage: Stage) -> None:
    """An entry has the remark, the groups, the custom fields and the friend's whole profile."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", nickName="Bob", customInfo={"Job": "cook"})
    assert [] == alice.call("getFriendList")
    befriend(alice, bob)
    (friend,) = alice.call("getFriendList")
    assert ("bob", "", []) == tuple(friend[key] for key in ("userID", "friendRemark", "friendGroups"))
    assert ("bob", "Bob", {"Job": "cook"}) == tuple(
        friend["userProfile"][key] for key in ("userID", "nickName", "customInfo")
    )


def test_infos_tell_the_relation(stage: Stage) -> None:
    """0 none, 1 in my list, 2 I am in theirs, 3 both; of those who are no friends only the id is filled."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    alice.call("addFriend", userID="bob", addType=2)
    alice.call("addFriend", userID="dave", addType=1)
    carol.call("setSelfInfo", nickName="Carol")
    carol.call("addFriend", userID="alice", addType=1)
    found = alice.call("getFriendsInfo", userIDList=["erin", "dave", "carol", "bob"])
    assert [0, 1, 2, 3] == [item["relation"] for item in found]
    assert ["erin", "dave", "carol", "bob"] == [item["friendInfo"]["userID"] for item in found]
    assert [0] * 4 == [item["resultCode"] for item in found]
    assert [[]] * 4 == [item["friendInfo"]["friendGroups"] for item in found]
    assert "" == found[2]["friendInfo"]["userProfile"]["nickName"]
    assert bob.user == found[3]["friendInfo"]["userProfile"]["userID"]


def test_infos_of_unknown_users_fail_singly(stage: Stage) -> None:
    """An id without an account fails on its own, and its entry still holds a friend map."""
    strict(stage)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    good, unknown, malformed = alice.call("getFriendsInfo", userIDList=["bob", "nobody", "x" * 33])
    assert [0, 31804, 7003] == [item["resultCode"] for item in (good, unknown, malformed)]
    assert ("nobody", []) == (unknown["friendInfo"]["userID"], unknown["friendInfo"]["friendGroups"])


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("getFriendsInfo", {}),
        ("checkFriend", {"checkType": 2}),
        ("deleteFromFriendList", {"deleteType": 2}),
        ("addToBlackList", {}),
        ("deleteFromBlackList", {}),
    ],
)
def test_empty_lists_are_refused(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """A call that acts on users needs at least one: 6017."""
    assert 6017 == stage.enter("alice").refused(method, userIDList=[], **arguments)


@pytest.mark.parametrize("method", ["getFriendList", "getBlackList", "getFriendApplicationList"])
def test_lists_need_a_login(stage: Stage, method: str) -> None:
    """6013 before initSDK, 6014 before the login."""
    phone = stage.device()
    assert 6013 == phone.refused(method)
    phone.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="u", uiPlatform=0)
    assert 6014 == phone.refused(method)


# --- changing an entry


def test_remark_and_fields_change(stage: Stage) -> None:
    """A change is told to all own devices with all fields, and to nobody else; what is left out stays, but for a remark on Windows."""
    other = stage.other_platform
    phone, tablet, bob = stage.enter("alice"), stage.enter("alice", "tablet", platform=other), stage.enter("bob")
    befriend(phone, bob)
    tablet.heard()
    expected = "" if stage.goes_by_ios else None
    assert expected == phone.call("setFriendInfo", userID="bob", friendRemark="Bobby", friendCustomInfo={"Job": "cook"})
    for device in (phone, tablet):
        (friend,) = device.heard_one("onFriendInfoChanged")
        assert ("Bobby", {"Job": "cook"}) == (friend["friendRemark"], friend["friendCustomInfo"])
    phone.call("setFriendInfo", userID="bob", friendRemark=None, friendCustomInfo={"Town": "Rome"})
    (friend,) = phone.heard_one("onFriendInfoChanged")
    remark = "--" if stage.on_windows else "Bobby"
    assert (remark, {"Job": "cook", "Town": "Rome"}) == (friend["friendRemark"], friend["friendCustomInfo"])
    assert [] == bob.heard()


@pytest.mark.parametrize("fields", [None, {}])
def test_no_change_tells_nobody(stage: Stage, fields: dict[str, str] | None) -> None:
    """Setting what is there already, no fields or an empty map of them, says nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    alice.call("setFriendInfo", userID="bob", friendRemark="", friendCustomInfo=fields)
    assert [] == alice.heard()


def test_remark_names_chat_and_messages(stage: Stage) -> None:
    """The chat's name follows the remark and is told; a message shows the remark beside the sender."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    bob.call("setSelfInfo", nickName="Bob")
    bob.send("hi", to="alice")
    assert "Bob" == alice.conversation("c2c_bob")["showName"]
    alice.heard()
    alice.call("setFriendInfo", userID="bob", friendRemark="Bobby", friendCustomInfo=None)
    changed, rows = alice.heard()[1]
    assert ("onConversationChanged", ["Bobby"]) == (changed, [row["showName"] for row in rows])
    assert "Bobby" == rows[0]["lastMessage"]["friendRemark"]


def test_custom_field_alone_leaves_the_chat(stage: Stage) -> None:
    """A custom field does not touch the chat; on Windows a remark that is left out names it."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    bob.send("hi", to="alice")
    alice.heard()
    alice.call("setFriendInfo", userID="bob", friendRemark=None, friendCustomInfo={"Job": "cook"})
    renamed = ["onConversationChanged"] if stage.on_windows else []
    assert ["onFriendInfoChanged", *renamed] == alice.heard_types()


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (6017, {"userID": ""}),
        (7003, {"userID": "\n"}),
        (9002, {"friendRemark": "会" * 33}),
        (9001, {"friendCustomInfo": {"key9": "v"}}),
        (9001, {"friendCustomInfo": {"ninechars": "v"}}),
        (9001, {"friendCustomInfo": {"": "v"}}),
        (9001, {"friendCustomInfo": {"Key": "v" * 501}}),
        (30001, {"userID": "stranger"}),
        (30005, {"friendRemark": "my spam friend"}),
        (30001, {"friendCustomInfo": {"Other": "v"}}),
    ],
)
def test_bad_infos_are_refused(stage: Stage, code: int, arguments: dict[str, Any]) -> None:
    """Ids, lengths, fields that the console does not know, sensitive words, and one who is no friend."""
    switch(stage, sensitive_words=["spam"], friend_custom_fields=["Key"])
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    given = {"userID": "bob", "friendRemark": None, "friendCustomInfo": None, **arguments}
    assert code == alice.refused("setFriendInfo", **given)


def test_friends_hear_of_profiles(stage: Stage) -> None:
    """Whoever has a user in the list hears when that one changes the own profile; strangers do not."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    alice.call("addFriend", userID="bob", addType=1)
    carol.call("addFriend", userID="alice", addType=1)
    for phone in (alice, bob, carol):
        phone.heard()
    bob.call("setSelfInfo", nickName="Bob")
    (friend,) = alice.heard_one("onFriendInfoChanged")
    assert "Bob" == friend["userProfile"]["nickName"]
    assert ["onSelfInfoUpdated"] == bob.heard_types()
    assert [] == carol.heard()


# --- taking out


def test_deleting_both_ways_tells_both(stage: Stage) -> None:
    """With deleteType 2 both lose each other and hear the ids."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    befriend(alice, bob)
    befriend(alice, carol)
    items = alice.call("deleteFromFriendList", userIDList=["carol", "bob"], deleteType=2)
    assert [("carol", 0), ("bob", 0)] == outcomes(items)
    assert ["carol", "bob"] == alice.heard_one("onFriendListDeleted")
    assert ["alice"] == bob.heard_one("onFriendListDeleted") == carol.heard_one("onFriendListDeleted")
    assert [] == friends_of(alice) + friends_of(bob)


def test_deleting_one_way_tells_the_caller(stage: Stage) -> None:
    """With deleteType 1 the other keeps the caller and hears nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    alice.call("deleteFromFriendList", userIDList=["bob"], deleteType=1)
    assert ["bob"] == alice.heard_one("onFriendListDeleted")
    assert [] == bob.heard()
    assert ["alice"] == friends_of(bob)


def test_deleting_strangers_fails_singly(stage: Stage) -> None:
    """One who is no friend results in 31704 with the service's text; the others are deleted."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    items = alice.call("deleteFromFriendList", userIDList=["carol", "bob"], deleteType=2)
    assert [("carol", 31704), ("bob", 0)] == outcomes(items)
    assert "Err_SNS_FriendDelete_Not_Friend" == items[0]["resultInfo"]
    assert ["bob"] == alice.heard_one("onFriendListDeleted")
    alice.call("deleteFromFriendList", userIDList=["carol"], deleteType=2)
    assert [] == alice.heard() + bob.heard()[1:]


def test_chat_outlives_friendship(stage: Stage) -> None:
    """Chat and messages stay; the remark goes, so the chat's name falls back and is told."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    alice.call("setFriendInfo", userID="bob", friendRemark="Bobby", friendCustomInfo=None)
    alice.send("hi", to="bob")
    alice.heard()
    bob.heard()
    alice.call("deleteFromFriendList", userIDList=["bob"], deleteType=2)
    assert ["onFriendListDeleted", "onConversationChanged"] == alice.heard_types()
    assert ["onFriendListDeleted"] == bob.heard_types()
    chat = alice.conversation("c2c_bob")
    assert ("bob", "hi") == (chat["showName"], chat["lastMessage"]["textElem"]["text"])


# --- checking


@pytest.mark.parametrize(("kind", "types"), [(1, [0, 1, 0, 1]), (2, [0, 1, 2, 3])])
def test_check_one_way_and_both(stage: Stage, kind: int, types: list[int]) -> None:
    """checkType 1 knows only the own list; 2 tells all four relations."""
    alice, carol = stage.enter("alice"), stage.enter("carol")
    alice.call("addFriend", userID="bob", addType=2)
    alice.call("addFriend", userID="dave", addType=1)
    carol.call("addFriend", userID="alice", addType=1)
    items = alice.call("checkFriend", userIDList=["erin", "dave", "carol", "bob"], checkType=kind)
    assert types == [item["resultType"] for item in items]
    assert [0] * 4 == [item["resultCode"] for item in items]


def test_check_of_unknown_users_fails_singly(stage: Stage) -> None:
    """An id without an account results in 30003."""
    strict(stage)
    items = stage.enter("alice").call("checkFriend", userIDList=["alice", "nobody"], checkType=2)
    assert [("alice", 0), ("nobody", 30003)] == outcomes(items)


# --- searching


def search(phone: Phone, *keywords: str, **fields: bool) -> list[tuple[str, int]]:
    """Search, and return (user id, relation) of what was found."""
    param = {"keywordList": list(keywords), "isSearchUserID": True, "isSearchNickName": True, "isSearchRemark": True}
    found = phone.call("searchFriends", searchParam={**param, **fields})
    return [(item["friendInfo"]["userID"], item["relation"]) for item in found]


def test_search_looks_in_kept_profiles(stage: Stage) -> None:
    """Ids, nicknames and remarks of friends, of blocked users and of peers are searched; strangers show by their relation."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    for name, nick in (("bob", "Robert"), ("carol", "Caroline"), ("dave", "David"), ("erin", "Robin")):
        users.save(stage.world, evolve(users.profile(stage.world, name), nick_name=nick))
    befriend(alice, bob)
    alice.call("setFriendInfo", userID="bob", friendRemark="Best mate", friendCustomInfo=None)
    alice.call("addToBlackList", userIDList=["carol"])
    alice.send("hi", to="erin")
    assert [("bob", 3), ("erin", 0)] == search(alice, "rob")
    assert [("bob", 3)] == search(alice, "MATE")
    assert [("carol", 0)] == search(alice, "carol")
    assert [] == search(alice, "dav"), "nobody keeps the profile of one never met"
    assert [("bob", 3), ("carol", 0)] == search(alice, "mate", "caro")
    assert [] == search(alice, "alice")


def test_search_fields_can_be_left_out(stage: Stage) -> None:
    """Only the wanted fields are searched; without any nothing is found."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    alice.call("setFriendInfo", userID="bob", friendRemark="mate", friendCustomInfo=None)
    assert [] == search(alice, "bob", isSearchUserID=False)
    assert [] == search(alice, "mate", isSearchRemark=False)
    assert [("bob", 3)] == search(alice, "mate", isSearchUserID=False, isSearchNickName=False)
    assert [] == search(alice, "bob", isSearchUserID=False, isSearchNickName=False, isSearchRemark=False)


WHERE = {"isSearchUserID": "ob", "isSearchNickName": "ert", "isSearchRemark": "mat"}


@pytest.mark.parametrize("field", WHERE)
def test_search_in_one_field_alone(stage: Stage, field: str) -> None:
    """Each field finds what stands in it, and none of the others does."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    users.save(stage.world, evolve(users.profile(stage.world, "bob"), nick_name="Bert"))
    befriend(alice, bob)
    alice.call("setFriendInfo", userID="bob", friendRemark="mate", friendCustomInfo=None)
    only = {name: name == field for name in WHERE}
    found = {name: search(alice, word, **only) for name, word in WHERE.items()}
    assert {name: [("bob", 3)] if name == field else [] for name in WHERE} == found


@pytest.mark.parametrize("keywords", [[], [""], ["a", "b", "c", "d", "e", "f"]])
def test_search_wants_1_to_5_keywords(stage: Stage, keywords: list[str]) -> None:
    """No keyword, an empty one, and over five are refused with 6017."""
    param = {"keywordList": keywords, "isSearchUserID": True, "isSearchNickName": True, "isSearchRemark": True}
    assert 6017 == stage.enter("alice").refused("searchFriends", searchParam=param)
