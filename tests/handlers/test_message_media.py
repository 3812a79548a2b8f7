"""Media: addresses, fetching, speech, translation."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.errors import BridgeError
from bridge.world.chats import connections, media
from bridge.world.kernel.world import Policy
from tests.support.groups import team
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
    """The element comes with addresses, which a received message has not; Windows refuses those of an image."""
    bob, msg_id = sent(stage, kind)
    if stage.on_windows and kind == "image":
        assert -1 == bob.refused("getMessageOnlineUrl", msgID=msg_id)
        assert "this message dont need to get online url" == bob.reply("getMessageOnlineUrl", msgID=msg_id)["desc"]
        return
    (elem,) = bob.call("getMessageOnlineUrl", msgID=msg_id).values()
    urls = [one["url"] for one in elem["imageList"]] if kind == "image" else [elem.get("url") or elem["videoUrl"]]
    assert all(url.startswith(media.HOST) for url in urls)
    assert (3 if kind == "image" else 1) == len(set(urls))


@pytest.mark.uses("onMessageDownloadProgressCallback")
@pytest.mark.parametrize("kind", CREATED)
def test_download_answers_then_tells_its_progress(stage: Stage, kind: str) -> None:
    """The answer comes first; the last event says that it is finished, with sizes of 0, on Windows of 1."""
    bob, msg_id = sent(stage, kind)
    arguments = {"msgID": msg_id, "messageType": 3, "imageType": 1, "isSnapshot": kind == "video"}
    turn = bob.turn("downloadMessage", **arguments)
    assert {} == (turn.result["data"] or {})
    assert [] == turn.before
    told = [data for _, data in bob.heard("onMessageDownloadProgressCallback")]
    assert [False, False, True] == [one["isFinish"] for one in told]
    assert (over(stage),) * 2 == (told[-1]["currentSize"], told[-1]["totalSize"])
    assert {msg_id} == {one["msgID"] for one in told}
    assert {1 if kind == "image" else 3 if stage.on_windows else 0} == {one["type"] for one in told}
    pictures = ("image",) if stage.on_windows else ("image", "video")  # it never reads that a snapshot is wanted
    assert {kind == "video" and not stage.on_windows} == {one["isSnapshot"] for one in told}
    assert told[0]["totalSize"] == (len(media.POINT) if kind in pictures else 0)


def over(stage: Stage) -> int:
    """Return which size is told of a download that is over, or has failed."""
    return 1 if stage.on_windows else 0


def fetch(phone: Phone, msg_id: str, image_type: int = 0, is_snapshot: bool = False) -> None:
    """Start a download."""
    phone.call("downloadMessage", msgID=msg_id, messageType=3, imageType=image_type, isSnapshot=is_snapshot)


def local(phone: Phone, msg_id: str, kind: str) -> dict[str, Any]:
    """Return which local files of a message a device shows."""
    (row,) = phone.call("findMessages", messageIDList=[msg_id])
    elem = row[f"{kind}Elem"]
    if kind == "image":
        return {str(one["type"]): one["localUrl"] for one in elem["imageList"] if "localUrl" in one}
    return {key: elem[key] for key in ("localUrl", "localVideoUrl", "localSnapshotUrl") if key in elem}


@pytest.mark.uses("onMessageDownloadProgressCallback")
def test_downloaded_files_show_in_their_message(stage: Stage) -> None:
    """After a download the message has the file's path, for this app alone, part by part; also after a restart."""
    bob, msg_id = sent(stage, "image")
    tablet = stage.enter("bob", "tablet", platform="android" if stage.goes_by_ios else "ios")
    fetch(bob, msg_id, 1)
    path = bob.heard("onMessageDownloadProgressCallback")[-1][1]["path"]
    assert {"1": path} == local(bob, msg_id, "image")
    assert {} == local(tablet, msg_id, "image")
    bob.close()
    assert {"1": path} == local(stage.enter("bob"), msg_id, "image")


@pytest.mark.parametrize("kind", ["sound", "video", "file"])
def test_each_kind_has_its_local_file(stage: Stage, kind: str) -> None:
    """A video has two files, the others one; Windows fetches no snapshot, and what is there already not again."""
    bob, msg_id = sent(stage, kind)
    again = {"msgID": msg_id, "messageType": 3, "imageType": 0, "isSnapshot": True}
    assert {} == local(bob, msg_id, kind)
    fetch(bob, msg_id)
    assert {"localVideoUrl" if kind == "video" else "localUrl"} == set(local(bob, msg_id, kind))
    if stage.on_windows:
        assert -1 == bob.refused("downloadMessage", **again)
        assert "this file is allready download" == bob.reply("downloadMessage", **again)["desc"]
    elif kind == "video":
        fetch(bob, msg_id, is_snapshot=True)
        assert {"localVideoUrl", "localSnapshotUrl"} == set(local(bob, msg_id, kind))


def slow(stage: Stage, kind: str = "video") -> tuple[Stage, Phone, str]:
    """Return a stage on which a download takes ten seconds, and as `sent`."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"download_ms": 10_000}))
    return stage, *sent(stage, kind)


def told(phone: Phone) -> list[tuple[bool, bool, int, int]]:
    """Return (finished, error, code, current size) of each step of a download that was just told."""
    events = [data for _, data in phone.heard("onMessageDownloadProgressCallback")]
    return [(one["isFinish"], one["isError"], one["errorCode"], one["currentSize"]) for one in events]


@pytest.mark.uses("onMessageDownloadProgressCallback.errorCode")
def test_downloads_may_take_time(stage: Stage) -> None:
    """With "download_ms" the steps come by the clock, and the file is there at the end."""
    stage, bob, msg_id = slow(stage, "image")
    size = len(media.POINT)
    fetch(bob, msg_id)
    assert [] == told(bob)
    stage.advance(5_000)
    assert [(False, False, 0, size // 2)] == told(bob)
    assert {} == local(bob, msg_id, "image")
    stage.advance(5_000)
    assert [(False, False, 0, size), (True, False, 0, over(stage))] == told(bob)
    assert {"0"} == set(local(bob, msg_id, "image"))


@pytest.mark.uses("onMessageDownloadProgressCallback.errorCode")
def test_second_download_meets_the_first(stage: Stage) -> None:
    """While a file is on its way a second call is refused, or told as an error by iOS 8.2; afterwards the same one is fetched."""
    stage, bob, msg_id = slow(stage, "sound")
    fetch(bob, msg_id)
    again = {"msgID": msg_id, "messageType": 4, "imageType": 0, "isSnapshot": False}
    if tells_running(stage):
        bob.call("downloadMessage", **again)
        assert [(False, True, 0, 0)] == told(bob)
    else:
        assert -1 == bob.refused("downloadMessage", **again)
        text = "the file id downloading" if stage.on_windows else "The message is downloading"
        assert text == bob.reply("downloadMessage", **again)["desc"]
        assert [] == told(bob)
    stage.advance(20_000)
    assert 1 == [finished for finished, *_ in told(bob)].count(True)
    if not stage.on_windows:
        bob.call("downloadMessage", **again)


def tells_running(stage: Stage) -> bool:
    return (stage.family, stage.goes_by_ios) == ("chat-8.2", True)


@pytest.mark.uses("onMessageDownloadProgressCallback.errorCode")
def test_other_file_of_a_message_is_fetched_too(stage: Stage) -> None:
    """A video's snapshot is fetched beside it, but by iOS 8.2 and Windows, to which it is the same; two sizes of an image are two files."""
    stage, bob, msg_id = slow(stage)
    fetch(bob, msg_id)
    if stage.on_windows:
        again = {"msgID": msg_id, "messageType": 5, "imageType": 0, "isSnapshot": True}
        assert -1 == bob.refused("downloadMessage", **again)
    else:
        fetch(bob, msg_id, is_snapshot=True)
    assert ([(False, True, 0, 0)] if tells_running(stage) else []) == told(bob)
    stage.advance(20_000)
    assert (1 if tells_running(stage) or stage.on_windows else 2) == [finished for finished, *_ in told(bob)].count(True)
    if tells_running(stage):
        stage, bob, msg_id = slow(stage, "image")
        fetch(bob, msg_id)
        fetch(bob, msg_id, image_type=1)
        stage.advance(20_000)
        assert 2 == [finished for finished, *_ in told(bob)].count(True)
        assert {"0", "1"} == set(local(bob, msg_id, "image"))


@pytest.mark.uses("onMessageDownloadProgressCallback.errorCode")
@pytest.mark.parametrize("kind", CREATED)
def test_downloads_without_a_network_fail(stage: Stage, kind: str) -> None:
    """The answer is 0 all the same; the event has the code. Android calls it no error where it is an image, Windows never."""
    says_error = fails_openly(stage, kind)
    bob, msg_id = sent(stage, kind)
    stage.emulator.run(lambda: connections.lose(stage.world, stage.emulator.engine.device(bob.id)))
    bob.heard()
    fetch(bob, msg_id)
    assert [(False, says_error, 9508, over(stage))] == told(bob)
    assert {} == local(bob, msg_id, kind)


def fails_openly(stage: Stage, kind: str) -> bool:
    """Return whether the adapter calls the failure of a download an error."""
    return stage.goes_by_ios or not (kind == "image" or stage.on_windows)


class NoShelf:
    """Files where nothing can be written."""

    def path(self, name: str) -> str:
        """Refuse."""
        raise BridgeError("cannot be made: File exists", file="/media/downloads")

    def store(self, name: str, contents: bytes) -> str:
        """Refuse."""
        raise AssertionError("a path comes first")

    def size(self, path: str) -> int:
        """Return 0."""
        return 0


@pytest.mark.uses("onMessageDownloadProgressCallback.errorCode")
@pytest.mark.parametrize("kind", CREATED)
def test_downloads_without_a_place_fail(stage: Stage, kind: str) -> None:
    """As a disk that fails: the answer is 0, the event has the code and says why, and the message shows no file."""
    says_error = fails_openly(stage, kind)
    bob, msg_id = sent(stage, kind)
    stage.world.files = NoShelf()
    fetch(bob, msg_id)
    heard = [data for _, data in bob.heard("onMessageDownloadProgressCallback")]
    assert [(False, says_error, 6022)] == [(one["isFinish"], one["isError"], one["errorCode"]) for one in heard]
    assert "/media/downloads: cannot be made: File exists" in heard[0]["errorDesc"]
    assert {} == local(bob, msg_id, kind)


@pytest.mark.uses("onMessageDownloadProgressCallback.errorCode")
def test_network_lost_on_the_way(stage: Stage) -> None:
    """A download whose network goes fails at its next step; one whose app was killed tells nobody."""
    stage, bob, msg_id = slow(stage)
    fetch(bob, msg_id)
    stage.emulator.run(lambda: connections.lose(stage.world, stage.emulator.engine.device(bob.id)))
    bob.heard()
    stage.advance(20_000)
    assert [(False, not stage.on_windows, 9508, over(stage))] == told(bob)
    stage.emulator.run(lambda: connections.restore(stage.world, stage.emulator.engine.device(bob.id)))
    fetch(bob, msg_id)
    bob.close()
    assert [] == stage.advance(20_000).events


class Shelf:
    """Files in memory."""

    def __init__(self) -> None:
        self.written: dict[str, bytes] = {}

    def path(self, name: str) -> str:
        """Return a path of one folder."""
        return f"/private/{name}"

    def store(self, name: str, contents: bytes) -> str:
        """Keep a file."""
        self.written[name] = contents
        return self.path(name)

    def size(self, path: str) -> int:
        """Return the length of a path as the size of its file."""
        return len(path)


@pytest.mark.uses("onMessageDownloadProgressCallback")
def test_download_writes_where_it_may(stage: Stage) -> None:
    """With a place for files, the path is that of a file with something of its kind in it."""
    shelf = stage.world.files = Shelf()
    bob, msg_id = sent(stage, "image")
    bob.call("downloadMessage", msgID=msg_id, messageType=3, imageType=0, isSnapshot=False)
    told = bob.heard("onMessageDownloadProgressCallback")[-1][1]
    ((name, contents),) = shelf.written.items()
    assert f"/private/{name}" == told["path"]
    assert contents.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("kind", "key"), [("image", ""), ("sound", "dataSize"), ("video", "videoSize"), ("file", "fileSize")]
)
def test_sizes_of_files_that_may_be_read(stage: Stage, kind: str, key: str) -> None:
    """With files to look at, what is sent has their sizes; without, sizes are 0. Windows shows the height for the size of an image."""
    stage.world.files = Shelf()
    bob, msg_id = sent(stage, kind)
    (row,) = bob.call("findMessages", messageIDList=[msg_id])
    elem = row[f"{kind}Elem"]
    path = next(iter(CREATED[kind][1].values()))
    if stage.on_windows and kind == "image":
        assert {one["height"] for one in elem["imageList"]} == {one["size"] for one in elem["imageList"]}
        return
    assert len(path) == (elem["imageList"][0]["size"] if kind == "image" else elem[key])


@pytest.mark.parametrize("method", ["getMessageOnlineUrl", "downloadMessage"])
def test_no_media_is_refused(stage: Stage, method: str) -> None:
    """A text has no file, and an unknown message has nothing: the adapter's own codes."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    more = {"messageType": 1, "imageType": 0, "isSnapshot": False} if method == "downloadMessage" else {}
    msg_id = alice.send("hi", to="bob")["msgID"]
    bob.heard()
    assert -1 == alice.refused(method, msgID=msg_id, **more)
    texts = {"getMessageOnlineUrl": "this message dont need to get online url", "downloadMessage": "current message dont need  download"}
    assert (texts[method] if stage.on_windows else "message invalid") == alice.reply(method, msgID=msg_id, **more)["desc"]
    assert (-3 if stage.family == "chat-8.2" and not stage.on_windows else -1) == alice.refused(method, msgID="none", **more)


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


def room(most: int) -> tuple[Stage, Phone, Phone, str]:
    """Return a stage, two devices in a live room of which the second keeps so many messages, and the room."""
    stage = Stage("chat-8.2")
    live, (alice, bob, _) = team(stage, "AVChatRoom")
    bob.call("setAvChatRoomCanFindMessage", avchatroomIDs=[live], eachGroupMessageNums=most)
    return stage, alice, bob, live


def say(phone: Phone, live: str, method: str = "createImageMessage", **arguments: Any) -> str:
    """Say something in a live room, an image if not said otherwise; return its id."""
    created = phone.call(method, **(arguments or {"imagePath": "/a.png"}))
    msg_id: str = phone.call("sendMessage", id=created["id"], receiver="", groupID=live)["msgID"]
    return msg_id


def test_media_of_live_rooms_are_found() -> None:
    """Messages with files of the named rooms are found by calls that look them up, on the devices that named them."""
    _, alice, bob, live = room(20)
    msg_id = say(alice, live)
    assert 3 == len(bob.call("getMessageOnlineUrl", msgID=msg_id)["imageElem"]["imageList"])
    fetch(bob, msg_id)
    assert -1 == bob.refused("createForwardMessage", msgID=msg_id)
    assert [] == bob.call("findMessages", messageIDList=[msg_id])
    assert -3 == alice.refused("getMessageOnlineUrl", msgID=msg_id)
    text = say(alice, live, "createTextMessage", text="hi")
    assert -3 == bob.refused("addMessageReaction", msgID=text, reactionID="r")


def test_only_the_newest_are_kept() -> None:
    """No more than the number that was given, of all rooms together; other rooms are not kept."""
    stage, alice, bob, live = room(2)
    ids = [say(alice, live) for _ in range(3)]
    assert -3 == bob.refused("getMessageOnlineUrl", msgID=ids[0])
    for msg_id in ids[1:]:
        bob.call("getMessageOnlineUrl", msgID=msg_id)
    other, (carol, _) = team(stage, "AVChatRoom", "carol", "dave")
    bob.call("joinGroup", groupID=other, message="")
    assert -3 == bob.refused("getMessageOnlineUrl", msgID=say(carol, other))
