"""Profiles of groups: reading and changing them, handing them on."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import TYPES, cast, create, info, team, tips
from tests.support.stage import Phone, Stage


def change(phone: Phone, group_id: str, **given: Any) -> None:
    """Change a group."""
    phone.call("setGroupInfo", groupID=group_id, groupType="", **given)


def refusal(phone: Phone, group_id: str, **given: Any) -> int:
    """Return the code with which a change is refused."""
    return phone.refused("setGroupInfo", groupID=group_id, groupType="", **given)


def changes(data: Any) -> list[tuple[Any, ...]]:
    """Return (type, what has been set) of the changes in an event."""
    return [(c["type"], c.get("key"), c.get("value"), c["boolValue"], c.get("intValue", 0)) for c in data["groupChangeInfoList"]]


# --- reading


def test_joined_list_leaves_some_out(stage: Stage) -> None:
    """The list holds the joined groups in order of joining; live rooms and communities with topics are left out."""
    (alice,) = cast(stage, "alice")
    made = [create(alice, kind) for kind in TYPES]
    alice.call("joinGroup", groupID=made[-1], message="")
    create(alice, "Community", isSupportTopic=True)
    assert made[:-1] == [group["groupID"] for group in alice.call("getJoinedGroupList")]
    assert [] == stage.enter("bob").call("getJoinedGroupList")


def test_waiting_is_not_joined(stage: Stage) -> None:
    """A group that one has only asked to join is not in the list."""
    alice, bob = cast(stage, "alice", "bob")
    group_id = create(alice, "Public", addOpt=1)
    bob.call("joinGroup", groupID=group_id, message="please")
    assert [] == bob.call("getJoinedGroupList")


def test_infos_answer_an_item_each(stage: Stage) -> None:
    """Each id has its item, in order; unknown and impossible ids have a code and an empty map, and the call succeeds."""
    alice, bob = cast(stage, "alice", "bob")
    group_id = create(alice, "Public", introduction="about")
    items = bob.call("getGroupsInfo", groupIDList=[group_id, "none", "x" * 49])
    assert [0, 10010, 10015] == [item["resultCode"] for item in items]
    assert ("about", 0, 0) == tuple(items[0]["groupInfo"][k] for k in ("introduction", "role", "joinTime"))
    assert ("none", "") == (items[1]["groupInfo"]["groupID"], items[1]["groupInfo"]["groupName"])
    assert ("Public" if stage.goes_by_ios else "") == items[1]["groupInfo"]["groupType"]


def test_infos_want_an_id(stage: Stage) -> None:
    """Without an id the call is refused with 6017."""
    assert 6017 == stage.enter("alice").refused("getGroupsInfo", groupIDList=[])


def test_times_are_seconds(stage: Stage) -> None:
    """Creation, joining, last message and last change show in seconds."""
    group_id, (alice, bob, _) = team(stage, "Public")
    began = info(bob, group_id)["createTime"]
    stage.advance(10_000)
    alice.send("hi", group=group_id)
    stage.advance(10_000)
    change(alice, group_id, groupName="new")
    seen = info(bob, group_id)
    assert began == stage.now_s() - 20 == seen["joinTime"]
    assert stage.now_s() == seen["lastInfoTime"]
    assert 6000 == seen.get("memberMaxCount", 6000)  # the referee knows who shows it


def test_joined_list_has_a_rate() -> None:
    """With rate limits, an eleventh call within a second is refused with 7008."""
    stage = Stage(policy=Policy(rate_limits=True))
    (alice,) = cast(stage, "alice")
    for _ in range(10):
        alice.call("getJoinedGroupList")
    assert 7008 == alice.refused("getJoinedGroupList")
    stage.advance(1000)
    assert [] == alice.call("getJoinedGroupList")


# --- changing


def test_changes_are_told_to_all(stage: Stage) -> None:
    """Everybody hears what has changed in one event; the group says so, and keeps it in its history."""
    no = stage.no_text
    group_id, (alice, bob, carol) = team(stage, "Public")
    texts = {"groupName": "n", "introduction": "i", "notification": "o", "faceUrl": "f"}
    change(alice, group_id, **texts)
    for phone in (alice, bob):
        told = changes(phone.heard_one("onGroupInfoChanged"))
        assert [(1, no, "n", False, 0), (2, no, "i", False, 0), (3, no, "o", False, 0), (4, no, "f", False, 0)] == told
    (tip,) = tips(carol)
    assert (7, "alice", [1, 2, 3, 4]) == (tip["type"], tip["opMember"]["userID"], [c["type"] for c in tip["groupChangeInfoList"]])
    assert texts == {key: info(bob, group_id)[key] for key in texts}


def test_name_and_picture_reach_the_list(stage: Stage) -> None:
    """The conversation of every member shows the new name and picture, and says so."""
    group_id, (alice, bob, _) = team(stage, "Public")
    change(alice, group_id, groupName="new", faceUrl="f")
    (row,) = bob.heard("onConversationChanged")[-1][1]
    assert ("new", "f") == (row["showName"], row["faceUrl"])
    if stage.family == "chat-8.2":
        assert 0 == row["unreadCount"]


def test_name_reaches_who_receives_nothing(stage: Stage) -> None:
    """Who receives no messages of the group hears of its new name all the same."""
    from bridge.world.chats import conversations

    group_id, (alice, bob, _) = team(stage, "Public")
    conversations.change(stage.world, "bob", f"group_{group_id}", recv_opt=1)
    change(alice, group_id, groupName="new")
    assert ["onGroupInfoChanged", "onConversationChanged"] == bob.heard_types()


def test_emptying_a_text_is_a_change(stage: Stage) -> None:
    """A text that is made empty is a change like any other; the same text again is none."""
    no = stage.no_text
    group_id, (alice, bob, _) = team(stage, "Public", introduction="about")
    change(alice, group_id, introduction="")
    assert [(2, no, "", False, 0)] == changes(bob.heard_one("onGroupInfoChanged"))
    change(alice, group_id, introduction="")
    change(alice, group_id)
    assert [] == bob.heard()


def test_custom_fields_change_one_by_one(stage: Stage) -> None:
    """A field of the app's own is set and told by its key; others stay. It is not kept in the history."""
    from bridge.world.chats import messages

    group_id, (alice, bob, _) = team(stage, "Public")
    change(alice, group_id, customInfo={"a": "1"})
    kept = len(stage.world[messages.MESSAGES].rows)
    change(alice, group_id, customInfo={"b": "2"})
    assert [(6, "b", "2", False, 0)] == changes(bob.heard("onGroupInfoChanged")[-1][1])
    assert {"a": "1", "b": "2"} == info(bob, group_id)["customInfo"]
    assert kept == len(stage.world[messages.MESSAGES].rows)


def test_console_names_custom_fields() -> None:
    """Where the console names the fields, others are refused with 10004."""
    stage = Stage(policy=Policy(switches={"group_custom_fields": ["a"]}))
    group_id, (alice, _, _) = team(stage, "Public")
    change(alice, group_id, customInfo={"a": "1"})
    assert 10004 == refusal(alice, group_id, customInfo={"b": "1"})


def test_options_change(stage: Stage) -> None:
    """How a Public group takes people in can be changed: event, but no message in the group."""
    group_id, (alice, bob, _) = team(stage, "Public", addOpt=1)
    change(alice, group_id, addOpt=0)
    heard = bob.heard()
    assert ["onGroupInfoChanged"] == [kind for kind, _ in heard]
    assert [11] == [c["type"] for c in heard[0][1]["groupChangeInfoList"]]
    assert 0 == info(bob, group_id)["groupAddOpt"]


def test_invitation_option_changes() -> None:
    """How a group takes invitations can be changed on 8.2."""
    group_id, (alice, bob, _) = team(Stage(), "Meeting")
    change(alice, group_id, approveOpt=2)
    assert [(12, None, None, False, 2)] == changes(bob.heard_one("onGroupInfoChanged"))
    assert 2 == info(bob, group_id)["approveOpt"]


@pytest.mark.parametrize("group_type", ["Public", "Meeting", "Community", "AVChatRoom"])
def test_muting_all_is_told(stage: Stage, group_type: str) -> None:
    """Muting everybody is told as a change; some clients have an event of its own for it as well."""
    no = stage.no_text
    group_id, (alice, bob, _) = team(stage, group_type)
    change(alice, group_id, isAllMuted=True)
    heard = bob.heard()
    assert [(8, no, no, True, 0)] == changes(heard[0][1])
    own = [data for kind, data in heard if kind == "onAllGroupMembersMuted"]
    assert ([{"groupID": group_id, "isMute": True}] if stage.has("onAllGroupMembersMuted") else []) == own
    assert "onRecvNewMessage" not in [kind for kind, _ in heard]
    assert info(bob, group_id)["isAllMuted"] is True


def test_console_switches_option_news() -> None:
    """The console can turn events of options and mutes off, and messages in the group about them on."""
    stage = Stage(policy=Policy(switches={"group_option_events": False, "group_option_tips": True}))
    group_id, (alice, bob, _) = team(stage, "Public")
    change(alice, group_id, isAllMuted=True)
    heard = [kind for kind, _ in bob.heard()]
    assert "onGroupInfoChanged" not in heard
    assert "onRecvNewMessage" in heard


def test_permission_groups_are_for_communities() -> None:
    """The plugin always sends the switch of permission groups: a Community takes it, others pass over it."""
    stage = Stage()
    for group_type, told in (("Community", [13, 14]), ("Public", [])):
        group_id, (alice, bob, _) = team(stage, group_type)
        change(alice, group_id, isEnablePermissionGroup=True, defaultPermissions=64)
        assert told == [c["type"] for _, data in bob.heard("onGroupInfoChanged") for c in data["groupChangeInfoList"]]


# (group type, what is changed): the lowest role that may
EDITORS: list[tuple[str, dict[str, Any], int | None]] = [
    ("Work", {"groupName": "n"}, 200),
    ("Work", {"customInfo": {"a": "b"}}, 400),
    ("Work", {"addOpt": 2}, 400),
    ("Work", {"isAllMuted": True}, None),
    *[(kind, given, 300) for kind in ("Public", "Meeting", "Community") for given in (
        {"groupName": "n"}, {"isAllMuted": True}, {"customInfo": {"a": "b"}})],
    ("Public", {"addOpt": 0}, 300),
    ("Meeting", {"addOpt": 0}, 300),
    ("Community", {"addOpt": 0}, None),
    ("AVChatRoom", {"groupName": "n"}, 400),
    ("AVChatRoom", {"isAllMuted": True}, 400),
]


@pytest.mark.parametrize(("group_type", "given", "least"), EDITORS)
def test_who_may_change_what(stage: Stage, group_type: str, given: dict[str, Any], least: int | None) -> None:
    """Each type lets some roles change its profile; the others are refused with 10007, as strangers are."""
    admins = group_type in ("Public", "Meeting", "Community")
    group_id, (alice, bob, carol) = team(stage, group_type)
    if admins:
        alice.call("setGroupMemberRole", groupID=group_id, userID="bob", role=300)
    dave = stage.enter("dave")
    for phone, role in ((dave, 0), (carol, 200), (bob, 300 if admins else 200), (alice, 400)):
        if least is None or role < least:
            assert 10007 == refusal(phone, group_id, **given)
        else:
            change(phone, group_id, **given)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"groupName": ""}, 8502),
        ({"groupName": "x" * 101}, 8502),
        ({"introduction": "x" * 401}, 8503),
        ({"notification": "x" * 401}, 8504),
        ({"faceUrl": "x" * 501}, 8505),
        ({"addOpt": 7}, 10004),
        ({"customInfo": {"k" * 17: "v"}}, 10004),
        ({"customInfo": {"k": "v" * 513}}, 10004),
        ({"customInfo": {f"k{n}": "v" for n in range(11)}}, 10004),
    ],
)
def test_malformed_changes(stage: Stage, given: dict[str, Any], code: int) -> None:
    """Texts, options and fields that cannot be are refused, each with its code."""
    group_id, (alice, _, _) = team(stage, "Public")
    assert code == refusal(alice, group_id, **given)


def test_changing_nothing_there(stage: Stage) -> None:
    """A group that is not there is refused with 10010, on Windows by the adapter; strangers without a change with 10007."""
    group_id, _ = team(stage, "Public")
    dave = stage.enter("dave")
    assert (-1 if stage.on_windows else 10010) == refusal(dave, "none", groupName="n")
    assert 10007 == refusal(dave, group_id)
    assert 10007 == refusal(dave, group_id, groupName="team")


# --- handing on


@pytest.mark.parametrize("group_type", ["Work", "Public", "Meeting", "Community"])
def test_transfer_is_told(stage: Stage, group_type: str) -> None:
    """The new owner has the role at once, the old one is an ordinary member; everybody hears of it, and the group says so."""
    no = stage.no_text
    group_id, (alice, bob, carol) = team(stage, group_type)
    alice.call("transferGroupOwner", groupID=group_id, userID="bob")
    for phone in (alice, bob):
        assert [(5, no, "bob", False, 0)] == changes(phone.heard_one("onGroupInfoChanged"))
    (tip,) = tips(carol)
    assert [(5, "bob")] == [(c["type"], c["value"]) for c in tip["groupChangeInfoList"]]
    assert (400, "bob", 200) == (info(bob, group_id)["role"], info(bob, group_id)["owner"], info(alice, group_id)["role"])
    assert 10007 == alice.refused("transferGroupOwner", groupID=group_id, userID="alice")


def test_transfer_to_oneself_changes_nothing(stage: Stage) -> None:
    """An owner who hands the group to herself keeps it; nobody is told."""
    group_id, (alice, bob, _) = team(stage, "Public")
    alice.call("transferGroupOwner", groupID=group_id, userID="alice")
    assert ([], 400) == (bob.heard(), info(alice, group_id)["role"])


def test_who_may_not_transfer(stage: Stage) -> None:
    """Others than the owner, strangers as targets, and live rooms are refused with 10007."""
    group_id, (alice, bob, _) = team(stage, "Public")
    assert 10007 == bob.refused("transferGroupOwner", groupID=group_id, userID="bob")
    assert 10007 == alice.refused("transferGroupOwner", groupID=group_id, userID="dave")
    assert 10010 == alice.refused("transferGroupOwner", groupID="none", userID="bob")
    group_id, (alice, _, _) = team(stage, "AVChatRoom")
    assert 10007 == alice.refused("transferGroupOwner", groupID=group_id, userID="bob")


@pytest.mark.parametrize("changed", [{"groupName": "new"}, {"faceUrl": "new"}])
def test_new_looks_are_told_in_silent_lists(stage: Stage, changed: dict[str, Any]) -> None:
    """Whoever does not receive the group's messages hears of its new name or picture by the conversation."""
    group_id, (alice, bob, _) = team(stage, "Public")
    alice.send("hi", group=group_id)
    bob.call("setGroupReceiveMessageOpt", groupID=group_id, opt=1)
    bob.heard()
    alice.call("setGroupInfo", groupID=group_id, groupType="", **changed)
    (rows,) = [data for kind, data in bob.heard() if kind == "onConversationChanged"]
    shown = {"groupName": "showName", "faceUrl": "faceUrl"}
    assert ["new"] == [row[shown[key]] for row in rows for key in changed]
