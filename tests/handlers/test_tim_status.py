"""User status through the channel: who is online, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats import sessions
from tests.support.console import befriend, limit_rates, strict, switch
from tests.support.stage import Phone, Stage

ONLINE, OFFLINE, NOT_LOGGED_IN = 1, 2, 3


def statuses(phone: Phone, *users: str) -> list[tuple[str, int, str]]:
    """Return (user, status, text) of users."""
    return [
        (found["userID"], found["statusType"], found["customStatus"])
        for found in phone.call("getUserStatus", userIDList=list(users))
    ]


def told(phone: Phone) -> list[tuple[str, int, str]]:
    """Return (user, status, text) of each status that a phone has heard."""
    return [
        (found["userID"], found["statusType"], found["customStatus"])
        for _, data in phone.heard("onUserStatusChanged")
        for found in data["statusList"]
    ]


def test_status_follows_the_session(stage: Stage) -> None:
    """3 for one who never was there, 1 online, 3 after a logout, 2 when the app was killed."""
    alice = stage.enter("alice")
    assert [("bob", NOT_LOGGED_IN, "")] == statuses(alice, "bob")
    bob = stage.enter("bob")
    assert [("alice", ONLINE, ""), ("bob", ONLINE, "")] == statuses(alice, "alice", "bob")
    bob.call("logout")
    assert [("bob", NOT_LOGGED_IN, "")] == statuses(alice, "bob")
    bob.login("bob")
    bob.close()
    assert [("bob", OFFLINE, "")] == statuses(alice, "bob")


def test_text_is_told_to_own_devices(stage: Stage) -> None:
    """All own devices hear the text; an empty one clears it; strangers hear nothing."""
    other = stage.other_platform
    phone, tablet, bob = stage.enter("alice"), stage.enter("alice", "tablet", platform=other), stage.enter("bob")
    phone.call("setSelfStatus", status="busy")
    assert [("alice", ONLINE, "busy")] == told(phone) == told(tablet)
    assert [("alice", ONLINE, "busy")] == statuses(bob, "alice")
    phone.call("setSelfStatus", status="")
    assert [("alice", ONLINE, "")] == told(phone)
    assert [] == bob.heard()


def test_text_goes_with_the_session(stage: Stage) -> None:
    """When a user goes, the text goes as well, and subscribers hear both at once."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("subscribeUserStatus", userIDList=["alice"])
    alice.call("setSelfStatus", status="busy")
    assert [("alice", ONLINE, "busy")] == told(bob)
    alice.call("logout")
    assert [("alice", NOT_LOGGED_IN, "")] == told(bob)
    alice.login("alice")
    assert [("alice", ONLINE, "")] == told(bob)


@pytest.mark.parametrize(
    ("text", "fits"), [("x" * 100, True), ("会" * 33, True), ("x" * 101, False), ("会" * 34, False)]
)
def test_texts_have_100_bytes(stage: Stage, text: str, fits: bool) -> None:
    """Over 100 bytes are refused with 6017."""
    alice = stage.enter("alice")
    if fits:
        alice.call("setSelfStatus", status=text)
    else:
        assert 6017 == alice.refused("setSelfStatus", status=text)


def test_one_status_for_all_devices(stage: Stage) -> None:
    """A second device and the loss of one of two say nothing: the status is the user's."""
    other = stage.other_platform
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("subscribeUserStatus", userIDList=["alice"])
    tablet = stage.enter("alice", "tablet", platform=other)
    assert [] == told(bob)
    tablet.call("logout")
    assert [] == told(bob)
    alice.call("logout")
    assert [("alice", NOT_LOGGED_IN, "")] == told(bob)


def test_subscribing_and_leaving_off(stage: Stage) -> None:
    """Only later changes are told; ends for one, or for all with an empty list."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("subscribeUserStatus", userIDList=["bob", "carol"])
    assert [] == alice.heard()
    bob.call("setSelfStatus", status="one")
    assert [("bob", ONLINE, "one")] == told(alice)
    alice.call("unsubscribeUserStatus", userIDList=["bob"])
    bob.call("setSelfStatus", status="two")
    assert [] == told(alice)
    alice.call("subscribeUserStatus", userIDList=["bob"])
    alice.call("unsubscribeUserStatus", userIDList=[])
    bob.call("setSelfStatus", status="three")
    assert [] == told(alice)


def test_subscriptions_end_with_the_login(stage: Stage) -> None:
    """After logout and login nobody is followed."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("subscribeUserStatus", userIDList=["bob"])
    alice.call("logout")
    alice.login("alice")
    alice.heard()
    bob.call("setSelfStatus", status="one")
    assert [] == told(alice)


def test_200_are_followed(stage: Stage) -> None:
    """Of more than 200 users the oldest drops out."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("subscribeUserStatus", userIDList=["bob"])
    for start in (0, 100):
        alice.call("subscribeUserStatus", userIDList=[f"u{number}" for number in range(start, start + 99)])
    alice.call("subscribeUserStatus", userIDList=["one more"])
    bob.call("setSelfStatus", status="still")
    assert [("bob", ONLINE, "still")] == told(alice)
    alice.call("subscribeUserStatus", userIDList=["too much"])
    bob.call("setSelfStatus", status="no more")
    assert [] == told(alice)


@pytest.mark.parametrize("ids", [[], ["alice"], [f"u{number}" for number in range(101)]])
def test_bad_subscriptions_are_refused(stage: Stage, ids: list[str]) -> None:
    """No id, the own id, and over 100 are refused with 6017."""
    assert 6017 == stage.enter("alice").refused("subscribeUserStatus", userIDList=ids)


def test_empty_subscription_says_so(stage: Stage) -> None:
    """The refusal of an empty list names it (bindings 8.9)."""
    reply = stage.enter("alice").reply("subscribeUserStatus", userIDList=[])
    assert (6017, "userIDList is empty") == (reply["code"], reply["desc"])


@pytest.mark.parametrize("ids", [[], [f"u{number}" for number in range(501)]])
def test_1_to_500_users_a_query(stage: Stage, ids: list[str]) -> None:
    """No id and over 500 are refused with 6017."""
    assert 6017 == stage.enter("alice").refused("getUserStatus", userIDList=ids)


def test_unknown_users_are_missing(stage: Stage) -> None:
    """Ids without an account are left out; a query about nothing else fails."""
    strict(stage)
    alice = stage.enter("alice")
    assert [("alice", ONLINE, "")] == statuses(alice, "nobody", "alice")
    assert 70107 == alice.refused("getUserStatus", userIDList=["nobody"])


@pytest.mark.parametrize("method", ["getUserStatus", "subscribeUserStatus", "unsubscribeUserStatus"])
def test_a_switch_turns_status_off(stage: Stage, method: str) -> None:
    """With the console's switch off all calls about others are refused with 72001; the own status is still told."""
    switch(stage, user_status=False)
    alice = stage.enter("alice")
    assert 72001 == alice.refused(method, userIDList=["bob"])
    assert [("alice", ONLINE, "")] == statuses(alice, "alice")


def test_friends_hear_with_a_switch_alone(stage: Stage) -> None:
    """Friends hear of each other without a subscription only with the console's switch, and then once."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    befriend(alice, bob)
    bob.call("setSelfStatus", status="one")
    assert [] == told(alice)
    switch(stage, friend_status_notices=True)
    alice.call("subscribeUserStatus", userIDList=["bob"])
    bob.call("setSelfStatus", status="two")
    assert [("bob", ONLINE, "two")] == told(alice)
    alice.call("unsubscribeUserStatus", userIDList=["bob"])
    bob.call("logout")
    assert [("bob", NOT_LOGGED_IN, "")] == told(alice)
    assert [] == told(carol)


@pytest.mark.parametrize("method", ["getUserStatus", "subscribeUserStatus", "unsubscribeUserStatus"])
def test_rates_are_limited_on_demand(stage: Stage, method: str) -> None:
    """With rate limits the 21st call in five seconds is refused with 7008; without them it is not."""
    alice = stage.enter("alice")
    arguments: dict[str, Any] = {"userIDList": ["bob"]}
    for _ in range(25):
        alice.call(method, **arguments)
    limit_rates(stage)
    for _ in range(20):
        alice.call(method, **arguments)
    assert 7008 == alice.refused(method, **arguments)
    stage.advance(5_000)
    alice.call(method, **arguments)


def test_kicked_users_are_not_logged_in(stage: Stage) -> None:
    """Who was kicked from the last device counts as not logged in."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("subscribeUserStatus", userIDList=["bob"])
    stage.emulator.run(lambda: sessions.kick(stage.world, stage.emulator.engine.device(bob.id)))
    assert [("bob", NOT_LOGGED_IN, "")] == told(alice)
