"""Conversation groups through the channel: adding, removing, deleting, and what each device hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.console import strict, switch
from tests.support.stage import Phone, Stage


def group(phone: Phone, conversation_id: str) -> list[str]:
    """Return the conversation groups that a conversation is in."""
    names: list[str] = phone.conversation(conversation_id)["conversationGroupList"]
    return names


def pairs(items: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return (conversation id, code) of each result."""
    return [(item["conversationID"], item["resultCode"]) for item in items]


def worked(stage: Stage) -> tuple[Phone, Phone]:
    """Return two devices of alice with a group Work that holds bob's conversation; what they heard is forgotten."""
    other = stage.other_platform
    phone, tablet = stage.enter("alice"), stage.enter("alice", "tablet", platform=other)
    phone.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_bob"])
    phone.heard()
    tablet.heard()
    return phone, tablet


def told(phone: Phone) -> list[tuple[str, Any]]:
    """Return what a phone heard: the type, and the group and the ids that it is about."""
    found: list[tuple[str, Any]] = []
    for kind, data in phone.heard():
        if kind == "onConversationChanged":
            found.append((kind, [row["conversationID"] for row in data]))
        elif isinstance(data, dict) and "conversationList" in data:
            found.append((kind, (data["groupName"], [row["conversationID"] for row in data["conversationList"]])))
        else:
            found.append((kind, data))
    return found


def test_adding_tells_those_that_came(stage: Stage) -> None:
    """Items for all, the event for those that came in alone, on all own devices."""
    phone, tablet = worked(stage)
    ids = ["c2c_carol", "c2c_bob", "c2c_dave"]
    added = phone.call("addConversationsToGroup", groupName="Work", conversationIDList=ids)
    assert [(one, 0) for one in ids] == pairs(added)
    for device in (phone, tablet):
        assert [
            ("onConversationsAddedToGroup", ("Work", ["c2c_carol", "c2c_dave"])),
            ("onConversationChanged", ["c2c_carol", "c2c_dave"]),
        ] == told(device)
    phone.call("addConversationsToGroup", groupName="Work", conversationIDList=ids)
    assert [] == told(phone) + told(tablet)


def test_creating_again_adds(stage: Stage) -> None:
    """A group of that name takes the conversations, as adding does."""
    phone, tablet = worked(stage)
    phone.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_carol"])
    for device in (phone, tablet):
        assert [
            ("onConversationsAddedToGroup", ("Work", ["c2c_carol"])),
            ("onConversationChanged", ["c2c_carol"]),
        ] == told(device)
    assert ["Work"] == phone.call("getConversationGroupList")


def test_removing_tells_those_that_went(stage: Stage) -> None:
    """Items for all, 0 also for one that was not in it; the event for those that went alone."""
    phone, tablet = worked(stage)
    ids = ["c2c_nobody", "c2c_bob"]
    gone = phone.call("deleteConversationsFromGroup", groupName="Work", conversationIDList=ids)
    assert [(one, 0) for one in ids] == pairs(gone)
    for device in (phone, tablet):
        assert [
            ("onConversationsDeletedFromGroup", ("Work", ["c2c_bob"])),
            ("onConversationChanged", ["c2c_bob"]),
        ] == told(device)
    assert [] == group(phone, "c2c_bob")
    assert ["Work"] == phone.call("getConversationGroupList"), "an empty group stays"


def test_removing_what_is_not_in_it(stage: Stage) -> None:
    """A conversation that is in another group alone, or in none, stays as it is, and nobody hears; one named twice goes once."""
    phone, tablet = worked(stage)
    phone.send("hi", to="carol")
    phone.call("createConversationGroup", groupName="Mates", conversationIDList=["c2c_bob", "c2c_dave"])
    phone.heard(), tablet.heard()
    before = stage.snapshot()
    outside = ["c2c_carol", "c2c_dave"]
    items = phone.call("deleteConversationsFromGroup", groupName="Work", conversationIDList=outside)
    assert [(one, 0) for one in outside] == pairs(items)
    assert [] == told(phone) + told(tablet)
    assert before == stage.snapshot()
    assert ([], ["Mates"]) == (group(phone, "c2c_carol"), group(phone, "c2c_dave"))
    phone.call("deleteConversationsFromGroup", groupName="Work", conversationIDList=["c2c_bob", "c2c_dave", "c2c_bob"])
    assert [("onConversationsDeletedFromGroup", ("Work", ["c2c_bob"])), ("onConversationChanged", ["c2c_bob"])] == told(phone)
    assert (["Mates"], ["Mates"]) == (group(phone, "c2c_bob"), group(phone, "c2c_dave"))


def test_deleting_tells_the_name(stage: Stage) -> None:
    """The bare name, then the conversations that were in it; they stay in their other groups."""
    phone, tablet = worked(stage)
    phone.call("createConversationGroup", groupName="Mates", conversationIDList=["c2c_bob"])
    phone.heard()
    tablet.heard()
    phone.call("deleteConversationGroup", groupName="Work")
    for device in (phone, tablet):
        assert [("onConversationGroupDeleted", "Work"), ("onConversationChanged", ["c2c_bob"])] == told(device)
    assert (["Mates"], ["Mates"]) == (group(tablet, "c2c_bob"), phone.call("getConversationGroupList"))


def test_groups_come_in_order_of_creation(stage: Stage) -> None:
    """Names are listed as they were created, compared exactly."""
    alice = stage.enter("alice")
    for name in ("b", "B", "a"):
        alice.call("createConversationGroup", groupName=name, conversationIDList=["c2c_bob"])
    assert ["b", "B", "a"] == alice.call("getConversationGroupList")
    assert ["b", "B", "a"] == group(alice, "c2c_bob")


def test_items_fail_singly(stage: Stage) -> None:
    """A malformed id is 6017, a group that is none 51007, a user that is none 50001; only the others are told."""
    strict(stage)
    alice = stage.enter("alice")
    stage.enter("bob")
    ids = ["bob", "group_none", "c2c_none", "c2c_bob"]
    codes = [6017, 51007, 50001, 0]
    made = alice.call("createConversationGroup", groupName="Work", conversationIDList=ids)
    assert list(zip(ids, codes, strict=True)) == pairs(made)
    assert ("onConversationGroupCreated", ("Work", ["c2c_bob"])) == told(alice)[0]
    assert codes == [
        item["resultCode"] for item in alice.call("addConversationsToGroup", groupName="Work", conversationIDList=ids)
    ]
    removed = alice.call("deleteConversationsFromGroup", groupName="Work", conversationIDList=ids)
    assert [6017, 0, 0, 0] == [item["resultCode"] for item in removed]


def test_nothing_taken_makes_no_group(stage: Stage) -> None:
    """When all items fail there is no group, and nobody hears."""
    alice = stage.enter("alice")
    made = alice.call("createConversationGroup", groupName="Work", conversationIDList=["bad", "worse"])
    assert [6017, 6017] == [item["resultCode"] for item in made]
    assert [] == alice.call("getConversationGroupList") + alice.heard()


def test_members_need_no_conversation(stage: Stage) -> None:
    """A conversation that is not there is shown made up in the event, with all its fields, and in no list."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", nickName="Bob")
    alice.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_bob"])
    (row,) = alice.heard()[0][1]["conversationList"]
    assert ("Bob", ["Work"], 0) == (row["showName"], row["conversationGroupList"], row["unreadCount"])
    assert [] == alice.call("getConversationList", nextSeq="0", count=10)["conversationList"]


def test_groups_are_the_users(stage: Stage) -> None:
    """They are there at the next login, on any device, and for nobody else."""
    phone, _ = worked(stage)
    phone.call("logout")
    phone.login("bob")
    assert [] == phone.call("getConversationGroupList")
    phone.login("alice")
    assert (["Work"], ["Work"]) == (phone.call("getConversationGroupList"), group(phone, "c2c_bob"))


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("deleteConversationGroup", {"groupName": ""}),
        ("renameConversationGroup", {"oldName": "", "newName": "x"}),
        ("renameConversationGroup", {"oldName": "Work", "newName": ""}),
        ("renameConversationGroup", {"oldName": "Work", "newName": "x" * 33}),
        ("addConversationsToGroup", {"groupName": "", "conversationIDList": ["c2c_bob"]}),
        ("deleteConversationsFromGroup", {"groupName": "", "conversationIDList": ["c2c_bob"]}),
    ],
)
def test_empty_and_overlong_names(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """Empty names are refused with 51011 everywhere, overlong ones where a name is given."""
    phone, _ = worked(stage)
    assert 51011 == phone.refused(method, **arguments)


def test_names_answer_from_the_cache(stage: Stage) -> None:
    """The list of names can be read after a login that failed, not after a logout."""
    phone, _ = worked(stage)
    phone.call("logout")
    assert 6014 == phone.refused("getConversationGroupList")
    phone.reply("login", userID="alice", userSig="")
    assert ["Work"] == phone.call("getConversationGroupList")


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("createConversationGroup", {"groupName": "new", "conversationIDList": ["c2c_bob"]}),
        ("deleteConversationGroup", {"groupName": "Work"}),
        ("renameConversationGroup", {"oldName": "Work", "newName": "x"}),
        ("addConversationsToGroup", {"groupName": "Work", "conversationIDList": ["c2c_bob"]}),
        ("deleteConversationsFromGroup", {"groupName": "Work", "conversationIDList": ["c2c_bob"]}),
    ],
)
def test_a_smaller_plan_has_none(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """With the switch off, as in a plan without conversation groups, every change is refused with 7013."""
    phone, _ = worked(stage)
    switch(stage, conversation_groups=False)
    assert 7013 == phone.refused(method, **arguments)
