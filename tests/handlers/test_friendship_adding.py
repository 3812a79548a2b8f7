"""addFriend through the channel: who is taken at once, who has to be asked, and who is refused."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from bridge.world.people import friends, users
from tests.support.console import befriend, outcomes, strict, switch
from tests.support.stage import Phone, Stage


def add(phone: Phone, user_id: str, **more: Any) -> tuple[int, str]:
    """Add a friend and return the result's code and text; the envelope must be fine."""
    result = phone.call("addFriend", **{"userID": user_id, "addType": 2, **more})
    assert user_id == result["userID"]
    return result["resultCode"], result["resultInfo"]


def test_adding_both_ways_tells_both(stage: Stage) -> None:
    """With addType 2 each gets the other, and hears it once."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    assert (0, "") == add(alice, "bob")
    assert ["bob"] == [friend["userID"] for friend in alice.heard_one("onFriendListAdded")]
    assert ["alice"] == [friend["userID"] for friend in bob.heard_one("onFriendListAdded")]
    assert ["bob"] == [friend["userID"] for friend in alice.call("getFriendList")]
    assert ["alice"] == [friend["userID"] for friend in bob.call("getFriendList")]


def test_adding_one_way_tells_the_caller(stage: Stage) -> None:
    """With addType 1 only the caller gets a friend, and only the caller hears of it."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    assert (0, "") == add(alice, "bob", addType=1)
    alice.heard_one("onFriendListAdded")
    assert [] == bob.heard()
    assert [] == bob.call("getFriendList")


def test_widening_a_one_way_relation_succeeds(stage: Stage) -> None:
    """Adding a one-way friend both ways enters the missing side and tells that side alone."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    add(alice, "bob", addType=1)
    alice.heard()
    assert (0, "") == add(alice, "bob")
    assert [] == alice.heard()
    bob.heard_one("onFriendListAdded")


@pytest.mark.parametrize("kind", [1, 2])
def test_a_friend_again_is_an_error(stage: Stage, kind: int) -> None:
    """Adding a friend once more results in 30001 with the service's text, and changes nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    assert (30001, "Err_SNS_FriendAdd_Friend_Exist") == add(alice, "bob", addType=kind)
    assert [] == alice.heard() + bob.heard()


@pytest.mark.parametrize("kind", [1, 2])
def test_confirmation_stores_an_application(stage: Stage, kind: int) -> None:
    """One who wants to be asked: 30539, both hear of the application, the sender of a sent and the other of a received one."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", allowType=1)
    bob.heard()
    assert 30539 == add(alice, "bob", addType=kind, addWording="hello", addSource="AddSource_Type_App")[0]
    (sent,), (received,) = (phone.heard_one("onFriendApplicationListAdded") for phone in (alice, bob))
    assert ("bob", 2, "hello", "AddSource_Type_App") == tuple(
        sent[key] for key in ("userID", "type", "addWording", "addSource")
    )
    assert ("alice", 1, "hello", stage.now_s()) == tuple(
        received[key] for key in ("userID", "type", "addWording", "addTime")
    )
    assert [] == alice.call("getFriendList")


def test_repeated_request_updates_the_application(stage: Stage) -> None:
    """A second request is pending as well: one application with the new wording and time, told again."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", allowType=1)
    add(alice, "bob", addWording="one")
    stage.advance(60_000)
    bob.heard()
    assert 30539 == add(alice, "bob", addWording="two")[0]
    bob.heard_one("onFriendApplicationListAdded")
    found = bob.call("getFriendApplicationList")
    assert 1 == found["unreadCount"]
    assert [("two", stage.now_s())] == [(a["addWording"], a["addTime"]) for a in found["friendApplicationList"]]


def test_nobody_means_nobody(stage: Stage) -> None:
    """One who refuses all requests: 30516, nothing is stored and nobody hears."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", allowType=2)
    bob.heard()
    assert 30516 == add(alice, "bob")[0]
    assert [] == alice.heard() + bob.heard()


def test_blacklists_refuse(stage: Stage) -> None:
    """30515 for whom I have blocked, 30525 by whom I am blocked; the own list is looked at first."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("addToBlackList", userIDList=["bob"])
    assert 30515 == add(alice, "bob")[0]
    assert 30525 == add(bob, "alice")[0]
    bob.call("addToBlackList", userIDList=["alice"])
    assert 30515 == add(bob, "alice")[0]


def test_the_administrator_may_forbid(stage: Stage) -> None:
    """A user who may not ask gets 30009, ahead of everything else about the other."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("addToBlackList", userIDList=["bob"])
    users.save(stage.world, evolve(users.profile(stage.world, "alice"), may_not_ask=True))
    assert (30009, "Err_SNS_FriendAdd_Forbid_By_Admin") == add(alice, "bob")
    assert [] == bob.heard()


def test_unknown_and_own_ids(stage: Stage) -> None:
    """Oneself is 30001, one without an account 30003."""
    strict(stage)
    alice = stage.enter("alice")
    assert 30001 == add(alice, "alice")[0]
    assert 30003 == add(alice, "nobody")[0]
    assert [] == alice.heard()


@pytest.mark.parametrize("source", ["AddSource", "App", "AddSource_Type_", "AddSource_Type_LongOnes9"])
def test_bad_sources_are_refused(stage: Stage, source: str) -> None:
    """A source without the prefix, or without 1 to 8 letters behind it, results in 30001 with the service's text."""
    alice = stage.enter("alice")
    assert (30001, "Err_SNS_FriendAdd_Source_Illegal") == add(alice, "bob", addSource=source)
    assert [] == alice.call("getFriendList")


@pytest.mark.parametrize("source", [None, "", "AddSource_Type_Android8", "AddSource_Type_A"])
def test_good_sources_are_taken(stage: Stage, source: str | None) -> None:
    """No source, and up to 8 letters behind the prefix."""
    assert 0 == add(stage.enter("alice"), "bob", addSource=source)[0]


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (6017, {"userID": ""}),
        (7003, {"userID": "x" * 33}),
        (9002, {"remark": "x" * 97}),
        (9003, {"addWording": "会" * 41}),
    ],
)
def test_malformed_arguments_are_refused(stage: Stage, code: int, arguments: dict[str, str]) -> None:
    """Empty and malformed ids, and texts over 96 and 120 bytes, refuse the call as a whole."""
    assert code == stage.enter("alice").refused("addFriend", **{"userID": "bob", "addType": 2, **arguments})


def test_longest_texts_are_taken(stage: Stage) -> None:
    """A remark of 96 bytes and a wording of 120 are fine."""
    assert 0 == add(stage.enter("alice"), "bob", remark="会" * 32, addWording="会" * 40)[0]


def test_remark_and_group_take_effect(stage: Stage) -> None:
    """Remark and friend group stand in the new entry; iOS makes nothing of the group."""
    alice = stage.enter("alice")
    assert 0 == add(alice, "bob", remark="Bobby", friendGroup="Mates")[0]
    (friend,) = alice.call("getFriendList")
    groups = [] if stage.goes_by_ios else ["Mates"]
    assert ("Bobby", groups) == (friend["friendRemark"], friend["friendGroups"])
    assert groups == list(alice.friend_groups())


def test_remark_of_a_new_friend_names_the_chat(stage: Stage) -> None:
    """A remark that comes with a new friend shows in the chat, which is told."""
    alice = stage.enter("alice")
    alice.send("hi", to="bob")
    alice.heard()
    add(alice, "bob", remark="Bobby")
    assert ["Bobby"] == [row["showName"] for row in alice.heard_one("onConversationChanged")]


def test_friend_group_limits() -> None:
    """On Android a group name over 30 bytes refuses the call with 9005; a 33rd group results in 30011."""
    for dialect in ("chat-8.2", "im-5.0"):
        alice = Stage(dialect).enter("alice")
        assert 9005 == alice.refused("addFriend", userID="bob", addType=2, friendGroup="x" * 31)
        for number in range(32):
            alice.call("createFriendGroup", groupName=f"g{number}", userIDList=[])
        assert 30011 == add(alice, "bob", friendGroup="one more")[0]
        assert [] == alice.call("getFriendList")
        assert 0 == add(alice, "bob", friendGroup="g7")[0]


def test_full_lists_refuse(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """30010 when the own list is full, 30014 when the other's is and would grow."""
    monkeypatch.setattr(friends, "MAX_FRIENDS", 2)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    for name in ("carol", "dave"):
        add(alice, name, addType=1)
    alice.heard()
    assert 30010 == add(alice, "bob")[0]
    assert 30014 == add(bob, "alice")[0]
    assert 0 == add(bob, "alice", addType=1)[0]
    assert [] == alice.heard()


def test_pending_applications_are_limited(stage: Stage) -> None:
    """With 100 applications in a list the next one results in 30012; repeating one still works."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", allowType=1)
    for number in range(100):
        user = f"user{number}"
        users.save(stage.world, evolve(users.profile(stage.world, user), allow_type=1))
        assert 30539 == add(alice, user)[0]
    assert 30012 == add(alice, "bob")[0]
    assert [] == bob.call("getFriendApplicationList")["friendApplicationList"]
    assert 30539 == add(alice, "user7")[0]


def test_two_who_ask_each_other(stage: Stage) -> None:
    """When both have asked for both ways they are friends at once, with both remarks, and no application is left."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    for phone in (alice, bob):
        phone.call("setSelfInfo", allowType=1)
    assert 30539 == add(alice, "bob", remark="Bobby")[0]
    alice.heard()
    bob.heard()
    assert 0 == add(bob, "alice", remark="Ally")[0]
    assert ["onFriendListAdded", "onFriendApplicationListDeleted"] == alice.heard_types()
    assert ["onFriendListAdded", "onFriendApplicationListDeleted"] == bob.heard_types()
    assert ["Bobby"] == [friend["friendRemark"] for friend in alice.call("getFriendList")]
    assert ["Ally"] == [friend["friendRemark"] for friend in bob.call("getFriendList")]
    assert [] == alice.call("getFriendApplicationList")["friendApplicationList"]


def test_one_way_wishes_wait_for_an_answer(stage: Stage) -> None:
    """When one of two asked for one way, both applications wait."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    for phone in (alice, bob):
        phone.call("setSelfInfo", allowType=1)
    add(alice, "bob", addType=1)
    assert 30539 == add(bob, "alice")[0]
    found = alice.call("getFriendApplicationList")["friendApplicationList"]
    assert [("bob", 1), ("bob", 2)] == [(entry["userID"], entry["type"]) for entry in found]


def test_success_takes_a_pending_request_away(stage: Stage) -> None:
    """Who stops asking for confirmation is added at the next try, and the old application is gone on both sides."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", allowType=1)
    add(alice, "bob")
    bob.call("setSelfInfo", allowType=0)
    alice.heard()
    bob.heard()
    assert 0 == add(alice, "bob")[0]
    assert [("onFriendApplicationListDeleted", ["bob"])] == alice.heard("onFriendApplicationListDeleted")
    assert [("onFriendApplicationListDeleted", ["alice"])] == bob.heard("onFriendApplicationListDeleted")


def test_sensitive_words_are_refused(stage: Stage) -> None:
    """A word that the console lists results in 30005."""
    switch(stage, sensitive_words=["Spam"])
    alice = stage.enter("alice")
    assert 30005 == add(alice, "bob", addWording="buy spam!")[0]
    assert 30005 == add(alice, "bob", remark="SPAM")[0]
    assert [] == alice.call("getFriendList")


def test_checking_after_adding(stage: Stage) -> None:
    """The caller sees 3 after both ways and 1 after one way."""
    alice = stage.enter("alice")
    add(alice, "bob")
    add(alice, "carol", addType=1)
    checked = alice.call("checkFriend", userIDList=["bob", "carol"], checkType=2)
    assert [("bob", 0), ("carol", 0)] == outcomes(checked)
    assert [3, 1] == [item["resultType"] for item in checked]
