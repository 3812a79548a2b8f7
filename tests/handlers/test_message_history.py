"""Histories: directions, starting points, windows, filters, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats.messages import FAILED, IMPORTED, REVOKED, SENT
from bridge.world.kernel.world import Policy
from tests.support.groups import team
from tests.support.stage import Phone, Stage

OLDER = (1, 3)
NEWER = (2, 4)


def talk(stage: Stage, count: int) -> tuple[Phone, Phone, list[Any]]:
    """Let alice send numbered texts to bob, ten seconds apart; return both and the messages."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = []
    for number in range(count):
        stage.advance(10_000)
        sent.append(alice.send(str(number), to="bob"))
    return alice, bob, sent


def read(phone: Phone, kind: int = 1, count: int = 20, **options: Any) -> list[str]:
    """Return the texts of a page of bob's history with alice, or as `options` say."""
    options = {"userID": "alice", **options}
    rows = phone.call("getHistoryMessageList", getType=kind, count=count, **options)
    return [row["textElem"]["text"] for row in rows if row["elemType"] == 1]


@pytest.mark.uses("getHistoryMessageListV2")
def test_pages_go_back_without_their_start(stage: Stage) -> None:
    """Newest first; the next page begins behind the message given; the last one is short and finished."""
    _, bob, _ = talk(stage, 5)
    pages, last = [], None
    while True:
        page = bob.call("getHistoryMessageListV2", userID="alice", count=2, getType=1, lastMsgSeq=-1, lastMsgID=last)
        pages.append([row["textElem"]["text"] for row in page["messageList"]])
        if page["isFinished"]:
            break
        last = page["messageList"][-1]["msgID"]
    assert [["4", "3"], ["2", "1"], ["0"]] == pages


@pytest.mark.uses("getHistoryMessageListV2")
def test_full_last_page_is_not_finished(stage: Stage) -> None:
    """The adapter takes only a page that is not full for the last one."""
    _, bob, _ = talk(stage, 2)
    assert not bob.call("getHistoryMessageListV2", userID="alice", count=2, getType=1)["isFinished"]


@pytest.mark.parametrize("kind", NEWER)
def test_newer_pages_are_oldest_first(stage: Stage, kind: int) -> None:
    """Forwards from a message come the next ones, oldest first; without a start there is nothing newer."""
    _, bob, sent = talk(stage, 4)
    assert ["2", "3"] == read(bob, kind, lastMsgID=sent[1]["msgID"])
    assert [] == read(bob, kind)


@pytest.mark.uses("getGroupHistoryMessageList")
@pytest.mark.parametrize("kind", OLDER)
def test_old_calls_page_too(stage: Stage, kind: int) -> None:
    """The calls for one kind of conversation go backwards, behind the message given."""
    group, (alice, bob, _) = team(stage, "Public")
    sent = [alice.send(str(number), group=group) for number in range(3)]
    rows = bob.call("getGroupHistoryMessageList", groupID=group, count=1, lastMsgID=sent[2]["msgID"])
    assert ["1"] == [row["textElem"]["text"] for row in rows]
    alice.send("x", to="bob")
    assert ["x"] == [m["textElem"]["text"] for m in bob.call("getC2CHistoryMessageList", userID="alice", count=5)]


def test_group_number_is_a_start_with_itself(stage: Stage) -> None:
    """A number starts with the message that has it, in both directions; an id counts before it, -1 means none."""
    group, (alice, bob, _) = team(stage, "Public")
    sent = [alice.send(str(number), group=group) for number in range(4)]
    at: dict[str, Any] = {"userID": None, "groupID": group, "lastMsgSeq": int(sent[2]["seq"])}
    assert ["2", "1"] == read(bob, 1, 2, **at)
    assert ["2", "3"] == read(bob, 2, **at)
    assert ["0"] == read(bob, 1, **{**at, "lastMsgID": sent[1]["msgID"]})
    assert ["3", "2", "1", "0"] == read(bob, 1, **{**at, "lastMsgSeq": -1})


@pytest.mark.parametrize(
    ("kind", "begin", "period", "expected"),
    [
        (1, 30, 0, ["2", "1", "0"]),
        (1, 30, 10, ["2", "1"]),
        (1, 0, 15, ["4"]),
        (2, 30, 0, ["2", "3", "4"]),
        (2, 20, 10, ["1", "2"]),
        (4, 20, 10, ["1", "2"]),
    ],
)
def test_time_windows_are_closed(kind: int, begin: int, period: int, expected: list[str]) -> None:
    """A window has both its ends in it and runs the way of the pull; a begin of 0 is now."""
    for platform in ("android", "ios"):
        stage = Stage("chat-8.2", platform)
        start = stage.now_s()
        _, bob, _ = talk(stage, 5)
        stage.advance(10_000)
        given = {"timeBegin": start + begin if begin else 0, "timePeriod": period}
        assert expected == read(bob, kind, **given)


def test_window_and_start_are_both_kept() -> None:
    """With a starting message as well, only what lies in both is returned."""
    stage = Stage()
    start = stage.now_s()
    _, bob, sent = talk(stage, 5)
    given = {"timeBegin": start + 50, "timePeriod": 30, "lastMsgID": sent[3]["msgID"]}
    assert ["2", "1"] == read(bob, 1, **given)


def test_kinds_filter_local_pulls_alone(stage: Stage) -> None:
    """A list of element types filters what is read locally; the cloud ignores it."""
    alice, bob, _ = talk(stage, 1)
    face = alice.call("createFaceMessage", index=1, data="f")
    alice.call("sendMessage", id=face["id"], receiver="bob", groupID="")
    for kind, expected in ((3, [8]), (1, [8, 1])):
        rows = bob.call("getHistoryMessageList", userID="alice", count=9, getType=kind, messageTypeList=[8])
        assert expected == [row["elemType"] for row in rows]


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_numbers_pick_messages(platform: str) -> None:
    """A list of numbers gives exactly those that are there, in the direction of the pull; a number too wide hangs Android."""
    stage = Stage("chat-8.2", platform)
    group, (alice, bob, _) = team(stage, "Public")
    sent = [alice.send(str(number), group=group) for number in range(4)]
    wanted = [int(sent[0]["seq"]), int(sent[3]["seq"]), 99]
    at: dict[str, Any] = {"userID": None, "groupID": group, "messageSeqList": wanted}
    assert ["3", "0"] == read(bob, 1, **at)
    assert ["0", "3"] == read(bob, 2, **at)
    wide = {"groupID": group, "count": 5, "getType": 1, "messageSeqList": [1 << 40]}
    if platform == "android":
        assert -32001 == bob.error("getHistoryMessageList", **wide).code
    else:
        assert [] == bob.call("getHistoryMessageList", **wide)


@pytest.mark.uses("getHistoryMessageListV2")
def test_unknown_start_is_refused(stage: Stage) -> None:
    """
    Android refuses an unknown starting message with -1; iOS 8.2 too in the newer calls, elsewhere it never answers.

    Windows begins at the top, as if none was named.
    """
    bob = stage.enter("bob")
    if stage.on_windows:
        stage.enter("alice").send("hi", to="bob")
        assert ["hi"] == read(bob, lastMsgID="nothing")
        return
    for method, target in (
        ("getC2CHistoryMessageList", {"userID": "alice"}),
        ("getGroupHistoryMessageList", {"groupID": "g"}),
        ("getHistoryMessageList", {"userID": "alice"}),
        ("getHistoryMessageListV2", {"userID": "alice"}),
    ):
        arguments = {**target, "count": 5, "lastMsgID": "nothing"}
        answered = not stage.goes_by_ios or (stage.family == "chat-8.2" and method.startswith("getHistory"))
        if answered:
            assert -1 == bob.refused(method, **arguments)
        else:
            assert -32001 == bob.error(method, **arguments).code


@pytest.mark.parametrize(
    "arguments",
    [
        {"count": 0, "userID": "alice"},
        {"count": -1, "userID": "alice"},
        {"count": 5},
        {"count": 5, "userID": ""},
        {"count": 5, "userID": "alice", "getType": 0},
        {"count": 5, "userID": "alice", "getType": 5},
        {"count": 5, "userID": "alice", "messageTypeList": [77]},
    ],
)
def test_meaningless_pulls_are_refused(stage: Stage, arguments: dict[str, Any]) -> None:
    """No target, no count and numbers without a meaning are refused with 6017."""
    assert 6017 == stage.enter("bob").refused("getHistoryMessageList", **arguments)


def test_two_targets_are_refused(stage: Stage) -> None:
    """User and group together are refused: by the iOS adapter with -1, by the client with 6017."""
    expected = -1 if stage.goes_by_ios else 6017
    assert expected == stage.enter("bob").refused("getHistoryMessageList", count=5, userID="a", groupID="g")


# --- what is in it


def test_what_a_history_shows(stage: Stage) -> None:
    """Failed, inserted and revoked messages show, with their status; deleted ones do not."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"sensitive_words": ["damn"]}))
    alice, bob = stage.enter("alice"), stage.enter("bob")
    kept, revoked, deleted = (alice.send(text, to="bob") for text in "abc")
    failed = alice.call("createTextMessage", text="damn")
    alice.reply("sendMessage", id=failed["id"], receiver="bob", groupID="")
    if not stage.on_windows:  # it inserts into a group
        alice.call("insertC2CMessageToLocalStorage", data="d", userID="bob", sender="alice")
    alice.call("revokeMessage", msgID=revoked["msgID"])
    alice.call("deleteMessages", msgIDs=[deleted["msgID"]])
    rows = alice.history("bob")
    assert [*([] if stage.on_windows else [IMPORTED]), FAILED, REVOKED, SENT] == [row["status"] for row in rows]
    rows = bob.history("alice")
    assert [SENT, REVOKED, SENT] == [row["status"] for row in rows]
    assert kept["msgID"] == rows[-1]["msgID"]


def test_reading_a_history_tells_nobody(stage: Stage) -> None:
    """Reading is silent and reads nothing in the other sense."""
    _, bob, _ = talk(stage, 2)
    bob.heard()
    read(bob)
    assert [] == bob.heard()
    assert 2 == bob.conversation("c2c_alice")["unreadCount"]


@pytest.mark.parametrize(
    ("group_type", "expected"), [("Public", ["after"]), ("Meeting", ["after", "before"]), ("Work", ["after"])]
)
def test_history_before_joining_depends_on_the_type(stage: Stage, group_type: str, expected: list[str]) -> None:
    """A new member reads what was said before in a Meeting, not in a Public or Work group."""
    group, (alice, bob, _) = team(stage, group_type)
    alice.send("before", group=group)
    dave = stage.enter("dave")
    if group_type == "Work":
        bob.call("inviteUserToGroup", groupID=group, userList=["dave"])
    else:
        alice.call("setGroupInfo", groupID=group, addOpt=2)
        dave.call("joinGroup", groupID=group, message="")
    alice.send("after", group=group)
    assert expected == read(dave, userID=None, groupID=group)


def test_who_has_left_reads_on(stage: Stage) -> None:
    """A former member still reads what came until then, also when the group is gone; nothing later."""
    group, (alice, bob, _) = team(stage, "Public")
    alice.send("mine", group=group)
    bob.call("quitGroup", groupID=group)
    alice.send("later", group=group)
    assert ["mine"] == read(bob, userID=None, groupID=group)
    alice.call("dismissGroup", groupID=group)
    assert ["mine"] == read(bob, userID=None, groupID=group)


TIMES = ["0", "in", "1", "out", "2", "in", "3", "out", "4", "in", "5", "out", "6"]
"""What is said before, between and behind the three times that somebody is in a group."""


@pytest.mark.parametrize(
    ("group_type", "whole"), [("Work", False), ("Public", False), ("Meeting", True), ("Community", True)]
)
def test_coming_and_going(stage: Stage, group_type: str, whole: bool) -> None:
    """Who comes and goes reads what came at any time inside; where the type shows what was before, all up to the last leaving."""
    group, (alice, *_) = team(stage, group_type)
    dave = stage.enter("dave")
    if group_type not in ("Work", "Community"):
        alice.call("setGroupInfo", groupID=group, addOpt=2)
    inside, seen, said = False, [], []
    for step in TIMES:
        if step == "in" and group_type in ("Work", "Community"):
            alice.call("inviteUserToGroup", groupID=group, userList=["dave"])
        elif step == "in":
            dave.call("joinGroup", groupID=group, message="")
        elif step == "out":
            dave.call("quitGroup", groupID=group)
        else:
            alice.send(step, group=group)
            said.append(step)
            seen += [step] if inside else []
        inside = step == "in" or (inside and step != "out")
        if whole and inside:
            seen = list(said)
        if "1" in said:  # before, dave has nothing to do with the group
            assert seen[::-1] == read(dave, userID=None, groupID=group), step


def test_failed_group_messages_stay_with_strangers(stage: Stage) -> None:
    """What somebody outside a group could not send is in the own history, like everything that failed."""
    group, _ = team(stage, "Public")
    dave = stage.enter("dave")
    created = dave.call("createTextMessage", text="let me in")
    assert 10007 == dave.reply("sendMessage", id=created["id"], receiver="", groupID=group)["code"]
    assert ["let me in"] == read(dave, userID=None, groupID=group)


def test_strangers_are_refused_by_the_cloud(stage: Stage) -> None:
    """Somebody who never was in a group gets 10007 from the cloud, 10010 for no group, and nothing locally."""
    group, _ = team(stage, "Public")
    dave = stage.enter("dave")
    method, kind = "getGroupHistoryMessageList", {}
    if not stage.has(method):
        method, kind = "getHistoryMessageList", {"getType": 1}
    assert 10007 == dave.refused(method, groupID=group, count=5, **kind)
    assert 10010 == dave.refused(method, groupID="nowhere", count=5, **kind)
    assert [] == dave.call("getHistoryMessageList", groupID=group, count=5, getType=3)


def test_old_messages_stay(stage: Stage) -> None:
    """What is on the device stays readable after the service's seven days are over."""
    _, bob, _ = talk(stage, 1)
    stage.advance(8 * 24 * 3600 * 1000)
    assert ["0"] == read(bob)


def test_failed_login_reads_locally(stage: Stage) -> None:
    """After a login that failed the app's own data can be read; without any login the code is 6014."""
    stage = Stage(stage.dialect, stage.platform)
    _, bob, _ = talk(stage, 1)
    bob.close()
    for name, count in (("bob's", 1), ("third", 0)):
        phone = stage.device(name)
        phone.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="u", uiPlatform=0, showImLog=False, plugins=[])
        method = "getC2CHistoryMessageList" if phone.has("getC2CHistoryMessageList") else "getHistoryMessageList"
        assert 6014 == phone.refused(method, userID="alice", count=5)
        assert 70002 == phone.reply("login", userID="bob", userSig="")["code"]
        assert count == len(phone.history("alice"))


# --- by id


def test_find_messages_keeps_the_order_and_leaves_out_unknown_ones(stage: Stage) -> None:
    """Messages come in the order asked; unknown ids are left out, deleted ones show status 4, revoked ones 6."""
    alice, _, sent = talk(stage, 3)
    ids = [row["msgID"] for row in sent]
    alice.call("revokeMessage", msgID=ids[0])
    alice.call("deleteMessages", msgIDs=[ids[1]])
    found = alice.call("findMessages", messageIDList=[ids[2], "nothing", ids[1], ids[0]])
    assert [(ids[2], 2), (ids[1], 4), (ids[0], 6)] == [(row["msgID"], row["status"]) for row in found]
    assert [] == alice.call("findMessages", messageIDList=[])


def test_find_messages_of_others_finds_nothing(stage: Stage) -> None:
    """Nobody finds a message of a conversation that is not theirs."""
    _, _, sent = talk(stage, 1)
    assert [] == stage.enter("carol").call("findMessages", messageIDList=[sent[0]["msgID"]])


def test_found_messages_have_no_local_id(stage: Stage) -> None:
    """Neither histories nor look-ups nor events show a local id."""
    alice, bob, sent = talk(stage, 1)
    rows = [
        *alice.call("findMessages", messageIDList=[sent[0]["msgID"]]),
        *bob.history("alice"),
        bob.heard_one("onRecvNewMessage"),
    ]
    assert {"" if stage.on_windows else None} == {row.get("id") for row in rows}
