"""Story 23: calls by signaling."""

from __future__ import annotations

from tests.support.stage import Stage

CREW = ("alice", "bob", "carol")


def test_call_that_is_accepted(stage: Stage) -> None:
    """The callee rings and finds the message; once accepted, nothing more can be done with the invitation."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = alice.call("invite", invitee="bob", data="{}", timeout=30, onlineUserOnly=False)
    heard = dict(bob.heard())
    assert invite_id == heard["onReceiveNewInvitation"]["inviteID"]
    assert 2 == heard["onRecvNewMessage"]["elemType"]
    bob.call("accept", inviteID=invite_id, data="{}")
    assert "bob" == alice.heard_one("onInviteeAccepted")["invitee"]
    assert 8010 == bob.refused("reject", inviteID=invite_id, data="{}")
    assert 8010 == alice.refused("cancel", inviteID=invite_id, data="{}")


def test_call_that_nobody_answers(stage: Stage) -> None:
    """After thirty seconds both hear who stayed silent."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = alice.call("invite", invitee="bob", data="", timeout=30)
    alice.heard(), bob.heard()
    stage.advance(30_000)
    for phone in (alice, bob):
        assert {"inviteID": invite_id, "inviteeList": ["bob"]} == phone.heard_one("onInvitationTimeout")


def test_callee_cannot_cancel(stage: Stage) -> None:
    """Taking back is for the caller alone."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = alice.call("invite", invitee="bob", data="", timeout=30)
    assert 8011 == bob.refused("cancel", inviteID=invite_id, data="")


def test_call_in_a_group(stage: Stage) -> None:
    """One of two accepts; the timeout lists the other one alone."""
    alice, bob, carol = (stage.enter(name) for name in CREW)
    members = [{"userID": name, "role": 200} for name in ("bob", "carol")]
    group = alice.call("createGroup", groupType="Work", groupName="crew", memberList=members)
    alice.send("hi", group=group)
    invite_id = alice.call("inviteInGroup", groupID=group, inviteeList=["bob", "carol"], data="", timeout=30)
    bob.call("accept", inviteID=invite_id, data="")
    for phone in (alice, bob, carol):
        phone.heard()
    stage.advance(30_000)
    for phone in (alice, bob, carol):
        assert {"inviteID": invite_id, "inviteeList": ["carol"]} == phone.heard_one("onInvitationTimeout")
