"""What waits for absent members of a large group: nobody can tell that it was not done at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.slices import at_once
from bridge.world.chats import backlog
from bridge.world.documents import exporting
from tests.support.line import Line
from tests.support.stage import INIT

PEOPLE = ("ann", "ben", "cid", "dot", "eve")
NEVER = 1 << 40
SEED: dict[str, Any] = {
    "version": 1,
    "groups": [
        {"group_id": name, "group_type": kind, "members": [{"user_id": "ann", "role": "owner"}, *PEOPLE[1:4]]}
        for name, kind in (("big", "Public"), ("room", "Meeting"), ("team", "Work"))
    ],
}
MENTIONED = ["", "", "ben", "cid", "__kImSDK_MesssageAtALL__"]
GROUPS = st.sampled_from(["big", "room", "team"])
LEFT_OUT = st.sampled_from(["", "last", "unread"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), GROUPS, st.sampled_from(MENTIONED), LEFT_OUT),
        st.tuples(st.sampled_from(["in", "out", "read", "clear", "list"]), st.sampled_from(PEOPLE)),
        st.tuples(st.just("option"), st.sampled_from(PEOPLE), st.sampled_from(["big", "room"]), st.sampled_from([0, 1, 2, 4])),
        st.tuples(st.sampled_from(["leave", "join"]), st.sampled_from(PEOPLE[1:]), st.sampled_from(["big", "room"])),
        st.tuples(st.sampled_from(["kick", "revoke", "modify", "mark", "back", "dismiss", "export"]), st.sampled_from(PEOPLE[1:])),
    ),
    max_size=40,
)  # fmt: skip


@contextmanager
def waiting_from(members: int) -> Iterator[None]:
    """Let messages wait in groups of so many members."""
    before, backlog.LEAST_MEMBERS = backlog.LEAST_MEMBERS, members
    try:
        yield
    finally:
        backlog.LEAST_MEMBERS = before


class Play:
    """A world in which Ann writes to groups, and others come and go."""

    def __init__(self) -> None:
        self.line = Line()
        self.line.ask("bridge.world.load", world=SEED)
        self.line.start("ann")
        self.here: set[str] = {"ann"}
        self.sent: list[Any] = []
        self.marks: list[int] = []

    def call(self, user: str, method: str, **arguments: Any) -> Any:
        """Call on the device of somebody who is here."""
        if user == "ann":
            return self.line.ask(method, **arguments)
        return self.line.ask("bridge.device.call", device=user, method=method, arguments=arguments)

    def step(self, what: str, *about: Any) -> Any:
        """Take a step. Returns all that anybody hears of it."""
        said = getattr(self, f"do_{what}")(*about)
        return said, self.line.heard()

    def do_send(self, group: str, mentioned: str, left_out: str) -> Any:
        """Write to a group."""
        if mentioned:
            made = self.line.ask("createTextAtMessage", text="hello", atUserList=[mentioned])
        else:
            made = self.line.ask("createTextMessage", text="hello")
        said = self.line.ask(
            "sendMessage", id=made["data"]["id"], receiver="", groupID=group,
            isExcludedFromLastMessage=left_out == "last", isExcludedFromUnreadCount=left_out == "unread",
        )  # fmt: skip
        if not said["code"]:
            self.sent.append(said["data"])
        return said

    def do_in(self, user: str) -> Any:
        """Start an app."""
        if user in self.here:
            return None
        self.here.add(user)
        self.line.ask("bridge.device.open", device=user)
        self.call(user, "initSDK", **INIT)
        self.call(user, "addConversationListener", listenerUuid=user)
        return self.call(user, "login", userID=user, userSig="sig")

    def do_out(self, user: str) -> Any:
        """Kill an app."""
        if user in self.here - {"ann"}:
            self.here.discard(user)
            return self.line.ask("bridge.device.close", device=user)
        return None

    def do_read(self, user: str) -> Any:
        """Read everything."""
        if user not in self.here:
            return None
        return self.call(user, "cleanConversationUnreadMessageCount", conversationID="", cleanTimestamp=0, cleanSequence=0)

    def do_clear(self, user: str) -> Any:
        """Clear a history."""
        return self.call(user, "clearGroupHistoryMessage", groupID="big") if user in self.here else None

    def do_list(self, user: str) -> Any:
        """Look at the list, and the unread total."""
        if user not in self.here:
            return None
        return self.call(user, "getConversationList", nextSeq="0", count=20), self.call(user, "getTotalUnreadMessageCount")

    def do_option(self, user: str, group: str, option: int) -> Any:
        """Choose how messages arrive."""
        return self.call(user, "setGroupReceiveMessageOpt", groupID=group, opt=option) if user in self.here else None

    def do_leave(self, user: str, group: str) -> Any:
        """Quit a group."""
        return self.call(user, "quitGroup", groupID=group) if user in self.here else None

    def do_join(self, user: str, group: str) -> Any:
        """Come into a group, from outside or back."""
        return self.line.ask("inviteUserToGroup", groupID="team", userList=[user]) if group == "big" else self._join(user, group)

    def _join(self, user: str, group: str) -> Any:
        return self.call(user, "joinGroup", groupID=group, message="", groupType="") if user in self.here else None

    def do_kick(self, user: str) -> Any:
        """Throw somebody out, who may be away."""
        return self.line.ask("kickGroupMember", groupID="big", memberList=[user], reason="")

    def do_revoke(self, _: str) -> Any:
        """Take back what was sent last."""
        return self.line.ask("revokeMessage", msgID=self.sent.pop()["msgID"]) if self.sent else None

    def do_modify(self, _: str) -> Any:
        """Change what was sent last, which waits as it was sent."""
        if not self.sent:
            return None
        changed = {**self.sent[-1], "textElem": {"text": "changed"}}
        return self.line.ask("modifyMessage", message=changed)

    def do_mark(self, _: str) -> Any:
        """Set a checkpoint."""
        self.marks.append(self.line.ask("bridge.world.checkpoint")["checkpoint"])

    def do_back(self, _: str) -> Any:
        """Go back to the last checkpoint; apps that were started since are not logged in any more."""
        if self.marks:
            self.line.ask("bridge.world.rollback", checkpoint=self.marks[-1])
            for user in sorted(self.here - {"ann"}):
                self.do_out(user)
            self.here = {"ann"}

    def do_dismiss(self, _: str) -> Any:
        """Dissolve a group."""
        return self.line.ask("dismissGroup", groupID="room")

    def do_export(self, _: str) -> Any:
        """Write everything down."""
        return self.line.ask("bridge.world.export")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_waiting_cannot_be_told(steps: list[tuple[Any, ...]]) -> None:
    """All replies, events and exports are the same, whether messages wait for absent members or not."""
    told: list[list[Any]] = []
    for members in (1, NEVER):
        with waiting_from(members):
            play = Play()
            told.append([play.step(*step) for step in (*steps, ("export", ""))])
    assert told[1] == told[0]


@pytest.mark.parametrize("count", [1, 3])
def test_absent_members_keep_nothing(count: int) -> None:
    """A message changes no conversation of those who are away, until somebody looks; then it has all."""
    with waiting_from(1):
        play = Play()
        table = play.line.world.tables["conversations"]
        for _ in range(count):
            play.do_send("big", "ben", "")
        assert [("ann", "group_big")] == list(table.rows)
        play.do_in("ben")
        found = play.do_list("ben")[0]["data"]["conversationList"]
        assert [count] == [one["unreadCount"] for one in found]
        assert [count] == [len(one["groupAtInfoList"]) for one in found]
        assert ("cid", "group_big") not in table.rows


def test_reading_a_list_changes_nothing() -> None:
    """Who is logged in has taken everything, so that the clock, which a change moves, stands still when a list is read."""
    with waiting_from(1):
        play = Play()
        play.do_send("big", "", "")
        play.do_in("ben")
        before = play.line.ask("bridge.clock.now")
        play.do_list("ben")
        play.do_send("big", "", "")
        after = play.line.ask("bridge.clock.now")
        play.do_list("ben")
        assert play.line.ask("bridge.clock.now") == after
        assert before["ms"] < after["ms"]


def test_groups_are_large_from_fifty() -> None:
    """The border is at fifty members."""
    for members, waits in ((49, False), (50, True)):
        line = Line()
        people = [f"u{number}" for number in range(members - 1)]
        group = {"group_id": "g", "group_type": "Public", "members": [{"user_id": "ann", "role": "owner"}, *people]}
        line.ask("bridge.world.load", world={"version": 1, "groups": [group]})
        line.ask("bridge.user.say", user="ann", group="g", text="hello")
        assert waits == ("backlog" in line.world.tables)


def test_export_holds_what_came_while_it_began() -> None:
    """A message that comes between the slices in which a backlog is worked off is in the document, as brought to everybody."""
    people = [f"m{number:02}" for number in range(70)]
    play = Play()
    group = {"group_id": "crowd", "group_type": "Public", "members": [{"user_id": "ann", "role": "owner"}, *people]}
    play.line.ask("bridge.world.load", world={"version": 1, "groups": [group]})
    play.line.start("ann")
    play.do_send("crowd", "", "")
    work = exporting.document(play.line.server.world().world)
    next(work)
    play.do_send("crowd", "", "")
    found = at_once(work)
    assert 2 == len(found["messages"])
    assert dict.fromkeys(people, 2) == {row["user_id"]: row["unread"] for row in found["conversations"] if "unread" in row}
