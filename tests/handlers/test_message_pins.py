"""Pinned messages of groups: pinning, taking off, the list, who hears of it. Only 8.2 knows them."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats import connections
from bridge.world.kernel.world import Policy
from tests.support.groups import team, tips
from tests.support.stage import Phone, Stage

DAY_MS = 86_400_000


@pytest.fixture(params=["android", "ios"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage of the dialect that has pinned messages, on each platform."""
    return Stage("chat-8.2", request.param)


def pin(phone: Phone, group: str, msg_id: str, is_pinned: bool = True) -> None:
    """Pin a message, or take it off."""
    assert phone.call("pinGroupMessage", msgID=msg_id, groupID=group, isPinned=is_pinned) is None


def refused(phone: Phone, group: str, msg_id: str, is_pinned: bool = True) -> int:
    """Return the code with which pinning is refused."""
    return phone.refused("pinGroupMessage", msgID=msg_id, groupID=group, isPinned=is_pinned)


def pinned(phone: Phone, group: str) -> list[str]:
    """Return the ids of the messages that are pinned in a group."""
    return [message["msgID"] for message in phone.call("getPinnedGroupMessageList", groupID=group)]


def said(phone: Phone, group: str, text: str = "hi") -> str:
    """Say something in a group, and return the id."""
    msg_id: str = phone.send(text, group=group)["msgID"]
    return msg_id


def test_all_members_hear_of_a_pin(stage: Stage) -> None:
    """Everybody hears the event with the message, then what the group says of it; both are there for later."""
    group, (alice, bob, carol) = team(stage, "Public")
    msg_id = said(carol, group)
    for phone in (alice, bob, carol):
        phone.heard()
    pin(alice, group, msg_id)
    for phone in (alice, bob, carol):
        (kind, event), (second, tip) = phone.heard()[:2]
        assert ("onGroupMessagePinned", "onRecvNewMessage") == (kind, second)
        assert (group, True, msg_id, "alice") == (
            event["groupID"],
            event["isPinned"],
            event["message"]["msgID"],
            event["opUser"]["userID"],
        )
        assert "hi" == event["message"]["textElem"]["text"]
        assert (10, "alice") == (tip["groupTipsElem"]["type"], tip["groupTipsElem"]["opMember"]["userID"])
    assert [msg_id] == pinned(bob, group)
    (newest, *_) = bob.history(group=group, count=5)
    assert 10 == newest["groupTipsElem"]["type"]


def test_taking_off_shows_the_key_alone(stage: Stage) -> None:
    """On removal the event's message has its id and nothing else; the group says so, too."""
    group, (alice, bob, _) = team(stage, "Public")
    msg_id = said(bob, group)
    pin(alice, group, msg_id)
    bob.heard()
    pin(alice, group, msg_id, False)
    (kind, event), (_, tip) = bob.heard()[:2]
    assert ("onGroupMessagePinned", False, msg_id) == (kind, event["isPinned"], event["message"]["msgID"])
    shown = event["message"]
    assert (0, "", 0) == (shown["elemType"], shown["sender"], shown["timestamp"])
    assert "textElem" not in shown
    assert 11 == tip["groupTipsElem"]["type"]
    assert [] == pinned(bob, group)


def test_taking_off_what_is_not_pinned(stage: Stage) -> None:
    """It succeeds and nobody hears anything."""
    group, (alice, bob, _) = team(stage, "Public")
    msg_id = said(alice, group)
    bob.heard()
    pin(alice, group, msg_id, False)
    assert [] == bob.heard()


def test_ten_are_enough(stage: Stage) -> None:
    """The newest pin comes first; an eleventh is refused until one is taken off, and so is pinning twice."""
    group, (alice, bob, _) = team(stage, "Public")
    ids = [said(bob, group, str(number)) for number in range(11)]
    for msg_id in ids[:10]:
        pin(alice, group, msg_id)
    assert ids[9::-1] == pinned(bob, group)
    assert 10070 == refused(alice, group, ids[10])
    assert 10071 == refused(alice, group, ids[3])
    pin(alice, group, ids[3], False)
    pin(alice, group, ids[10])
    assert [ids[10], *(msg_id for msg_id in ids[9::-1] if msg_id != ids[3])] == pinned(bob, group)


def test_who_may_pin(stage: Stage) -> None:
    """Owners and administrators may, in Work groups everybody; who is no member may not even look."""
    group, (alice, bob, carol) = team(stage, "Public")
    msg_id = said(carol, group)
    alice.call("setGroupMemberRole", groupID=group, userID="bob", role=300)
    assert 10007 == refused(carol, group, msg_id)
    pin(bob, group, msg_id)
    assert 10007 == refused(carol, group, msg_id, False)
    carol.call("quitGroup", groupID=group)
    assert 10007 == carol.refused("getPinnedGroupMessageList", groupID=group)
    work, (_, erin) = team(stage, "Work", "dave", "erin")
    pin(erin, work, said(erin, work))


def test_whoever_joins_later_sees_pins(stage: Stage) -> None:
    """A new member sees what was pinned before, and an administrator among them may take it off."""
    group, (alice, bob) = team(stage, "Public", "alice", "bob")
    msg_id = said(bob, group)
    pin(alice, group, msg_id)
    erin = stage.enter("erin")
    assert -3 == refused(erin, group, msg_id)
    alice.call("setGroupInfo", groupID=group, addOpt=2)
    erin.call("joinGroup", groupID=group, message="")
    assert [msg_id] == pinned(erin, group)
    alice.call("setGroupMemberRole", groupID=group, userID="erin", role=300)
    pin(erin, group, msg_id, False)
    assert [] == pinned(bob, group)


def test_topics_have_their_own(stage: Stage) -> None:
    """A topic's pins are its own; all members of the community hear."""
    community, (alice, bob) = team(stage, "Community", "alice", "bob", isSupportTopic=True)
    topic = alice.call("createTopicInCommunity", groupID=community, topicInfo={"topicName": "news"})
    msg_id = said(bob, topic)
    bob.heard()
    pin(alice, topic, msg_id)
    events = dict(bob.heard())
    assert topic == events["onGroupMessagePinned"]["groupID"] == events["onRecvNewMessage"]["groupID"]
    assert [msg_id] == pinned(bob, topic)
    assert [] == pinned(bob, community)
    assert 6017 == refused(alice, community, msg_id)
    assert 10010 == bob.refused("getPinnedGroupMessageList", groupID=f"{community}@TOPIC#_none")


def test_what_cannot_be_pinned(stage: Stage) -> None:
    """Unknown, one-to-one, another group's, targeted, revoked, failed and the group's own messages."""
    group, (alice, bob, _) = team(stage, "Public")
    assert -3 == refused(alice, group, "x")
    assert (
        "find message length error" == alice.reply("pinGroupMessage", msgID="x", groupID=group, isPinned=True)["desc"]
    )
    other, (dave, _) = team(stage, "Public", "dave", "erin")
    dave_in_first = said(dave, other)
    assert -3 == refused(alice, group, dave_in_first)
    assert 6017 == refused(alice, group, alice.send("hi", to="bob")["msgID"])
    targeted = alice.call(
        "sendMessage", id=alice.call("createTextMessage", text="x")["id"], receiver="bob", groupID=group
    )
    assert 6017 == refused(alice, group, targeted["msgID"])
    revoked = said(alice, group)
    alice.call("revokeMessage", msgID=revoked)
    assert 6017 == refused(alice, group, revoked)
    inserted = alice.call("insertGroupMessageToLocalStorage", data="d", groupID=group, sender="alice")
    assert 6017 == refused(alice, group, inserted["msgID"])
    bob.call("quitGroup", groupID=group)
    (tip,) = [m for m in alice.history(group=group, count=1) if m["elemType"] == 9]
    assert 6017 == refused(alice, group, tip["msgID"])


def test_dropped_messages_cannot_be_pinned(stage: Stage) -> None:
    """What the app's backend drops in silence looks sent to its sender, but nobody else has it to see pinned."""
    stage = Stage("chat-8.2", stage.platform, Policy(switches={"webhook_drops": ["group"]}))
    group, (alice, bob, _) = team(stage, "Public")
    msg_id = said(alice, group)
    assert 6017 == refused(alice, group, msg_id)
    assert [] == pinned(bob, group)


def test_live_rooms_have_none(stage: Stage) -> None:
    """What is said in a live room is not kept, so there is nothing to pin."""
    live, (alice, bob, _) = team(stage, "AVChatRoom")
    assert -3 == refused(alice, live, said(bob, live))
    assert [] == pinned(alice, live)


@pytest.mark.parametrize(("group", "code"), [("", 6017), ("nowhere", 10010), ("nö", 10015)])
def test_groups_that_are_not_there(stage: Stage, group: str, code: int) -> None:
    """No id, an unknown one, and what can be none."""
    alice, _ = stage.enter("alice"), stage.enter("bob")
    msg_id = alice.send("hi", to="bob")["msgID"]
    assert code == alice.refused("getPinnedGroupMessageList", groupID=group)
    assert code == refused(alice, group, msg_id)


def test_what_is_gone_is_not_pinned(stage: Stage) -> None:
    """Revoked messages leave the list for all, those that a user has deleted for that user."""
    group, (alice, bob, carol) = team(stage, "Public")
    ids = [said(alice, group, text) for text in "abc"]
    for msg_id in ids:
        pin(alice, group, msg_id)
    alice.call("revokeMessage", msgID=ids[0])
    bob.call("deleteMessages", msgIDs=[ids[1]])
    assert [ids[2]] == pinned(bob, group)
    assert [ids[2], ids[1]] == pinned(carol, group)


def test_deleting_on_one_device_hides_there_alone(stage: Stage) -> None:
    """What a user has deleted on one device alone is still pinned on the other, as it is in its history."""
    group, (alice, bob, _) = team(stage, "Public")
    tablet = stage.enter("bob", "tablet", platform="android" if stage.goes_by_ios else "ios")
    msg_id = said(alice, group)
    pin(alice, group, msg_id)
    bob.call("deleteMessageFromLocalStorage", msgID=msg_id)
    assert [] == pinned(bob, group)
    assert [msg_id] == pinned(tablet, group)


def test_expired_messages_are_not_pinned(stage: Stage) -> None:
    """What the service keeps no more is in the list no more, and leaves room for others."""
    stage = Stage("chat-8.2", stage.platform, Policy(switches={"message_days": 7}))
    group, (alice, _, _) = team(stage, "Public")
    old = [said(alice, group, str(number)) for number in range(10)]
    for msg_id in old:
        pin(alice, group, msg_id)
    stage.advance(7 * DAY_MS)
    new = said(alice, group)
    pin(alice, group, new)
    assert [new] == pinned(alice, group)


def test_old_clients_see_what_the_group_says(stage: Stage) -> None:
    """A client of before native 7.9 hears no event, and the group's words with a number that it does not know."""
    group, (alice, bob, _) = team(stage, "Public")
    old = stage.enter("bob", "old", dialect="im-5.0", platform="android" if stage.goes_by_ios else "ios")
    pin(alice, group, said(alice, group))
    assert [10] == [tip["type"] for tip in tips(old)]
    assert [10] == [tip["type"] for tip in tips(bob)]


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("pinGroupMessage", {"isPinned": True}),
    ("getPinnedGroupMessageList", {}),
]


@pytest.mark.parametrize(("method", "arguments"), CALLS)
def test_without_a_network(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """Pins are the service's: without a network there are none."""
    group, (alice, _, _) = team(stage, "Public")
    ids = {"groupID": group}
    if method == "pinGroupMessage":
        ids["msgID"] = said(alice, group)
    stage.emulator.run(lambda: connections.lose(stage.world, stage.emulator.engine.device(alice.id)))
    alice.heard()
    assert 9508 == alice.refused(method, **ids, **arguments)
