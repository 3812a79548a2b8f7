"""What hangs on messages and chats stays in a world's document: extensions, reactions, pins, receive options, mergers."""

from __future__ import annotations

import json

from tests.support.groups import team
from tests.support.stage import Stage

SECTIONS = {"extensions", "reactions", "pins", "all_receive_options"}


def test_document_has_what_hangs_on_messages() -> None:
    """Written down and read again, everybody sees the same, and the document is the same."""
    stage = Stage()
    group, (alice, bob) = team(stage, "Public", "alice", "bob")
    msg_id = alice.send("hi", group=group, isSupportMessageExtension=True)["msgID"]
    bob.call("setMessageExtensions", msgID=msg_id, extensions=[{"key": "k", "value": "v"}])
    bob.call("addMessageReaction", msgID=msg_id, reactionID="smile")
    alice.call("pinGroupMessage", msgID=msg_id, groupID=group, isPinned=True)
    bob.call("setGroupReceiveMessageOpt", groupID=group, opt=3)
    bob.call("setAllReceiveMessageOpt", opt=2, startHour=22, startMinute=0, startSecond=0, duration=3600)
    bob.call("setAllReceiveMessageOptWithTimestamp", opt=2, startTimeStamp=0, duration=3600)
    merger = {"title": "t", "abstractList": ["a"], "compatibleText": "c", "receiver": "bob", "groupID": ""}
    sent = alice.call("sendMergerMessage", msgIDList=[msg_id], **merger)["msgID"]
    text = json.dumps(stage.emulator.export())
    assert set(json.loads(text)) >= SECTIONS

    other = Stage()
    other.emulator.load(json.loads(text))
    assert text == json.dumps(other.emulator.export())
    late = other.enter("bob")
    (extension,) = late.call("getMessageExtensions", msgID=msg_id)
    assert ("k", "v") == (extension["extensionKey"], extension["extensionValue"])
    (item,) = late.call("getMessageReactions", msgIDList=[msg_id], maxUserCountPerReaction=1)
    assert [("smile", True)] == [(one["reactionID"], one["reactedByMyself"]) for one in item["reactionList"]]
    assert [msg_id] == [row["msgID"] for row in late.call("getPinnedGroupMessageList", groupID=group)]
    assert 3 == late.conversation(f"group_{group}")["recvOpt"]
    everything = late.call("getAllReceiveMessageOpt")
    assert (2, 3600) == (everything["allReceiveMessageOpt"], everything["duration"])
    assert [msg_id] == [row["msgID"] for row in late.call("downloadMergerMessage", msgID=sent)]
