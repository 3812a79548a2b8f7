"""`bridge.user.invitations`: who is called and has not answered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.line import Line


@pytest.fixture
def line() -> Line:
    """Return a connection on which alice is logged in and listens."""
    line = Line()
    line.start("alice")
    return line


def open_for(line: Line, user: str) -> Any:
    """Return the invitations of a user."""
    return line.ask("bridge.user.invitations", user=user)["invitations"]


def test_invitation_is_listed_for_both(line: Line) -> None:
    """With all that its parties know of it, until it is answered."""
    invite_id = line.call("invite", invitee="bob", data="{}", timeout=30)
    sent_ms = line.ask("bridge.clock.now")["ms"]
    found = open_for(line, "bob")
    assert found == open_for(line, "alice")
    assert sent_ms >= found[0].pop("sentMs")
    wanted = {"inviteID": invite_id, "inviter": "alice", "groupID": "", "inviteeList": ["bob"], "data": "{}", "timeout": 30}
    assert [wanted] == found
    assert [] == open_for(line, "carol")
    line.ask("bridge.user.call", user="bob", method="accept", arguments={"inviteID": invite_id, "data": ""})
    assert [] == open_for(line, "bob") == open_for(line, "alice")


def test_group_invitation_goes_on_for_others(line: Line) -> None:
    """Whoever has answered does not see it any more; who has made it does."""
    members = [{"userID": user, "role": 200} for user in ("bob", "carol")]
    line.call("createGroup", groupType="Work", groupID="g", groupName="g", memberList=members)
    invite_id = line.call("inviteInGroup", groupID="g", inviteeList=["bob", "carol"], data="", timeout=30)
    line.ask("bridge.user.call", user="bob", method="reject", arguments={"inviteID": invite_id, "data": ""})
    assert [] == open_for(line, "bob")
    assert [["carol"]] == [one["inviteeList"] for one in open_for(line, "carol")]
    assert [["carol"]] == [one["inviteeList"] for one in open_for(line, "alice")]


def test_invitations_are_in_order_and_run_out(line: Line) -> None:
    """The oldest first; what has run out is none, and to look changes nothing."""
    first = line.call("invite", invitee="bob", data="", timeout=30)
    line.ask("bridge.clock.advance", ms=1000)
    second = line.call("invite", invitee="bob", data="", timeout=10)
    before = line.snapshot()
    assert [first, second] == [one["inviteID"] for one in open_for(line, "bob")]
    assert before == line.snapshot()
    line.ask("bridge.clock.advance", ms=11_000)
    assert [first] == [one["inviteID"] for one in open_for(line, "bob")]
