"""Deleting conversations through the channel, and when they come back."""

from __future__ import annotations

import pytest

from tests.support.console import switch
from tests.support.groups import team
from tests.support.stage import Phone, Stage


@pytest.fixture(params=["android", "ios"])
def new_stage(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage of the dialect that deletes several at once."""
    return Stage("chat-8.2", request.param)


def listed(phone: Phone) -> list[str]:
    """Return the ids of the list."""
    rows = phone.call("getConversationList", nextSeq="0", count=100)["conversationList"]
    return [row["conversationID"] for row in rows]


def history(phone: Phone, peer: str) -> list[str]:
    """Return the texts of a one-to-one chat, the newest first."""
    found = phone.history(peer)
    return [message["textElem"]["text"] for message in found]


def delete(phone: Phone, *ids: str, clear: bool = True) -> list[tuple[str, int]]:
    """Delete several; return (id, code) of each."""
    items = phone.call("deleteConversationList", conversationIDList=list(ids), clearMessage=clear)
    return [(item["conversationID"], item["resultCode"]) for item in items]


def test_conversation_and_messages_go(stage: Stage) -> None:
    """The conversation leaves the list with its messages, for the caller alone."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    alice.call("deleteConversation", conversationID="c2c_bob")
    assert [] == listed(alice) + history(alice, "bob")
    assert (["c2c_alice"], ["hi"]) == (listed(bob), history(bob, "alice"))
    row = alice.conversation("c2c_bob")
    assert (0, None) == (row["unreadCount"], row.get("lastMessage"))


def test_deletion_is_told_by_new_clients(stage: Stage) -> None:
    """8.2 tells the ids and nothing else about them; 5.0 has no event. Peers hear nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    alice.heard()
    bob.heard()
    alice.call("deleteConversation", conversationID="c2c_bob")
    expected = [("onConversationDeleted", ["c2c_bob"])] if stage.has("onConversationDeleted") else []
    assert expected == alice.heard()
    assert [] == bob.heard()


def test_total_follows(stage: Stage) -> None:
    """The unread total loses what the conversation had."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    alice.call("getTotalUnreadMessageCount")
    alice.heard()
    alice.call("deleteConversation", conversationID="c2c_bob")
    assert [("onTotalUnreadMessageCountChanged", 0)] == alice.heard("onTotalUnreadMessageCountChanged")


@pytest.mark.parametrize("is_synced", [False, True])
def test_other_devices_hear_with_a_switch(new_stage: Stage, is_synced: bool) -> None:
    """Other own devices hear of a deletion only with the console's switch."""
    switch(new_stage, sync_conversation_deletion=is_synced)
    phone = new_stage.enter("alice")
    tablet = new_stage.enter("alice", "tablet", platform=new_stage.other_platform)
    phone.send("hi", to="bob")
    tablet.heard()
    phone.call("deleteConversation", conversationID="c2c_bob")
    expected = [("onConversationDeleted", ["c2c_bob"])] if is_synced else []
    assert expected == tablet.heard()


@pytest.mark.parametrize("is_synced", [False, True])
def test_other_devices_keep_it(stage: Stage, is_synced: bool) -> None:
    """Other own devices that are logged in keep the conversation and its messages; with the switch they have them no more."""
    switch(stage, sync_conversation_deletion=is_synced)
    phone = stage.enter("alice")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    phone.send("hi", to="bob")
    before = tablet.conversation("c2c_bob")
    phone.call("deleteConversation", conversationID="c2c_bob")
    assert [] == listed(phone) + history(phone, "bob")
    assert ([] if is_synced else ["c2c_bob", "hi"]) == listed(tablet) + history(tablet, "bob")
    assert is_synced or before == tablet.conversation("c2c_bob")


def test_leaving_groups_is_told_to_other_devices() -> None:
    """Conversation groups are on the service: what an old client takes out of them by deleting is out of them everywhere, and told."""
    stage = Stage("im-5.0", "android")
    phone, tablet = stage.enter("alice"), stage.enter("alice", "tablet", dialect="chat-8.2", platform="ios")
    phone.send("hi", to="bob")
    phone.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_bob"])
    tablet.heard()
    phone.call("deleteConversation", conversationID="c2c_bob")
    assert ["onConversationsDeletedFromGroup", "onConversationChanged"] == tablet.heard_types()
    row = tablet.conversation("c2c_bob")
    assert ([], "hi") == (row["conversationGroupList"], row["lastMessage"]["textElem"]["text"])


def test_clearing_reaches_what_other_devices_kept(stage: Stage) -> None:
    """A history is cleared on all devices, also on those that kept a conversation which was deleted and is back."""
    phone = stage.enter("alice")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    bob = stage.enter("bob")
    bob.send("old", to="alice")
    phone.call("deleteConversation", conversationID="c2c_bob")
    bob.send("new", to="alice")
    assert (["new"], ["new", "old"]) == (history(phone, "bob"), history(tablet, "bob"))
    tablet.heard()
    phone.call("clearC2CHistoryMessage", userID="bob")
    assert [(0, None)] == [(row["unreadCount"], row.get("lastMessage")) for row in tablet.heard_one("onConversationChanged")]
    assert [] == history(phone, "bob") + history(tablet, "bob")
    assert "local_copies" not in stage.emulator.export()


def test_own_copies_are_counted_anew(stage: Stage) -> None:
    """What a device kept is unread no more when another one reads the chat, or when its message is revoked."""
    phone = stage.enter("alice")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    bob = stage.enter("bob")

    def unread() -> tuple[int, int]:
        return phone.conversation("c2c_bob")["unreadCount"], tablet.conversation("c2c_bob")["unreadCount"]

    old = [bob.send(text, to="alice") for text in ("one", "two")]
    phone.call("deleteConversation", conversationID="c2c_bob")
    bob.send("new", to="alice")
    assert (1, 3) == unread()
    bob.call("revokeMessage", msgID=old[0]["msgID"])
    assert (1, 2) == unread()
    phone.call("markC2CMessageAsRead", userID="bob")
    assert (0, 0) == unread()


def test_deleting_in_turn(stage: Stage) -> None:
    """Each device has what came since it deleted; what one kept, it keeps when the other deletes again."""
    phone = stage.enter("alice")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    bob = stage.enter("bob")
    for number, one in enumerate((phone, tablet, phone)):
        bob.send(f"m{number}", to="alice")
        one.call("deleteConversation", conversationID="c2c_bob")
    bob.send("m3", to="alice")
    assert (["m3"], ["m3", "m2"]) == (history(phone, "bob"), history(tablet, "bob"))
    assert (1, 2) == tuple(one.conversation("c2c_bob")["unreadCount"] for one in (phone, tablet))


def test_kept_conversations_are_written_down(stage: Stage) -> None:
    """What a device has kept is in an exported world, and there when the device comes back under its name."""
    phone = stage.enter("alice")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    phone.send("hi", to="bob")
    phone.call("deleteConversation", conversationID="c2c_bob")
    before = tablet.conversation("c2c_bob")
    written = stage.emulator.export()
    other = Stage(stage.dialect, stage.platform, world=written)
    assert written == other.emulator.export()
    again = other.enter("alice", "tablet", platform=stage.other_platform)
    assert (["c2c_bob"], before) == (listed(again), again.conversation("c2c_bob"))
    assert [] == listed(other.enter("alice", "new"))


def test_unknown_ones_succeed(stage: Stage) -> None:
    """Deleting what is not there succeeds and says nothing."""
    alice = stage.enter("alice")
    alice.call("deleteConversation", conversationID="c2c_nobody")
    alice.call("deleteConversation", conversationID="group_nothing")
    assert [] == alice.heard()


@pytest.mark.parametrize("how", ["quitGroup", "dismissGroup"])
def test_groups_that_are_gone(stage: Stage, how: str) -> None:
    """The conversation of a group that was left or dismissed stays until it is deleted, which succeeds."""
    group_id, (alice, bob) = team(stage, "Public", "alice", "bob")
    alice.send("hi", group=group_id)
    (bob if how == "quitGroup" else alice).call(how, groupID=group_id)
    assert [f"group_{group_id}"] == listed(bob)
    bob.call("deleteConversation", conversationID=f"group_{group_id}")
    assert [] == listed(bob)


def test_a_new_message_brings_it_back(stage: Stage) -> None:
    """A message makes the conversation appear again, unpinned, with that message alone."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("old", to="alice")
    alice.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    alice.call("deleteConversation", conversationID="c2c_bob")
    alice.heard()
    bob.send("new", to="alice")
    (row,) = alice.heard_one("onNewConversation")
    assert (1, False, "new") == (row["unreadCount"], row["isPinned"], row["lastMessage"]["textElem"]["text"])
    assert ["new"] == history(alice, "bob")


def test_draft_goes_as_well(stage: Stage) -> None:
    """A conversation that comes back has no draft of before."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText="x")
    alice.call("deleteConversation", conversationID="c2c_bob")
    bob.send("hi", to="alice")
    assert stage.no_text == alice.conversation("c2c_bob").get("draftText")


def test_labels_outlive_deletion(stage: Stage) -> None:
    """Marks and custom data stay; conversation groups stay from 8.0 on, before the conversation leaves them."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    alice.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_bob"])
    alice.call("setConversationCustomData", customData="x", conversationIDList=["c2c_bob"])
    alice.call("deleteConversation", conversationID="c2c_bob")
    expected = ["Work"] if stage.client.keeps_groups else []
    bob.send("again", to="alice")
    row = alice.conversation("c2c_bob")
    assert ("x", expected) == (row["customData"], row["conversationGroupList"])
    assert ["Work"] == alice.call("getConversationGroupList")


def test_deleted_members_stay_out_of_lists(new_stage: Stage) -> None:
    """A deleted member of a conversation group is in no list, at the next login neither (release notes of 7.9)."""
    alice, bob = new_stage.enter("alice"), new_stage.enter("bob")
    bob.send("hi", to="alice")
    alice.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_bob"])
    alice.call("deleteConversation", conversationID="c2c_bob")
    alice.call("logout")
    alice.heard()
    alice.login("alice")
    assert [] == alice.heard("onNewConversation")
    found = alice.call("getConversationListByFilter", filter={"conversationGroup": "Work"}, nextSeq=0, count=10)
    assert [] == found["conversationList"] == listed(alice)


# --- several at once


def test_several_in_one_event(new_stage: Stage) -> None:
    """Items in order, one event with all ids that went; a malformed id fails on its own, an unknown one succeeds."""
    alice = new_stage.enter("alice")
    for peer in ("a", "b", "c"):
        alice.send("hi", to=peer)
    alice.heard()
    assert [("c2c_c", 0), ("bad", 6017), ("c2c_x", 0), ("c2c_a", 0)] == delete(alice, "c2c_c", "bad", "c2c_x", "c2c_a")
    assert [("onConversationDeleted", ["c2c_c", "c2c_a"])] == alice.heard()
    assert ["c2c_b"] == listed(alice)


def test_messages_can_stay(new_stage: Stage) -> None:
    """Without clearing, the messages are there when the conversation comes back."""
    alice, bob = new_stage.enter("alice"), new_stage.enter("bob")
    bob.send("old", to="alice")
    delete(alice, "c2c_bob", clear=False)
    assert (["old"], []) == (history(alice, "bob"), listed(alice))
    assert 0 == alice.call("getTotalUnreadMessageCount")
    bob.send("new", to="alice")
    assert ["new", "old"] == history(alice, "bob")
    assert 1 == alice.conversation("c2c_bob")["unreadCount"]


def test_1_to_100_a_call(new_stage: Stage) -> None:
    """No id is refused with 6017 and a text that says so, over 100 with 51006."""
    alice = new_stage.enter("alice")
    nothing = {"conversationIDList": [], "clearMessage": True}
    assert 6017 == alice.refused("deleteConversationList", **nothing)
    assert "invalid conversationIDList" == alice.reply("deleteConversationList", **nothing)["desc"]
    many = [f"c2c_{number}" for number in range(101)]
    assert 51006 == alice.refused("deleteConversationList", conversationIDList=many, clearMessage=True)


# --- histories


def test_clearing_keeps_the_place(stage: Stage) -> None:
    """Clearing the history leaves the conversation where it is, without a last message and with nothing unread."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    alice.send("hi", to="carol")
    key = alice.conversation("c2c_bob")["orderkey"]
    alice.heard()
    alice.call("clearC2CHistoryMessage", userID="bob")
    (row,) = alice.heard_one("onConversationChanged")
    assert ("c2c_bob", 0, key, None) == (
        row["conversationID"],
        row["unreadCount"],
        row["orderkey"],
        row.get("lastMessage"),
    )
    assert ["c2c_carol", "c2c_bob"] == listed(alice)
    assert ["hi"] == history(bob, "alice")


def test_what_is_not_told_does_not_show(stage: Stage) -> None:
    """Where the app has deleted its last message, one that is not received, and so not told, does not take its place in the list."""
    group, (alice, bob) = team(stage, "Public", "alice", "bob")
    sent = bob.send("hi", group=group)
    alice.call("setGroupReceiveMessageOpt", groupID=group, opt=1)
    alice.call("deleteMessageFromLocalStorage", msgID=sent["msgID"])
    before = alice.conversation(f"group_{group}")
    alice.heard()
    bob.send("are you there?", group=group)
    assert [] == alice.heard("onConversationChanged")
    assert before == alice.conversation(f"group_{group}")
