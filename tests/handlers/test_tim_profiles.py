"""Profiles through the channel: the own one, those of others, and who hears of changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.console import befriend, strict, switch
from tests.support.stage import Stage

# --- reading


def test_infos_of_several_users(stage: Stage) -> None:
    """Whole profiles in the order of the ids, the own one among them."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call(
        "setSelfInfo",
        nickName="Bob",
        faceUrl="b.png",
        selfSignature="hm",
        gender=1,
        allowType=1,
        birthday=19990101,
        level=3,
        role=4,
        customInfo={"Job": "cook"},
    )
    found = alice.call("getUsersInfo", userIDList=["bob", "alice"])
    assert {
        "userID": "bob",
        "nickName": "Bob",
        "faceUrl": "b.png",
        "selfSignature": "hm",
        "gender": 1,
        "allowType": 1,
        "birthday": 19990101,
        "level": 3,
        "role": 4,
        "customInfo": {"Job": "cook"},
    } == found[0]
    assert ["bob", "alice"] == [user["userID"] for user in found]
    assert (0, 0, "") == tuple(found[1][key] for key in ("allowType", "gender", "nickName"))


def test_unknown_users_are_missing(stage: Stage) -> None:
    """Ids without an account are left out; 40003 when there is nobody else."""
    strict(stage)
    alice = stage.enter("alice")
    assert ["alice"] == [user["userID"] for user in alice.call("getUsersInfo", userIDList=["nobody", "alice"])]
    assert 40003 == alice.refused("getUsersInfo", userIDList=["nobody"])


@pytest.mark.parametrize("ids", [[], [f"u{number}" for number in range(101)]])
def test_1_to_100_users_a_call(stage: Stage, ids: list[str]) -> None:
    """No id and over 100 are refused with 6017."""
    assert 6017 == stage.enter("alice").refused("getUsersInfo", userIDList=ids)


# --- the own profile


def test_only_given_fields_change(stage: Stage) -> None:
    """What is left out or null stays, custom fields one by one."""
    alice = stage.enter("alice")
    alice.call("setSelfInfo", nickName="Alice", gender=2, customInfo={"Job": "cook", "Town": "Rome"})
    alice.call("setSelfInfo", selfSignature="hm", nickName=None, customInfo={"Town": "Oslo"})
    (profile,) = alice.call("getUsersInfo", userIDList=["alice"])
    assert ("Alice", 2, "hm") == tuple(profile[key] for key in ("nickName", "gender", "selfSignature"))
    assert {"Job": "cook", "Town": "Oslo"} == profile["customInfo"]


def test_fields_can_be_emptied(stage: Stage) -> None:
    """An empty text is a value as well."""
    alice = stage.enter("alice")
    alice.call("setSelfInfo", nickName="Alice")
    alice.call("setSelfInfo", nickName="")
    assert "" == alice.call("getUsersInfo", userIDList=["alice"])[0]["nickName"]


def test_own_devices_hear(stage: Stage) -> None:
    """Caller and other devices hear the whole profile; no change says nothing."""
    other = stage.other_platform
    phone, tablet, bob = stage.enter("alice"), stage.enter("alice", "tablet", platform=other), stage.enter("bob")
    phone.call("setSelfInfo", nickName="Alice")
    for device in (phone, tablet):
        profile = device.heard_one("onSelfInfoUpdated")
        assert ("alice", "Alice") == (profile["userID"], profile["nickName"])
    phone.call("setSelfInfo", nickName="Alice")
    assert [] == phone.heard() + tablet.heard() + bob.heard()


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        (40601, {"nickName": "x" * 501}),
        (40601, {"faceUrl": "x" * 501}),
        (40601, {"selfSignature": "会" * 167}),
        (40601, {"customInfo": {"Key": "x" * 501}}),
        (40605, {"gender": 3}),
        (40605, {"allowType": -1}),
        (9001, {"customInfo": {"NineChars": "v"}}),
        (9001, {"customInfo": {"Key1": "v"}}),
        (40009, {"customInfo": {"Other": "v"}}),
        (40005, {"nickName": "King of SPAM"}),
    ],
)
def test_bad_values_are_refused(stage: Stage, code: int, fields: dict[str, Any]) -> None:
    """Texts over 500 bytes, numbers that mean nothing, custom keys that are malformed or not set up, sensitive words."""
    switch(stage, sensitive_words=["spam"], profile_custom_fields=["Key"])
    if stage.on_windows and fields == {"allowType": -1}:  # which stands for nothing there
        stage.enter("alice").call("setSelfInfo", **fields)
        return
    assert code == stage.enter("alice").refused("setSelfInfo", **fields)


def test_longest_texts_are_taken(stage: Stage) -> None:
    """Texts of 500 bytes and keys of 8 letters are fine."""
    stage.enter("alice").call("setSelfInfo", nickName="x" * 500, faceUrl="x" * 500, customInfo={"EightABC": "v" * 500})


@pytest.mark.parametrize("field", ["birthday", "level", "role"])
def test_wide_numbers_kill_adapters(stage: Stage, field: str) -> None:
    """Android's adapter never answers a number over 32 bits, and Windows ends of it; iOS takes it."""
    alice = stage.enter("alice")
    if stage.goes_by_ios:
        alice.call("setSelfInfo", **{field: 1 << 31})
        return
    error = alice.error("setSelfInfo", **{field: 1 << 31})
    assert (-32001, "crash" if stage.on_windows else "unanswered") == (error.code, error.data["reason"])
    alice.call("setSelfInfo", **{field: (1 << 31) - 1})


# --- who else hears


def test_names_follow_into_chats(stage: Stage) -> None:
    """Peers with a chat hear that its name or picture has changed; a change that does not show there is not told."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    bob.send("hi", to="alice")
    alice.heard()
    bob.heard()
    bob.call("setSelfInfo", nickName="Bob", faceUrl="b.png")
    (row,) = alice.heard_one("onConversationChanged")
    assert ("Bob", "b.png") == (row["showName"], row["faceUrl"])
    bob.call("setSelfInfo", selfSignature="hm")
    assert [] == alice.heard() + carol.heard()


def test_subscribers_hear_of_strangers() -> None:
    """8.2: who has subscribed hears whole profiles, until the subscription ends; others do not."""
    for platform in ("android", "ios"):
        stage = Stage("chat-8.2", platform)
        alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
        alice.call("subscribeUserInfo", userIDList=["bob"])
        bob.call("setSelfInfo", nickName="Bob")
        assert [("bob", "Bob")] == [
            (user["userID"], user["nickName"]) for user in alice.heard_one("onUserInfoChanged")["userInfoList"]
        ]
        alice.call("unsubscribeUserInfo", userIDList=["bob"])
        bob.call("setSelfInfo", nickName="Bobby")
        assert [] == alice.heard() + carol.heard()


def test_friends_and_self_are_told_otherwise() -> None:
    """A subscription to a friend or to oneself brings no event of its own; friends hear onFriendInfoChanged."""
    stage = Stage()
    alice, bob = stage.enter("alice"), stage.enter("bob")
    befriend(alice, bob)
    alice.call("subscribeUserInfo", userIDList=["bob", "alice"])
    bob.call("setSelfInfo", nickName="Bob")
    assert ["onFriendInfoChanged"] == alice.heard_types()
    alice.call("setSelfInfo", nickName="Alice")
    assert ["onSelfInfoUpdated"] == alice.heard_types()


def test_200_profiles_are_followed() -> None:
    """Of more than 200 the oldest drops out; subscribing again makes one the newest. All end with the login."""
    stage = Stage()
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("subscribeUserInfo", userIDList=["bob"])
    alice.call("subscribeUserInfo", userIDList=[f"u{number}" for number in range(199)])
    bob.call("setSelfInfo", nickName="one")
    alice.heard_one("onUserInfoChanged")
    alice.call("subscribeUserInfo", userIDList=["u999"])
    bob.call("setSelfInfo", nickName="two")
    assert [] == alice.heard()
    alice.call("subscribeUserInfo", userIDList=["bob"])
    alice.call("subscribeUserInfo", userIDList=["u998"])
    bob.call("setSelfInfo", nickName="three")
    alice.heard_one("onUserInfoChanged")
    alice.call("logout")
    alice.login("alice")
    alice.heard()
    bob.call("setSelfInfo", nickName="four")
    assert [] == alice.heard()


def test_unsubscribing_all() -> None:
    """An empty list ends all subscriptions to profiles."""
    stage = Stage()
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("subscribeUserInfo", userIDList=["bob"])
    alice.call("unsubscribeUserInfo", userIDList=[])
    bob.call("setSelfInfo", nickName="Bob")
    assert [] == alice.heard()


def test_profile_subscriptions_are_refused() -> None:
    """6017 for no id and for over 200; 72012 for both calls with the console's switch off."""
    stage = Stage()
    alice = stage.enter("alice")
    assert 6017 == alice.refused("subscribeUserInfo", userIDList=[])
    assert 6017 == alice.refused("subscribeUserInfo", userIDList=[f"u{number}" for number in range(201)])
    switch(stage, profile_subscription=False)
    assert 72012 == alice.refused("subscribeUserInfo", userIDList=["bob"])
    assert 72012 == alice.refused("unsubscribeUserInfo", userIDList=["bob"])
