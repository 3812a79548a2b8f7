"""Invitations in groups: everybody hears, those who are named answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from attrs import evolve

from bridge.world.chats import messages
from bridge.world.groups import groups
from bridge.world.kernel.devices import DEVICES
from tests.support.stage import Phone, Stage

EVENTS = {
    "onReceiveNewInvitation",
    "onInviteeAccepted",
    "onInviteeRejected",
    "onInvitationCancelled",
    "onInvitationTimeout",
}
SDK = {"sdkAppID": 1, "logLevel": 0, "listenerUuid": "sdk", "uiPlatform": 0, "showImLog": False}


def crew(stage: Stage, *names: str, group_type: str = "Public") -> list[Phone]:
    """Return the devices of users who are in the group "g"."""
    group = groups.Group("g", group_type, name="G", owner=names[0], opened=True)
    members = [groups.Member("g", name, groups.OWNER if name == names[0] else groups.MEMBER) for name in names]

    def settle() -> None:
        stage.world[groups.GROUPS].put("g", group)
        for member in members:
            stage.world[groups.MEMBERS].put(("g", member.user_id), member)

    stage.emulator.run(settle)
    return [stage.enter(name) for name in names]


def rings(phone: Phone) -> list[tuple[str, Any]]:
    """Return what a device has heard of invitations since the last look."""
    return phone.heard(*EVENTS)


def invite(phone: Phone, *names: str, **options: Any) -> str:
    """Call members of the group; return the id of the invitation."""
    arguments = {"data": "meet", "timeout": 30, "onlineUserOnly": False, **options}
    invite_id: str = phone.call("inviteInGroup", groupID="g", inviteeList=list(names), **arguments)
    return invite_id


def steps(stage: Stage) -> list[tuple[int, list[str], str]]:
    """Return (action type, invitees, sender) of the group's messages, the oldest first."""
    table = stage.world[messages.MESSAGES]
    rows = [table[msg_id] for msg_id in table.index("channel").newer(("group", "g"))]
    said = [json.loads(row.elems[0].data) for row in rows]
    return [(one["actionType"], one["inviteeList"], row.sender) for one, row in zip(said, rows, strict=True)]


def test_all_members_hear_of_it(stage: Stage) -> None:
    """Every other member hears, called or not, and finds in the list whether to ring."""
    alice, bob, carol, dave = crew(stage, "alice", "bob", "carol", "dave")
    invite_id = invite(alice, "bob", "carol")
    expected = {
        "inviteID": invite_id,
        "inviter": "alice",
        "groupID": "g",
        "inviteeList": ["bob", "carol"],
        "data": "meet",
    }
    for phone in (bob, carol, dave):
        assert [("onReceiveNewInvitation", expected)] == rings(phone)
    assert [] == rings(alice)
    assert [(1, ["bob", "carol"], "alice")] == steps(stage)


def test_one_answer_leaves_others_open(stage: Stage) -> None:
    """One accepts, all members hear; the silent one is the only one in the list when the time is up."""
    alice, bob, carol, dave = crew(stage, "alice", "bob", "carol", "dave")
    invite_id = invite(alice, "bob", "carol")
    for phone in (alice, bob, carol, dave):
        phone.heard()
    bob.call("accept", inviteID=invite_id, data="yes")
    for phone in (alice, carol, dave):
        expected = ("onInviteeAccepted", {"inviteID": invite_id, "invitee": "bob", "data": "yes"})
        assert [expected] == rings(phone)
    assert [] == rings(bob)
    stage.advance(30_000)
    for phone in (alice, bob, carol, dave):
        assert [("onInvitationTimeout", {"inviteID": invite_id, "inviteeList": ["carol"]})] == rings(phone)
    assert [(1, ["bob", "carol"], "alice"), (3, ["bob"], "bob"), (5, ["carol"], "carol")] == steps(stage)


def test_all_answered_means_no_timeout(stage: Stage) -> None:
    """When nobody is open any more, nothing fires, and taking it back is 8010."""
    alice, bob, carol = crew(stage, "alice", "bob", "carol")
    invite_id = invite(alice, "bob", "carol")
    bob.call("accept", inviteID=invite_id, data="")
    carol.call("reject", inviteID=invite_id, data="")
    assert 8010 == alice.refused("cancel", inviteID=invite_id, data="")
    for phone in (alice, bob, carol):
        phone.heard()
    stage.advance(60_000)
    assert [] == rings(alice) == rings(bob) == rings(carol)


def test_cancel_closes_the_open_ones(stage: Stage) -> None:
    """All other members hear of it; who has accepted stays, who has not cannot any more."""
    alice, bob, carol = crew(stage, "alice", "bob", "carol")
    invite_id = invite(alice, "bob", "carol")
    bob.call("accept", inviteID=invite_id, data="")
    bob.heard(), carol.heard()
    alice.call("cancel", inviteID=invite_id, data="off")
    for phone in (bob, carol):
        expected = ("onInvitationCancelled", {"inviteID": invite_id, "inviter": "alice", "data": "off"})
        assert [expected] == rings(phone)
    assert 8010 == carol.refused("accept", inviteID=invite_id, data="")
    row = stage.world.tables["invitations"].rows[invite_id]
    assert {"bob": "accepted", "carol": "cancelled"} == row.states


def test_member_who_is_not_called_cannot_answer(stage: Stage) -> None:
    """A member who hears of it and is not named gets 8011."""
    alice, _, dave = crew(stage, "alice", "bob", "dave")
    invite_id = invite(alice, "bob")
    for method in ("accept", "reject", "cancel"):
        assert 8011 == dave.refused(method, inviteID=invite_id, data="")


def test_stranger_in_the_list_hears_nothing(stage: Stage) -> None:
    """Whoever is named and is no member is not called: the invitation is void for them."""
    alice, bob = crew(stage, "alice", "bob")
    eve = stage.enter("eve")
    invite_id = invite(alice, "bob", "eve")
    assert [] == rings(eve)
    assert 8010 == eve.refused("accept", inviteID=invite_id, data="")
    bob.call("accept", inviteID=invite_id, data="")
    alice.heard()
    stage.advance(30_000)
    assert ["eve"] == alice.heard_one("onInvitationTimeout")["inviteeList"]


def test_inviters_who_name_themselves(stage: Stage) -> None:
    """Their own invitation never rings, neither now nor at the next login; they can answer it and take it back, and it runs out."""
    alice, bob = crew(stage, "alice", "bob")
    invite_id, other = invite(alice, "alice", "bob"), invite(alice, "alice")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    assert [] == rings(alice) == rings(tablet)
    assert 2 == len(rings(bob))
    alice.close()
    again = stage.enter("alice", "again")
    again.call("logout")
    again.heard()
    again.login("alice")
    assert [] == rings(again)
    again.call("accept", inviteID=invite_id, data="me")
    expected = ("onInviteeAccepted", {"inviteID": invite_id, "invitee": "alice", "data": "me"})
    assert [expected] == rings(bob) == rings(tablet)
    again.call("cancel", inviteID=other, data="")
    assert other == bob.heard_one("onInvitationCancelled")["inviteID"]
    stage.advance(30_000)
    assert [("onInvitationTimeout", {"inviteID": invite_id, "inviteeList": ["bob"]})] == rings(again)


@pytest.mark.parametrize("method", ["accept", "reject"])
def test_who_has_answered_is_not_called_again(stage: Stage, method: str) -> None:
    """After a restart an invitation that is open for others alone does not ring; it is known, and answered already."""
    alice, bob, carol = crew(stage, "alice", "bob", "carol")
    invite_id = invite(alice, "bob", "carol")
    bob.call(method, inviteID=invite_id, data="")
    for phone in (bob, carol):
        phone.call("logout")
        phone.heard()
        phone.login(phone.user)
    assert [] == rings(bob)
    assert ["onReceiveNewInvitation"] == [kind for kind, _ in rings(carol)]
    assert 8010 == bob.refused(method, inviteID=invite_id, data="")
    stage.advance(30_000)
    assert ["carol"] == bob.heard_one("onInvitationTimeout")["inviteeList"]


def test_named_twice_is_called_once(stage: Stage) -> None:
    """The list that others see names each invitee once."""
    alice, bob = crew(stage, "alice", "bob")
    invite(alice, "bob", "bob")
    assert ["bob"] == bob.heard_one("onReceiveNewInvitation")["inviteeList"]


@pytest.mark.parametrize(
    ("group_id", "code"), [("none", 10010), ("closed", 10007), ("é", 10015)], ids=["unknown", "foreign", "malformed"]
)
@pytest.mark.parametrize("online_only", [False, True])
def test_group_has_to_be_mine(stage: Stage, group_id: str, code: int, online_only: bool) -> None:
    """An unknown group is 10010, one that I am not in 10007, an impossible id 10015; nothing stays of it."""
    (alice,) = crew(stage, "alice")
    stage.emulator.run(lambda: stage.world[groups.GROUPS].put("closed", groups.Group("closed", "Public", owner="x")))
    arguments = {"inviteeList": ["bob"], "data": "", "timeout": 30, "onlineUserOnly": online_only}
    assert code == alice.refused("inviteInGroup", groupID=group_id, **arguments)


def test_nobody_called_is_refused(stage: Stage) -> None:
    """An empty list is 6017 on Android; the iOS adapter refuses it itself."""
    (alice,) = crew(stage, "alice")
    arguments = {"groupID": "g", "inviteeList": [], "data": "", "timeout": 30}
    reply = alice.reply("inviteInGroup", **arguments)
    if stage.goes_by_ios:
        assert {"code": -1, "desc": "InviteeList can not be empty"} == reply
    else:
        assert 6017 == reply["code"]
    assert reply["code"] == alice.refused("inviteInGroup", **arguments)
    assert 6017 == alice.refused("inviteInGroup", **{**arguments, "groupID": "", "inviteeList": ["bob"]})


def test_call_without_a_timeout(stage: Stage) -> None:
    """0 seconds are none: the call stays open."""
    alice, bob = crew(stage, "alice", "bob")
    invite_id = invite(alice, "bob", timeout=0)
    stage.advance(600_000)
    bob.call("accept", inviteID=invite_id, data="")


def test_muted_member_cannot_call(stage: Stage) -> None:
    """What refuses messages refuses invitations: a muted member gets 10017."""
    _, bob = crew(stage, "alice", "bob")
    table = stage.world[groups.MEMBERS]
    muted = evolve(table[("g", "bob")], muted_until_ms=stage.world.now_ms + 60_000)
    stage.emulator.run(lambda: table.put(("g", "bob"), muted))
    arguments = {"groupID": "g", "inviteeList": ["alice"], "data": "", "timeout": 30}
    assert 10017 == bob.refused("inviteInGroup", **arguments)


@pytest.mark.parametrize(("late_ms", "expected"), [(29_000, ["onReceiveNewInvitation"]), (31_000, [])])
def test_late_comer_is_told_for_thirty_seconds(stage: Stage, late_ms: int, expected: list[str]) -> None:
    """A group invitation is announced to who logs in within 30 s; later the client has to learn it from the message."""
    alice, _ = crew(stage, "alice", "bob")
    bob = stage.device("late")
    stage.emulator.close(stage.world[DEVICES].index("user").of("bob")[0])
    invite_id = invite(alice, "bob", timeout=120)
    stage.advance(late_ms)
    bob.call("initSDK", **SDK)
    bob.reply("addSignalingListener", listenerUuid="sig")
    bob.login("bob")
    assert expected == [kind for kind, _ in rings(bob)]
    if not expected:
        assert 8010 == bob.refused("accept", inviteID=invite_id, data="")
        (message,) = stage.world[messages.MESSAGES].rows.values()
        info = bob.call("getSignalingInfo", msgID=message.msg_id)
        if stage.on_windows:  # which drops the id
            assert 6017 == bob.refused("addInvitedSignaling", info=info)
            assert 8010 == bob.refused("accept", inviteID=invite_id, data="")
            return
        bob.call("addInvitedSignaling", info=info)
    bob.call("accept", inviteID=invite_id, data="")
    assert "bob" == alice.heard_one("onInviteeAccepted")["invitee"]


def test_online_only_in_group(stage: Stage) -> None:
    """Nothing is stored; members who are there hear every step."""
    alice, bob, carol = crew(stage, "alice", "bob", "carol")
    invite_id = invite(alice, "bob", onlineUserOnly=True)
    bob.call("reject", inviteID=invite_id, data="")
    assert ["onReceiveNewInvitation", "onInviteeRejected"] == carol.heard_types()
    assert ["onInviteeRejected"] == alice.heard_types()
    assert [] == steps(stage)
