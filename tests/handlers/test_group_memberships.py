"""Coming into groups and going."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import TYPES, cast, create, ids, info, team, tips
from tests.support.stage import Stage


def _results(items: list[Any]) -> dict[str, int]:
    return {item["memberID"]: item["result"] for item in items}


# --- joining


@pytest.mark.parametrize("group_type", ["Community", "AVChatRoom"])
def test_joining_is_told_to_all(stage: Stage, group_type: str) -> None:
    """Who joins is in at once; all members hear of it, the new one too, and the group says so."""
    group_id, (alice, bob) = team(stage, group_type, "alice", "bob")
    dave = stage.enter("dave")
    assert dave.call("joinGroup", groupID=group_id, message="hi") is None
    for phone in (alice, bob, dave):
        heard = phone.heard()
        assert ["onMemberEnter", "onRecvNewMessage"] == [kind for kind, _ in heard][:2]
        assert ["dave"] == ids(heard[0][1]["memberList"])
        assert 1 == heard[1][1]["groupTipsElem"]["type"]
    assert (3, 200) == (info(dave, group_id)["memberCount"], info(dave, group_id)["role"])


def test_joining_a_meeting_is_quiet(stage: Stage) -> None:
    """A Meeting does not tell who comes and goes; its conversation appears with the first message."""
    group_id, (alice, bob) = team(stage, "Meeting", "alice", "bob")
    dave = stage.enter("dave")
    dave.call("joinGroup", groupID=group_id, message="")
    dave.call("quitGroup", groupID=group_id)
    dave.call("joinGroup", groupID=group_id, message="")
    assert ["onQuitFromGroup"] == dave.heard_types()
    assert [] == alice.heard() + bob.heard()
    alice.send("hi", group=group_id)
    assert ["onNewConversation"] == [kind for kind, _ in dave.heard("onNewConversation", "onConversationChanged")]


def test_console_lets_meetings_tell() -> None:
    """The console can have a Meeting tell who comes."""
    stage = Stage(policy=Policy(switches={"group_tells_members": True}))
    group_id, (alice,) = team(stage, "Meeting", "alice")
    stage.enter("dave").call("joinGroup", groupID=group_id, message="")
    assert "onMemberEnter" in alice.heard_types()


def test_joined_conversation_appears(stage: Stage) -> None:
    """The group shows in the list of who has joined."""
    group_id, _ = team(stage, "Community")
    dave = stage.enter("dave")
    dave.call("joinGroup", groupID=group_id, message="")
    (row,) = dave.heard_one("onNewConversation")
    assert (f"group_{group_id}", 0, 9) == (row["conversationID"], row["unreadCount"], row["lastMessage"]["elemType"])


def test_work_groups_are_not_joined(stage: Stage) -> None:
    """Asking to join a Work group is refused with 10007."""
    group_id, _ = team(stage, "Work")
    assert 10007 == stage.enter("dave").refused("joinGroup", groupID=group_id, message="")


def test_closed_public_group_is_not_joined(stage: Stage) -> None:
    """Joining a Public group that takes nobody is refused with 10007; one that takes anybody lets in at once."""
    alice, dave = cast(stage, "alice", "dave")
    closed, opened = create(alice, "Public", addOpt=0), create(alice, "Public", addOpt=2)
    assert 10007 == dave.refused("joinGroup", groupID=closed, message="")
    dave.call("joinGroup", groupID=opened, message="")
    assert 2 == info(dave, opened)["memberCount"]


@pytest.mark.parametrize(("group_id", "code"), [("none", 10010), ("x" * 49, 10015), ("", 6017)])
def test_joining_nothing_is_refused(stage: Stage, group_id: str, code: int) -> None:
    """A group that is not there, one that cannot be, and no id at all are refused, each with its code."""
    assert code == stage.enter("dave").refused("joinGroup", groupID=group_id, message="")


def test_joining_twice(stage: Stage) -> None:
    """Members who join again are refused with 10013; a live room takes it and tells nobody."""
    for group_type in ("Meeting", "Community"):
        group_id, (_, bob, _) = team(stage, group_type)
        assert 10013 == bob.refused("joinGroup", groupID=group_id, message="")
    group_id, (alice, bob, _) = team(stage, "AVChatRoom")
    bob.call("joinGroup", groupID=group_id, message="")
    assert [] == alice.heard()


def test_group_limit_comes_before_membership() -> None:
    """Who is in too many groups is refused with 10037, even where already in."""
    stage = Stage(policy=Policy(switches={"groups_per_user": 1}))
    group_id, (_, bob, _) = team(stage, "Meeting")
    assert 10037 == bob.refused("joinGroup", groupID=group_id, message="")


def test_full_groups_take_nobody(stage: Stage) -> None:
    """A full group refuses with 10014 who joins, and who invites."""
    from attrs import evolve

    from bridge.world.groups.groups import GROUPS

    group_id, (alice, _, _) = team(stage, "Community")
    table = stage.world[GROUPS]
    table.put(group_id, evolve(table[group_id], max_members=3))
    assert 10014 == stage.enter("dave").refused("joinGroup", groupID=group_id, message="")
    assert 10014 == alice.refused("inviteUserToGroup", groupID=group_id, userList=["dave"])
    table.put(group_id, evolve(table[group_id], max_members=4))
    items = alice.call("inviteUserToGroup", groupID=group_id, userList=["dave", "erin"])
    assert {"dave": 1, "erin": 0} == _results(items)


def test_history_before_joining(stage: Stage) -> None:
    """What was sent before shows to a new member where the type shows it, as the last message of the conversation."""
    for group_type, sees in (("Community", True), ("Work", False)):
        group_id, (alice, _, _) = team(stage, group_type)
        sent = alice.send("before", group=group_id)
        name = f"dave{group_type}"
        dave = stage.enter(name)
        alice.call("inviteUserToGroup", groupID=group_id, userList=[name])
        from bridge.world.chats import messages, visibility

        assert sees == visibility.is_visible(stage.world, name, stage.world[messages.MESSAGES][sent["msgID"]])
        assert 0 == dave.conversation(f"group_{group_id}")["unreadCount"]


def test_coming_back_keeps_what_was_read(stage: Stage) -> None:
    """Who comes back reads what came in both times, not what came between."""
    from bridge.world.chats import messages, visibility

    group_id, (alice, bob, _) = team(stage, "Work")
    first = alice.send("1", group=group_id)
    bob.call("quitGroup", groupID=group_id)
    between = alice.send("2", group=group_id)
    alice.call("inviteUserToGroup", groupID=group_id, userList=["bob"])
    last = alice.send("3", group=group_id)
    rows = [stage.world[messages.MESSAGES][sent["msgID"]] for sent in (first, between, last)]
    seen = [visibility.is_visible(stage.world, "bob", row) for row in rows]
    assert [True, False, True] == seen


# --- inviting


def test_inviting_answers_an_item_each(stage: Stage) -> None:
    """Any member of a Work group brings others in; each item says what came of it."""
    group_id, (_, bob, _) = team(stage, "Work")
    dave = stage.enter("dave")
    items = bob.call("inviteUserToGroup", groupID=group_id, userList=["dave", "carol", "dave", "x" * 33])
    assert [("dave", 1), ("carol", 2), ("dave", 2), ("x" * 33, 0)] == [(i["memberID"], i["result"]) for i in items]
    (kind, data), (_, message) = dave.heard()
    assert ("onMemberInvited", "bob", ["dave"]) == (kind, data["opUser"]["userID"], ids(data["memberList"]))
    assert (2, 4) == (message["groupTipsElem"]["type"], message["groupTipsElem"]["memberCount"])


def test_invited_users_with_too_many_groups() -> None:
    """A user who is in as many groups as the plan allows is not brought in: item 4."""
    stage = Stage(policy=Policy(switches={"groups_per_user": 1}))
    alice, bob = cast(stage, "alice", "bob")
    create(bob, "Work")
    group_id = create(alice, "Work")
    assert {"bob": 4} == _results(alice.call("inviteUserToGroup", groupID=group_id, userList=["bob"]))


def test_inviting_to_a_meeting_tells_the_invited_alone() -> None:
    """A Meeting that lets anybody invite tells nobody but those who were brought in."""
    stage = Stage()
    group_id, (alice, bob) = team(stage, "Meeting", "alice", "bob", approveOpt=2)
    dave = stage.enter("dave")
    bob.call("inviteUserToGroup", groupID=group_id, userList=["dave"])
    assert (["onMemberInvited"], [], []) == (dave.heard_types(), bob.heard_types(), alice.heard_types())


@pytest.mark.parametrize("group_type", ["Public", "Meeting", "AVChatRoom"])
def test_inviting_is_off_by_default(group_type: str) -> None:
    """Nobody may invite to a Public group or Meeting unless it is switched on, and never to a live room."""
    stage = Stage()
    group_id, (alice, bob, _) = team(stage, group_type)
    for phone in (alice, bob):
        assert 10007 == phone.refused("inviteUserToGroup", groupID=group_id, userList=["dave"])


def test_inviting_where_administrators_have_a_say() -> None:
    """A member's invitation waits (item 3) and is told to those who decide; the owner's own goes through."""
    stage = Stage()
    group_id, (alice, bob, carol) = team(stage, "Public", approveOpt=1)
    assert {"dave": 3} == _results(bob.call("inviteUserToGroup", groupID=group_id, userList=["dave"]))
    assert ("dave", []) == (alice.heard_one("onReceiveJoinApplication")["member"]["userID"], carol.heard())
    (entry,) = alice.call("getGroupApplicationList")["groupApplicationList"]
    assert (2, "bob", "dave") == (entry["type"], entry["fromUser"], entry["toUser"])
    assert {"erin": 1} == _results(alice.call("inviteUserToGroup", groupID=group_id, userList=["erin"]))


@pytest.mark.parametrize(("users", "code"), [([], 8510), ([f"u{n}" for n in range(21)], 10005)])
def test_inviting_nobody_or_too_many(stage: Stage, users: list[str], code: int) -> None:
    """Nobody is 8510, more than 20 at once 10005."""
    group_id, (alice, _, _) = team(stage, "Work")
    assert code == alice.refused("inviteUserToGroup", groupID=group_id, userList=users)


def test_strangers_do_not_invite(stage: Stage) -> None:
    """Who is no member is refused with 10007; a group that is not there with 10010."""
    group_id, _ = team(stage, "Work")
    dave = stage.enter("dave")
    assert 10007 == dave.refused("inviteUserToGroup", groupID=group_id, userList=["erin"])
    assert 10010 == dave.refused("inviteUserToGroup", groupID="none", userList=["erin"])


# --- quitting


def test_quitting_is_told(stage: Stage) -> None:
    """Who quits hears it on all devices; the others hear who has left, and the group says so."""
    group_id, (alice, bob, carol) = team(stage, "Public")
    bob.call("quitGroup", groupID=group_id)
    assert [("onQuitFromGroup", {"groupID": group_id})] == bob.heard()
    assert "bob" == carol.heard_one("onMemberLeave")["member"]["userID"]
    (tip,) = tips(alice)
    assert (3, "bob", 2) == (tip["type"], tip["opMember"]["userID"], tip["memberCount"])
    assert [] == bob.call("getJoinedGroupList")
    assert f"group_{group_id}" == bob.conversation(f"group_{group_id}")["conversationID"]


@pytest.mark.parametrize("group_type", TYPES)
def test_owners_quit_work_groups_alone(stage: Stage, group_type: str) -> None:
    """An owner who quits is refused with 10009, but may leave a Work group, which then nobody owns."""
    group_id, (alice, bob, _) = team(stage, group_type)
    if group_type != "Work":
        assert 10009 == alice.refused("quitGroup", groupID=group_id)
        return
    alice.call("quitGroup", groupID=group_id)
    assert "" == info(bob, group_id)["owner"]
    assert [200, 200] == [m["role"] for m in bob.call("getGroupMembersInfo", groupID=group_id, memberList=["bob", "carol"])]


def test_strangers_do_not_quit(stage: Stage) -> None:
    """Who is no member is refused with 10007; a group that is not there with 10010."""
    group_id, _ = team(stage, "Public")
    dave = stage.enter("dave")
    assert 10007 == dave.refused("quitGroup", groupID=group_id)
    assert 10010 == dave.refused("quitGroup", groupID="none")


def test_mute_outlasts_leaving(stage: Stage) -> None:
    """Leaving and coming back does not lift a mute."""
    group_id, (alice, bob, _) = team(stage, "Community")
    alice.call("muteGroupMember", groupID=group_id, userID="bob", seconds=60)
    bob.call("quitGroup", groupID=group_id)
    bob.call("joinGroup", groupID=group_id, message="")
    (member,) = bob.call("getGroupMembersInfo", groupID=group_id, memberList=["bob"])
    assert stage.now_s() + 60 == member["muteUntil"]


# --- throwing out


@pytest.mark.parametrize("group_type", ["Work", "Public", "Community", "AVChatRoom"])
def test_kicking_is_told_to_all(stage: Stage, group_type: str) -> None:
    """All members hear who was thrown out by whom, those thrown out too, once; and the group says so."""
    group_id, (alice, bob, carol) = team(stage, group_type)
    items = alice.call("kickGroupMember", groupID=group_id, memberList=["carol", "dave", "alice"], reason="r")
    assert {"carol": 1, "dave": 2, "alice": 0} == _results(items)
    for phone in (alice, bob, carol):
        heard = phone.heard()
        assert ["onMemberKicked", "onRecvNewMessage"] == [kind for kind, _ in heard][:2]
        assert 1 == [kind for kind, _ in heard].count("onMemberKicked")
        assert ("alice", ["carol"]) == (heard[0][1]["opUser"]["userID"], ids(heard[0][1]["memberList"]))
        assert (4, 2) == (heard[1][1]["groupTipsElem"]["type"], heard[1][1]["groupTipsElem"]["memberCount"])
    assert 10007 == carol.refused("getGroupMembersInfo", groupID=group_id, memberList=["bob"])


def test_kicking_from_a_meeting_tells_the_kicked_alone(stage: Stage) -> None:
    """A Meeting tells nobody but who was thrown out."""
    group_id, (alice, bob, carol) = team(stage, "Meeting")
    alice.call("kickGroupMember", groupID=group_id, memberList=["carol"])
    assert (["onMemberKicked"], [], []) == (carol.heard_types(), bob.heard_types(), alice.heard_types())


def test_administrators_kick_members_alone(stage: Stage) -> None:
    """An administrator throws members out, not the owner or another administrator: item 0."""
    group_id, (alice, bob, _) = team(stage, "Public", "alice", "bob", "carol", memberList=[
        {"userID": "bob", "role": 300}, {"userID": "carol", "role": 300}, {"userID": "dave", "role": 200}])
    items = bob.call("kickGroupMember", groupID=group_id, memberList=["alice", "carol", "dave", "bob"])
    assert {"alice": 0, "carol": 0, "dave": 1, "bob": 0} == _results(items)
    assert 3 == info(alice, group_id)["memberCount"]


@pytest.mark.parametrize("group_type", TYPES)
def test_members_do_not_kick(stage: Stage, group_type: str) -> None:
    """An ordinary member is refused with 10007."""
    group_id, (_, bob, _) = team(stage, group_type)
    assert 10007 == bob.refused("kickGroupMember", groupID=group_id, memberList=["carol"])


@pytest.mark.parametrize(("users", "code"), [([], 8510), ([f"u{n}" for n in range(21)], 10005)])
def test_kicking_nobody_or_too_many(stage: Stage, users: list[str], code: int) -> None:
    """Nobody is 8510, more than 20 at once 10005."""
    group_id, (alice, _, _) = team(stage, "Public")
    assert code == alice.refused("kickGroupMember", groupID=group_id, memberList=users)


def test_kicked_for_a_time() -> None:
    """Who was thrown out for some seconds comes back after them; a Community keeps nobody out."""
    stage = Stage()
    group_id, (alice, bob, _) = team(stage, "Meeting")
    alice.call("kickGroupMember", groupID=group_id, memberList=["bob"], duration=60)
    assert 10007 == bob.refused("joinGroup", groupID=group_id, message="")
    assert 10007 == alice.refused("inviteUserToGroup", groupID=group_id, userList=["bob"])
    stage.advance(60_000)
    bob.call("joinGroup", groupID=group_id, message="")
    group_id, (alice, bob, _) = team(stage, "Community")
    alice.call("kickGroupMember", groupID=group_id, memberList=["bob"], duration=60)
    bob.call("joinGroup", groupID=group_id, message="")


def test_kicked_for_a_time_is_not_invited() -> None:
    """Who was thrown out for some seconds is not brought back either: item 0."""
    stage = Stage()
    group_id, (alice, _, _) = team(stage, "Work")
    alice.call("kickGroupMember", groupID=group_id, memberList=["bob"], duration=60)
    assert {"bob": 0} == _results(alice.call("inviteUserToGroup", groupID=group_id, userList=["bob"]))


def test_live_room_kick_is_for_ever(stage: Stage) -> None:
    """Who was thrown out of a live room cannot come back."""
    group_id, (alice, bob, _) = team(stage, "AVChatRoom")
    alice.call("kickGroupMember", groupID=group_id, memberList=["bob"])
    stage.advance(365 * 24 * 3600 * 1000)
    assert 10007 == bob.refused("joinGroup", groupID=group_id, message="")


# --- ending


@pytest.mark.parametrize("group_type", ["Public", "Meeting", "Community", "AVChatRoom"])
def test_dismissing_is_told_to_all(stage: Stage, group_type: str) -> None:
    """All members hear that their group is gone, the owner too; calls on it are refused with 10010, its conversation stays."""
    group_id, phones = team(stage, group_type)
    alice, bob, _ = phones
    listed = len(bob.call("getConversationList", nextSeq="0", count=10)["conversationList"])
    alice.call("dismissGroup", groupID=group_id)
    for phone in phones:
        assert "alice" == phone.heard_one("onGroupDismissed")["opUser"]["userID"]
    for method in ("getGroupMemberList", "joinGroup", "quitGroup", "dismissGroup"):
        assert 10010 == bob.refused(method, groupID=group_id, message="", filter=0, nextSeq="0")
    assert 10010 == bob.call("getGroupsInfo", groupIDList=[group_id])[0]["resultCode"]
    assert listed == len(bob.call("getConversationList", nextSeq="0", count=10)["conversationList"])
    assert [] == alice.call("getJoinedGroupList")


def test_owner_ends_a_live_room_from_outside(stage: Stage) -> None:
    """The owner of a live room may end it without having joined, and hears of it."""
    (alice,) = cast(stage, "alice")
    group_id = create(alice, "AVChatRoom")
    alice.heard()
    alice.call("dismissGroup", groupID=group_id)
    assert ["onGroupDismissed"] == alice.heard_types()


@pytest.mark.parametrize("group_type", TYPES)
def test_others_do_not_dismiss(stage: Stage, group_type: str) -> None:
    """Only the owner ends a group (10007), and nobody a Work group."""
    group_id, (alice, bob, _) = team(stage, group_type)
    assert 10007 == bob.refused("dismissGroup", groupID=group_id)
    if group_type == "Work":
        assert 10007 == alice.refused("dismissGroup", groupID=group_id)


def test_who_has_left_sees_the_last_known_name(stage: Stage) -> None:
    """The conversation keeps the name and picture that the group had when the user left; back in it, it shows those of now."""
    group_id, (alice, bob, _) = team(stage, "Public", groupName="before", faceUrl="old", addOpt=2)
    alice.send("hi", group=group_id)
    bob.call("quitGroup", groupID=group_id)
    alice.call("setGroupInfo", groupID=group_id, groupType="Public", groupName="after", faceUrl="new")
    seen = [phone.conversation(f"group_{group_id}") for phone in (alice, bob)]
    assert [("after", "new"), ("before", "old")] == [(row["showName"], row["faceUrl"]) for row in seen]
    bob.call("joinGroup", groupID=group_id, message="")
    assert "after" == bob.conversation(f"group_{group_id}")["showName"]
