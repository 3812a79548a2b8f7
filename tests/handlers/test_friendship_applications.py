"""Friend applications through the channel: the list, the answers, and what the adapters do when there is nothing to answer."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.people import friends
from tests.support.console import befriend
from tests.support.stage import Phone, Stage

REFUSED = -32001


def asked(stage: Stage, **wish: Any) -> tuple[Phone, Phone]:
    """Return alice, and bob whom alice has asked for friendship; what they heard of it is forgotten."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", allowType=1)
    alice.call("addFriend", **{"userID": "bob", "addType": 2, "addWording": "hello", **wish})
    alice.heard()
    bob.heard()
    return alice, bob


def pending(phone: Phone) -> list[tuple[str, int]]:
    """Return (other party, type) of each application of a user."""
    found = phone.call("getFriendApplicationList")["friendApplicationList"]
    return [(entry["userID"], entry["type"]) for entry in found]


def ids(phone: Phone) -> list[str]:
    """Return the ids in a friend list."""
    return [friend["userID"] for friend in phone.call("getFriendList")]


def test_list_shows_both_kinds(stage: Stage) -> None:
    """Received and sent applications stand in one list, the newest first, with the other party's name."""
    alice, bob = asked(stage)
    carol = stage.enter("carol")
    carol.call("setSelfInfo", allowType=1, nickName="Carol", faceUrl="c.png")
    bob.call("addFriend", userID="carol", addType=2)
    assert [("carol", 2), ("alice", 1)] == pending(bob)
    newest = bob.call("getFriendApplicationList")["friendApplicationList"][0]
    assert ("Carol", "c.png") == (newest["nickname"], newest["faceUrl"])
    assert [("bob", 2)] == pending(alice)


def test_unread_counts_what_was_received(stage: Stage) -> None:
    """Only received applications count; reading tells the own devices once and leaves the list as it is."""
    alice, bob = asked(stage)
    assert 0 == alice.call("getFriendApplicationList")["unreadCount"]
    assert 1 == bob.call("getFriendApplicationList")["unreadCount"]
    bob.call("setFriendApplicationRead")
    assert [("onFriendApplicationListRead", None)] == bob.heard()
    assert 0 == bob.call("getFriendApplicationList")["unreadCount"]
    assert [("alice", 1)] == pending(bob)
    bob.call("setFriendApplicationRead")
    assert [] == bob.heard() + alice.heard()


def test_agreeing_gives_one_side_a_friend(stage: Stage) -> None:
    """responseType 0: the one who asked has a friend, the other has not; both applications are gone and told."""
    alice, bob = asked(stage)
    result = bob.call("acceptFriendApplication", responseType=0, type=1, userID="alice")
    assert {"userID": "alice", "resultCode": 0, "resultInfo": ""} == result
    assert ["onFriendListAdded", "onFriendApplicationListDeleted"] == alice.heard_types()
    assert [("onFriendApplicationListDeleted", ["alice"])] == bob.heard()
    assert (["bob"], []) == (ids(alice), ids(bob))
    assert [] == pending(alice) + pending(bob)


def test_agreeing_and_adding_gives_both(stage: Stage) -> None:
    """responseType 1: both have a friend and hear of it."""
    alice, bob = asked(stage, remark="Bobby")
    bob.call("acceptFriendApplication", responseType=1, type=1, userID="alice")
    (friend,) = alice.heard_one("onFriendListAdded")
    assert ("bob", "Bobby") == (friend["userID"], friend["friendRemark"])
    assert ["onFriendListAdded", "onFriendApplicationListDeleted"] == bob.heard_types()
    assert [] == pending(alice) + pending(bob)


def test_friend_group_waits_for_the_answer(stage: Stage) -> None:
    """The friend group of the wish is made and used when the relation forms; iOS makes nothing of it."""
    alice, bob = asked(stage, friendGroup="Mates")
    assert [] == alice.call("getFriendGroups", groupNameList=None)
    bob.call("acceptFriendApplication", responseType=1, type=1, userID="alice")
    groups = [] if stage.goes_by_ios else ["Mates"]
    assert groups == alice.call("getFriendList")[0]["friendGroups"]
    assert groups == list(alice.friend_groups())


def test_an_overdue_friend_group_is_dropped() -> None:
    """If the wished friend group would be a 33rd one by the time of the answer, the friend comes without it."""
    alice, bob = asked(Stage(), friendGroup="Mates")
    for number in range(32):
        alice.call("createFriendGroup", groupName=f"g{number}", userIDList=[])
    assert 0 == bob.call("acceptFriendApplication", responseType=0, type=1, userID="alice")["resultCode"]
    assert [[]] == [friend["friendGroups"] for friend in alice.call("getFriendList")]


def test_refusing_tells_both(stage: Stage) -> None:
    """Both hear that the application is gone; nobody has a friend."""
    alice, bob = asked(stage)
    result = bob.call("refuseFriendApplication", type=1, userID="alice")
    assert ("alice", 0) == (result["userID"], result["resultCode"])
    assert [("onFriendApplicationListDeleted", ["bob"])] == alice.heard()
    assert [("onFriendApplicationListDeleted", ["alice"])] == bob.heard()
    assert [] == ids(alice) + ids(bob) + pending(alice) + pending(bob)


@pytest.mark.parametrize("deleter", ["alice", "bob"])
def test_deleting_is_for_oneself(stage: Stage, deleter: str) -> None:
    """Either side deletes the own entry alone; the other's stays and nothing is told there."""
    alice, bob = asked(stage)
    mine, other = (alice, bob) if deleter == "alice" else (bob, alice)
    kind = 2 if deleter == "alice" else 1
    assert mine.call("deleteFriendApplication", type=kind, userID=other.user) is None
    assert [("onFriendApplicationListDeleted", [other.user])] == mine.heard()
    assert [] == pending(mine) + other.heard()
    assert 1 == len(pending(other))


def test_answer_reaches_one_who_deleted(stage: Stage) -> None:
    """The other can still agree after the sender has deleted the own entry."""
    alice, bob = asked(stage)
    alice.call("deleteFriendApplication", type=2, userID="bob")
    alice.heard()
    bob.call("acceptFriendApplication", responseType=1, type=1, userID="alice")
    assert ["onFriendListAdded"] == alice.heard_types()
    assert ["bob"] == ids(alice)


def test_accepting_nothing(stage: Stage) -> None:
    """Without such an application Android's adapter answers -1 itself; the others hand nothing to the SDK, which refuses with 30614."""
    bob = stage.enter("bob")
    before = stage.snapshot()
    reply = bob.reply("acceptFriendApplication", responseType=1, type=1, userID="alice")
    expected = (30614, "Err_SNS_FriendResponse_Pendency_Not_Exist")
    if not (stage.goes_by_ios or stage.on_windows):
        expected = (-1, "application get error")
    assert expected == (reply["code"], reply["desc"])
    assert [] == bob.heard()
    assert before == stage.snapshot()


def test_refusing_nothing(stage: Stage) -> None:
    """Without such an application the SDK refuses with 30614."""
    assert 30614 == stage.enter("bob").refused("refuseFriendApplication", type=1, userID="alice")


def test_deleting_nothing(stage: Stage) -> None:
    """Without such an application Android never answers; the others get the SDK's 30614."""
    bob = stage.enter("bob")
    if stage.goes_by_ios or stage.on_windows:
        assert 30614 == bob.refused("deleteFriendApplication", type=1, userID="alice")
        return
    error = bob.error("deleteFriendApplication", type=1, userID="alice")
    assert (REFUSED, "unanswered") == (error.code, error.data["reason"])


def test_types_are_told_apart_but_on_ios(stage: Stage) -> None:
    """A received application does not match type 2 on Android and Windows; iOS goes by the user and answers it."""
    _, bob = asked(stage)
    reply = bob.reply("acceptFriendApplication", responseType=1, type=2, userID="alice")
    if not stage.goes_by_ios:
        assert (30614 if stage.on_windows else -1) == reply["code"]
        assert [("alice", 1)] == pending(bob)
    else:
        assert (0, 0) == (reply["code"], reply["data"]["resultCode"])
        assert ["alice"] == ids(bob)


@pytest.mark.parametrize("method", ["acceptFriendApplication", "refuseFriendApplication"])
def test_own_applications_cannot_be_answered(stage: Stage, method: str) -> None:
    """Answering what one has sent oneself results in 30614."""
    alice, bob = asked(stage)
    extra = {"responseType": 1} if method == "acceptFriendApplication" else {}
    assert 30614 == alice.call(method, type=2, userID="bob", **extra)["resultCode"]
    assert [] == alice.heard() + bob.heard()
    assert [("bob", 2)] == pending(alice)


@pytest.mark.parametrize(("who", "code"), [("bob", 30515), ("alice", 30525)])
def test_a_blacklist_stops_the_answer(stage: Stage, who: str, code: int) -> None:
    """Once one has blocked the other, agreeing fails and the application stays."""
    alice, bob = asked(stage)
    blocker, other = (bob, "alice") if who == "bob" else (alice, "bob")
    blocker.call("addToBlackList", userIDList=[other])
    result = bob.call("acceptFriendApplication", responseType=1, type=1, userID="alice")
    assert code == result["resultCode"]
    assert [("alice", 1)] == pending(bob)


def test_full_lists_stop_the_answer(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """30014 when the list of the one who asked is full; 30010 when the own one is and would grow."""
    monkeypatch.setattr(friends, "MAX_FRIENDS", 1)
    alice, bob = asked(stage)
    bob.call("addFriend", userID="carol", addType=1)
    answer = {"type": 1, "userID": "alice"}
    assert 30010 == bob.call("acceptFriendApplication", responseType=1, **answer)["resultCode"]
    alice.call("addFriend", userID="carol", addType=1)
    assert 30014 == bob.call("acceptFriendApplication", responseType=0, **answer)["resultCode"]
    alice.call("deleteFromFriendList", userIDList=["carol"], deleteType=1)
    assert 0 == bob.call("acceptFriendApplication", responseType=0, **answer)["resultCode"]


def test_agreeing_to_a_friend_adds_nothing_twice(stage: Stage) -> None:
    """Who has the other already hears of no new friend when a pending application is answered."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", allowType=1)
    alice.call("addFriend", userID="bob", addType=2)
    bob.call("addFriend", userID="alice", addType=1)
    alice.heard()
    bob.heard()
    bob.call("acceptFriendApplication", responseType=1, type=1, userID="alice")
    assert ["onFriendListAdded", "onFriendApplicationListDeleted"] == alice.heard_types()
    assert ["onFriendApplicationListDeleted"] == bob.heard_types()


def test_applications_are_there_at_the_next_login(stage: Stage) -> None:
    """What came while somebody was out is in the list later, and told once."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", allowType=1)
    bob.call("logout")
    bob.heard()
    alice.call("addFriend", userID="bob", addType=2)
    bob.login("bob")
    assert ["alice"] == [one["userID"] for one in bob.heard_one("onFriendApplicationListAdded")]
    bob.call("logout")
    bob.login("bob")
    assert [] == bob.heard("onFriendApplicationListAdded")
    assert 1 == bob.call("getFriendApplicationList")["unreadCount"]


def test_no_application_among_friends(stage: Stage) -> None:
    """Friends cannot apply to each other."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    bob.call("setSelfInfo", allowType=1)
    assert 30001 == alice.call("addFriend", userID="bob", addType=2)["resultCode"]
    assert [] == pending(alice) + pending(bob)
