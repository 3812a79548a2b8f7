"""Maps that are kept are written as they would be written anew, and nobody changes them."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.codecs import jsonrpc
from bridge.codecs.standard import STANDARD
from bridge.dialects.cjson.texts import text
from bridge.emulator import Emulator
from bridge.kept import KeptMap
from bridge.slices import at_once
from tests.support.stage import INIT

ODD = {"name": "\ud800 é \u2028 \"", "many": 1e22, "none": float("nan"), "raw": b"\0\1", "deep": {"a": [KeptMap({"b": 1e21})]}}
PLAIN = {"name": "é \u2028 \"", "half": 0.5, "list": [1, {"a": None}]}


def around(kept: Any) -> list[Any]:
    """Return what a map may stand in: replies, events, lists among others, deep down."""
    return [
        kept,
        [kept, kept],
        {"jsonrpc": "2.0", "id": 1, "result": {"code": 0, "desc": "", "data": {"nextSeq": "0", "list": [kept, {"a": 1}, None]}}},
        {"jsonrpc": "2.0", "method": "event", "params": {"arguments": [[kept], 5, "é"]}},
        {"é\ud800": kept, "empty": {}, "none": []},
        {"a": {"b": {"c": {"d": {"e": {"f": [kept]}}}}}},
        [{"conversationID": "c2c_bob", "messageList": [kept]}, {"conversationID": "c2c_eve", "messageList": []}],
    ]


@pytest.mark.parametrize("place", range(7))
@pytest.mark.parametrize("content", [ODD, PLAIN], ids=["odd", "plain"])
def test_kept_maps_are_written_alike(place: int, content: dict[str, Any]) -> None:
    """A map that is kept is written as any other, the first time and again, whole and in slices."""
    kept, anew = around(KeptMap(content))[place], around(dict(content))[place]
    expected = jsonrpc.dumps(anew)
    assert [jsonrpc.dumps(kept) for _ in range(2)] == [expected] * 2
    assert at_once(jsonrpc.dumping(kept)) == expected


@pytest.mark.parametrize("place", range(7))
def test_other_doors_write_alike(place: int) -> None:
    """The library's texts and Flutter's messages hold the same, whichever was written first."""
    kept, anew = around(KeptMap(PLAIN))[place], around(dict(PLAIN))[place]
    jsonrpc.dumps(around(kept)[0])
    if place != 4:
        assert [text(kept) for _ in range(2)] == [text(anew)] * 2
    assert STANDARD.encode_result(kept) == STANDARD.encode_result(anew)


def test_half_letters_are_escaped_everywhere() -> None:
    """One half of a pair of surrogates has everything outside of ASCII escaped in the library's texts, kept or not."""
    content = {"name": "\ud800", "other": "é"}
    assert text([KeptMap(content), "é"]) == text([content, "é"])


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.__setitem__("a", 1),
        lambda kept: kept.__delitem__("half"),
        lambda kept: kept.update(a=1),
        lambda kept: kept.setdefault("a", 1),
        lambda kept: kept.pop("half"),
        lambda kept: kept.popitem(),
        lambda kept: kept.clear(),
        lambda kept: kept.__ior__({"a": 1}),
    ],
)
def test_kept_maps_refuse_changes(change: Any) -> None:
    """Whoever would change a map that is kept is told so, and nothing has changed."""
    kept = KeptMap(PLAIN)
    with pytest.raises(TypeError, match="change a copy"):
        change(kept)
    assert kept == PLAIN


def test_group_messages_are_written_once() -> None:
    """What looks the same to all members is one map; who has sent it, knows who has, or has put something on it, has one of their own."""
    emulator = Emulator()
    told: dict[str, list[Any]] = {}
    devices = {}
    for user in ("owner", "a", "b", "friend", "sender"):
        told[user] = []
        device = devices[user] = emulator.open(user, hear=told[user].append)
        emulator.call(device, "initSDK", INIT)
        emulator.call(device, "addAdvancedMsgListener", {"listenerUuid": "x"})
        emulator.call(device, "login", {"userID": user, "userSig": "s"})
    group = emulator.call(devices["owner"], "createGroup", {"groupType": "Meeting", "groupName": "g"}).result["data"]
    for user in ("a", "b", "friend", "sender"):
        emulator.call(devices[user], "joinGroup", {"groupID": group, "message": ""})
    emulator.call(devices["friend"], "addFriend", {"userID": "sender", "addType": 1})
    emulator.call(devices["friend"], "setFriendInfo", {"userID": "sender", "friendRemark": "Mate"})
    for items in told.values():
        items.clear()
    created = emulator.call(devices["sender"], "createTextMessage", {"text": "hi"}).result["data"]["id"]
    sent = emulator.call(devices["sender"], "sendMessage", {"id": created, "receiver": "", "groupID": group}).result["data"]
    data = {user: [item.arguments["data"] or {} for item in items] for user, items in told.items()}
    maps = {user: [one for one in told_of if "textElem" in one] for user, told_of in data.items()}
    (a,), (b,), (friend,) = maps["a"], maps["b"], maps["friend"]
    assert a is b is maps["owner"][0] and a is not friend
    assert (a["friendRemark"], friend["friendRemark"]) == ("", "Mate")
    assert a == {**friend, "friendRemark": ""}
    assert (sent["isSelf"], a["isSelf"]) == (True, False)
    history = {"userID": None, "groupID": group, "getType": 3, "lastMsgSeq": -1, "count": 1, "messageTypeList": [], "messageSeqList": []}
    emulator.call(devices["b"], "setLocalCustomInt", {"msgID": a["msgID"], "localCustomInt": 7})
    emulator.call(devices["b"], "markGroupMessageAsRead", {"groupID": group})
    shown = {user: emulator.call(devices[user], "getHistoryMessageListV2", history).result["data"]["messageList"][0] for user in ("a", "b")}
    assert (shown["a"]["localCustomInt"], shown["b"]["localCustomInt"]) == (0, 7)
    emulator.engine.forget_written()
    for user in ("b", "a"):
        assert emulator.call(devices[user], "getHistoryMessageListV2", history).result["data"]["messageList"][0] == shown[user]
