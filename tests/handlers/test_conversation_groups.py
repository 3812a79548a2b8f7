"""Conversation groups through the channel: every sentence of the product's page on them."""

from __future__ import annotations

import pytest

from tests.support.stage import Stage

IDS = ["c2c_bob", "c2c_carol"]


def test_create_answers_an_item_each(stage: Stage) -> None:
    """Creating answers one item per id, in order, with code 0."""
    alice = stage.enter("alice")
    items = alice.call("createConversationGroup", groupName="Work", conversationIDList=IDS)
    assert IDS == [item["conversationID"] for item in items]
    assert [(0, "")] * 2 == [(item["resultCode"], item["resultInfo"]) for item in items]
    assert ["Work"] == alice.call("getConversationGroupList")
    assert ["Work"] == alice.conversation("c2c_bob")["conversationGroupList"]


def test_create_tells_all_own_devices(stage: Stage) -> None:
    """The caller and the user's other devices hear of a new group; nobody else does."""
    other = stage.other_platform
    phone, tablet, bob = stage.enter("alice"), stage.enter("alice", "tablet", platform=other), stage.enter("bob")
    phone.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_bob"])
    for device in (phone, tablet):
        (created, data), (changed, rows) = device.heard()
        assert ("onConversationGroupCreated", "onConversationChanged") == (created, changed)
        assert "Work" == data["groupName"]
        assert ["c2c_bob"] == [row["conversationID"] for row in data["conversationList"]]
        assert [["Work"]] == [row["conversationGroupList"] for row in rows]
    assert [] == bob.heard()


@pytest.mark.parametrize("name", ["", "x" * 33, "会" * 11])
def test_names_are_1_to_32_bytes(stage: Stage, name: str) -> None:
    """An empty name and one over 32 bytes are refused with 51011."""
    alice = stage.enter("alice")
    assert 51011 == alice.refused("createConversationGroup", groupName=name, conversationIDList=IDS)


@pytest.mark.parametrize("name", ["x" * 32, "会" * 10])
def test_32_bytes_are_enough(stage: Stage, name: str) -> None:
    """A name of exactly 32 bytes is taken."""
    alice = stage.enter("alice")
    alice.call("createConversationGroup", groupName=name, conversationIDList=IDS)
    assert [name] == alice.call("getConversationGroupList")


def test_twenty_groups_and_no_more(stage: Stage) -> None:
    """The 21st group is refused with 51010; there is room again once one is deleted."""
    alice = stage.enter("alice")
    for number in range(20):
        alice.call("createConversationGroup", groupName=f"g{number}", conversationIDList=IDS)
    alice.heard()
    assert 51010 == alice.refused("createConversationGroup", groupName="g20", conversationIDList=IDS)
    alice.call("createConversationGroup", groupName="g7", conversationIDList=["c2c_dave"])
    alice.call("deleteConversationGroup", groupName="g0")
    alice.call("createConversationGroup", groupName="g20", conversationIDList=IDS)
    assert [f"g{n}" for n in range(1, 21)] == alice.call("getConversationGroupList")


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("deleteConversationGroup", {"groupName": "none"}),
        ("renameConversationGroup", {"oldName": "none", "newName": "other"}),
        ("addConversationsToGroup", {"groupName": "none", "conversationIDList": IDS}),
        ("deleteConversationsFromGroup", {"groupName": "none", "conversationIDList": IDS}),
    ],
)
def test_missing_group_is_refused(stage: Stage, method: str, arguments: dict[str, object]) -> None:
    """Whatever acts on a group that is not there is refused with 51009."""
    assert 51009 == stage.enter("alice").refused(method, **arguments)


@pytest.mark.parametrize(
    "method", ["createConversationGroup", "addConversationsToGroup", "deleteConversationsFromGroup"]
)
@pytest.mark.parametrize("ids", [[], [f"c2c_{n}" for n in range(101)]])
def test_empty_and_oversized_lists_are_refused(stage: Stage, method: str, ids: list[str]) -> None:
    """No id and over 100 ids are refused with 51006, also where the group is missing."""
    assert 51006 == stage.enter("alice").refused(method, groupName="Work", conversationIDList=ids)


def test_rename_keeps_members(stage: Stage) -> None:
    """Renaming tells old and new name, and members are found under the new one only."""
    alice = stage.enter("alice")
    alice.call("createConversationGroup", groupName="Work", conversationIDList=IDS)
    alice.heard()
    alice.call("renameConversationGroup", oldName="Work", newName="Job")
    (renamed, data), (changed, _) = alice.heard()
    assert ("onConversationGroupNameChanged", {"oldName": "Work", "newName": "Job"}) == (renamed, data)
    assert "onConversationChanged" == changed
    assert ["Job"] == alice.conversation("c2c_bob")["conversationGroupList"]
    assert ["Job"] == alice.call("getConversationGroupList")


def test_rename_to_taken_name_is_refused(stage: Stage) -> None:
    """A name that another group has is refused with 6017; the same name changes nothing."""
    alice = stage.enter("alice")
    for name in ("a", "b"):
        alice.call("createConversationGroup", groupName=name, conversationIDList=IDS)
    alice.heard()
    assert 6017 == alice.refused("renameConversationGroup", oldName="a", newName="b")
    alice.call("renameConversationGroup", oldName="a", newName="a")
    assert [] == alice.heard()


def test_logged_out_is_refused(stage: Stage) -> None:
    """Before initSDK the code is 6013, before login 6014."""
    phone = stage.device()
    assert 6013 == phone.refused("createConversationGroup", groupName="g", conversationIDList=IDS)
    phone.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="u", uiPlatform=0, showImLog=False, plugins=[])
    assert 6014 == phone.refused("createConversationGroup", groupName="g", conversationIDList=IDS)
