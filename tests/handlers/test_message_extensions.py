"""Extensions of messages: setting, reading and deleting, who hears of it, conflicts."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats import connections
from bridge.world.kernel import devices
from bridge.world.kernel.world import Policy
from tests.support.groups import team
from tests.support.stage import Phone, Stage


def extensible(phone: Phone, to: str = "", group: str = "", **options: Any) -> str:
    """Send a text that takes extensions, and return its id."""
    msg_id: str = phone.send("poll", to=to, group=group, isSupportMessageExtension=True, **options)["msgID"]
    return msg_id


def pairs(*keys: str, value: str = "v") -> list[dict[str, str]]:
    """Return pairs as a call has them, all with the same value."""
    return [{"key": key, "value": value} for key in keys]


def put(phone: Phone, msg_id: str, *keys: str, value: str = "v") -> list[tuple[int, str, str]]:
    """Set extensions; return (code, key, value) of each outcome."""
    return outcomes(phone.call("setMessageExtensions", msgID=msg_id, extensions=pairs(*keys, value=value)))


def drop(phone: Phone, msg_id: str, *keys: str) -> list[tuple[int, str, str]]:
    """Delete extensions; return (code, key, value) of each outcome."""
    return outcomes(phone.call("deleteMessageExtensions", msgID=msg_id, keys=list(keys)))


def outcomes(items: Any) -> list[tuple[int, str, str]]:
    """Return (code, key, value) of each outcome; a text goes with each code but 0."""
    assert all(bool(item["resultInfo"]) == bool(item["resultCode"]) for item in items)
    return [(item["resultCode"], *pair(item["extension"])) for item in items]


def pair(wire: Any) -> tuple[str, str]:
    """Return key and value of a map."""
    return wire["extensionKey"], wire["extensionValue"]


def held(phone: Phone, msg_id: str) -> dict[str, str]:
    """Return what a message has, by key, in the order of the answer."""
    return dict(pair(wire) for wire in phone.call("getMessageExtensions", msgID=msg_id))


def test_setting_is_seen_and_heard_by_all(stage: Stage) -> None:
    """Both parties can set; everybody hears what was set, on all devices, the caller too."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    tablet = stage.enter("alice", "tablet", platform="android" if stage.goes_by_ios else "ios")
    msg_id = extensible(alice, to="bob")
    for phone in (alice, bob, tablet):
        phone.heard()
    assert [(0, "a", "1"), (0, "b", "1")] == put(bob, msg_id, "a", "b", value="1")
    for phone in (alice, bob, tablet):
        told = phone.heard_one("onRecvMessageExtensionsChanged")
        assert (msg_id, [("a", "1"), ("b", "1")]) == (told["msgID"], [pair(wire) for wire in told["extensions"]])
    assert [(0, "b", "2"), (0, "c", "2")] == put(alice, msg_id, "b", "c", value="2")
    assert [("b", "2"), ("c", "2")] == [pair(w) for w in bob.heard_one("onRecvMessageExtensionsChanged")["extensions"]]
    assert {"a": "1", "b": "2", "c": "2"} == held(bob, msg_id) == held(alice, msg_id)
    assert [(0, "a", "3")] == put(bob, msg_id, "a", value="3")
    assert ["a", "b", "c"] == list(held(alice, msg_id))


def test_deleting_is_heard_by_all(stage: Stage) -> None:
    """Keys that are not there are told apart; all hear which are gone."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    msg_id = extensible(alice, to="bob")
    put(alice, msg_id, "a", "b", "c")
    alice.heard(), bob.heard()
    assert [(0, "a", ""), (23004, "x", "")] == drop(bob, msg_id, "a", "x")
    for phone in (alice, bob):
        told = phone.heard_one("onRecvMessageExtensionsDeleted")
        assert (msg_id, ["a"]) == (told["msgID"], told["extensionKeys"])
    assert ["b", "c"] == list(held(alice, msg_id))
    assert [(23004, "x", "")] == drop(alice, msg_id, "x")
    assert [] == bob.heard()


def test_deleting_without_keys_takes_all(stage: Stage) -> None:
    """No keys means all extensions; where there is none nobody hears anything."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    msg_id = extensible(alice, to="bob")
    put(alice, msg_id, "b", "a")
    bob.heard()
    assert [(0, "b", ""), (0, "a", "")] == drop(alice, msg_id)
    assert ["b", "a"] == bob.heard_one("onRecvMessageExtensionsDeleted")["extensionKeys"]
    assert {} == held(bob, msg_id)
    assert [] == alice.call("deleteMessageExtensions", msgID=msg_id, keys=None)
    assert [] == bob.heard()


def test_members_of_a_group_hear(stage: Stage) -> None:
    """In a group every member hears and may set; who has left may not."""
    group, (alice, bob, carol) = team(stage, "Public")
    msg_id = extensible(alice, group=group)
    carol.heard()
    put(bob, msg_id, "a")
    assert msg_id == carol.heard_one("onRecvMessageExtensionsChanged")["msgID"]
    bob.call("quitGroup", groupID=group)
    for method, arguments in CALLS:
        assert 10007 == bob.refused(method, msgID=msg_id, **arguments)


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("setMessageExtensions", {"extensions": pairs("a")}),
    ("getMessageExtensions", {}),
    ("deleteMessageExtensions", {"keys": ["a"]}),
]


@pytest.mark.parametrize(("method", "arguments"), CALLS)
def test_messages_without_extensions_are_refused(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """Unknown ones, those not sent for it, revoked, failed and deleted ones get the adapter's own refusals."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    unknown, unsuitable = "message not found", "error message info"
    if stage.goes_by_ios:
        unknown, unsuitable = "msg is not exist", "msg info error"
    assert (-1, unknown) == told(alice, method, msgID="x", **arguments)
    plain = alice.send("plain", to="bob")["msgID"]
    revoked = extensible(alice, to="bob")
    alice.call("revokeMessage", msgID=revoked)
    deleted = extensible(alice, to="bob")
    bob.call("deleteMessages", msgIDs=[deleted])
    failed = alice.reply(
        "sendMessage",
        id=alice.call("createTextMessage", text="x")["id"],
        receiver="",
        groupID="nowhere",
        isSupportMessageExtension=True,
    )
    for phone, msg_id in ((alice, plain), (bob, revoked), (bob, deleted), (alice, failed["data"]["msgID"])):
        found = told(phone, method, msgID=msg_id, **arguments)
        if stage.on_windows:  # the adapter wants no more than the message
            assert 6017 == found[0]
            continue
        assert (-1, unsuitable) == found


def told(phone: Phone, method: str, **arguments: Any) -> tuple[int, str]:
    """Make a call that must be refused; return code and text."""
    phone.refused(method, **arguments)
    reply = phone.reply(method, **arguments)
    return reply["code"], reply["desc"]


@pytest.mark.parametrize(("method", "arguments"), CALLS)
def test_live_rooms_and_communities_have_none(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """What is said in a live room is not kept, so it is not found; in a community the service refuses."""
    live, (alice, _, _) = team(stage, "AVChatRoom")
    assert -1 == alice.refused(method, msgID=extensible(alice, group=live), **arguments)
    community, (dave, _) = team(stage, "Community", "dave", "erin")
    assert 23002 == dave.refused(method, msgID=extensible(dave, group=community), **arguments)


def test_sizes_and_numbers_are_limited(stage: Stage) -> None:
    """A key has 1 to 100 bytes, a value up to 1 KB, a call 20 pairs or keys, a message 300."""
    alice, _ = stage.enter("alice"), stage.enter("bob")
    msg_id = extensible(alice, to="bob")

    def refused(given: list[dict[str, str]]) -> int:
        return alice.refused("setMessageExtensions", msgID=msg_id, extensions=given)

    assert 6017 == refused(pairs("k" * 101))
    assert 6017 == refused(pairs("é" * 51))
    assert 6017 == refused(pairs("k", value="v" * 1025))
    assert 6017 == refused(pairs(*map(str, range(21))))
    assert 6017 == alice.refused("deleteMessageExtensions", msgID=msg_id, keys=[str(n) for n in range(21)])
    assert [(0, "k" * 100, "v" * 1024)] == put(alice, msg_id, "k" * 100, value="v" * 1024)
    for start in range(0, 280, 20):
        put(alice, msg_id, *map(str, range(start, start + 20)))
    put(alice, msg_id, *map(str, range(280, 299)))
    assert 6017 == refused(pairs("one more"))
    assert [(0, "7", "again")] == put(alice, msg_id, "7", value="again")


def test_no_pairs(stage: Stage) -> None:
    """Android alone refuses an empty list itself; iOS passes over pairs without key or value, and the service takes no empty list."""
    alice, _ = stage.enter("alice"), stage.enter("bob")
    msg_id = extensible(alice, to="bob")
    empty = told(alice, "setMessageExtensions", msgID=msg_id, extensions=[])
    by_service = stage.goes_by_ios or stage.on_windows
    assert 6017 == empty[0] if by_service else (-1, "error extensions") == empty
    assert 6017 == alice.refused("setMessageExtensions", msgID=msg_id, extensions=pairs(""))
    given = [*pairs(""), *pairs("a", value=""), *pairs("b")]
    if not stage.goes_by_ios:
        assert 6017 == alice.refused("setMessageExtensions", msgID=msg_id, extensions=given)
        assert [(0, "a", "")] == put(alice, msg_id, "a", value="")
    else:
        assert [(0, "b", "v")] == outcomes(alice.call("setMessageExtensions", msgID=msg_id, extensions=given))


@pytest.mark.parametrize("action", ["put", "drop"])
def test_writing_without_knowing_conflicts(stage: Stage, action: str) -> None:
    """Whom nobody told of somebody else's value gets 23001 for that key, with the newest value, and can write then."""
    alice, bob = stage.enter("alice"), stage.enter("bob", listen=False)
    msg_id = extensible(alice, to="bob")
    put(alice, msg_id, "a", "b", value="new")
    alice.heard()
    mine = put(bob, msg_id, "c", "a", value="bob's") if action == "put" else drop(bob, msg_id, "a")
    assert (23001, "a", "new") == mine[-1]
    assert "new" == held(alice, msg_id)["a"]
    assert (1 if action == "put" else 0) == len(alice.heard("onRecvMessageExtensionsChanged"))
    again = put(bob, msg_id, "a", value="bob's") if action == "put" else drop(bob, msg_id, "a")
    assert 0 == again[0][0]
    assert held(alice, msg_id).get("a") == ("bob's" if action == "put" else None)


def test_who_was_cut_off_is_behind(stage: Stage) -> None:
    """A listener hears nothing without a network: what was set meanwhile is not known after it, and conflicts."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    msg_id = extensible(alice, to="bob")
    stage.emulator.run(lambda: connections.lose(stage.world, devices.get(stage.world, bob.id)))
    put(alice, msg_id, "a", value="new")
    stage.emulator.run(lambda: connections.restore(stage.world, devices.get(stage.world, bob.id)))
    assert [(23001, "a", "new")] == put(bob, msg_id, "a", value="bob's")
    assert [(0, "a", "bob's")] == put(bob, msg_id, "a", value="bob's")


def test_reading_and_hearing_prevent_conflicts(stage: Stage) -> None:
    """Who has heard of a value, or has read the extensions since, may write; so may a user without an app."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob", listen=False), stage.enter("carol")
    msg_id = extensible(alice, to="bob")
    put(alice, msg_id, "a")
    assert {"a": "v"} == held(bob, msg_id)
    assert [(0, "a", "2")] == put(bob, msg_id, "a", value="2")
    assert [(0, "a", "3")] == put(alice, msg_id, "a", value="3")
    other = extensible(alice, to="carol")
    put(alice, other, "a")
    assert [(0, "a", "2")] == put(carol, other, "a", value="2")


def test_key_taken_off_unheard_conflicts(stage: Stage) -> None:
    """A key that somebody else took off unheard conflicts once, with no value."""
    alice, bob = stage.enter("alice"), stage.enter("bob", listen=False)
    msg_id = extensible(alice, to="bob")
    put(alice, msg_id, "a")
    held(bob, msg_id)
    drop(alice, msg_id, "a")
    assert [(23001, "a", "")] == put(bob, msg_id, "a")
    assert [(0, "a", "v")] == put(bob, msg_id, "a")


def test_plan_without_extensions(stage: Stage) -> None:
    """A plan without them refuses every call."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"message_extensions": False}))
    alice, _ = stage.enter("alice"), stage.enter("bob")
    msg_id = extensible(alice, to="bob")
    for method, arguments in CALLS:
        assert 7013 == alice.refused(method, msgID=msg_id, **arguments)


def test_writes_are_limited_per_minute(stage: Stage) -> None:
    """With rate limits the 201st write to a message within a minute is refused; the other message takes it."""
    stage = Stage(stage.dialect, stage.platform, Policy(rate_limits=True))
    alice, _ = stage.enter("alice"), stage.enter("bob")
    msg_id, other = extensible(alice, to="bob"), extensible(alice, to="bob")
    for _ in range(200):
        put(alice, msg_id, "a")
    assert 23003 == alice.refused("setMessageExtensions", msgID=msg_id, extensions=pairs("a"))
    assert [(0, "a", "v")] == put(alice, other, "a")
    stage.advance(60_000)
    assert [(0, "a", "v")] == put(alice, msg_id, "a")


@pytest.mark.parametrize(("method", "arguments"), CALLS)
def test_without_a_network(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """Without a network nothing can be set, read or deleted."""
    alice, _ = stage.enter("alice"), stage.enter("bob")
    msg_id = extensible(alice, to="bob")
    stage.emulator.run(lambda: connections.lose(stage.world, devices.get(stage.world, alice.id)))
    alice.heard()
    assert 9508 == alice.refused(method, msgID=msg_id, **arguments)
