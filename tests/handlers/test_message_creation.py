"""Creating messages: every kind, chained ones, and what is made of a created one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stage import Phone, Stage

KINDS: list[tuple[str, dict[str, Any], int, str, dict[str, Any]]] = [
    ("createTextMessage", {"text": "hi"}, 1, "textElem", {"text": "hi"}),
    ("createTextAtMessage", {"text": "hi", "atUserList": ["bob"]}, 1, "textElem", {"text": "hi"}),
    (
        "createCustomMessage",
        {"data": "d", "desc": "e", "extension": "x"},
        2,
        "customElem",
        {"data": "d", "desc": "e", "extension": "x"},
    ),
    ("createImageMessage", {"imagePath": "/nowhere/a.png"}, 3, "imageElem", {"path": "/nowhere/a.png"}),
    ("createSoundMessage", {"soundPath": "/nowhere/a.m4a", "duration": 3}, 4, "soundElem", {"duration": 3, "dataSize": 0}),
    (
        "createVideoMessage",
        {"videoFilePath": "/nowhere/a.mp4", "type": "mp4", "duration": 9, "snapshotPath": "/nowhere/a.jpg"},
        5,
        "videoElem",
        {"videoPath": "/nowhere/a.mp4", "duration": 9, "videoSize": 0, "snapshotPath": "/nowhere/a.jpg"},
    ),
    (
        "createFileMessage",
        {"filePath": "/nowhere/a.pdf", "fileName": "a.pdf"},
        6,
        "fileElem",
        {"fileName": "a.pdf", "fileSize": 0},
    ),
    (
        "createLocationMessage",
        {"desc": "here", "longitude": 8.5, "latitude": 47},
        7,
        "locationElem",
        {"desc": "here", "longitude": 8.5, "latitude": 47.0},
    ),
    ("createFaceMessage", {"index": 4, "data": "tt04"}, 8, "faceElem", {"index": 4, "data": "tt04"}),
]


@pytest.mark.parametrize(("method", "arguments", "kind", "key", "shown"), KINDS)
def test_each_kind_is_created_and_sent(
    stage: Stage, method: str, arguments: dict[str, Any], kind: int, key: str, shown: dict[str, Any]
) -> None:
    """
    A created message shows its element and local id, has no id of the service yet, and arrives as it was made; no file is needed.

    Windows dies of an integer for a double.
    """
    alice, bob = stage.enter("alice"), stage.enter("bob")
    if stage.on_windows and kind == 7:
        assert "crash" == alice.error(method, **arguments).data["reason"]
        arguments = {**arguments, "latitude": 47.0}
    created = alice.call(method, **arguments)
    info = created["messageInfo"]
    assert (created["id"], kind, 1, "alice") == (info["id"], info["elemType"], info["status"], info["sender"])
    assert not info["msgID"]
    assert shown.items() <= info[key].items()
    assert [] == alice.heard()
    sent = alice.call("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert (created["id"], 2) == (sent["id"], sent["status"])
    assert shown.items() <= bob.heard_one("onRecvNewMessage")[key].items()


def test_creating_needs_nothing(stage: Stage) -> None:
    """The create calls have no way to a code: they work without a login, and before initSDK."""
    phone = stage.device()
    assert phone.call("createTextMessage", text="hi")["id"]
    phone.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="u", uiPlatform=0, showImLog=False, plugins=[])
    assert phone.call("createTextMessage", text="hi")["id"]


def test_sending_needs_a_login(stage: Stage) -> None:
    """Without one the refusal shows the message as failed, and its id is used up; old sends show theirs, too."""
    phone = stage.device()
    phone.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="u", uiPlatform=0, showImLog=False, plugins=[])
    made = phone.call("createTextMessage", text="hi")["id"]
    reply = phone.reply("sendMessage", id=made, receiver="bob", groupID="")
    assert (6014, made, 3, "") == (reply["code"], reply["data"]["id"], reply["data"]["status"], reply["data"]["msgID"])
    again = phone.turn("sendMessage", id=made, receiver="bob", groupID="")
    assert again.error is not None or again.result["code"] == -1
    if stage.has("sendTextMessage"):
        reply = phone.reply("sendTextMessage", text="hi", receiver="bob", groupID="", priority=0)
        assert (6014, 3, "hi") == (reply["code"], reply["data"]["status"], reply["data"]["textElem"]["text"])
    phone.login("alice")
    assert [] == phone.call("getConversationList", nextSeq="0", count=10)["conversationList"]


def test_local_ids_differ_and_have_the_platforms_form(stage: Stage) -> None:
    """A local id is a time and ten letters or digits: nanoseconds on Android, milliseconds on iOS; on Windows 32 letters or digits."""
    alice = stage.enter("alice")
    one, other = (alice.call("createTextMessage", text="hi")["id"] for _ in range(2))
    assert one != other
    if stage.on_windows:
        assert (32, 32) == (len(one), len(other))
        assert one.isalnum() and one.isascii()
        return
    assert (13 if stage.goes_by_ios else 19) + 10 == len(one)
    assert one[:-10].isdigit() and one[-10:].isalnum()


def test_at_all_marks_are_taken_in_both_spellings(stage: Stage) -> None:
    """Of the two spellings of "everybody" the first found stands last, as the client's own mark; Windows leaves it where it is."""
    alice = stage.enter("alice")
    for mark in ("__kImSDK_MessageAtALL__", "__kImSDK_MesssageAtALL__"):
        info = alice.call("createTextAtMessage", text="hi", atUserList=[mark, "bob"])["messageInfo"]
        named = ["bob", "__kImSDK_MesssageAtALL__"]
        assert (named[::-1] if stage.on_windows else named) == info["groupAtUserList"]


def test_empty_mentioning_text_is_a_blank_on_ios(stage: Stage) -> None:
    """iOS makes a blank of an empty text that mentions somebody; Android leaves it."""
    info = stage.enter("alice").call("createTextAtMessage", text="", atUserList=["bob"])["messageInfo"]
    assert (" " if stage.goes_by_ios else "") == info["textElem"]["text"]


def test_appended_element_is_chained_behind(stage: Stage) -> None:
    """
    The appended element hangs under the first one on Android, and the answer shows no local id; iOS does not follow the chain.

    Windows appends the first element once more in place of the other.
    """
    alice, bob = stage.enter("alice"), stage.enter("bob")
    base = alice.call("createTextMessage", text="look")["id"]
    added = alice.call("createFaceMessage", index=1, data="tt01")["id"]
    chained = alice.call("appendMessage", createMessageBaseId=base, createMessageAppendId=added)
    assert ("" if stage.on_windows else None) == chained.get("id")
    alice.call("sendMessage", id=base, receiver="bob", groupID="")
    message = bob.heard_one("onRecvNewMessage")
    got = message["textElem"]
    if stage.on_windows:
        assert (1, "look", False) == (message["elemType"], got["text"], "faceElem" in message)
        (row,) = [row for row in stage.world.tables["messages"].rows.values() if row.msg_id == message["msgID"]]
        assert ["text", "text"] == [elem.kind for elem in row.elems]
        return
    assert stage.goes_by_ios or 8 == got["nextElem"]["elemType"]


def test_appending_unknown_messages(stage: Stage) -> None:
    """
    An unknown appended id is refused with -1; an unknown base id as well on iOS, and never answered on Android.

    Windows looks at the base alone, and what comes of an unknown one cannot be said.
    """
    alice = stage.enter("alice")
    known = alice.call("createTextMessage", text="hi")["id"]
    if stage.on_windows:
        alice.call("appendMessage", createMessageBaseId=known, createMessageAppendId="x")
        error = alice.error("appendMessage", createMessageBaseId="x", createMessageAppendId=known)
        assert (-32001, "crash") == (error.code, error.data["reason"])
        return
    assert -1 == alice.refused("appendMessage", createMessageBaseId=known, createMessageAppendId="x")
    if stage.goes_by_ios:
        assert -1 == alice.refused("appendMessage", createMessageBaseId="x", createMessageAppendId=known)
    else:
        error = alice.error("appendMessage", createMessageBaseId="x", createMessageAppendId=known)
        assert (-32001, "unanswered") == (error.code, error.data["reason"])


def test_media_cannot_be_appended(stage: Stage) -> None:
    """
    Only text, custom, face and location elements can be appended; others are refused with 6017, which Android has no way to say.
    """
    alice = stage.enter("alice")
    base = alice.call("createTextMessage", text="hi")["id"]
    image = alice.call("createImageMessage", imagePath="/x.png")["id"]
    nothing_appended(alice, image if stage.on_windows else base, image)


def nothing_appended(alice: Phone, base: str, added: str) -> None:
    """Look that one message cannot be put behind another."""
    if alice.stage.goes_by_ios:
        assert 6017 == alice.refused("appendMessage", createMessageBaseId=base, createMessageAppendId=added)
    else:
        before = alice.stage.snapshot()
        kept = alice.call("appendMessage", createMessageBaseId=base, createMessageAppendId=added)
        assert (3 if base == added else 1) == kept["elemType"]
        assert before == alice.stage.snapshot()


def test_chains_have_an_end(stage: Stage) -> None:
    """A chain has fifty elements at most."""
    alice = stage.enter("alice")
    base, added = (alice.call("createTextMessage", text="hi")["id"] for _ in range(2))
    for _ in range(49):
        alice.call("appendMessage", createMessageBaseId=base, createMessageAppendId=added)
    nothing_appended(alice, base, added)


def test_targeted_copy_has_a_new_id(stage: Stage) -> None:
    """A targeted message is a new one; iOS forgets the first, the others can still send it."""
    alice = stage.enter("alice")
    source = alice.call("createTextMessage", text="psst")["id"]
    targeted = alice.call("createTargetedGroupMessage", id=source, receiverList=["bob"])
    assert source != targeted["id"]
    if stage.goes_by_ios:
        assert -1 == alice.refused("sendMessage", id=source, receiver="bob", groupID="")
    else:
        assert 2 == alice.call("sendMessage", id=source, receiver="bob", groupID="")["status"]
    if stage.on_windows:
        assert -1 == alice.refused("createTargetedGroupMessage", id="x", receiverList=["bob"])
    elif stage.goes_by_ios:
        empty = alice.call("createTargetedGroupMessage", id="x", receiverList=["bob"])
        assert 0 == empty["messageInfo"]["elemType"]
        assert 6017 == alice.reply("sendMessage", id=empty["id"], receiver="", groupID="g")["code"]
    else:
        error = alice.error("createTargetedGroupMessage", id="x", receiverList=["bob"])
        assert (-32001, "unanswered") == (error.code, error.data["reason"])


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_at_signed_copy_mentions(platform: str) -> None:
    """8.2 makes a mentioning message of any created one; an unknown id is refused with -1."""
    alice = Stage("chat-8.2", platform).enter("alice")
    source = alice.call("createCustomMessage", data="d")["id"]
    made = alice.call("createAtSignedGroupMessage", createdMsgID=source, atUserList=["bob"])
    assert source != made["id"]
    assert ["bob"] == made["messageInfo"]["groupAtUserList"]
    assert -1 == alice.refused("createAtSignedGroupMessage", createdMsgID="x", atUserList=["bob"])
