"""Following through the channel (8.2 alone)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.console import outcomes, strict, switch
from tests.support.stage import Phone, Stage


@pytest.fixture(params=["android", "ios"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage of the dialect that has following."""
    return Stage("chat-8.2", request.param)


def told(phone: Phone) -> list[tuple[str, bool, list[str]]]:
    """Return (event, is added, user ids) of what a phone heard about following."""
    return [(kind, data["isAdd"], [user["userID"] for user in data["userInfoList"]]) for kind, data in phone.heard()]


def listed(phone: Phone, method: str) -> list[str]:
    """Return the ids in a list of follows, read page by page to its end."""
    found: list[str] = []
    cursor = ""
    while True:
        page = phone.call(method, nextCursor=cursor)
        found.extend(user["userID"] for user in page["userFullInfoList"])
        cursor = page["nextCursor"]
        if not cursor:
            return found


def test_following_tells_both_sides(stage: Stage) -> None:
    """The follower's following list and the other's followers list grow."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    assert [("bob", 0), ("carol", 0)] == outcomes(alice.call("followUser", userIDList=["bob", "carol"]))
    assert [("onMyFollowingListChanged", True, ["bob", "carol"])] == told(alice)
    assert [("onMyFollowersListChanged", True, ["alice"])] == told(bob)
    assert ["carol", "bob"] == listed(alice, "getMyFollowingList")
    assert ["alice"] == listed(bob, "getMyFollowersList")
    assert [] == listed(alice, "getMutualFollowersList")


def test_following_back_is_mutual(stage: Stage) -> None:
    """Both hear that it is mutual now, and that it is no more when one leaves."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("followUser", userIDList=["bob"])
    told(alice), told(bob)
    bob.call("followUser", userIDList=["alice"])
    assert [
        ("onMyFollowersListChanged", True, ["bob"]),
        ("onMutualFollowersListChanged", True, ["bob"]),
    ] == told(alice)
    assert [
        ("onMyFollowingListChanged", True, ["alice"]),
        ("onMutualFollowersListChanged", True, ["alice"]),
    ] == told(bob)
    assert ["bob"] == listed(alice, "getMutualFollowersList")
    assert [("bob", 0)] == outcomes(alice.call("unfollowUser", userIDList=["bob"]))
    assert [
        ("onMyFollowingListChanged", False, ["bob"]),
        ("onMutualFollowersListChanged", False, ["bob"]),
    ] == told(alice)
    assert [
        ("onMyFollowersListChanged", False, ["alice"]),
        ("onMutualFollowersListChanged", False, ["alice"]),
    ] == told(bob)
    assert ["alice"] == listed(bob, "getMyFollowingList")


def test_unfollowing_empties_the_lists(stage: Stage) -> None:
    """Whoever is left is in no list any more; only where it was mutual the mutual lists lose somebody; each once, however often named."""
    alice, bob, carol = (stage.enter(name) for name in ("alice", "bob", "carol"))
    alice.call("followUser", userIDList=["bob", "carol", "dave"])
    bob.call("followUser", userIDList=["alice"])
    told(alice), told(bob), told(carol)
    gone = ["carol", "bob", "carol"]
    assert [(one, 0) for one in gone] == outcomes(alice.call("unfollowUser", userIDList=gone))
    assert [
        ("onMyFollowingListChanged", False, ["carol", "bob"]),
        ("onMutualFollowersListChanged", False, ["bob"]),
    ] == told(alice)
    assert ["onMyFollowersListChanged", "onMutualFollowersListChanged"] == [kind for kind, _, _ in told(bob)]
    assert [("onMyFollowersListChanged", False, ["alice"])] == told(carol)
    assert (["dave"], []) == (listed(alice, "getMyFollowingList"), listed(alice, "getMutualFollowersList"))
    assert [] == listed(bob, "getMyFollowersList") + listed(carol, "getMyFollowersList")
    assert [] == listed(bob, "getMutualFollowersList")
    assert [2, 0, 1] == [item["followType"] for item in alice.call("checkFollowType", userIDList=["bob", "carol", "dave"])]


def test_following_twice_says_nothing(stage: Stage) -> None:
    """Following again and leaving one not followed succeed without an event."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("followUser", userIDList=["bob"])
    told(alice), told(bob)
    assert [("bob", 0)] == outcomes(alice.call("followUser", userIDList=["bob"]))
    assert [("carol", 0)] == outcomes(alice.call("unfollowUser", userIDList=["carol"]))
    assert [] == told(alice) + told(bob)


def test_following_fails_singly(stage: Stage) -> None:
    """Oneself is 30001, an unknown user 30003."""
    strict(stage)
    alice = stage.enter("alice")
    stage.enter("bob")
    items = alice.call("followUser", userIDList=["alice", "nobody", "bob"])
    assert [("alice", 30001), ("nobody", 30003), ("bob", 0)] == outcomes(items)
    assert ["bob"] == listed(alice, "getMyFollowingList")


@pytest.mark.parametrize("method", ["followUser", "unfollowUser"])
@pytest.mark.parametrize("ids", [[], [f"u{number}" for number in range(21)]])
def test_1_to_20_users_a_call(stage: Stage, method: str, ids: list[str]) -> None:
    """No user and over 20 are refused with 6017."""
    assert 6017 == stage.enter("alice").refused(method, userIDList=ids)


@pytest.mark.parametrize("method", ["getUserFollowInfo", "checkFollowType"])
def test_queries_need_a_user(stage: Stage, method: str) -> None:
    """An empty list is refused with 6017."""
    assert 6017 == stage.enter("alice").refused(method, userIDList=[])


def test_the_console_sets_limits(stage: Stage) -> None:
    """32100 own following, 32101 the other's followers, 32102 and 32103 mutual ones."""
    switch(stage, max_following=3, max_followers=2, max_mutual_followers=1)
    alice, bob, carol, dave = (stage.enter(name) for name in ("alice", "bob", "carol", "dave"))

    def follow(phone: Phone, user: str) -> int:
        code: int = phone.call("followUser", userIDList=[user])[0]["resultCode"]
        return code

    assert [0, 0] == [follow(alice, "bob"), follow(bob, "alice")]
    assert [0, 32102] == [follow(carol, "alice"), follow(alice, "carol")]
    assert [0, 32103] == [follow(bob, "dave"), follow(dave, "bob")]
    assert [0, 0] == [follow(carol, "bob"), follow(alice, "u1")]
    assert 32101 == follow(dave, "bob")
    assert [0, 32100] == [follow(alice, "u2"), follow(alice, "u3")]


def test_lists_come_in_pages(stage: Stage) -> None:
    """Lists longer than a page are read with the cursor until it is empty, each user once, the latest first."""
    alice = stage.enter("alice")
    names = [f"u{number:03d}" for number in range(250)]
    for start in range(0, 250, 20):
        alice.call("followUser", userIDList=names[start : start + 20])
    assert names[::-1] == listed(alice, "getMyFollowingList")
    first = alice.call("getMyFollowingList", nextCursor="")
    assert 100 == len(first["userFullInfoList"])


@pytest.mark.parametrize("cursor", ["nonsense", "-1", "١"])
def test_a_made_up_cursor_is_refused(stage: Stage, cursor: str) -> None:
    """A cursor that no page gave is refused with 6017."""
    assert 6017 == stage.enter("alice").refused("getMyFollowersList", nextCursor=cursor)


def test_counts_and_types(stage: Stage) -> None:
    """Counts of anybody, and how each stands to the caller; unknown users fail singly."""
    strict(stage)
    alice, bob, carol = (stage.enter(name) for name in ("alice", "bob", "carol"))
    stage.enter("dave")
    alice.call("followUser", userIDList=["bob", "carol"])
    bob.call("followUser", userIDList=["alice"])
    carol.call("followUser", userIDList=["bob"])
    counts = alice.call("getUserFollowInfo", userIDList=["alice", "bob", "nobody"])
    keys = ("followingCount", "followersCount", "mutualFollowersCount", "resultCode")
    assert [(2, 1, 1, 0), (1, 2, 1, 0), (0, 0, 0, 30003)] == [tuple(item[key] for key in keys) for item in counts]
    types = bob.call("checkFollowType", userIDList=["alice", "carol", "dave", "nobody"])
    assert [3, 2, 0, 0] == [item["followType"] for item in types]
    assert [0, 0, 0, 30003] == [item["resultCode"] for item in types]
    assert 1 == alice.call("checkFollowType", userIDList=["carol"])[0]["followType"]


def test_lists_show_profiles(stage: Stage) -> None:
    """A list holds whole profiles."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", nickName="Bob")
    alice.call("followUser", userIDList=["bob"])
    page: dict[str, Any] = alice.call("getMyFollowingList", nextCursor="")
    assert [("bob", "Bob")] == [(user["userID"], user["nickName"]) for user in page["userFullInfoList"]]
