"""Conversation events in odd corners: whatever a fetch would show anew has been told, under the right name."""

from __future__ import annotations

import pytest

from tests.support.console import switch
from tests.support.groups import team
from tests.support.stage import Stage

EVERYBODY = "__kImSDK_MesssageAtALL__"


def test_reading_by_a_send_that_is_not_shown(stage: Stage) -> None:
    """Who writes in a group reads it; the sending device hears of that also if the message is not to be the last one."""
    group_id, [alice, bob] = team(stage, "Public", "alice", "bob")
    stage.enter("alice", "alice's other", platform="ios" if not stage.goes_by_ios else "android")
    bob.send("hi", group=group_id)
    alice.heard()
    alice.send("hello", group=group_id, isExcludedFromLastMessage=True)
    told = [data[0]["unreadCount"] for kind, data in alice.heard() if kind == "onConversationChanged"]
    assert [1, 0] == told[-2:]
    assert 0 == alice.conversation(f"group_{group_id}")["unreadCount"]


def test_mentions_in_messages_that_change_nothing_else(stage: Stage) -> None:
    """A mention shows on the conversation, and is told, although a meeting counts nothing and the message is not to be the last one."""
    group_id, [alice, bob] = team(stage, "Meeting", "alice", "bob")
    alice.send("hi", group=group_id)
    bob.heard()
    created = alice.call("createTextAtMessage", text="all", atUserList=[EVERYBODY])
    alice.call("sendMessage", id=created["id"], receiver="", groupID=group_id, isExcludedFromLastMessage=True)
    [(_, [told])] = bob.heard("onConversationChanged")
    assert [2] == [info["atType"] for info in told["groupAtInfoList"]]


def test_new_group_of_a_known_conversation(stage: Stage) -> None:
    """A conversation that was in the list before its group was made is told as changed, not as new."""
    alice = stage.enter("alice")
    alice.call("setConversationDraft", conversationID="group_later", draftText="not yet")
    alice.heard()
    alice.call("createGroup", groupID="later", groupType="Public", groupName="Later")
    kinds = [kind for kind in alice.heard_types() if kind.endswith(("Conversation", "ConversationChanged"))]
    assert "onConversationChanged" in kinds
    assert "onNewConversation" not in kinds


@pytest.mark.parametrize("is_synced", [False, True])
def test_draft_of_what_another_device_deleted(stage: Stage, is_synced: bool) -> None:
    """A draft lifts only what is in the list: one that is gone has no place in the order, whatever draft is left; one that is not, has."""
    switch(stage, sync_conversation_deletion=is_synced)
    alice = stage.enter("alice")
    other = stage.enter("alice", "alice's other", platform="ios" if not stage.goes_by_ios else "android")
    alice.send("hi", to="bob")
    other.call("setConversationDraft", conversationID="c2c_bob", draftText="half a")
    alice.call("deleteConversation", conversationID="c2c_bob")
    rows = other.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    assert is_synced == (other.conversation("c2c_bob")["orderkey"] == 0) == (rows == [])
    if not is_synced:
        assert ["half a"] == [row["draftText"] for row in rows]
