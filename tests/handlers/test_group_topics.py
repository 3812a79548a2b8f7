"""Topics of communities through the channel: creating, changing, deleting, and what members keep about them."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from bridge.world.chats import conversations
from bridge.world.groups import topic_rules, topics
from bridge.world.kernel.world import Policy
from tests.support.communities import COMMUNITY, found, new_topic, set_topic, topic_of
from tests.support.stage import Phone, Stage


def told(phone: Phone, kind: str) -> list[Any]:
    """Return what a device heard of topics ("created", "deleted", "changed"); both listeners must have said the same."""
    on_group, on_community = {
        "created": ("onTopicCreated", "onCreateTopic"),
        "deleted": ("onTopicDeleted", "onDeleteTopic"),
        "changed": (phone.topic_changed, "onChangeTopicInfo"),
    }[kind]
    events = phone.heard(on_group, on_community)
    by_group = [data for name, data in events if name == on_group]
    if phone.has(on_community):
        assert by_group == [data for name, data in events if name == on_community]
    return by_group


def test_create_tells_all_members(stage: Stage) -> None:
    """A new topic gets an id below its community's, and all members hear of it, on both listeners where there are two."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    found(stage, members="bob")
    topic_id = new_topic(alice)
    assert topic_id.startswith(f"{COMMUNITY}@TOPIC#_")
    event = {"groupID": COMMUNITY, "topicID": topic_id}
    assert [event] == told(alice, "created")
    assert [event] == told(bob, "created")
    assert [] == carol.heard()


def test_created_topic_has_what_was_given(stage: Stage) -> None:
    """A topic keeps id, texts and custom data of its creation; a member sees it without messages and unread count."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    own = f"{COMMUNITY}@TOPIC#_own"
    info = {"topicFaceUrl": "f", "introduction": "i", "notification": "n", "customString": "c"}
    assert own == new_topic(alice, "T", topicID=own, **info)
    topic = topic_of(bob, own)
    assert {"topicID": own, "topicName": "T", **info} == {key: topic[key] for key in ("topicID", "topicName", *info)}
    assert (0, 0, 0) == (topic["unreadCount"], topic["recvOpt"], topic["selfMuteTime"])
    assert topic.get("lastMessage") is None
    assert stage.no_text == topic.get("draftText")


def test_topics_are_listed_oldest_first(stage: Stage) -> None:
    """An empty list of ids asks for all topics; named ones come in the order of the ids, unknown ones with 110003."""
    alice = stage.enter("alice")
    found(stage)
    ids = [new_topic(alice, name) for name in ("z", "a", "m")]
    listed = alice.call("getTopicInfoList", groupID=COMMUNITY, topicIDList=[])
    assert ids == [item["topicInfo"]["topicID"] for item in listed]
    items = alice.call("getTopicInfoList", groupID=COMMUNITY, topicIDList=[ids[2], "none", ids[0]])
    assert [0, 110003, 0] == [item["errorCode"] for item in items]
    assert [ids[2], "none", ids[0]] == [item["topicInfo"]["topicID"] for item in items]


def test_administrators_create_topics(stage: Stage) -> None:
    """The owner and administrators create topics; a member and a stranger are refused with 10007."""
    found(stage, admins="dave", members="bob")
    new_topic(stage.enter("dave"))
    for user in ("bob", "carol"):
        phone = stage.enter(user)
        assert 10007 == phone.refused("createTopicInCommunity", groupID=COMMUNITY, topicInfo={"topicName": "x"})


@pytest.mark.parametrize(
    ("info", "code"),
    [
        ({"topicName": ""}, 8502),
        ({"topicName": None}, 8502),
        ({"topicName": "x" * 151}, 8502),
        ({"topicName": "会" * 51}, 8502),
        ({"introduction": "x" * 401}, 8503),
        ({"notification": "x" * 401}, 8504),
        ({"topicFaceUrl": "x" * 501}, 8505),
        ({"topicID": "own"}, 10015),
        ({"topicID": "@TGS#_other@TOPIC#_x"}, 10015),
        ({"topicID": f"{COMMUNITY}@TOPIC#_"}, 10015),
        ({"topicID": f"{COMMUNITY}@TOPIC#_é"}, 10015),
    ],
)
def test_malformed_topics_are_refused(stage: Stage, info: dict[str, Any], code: int) -> None:
    """Texts over their limits, a missing name and ids that are not below the community's are refused; Windows takes the id for the name."""
    alice = stage.enter("alice")
    found(stage)
    own = f"{COMMUNITY}@TOPIC#_T" if stage.on_windows and "topicName" not in info else None
    info = {"topicName": "T", "topicID": own, **info}
    assert code == alice.refused("createTopicInCommunity", groupID=COMMUNITY, topicInfo=info)


def test_texts_may_be_as_long_as_the_limit(stage: Stage) -> None:
    """150 bytes of name, 400 of introduction and notification, 500 of picture address are taken."""
    alice = stage.enter("alice")
    found(stage)
    new_topic(alice, "会" * 50, introduction="x" * 400, notification="x" * 400, topicFaceUrl="x" * 500)


def test_topic_id_is_taken_once(stage: Stage) -> None:
    """A second topic of the same id is refused with 10021."""
    alice = stage.enter("alice")
    found(stage)
    info = {"topicName": "T", "topicID": f"{COMMUNITY}@TOPIC#_x"}
    new_topic(alice, "T", topicID=info["topicID"])
    alice.heard()
    assert 10021 == alice.refused("createTopicInCommunity", groupID=COMMUNITY, topicInfo=info)


def test_two_hundred_topics_and_no_more() -> None:
    """The 201st topic is refused with 10036."""
    stage = Stage()
    alice = stage.enter("alice")
    found(stage)
    for number in range(200):
        new_topic(alice, f"t{number}")
    alice.heard()
    assert 10036 == alice.refused("createTopicInCommunity", groupID=COMMUNITY, topicInfo={"topicName": "x"})


@pytest.mark.parametrize(
    ("attributes", "code"),
    [({"support_topic": False}, 11000), ({"group_type": "Public"}, 10007), ({"dismissed": True}, 10010)],
)
def test_other_groups_have_no_topics(stage: Stage, attributes: dict[str, Any], code: int) -> None:
    """A community without topics refuses with 11000, another type with 10007, a group that is gone with 10010."""
    alice = stage.enter("alice")
    found(stage, **attributes)
    assert code == alice.refused("createTopicInCommunity", groupID=COMMUNITY, topicInfo={"topicName": "x"})


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("createTopicInCommunity", {"topicInfo": {"topicName": "x"}}),
        ("getTopicInfoList", {"topicIDList": []}),
        ("setTopicInfo", {"topicInfo": {"topicID": "x"}}),
        ("deleteTopicFromCommunity", {"topicIDList": ["x"]}),
        ("getJoinedCommunityList", None),
    ],
)
def test_communities_switched_off_are_refused(method: str, arguments: dict[str, Any] | None) -> None:
    """With communities switched off in the console every call about topics is refused with 11000."""
    stage = Stage(policy=Policy(switches={"communities": False}))
    alice = stage.enter("alice")
    found(stage)
    named = {} if arguments is None else {"groupID": COMMUNITY, **arguments}
    assert 11000 == alice.refused(method, **named)


def test_strangers_see_no_topics(stage: Stage) -> None:
    """Who is no member is refused the list with 10007; an unknown group with 10010."""
    found(stage)
    carol = stage.enter("carol")
    assert 10007 == carol.refused("getTopicInfoList", groupID=COMMUNITY, topicIDList=[])
    assert 10010 == carol.refused("getTopicInfoList", groupID="@TGS#_none", topicIDList=[])


# --- changing


def test_change_tells_all_members(stage: Stage) -> None:
    """What is not null changes, the rest stays; each member hears once, with the own state of the topic."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice, introduction="i")
    alice.send("hi", group=topic_id)
    alice.heard(), bob.heard()
    set_topic(alice, topic_id, topicName="Olds", notification="")
    for phone, count in ((alice, 0), (bob, 1)):
        (event,) = told(phone, "changed")
        topic = event["topicInfo"]
        assert (COMMUNITY, "Olds", "i", count) == (
            event["groupID"],
            topic["topicName"],
            topic["introduction"],
            topic["unreadCount"],
        )


def test_change_of_nothing_is_silent(stage: Stage) -> None:
    """What is as it was before needs no right and makes no event."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    bob.heard()
    set_topic(bob, topic_id, topicName="News", isAllMute=False)
    assert [] == bob.heard()


def test_members_change_no_topic(stage: Stage) -> None:
    """A member is refused with 10007, a text that is too long with its code."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    alice.heard(), bob.heard()
    assert 10007 == bob.refused("setTopicInfo", groupID=COMMUNITY, topicInfo={"topicID": topic_id, "topicName": "x"})
    long = {"topicID": topic_id, "topicName": "x" * 151}
    assert 8502 == alice.refused("setTopicInfo", groupID=COMMUNITY, topicInfo=long)


def test_unknown_topic_is_the_adapters_refusal(stage: Stage) -> None:
    """Changing a topic that is not there is refused by the adapter itself; without an id there is no answer at all, but from Windows."""
    alice = stage.enter("alice")
    found(stage)
    reply = alice.reply("setTopicInfo", groupID=COMMUNITY, topicInfo={"topicID": "none", "topicName": "x"})
    assert {"code": -1, "desc": "topic not found"} == reply if stage.goes_by_ios else reply["code"] == 110003
    if stage.on_windows:
        assert 110003 == alice.refused("setTopicInfo", groupID=COMMUNITY, topicInfo={"topicName": "x"})
        return
    error = alice.error("setTopicInfo", groupID=COMMUNITY, topicInfo={"topicName": "x"})
    assert -32001 == error.code
    assert "unanswered" == error.data["reason"]


@pytest.mark.uses("setTopicInfo.topicInfo.draftText")
def test_draft_stays_on_the_device(stage: Stage) -> None:
    """A draft in a topic is this device's own: only it hears, a member may, and nothing gets into the conversation list."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    alice.heard(), bob.heard()
    set_topic(bob, topic_id, draftText="to be")
    (event,) = told(bob, "changed")
    assert "to be" == event["topicInfo"]["draftText"]
    assert [] == alice.heard()
    assert topic_of(alice, topic_id).get("draftText") is None
    assert "to be" == topic_of(bob, topic_id)["draftText"]
    set_topic(bob, topic_id, draftText="")
    assert topic_of(bob, topic_id).get("draftText") is None
    assert [] == bob.call("getConversationList", nextSeq="0", count=10)["conversationList"]


@pytest.mark.uses("createTopicInCommunity.topicInfo.draftText")
def test_draft_given_at_creation(stage: Stage) -> None:
    """A draft in the creating call is the creator's draft."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice, draftText="first")
    assert "first" == topic_of(alice, topic_id)["draftText"]
    assert topic_of(bob, topic_id).get("draftText") is None


# --- muting


def test_muted_topic_is_for_administrators(stage: Stage) -> None:
    """In a muted topic members are refused with 10017, owner and administrators talk on; iOS and Windows show the flag."""
    alice, bob, dave = stage.enter("alice"), stage.enter("bob"), stage.enter("dave")
    found(stage, admins="dave")
    topic_id = new_topic(alice)
    set_topic(alice, topic_id, isAllMute=True)
    assert stage.world[topics.TOPICS][topic_id].all_muted
    assert (True if stage.goes_by_ios or stage.on_windows else None) == topic_of(bob, topic_id).get("isAllMuted")
    created = bob.call("createTextMessage", text="hi")
    assert 10017 == bob.reply("sendMessage", id=created["id"], receiver="", groupID=topic_id)["code"]
    dave.send("hi", group=topic_id)


def test_mute_at_creation_is_lost_on_ios(stage: Stage) -> None:
    """The iOS adapter does not see the flag when a topic is created; Android does."""
    alice = stage.enter("alice")
    found(stage)
    topic_id = new_topic(alice, isAllMute=True)
    assert (not stage.goes_by_ios) == stage.world[topics.TOPICS][topic_id].all_muted


def test_muted_member_sees_until_when(stage: Stage) -> None:
    """A member muted in one topic is refused there alone, and sees when it ends; others see nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    quiet, loud = new_topic(alice, "quiet"), new_topic(alice, "loud")
    alice.heard(), bob.heard()
    alice.call("muteGroupMember", groupID=quiet, userID="bob", seconds=60)
    until = stage.now_s() + 60
    assert [until] == [event["topicInfo"]["selfMuteTime"] for event in told(bob, "changed")]
    assert [] == alice.heard()
    assert until == topic_of(bob, quiet)["selfMuteTime"]
    assert 0 == topic_of(alice, quiet)["selfMuteTime"]
    created = bob.call("createTextMessage", text="hi")
    assert 10017 == bob.reply("sendMessage", id=created["id"], receiver="", groupID=quiet)["code"]
    bob.send("hi", group=loud)
    stage.advance(61_000)
    assert 0 == topic_of(bob, quiet)["selfMuteTime"]
    bob.send("hi", group=quiet)


# --- messages


def test_message_raises_the_topic(stage: Stage) -> None:
    """A message goes to all members; it changes the topic, never the conversation list or the unread total."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    bob.call("getTotalUnreadMessageCount")
    alice.heard(), bob.heard()
    sent = alice.send("hi", group=topic_id)
    changed = [alice.topic_changed, *(["onChangeTopicInfo"] if stage.has("onChangeTopicInfo") else [])]
    (first, message), *more = [event for event in bob.heard() if event[0] != "onRecvGroupTextMessage"]
    assert ("onRecvNewMessage", topic_id, sent["msgID"]) == (first, message["groupID"], message["msgID"])
    assert changed == [name for name, _ in more]
    topic = more[0][1]["topicInfo"]
    assert (1, sent["msgID"]) == (topic["unreadCount"], topic["lastMessage"]["msgID"])
    assert changed == alice.heard_types()
    for phone, count in ((alice, 0), (bob, 1)):
        assert [] == phone.call("getConversationList", nextSeq="0", count=10)["conversationList"]
        assert count == topic_of(phone, topic_id)["unreadCount"]
    assert 0 == bob.call("getTotalUnreadMessageCount")


def test_reading_a_topic(stage: Stage) -> None:
    """A topic is read like a group: the count goes to 0 and the reader's devices hear of the topic."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    for text in ("one", "two"):
        alice.send(text, group=topic_id)
    bob.heard()
    assert 2 == topic_of(bob, topic_id)["unreadCount"]
    bob.heard()
    bob.call("markGroupMessageAsRead", groupID=topic_id)
    assert [0] == [event["topicInfo"]["unreadCount"] for event in told(bob, "changed")]
    assert 0 == topic_of(bob, topic_id)["unreadCount"]


def test_mentions_stand_in_the_topic(stage: Stage) -> None:
    """Who is mentioned in a topic sees it there until the topic is read; iOS 5.0 spells the key its own way."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    created = alice.call("createTextAtMessage", text="hi", atUserList=["bob"])
    sent = alice.call("sendMessage", id=created["id"], receiver="", groupID=topic_id)
    key = "groupAtInfolist" if (stage.family, stage.goes_by_ios) == ("im-5.0", True) else "groupAtInfoList"
    assert [{"seq": int(sent["seq"]), "atType": 1}] == topic_of(bob, topic_id)[key]
    assert [] == topic_of(alice, topic_id)[key]
    bob.call("markGroupMessageAsRead", groupID=topic_id)
    assert [] == topic_of(bob, topic_id)[key]


def test_receive_option_of_a_topic(stage: Stage) -> None:
    """A topic has a receive option of its own: with 1 nothing arrives."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    stage.emulator.run(lambda: conversations.change(stage.world, "bob", f"group_{topic_id}", recv_opt=1))
    bob.heard()
    alice.send("hi", group=topic_id)
    assert [] == bob.heard()
    assert (1, 0) == tuple(topic_of(bob, topic_id)[key] for key in ("recvOpt", "unreadCount"))


def test_conversation_of_a_topic(stage: Stage) -> None:
    """`getConversation` shows a topic's state under its name."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice, "News", topicFaceUrl="f")
    alice.send("hi", group=topic_id)
    row = bob.conversation(f"group_{topic_id}")
    assert ("News", "f", 1, topic_id) == (row["showName"], row["faceUrl"], row["unreadCount"], row["groupID"])


@pytest.mark.parametrize("target", [f"{COMMUNITY}@TOPIC#_none", "@TGS#_none@TOPIC#_x"])
def test_message_to_unknown_topic_is_refused(stage: Stage, target: str) -> None:
    """A message to a topic that is not there is refused with 10010."""
    alice = stage.enter("alice")
    found(stage)
    created = alice.call("createTextMessage", text="hi")
    assert 10010 == alice.reply("sendMessage", id=created["id"], receiver="", groupID=target)["code"]


# --- deleting


def test_delete_tells_all_members(stage: Stage) -> None:
    """Deleting answers an item per id; members hear once of those that are gone, and messages and drafts go with them."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    ids = [new_topic(alice, name, topicID=f"{COMMUNITY}@TOPIC#_{name}") for name in ("a", "b", "c")]
    alice.send("hi", group=ids[0])
    set_topic(bob, ids[0], draftText="x")  # which Windows passes over
    alice.heard(), bob.heard()
    items = alice.call("deleteTopicFromCommunity", groupID=COMMUNITY, topicIDList=[ids[0], "none", ids[2]])
    key = "topicInfo" if stage.on_windows else "topicID"
    assert [(ids[0], 0), ("none", 110003), (ids[2], 0)] == [(item[key], item["errorCode"]) for item in items]
    event = {"groupID": COMMUNITY, "topicIDList": [ids[0], ids[2]]}
    assert [event] == told(alice, "deleted") == told(bob, "deleted")
    listed = bob.call("getTopicInfoList", groupID=COMMUNITY, topicIDList=[])
    assert [ids[1]] == [item["topicInfo"]["topicID"] for item in listed]
    new_topic(alice, "again", topicID=ids[0])
    topic = topic_of(bob, ids[0])
    assert (0, None, stage.no_text) == (topic["unreadCount"], topic.get("lastMessage"), topic.get("draftText"))


def test_delete_of_nothing_is_silent(stage: Stage) -> None:
    """Where no topic is gone there is no event."""
    alice = stage.enter("alice")
    found(stage)
    (item,) = alice.call("deleteTopicFromCommunity", groupID=COMMUNITY, topicIDList=["none"])
    assert 110003 == item["errorCode"]
    assert [] == alice.heard()


def test_delete_needs_ids_and_rights(stage: Stage) -> None:
    """No id is refused with 6017, a member with 10007."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    alice.heard(), bob.heard()
    assert 6017 == alice.refused("deleteTopicFromCommunity", groupID=COMMUNITY, topicIDList=[])
    assert 10007 == bob.refused("deleteTopicFromCommunity", groupID=COMMUNITY, topicIDList=[topic_id])


@pytest.mark.parametrize(
    ("topic", "user", "seconds", "code"),
    [("", "alice", 60, 10007), ("", "carol", 60, 10007), ("", "bob", -1, 10004), ("none", "bob", 60, 10010)],
)
def test_muting_in_a_topic_is_refused(stage: Stage, topic: str, user: str, seconds: int, code: int) -> None:
    """The owner and strangers are not muted in a topic (10007), nor anybody for less than no time (10004), nor where there is none."""
    alice = stage.enter("alice")
    found(stage)
    topic_id = new_topic(alice)
    target = f"{COMMUNITY}@TOPIC#_{topic}" if topic else topic_id
    alice.heard()
    if seconds < 0 and stage.casts_as_ios:
        assert "crash" == alice.error("muteGroupMember", groupID=target, userID=user, seconds=seconds).data["reason"]
        return
    assert code == alice.refused("muteGroupMember", groupID=target, userID=user, seconds=seconds)


# --- what the service does


def test_custom_data_reaches_who_is_online() -> None:
    """What the app's server sends to a topic reaches members on the community listener, and is not kept; 5.0 has no such event."""
    for platform in ("android", "ios"):
        stage = Stage("chat-8.2", platform)
        alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
        old = stage.enter("dave", dialect="im-5.0")
        found(stage, members="bob dave")
        topic_id = new_topic(alice)
        for phone in (alice, bob, old):
            phone.heard()
        stage.emulator.run(partial(topic_rules.receive_custom_data, stage.world, topic_id, "data"))
        event = ("onReceiveTopicRESTCustomData", {"topicID": topic_id, "customData": "data"})
        assert [event] == alice.heard() == bob.heard()
        assert [] == old.heard() == carol.heard()


def test_topics_end_with_their_community(stage: Stage) -> None:
    """After the community is dismissed its topics take no messages and show no more."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    alice.call("dismissGroup", groupID=COMMUNITY)
    created = bob.call("createTextMessage", text="hi")
    assert 10010 == bob.reply("sendMessage", id=created["id"], receiver="", groupID=topic_id)["code"]
    bob.heard()
    assert 10010 == bob.refused("getTopicInfoList", groupID=COMMUNITY, topicIDList=[])


def test_who_leaves_hears_no_more(stage: Stage) -> None:
    """A member who has left the community can neither write in its topics nor hears of them."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)
    bob.call("quitGroup", groupID=COMMUNITY)
    bob.heard()
    alice.send("hi", group=topic_id)
    set_topic(alice, topic_id, topicName="Olds")
    assert [] == bob.heard()
    created = bob.call("createTextMessage", text="hi")
    assert 10007 == bob.reply("sendMessage", id=created["id"], receiver="", groupID=topic_id)["code"]


def test_service_needs_no_right(stage: Stage) -> None:
    """The app's server creates, changes and deletes topics, and members hear of it like of a member's doing."""
    bob = stage.enter("bob")
    found(stage)
    run = stage.emulator.run
    topic = run(lambda: topic_rules.create(stage.world, None, COMMUNITY, "", {"name": "T"})).result
    assert [topic.topic_id] == [event["topicID"] for event in told(bob, "created")]
    run(lambda: topic_rules.change(stage.world, None, COMMUNITY, topic.topic_id, {"name": "U"}))
    assert ["U"] == [event["topicInfo"]["topicName"] for event in told(bob, "changed")]
    run(lambda: topic_rules.delete(stage.world, None, COMMUNITY, [topic.topic_id]))
    assert [[topic.topic_id]] == [event["topicIDList"] for event in told(bob, "deleted")]
    assert [] == bob.call("getTopicInfoList", groupID=COMMUNITY, topicIDList=[])


def test_pinned_topic_stays_out_of_the_list(stage: Stage) -> None:
    """A topic has a conversation, and no place in the list of conversations: a pin gives it none."""
    alice = stage.enter("alice")
    found(stage)
    topic_id = new_topic(alice)
    alice.call("pinConversation", conversationID=f"group_{topic_id}", isPinned=True)
    row = conversations.get(stage.world, "alice", f"group_{topic_id}")
    assert (True, False) == (row.pinned, row.listed)
