"""Members of groups: lists, names, mutes, roles, marks."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import TYPES, cast, create, ids, team, tips
from tests.support.stage import Phone, Stage


def page(phone: Phone, group_id: str, condition: int = 0, cursor: str = "0") -> Any:
    """Return a page of members."""
    return phone.call("getGroupMemberList", groupID=group_id, filter=condition, nextSeq=cursor, count=15, offset=0)


def member(phone: Phone, group_id: str, user_id: str) -> Any:
    """Return one member as a device sees it."""
    (found,) = phone.call("getGroupMembersInfo", groupID=group_id, memberList=[user_id])
    return found


# --- lists


@pytest.mark.parametrize("group_type", ["Work", "Public", "Meeting", "Community"])
def test_list_in_order_of_joining(stage: Stage, group_type: str) -> None:
    """Members come in the order in which they have joined, with role and time."""
    group_id, (_, bob, _) = team(stage, group_type, "alice", "zoe", "carol")
    got = page(bob, group_id)
    assert ("0", ["alice", "zoe", "carol"]) == (got["nextSeq"], ids(got["memberInfoList"]))
    assert [400, 200, 200] == [m["role"] for m in got["memberInfoList"]]
    assert {stage.now_s()} == {m["joinTime"] for m in got["memberInfoList"]}


def test_pages_of_fifty(stage: Stage) -> None:
    """A page has fifty members whatever was asked for; the cursor leads on, and is "0" behind the last."""
    from bridge.world.groups import groups, memberships

    group_id, (alice,) = team(stage, "Public", "alice")
    group = groups.require(stage.world, group_id)
    for number in range(119):
        memberships.take_in(stage.world, group, f"u{number:03}")
    seen, cursor = [], "0"
    for size in (50, 50, 20):
        got = page(alice, group_id, cursor=cursor)
        assert size == len(got["memberInfoList"])
        seen += ids(got["memberInfoList"])
        cursor = got["nextSeq"]
    assert ("0", ["alice", *(f"u{n:03}" for n in range(119))]) == (cursor, seen)


def test_list_by_role(stage: Stage) -> None:
    """The filter picks the owner, administrators, or ordinary members."""
    group_id, (alice, _, _) = team(stage, "Public")
    alice.call("setGroupMemberRole", groupID=group_id, userID="carol", role=300)
    found = {number: ids(page(alice, group_id, number)["memberInfoList"]) for number in (1, 2, 4)}
    assert {1: ["alice"], 2: ["carol"], 4: ["bob"]} == found


@pytest.mark.parametrize("condition", [3, 5, 999, -1])
def test_list_by_nothing_known(stage: Stage, condition: int) -> None:
    """A filter that means nothing is refused with 6017."""
    group_id, (alice, _, _) = team(stage, "Public")
    assert 6017 == alice.refused("getGroupMemberList", groupID=group_id, filter=condition, nextSeq="0")


@pytest.mark.parametrize("cursor", ["", "next"])
def test_list_from_nowhere_is_not_answered(stage: Stage, cursor: str) -> None:
    """A cursor that is no number is never answered on Android and ends the app on iOS; Windows reads it as C does, for 0."""
    group_id, (alice, _, _) = team(stage, "Public")
    if stage.on_windows:
        assert 3 == len(alice.call("getGroupMemberList", groupID=group_id, filter=0, nextSeq=cursor)["memberInfoList"])
        return
    error = alice.error("getGroupMemberList", groupID=group_id, filter=0, nextSeq=cursor)
    assert (-32001, "crash" if stage.goes_by_ios else "unanswered") == (error.code, error.data["reason"])


def test_list_is_for_members(stage: Stage) -> None:
    """Strangers are refused with 10007, a group that is not there with 10010."""
    group_id, _ = team(stage, "Public")
    dave = stage.enter("dave")
    assert 10007 == dave.refused("getGroupMemberList", groupID=group_id, filter=0, nextSeq="0")
    assert 10010 == dave.refused("getGroupMemberList", groupID="none", filter=0, nextSeq="0")


def test_infos_leave_strangers_out(stage: Stage) -> None:
    """Only members are answered, in the order asked for; asking for strangers alone is answered, too."""
    group_id, (alice, _, _) = team(stage, "Public")
    assert ["carol", "alice"] == ids(alice.call("getGroupMembersInfo", groupID=group_id, memberList=["carol", "dave", "alice"]))
    assert [] == alice.call("getGroupMembersInfo", groupID=group_id, memberList=["dave"])
    assert 6017 == alice.refused("getGroupMembersInfo", groupID=group_id, memberList=[])
    assert 10007 == stage.enter("dave").refused("getGroupMembersInfo", groupID=group_id, memberList=["bob"])


DEVICES = {"android": "Android", "ios": "iPhone", "macos": "Mac", "windows": "Windows"}
"""What a device is called where members show what they are online on."""


def test_members_show_their_profiles(stage: Stage) -> None:
    """A member shows nickname and picture; on 8.2 also whether, and on what, one is online."""
    group_id, (alice, bob, _) = team(stage, "Public")
    bob.call("setSelfInfo", nickName="Bobby", faceUrl="f")
    seen = member(alice, group_id, "bob")
    assert ("Bobby", "f", "") == (seen["nickName"], seen["faceUrl"], seen["nameCard"])
    if "isOnline" in seen:  # the referee knows who shows it
        assert (True, [DEVICES[stage.platform]]) == (seen["isOnline"], seen["onlineDevices"])
        bob.call("logout")
        assert (False, []) == (member(alice, group_id, "bob")["isOnline"], member(alice, group_id, "bob")["onlineDevices"])


def test_online_members_are_counted(stage: Stage) -> None:
    """The number of members online; 5.0 counts in live rooms alone, and refuses elsewhere with 10007."""
    for group_type in ("Public", "AVChatRoom"):
        group_id, (alice, bob, _) = team(stage, group_type)
        if not stage.client.counts_members_online and group_type == "Public":
            assert 10007 == alice.refused("getGroupOnlineMemberCount", groupID=group_id)
            continue
        assert 3 == alice.call("getGroupOnlineMemberCount", groupID=group_id)
        bob.call("logout")
        assert 2 == alice.call("getGroupOnlineMemberCount", groupID=group_id)
        bob.login("bob")
    assert 10007 == stage.enter("dave").refused("getGroupOnlineMemberCount", groupID=group_id)
    assert 10010 == alice.refused("getGroupOnlineMemberCount", groupID="none")


def test_online_count_has_a_rate() -> None:
    """With rate limits, a second count within a minute is refused with 8512."""
    stage = Stage(policy=Policy(rate_limits=True))
    group_id, (alice, _, _) = team(stage, "Public")
    assert 3 == alice.call("getGroupOnlineMemberCount", groupID=group_id)
    assert 8512 == alice.refused("getGroupOnlineMemberCount", groupID=group_id)
    stage.advance(60_000)
    assert 3 == alice.call("getGroupOnlineMemberCount", groupID=group_id)


# --- names and fields


def test_own_name_card(stage: Stage) -> None:
    """A member has a name of one's own in a group; it shows in messages, and nobody is told. On Windows a field's key is its value."""
    group_id, (alice, bob, _) = team(stage, "Public")
    bob.call("setGroupMemberInfo", groupID=group_id, userID="bob", nameCard="Bobby", customInfo={"k": "v"})
    assert [] == alice.heard()
    seen = member(alice, group_id, "bob")
    assert ("Bobby", {"k": "k" if stage.on_windows else "v"}) == (seen["nameCard"], seen["customInfo"])
    bob.send("hi", group=group_id)
    assert "Bobby" == alice.heard_one("onRecvNewMessage")["nameCard"]


def test_name_card_left_out(stage: Stage) -> None:
    """The plugin 8.2 sends an empty name for none, which clears it; 5.0 sends null, which leaves it. Fields are kept."""
    group_id, (_, bob, _) = team(stage, "Public")
    bob.call("setGroupMemberInfo", groupID=group_id, userID="bob", nameCard="Bobby", customInfo={"a": "1"})
    nothing = "" if stage.family == "chat-8.2" else None
    bob.call("setGroupMemberInfo", groupID=group_id, userID="bob", nameCard=nothing, customInfo={"b": "2"})
    seen = member(bob, group_id, "bob")
    fields = {"a": "a", "b": "b"} if stage.on_windows else {"a": "1", "b": "2"}
    assert ("" if nothing == "" else "Bobby", fields) == (seen["nameCard"], seen["customInfo"])


def test_others_name_cards(stage: Stage) -> None:
    """Owner and administrators name members below them; members name themselves alone (10007)."""
    group_id, (alice, bob, carol) = team(stage, "Public")
    alice.call("setGroupMemberRole", groupID=group_id, userID="bob", role=300)
    alice.call("setGroupMemberInfo", groupID=group_id, userID="bob", nameCard="B")
    bob.call("setGroupMemberInfo", groupID=group_id, userID="carol", nameCard="C")
    assert ["B", "C"] == [member(alice, group_id, name)["nameCard"] for name in ("bob", "carol")]
    assert 10007 == bob.refused("setGroupMemberInfo", groupID=group_id, userID="alice", nameCard="A")
    assert 10007 == carol.refused("setGroupMemberInfo", groupID=group_id, userID="bob", nameCard="A")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"nameCard": "会" * 17}, 8506),
        ({"nameCard": "n", "customInfo": {"k": "v" * 65}}, 10004),
        ({"nameCard": "n", "customInfo": {f"k{n}": "v" for n in range(6)}}, 10004),
    ],
)
def test_malformed_member_infos(stage: Stage, given: dict[str, Any], code: int) -> None:
    """A name over 50 bytes is refused with 8506, fields that cannot be with 10004."""
    if stage.on_windows and "k" in given.get("customInfo", {}):  # it becomes its key, which is short
        given = {**given, "customInfo": {"v" * 65: "v"}}
    group_id, (alice, _, _) = team(stage, "Public")
    assert code == alice.refused("setGroupMemberInfo", groupID=group_id, userID="alice", **given)


def test_naming_strangers(stage: Stage) -> None:
    """Naming who is no member is refused with 10007 on Android and never answered on iOS."""
    group_id, (alice, _, _) = team(stage, "Public")
    arguments = {"groupID": group_id, "userID": "dave", "nameCard": "D"}
    if stage.goes_by_ios:
        assert "unanswered" == alice.error("setGroupMemberInfo", **arguments).data["reason"]
    else:
        assert 10007 == alice.refused("setGroupMemberInfo", **arguments)


def test_no_names_in_live_rooms(stage: Stage) -> None:
    """A live room knows no names of its own: 10007."""
    group_id, (_, bob, _) = team(stage, "AVChatRoom")
    assert 10007 == bob.refused("setGroupMemberInfo", groupID=group_id, userID="bob", nameCard="B")


# --- mutes


@pytest.mark.parametrize("group_type", ["Public", "Community", "Meeting", "AVChatRoom"])
def test_muting_is_told_where_the_type_tells(stage: Stage, group_type: str) -> None:
    """Everybody hears for how long a member is muted, and the group says so; Meetings and live rooms keep quiet."""
    group_id, (alice, bob, carol) = team(stage, group_type)
    alice.call("muteGroupMember", groupID=group_id, userID="bob", seconds=60)
    if group_type in ("Meeting", "AVChatRoom"):
        assert [] == alice.heard() + bob.heard() + carol.heard()
    else:
        for phone in (alice, bob):
            (muted,) = phone.heard_one("onMemberInfoChanged")["groupMemberChangeInfoList"]
            assert {"userID": "bob", "muteTime": 60} == muted
        (tip,) = tips(carol)
        assert (8, [{"userID": "bob", "muteTime": 60}]) == (tip["type"], tip["memberChangeInfoList"])
    until = 0 if group_type == "AVChatRoom" else stage.now_s() + 60
    assert until == member(alice, group_id, "bob")["muteUntil"]


def test_lifting_a_mute(stage: Stage) -> None:
    """Zero seconds lift a mute."""
    group_id, (alice, bob, _) = team(stage, "Public")
    alice.call("muteGroupMember", groupID=group_id, userID="bob", seconds=60)
    alice.call("muteGroupMember", groupID=group_id, userID="bob", seconds=0)
    assert [60, 0] == [d["groupMemberChangeInfoList"][0]["muteTime"] for _, d in bob.heard("onMemberInfoChanged")]
    bob.send("free", group=group_id)


@pytest.mark.parametrize("group_type", TYPES)
def test_who_may_not_mute(stage: Stage, group_type: str) -> None:
    """Members mute nobody, nobody mutes the owner, and in a Work group there are no mutes: 10007."""
    group_id, (alice, bob, _) = team(stage, group_type)
    assert 10007 == bob.refused("muteGroupMember", groupID=group_id, userID="carol", seconds=9)
    assert 10007 == alice.refused("muteGroupMember", groupID=group_id, userID="alice", seconds=9)
    assert 10007 == alice.refused("muteGroupMember", groupID=group_id, userID="dave", seconds=9)
    if group_type == "Work":
        assert 10007 == alice.refused("muteGroupMember", groupID=group_id, userID="carol", seconds=9)
    assert 10010 == alice.refused("muteGroupMember", groupID="none", userID="carol", seconds=9)


def test_administrators_mute_members_alone(stage: Stage) -> None:
    """An administrator mutes members, no other administrator."""
    group_id, (alice, bob, _) = team(stage, "Public")
    for name in ("bob", "carol"):
        alice.call("setGroupMemberRole", groupID=group_id, userID=name, role=300)
    assert 10007 == bob.refused("muteGroupMember", groupID=group_id, userID="carol", seconds=9)
    alice.call("setGroupMemberRole", groupID=group_id, userID="carol", role=200)
    bob.call("muteGroupMember", groupID=group_id, userID="carol", seconds=9)


def test_negative_mutes(stage: Stage) -> None:
    """A negative time is refused with 10004; newer iOS adapters die of it."""
    group_id, (alice, _, _) = team(stage, "Public")
    if stage.casts_as_ios:
        assert "crash" == alice.error("muteGroupMember", groupID=group_id, userID="bob", seconds=-1).data["reason"]
        return
    assert 10004 == alice.refused("muteGroupMember", groupID=group_id, userID="bob", seconds=-1)


# --- roles


@pytest.mark.parametrize("group_type", ["Public", "Community", "Meeting"])
def test_roles_are_told_where_the_type_tells(stage: Stage, group_type: str) -> None:
    """Everybody hears who became an administrator and who is none any more, and the group says so; a Meeting keeps quiet."""
    group_id, (alice, bob, carol) = team(stage, group_type)
    for role, event, kind in ((300, "onGrantAdministrator", 5), (200, "onRevokeAdministrator", 6)):
        alice.call("setGroupMemberRole", groupID=group_id, userID="bob", role=role)
        assert role == member(carol, group_id, "bob")["role"]
        if group_type == "Meeting":
            assert [] == alice.heard() + bob.heard() + carol.heard()
            continue
        for phone in (alice, bob):
            data = phone.heard_one(event)
            assert ("alice", ["bob"]) == (data["opUser"]["userID"], ids(data["memberList"]))
        (tip,) = tips(carol)
        assert (kind, ["bob"]) == (tip["type"], ids(tip["memberList"]))


def test_same_role_again(stage: Stage) -> None:
    """Giving a role that the member has already changes nothing."""
    group_id, (alice, bob, _) = team(stage, "Public")
    alice.call("setGroupMemberRole", groupID=group_id, userID="bob", role=200)
    assert [] == bob.heard()


def test_who_may_not_give_roles(stage: Stage) -> None:
    """Others than the owner, the owner as target, strangers, and Work groups are refused with 10007, other roles with 10004."""
    group_id, (alice, bob, _) = team(stage, "Public")
    assert 10007 == bob.refused("setGroupMemberRole", groupID=group_id, userID="carol", role=300)
    assert 10007 == alice.refused("setGroupMemberRole", groupID=group_id, userID="alice", role=300)
    assert 10007 == alice.refused("setGroupMemberRole", groupID=group_id, userID="dave", role=300)
    for role in (0, 400, 250):
        assert 10004 == alice.refused("setGroupMemberRole", groupID=group_id, userID="bob", role=role)
    group_id, (alice, _, _) = team(stage, "Work")
    assert 10007 == alice.refused("setGroupMemberRole", groupID=group_id, userID="bob", role=300)


def test_live_rooms_have_administrators_since_7_7(stage: Stage) -> None:
    """8.2 makes administrators in live rooms, who are so again after the next login; 5.0 is refused with 10007."""
    group_id, (alice, bob, _) = team(stage, "AVChatRoom")
    if not stage.client.sets_roles_in_live_rooms:
        assert 10007 == alice.refused("setGroupMemberRole", groupID=group_id, userID="bob", role=300)
        return
    alice.call("setGroupMemberRole", groupID=group_id, userID="bob", role=300)
    bob.call("logout")
    bob.login("bob")
    bob.call("joinGroup", groupID=group_id, message="")
    assert 300 == member(alice, group_id, "bob")["role"]


# --- marks


def mark(phone: Phone, group_id: str, users: list[str], number: int = 1000, on: bool = True) -> dict[str, Any]:
    """Return the arguments of a mark call."""
    return {"groupID": group_id, "memberIDList": users, "markType": number, "enableMark": on}


@pytest.mark.parametrize("platform", ["android", "ios"])
@pytest.mark.parametrize("group_type", ["Community", "AVChatRoom"])
def test_marks_pick_members(platform: str, group_type: str) -> None:
    """Marked members can be listed by their mark; a Community tells of it, where the platform passes it on."""
    stage = Stage("chat-8.2", platform)
    group_id, (alice, bob, _) = team(stage, group_type)
    alice.call("markGroupMemberList", **mark(alice, group_id, ["bob", "dave"], 1001))
    assert ["bob"] == ids(page(alice, group_id, 1001)["memberInfoList"])
    told = {"groupID": group_id, "memberIDList": ["bob"], "markType": 1001, "enableMark": True}
    assert ([told] if (group_type, platform) == ("Community", "ios") else []) == [d for _, d in bob.heard("onMemberMarkChanged")]
    alice.call("markGroupMemberList", **mark(alice, group_id, ["bob", "dave"], 1001, False))
    assert [] == page(alice, group_id, 1001)["memberInfoList"]


def test_ten_marks_and_no_more() -> None:
    """An eleventh mark in a group is refused with 10004."""
    group_id, (alice, _, _) = team(Stage(), "Community")
    for number in range(1000, 1010):
        alice.call("markGroupMemberList", **mark(alice, group_id, ["bob"], number))
    assert 10004 == alice.refused("markGroupMemberList", **mark(alice, group_id, ["bob"], 1010))
    alice.call("markGroupMemberList", **mark(alice, group_id, ["carol"], 1003))


def test_who_may_not_mark() -> None:
    """Members are refused with 10007, types without marks with 8515, numbers below 1000 and nobody with 6017, over 100 with 10005."""
    stage = Stage()
    group_id, (alice, bob, _) = team(stage, "Community")
    assert 10007 == bob.refused("markGroupMemberList", **mark(bob, group_id, ["carol"]))
    assert 6017 == alice.refused("markGroupMemberList", **mark(alice, group_id, ["carol"], 999))
    assert 6017 == alice.refused("markGroupMemberList", **mark(alice, group_id, []))
    assert 10005 == alice.refused("markGroupMemberList", **mark(alice, group_id, [f"u{n}" for n in range(101)]))
    assert 10010 == alice.refused("markGroupMemberList", **mark(alice, "none", ["carol"]))
    plain = create(alice, "Public", "bob")
    assert 8515 == alice.refused("markGroupMemberList", **mark(alice, plain, ["bob"]))


# --- live rooms


def test_live_rooms_list_the_newest(stage: Stage) -> None:
    """A live room lists its thirty newest members, the newest first, to devices that have joined."""
    from bridge.world.groups import groups, memberships

    group_id, (alice, _, _) = team(stage, "AVChatRoom")
    group = groups.require(stage.world, group_id)
    for number in range(40):
        memberships.take_in(stage.world, group, f"u{number:02}")
    got = page(alice, group_id)
    assert ("0", [f"u{n:02}" for n in range(39, 9, -1)]) == (got["nextSeq"], ids(got["memberInfoList"]))
    assert {0} == {m["joinTime"] for m in got["memberInfoList"]}
    dave = stage.enter("dave")
    reply = dave.reply("getGroupMemberList", groupID=group_id, filter=0, nextSeq="0")
    assert (6017, "can not find avchatroom") == (reply["code"], reply["desc"])


def test_console_lets_live_rooms_list_a_thousand() -> None:
    """The console can have a live room list up to a thousand."""
    from bridge.world.groups import groups, memberships

    stage = Stage(policy=Policy(switches={"live_room_member_list": True}))
    (alice,) = cast(stage, "alice")
    group_id = create(alice, "AVChatRoom")
    alice.call("joinGroup", groupID=group_id, message="")
    for number in range(40):
        memberships.take_in(stage.world, groups.require(stage.world, group_id), f"u{number:02}")
    assert 41 == len(page(alice, group_id)["memberInfoList"])


def test_tip_has_the_random_number_of_its_id(stage: Stage) -> None:
    """What a group says of itself is a message like any other: its id ends with its random number."""
    group_id, (alice, _, carol) = team(stage, "Public")
    carol.heard()
    alice.call("muteGroupMember", groupID=group_id, userID="bob", seconds=60)
    tip = carol.heard_one("onRecvNewMessage")
    assert int(tip["msgID"].rpartition("-")[2]) == tip["random"] > 0
