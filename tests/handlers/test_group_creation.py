"""Creating groups."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from bridge.world.chats import conversations
from bridge.world.chats.conversations import Conversation
from bridge.world.groups import memberships
from bridge.world.kernel.world import Policy
from tests.support.groups import TYPES, cast, create, ids, info, team, tips
from tests.support.stage import Stage


@pytest.mark.parametrize("group_type", TYPES)
def test_creator_owns_the_group(stage: Stage, group_type: str) -> None:
    """Creating answers the id of a group that the creator owns; a live room has to be joined by its creator as well."""
    (alice,) = cast(stage, "alice")
    group_id = create(alice, group_type)
    seen = info(alice, group_id)
    assert (group_type, "team", "alice", 400) == tuple(seen[k] for k in ("groupType", "groupName", "owner", "role"))
    assert (0 if group_type == "AVChatRoom" else 1) == seen["memberCount"]
    assert group_id.startswith("@TGS#_" if group_type == "Community" else "@TGS#")


@pytest.mark.parametrize("group_type", TYPES)
def test_creator_hears_and_has_a_conversation(stage: Stage, group_type: str) -> None:
    """All devices of the creator hear of the new group; its conversation is there at once, with the type's receive option."""
    (alice,) = cast(stage, "alice")
    other = stage.enter("alice", "tablet", platform="android" if stage.goes_by_ios else "ios")
    group_id = create(alice, group_type)
    is_live = group_type == "AVChatRoom"
    for phone in (alice, other):
        assert (["onGroupCreated"] if is_live else ["onGroupCreated", "onNewConversation"]) == phone.heard_types()
    shown = alice.conversation(f"group_{group_id}")
    assert ("team", group_type) == (shown["showName"], shown["groupType"])
    assert (2 if group_type in ("Meeting", "AVChatRoom") else 0) == shown["recvOpt"]
    listed = alice.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    assert (0 if is_live else 1) == len(listed)


@pytest.mark.parametrize("group_type", ["Public", "Community"])
def test_first_members_are_told(stage: Stage, group_type: str) -> None:
    """First members hear who has brought them in, then the group says so, and it shows in their list."""
    alice, bob, carol = cast(stage, "alice", "bob", "carol")
    members = [{"userID": "bob", "role": 300}, {"userID": "carol", "role": 0}, {"userID": "alice", "role": 200}]
    group_id = create(alice, group_type, memberList=members)
    entered = "onMemberInvited" if stage.client.tells_invitations else "onMemberEnter"
    heard = bob.heard()
    assert [entered, "onRecvNewMessage", "onNewConversation"] == [kind for kind, _ in heard]
    assert ["bob", "carol"] == ids(heard[0][1]["memberList"])
    (tip,) = tips(carol)
    assert (2 if stage.client.tells_invitations else 1) == tip["type"]
    assert ("alice", ["bob", "carol"], 3) == (tip["opMember"]["userID"], ids(tip["memberList"]), tip["memberCount"])
    roles = {m["userID"]: m["role"] for m in alice.call("getGroupMemberList", groupID=group_id, filter=0, nextSeq="0")["memberInfoList"]}
    assert {"alice": 400, "bob": 300, "carol": 200} == roles


def test_work_group_hides_until_first_message(stage: Stage) -> None:
    """A Work group shows in nobody's list but the owner's until something is said in it."""
    group_id, (alice, bob, _) = team(stage, "Work")
    assert [] == bob.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    assert 1 == len(alice.call("getConversationList", nextSeq="0", count=10)["conversationList"])
    alice.send("hello", group=group_id)
    assert ["onNewConversation"] == [kind for kind, _ in bob.heard("onNewConversation", "onConversationChanged")]


def test_work_invitation_is_told_everywhere(stage: Stage) -> None:
    """In a Work group being invited is told as that by old clients, too."""
    alice, bob = cast(stage, "alice", "bob")
    create(alice, "Work", "bob")
    (invited, data), (_, message) = bob.heard()
    assert ("onMemberInvited", "alice") == (invited, data["opUser"]["userID"])
    assert 2 == message["groupTipsElem"]["type"]


@pytest.mark.parametrize(
    ("group_type", "given", "options"),
    [
        ("Work", {"addOpt": 2, "approveOpt": 0, "isAllMuted": True, "isSupportTopic": True}, (0, 2, False, False)),
        ("Public", {"addOpt": 0, "approveOpt": 1, "isAllMuted": True}, (0, 1, True, False)),
        ("Public", {"addOpt": 1, "approveOpt": 0, "isSupportTopic": True}, (1, 0, False, False)),
        ("Meeting", {"addOpt": 0, "approveOpt": 2}, (0, 2, False, False)),
        ("Community", {"addOpt": 0, "isSupportTopic": True, "isEnablePermissionGroup": True}, (2, 0, False, True)),
        ("AVChatRoom", {"addOpt": 0, "approveOpt": 2}, (2, 0, False, False)),
    ],
)
def test_options_are_kept_where_there_is_a_choice(group_type: str, given: dict[str, Any], options: tuple[Any, ...]) -> None:
    """A group has the options that it was created with, unless its type leaves it none."""
    (alice,) = cast(Stage("chat-8.2"), "alice")
    seen = info(alice, create(alice, group_type, **given))
    assert options == tuple(seen[key] for key in ("groupAddOpt", "approveOpt", "isAllMuted", "isSupportTopic"))
    assert (group_type == "Community") == seen["isEnablePermissionGroup"]


def test_options_left_out(stage: Stage) -> None:
    """Without options Android leaves a Public group's defaults, iOS makes both options 2."""
    (alice,) = cast(stage, "alice")
    seen = info(alice, create(alice, "Public"))
    assert (2 if stage.goes_by_ios else 1) == seen["groupAddOpt"]
    if "approveOpt" in seen:  # the referee knows who shows it
        assert (2 if stage.goes_by_ios else 0) == seen["approveOpt"]


def test_texts_are_kept(stage: Stage) -> None:
    """A group has the texts that it was created with."""
    (alice,) = cast(stage, "alice")
    texts = {"notification": "n", "introduction": "i", "faceUrl": "f"}
    seen = info(alice, create(alice, "Public", **texts))
    assert texts == {key: seen[key] for key in texts}


@pytest.mark.parametrize(("old", "new"), [("Private", "Work"), ("ChatRoom", "Meeting")])
def test_old_type_names_are_taken(stage: Stage, old: str, new: str) -> None:
    """The names that types had in old clients mean the same."""
    (alice,) = cast(stage, "alice")
    assert new == info(alice, create(alice, old))["groupType"]


@pytest.mark.parametrize("group_id", ["club", "x" * 48, "a b~!"])
def test_own_ids_are_taken(stage: Stage, group_id: str) -> None:
    """An app may choose the id."""
    (alice,) = cast(stage, "alice")
    assert group_id == create(alice, "Public", groupID=group_id)


def test_community_ids_have_their_prefix(stage: Stage) -> None:
    """An id that an app chooses for a community begins as the service's own ones do."""
    (alice,) = cast(stage, "alice")
    assert "@TGS#_club" == create(alice, "Community", groupID="@TGS#_club")


REFUSED: list[tuple[str, dict[str, Any], int]] = [
    ("Public", {"groupID": "@TGS#mine"}, 8501),
    ("Public", {"groupID": "x" * 49}, 8501),
    ("Public", {"groupID": "grün"}, 8501),
    ("Public", {"groupID": "a@TOPIC#b"}, 8501),
    ("Community", {"groupID": "club"}, 8501),
    ("Public", {"groupName": ""}, 8502),
    ("Public", {"groupName": "x" * 101}, 8502),
    ("Public", {"introduction": "x" * 401}, 8503),
    ("Public", {"notification": "会" * 134}, 8504),
    ("Public", {"faceUrl": "x" * 501}, 8505),
    ("Party", {}, 10004),
    ("Public", {"addOpt": 3}, 10004),
    ("Work", {"memberList": [{"userID": "bob", "role": 300}]}, 10007),
    ("Public", {"memberList": [{"userID": "bob", "role": 100}]}, 10004),
    ("AVChatRoom", {"memberList": [{"userID": "bob", "role": 200}]}, 10007),
    ("Public", {"memberList": [{"userID": "bob", "role": 400}]}, 8509),
    ("Public", {"memberList": [{"userID": f"u{n}", "role": 200} for n in range(21)]}, 10005),
    ("Public", {"memberList": [{"userID": "x" * 33, "role": 200}]}, 10019),
]


@pytest.mark.parametrize(("group_type", "given", "code"), REFUSED)
def test_what_is_refused(stage: Stage, group_type: str, given: dict[str, Any], code: int) -> None:
    """Malformed ids, texts, types, options and members are refused, each with its code."""
    (alice,) = cast(stage, "alice")
    assert code == alice.refused("createGroup", **{"groupType": group_type, "groupName": "team", **given})


def test_limits_are_in_bytes(stage: Stage) -> None:
    """Texts of exactly as many bytes as there may be are taken."""
    (alice,) = cast(stage, "alice")
    create(alice, "Public", groupName="x" * 100, introduction="x" * 400, notification="会" * 133, faceUrl="x" * 500)


def test_taken_ids_are_refused(stage: Stage) -> None:
    """An id that is taken is refused with 10021, with 10025 to its owner; once the group is gone it is free for all."""
    alice, bob = cast(stage, "alice", "bob")
    create(alice, "Public", groupID="club")
    assert 10021 == bob.refused("createGroup", groupType="Public", groupName="n", groupID="club")
    assert 10025 == alice.refused("createGroup", groupType="Public", groupName="n", groupID="club")
    alice.call("dismissGroup", groupID="club")
    assert "club" == create(bob, "Public", groupID="club")


def test_labels_outlive_a_group(stage: Stage) -> None:
    """What a user has put on the conversation of a group stays there when its id is used again; what was read and heard does not."""
    alice, bob = cast(stage, "alice", "bob")
    create(alice, "Public", "bob", groupID="club")
    for text in ("one", "two"):
        alice.send(text, group="club")
    bob.call("pinConversation", conversationID="group_club", isPinned=True)
    rows, key = stage.world[conversations.CONVERSATIONS], ("bob", "group_club")
    labels: dict[str, Any] = {"marks": 5, "custom_data": "c", "groups": ("Work",)}
    stage.emulator.run(lambda: rows.put(key, evolve(rows[key], **labels)))
    before = rows[key]
    bob.call("deleteMessageFromLocalStorage", msgID=bob.history(group="club")[0]["msgID"])
    alice.call("dismissGroup", groupID="club")
    create(alice, "Work", groupID="club")
    blank = Conversation("bob", "group_club", listed=True, pinned=True, active_order=before.active_order, **labels)
    assert blank == rows[key]
    seen = bob.conversation("group_club")
    assert (True, 0, None) == (seen["isPinned"], seen["unreadCount"], seen.get("lastMessage"))
    assert [] == bob.history(group="club")


@pytest.mark.parametrize("recycled", [False, True])
def test_id_of_a_gone_group_begins_anew(stage: Stage, recycled: bool) -> None:
    """A group under the id of one that is gone has none of its members, messages, numbers, mutes, attributes and counters."""
    alice, bob, carol = cast(stage, "alice", "bob", "carol")
    create(alice, "Public", "bob", groupID="club", groupName="old")
    for text in ("one", "two", "three"):
        alice.send(text, group="club")
    alice.call("initGroupAttributes", groupID="club", attributes={"a": "1"})
    alice.call("muteGroupMember", groupID="club", userID="bob", seconds=10_000)
    assert 3 == len([row for row in bob.history(group="club") if row["elemType"] == 1])
    if recycled:
        stage.emulator.run(lambda: memberships.recycle(stage.world, "club"))
    else:
        alice.call("dismissGroup", groupID="club")
    assert 3 == len([row for row in bob.history(group="club") if row["elemType"] == 1])
    create(carol, "Meeting", groupID="club", groupName="new")
    seen = info(carol, "club")
    assert ("new", "carol", 1, "Meeting") == tuple(seen[key] for key in ("groupName", "owner", "memberCount", "groupType"))
    assert [] == alice.call("getJoinedGroupList")
    for phone in (alice, bob):
        assert [] == phone.history(group="club")
        row = phone.conversation("group_club")
        assert (0, None) == (row["unreadCount"], row.get("lastMessage"))
    bob.call("joinGroup", groupID="club", message="")
    assert {} == bob.call("getGroupAttributes", groupID="club", keys=[])
    first = bob.send("again", group="club")
    assert (1, [first["msgID"]]) == (
        int(stage.world.tables["messages"][first["msgID"]].seq),
        [row["msgID"] for row in carol.history(group="club")],
    )
    assert first["msgID"] == bob.conversation("group_club")["lastMessage"]["msgID"]


def test_topics_of_a_gone_community_are_gone(stage: Stage) -> None:
    """A community under the id of one that is gone has none of its topics, nor what was said in them."""
    alice = stage.enter("alice")
    for _ in range(2):
        create(alice, "Community", groupID="@TGS#_town", isSupportTopic=True)
        assert [] == alice.call("getTopicInfoList", groupID="@TGS#_town", topicIDList=[])
        topic = {"topicName": "News", "topicID": "@TGS#_town@TOPIC#_news"}
        alice.call("createTopicInCommunity", groupID="@TGS#_town", topicInfo=topic)
        assert [] == alice.history(group=topic["topicID"])
        alice.send("hi", group=topic["topicID"])
        alice.call("dismissGroup", groupID="@TGS#_town")


def test_groups_of_a_user_are_limited() -> None:
    """Who is in as many groups as the plan allows creates no more."""
    stage = Stage(policy=Policy(switches={"groups_per_user": 2}))
    (alice,) = cast(stage, "alice")
    create(alice, "Public")
    create(alice, "Work")
    assert 10037 == alice.refused("createGroup", groupType="Public", groupName="n")


def test_communities_can_be_switched_off() -> None:
    """Where the console has communities switched off, creating one is refused with 11000."""
    (alice,) = cast(Stage(policy=Policy(switches={"communities": False})), "alice")
    assert 11000 == alice.refused("createGroup", groupType="Community", groupName="n")


def test_missing_type_is_refused(stage: Stage) -> None:
    """A group without a type is refused with 6017."""
    (alice,) = cast(stage, "alice")
    assert 6017 == alice.refused("createGroup", groupType="", groupName="n")


def test_unknown_members_under_strict_accounts() -> None:
    """Where accounts are strict, an unknown first member refuses the call with 10019."""
    stage = Stage(policy=Policy(strict_accounts=True))
    (alice,) = cast(stage, "alice")
    members = [{"userID": "ghost", "role": 200}]
    assert 10019 == alice.refused("createGroup", groupType="Public", groupName="n", memberList=members)
