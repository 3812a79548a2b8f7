"""A device that is away while another one of the same user deletes: it keeps what it had, and reads what it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.stage import Phone, Stage

ENTERED = ("onMemberInvited", "onMemberEnter")
CONVERSATION_EVENTS = ("onNewConversation", "onConversationChanged", "onConversationDeleted")
TWO = ["c2c_bob", "group_g"]


class Away:
    """Two devices of alice, of which the tablet goes away, and bob who writes to her."""

    def __init__(self, stage: Stage, way: str) -> None:
        self.stage, self.way = stage, way
        self.bob, self.phone = stage.enter("bob"), stage.enter("alice", "phone")
        self.tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
        members = [{"userID": "alice", "role": 200}]
        self.bob.call("createGroup", groupType="Public", groupID="g", groupName="crew", memberList=members)
        self.say("one")
        self.before = sees(self.tablet)

    def say(self, text: str) -> None:
        """Have bob say something to alice, and in the group."""
        self.bob.send(text, to="alice")
        self.bob.send(text, group="g")

    def leave(self) -> None:
        """Let the tablet go away."""
        if self.way == "cut":
            self.tablet.cut()
        elif self.way == "logout":
            self.tablet.call("logout")
        else:
            self.tablet.close()

    def come_back(self, *others: str) -> list[tuple[str, Any]]:
        """Let the tablet come back; return what it is told of conversations and messages, and by other types of events."""
        if self.way == "cut":
            assert self.before == sees(self.tablet)
            self.tablet.heard()
            self.tablet.mend()
        elif self.way == "logout":
            self.tablet.heard()
            self.tablet.login("alice")
        else:
            self.tablet = self.stage.device("tablet", platform=self.stage.other_platform)
            self.tablet.start("nobody")
            self.tablet.call("logout")
            self.tablet.heard()
            self.tablet.login("alice")
        return self.tablet.heard(*CONVERSATION_EVENTS, "onRecvNewMessage", *others)


def sees(phone: Phone) -> str:
    """Return what a device reads of conversations, as one text."""
    found = [phone.call("getConversationList", nextSeq="0", count=20), phone.call("getTotalUnreadMessageCount")]
    found.append(phone.history(user="bob", count=20))
    found.append(phone.history(group="g", count=20))
    return json.dumps(found)


def texts(phone: Phone) -> list[list[str]]:
    """Return the texts of the two histories, the newest first."""
    c2c = phone.history(user="bob", count=20)
    group = phone.history(group="g", count=20)
    return [[one["textElem"]["text"] for one in rows if one["elemType"] == 1] for rows in (c2c, group)]


def listed(phone: Phone) -> list[str]:
    """Return the ids of a device's conversations."""
    return [one["conversationID"] for one in phone.call("getConversationList", nextSeq="0", count=20)["conversationList"]]


def delete_conversations(phone: Phone) -> None:
    """Delete both conversations with their messages."""
    for name in TWO:
        phone.call("deleteConversation", conversationID=name)


def delete_messages(phone: Phone) -> None:
    """Delete the last messages of both conversations for good."""
    for name in TWO:
        phone.call("deleteMessages", msgIDs=[phone.conversation(name)["lastMessage"]["msgID"]])


ways = pytest.mark.parametrize("way", ["cut", "logout", "kill"])
doings = pytest.mark.parametrize("delete", [delete_conversations, delete_messages])


@ways
@doings
def test_away_app_keeps_what_it_had(stage: Stage, way: str, delete: Callable[[Phone], None]) -> None:
    """What another device deletes meanwhile is still there: nothing of it is told, and all reads answer as before."""
    away = Away(stage, way)
    away.leave()
    delete(away.phone)
    assert [] == away.come_back()
    assert away.before == sees(away.tablet)
    assert away.before != sees(away.phone)


@ways
@doings
def test_what_it_never_had_is_lost(stage: Stage, way: str, delete: Callable[[Phone], None]) -> None:
    """A message that came and was deleted meanwhile never reaches it, though it may have moved the conversation; the next one does."""
    away = Away(stage, way)
    away.leave()
    away.say("two")
    delete(away.phone)
    moved = ["onConversationChanged"] if delete is delete_messages else []
    assert moved == [kind for kind, _ in away.come_back()]
    assert [["one"]] * 2 == texts(away.tablet)
    assert ["group_g", "c2c_bob"] == listed(away.tablet)
    away.say("three")
    assert [["three", "one"]] * 2 == texts(away.tablet)
    changed = [row["conversationID"] for kind, rows in away.tablet.heard(*CONVERSATION_EVENTS) for row in rows]
    assert {"c2c_bob", "group_g"} == set(changed)


@ways
def test_it_is_told_what_came_after(stage: Stage, way: str) -> None:
    """Messages that came after the deletion are told, behind those that the app had; nothing is new that it has."""
    away = Away(stage, way)
    away.leave()
    delete_conversations(away.phone)
    away.say("two")
    told = away.come_back()
    assert not [kind for kind, _ in told if kind == "onNewConversation"]
    changed = [row["conversationID"] for kind, rows in told if kind == "onConversationChanged" for row in rows]
    assert {"c2c_bob", "group_g"} == set(changed)
    assert [["two", "one"]] * 2 == texts(away.tablet)
    assert [["two"]] * 2 == texts(away.phone)


@ways
def test_several_deletions_leave_holes(stage: Stage, way: str) -> None:
    """The app has what it was there for, and nothing of between, however often it was away and the other device deleted."""
    away = Away(stage, way)
    for text in ("two", "four"):
        away.leave()
        away.say(text)
        delete_conversations(away.phone)
        away.come_back()
        away.say("there")
        away.before = sees(away.tablet)
    away.phone.call("deleteConversation", conversationID="c2c_bob")
    assert [["there", "there", "one"]] * 2 == texts(away.tablet)
    assert away.before == sees(away.tablet)


def test_unlisted_alone_stays_readable(stage: Stage) -> None:
    """Where the other device deletes conversations without their messages, the app has what came meanwhile as well."""
    if not stage.has("deleteConversationList"):
        assert stage.family == "im-5.0"
        return
    away = Away(stage, "cut")
    away.leave()
    away.say("two")
    away.phone.call("deleteConversationList", conversationIDList=TWO, clearMessage=False)
    told = away.come_back()
    assert [["two", "one"]] * 2 == texts(away.tablet)
    assert sorted(TWO) == sorted(listed(away.tablet))
    assert "onConversationChanged" in [kind for kind, _ in told]
    assert [] == listed(away.phone)


@ways
def test_shared_deletions_are_told(stage: Stage, way: str) -> None:
    """Where the console shares deletions they reach the app when it is back."""
    stage = Stage(stage.dialect, stage.platform, policy=Policy(switches={"sync_conversation_deletion": True}))
    away = Away(stage, way)
    away.leave()
    delete_conversations(away.phone)
    told = away.come_back()
    wanted = [[name] for name in TWO] if stage.has("onConversationDeleted") else []
    assert wanted == [data for kind, data in told if kind == "onConversationDeleted"]
    assert ([], [[], []]) == (listed(away.tablet), texts(away.tablet))


@ways
def test_cleared_histories_are_shared(stage: Stage, way: str) -> None:
    """A history that was cleared is cleared for the app when it is back, which is told so; what it keeps locally goes as well."""
    away = Away(stage, way)
    away.tablet.call("insertC2CMessageToLocalStorage", data="mine", userID="bob", sender="bob")
    away.before = sees(away.tablet)
    away.leave()
    away.phone.call("clearC2CHistoryMessage", userID="bob")
    rows = [row for kind, rows in away.come_back() if kind == "onConversationChanged" for row in rows]
    assert [("c2c_bob", None)] == [(row["conversationID"], row.get("lastMessage")) for row in rows]
    assert [] == texts(away.tablet)[0]


def test_own_doings_survive_deletions(stage: Stage) -> None:
    """What the app has inserted and deleted by itself without a network stands, whatever the other device deletes meanwhile."""
    away = Away(stage, "cut")
    away.say("two")
    away.leave()
    away.tablet.call("deleteMessageFromLocalStorage", msgID=away.tablet.conversation("c2c_bob")["lastMessage"]["msgID"])
    mine = away.tablet.call("insertC2CMessageToLocalStorage", data="mine", userID="carol", sender="carol")
    away.before = sees(away.tablet)
    away.say("three")
    away.phone.call("deleteConversation", conversationID="c2c_bob")
    away.phone.call("deleteConversation", conversationID="c2c_carol")
    away.come_back()
    assert ["group_g", "c2c_carol", "c2c_bob"] == listed(away.tablet)
    assert [["one"], ["three", "two", "one"]] == texts(away.tablet)
    assert mine["msgID"] == away.tablet.conversation("c2c_carol")["lastMessage"]["msgID"]
    assert ["group_g"] == listed(away.phone)


def test_documents_hold_what_is_kept(stage: Stage) -> None:
    """In another process the app that was away comes back to the same."""
    away = Away(stage, "kill")
    away.leave()
    away.say("two")
    delete_conversations(away.phone)
    document = json.loads(json.dumps(stage.emulator.export()))
    away.stage = Stage(stage.dialect, stage.platform, world=document)
    assert document == away.stage.emulator.export()
    assert [] == away.come_back()
    assert away.before == sees(away.tablet)


@pytest.mark.parametrize("way", ["cut", "logout", "killed"])
@pytest.mark.parametrize(("group_type", "is_told_to_all"), [("Community", False), ("Work", True)])
def test_invitations_catch_up_as_the_client_tells_them(stage: Stage, way: str, group_type: str, is_told_to_all: bool) -> None:
    """Who is away hears later whom somebody has brought in; old clients tell it as joining, in all but Work groups."""
    away = Away(stage, way)
    members = [{"userID": "alice", "role": 200}]
    made = away.bob.call("createGroup", groupType=group_type, groupName="others", memberList=members)
    stage.enter("carol")
    away.before = sees(away.tablet)
    away.leave()
    away.phone.heard()
    away.bob.call("inviteUserToGroup", groupID=made, userList=["carol"])
    expected = "onMemberInvited" if is_told_to_all or stage.client.tells_invitations else "onMemberEnter"
    told = entered(away.phone.heard(*ENTERED))
    assert [(expected, made, ["carol"])] == told
    assert told == entered(away.come_back(*ENTERED))


def entered(heard: list[tuple[str, Any]]) -> list[tuple[str, str, list[str]]]:
    """Return who has come into which group, of events, and what those are called."""
    found = [(kind, data) for kind, data in heard if kind in ENTERED]
    return [(kind, data["groupID"], [member["userID"] for member in data["memberList"]]) for kind, data in found]
