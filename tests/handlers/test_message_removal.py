"""Deleting and clearing for oneself, local messages, and data that the app keeps."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import team
from tests.support.stage import Phone, Stage


def texts(phone: Phone, peer: str) -> list[str]:
    """Return the texts of a one-to-one history, newest first."""
    return [row["textElem"]["text"] for row in phone.history(peer)]


def other_platform(stage: Stage) -> str:
    """Return the platform that the stage is not on."""
    return "android" if stage.goes_by_ios else "ios"


def test_deleting_is_for_oneself(stage: Stage) -> None:
    """A deleted message is gone for the caller and stays for the peer; the list shows the one before it."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    first, last = alice.send("first", to="bob"), alice.send("last", to="bob")
    alice.heard(), bob.heard()
    assert alice.call("deleteMessages", msgIDs=[last["msgID"]]) is None
    ((kind, rows),) = alice.heard()
    assert ("onConversationChanged", first["msgID"]) == (kind, rows[0]["lastMessage"]["msgID"])
    assert (["first"], ["last", "first"]) == (texts(alice, "bob"), texts(bob, "alice"))
    assert [] == bob.heard()


def test_deleting_the_only_message(stage: Stage) -> None:
    """Where no message is left the last one is null, and the place in the list stays."""
    alice = stage.enter("alice")
    sent = alice.send("only", to="bob")
    key = alice.conversation("c2c_bob")["orderkey"]
    alice.heard()
    alice.call("deleteMessages", msgIDs=[sent["msgID"]])
    ((_, rows),) = alice.heard()
    assert (None, key) == (rows[0].get("lastMessage"), rows[0]["orderkey"])


def test_deleting_an_older_message_is_silent(stage: Stage) -> None:
    """Nothing is told when a read message goes that is not the last one."""
    alice = stage.enter("alice")
    first = alice.send("first", to="bob")
    alice.send("last", to="bob")
    alice.heard()
    alice.call("deleteMessages", msgIDs=[first["msgID"]])
    assert [] == alice.heard()


def test_deleting_unread_messages_lowers_the_count(stage: Stage) -> None:
    """Deleting an unread message takes it out of the count, and a mention with it."""
    group, (alice, bob, _) = team(stage, "Public")
    created = alice.call("createTextAtMessage", text="@bob", atUserList=["bob"])
    sent = alice.call("sendMessage", id=created["id"], receiver="", groupID=group)
    alice.send("more", group=group)
    bob.call("deleteMessages", msgIDs=[sent["msgID"]])
    row = bob.conversation(f"group_{group}")
    assert (1, []) == (row["unreadCount"], row["groupAtInfoList"])


def test_other_devices_keep_what_they_have(stage: Stage) -> None:
    """The user's other device still has the message and hears nothing."""
    phone, bob = stage.enter("alice"), stage.enter("bob")
    tablet = stage.enter("alice", "tablet", platform=other_platform(stage))
    sent = bob.send("hi", to="alice")
    tablet.heard()
    phone.call("deleteMessages", msgIDs=[sent["msgID"]])
    assert ([], ["hi"]) == (texts(phone, "bob"), texts(tablet, "bob"))
    assert [] == tablet.heard()
    later = stage.enter("alice", "later", platform=other_platform(stage))
    assert [] == texts(later, "bob")


def test_each_device_deletes_for_itself(stage: Stage) -> None:
    """What one device has deleted is still on the other until that deletes it, too; neither gets it back."""
    phone, bob = stage.enter("alice"), stage.enter("bob")
    tablet = stage.enter("alice", "tablet", platform=other_platform(stage))
    bob.send("kept", to="alice")
    sent = bob.send("hi", to="alice")
    phone.call("deleteMessages", msgIDs=[sent["msgID"]])
    assert (["kept"], ["hi", "kept"]) == (texts(phone, "bob"), texts(tablet, "bob"))
    tablet.call("deleteMessages", msgIDs=[sent["msgID"]])
    assert (["kept"], ["kept"]) == (texts(phone, "bob"), texts(tablet, "bob"))


def test_local_deletion_leaves_other_apps_alone(stage: Stage) -> None:
    """What is deleted from local storage alone is there on an app that is installed later; Windows deletes it for good."""
    phone, bob = stage.enter("alice"), stage.enter("bob")
    sent = bob.send("hi", to="alice")
    assert phone.call("deleteMessageFromLocalStorage", msgID=sent["msgID"]) is None
    assert [] == texts(phone, "bob")
    left = [] if stage.on_windows else ["hi"]
    assert left == texts(stage.enter("alice", "later", platform=other_platform(stage)), "bob")


def test_partly_unknown_lists_are_taken(stage: Stage) -> None:
    """Unknown ids among known ones are passed over; none known is refused with -1."""
    alice = stage.enter("alice")
    sent = alice.send("hi", to="bob")
    alice.call("deleteMessages", msgIDs=["x", sent["msgID"]])
    assert [] == texts(alice, "bob")
    for method, arguments in (("deleteMessages", {"msgIDs": ["x"]}), ("deleteMessageFromLocalStorage", {"msgID": "x"})):
        assert -1 == alice.refused(method, **arguments)


def test_over_fifty_and_mixed_lists_are_refused(stage: Stage) -> None:
    """Over 50 messages, or messages of two conversations, are refused with 6017."""
    alice = stage.enter("alice")
    ids = [alice.send("hi", to="bob")["msgID"] for _ in range(51)]
    assert 6017 == alice.refused("deleteMessages", msgIDs=ids)
    assert 6017 == alice.refused("deleteMessages", msgIDs=[ids[0], alice.send("hi", to="carol")["msgID"]])


def test_once_a_second_with_rate_limits(stage: Stage) -> None:
    """With rate limits a second deletion within a second is refused with 7008."""
    stage = Stage(stage.dialect, stage.platform, Policy(rate_limits=True))
    alice = stage.enter("alice")
    ids = [alice.send("hi", to="bob")["msgID"] for _ in range(2)]
    alice.call("deleteMessages", msgIDs=ids[:1])
    assert 7008 == alice.refused("deleteMessages", msgIDs=ids[1:])
    stage.advance(1000)
    alice.call("deleteMessages", msgIDs=ids[1:])


# --- clearing


def test_clearing_keeps_the_conversation(stage: Stage) -> None:
    """All messages of the chat go for the caller; the conversation stays in its place without a last message and unread count."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = bob.send("one", to="alice")
    bob.send("two", to="alice")
    key = alice.conversation("c2c_bob")["orderkey"]
    alice.heard()
    assert alice.call("clearC2CHistoryMessage", userID="bob") is None
    ((kind, rows),) = alice.heard()
    row = rows[0]
    assert ("onConversationChanged", None, 0, key) == (kind, row.get("lastMessage"), row["unreadCount"], row["orderkey"])
    assert ([], ["two", "one"]) == (texts(alice, "bob"), texts(bob, "alice"))
    assert [] == alice.call("findMessages", messageIDList=[sent["msgID"]])
    bob.send("three", to="alice")
    assert ["three"] == texts(alice, "bob")


def test_clearing_a_group(stage: Stage) -> None:
    """Clearing a group's history is for oneself too."""
    group, (alice, bob, _) = team(stage, "Public")
    alice.send("hi", group=group)
    bob.call("clearGroupHistoryMessage", groupID=group)
    assert [] == bob.history(group=group)
    assert alice.history(group=group)


@pytest.mark.parametrize(
    ("method", "key"), [("clearC2CHistoryMessage", "userID"), ("clearGroupHistoryMessage", "groupID")]
)
def test_clearing_needs_a_target(stage: Stage, method: str, key: str) -> None:
    """An empty id is refused with 6017."""
    assert 6017 == stage.enter("alice").refused(method, **{key: ""})


# --- local messages


def inserted(phone: Phone, **target: Any) -> Any:
    """Insert a custom message by bob."""
    kind = "C2C" if "userID" in target else "Group"
    return phone.call(f"insert{kind}MessageToLocalStorage", data="d", sender="bob", **target)


def target(stage: Stage) -> tuple[dict[str, str], str]:
    """Return arguments that insert for bob, and the conversation that it goes to: on Windows the group of that id."""
    return {"userID": "bob"}, "group_bob" if stage.on_windows else "c2c_bob"


def test_inserted_messages_are_mine_alone(stage: Stage) -> None:
    """An inserted message is custom, has an id and status 5, is last in the list, counts for nothing and reaches nobody."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    named, conversation = target(stage)
    message = inserted(alice, **named)
    assert (5, 2, "d", "bob", True) == (
        message["status"],
        message["elemType"],
        message["customElem"]["data"],
        message["sender"],
        bool(message["msgID"]),
    )
    ((kind, rows),) = alice.heard()
    assert ("onNewConversation", conversation, message["msgID"], 0) == (
        kind,
        rows[0]["conversationID"],
        rows[0]["lastMessage"]["msgID"],
        rows[0]["unreadCount"],
    )
    assert ([], []) == (bob.heard(), bob.history("alice", count=5))
    assert [5] == [row["status"] for row in alice.call("findMessages", messageIDList=[message["msgID"]])]
    alice.call("deleteMessages", msgIDs=[message["msgID"]])
    assert [] == alice.history("bob", count=5)


def test_inserted_message_stays_last_after_a_new_login(stage: Stage) -> None:
    """An inserted message is still the last one after logging out and in."""
    alice = stage.enter("alice")
    named, conversation = target(stage)
    message = inserted(alice, **named)
    alice.call("logout")
    alice.login("alice")
    assert message["msgID"] == alice.conversation(conversation)["lastMessage"]["msgID"]


def test_inserting_into_a_group(stage: Stage) -> None:
    """An inserted group message takes no number of the group and shows to nobody else."""
    group, (alice, bob, _) = team(stage, "Public")
    message = inserted(alice, groupID=group)
    assert ("0", group) == (message["seq"], message["groupID"])
    (newest,) = alice.history(group=group, count=1)
    assert message["msgID"] == newest["msgID"]
    assert [] == bob.heard()


@pytest.mark.parametrize("platform", ["android", "ios"])
@pytest.mark.parametrize(
    ("method", "key"),
    [("insertC2CMessageToLocalStorageV2", "userID"), ("insertGroupMessageToLocalStorageV2", "groupID")],
)
def test_created_messages_can_be_inserted(platform: str, method: str, key: str) -> None:
    """8.2 inserts any created message; its local id is used up, an unknown one is refused with -1."""
    alice = Stage("chat-8.2", platform).enter("alice")
    created = alice.call("createTextMessage", text="hi")
    message = alice.call(method, **{key: "x1"}, senderID="alice", createdMsgID=created["id"])
    assert (5, "hi") == (message["status"], message["textElem"]["text"])
    assert -1 == alice.refused(method, **{key: "x1"}, senderID="alice", createdMsgID=created["id"])


def test_inserting_needs_a_target_and_a_sender(stage: Stage) -> None:
    """An empty id of user, group or sender is refused with 6017."""
    alice = stage.enter("alice")
    assert 6017 == alice.refused("insertC2CMessageToLocalStorage", data="d", userID="", sender="bob")
    assert 6017 == alice.refused("insertC2CMessageToLocalStorage", data="d", userID="bob", sender="")
    assert 6017 == alice.refused("insertGroupMessageToLocalStorage", data="d", groupID="", sender="bob")


# --- data of the app's own


@pytest.mark.uses("setLocalCustomData", "setCloudCustomData")
def test_local_data_are_kept_for_oneself(stage: Stage) -> None:
    """Text and number stay with the message for the caller, in lists and in the conversation; iOS answers "ok"."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = alice.send("hi", to="bob", localCustomData="old", cloudCustomData="cloud")
    alice.heard()
    said = [
        alice.call("setLocalCustomData", msgID=sent["msgID"], localCustomData="new"),
        alice.call("setLocalCustomInt", msgID=sent["msgID"], localCustomInt=7),
        alice.call("setCloudCustomData", msgID=sent["msgID"], data="mine"),
    ]
    assert ["ok" if stage.goes_by_ios else None] * 3 == said
    assert [] == alice.heard()
    (own,) = alice.call("findMessages", messageIDList=[sent["msgID"]])
    keys = ("localCustomData", "localCustomInt", "cloudCustomData")
    assert ["new", 7, "mine"] == [own[key] for key in keys]
    last = alice.conversation("c2c_bob")["lastMessage"]
    assert ["new", 7, "mine"] == [last[key] for key in keys]
    (theirs,) = bob.call("findMessages", messageIDList=[sent["msgID"]])
    assert ["", 0, "cloud"] == [theirs[key] for key in keys]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("setLocalCustomData", {"localCustomData": "x"}),
        ("setLocalCustomInt", {"localCustomInt": 1}),
        ("setCloudCustomData", {"data": "x"}),
    ],
)
def test_data_for_unknown_messages_are_refused(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """An unknown message is refused with -1, in each adapter's words; Windows never looks for the local text, and has no cloud data."""
    alice = stage.enter("alice")
    if not stage.has(method):
        reply = alice.reply(method, msgID="x", **arguments)
        assert (0 if method == "setLocalCustomData" else -1, None) == (reply["code"], reply["data"])
        return
    assert -1 == alice.refused(method, msgID="x", **arguments)
    text = "msg is not exist" if stage.goes_by_ios else "message is not found" if stage.on_windows else "message not found"
    assert text == alice.reply(method, msgID="x", **arguments)["desc"]
