"""
The product's page on conversation groups, sentence by sentence.

Each test's docstring is what the page says, in our words; the calls go through the channel as a client of either dialect sends them.
"""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.stage import Phone, Stage

IDS = ["c2c_bob", "c2c_carol"]


def chats(stage: Stage, *peers: str) -> Phone:
    """Return alice's device; each of the peers has written to her, the first one first."""
    alice = stage.enter("alice")
    for peer in peers or ("bob", "carol"):
        stage.enter(peer, listen=False).send(f"hi from {peer}", to="alice")
    alice.heard()
    return alice


def page(alice: Phone, name: str, next_seq: int = 0, count: int = 10) -> Any:
    """Pull a page of a group as the page's sample does, in the shape of the dialect."""
    if not alice.passes("getConversationListByFilter", "nextSeq"):
        wanted = {"conversationType": 0, "nextSeq": next_seq, "count": count, "markType": 0, "groupName": name}
        return alice.call("getConversationListByFilter", filter=wanted)
    wanted = {"conversationType": 0, "conversationGroup": name, "markType": 0}
    return alice.call("getConversationListByFilter", filter=wanted, nextSeq=next_seq, count=count)


def ids(found: Any) -> list[str]:
    """Return the conversation ids of a page or list."""
    rows = found["conversationList"] if isinstance(found, dict) else found
    return [row["conversationID"] for row in rows]


def test_plan_is_needed() -> None:
    """The feature belongs to the highest plan: without it the calls are refused."""
    poor = Stage(policy=Policy(switches={"conversation_groups": False})).enter("alice")
    assert 7013 == poor.refused("createConversationGroup", groupName="work", conversationIDList=IDS)


def test_create_answers_id_code_and_text(stage: Stage) -> None:
    """Creating succeeds with code 0, and each element has an id, a result code and a description."""
    reply = chats(stage).reply("createConversationGroup", groupName="work", conversationIDList=IDS)
    assert (0, stage.success) == (reply["code"], reply["desc"])
    assert [{"conversationID": one, "resultCode": 0, "resultInfo": ""} for one in IDS] == reply["data"]


def test_up_to_20_groups(stage: Stage) -> None:
    """Up to 20 groups can be created, one more is 51010; one that is deleted makes room."""
    alice = chats(stage)
    for number in range(20):
        alice.call("createConversationGroup", groupName=f"g{number}", conversationIDList=IDS)
    alice.heard()
    assert 51010 == alice.refused("createConversationGroup", groupName="more", conversationIDList=IDS)
    alice.call("deleteConversationGroup", groupName="g3")
    alice.call("createConversationGroup", groupName="more", conversationIDList=IDS)


@pytest.mark.parametrize(("name", "code"), [("", 51011), ("x" * 33, 51011), ("群" * 11, 51011), ("x" * 32, 0)])
def test_name_has_1_to_32_bytes(stage: Stage, name: str, code: int) -> None:
    """A name is longer than 0 and at most 32 bytes, else 51011."""
    reply = chats(stage).reply("createConversationGroup", groupName=name, conversationIDList=IDS)
    assert code == reply["code"]


def test_list_of_conversations_is_not_empty(stage: Stage) -> None:
    """The list of conversation ids cannot be empty."""
    assert 51006 == chats(stage).refused("createConversationGroup", groupName="work", conversationIDList=[])


def test_delete(stage: Stage) -> None:
    """Deleting succeeds with code 0; a group that is not there is 51009."""
    alice = chats(stage)
    alice.call("createConversationGroup", groupName="work", conversationIDList=IDS)
    assert 0 == alice.reply("deleteConversationGroup", groupName="work")["code"]
    assert [] == alice.call("getConversationGroupList")
    alice.heard()
    assert 51009 == alice.refused("deleteConversationGroup", groupName="work")


def test_rename(stage: Stage) -> None:
    """Renaming takes the old and the new name, and succeeds with code 0."""
    alice = chats(stage)
    alice.call("createConversationGroup", groupName="old", conversationIDList=IDS)
    assert 0 == alice.reply("renameConversationGroup", oldName="old", newName="new")["code"]
    assert ["new"] == alice.call("getConversationGroupList")


def test_list_of_groups_has_names(stage: Stage) -> None:
    """The list of groups is one of names."""
    alice = chats(stage)
    for name in ("work", "play"):
        alice.call("createConversationGroup", groupName=name, conversationIDList=IDS)
    assert ["work", "play"] == alice.call("getConversationGroupList")


def test_pages_until_finished(stage: Stage) -> None:
    """A group's conversations are pulled in pages: the cursor comes as text, and goes on until isFinished."""
    peers = [f"peer{number}" for number in range(5)]
    alice = chats(stage, *peers)
    alice.call("createConversationGroup", groupName="all", conversationIDList=[f"c2c_{peer}" for peer in peers])
    found: list[str] = []
    cursor, finished = "0", False
    while not finished:
        got = page(alice, "all", int(cursor), 2)
        assert isinstance(got["nextSeq"], str) and len(got["conversationList"]) <= 2
        found += ids(got)
        cursor, finished = got["nextSeq"], got["isFinished"]
    assert [f"c2c_{peer}" for peer in reversed(peers)] == found


def test_one_to_one_conversation_fields(stage: Stage) -> None:
    """A one-to-one chat is `c2c_userID`, of type 1, with the peer's id and picture, and no group."""
    alice, bob = chats(stage), stage.enter("bob", "bob's other", platform=None)
    bob.call("setSelfInfo", nickName="Bob", faceUrl="http://b/face.png")
    row = alice.conversation("c2c_bob")
    assert ("c2c_bob", 1, "bob", "http://b/face.png") == (
        row["conversationID"],
        row["type"],
        row["userID"],
        row["faceUrl"],
    )
    assert (stage.no_text, stage.no_text) == (row.get("groupID"), row.get("groupType"))
    assert (1, 0, False, "hi from bob") == (
        row["unreadCount"],
        row["recvOpt"],
        row["isPinned"],
        row["lastMessage"]["textElem"]["text"],
    )


def test_group_conversation_fields(stage: Stage) -> None:
    """A group chat is `group_groupID`, of type 2, with the group's id, type and picture, and no user."""
    alice = stage.enter("alice")
    group_id = alice.call("createGroup", groupType="Public", groupName="Team", groupID="team", faceUrl="http://g")
    row = alice.conversation(f"group_{group_id}")
    assert (2, "team", "Public", "http://g", "Team") == (
        row["type"],
        row["groupID"],
        row["groupType"],
        row["faceUrl"],
        row["showName"],
    )
    assert stage.no_text == row.get("userID")


def test_show_name_of_a_chat(stage: Stage) -> None:
    """A one-to-one chat shows the friend's remark, else the nickname, else the id."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    shown = [alice.conversation("c2c_bob")["showName"]]
    bob.call("setSelfInfo", nickName="Bob")
    shown.append(alice.conversation("c2c_bob")["showName"])
    alice.call("addFriend", userID="bob", addType=2, remark="", addWording="", addSource="")
    alice.call("setFriendInfo", userID="bob", friendRemark="Bobby")
    shown.append(alice.conversation("c2c_bob")["showName"])
    assert ["bob", "Bob", "Bobby"] == shown


def test_show_name_of_a_group(stage: Stage) -> None:
    """A group shows its name, else its id."""
    alice = stage.enter("alice")
    alice.call("createGroup", groupType="Public", groupName="Team", groupID="team")
    assert "Team" == alice.conversation("group_team")["showName"]
    assert "nowhere" == alice.conversation("group_nowhere")["showName"]


def test_draft_brings_its_own_time(stage: Stage) -> None:
    """The time of a draft is made when the draft is set."""
    alice = chats(stage)
    assert 0 == alice.conversation("c2c_bob")["draftTimestamp"]
    stage.advance(5_000)
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText="wait")
    row = alice.conversation("c2c_bob")
    assert ("wait", stage.now_s()) == (row["draftText"], row["draftTimestamp"])


def test_at_infos_tell_of_mentions(stage: Stage) -> None:
    """The list of @ information says that somebody mentions me, or everybody."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("createGroup", groupType="Meeting", groupName="Team", groupID="team")
    bob.call("joinGroup", groupID="team", message="")
    for named in (["alice"], ["__kImSDK_MesssageAtALL__"]):
        created = bob.call("createTextAtMessage", text="@", atUserList=named)
        bob.call("sendMessage", id=created["id"], receiver="", groupID="team")
    assert [1, 2] == [info["atType"] for info in alice.conversation("group_team")["groupAtInfoList"]]


def test_order_key_sorts(stage: Stage) -> None:
    """Conversations come in the order of their keys, the newest activity first."""
    alice = chats(stage, "bob", "carol", "dave")
    rows = alice.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    assert ["c2c_dave", "c2c_carol", "c2c_bob"] == ids(rows)
    keys = [row["orderkey"] for row in rows]
    assert sorted(keys, reverse=True) == keys and len(set(keys)) == len(keys)


def test_live_rooms_count_no_unread(stage: Stage) -> None:
    """The unread count means nothing in a live room, and is 0."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("createGroup", groupType="AVChatRoom", groupName="Live", groupID="live")
    for phone in (alice, bob):
        phone.call("joinGroup", groupID="live", message="")
    bob.send("hello", group="live")
    assert 0 == alice.conversation("group_live")["unreadCount"]


@pytest.mark.parametrize(
    ("method", "event"),
    [
        ("addConversationsToGroup", "onConversationsAddedToGroup"),
        ("deleteConversationsFromGroup", "onConversationsDeletedFromGroup"),
    ],
)
def test_add_and_delete_answer_items(stage: Stage, method: str, event: str) -> None:
    """Adding to a group and deleting from it answer id, code and text of each, and are told with name and list."""
    alice = chats(stage)
    first = IDS[:1] if method.startswith("add") else IDS
    alice.call("createConversationGroup", groupName="work", conversationIDList=first)
    alice.heard()
    items = alice.call(method, groupName="work", conversationIDList=IDS[1:])
    assert [{"conversationID": IDS[1], "resultCode": 0, "resultInfo": ""}] == items
    data = alice.heard_one(event)
    assert ("work", IDS[1:]) == (data["groupName"], ids(data["conversationList"]))
    wanted = IDS if method.startswith("add") else IDS[:1]
    assert set(wanted) == set(ids(page(alice, "work")))


def test_all_five_listeners(stage: Stage) -> None:
    """Five callbacks tell of groups: created, deleted, renamed, conversations added, conversations deleted."""
    alice = chats(stage)
    alice.call("createConversationGroup", groupName="work", conversationIDList=IDS[:1])
    alice.call("addConversationsToGroup", groupName="work", conversationIDList=IDS[1:])
    alice.call("renameConversationGroup", oldName="work", newName="job")
    alice.call("deleteConversationsFromGroup", groupName="job", conversationIDList=IDS[:1])
    alice.call("deleteConversationGroup", groupName="job")
    told = [(kind, data) for kind, data in alice.heard() if "Group" in kind]
    assert [
        "onConversationGroupCreated",
        "onConversationsAddedToGroup",
        "onConversationGroupNameChanged",
        "onConversationsDeletedFromGroup",
        "onConversationGroupDeleted",
    ] == [kind for kind, _ in told]
    assert IDS[:1] == ids(told[0][1]["conversationList"])
    assert {"oldName": "work", "newName": "job"} == told[2][1]
    assert "job" == told[4][1]
