"""Media: addresses, fetching, speech, translation."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world import media
from bridge.world.world import Policy
from tests.support.stage import Phone, Stage

CREATED: dict[str, tuple[str, dict[str, Any]]] = {
    "image": ("createImageMessage", {"imagePath": "/a/i.png"}),
    "sound": ("createSoundMessage", {"soundPath": "/a/s.m4a", "duration": 7}),
    "video": (
        "createVideoMessage",
        {"videoFilePath": "/a/v.mp4", "type": "mp4", "duration": 3, "snapshotPath": "/a/p.png"},
    ),
    "file": ("createFileMessage", {"filePath": "/a/f.pdf", "fileName": "f.pdf"}),
}


def sent(stage: Stage, kind: str) -> tuple[Phone, str]:
    """Return bob's device, and the id of a media message that alice sent him."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    method, arguments = CREATED[kind]
    created = alice.call(method, **arguments)
    message = alice.call("sendMessage", id=created["id"], receiver="bob", groupID="")
    bob.heard()
    return bob, message["msgID"]


@pytest.mark.parametrize("kind", CREATED)
def test_online_urls(stage: Stage, kind: str) -> None:
    """The element comes with addresses, which a received message has not."""
    bob, msg_id = sent(stage, kind)
    (elem,) = bob.call("getMessageOnlineUrl", msgID=msg_id).values()
    urls = [one["url"] for one in elem["imageList"]] if kind == "image" else [elem.get("url") or elem["videoUrl"]]
    assert all(url.startswith(media.HOST) for url in urls)
    assert (3 if kind == "image" else 1) == len(set(urls))


@pytest.mark.parametrize("kind", CREATED)
def test_download_answers_then_tells_its_progress(stage: Stage, kind: str) -> None:
    """The answer comes first; the last event says that it is finished, with sizes of 0."""
    bob, msg_id = sent(stage, kind)
    arguments = {"msgID": msg_id, "messageType": 3, "imageType": 1, "isSnapshot": kind == "video"}
    turn = bob.turn("downloadMessage", **arguments)
    assert {} == (turn.result["data"] or {})
    assert [] == turn.before
    told = [data for _, data in bob.heard("onMessageDownloadProgressCallback")]
    assert [False, False, True] == [one["isFinish"] for one in told]
    assert (0, 0) == (told[-1]["currentSize"], told[-1]["totalSize"])
    assert {msg_id} == {one["msgID"] for one in told}
    assert {1 if kind == "image" else 0} == {one["type"] for one in told}
    assert told[0]["totalSize"] == (len(media.POINT) if kind in ("image", "video") else 0)


class Shelf:
    """Files in memory."""

    def __init__(self) -> None:
        self.written: dict[str, bytes] = {}

    def store(self, name: str, contents: bytes) -> str:
        """Keep a file."""
        self.written[name] = contents
        return f"/private/{name}"

    def size(self, path: str) -> int:
        """Return the length of a path as the size of its file."""
        return len(path)


def test_download_writes_where_it_may(stage: Stage) -> None:
    """With a place for files, the path is that of a file with something of its kind in it."""
    shelf = stage.world.files = Shelf()
    bob, msg_id = sent(stage, "image")
    bob.call("downloadMessage", msgID=msg_id, messageType=3, imageType=0, isSnapshot=False)
    told = bob.heard("onMessageDownloadProgressCallback")[-1][1]
    ((name, contents),) = shelf.written.items()
    assert f"/private/{name}" == told["path"]
    assert contents.startswith(b"\x89PNG")


@pytest.mark.parametrize(("kind", "key"), [("image", ""), ("sound", "dataSize"), ("video", "videoSize"), ("file", "fileSize")])
def test_sizes_of_files_that_may_be_read(stage: Stage, kind: str, key: str) -> None:
    """With files to look at, what is sent has their sizes; without, sizes are 0."""
    stage.world.files = Shelf()
    bob, msg_id = sent(stage, kind)
    (row,) = bob.call("findMessages", messageIDList=[msg_id])
    elem = row[f"{kind}Elem"]
    path = next(iter(CREATED[kind][1].values()))
    assert len(path) == (elem["imageList"][0]["size"] if kind == "image" else elem[key])


@pytest.mark.parametrize("method", ["getMessageOnlineUrl", "downloadMessage"])
def test_no_media_is_refused(stage: Stage, method: str) -> None:
    """A text has no file, and an unknown message has nothing: the adapter's own codes."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    more = {"messageType": 1, "imageType": 0, "isSnapshot": False} if method == "downloadMessage" else {}
    msg_id = alice.send("hi", to="bob")["msgID"]
    bob.heard()
    assert -1 == alice.refused(method, msgID=msg_id, **more)
    assert "message invalid" == alice.reply(method, msgID=msg_id, **more)["desc"]
    assert (-3 if stage.dialect == "chat-8.2" else -1) == alice.refused(method, msgID="none", **more)


@pytest.fixture(params=["android", "ios"])
def new(request: pytest.FixtureRequest) -> Stage:
    """Return a stage of 8.2 on each platform."""
    return Stage("chat-8.2", request.param)


def test_speech_is_a_stand_in(new: Stage) -> None:
    """A voice message says how long it is, in the language that was asked for."""
    bob, msg_id = sent(new, "sound")
    assert "[en] voice of 7 s" == bob.call("convertVoiceToText", msgID=msg_id, language="en")
    assert "voice of 7 s" == bob.call("convertVoiceToText", msgID=msg_id, language="")


def test_speech_of_other_messages(new: Stage) -> None:
    """No sound and no message are refused by the adapter with -3."""
    bob, msg_id = sent(new, "file")
    assert -3 == bob.refused("convertVoiceToText", msgID=msg_id, language="")
    assert "error message elem type" == bob.reply("convertVoiceToText", msgID=msg_id, language="")["desc"]
    assert -3 == bob.refused("convertVoiceToText", msgID="none", language="")


def test_translation_is_a_stand_in(new: Stage) -> None:
    """Each text comes with the language in front."""
    alice = new.enter("alice")
    assert {"hi": "[de] hi", "yo": "[de] yo"} == alice.call(
        "translateText", texts=["hi", "yo"], targetLanguage="de", sourceLanguage=None
    )
    assert 6017 == alice.refused("translateText", texts=[], targetLanguage="de", sourceLanguage="auto")
    assert 6017 == alice.refused("translateText", texts=["hi"], targetLanguage="", sourceLanguage="auto")


def test_plan_without_translation() -> None:
    """A plan that does not include it refuses with 60020."""
    stage = Stage(policy=Policy(switches={"translation": False}))
    bob, msg_id = sent(stage, "sound")
    assert 60020 == bob.refused("translateText", texts=["hi"], targetLanguage="de", sourceLanguage="auto")
    assert 60020 == bob.refused("convertVoiceToText", msgID=msg_id, language="en")


def test_findable_live_rooms_add_up() -> None:
    """The Android adapter answers all rooms that were ever named, each once; iOS lacks the method."""
    alice = Stage("chat-8.2").enter("alice")
    assert ["a"] == alice.call("setAvChatRoomCanFindMessage", avchatroomIDs=["a"])
    assert ["a", "b"] == alice.call("setAvChatRoomCanFindMessage", avchatroomIDs=["b", "a"])
    ios = Stage("chat-8.2", "ios").enter("alice")
    assert -32601 == ios.error("setAvChatRoomCanFindMessage", avchatroomIDs=["a"]).code
