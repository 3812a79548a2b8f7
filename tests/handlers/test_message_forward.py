"""Forwarding and merging: what is copied, what is refused, what a merger holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stage import Phone, Stage

MERGER = {"title": "Talk", "abstractList": ["alice: hi"], "compatibleText": "a talk"}


def talk(stage: Stage) -> tuple[Phone, Phone, list[str]]:
    """Return alice's and bob's devices, and the ids of three messages between them."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    ids = [alice.send("one", to="bob")["msgID"], bob.send("two", to="alice")["msgID"]]
    ids.append(alice.send("three", to="bob")["msgID"])
    return alice, bob, ids


def failed(alice: Phone) -> str:
    """Return the id of a message that was refused for its size."""
    created = alice.call("createTextMessage", text="x" * 20_000)
    reply = alice.reply("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert reply["code"] == 8001
    msg_id: str = reply["data"]["msgID"]
    return msg_id


def test_forward_copies_the_elements(stage: Stage) -> None:
    """A forwarded message is a new one of the forwarder with the same content."""
    _, bob, ids = talk(stage)
    carol = stage.enter("carol")
    created = bob.call("createForwardMessage", msgID=ids[0])
    assert "one" == created["messageInfo"]["textElem"]["text"]
    sent = bob.call("sendMessage", id=created["id"], receiver="carol", groupID="")
    heard = carol.heard("onRecvNewMessage")[0][1]
    assert ("bob", "one") == (heard["sender"], heard["textElem"]["text"])
    assert sent["msgID"] == heard["msgID"] != ids[0]


@pytest.mark.uses("sendForwardMessage")
def test_forward_in_one_step(stage: Stage) -> None:
    """The old call creates and sends at once."""
    _, bob, ids = talk(stage)
    carol = stage.enter("carol")
    bob.call("sendForwardMessage", msgID=ids[2], receiver="carol", groupID="")
    assert "three" == carol.heard("onRecvNewMessage")[0][1]["textElem"]["text"]


FILES: dict[str, tuple[str, dict[str, Any], str]] = {
    "createImageMessage": ("imageElem", {"imagePath": "/a.png"}, "imageList"),
    "createSoundMessage": ("soundElem", {"soundPath": "/a.m4a", "duration": 3}, "UUID"),
    "createVideoMessage": ("videoElem", {"videoFilePath": "/a.mp4", "type": "mp4", "duration": 3, "snapshotPath": "/a.jpg"}, "UUID"),
    "createFileMessage": ("fileElem", {"filePath": "/a.txt", "fileName": "a.txt"}, "UUID"),
}


@pytest.mark.parametrize("method", FILES)
def test_forwarded_files_are_not_sent_again(stage: Stage, method: str) -> None:
    """Who forwards a file need not have it: it is the one that is on the server, and nothing is uploaded."""
    elem, arguments, files = FILES[method]
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("sendMessage", id=alice.call(method, **arguments)["id"], receiver="bob", groupID="")
    (heard,) = (data for _, data in bob.heard("onRecvNewMessage"))
    created = bob.call("createForwardMessage", msgID=heard["msgID"])
    sent = bob.call("sendMessage", id=created["id"], receiver="carol", groupID="")
    assert heard[elem][files] == sent[elem][files]
    assert [] == bob.heard("onSendMessageProgress")


@pytest.mark.parametrize("method", ["createForwardMessage", "sendForwardMessage"])
def test_forward_of_unknown_message(stage: Stage, method: str) -> None:
    """The adapter looks the message up before it asks anybody; Windows takes the first of what it has not found."""
    alice = stage.enter("alice")
    if stage.on_windows:
        lacking = "createForwardMessage" == method
        assert not lacking or "crash" == alice.error(method, msgID="none").data["reason"]
        assert lacking or -1 == alice.refused(method, msgID="none", receiver="bob", groupID="")
        return
    target = {"receiver": "bob", "groupID": ""} if method.startswith("send") else {}
    assert -1 == alice.refused(method, msgID="none", **target)
    assert ("msg is not exist" if stage.goes_by_ios else "message not found") == alice.reply(method, msgID="none", **target)["desc"]


def test_forward_of_failed_message(stage: Stage) -> None:
    """A message that was not sent cannot be sent on; iOS 8.2 has a text of its own for it."""
    alice, _, _ = talk(stage)
    code = -1 if (stage.family, stage.goes_by_ios) == ("chat-8.2", True) else 6017
    assert code == alice.refused("createForwardMessage", msgID=failed(alice))


def test_merger_holds_its_messages(stage: Stage) -> None:
    """Whoever gets a merger reads what is in it, oldest first, party to it or not."""
    alice, _, ids = talk(stage)
    carol = stage.enter("carol")
    created = alice.call("createMergerMessage", msgIDList=[ids[2], ids[0], ids[1]], **MERGER)
    elem = created["messageInfo"]["mergerElem"]
    assert ("Talk", ["alice: hi"]) == (elem["title"], elem["abstractList"])
    alice.call("sendMessage", id=created["id"], receiver="carol", groupID="")
    got = carol.heard("onRecvNewMessage")[0][1]
    assert 10 == got["elemType"]
    inside = carol.call("downloadMergerMessage", msgID=got["msgID"])
    assert ["one", "two", "three"] == [row["textElem"]["text"] for row in inside]


@pytest.mark.uses("sendMergerMessage")
def test_merger_in_one_step(stage: Stage) -> None:
    """The old call merges and sends at once; what is not found is left out."""
    alice, _, ids = talk(stage)
    carol = stage.enter("carol")
    alice.call("sendMergerMessage", msgIDList=[*ids, "none"], receiver="carol", groupID="", **MERGER)
    got = carol.heard("onRecvNewMessage")[0][1]
    assert 3 == len(carol.call("downloadMergerMessage", msgID=got["msgID"]))


@pytest.mark.parametrize("method", ["createMergerMessage", "sendMergerMessage"])
def test_merger_of_nothing_found(stage: Stage, method: str) -> None:
    """None of the messages is there: the adapter refuses; Windows makes a merger of nothing."""
    alice = stage.enter("alice")
    if stage.on_windows and method == "createMergerMessage":
        created = alice.call(method, msgIDList=["none"], **MERGER)
        assert "Talk" == created["messageInfo"]["mergerElem"]["title"]
        return
    target = {"receiver": "bob", "groupID": ""} if method.startswith("send") else {}
    assert -1 == alice.refused(method, msgIDList=["none"], **MERGER, **target)


@pytest.mark.parametrize(
    "flaw", [{"abstractList": ["a"] * 6}, {"abstractList": ["a" * 101]}, {"compatibleText": ""}], ids=str
)
def test_merger_limits(stage: Stage, flaw: dict[str, Any]) -> None:
    """At most five abstracts of 100 letters, and a text for old clients: Android has no way to say so before the send."""
    alice, bob, ids = talk(stage)
    alice.heard()
    bob.heard()
    is_refused(alice, ids, {**MERGER, **flaw})
    if not stage.has("sendMergerMessage"):
        return
    sent = alice.reply("sendMergerMessage", msgIDList=ids, **{**MERGER, **flaw}, receiver="bob", groupID="")
    assert (6017, 10, 3) == (sent["code"], sent["data"]["elemType"], sent["data"]["status"])
    assert [] == bob.heard_types()


def test_merger_at_its_limits(stage: Stage) -> None:
    """Five abstracts of 100 letters each are taken."""
    alice, _, ids = talk(stage)
    lines = ["a" * 100] * 5
    created = alice.call("createMergerMessage", msgIDList=ids, **{**MERGER, "abstractList": lines})
    assert lines == created["messageInfo"]["mergerElem"]["abstractList"]


def test_merger_of_failed_message(stage: Stage) -> None:
    """What was not sent cannot be merged: Android answers a message without an element, whose send is refused."""
    alice, bob, ids = talk(stage)
    ids.append(failed(alice))
    bob.heard()
    is_refused(alice, ids, MERGER)
    if stage.has("sendMergerMessage"):
        assert 6017 == alice.reply("sendMergerMessage", msgIDList=ids, **MERGER, receiver="bob", groupID="")["code"]
    assert [] == bob.heard_types()


def is_refused(alice: Phone, ids: list[str], merger: dict[str, Any]) -> None:
    """Look that a merger is refused: where it is created, or where it is sent."""
    if alice.stage.goes_by_ios:
        assert 6017 == alice.refused("createMergerMessage", msgIDList=ids, **merger)
        return
    created = alice.call("createMergerMessage", msgIDList=ids, **merger)
    sent = alice.reply("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert (6017, 3) == (sent["code"], sent["data"]["status"])


def test_merger_of_301_messages(stage: Stage) -> None:
    """Over 300 messages are refused."""
    alice, bob = stage.enter("alice", listen=False), stage.enter("bob", listen=False)
    ids = [alice.send(str(n), to="bob")["msgID"] for n in range(301)]
    bob.heard()
    is_refused(alice, ids, MERGER)
    alice.call("createMergerMessage", msgIDList=ids[1:], **MERGER)


def unknown_code(stage: Stage) -> int:
    """Return with which code the adapter refuses to open a message that it does not find."""
    return -3 if (stage.family, stage.goes_by_ios, stage.on_windows) == ("chat-8.2", False, False) else -1


def merged(phone: Phone, ids: list[str], receiver: str) -> Any:
    """Send a merger of messages, in one step where the plugin has it; return the message map."""
    if phone.has("sendMergerMessage"):
        return phone.call("sendMergerMessage", msgIDList=ids, receiver=receiver, groupID="", **MERGER)
    created = phone.call("createMergerMessage", msgIDList=ids, **MERGER)
    return phone.call("sendMessage", id=created["id"], receiver=receiver, groupID="")


def test_download_of_no_merger(stage: Stage) -> None:
    """Another kind of message, and an unknown one, are refused by the adapter in its words."""
    alice, _, ids = talk(stage)
    alice.heard()
    assert -1 == alice.refused("downloadMergerMessage", msgID=ids[0])
    assert unknown_code(stage) == alice.refused("downloadMergerMessage", msgID="none")


def test_deep_mergers_are_over_the_limit(stage: Stage) -> None:
    """A merger nested deeper than 100 says so, and its contents are refused with 8005."""
    alice, _ = stage.enter("alice", listen=False), stage.enter("bob", listen=False)
    msg_id = alice.send("seed", to="bob")["msgID"]
    for _ in range(101):
        sent = merged(alice, [msg_id], "bob")
        msg_id = sent["msgID"]
    flag = "isLayersOverLimit" if not stage.goes_by_ios else "layersOverLimit"
    assert sent["mergerElem"][flag] is True
    assert 8005 == alice.refused("downloadMergerMessage", msgID=msg_id)


def test_mergers_in_mergers_are_opened(stage: Stage) -> None:
    """What a device has seen inside a merger is found by its id from then on, by 8.2 alone; no other device finds it."""
    alice, _, ids = talk(stage)
    carol, dave = stage.enter("carol"), stage.enter("dave")
    inner = merged(alice, ids, "bob")["msgID"]
    merged(alice, [inner], "carol")
    outer = carol.heard("onRecvNewMessage")[0][1]["msgID"]
    code = unknown_code(stage)
    assert code == carol.refused("downloadMergerMessage", msgID=inner)
    assert [inner] == [row["msgID"] for row in carol.call("downloadMergerMessage", msgID=outer)]
    if stage.family == "im-5.0":
        assert code == carol.refused("downloadMergerMessage", msgID=inner)
    else:
        assert ids == [row["msgID"] for row in carol.call("downloadMergerMessage", msgID=inner)]
        if stage.goes_by_ios:
            assert carol.call("createForwardMessage", msgID=ids[0])["id"]
        elif not stage.on_windows:
            assert -1 == carol.refused("createForwardMessage", msgID=ids[0])
    assert code == dave.refused("downloadMergerMessage", msgID=inner)
