"""Applications to groups: asking, deciding, reading."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from bridge.world.groups.groups import GROUPS
from bridge.world.people import users
from tests.support.groups import create, ids, info, team, tips
from tests.support.stage import Phone, Stage


def applied(stage: Stage, text: str = "please") -> tuple[str, Phone, Phone, Phone, Phone]:
    """Let dave ask to join a Public group of alice, of bob as administrator, and of carol. All that was heard so far is forgotten."""
    group_id, (alice, bob, carol) = team(stage, "Public", addOpt=1)
    alice.call("setGroupMemberRole", groupID=group_id, userID="bob", role=300)
    dave = stage.enter("dave")
    for phone in (alice, bob, carol):
        phone.heard()
    assert dave.call("joinGroup", groupID=group_id, message=text) is None
    return group_id, alice, bob, carol, dave


def entries(phone: Phone) -> list[Any]:
    """Return the applications that a user sees."""
    found: list[Any] = phone.call("getGroupApplicationList")["groupApplicationList"]
    return found


def key(entry: Any, **other: Any) -> dict[str, Any]:
    """Return the arguments that name an application."""
    named = {name: entry[name] for name in ("groupID", "fromUser", "toUser", "addTime", "type")}
    return {**named, "reason": "r", **other}


def test_asking_is_told_to_those_who_decide(stage: Stage) -> None:
    """Owner and administrators hear who wants in and why; members and the applicant hear nothing, nobody is in yet."""
    group_id, alice, bob, carol, dave = applied(stage)
    for phone in (alice, bob):
        data = phone.heard_one("onReceiveJoinApplication")
        assert (group_id, "dave", "please") == (data["groupID"], data["member"]["userID"], data["opReason"])
    assert [] == carol.heard() + dave.heard()
    assert 3 == info(alice, group_id)["memberCount"]


def test_list_shows_who_asks(stage: Stage) -> None:
    """Those who decide find the application, unread and open, with the applicant's profile; others find nothing."""
    stage.enter("dave", "first").call("setSelfInfo", nickName="Dave", faceUrl="f")
    group_id, alice, bob, carol, dave = applied(stage)
    (entry,) = entries(bob)
    expected = {
        "groupID": group_id,
        "fromUser": "dave",
        "fromUserNickName": "Dave",
        "fromUserFaceUrl": "f",
        "toUser": "",
        "addTime": entry["addTime"],
        "requestMsg": "please",
        "handledMsg": "",
        "type": 0,
        "handleStatus": 0,
        "handleResult": 0,
    }
    assert expected == entry
    assert stage.now_s() == entry["addTime"] // 1000
    assert 1 == alice.call("getGroupApplicationList")["unreadCount"]
    for phone in (carol, dave):
        assert {"unreadCount": 0, "groupApplicationList": []} == phone.call("getGroupApplicationList")


def test_asking_again_replaces(stage: Stage) -> None:
    """Asking again takes the place of what was asked before."""
    group_id, alice, _, _, dave = applied(stage)
    dave.call("joinGroup", groupID=group_id, message="again")
    assert ["again"] == [entry["requestMsg"] for entry in entries(alice)]


def test_reading_keeps_the_list(stage: Stage) -> None:
    """Once read nothing is unread, and the list is the same; of others nothing is read by that."""
    group_id, alice, bob, _, _ = applied(stage)
    assert alice.call("setGroupApplicationRead") is None
    assert (0, 1) == (alice.call("getGroupApplicationList")["unreadCount"], len(entries(alice)))
    assert 1 == bob.call("getGroupApplicationList")["unreadCount"]
    alice.call("setGroupApplicationRead")
    stage.enter("erin").call("joinGroup", groupID=group_id, message="me too")
    assert 1 == alice.call("getGroupApplicationList")["unreadCount"]


def test_accepting_lets_in(stage: Stage) -> None:
    """The applicant hears who agreed and why, once; then everybody hears who came in."""
    group_id, alice, bob, carol, dave = applied(stage)
    assert bob.call("acceptGroupApplication", **key(entries(bob)[0])) is None
    heard = dave.heard()
    assert ["onApplicationProcessed", "onMemberEnter", "onRecvNewMessage", "onNewConversation"] == [k for k, _ in heard]
    said = heard[0][1]
    assert (group_id, "bob", True, "r") == (said["groupID"], said["opUser"]["userID"], said["isAgreeJoin"], said["opReason"])
    assert ["dave"] == ids(carol.heard_one("onMemberEnter")["memberList"])
    (tip,) = tips(bob)
    assert (1, ["dave"]) == (tip["type"], ids(tip["memberList"]))
    assert 4 == info(dave, group_id)["memberCount"]
    assert [(2, 1), (1, 1)] == [(e["handleStatus"], e["handleResult"]) for p in (bob, alice) for e in entries(p)]
    assert ["r"] == [entry["handledMsg"] for entry in entries(alice)]


def test_refusing_is_told_to_the_applicant(stage: Stage) -> None:
    """The applicant alone hears of a refusal; others see it in the list."""
    group_id, alice, bob, carol, dave = applied(stage)
    alice.heard(), bob.heard()
    alice.call("refuseGroupApplication", **key(entries(alice)[0]))
    assert [False] == [data["isAgreeJoin"] for _, data in dave.heard()]
    assert [] == alice.heard() + bob.heard() + carol.heard()
    assert (1, 0) == (entries(bob)[0]["handleStatus"], entries(bob)[0]["handleResult"])
    assert 0 == bob.call("getGroupApplicationList")["unreadCount"]
    assert 3 == info(alice, group_id)["memberCount"]


@pytest.mark.parametrize("method", ["acceptGroupApplication", "refuseGroupApplication"])
def test_answering_twice(stage: Stage, method: str) -> None:
    """Answering what was answered already is refused with 10024, whoever did it."""
    _, alice, bob, _, _ = applied(stage)
    named = key(entries(alice)[0])
    bob.call("refuseGroupApplication", **named)
    assert 10024 == alice.refused(method, **named)


@pytest.mark.parametrize("method", ["acceptGroupApplication", "refuseGroupApplication"])
@pytest.mark.parametrize("wrong", [{"toUser": "x"}, {"addTime": 1_700_000_000}, {"addTime": None}, {"type": 1}])
def test_adapters_compare_fields(stage: Stage, method: str, wrong: dict[str, Any]) -> None:
    """Android finds an application by all five fields, else -2; Windows all but the time, else 6017; iOS goes by group and applicant."""
    _, alice, _, _, _ = applied(stage)
    named = key(entries(alice)[0], **wrong)
    if stage.goes_by_ios or (stage.on_windows and "addTime" in wrong):
        alice.call(method, **named)
        return
    if stage.on_windows:
        assert 6017 == alice.refused(method, **named)
        return
    before = stage.snapshot()
    reply = alice.reply(method, **named)
    assert {"code": -2, "desc": "application not found"} == reply
    assert before == stage.snapshot()


@pytest.mark.parametrize("wrong", [{"groupID": "other"}, {"fromUser": "erin"}])
def test_unknown_applications(stage: Stage, wrong: dict[str, Any]) -> None:
    """An application that there is not is refused: with -2 by Android's adapter, with 6017 behind the others."""
    _, alice, _, _, _ = applied(stage)
    named = key(entries(alice)[0], **wrong)
    assert (6017 if stage.goes_by_ios or stage.on_windows else -2) == alice.refused("acceptGroupApplication", **named)


def test_others_do_not_decide(stage: Stage) -> None:
    """A member finds no application to answer."""
    _, alice, _, carol, _ = applied(stage)
    named = key(entries(alice)[0])
    assert (6017 if stage.goes_by_ios or stage.on_windows else -2) == carol.refused("acceptGroupApplication", **named)


def test_full_group_accepts_nobody(stage: Stage) -> None:
    """Letting somebody into a full group is refused with 10014; the application stays open."""
    group_id, alice, _, _, _ = applied(stage)
    table = stage.world[GROUPS]
    table.put(group_id, evolve(table[group_id], max_members=3))
    assert 10014 == alice.refused("acceptGroupApplication", **key(entries(alice)[0]))
    assert 0 == entries(alice)[0]["handleStatus"]


def test_accepting_who_is_in(stage: Stage) -> None:
    """Who has come in another way meanwhile hears the answer; nobody comes in twice."""
    group_id, alice, bob, _, dave = applied(stage)
    alice.call("setGroupInfo", groupID=group_id, groupType="Public", addOpt=2)
    dave.call("joinGroup", groupID=group_id, message="")
    for phone in (bob, dave):
        phone.heard()
    alice.call("acceptGroupApplication", **key(entries(alice)[0]))
    assert (["onApplicationProcessed"], []) == (dave.heard_types(), bob.heard())


def test_accepting_an_invitation() -> None:
    """Agreeing to a member's proposal tells the proposer, and lets everybody hear who was invited by whom."""
    stage = Stage()
    group_id, (alice, bob, carol) = team(stage, "Public", approveOpt=1)
    dave = stage.enter("dave")
    bob.call("inviteUserToGroup", groupID=group_id, userList=["dave"])
    (entry,) = entries(alice)
    assert ("bob", "dave", 2) == (entry["fromUser"], entry["toUser"], entry["type"])
    alice.call("acceptGroupApplication", **key(entry))
    assert "onApplicationProcessed" in bob.heard_types()
    invited = dave.heard_one("onMemberInvited")
    assert ("bob", ["dave"]) == (invited["opUser"]["userID"], ids(invited["memberList"]))
    assert "onApplicationProcessed" not in carol.heard_types()


def test_null_type_is_not_answered() -> None:
    """Without a type the Android adapter throws before it looks, and never answers."""
    stage = Stage()
    _, alice, _, _, _ = applied(stage)
    error = alice.error("acceptGroupApplication", **key(entries(alice)[0], type=None))
    assert (-32001, "unanswered") == (error.code, error.data["reason"])


def test_gone_groups_have_no_applications(stage: Stage) -> None:
    """Applications to a group that was dismissed are in nobody's list."""
    group_id, alice, _, _, _ = applied(stage)
    other = create(alice, "Public", addOpt=1)
    stage.enter("erin").call("joinGroup", groupID=other, message="")
    alice.call("dismissGroup", groupID=group_id)
    assert [other] == [entry["groupID"] for entry in entries(alice)]


# --- invitations of which the invited one is asked


def asking(stage: Stage, **options: Any) -> tuple[str, list[Any], Any]:
    """Return a Public group of alice, bob and carol, and dave, who wants to be asked before somebody brings him into a group."""
    group_id, team_ = team(stage, "Public", **options)
    dave = stage.enter("dave")
    users.save(stage.world, evolve(users.profile(stage.world, "dave"), asked_first=True))
    return group_id, list(team_), dave


def members(phone: Phone, group_id: str) -> list[str]:
    """Return who is in a group, as a member sees it."""
    found = phone.call("getGroupMemberList", groupID=group_id, filter=0, nextSeq="0")
    return ids(found["memberInfoList"])


@pytest.mark.parametrize("agrees", [True, False])
def test_invited_user_is_asked(agrees: bool) -> None:
    """Who wants to be asked is not brought in: the invitation waits in that user's own list, and the answer is the user's alone."""
    stage = Stage()
    group_id, (alice, bob, _), dave = asking(stage, approveOpt=2)
    assert [("dave", 3)] == [
        (one["memberID"], one["result"]) for one in bob.call("inviteUserToGroup", groupID=group_id, userList=["dave"])
    ]
    (entry,) = entries(dave)
    assert ("bob", "dave", 1, 0) == (entry["fromUser"], entry["toUser"], entry["type"], entry["handleStatus"])
    assert [] == entries(alice)
    assert "dave" not in members(alice, group_id)

    bob.heard()
    dave.call("acceptGroupApplication" if agrees else "refuseGroupApplication", **key(entry, reason="well"))
    told = bob.heard_one("onApplicationProcessed")
    assert (group_id, agrees, "well") == (told["groupID"], told["isAgreeJoin"], told["opReason"])
    assert agrees is ("dave" in members(alice, group_id))
    assert (2, int(agrees)) == (entries(dave)[0]["handleStatus"], entries(dave)[0]["handleResult"])
    assert 10024 == dave.refused("acceptGroupApplication", **key(entry))


def test_invited_user_is_asked_last() -> None:
    """Where an administrator has a say, the invited user is asked behind that one."""
    stage = Stage()
    group_id, (alice, bob, _), dave = asking(stage, approveOpt=1)
    bob.call("inviteUserToGroup", groupID=group_id, userList=["dave"])
    assert [] == entries(dave)
    alice.call("acceptGroupApplication", **key(entries(alice)[0]))
    assert "dave" not in members(alice, group_id)
    (entry,) = entries(dave)
    assert ("bob", "dave", 1) == (entry["fromUser"], entry["toUser"], entry["type"])
    dave.call("acceptGroupApplication", **key(entry))
    assert "dave" in members(alice, group_id)


def test_asked_user_has_no_say_elsewhere() -> None:
    """An invitation of somebody else is in nobody's list but that one's; one to a group that is gone is in none."""
    stage = Stage()
    group_id, (alice, bob, carol), dave = asking(stage, approveOpt=2)
    bob.call("inviteUserToGroup", groupID=group_id, userList=["dave"])
    assert [[], [], []] == [entries(app) for app in (alice, bob, carol)]
    before = stage.snapshot()
    assert 0 != carol.refused("acceptGroupApplication", **key(entries(dave)[0]))
    assert before == stage.snapshot()
    alice.call("dismissGroup", groupID=group_id)
    assert [] == entries(dave)


def test_wish_to_be_asked_is_written_down() -> None:
    """A world file says who wants to be asked."""
    stage = Stage()
    stage.emulator.load({"version": 1, "users": [{"user_id": "dave", "asked_first": True}]})
    assert [True] == [user["asked_first"] for user in stage.emulator.export()["users"] if user["user_id"] == "dave"]
