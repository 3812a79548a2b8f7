"""Sending: who hears what, what refuses a message, and what stays of a refused one."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats import connections, messages
from bridge.world.kernel.world import Policy
from tests.support.groups import create, team
from tests.support.stage import Phone, Stage

AT_ALL = "__kImSDK_MesssageAtALL__"


def fails(phone: Phone, code: int, to: str = "", group: str = "", method: str = "createTextMessage", **made: Any) -> Any:
    """Create and send a message that must fail with a code; return the failed message."""
    options = made.pop("options", {})
    created = phone.call(method, **(made or {"text": "hi"}))
    reply = phone.reply("sendMessage", id=created["id"], receiver=to, groupID=group, **options)
    assert code == reply["code"], reply
    assert (3, created["id"]) == (reply["data"]["status"], reply["data"]["id"])
    return reply["data"]


def test_first_message_makes_conversations(stage: Stage) -> None:
    """The sender hears of the conversation twice, before and after the reply, the receiver of the message and then of its conversation."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("getTotalUnreadMessageCount")
    created = alice.call("createTextMessage", text="hi")
    turn = alice.turn("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert ["onNewConversation"] == [event.arguments["type"] for event in turn.before]
    (new, before), (changed, after) = alice.heard()
    assert ("onNewConversation", "onConversationChanged") == (new, changed)
    assert [1, 2] == [rows[0]["lastMessage"]["status"] for rows in (before, after)]
    assert 0 == after[0]["unreadCount"]
    heard = bob.heard()
    expected = ["onRecvNewMessage", "onNewConversation", "onTotalUnreadMessageCountChanged"]
    assert expected == [kind for kind, _ in heard if not kind.startswith("onRecvC2C")]
    got = heard[0][1]
    assert (False, "alice", "alice") == (got["isSelf"], got["sender"], got["userID"])
    assert got["msgID"] == turn.result["data"]["msgID"]


def test_other_devices_hear_the_message(stage: Stage) -> None:
    """The sending device does not hear its own message; the sender's other devices do, as their own and read."""
    phone, bob = stage.enter("alice"), stage.enter("bob")
    tablet = stage.enter("alice", "tablet", platform="android" if stage.goes_by_ios else "ios")
    phone.send("hi", to="bob")
    assert "onRecvNewMessage" not in phone.heard_types()
    (first, message), (second, rows) = tablet.heard()
    assert ("onRecvNewMessage", "onNewConversation") == (first, second)
    assert (True, True, "bob") == (message["isSelf"], message["isRead"], message["userID"])
    assert 0 == rows[0]["unreadCount"]
    assert bob.heard()


def test_message_id_has_three_numbers(stage: Stage) -> None:
    """A message id is made of a number for the sender, the time in seconds and a random number."""
    alice = stage.enter("alice")
    sent = alice.send("hi", to="bob")
    number, time, random = sent["msgID"].split("-")
    assert number.isdigit() and int(time) == sent["timestamp"] and int(random) == sent["random"]


def test_local_id_is_used_up(stage: Stage) -> None:
    """A local id sends once, and failing uses it up too; Android never answers for an unknown one, others refuse with -1."""
    alice = stage.enter("alice")
    used = [alice.call("createTextMessage", text="hi")["id"] for _ in range(2)]
    alice.call("sendMessage", id=used[0], receiver="bob", groupID="")
    alice.reply("sendMessage", id=used[1], receiver="", groupID="")
    for local_id in (*used, "never there"):
        arguments = {"id": local_id, "receiver": "bob", "groupID": ""}
        if stage.goes_by_ios or stage.on_windows:
            assert -1 == alice.refused("sendMessage", **arguments)
        else:
            assert (-32001, "unanswered") == (alice.error("sendMessage", **arguments).code, "unanswered")


def test_null_id_is_refused_by_all_adapters(stage: Stage) -> None:
    """Without an id Android and Windows refuse with -1, each in its own words; iOS 8.2 dies of it."""
    alice = stage.enter("alice")
    if stage.casts_as_ios and stage.family == "chat-8.2":
        assert -32001 == alice.error("sendMessage", id=None, receiver="bob", groupID="").code
        return
    reply = alice.reply("sendMessage", id=None, receiver="bob", groupID="")
    text = "id not exist,please create message again" if stage.goes_by_ios else "id not exist please try create again"
    assert ({"code": -1, "desc": "id not extis", "data": None} if stage.on_windows else {"code": -1, "desc": text}) == reply


def test_options_are_kept_with_the_message(stage: Stage) -> None:
    """Priority, exclusions, cloud data and push settings arrive; local data stay with the sender."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = alice.send(
        "hi",
        to="bob",
        priority=1,
        isExcludedFromUnreadCount=True,
        isSupportMessageExtension=True,
        needReadReceipt=True,
        cloudCustomData="cloud",
        localCustomData="mine",
        offlinePushInfo={"title": "t", "desc": "d", "ext": "e"},
    )
    got = bob.heard_one("onRecvNewMessage")
    assert ("mine", "") == (sent["localCustomData"], got["localCustomData"])
    for shown in (sent, got):
        assert "cloud" == shown["cloudCustomData"]
        extensible = "supportMessageExtension" if stage.on_windows else "isSupportMessageExtension"
        assert shown["isExcludedFromUnreadCount"] and shown[extensible] and shown["needReadReceipt"]
        push = shown["offlinePushInfo"]
        assert {"title": "t", "desc": "d", "ext": "e", "disablePush": False}.items() <= push.items()
        assert (14 if stage.goes_by_ios else 18 if stage.on_windows else 4) == len(push)
    assert 1 == sent["priority"]
    assert 0 == bob.conversation("c2c_alice")["unreadCount"]


def test_android_fills_in_push_settings(stage: Stage) -> None:
    """Android hands on a vivo classification of 1 and an iOS push type of 0 where the app says nothing of them; iOS does not."""
    alice = stage.enter("alice")
    sent = alice.send("hi", to="bob", offlinePushInfo={"title": "t"})
    push = messages.get(stage.world, sent["msgID"]).push
    filled = (push.get("android_vivo_classification"), push.get("ios_push_type"))
    assert ((None, None) if stage.goes_by_ios else (1, 0)) == filled


def test_online_only_leaves_nothing_behind(stage: Stage) -> None:
    """An online-only message reaches who is there, raises nothing, and is in nobody's history or list."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = alice.send("typing", to="bob", onlineUserOnly=True)
    assert 2 == sent["status"]
    assert [] == alice.heard()
    assert ["onRecvNewMessage"] == [kind for kind in bob.heard_types() if not kind.startswith("onRecvC2C")]
    for phone, peer in ((alice, "bob"), (bob, "alice")):
        assert [] == phone.history(peer)
        assert [] == phone.call("findMessages", messageIDList=[sent["msgID"]])
    assert [] == bob.call("getConversationList", nextSeq="0", count=10)["conversationList"]


def test_online_only_misses_who_is_away(stage: Stage) -> None:
    """Somebody who is not there never gets an online-only message."""
    alice = stage.enter("alice")
    alice.send("typing", to="bob", onlineUserOnly=True)
    bob = stage.enter("bob")
    assert [] == bob.history("alice")


def test_excluded_from_last_message_stays_below(stage: Stage) -> None:
    """A message that is not to be the last one leaves that, and the place in the list, alone."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    first = alice.send("first", to="bob")
    key = bob.conversation("c2c_alice")["orderkey"]
    alice.send("second", to="bob", isExcludedFromLastMessage=True)
    after = bob.conversation("c2c_alice")
    assert (first["msgID"], key, 2) == (after["lastMessage"]["msgID"], after["orderkey"], after["unreadCount"])


MEDIA = [
    ("createImageMessage", {"imagePath": "/x.png"}),
    ("createSoundMessage", {"soundPath": "/x.m4a", "duration": 1}),
    ("createVideoMessage", {"videoFilePath": "/x.mp4", "type": "mp4", "duration": 1, "snapshotPath": "/x.jpg"}),
    ("createFileMessage", {"filePath": "/x.pdf", "fileName": "x.pdf"}),
]


@pytest.mark.parametrize(("method", "made"), MEDIA)
def test_uploads_tell_their_progress_before_the_reply(stage: Stage, method: str, made: dict[str, Any]) -> None:
    """While a file goes up its sender hears how far it is, ahead of the reply; the message in it has the local id."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    created = alice.call(method, **made)
    turn = alice.turn("sendMessage", id=created["id"], receiver="bob", groupID="")
    steps = [e.arguments for e in turn.before if e.arguments["type"] == "onSendMessageProgress"]
    assert [25, 50, 75, 100] == [step["data"]["progress"] for step in steps]
    for step in steps:
        shown = step["data"]["message"]
        within = None if stage.on_windows else step["data"]["progress"]
        assert (created["id"], 1, within) == (shown["id"], shown["status"], shown.get("progress"))
        assert shown["msgID"] == turn.result["data"]["msgID"]
    assert "onSendMessageProgress" not in bob.heard_types()


def test_texts_have_no_progress(stage: Stage) -> None:
    """A message without a file tells no progress."""
    alice = stage.enter("alice")
    alice.send("hi", to="bob")
    assert "onSendMessageProgress" not in alice.heard_types()


def test_progress_reaches_each_listener(stage: Stage) -> None:
    """With two listeners everything but Android 8.2 sends each step twice, once with the id of each."""
    alice = stage.enter("alice")
    alice.reply("addAdvancedMsgListener", listenerUuid="second")
    created = alice.call("createFileMessage", filePath="/x", fileName="x")
    turn = alice.turn("sendMessage", id=created["id"], receiver="bob", groupID="")
    steps = [e.arguments for e in turn.before if e.arguments["type"] == "onSendMessageProgress"]
    is_shared = stage.shares("advancedMsgListener") and not stage.goes_by_ios
    assert (4 if is_shared else 8) == len(steps)
    assert ({""} if is_shared else {"alice's-addAdvancedMsgListener", "second"}) == {s["listenerUuid"] for s in steps}


def test_sent_media_have_ids(stage: Stage) -> None:
    """On the server a file has an id; an image has three variants: original 0, thumbnail 1, large 2."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    created = alice.call("createImageMessage", imagePath="/x.png")
    alice.call("sendMessage", id=created["id"], receiver="bob", groupID="")
    variants = bob.heard_one("onRecvNewMessage")["imageElem"]["imageList"]
    assert [0, 1, 2] == [item["type"] for item in variants]
    key = "uuid" if stage.goes_by_ios else "UUID"
    assert 3 == len({item[key] for item in variants})


# --- refusals


def test_no_receiver_is_refused(stage: Stage) -> None:
    """Without a receiver and a group a message fails with 6032 and is in no history."""
    alice = stage.enter("alice")
    fails(alice, 6032)
    assert [] == alice.heard()


def test_empty_text_is_refused(stage: Stage) -> None:
    """An empty text fails with 6017."""
    fails(stage.enter("alice"), 6017, to="bob", text="")


def test_too_much_text_is_refused(stage: Stage) -> None:
    """Over 12 KB of text fails with 8001; 12 KB are taken."""
    alice = stage.enter("alice")
    fails(alice, 8001, to="bob", text="x" * (12 * 1024 + 1))
    alice.send("x" * 12 * 1024, to="bob")


def test_failed_message_stays_with_its_sender(stage: Stage) -> None:
    """A refused message is in the sender's history and last in the list, with status 3; nobody else hears of it."""
    stage = Stage(stage.dialect, stage.platform, Policy(strict_accounts=True))
    alice, bob = stage.enter("alice"), stage.enter("bob")
    failed = fails(alice, 20003, to="nobody")
    assert [3] == [m["status"] for m in alice.history("nobody")]
    assert failed["msgID"] == alice.conversation("c2c_nobody")["lastMessage"]["msgID"]
    assert ["onNewConversation"] == alice.heard_types()
    assert [] == bob.heard()


def cut(stage: Stage, phone: Phone) -> None:
    """Cut the network of a device, and forget what it hears of that."""
    stage.emulator.run(lambda: connections.lose(stage.world, stage.emulator.engine.device(phone.id)))
    phone.heard()


def test_sending_without_a_network_fails(stage: Stage) -> None:
    """Without a network every send fails with 9508 and leaves its message; what is on the device can be read."""
    alice = stage.enter("alice")
    alice.send("hi", to="bob")
    cut(stage, alice)
    fails(alice, 9508, to="bob")
    if stage.has("sendTextMessage"):
        assert 9508 == alice.reply("sendTextMessage", text="hi", receiver="bob", groupID="")["code"]
        reply = alice.reply("sendC2CTextMessage", text="hi", userID="bob")
        assert (0 if stage.goes_by_ios else 9508) == reply["code"]
    history = alice.history("bob")
    assert ([3, 3, 3, 2] if stage.has("sendTextMessage") else [3, 2]) == [row["status"] for row in history]


def test_changing_without_a_network(stage: Stage) -> None:
    """Without a network modifying says 9508 inside its data, revoking and deleting say it outside."""
    alice = stage.enter("alice")
    sent = alice.send("hi", to="bob")
    cut(stage, alice)
    assert 9508 == alice.modify({**sent, "textElem": {"text": "x"}})[0]
    assert 9508 == alice.refused("revokeMessage", msgID=sent["msgID"])
    assert 9508 == alice.refused("deleteMessages", msgIDs=[sent["msgID"]])


def test_muted_everywhere_is_refused(stage: Stage) -> None:
    """An account that the service has muted everywhere is refused with 20012."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"muted_accounts": ["alice"]}))
    fails(stage.enter("alice"), 20012, to="bob")


def test_sensitive_words_are_refused(stage: Stage) -> None:
    """A text with a listed word is refused with 80001."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"sensitive_words": ["damn"]}))
    fails(stage.enter("alice"), 80001, to="bob", text="oh damn it")


def test_sensitive_images_are_refused(stage: Stage) -> None:
    """An image whose file's name has a listed word stands for one that moderation does not let through: 80004."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"sensitive_words": ["nude"]}))
    fails(stage.enter("alice"), 80004, to="bob", method="createImageMessage", imagePath="/pictures/nude.png")


@pytest.mark.parametrize("code", [20006, 120001])
def test_the_apps_backend_can_refuse(stage: Stage, code: int) -> None:
    """What the app's own backend answers before a send is what the sender gets: 20006 and 10016, or a code of its own."""
    refused = {"c2c": code, "group": 10016}
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"webhook_refuses": refused}))
    group, (alice, *_) = team(stage, "Public")
    fails(alice, code, to="bob")
    fails(alice, 10016, group=group)


def test_the_apps_backend_can_drop_in_silence(stage: Stage) -> None:
    """What the app's backend drops looks sent to the sender, and reaches nobody."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"webhook_drops": ["c2c", "group"]}))
    group, (alice, bob, _) = team(stage, "Public")
    bob.heard()
    for target in ({"to": "bob"}, {"group": group}):
        assert 2 == alice.send("hi", **target)["status"]
        assert 2 == alice.send("hi", onlineUserOnly=True, **target)["status"]
    assert [] == bob.heard()


def test_blocked_senders_see_success(stage: Stage) -> None:
    """By default who is blocked sees a message as sent and nothing arrives; an online-only one neither."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("addToBlackList", userIDList=["alice"])
    bob.heard()
    assert 2 == alice.send("hi", to="bob")["status"]
    assert 2 == alice.send("hi", to="bob", onlineUserOnly=True)["status"]
    assert [] == bob.heard()
    assert [] == bob.history("alice")
    bob.call("markC2CMessageAsRead", userID="alice")
    assert not alice.history("bob")[0]["isPeerRead"]


@pytest.mark.parametrize(("group", "code"), [("nowhere", 10010), ("not ascii é", 10015)])
def test_unknown_group_is_refused(stage: Stage, group: str, code: int) -> None:
    """A group that does not exist is refused with 10010, an id that none can have with 10015."""
    fails(stage.enter("alice"), code, group=group)


def test_outsiders_are_refused(stage: Stage) -> None:
    """Somebody who is not in the group is refused with 10007."""
    group, _ = team(stage, "Public")
    fails(stage.enter("dave"), 10007, group=group)


def test_muted_member_is_refused_until_then(stage: Stage) -> None:
    """A muted member is refused with 10017 until the time is over."""
    group, (alice, bob, _) = team(stage, "Public")
    alice.call("muteGroupMember", groupID=group, userID="bob", seconds=60)
    fails(bob, 10017, group=group)
    stage.advance(61_000)
    assert 2 == bob.send("hi", group=group)["status"]


def test_mute_all_spares_the_owner(stage: Stage) -> None:
    """While all are muted ordinary members are refused with 10017; the owner talks."""
    group, (alice, bob, _) = team(stage, "Public")
    alice.call("setGroupInfo", groupID=group, isAllMuted=True)
    fails(bob, 10017, group=group)
    assert 2 == alice.send("hi", group=group)["status"]


def test_at_most_thirty_mentions(stage: Stage) -> None:
    """31 mentions are refused with 10053, everybody counting as one; 30 are taken."""
    group, (alice, _, _) = team(stage, "Public")
    names = [f"u{n}" for n in range(30)]
    fails(alice, 10053, group=group, method="createTextAtMessage", text="hi", atUserList=[*names, AT_ALL])
    created = alice.call("createTextAtMessage", text="hi", atUserList=names)
    assert 2 == alice.call("sendMessage", id=created["id"], receiver="", groupID=group)["status"]


def test_live_rooms_take_no_mentions(stage: Stage) -> None:
    """In an AVChatRoom nobody can be mentioned: 10004."""
    group, (alice, _, _) = team(stage, "AVChatRoom")
    fails(alice, 10004, group=group, method="createTextAtMessage", text="hi", atUserList=["bob"])


def test_communities_take_no_mention_of_all(stage: Stage) -> None:
    """In a Community members can be mentioned, everybody cannot: 10004 with a text that says so."""
    group, (alice, _, _) = team(stage, "Community", groupID="@TGS#_town")
    created = alice.call("createTextAtMessage", text="hi", atUserList=[AT_ALL])
    reply = alice.reply("sendMessage", id=created["id"], receiver="", groupID=group)
    assert 10004 == reply["code"] and "not support @all" in reply["desc"]
    created = alice.call("createTextAtMessage", text="hi", atUserList=["bob"])
    assert 2 == alice.call("sendMessage", id=created["id"], receiver="", groupID=group)["status"]


def test_forty_messages_a_second_with_rate_limits(stage: Stage) -> None:
    """With rate limits the 41st message of a second in a group is refused with 10023."""
    stage = Stage(stage.dialect, stage.platform, Policy(rate_limits=True))
    group, (alice, _, _) = team(stage, "Public")
    stage.advance(2000)
    for _ in range(40):
        alice.send("hi", group=group)
    fails(alice, 10023, group=group)
    stage.advance(1000)
    alice.send("hi", group=group)


def test_what_is_refused_does_not_count(stage: Stage) -> None:
    """Of the messages of a second those alone count that the group got: what was refused, or put in locally, is no reason to refuse."""
    stage = Stage(stage.dialect, stage.platform, Policy(rate_limits=True))
    group, (alice, bob, _) = team(stage, "Public")
    stage.advance(2000)
    for _ in range(20):
        alice.send("hi", group=group)
    stage.advance(500)
    for _ in range(20):
        bob.send("hi", group=group)
    for _ in range(3):
        fails(alice, 10023, group=group)
    stage.advance(500)
    for _ in range(20):
        alice.send("hi", group=group)
    fails(alice, 10023, group=group)


# --- to some members alone


def test_targeted_messages_reach_their_targets(stage: Stage) -> None:
    """Only the named members and the sender have a targeted message, and it counts as unread for nobody."""
    group, (alice, bob, carol) = team(stage, "Public")
    source = alice.call("createTextMessage", text="psst")["id"]
    made = alice.call("createTargetedGroupMessage", id=source, receiverList=["bob"])
    alice.call("sendMessage", id=made["id"], receiver="", groupID=group)
    assert "psst" == bob.heard_one("onRecvNewMessage")["textElem"]["text"]
    assert [] == carol.heard()
    texts = {}
    for phone in (alice, bob, carol):
        rows = phone.history(group=group)
        texts[phone.user] = [row["textElem"]["text"] for row in rows if row["elemType"] == 1]
    assert {"alice": ["psst"], "bob": ["psst"], "carol": []} == texts
    assert 0 == bob.conversation(f"group_{group}")["unreadCount"]


def test_receiver_beside_group_is_a_target(stage: Stage) -> None:
    """A group message with a receiver as well is meant for that member alone."""
    group, (alice, bob, carol) = team(stage, "Public")
    created = alice.call("createTextMessage", text="psst")
    alice.call("sendMessage", id=created["id"], receiver="bob", groupID=group)
    assert "onRecvNewMessage" in bob.heard_types()
    assert [] == carol.heard()


def test_too_many_targets_are_refused(stage: Stage) -> None:
    """Over 50 targets are refused with 6017; a live room takes none: 10004."""
    group, (alice, _, _) = team(stage, "Public")
    source = alice.call("createTextMessage", text="psst")["id"]
    made = alice.call("createTargetedGroupMessage", id=source, receiverList=[f"u{n}" for n in range(51)])
    assert 6017 == alice.reply("sendMessage", id=made["id"], receiver="", groupID=group)["code"]
    room = create(alice, "AVChatRoom")
    alice.call("joinGroup", groupID=room, message="")
    created = alice.call("createTextMessage", text="psst")
    assert 10004 == alice.reply("sendMessage", id=created["id"], receiver="bob", groupID=room)["code"]


def test_targets_exclude_mentions(stage: Stage) -> None:
    """A message for some members alone mentions nobody: 10004, and nobody hears it."""
    group, (alice, bob, _) = team(stage, "Public")
    bob.heard()
    source = alice.call("createTextAtMessage", text="psst", atUserList=["bob"])["id"]
    made = alice.call("createTargetedGroupMessage", id=source, receiverList=["bob"])
    assert 10004 == alice.reply("sendMessage", id=made["id"], receiver="", groupID=group)["code"]
    assert [] == bob.heard_types()


# --- groups


@pytest.mark.parametrize(("group_type", "counted"), [("Public", 1), ("Work", 1), ("Meeting", 0)])
def test_unread_depends_on_the_type(stage: Stage, group_type: str, counted: int) -> None:
    """A message raises the unread count except in a Meeting, which keeps none."""
    group, (alice, bob, _) = team(stage, group_type)
    alice.send("hi", group=group)
    assert counted == bob.conversation(f"group_{group}")["unreadCount"]


def test_group_numbers_grow_by_one(stage: Stage) -> None:
    """Each stored message of a group has the next number, as decimal text; an online-only one takes none."""
    group, (alice, bob, _) = team(stage, "Public")
    first = int(alice.send("a", group=group)["seq"])
    alice.send("b", group=group, onlineUserOnly=True)
    assert str(first + 1) == bob.send("c", group=group)["seq"]


def test_live_rooms_keep_nothing(stage: Stage) -> None:
    """A message in an AVChatRoom reaches those who are in it and is not kept: no history, no list, no unread."""
    group, (alice, bob, _) = team(stage, "AVChatRoom")
    sent = alice.send("hi", group=group)
    assert "onRecvNewMessage" in bob.heard_types()
    assert [] == bob.history(group=group)
    assert [] == bob.call("findMessages", messageIDList=[sent["msgID"]])
    assert 0 == bob.conversation(f"group_{group}")["unreadCount"]


def test_writing_elsewhere_reads_a_group(stage: Stage) -> None:
    """Whoever writes into a group on one device has evidently read it: the count falls on the other one."""
    group, (alice, bob, _) = team(stage, "Public")
    tablet = stage.enter("bob", "tablet", platform="android" if stage.goes_by_ios else "ios")
    alice.send("hi", group=group)
    assert 1 == tablet.conversation(f"group_{group}")["unreadCount"]
    tablet.heard()
    bob.send("hello", group=group)
    assert 0 == tablet.heard("onConversationChanged")[-1][1][0]["unreadCount"]


# --- sending again


@pytest.mark.uses("reSendMessage")
def test_resent_message_is_the_newest(stage: Stage) -> None:
    """What is sent once more stands behind what was said in between, for both sides."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"blacklist_refuses": True}))
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("addToBlackList", userIDList=["alice"])
    created = alice.call("createTextMessage", text="first")
    failed = alice.reply("sendMessage", id=created["id"], receiver="bob", groupID="")["data"]
    bob.call("deleteFromBlackList", userIDList=["alice"])
    alice.send("second", to="bob")
    stage.advance(1000)
    alice.call("reSendMessage", msgID=failed["msgID"], onlineUserOnly=False)
    for phone, peer in ((alice, "bob"), (bob, "alice")):
        assert ["first", "second"] == [row["textElem"]["text"] for row in phone.history(peer)]
        assert "first" == phone.conversation(f"c2c_{peer}")["lastMessage"]["textElem"]["text"]


@pytest.mark.uses("reSendMessage")
def test_resending_leaves_one_message(stage: Stage) -> None:
    """A failed message is sent again under its id: one message in the history, at its end, and it arrives."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"blacklist_refuses": True}))
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("addToBlackList", userIDList=["alice"])
    failed = fails(alice, 20007, to="bob")
    assert 20007 == alice.reply("reSendMessage", msgID=failed["msgID"], onlineUserOnly=False)["code"]
    bob.call("deleteFromBlackList", userIDList=["alice"])
    bob.heard()
    sent = alice.call("reSendMessage", msgID=failed["msgID"], onlineUserOnly=False)
    assert (failed["msgID"], 2) == (sent["msgID"], sent["status"])
    assert "id" not in sent
    history = alice.history("bob")
    assert [(failed["msgID"], 2)] == [(row["msgID"], row["status"]) for row in history]
    assert failed["msgID"] == bob.heard_one("onRecvNewMessage")["msgID"]


@pytest.mark.uses("reSendMessage")
def test_resending_tells_progress_without_an_id(stage: Stage) -> None:
    """The progress of a file that is sent again shows no local id."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"muted_accounts": ["alice"]}))
    alice = stage.enter("alice")
    failed = fails(alice, 20012, to="bob", method="createFileMessage", filePath="/x", fileName="x")
    stage.emulator.world.policy.switches.clear()
    turn = alice.turn("reSendMessage", msgID=failed["msgID"], onlineUserOnly=False)
    steps = [e.arguments["data"] for e in turn.before if e.arguments["type"] == "onSendMessageProgress"]
    assert [25, 50, 75, 100] == [step["progress"] for step in steps]
    assert {None} == {step["message"].get("id") for step in steps}


@pytest.mark.uses("reSendMessage")
def test_resending_online_only_forgets_the_message(stage: Stage) -> None:
    """A failed message that is sent again for online users alone leaves the history."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"muted_accounts": ["alice"]}))
    alice = stage.enter("alice")
    failed = fails(alice, 20012, to="bob")
    stage.emulator.world.policy.switches.clear()
    alice.call("reSendMessage", msgID=failed["msgID"], onlineUserOnly=True)
    assert [] == alice.history("bob")
    assert alice.conversation("c2c_bob").get("lastMessage") is None


@pytest.mark.uses("reSendMessage")
def test_what_cannot_be_resent(stage: Stage) -> None:
    """An unknown message is refused by the adapter with -1, one that was sent with 6017."""
    alice = stage.enter("alice")
    assert -1 == alice.refused("reSendMessage", msgID="x", onlineUserOnly=False)
    sent = alice.send("hi", to="bob")
    assert 6017 == alice.refused("reSendMessage", msgID=sent["msgID"], onlineUserOnly=False)
