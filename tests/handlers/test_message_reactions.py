"""Reactions to messages: reacting, taking back, reading, who hears of it. Only 8.2 knows them."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats import connections, reactions
from bridge.world.kernel.world import Policy
from tests.support.groups import team
from tests.support.stage import Phone, Stage


@pytest.fixture(params=["android", "ios"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage of the dialect that has reactions, on each platform."""
    return Stage("chat-8.2", request.param)


def react(phone: Phone, msg_id: str, reaction_id: str) -> None:
    """React to a message."""
    assert phone.call("addMessageReaction", msgID=msg_id, reactionID=reaction_id) is None


def shown(wire: list[Any]) -> list[tuple[str, int, list[str], bool]]:
    """Return (reaction, how many users, who is named, whether the viewer is among them) of each."""
    return [
        (
            one["reactionID"],
            one["totalUserCount"],
            [user["userID"] for user in one["partialUserList"]],
            one["reactedByMyself"],
        )
        for one in wire
    ]


def of(phone: Phone, msg_id: str, most: int = 10) -> list[tuple[str, int, list[str], bool]]:
    """Return how a device sees the reactions to a message."""
    (item,) = phone.call("getMessageReactions", msgIDList=[msg_id], maxUserCountPerReaction=most)
    assert (msg_id, 0, "") == (item["messageID"], item["resultCode"], item["resultInfo"])
    return shown(item["reactionList"])


def heard(phone: Phone, msg_id: str) -> list[tuple[str, int, list[str], bool]]:
    """Return what a device has just heard of the reactions to a message."""
    (change,) = phone.heard_one("onRecvMessageReactionsChanged")["changeInfos"]
    assert msg_id == change["messageID"]
    return shown(change["reactionList"])


def test_all_parties_hear_the_reaction_that_changed(stage: Stage) -> None:
    """Both sides and all their devices hear of one reaction, with all its users, as each sees it."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    tablet = stage.enter("alice", "tablet", platform="android" if stage.goes_by_ios else "ios")
    msg_id = alice.send("hi", to="bob")["msgID"]
    react(alice, msg_id, "heart")
    for phone in (alice, bob, tablet):
        phone.heard()
    react(bob, msg_id, "smile")
    assert [("smile", 1, ["bob"], True)] == heard(bob, msg_id)
    assert [("smile", 1, ["bob"], False)] == heard(alice, msg_id) == heard(tablet, msg_id)
    react(alice, msg_id, "smile")
    assert [("smile", 2, ["bob", "alice"], True)] == heard(alice, msg_id) == heard(bob, msg_id)
    assert [("heart", 1, ["alice"], False), ("smile", 2, ["bob", "alice"], True)] == of(bob, msg_id)


def test_taking_back(stage: Stage) -> None:
    """All hear how many are left; 0 means that the reaction is gone."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    msg_id = alice.send("hi", to="bob")["msgID"]
    react(alice, msg_id, "smile")
    react(bob, msg_id, "smile")
    alice.heard(), bob.heard()
    assert bob.call("removeMessageReaction", msgID=msg_id, reactionID="smile") is None
    assert [("smile", 1, ["alice"], True)] == heard(alice, msg_id)
    bob.heard()
    alice.call("removeMessageReaction", msgID=msg_id, reactionID="smile")
    assert [("smile", 0, [], False)] == heard(bob, msg_id) == heard(alice, msg_id)
    assert [] == of(alice, msg_id)


def test_members_of_a_group_hear(stage: Stage) -> None:
    """In a group every member hears and may react; users of old clients hear nothing of it."""
    group, (alice, bob, carol) = team(stage, "Public")
    old = stage.enter("bob", "old", dialect="im-5.0", platform="android" if stage.goes_by_ios else "ios")
    msg_id = alice.send("hi", group=group)["msgID"]
    old.heard()
    react(bob, msg_id, "smile")
    assert [("smile", 1, ["bob"], False)] == heard(alice, msg_id) == heard(carol, msg_id)
    assert [] == old.heard()


def test_users_named_are_those_asked_for(stage: Stage) -> None:
    """Of each reaction as many users are named as the call says, 0 to 10; the total counts all."""
    group, (alice, bob, carol) = team(stage, "Public")
    msg_id = alice.send("hi", group=group)["msgID"]
    for phone in (carol, bob, alice):
        react(phone, msg_id, "smile")
    assert [("smile", 3, ["carol", "bob"], True)] == of(alice, msg_id, 2)
    assert [("smile", 3, [], True)] == of(alice, msg_id, 0)
    for number in (-1, 11):
        assert 6017 == alice.refused("getMessageReactions", msgIDList=[msg_id], maxUserCountPerReaction=number)


def test_several_messages(stage: Stage) -> None:
    """Unknown ids are passed over; no known one, over twenty and several conversations are refused."""
    alice, bob, _ = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    first, second = (alice.send(text, to="bob")["msgID"] for text in "ab")
    react(bob, second, "smile")
    items = alice.call("getMessageReactions", msgIDList=["x", second, first], maxUserCountPerReaction=5)
    assert [(second, 1), (first, 0)] == [(item["messageID"], len(item["reactionList"])) for item in items]
    other = alice.send("c", to="carol")["msgID"]
    many = [alice.send(str(n), to="bob")["msgID"] for n in range(21)]
    for ids in (["x"], [], [first, other], many):
        assert 6017 == alice.refused("getMessageReactions", msgIDList=ids, maxUserCountPerReaction=5)
    assert 20 == len(alice.call("getMessageReactions", msgIDList=many[:20], maxUserCountPerReaction=5))


def test_pages_of_users(stage: Stage) -> None:
    """All users of a reaction come in pages, in the order in which they reacted."""
    group, (alice, bob, carol) = team(stage, "Public")
    msg_id = alice.send("hi", group=group)["msgID"]
    for phone in (carol, bob, alice):
        react(phone, msg_id, "smile")

    def page(cursor: int, count: int = 2) -> tuple[int, bool, list[str]]:
        arguments = {"msgID": msg_id, "reactionID": "smile", "nextSeq": cursor, "count": count}
        got = alice.call("getAllUserListOfMessageReaction", **arguments)
        return got["nextSeq"], got["isFinished"], [user["userID"] for user in got["userInfoList"]]

    assert (2, False, ["carol", "bob"]) == page(0)
    assert (0, True, ["alice"]) == page(2)
    assert (0, True, ["carol", "bob", "alice"]) == page(0, 3)
    assert (0, True, ["carol", "bob", "alice"]) == page(0, 100)
    for change in ({"count": 0}, {"count": 101}, *([] if stage.goes_by_ios else [{"nextSeq": -1}])):
        arguments = {"msgID": msg_id, "reactionID": "smile", "nextSeq": 0, "count": 1, **change}
        assert 6017 == alice.refused("getAllUserListOfMessageReaction", **arguments)


PAGE = {"nextSeq": 0, "count": 10}
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("addMessageReaction", {}),
    ("removeMessageReaction", {}),
    ("getAllUserListOfMessageReaction", PAGE),
]


@pytest.mark.parametrize(("method", "arguments"), CALLS)
def test_unknown_messages(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """The adapter refuses an unknown message by itself; so for what a live room says, which is not kept."""
    live, (alice, bob, _) = team(stage, "AVChatRoom")
    msg_id = bob.send("hi", group=live)["msgID"]
    for name in ("x", msg_id):
        assert -3 == alice.refused(method, msgID=name, reactionID="smile", **arguments)
        reply = alice.reply(method, msgID=name, reactionID="smile", **arguments)
        assert "find message length error" == reply["desc"]


def test_reacting_is_refused(stage: Stage) -> None:
    """Twice by the same user, an eleventh reaction (but not a second user of ten), no id, revoked and failed messages."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    msg_id = alice.send("hi", to="bob")["msgID"]
    for number in range(10):
        react(alice, msg_id, str(number))
    assert 23007 == alice.refused("addMessageReaction", msgID=msg_id, reactionID="3")
    assert 23005 == alice.refused("addMessageReaction", msgID=msg_id, reactionID="one more")
    react(bob, msg_id, "3")
    assert 23005 == bob.refused("addMessageReaction", msgID=msg_id, reactionID="one more")
    assert 6017 == alice.refused("addMessageReaction", msgID=msg_id, reactionID="")
    alice.call("revokeMessage", msgID=msg_id)
    assert 6017 == alice.refused("addMessageReaction", msgID=msg_id, reactionID="3")
    created = alice.call("createTextMessage", text="x")
    failed = alice.reply("sendMessage", id=created["id"], receiver="", groupID="nowhere")["data"]
    assert 10010 == alice.refused("addMessageReaction", msgID=failed["msgID"], reactionID="3")


def test_hundred_users_are_enough(stage: Stage) -> None:
    """A hundred and first user of a reaction is refused; another reaction takes them."""
    group, (alice, bob, _) = team(stage, "Public")
    message = alice.send("hi", group=group)["msgID"]
    table = stage.world[reactions.REACTIONS]
    for number in range(100):
        key = (message, "smile", f"u{number}")
        table.put(key, reactions.Reaction(*key, order=stage.world.next_number("order")))
    stage.world.log.commit()
    assert 23006 == bob.refused("addMessageReaction", msgID=message, reactionID="smile")
    react(bob, message, "heart")


def test_taking_back_what_is_not_there(stage: Stage) -> None:
    """A reaction that nobody used, and one of others; the list of its users as well."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    msg_id = alice.send("hi", to="bob")["msgID"]
    assert 23008 == alice.refused("removeMessageReaction", msgID=msg_id, reactionID="smile")
    assert 23008 == alice.refused("getAllUserListOfMessageReaction", msgID=msg_id, reactionID="smile", **PAGE)
    react(bob, msg_id, "smile")
    assert 23009 == alice.refused("removeMessageReaction", msgID=msg_id, reactionID="smile")


EVERY = [*CALLS, ("getMessageReactions", {"maxUserCountPerReaction": 1})]


def ids(method: str, msg_id: str) -> dict[str, Any]:
    """Return the arguments that say what a call is about."""
    return {"msgIDList": [msg_id]} if method == "getMessageReactions" else {"msgID": msg_id, "reactionID": "smile"}


@pytest.mark.parametrize(("method", "arguments"), EVERY)
def test_outside_the_group(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """Who has left the group has no say in its messages any more."""
    group, (alice, bob, _) = team(stage, "Public")
    msg_id = bob.send("hi", group=group)["msgID"]
    react(alice, msg_id, "smile")
    bob.call("quitGroup", groupID=group)
    assert 10007 == bob.refused(method, **ids(method, msg_id), **arguments)


@pytest.mark.parametrize(("method", "arguments"), EVERY)
def test_plan_without_reactions(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """A plan without them refuses every call."""
    stage = Stage("chat-8.2", stage.platform, Policy(switches={"message_reactions": False}))
    alice, _ = stage.enter("alice"), stage.enter("bob")
    msg_id = alice.send("hi", to="bob")["msgID"]
    assert 7013 == alice.refused(method, **ids(method, msg_id), **arguments)


@pytest.mark.parametrize(("method", "arguments"), EVERY)
def test_without_a_network(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """Reactions are the service's: without a network there are none."""
    alice, _ = stage.enter("alice"), stage.enter("bob")
    msg_id = alice.send("hi", to="bob")["msgID"]
    stage.emulator.run(lambda: connections.lose(stage.world, stage.emulator.engine.device(alice.id)))
    alice.heard()
    assert 9508 == alice.refused(method, **ids(method, msg_id), **arguments)
