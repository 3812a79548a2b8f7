"""What permission groups allow: every bit that a call can use, and nothing without it."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats import conversations
from bridge.world.groups import communities, groups
from tests.support.communities import COMMUNITY, found, new_topic, set_topic, topic_of
from tests.support.stage import Phone, Stage

SEND = 64


@pytest.fixture(params=["android"])  # the iOS adapter finds none of the arguments: fixtures/adapters/ios_alone.jsonl
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage of the dialect that has communityManager."""
    return Stage("chat-8.2", request.param)


def permission_group(own: str = "new", **given: Any) -> dict[str, Any]:
    """Return a permission group as the client sends it."""
    blank = {"permissionGroupName": "", "customData": "", "groupPermission": 0, "memberCount": 0}
    return {"groupID": COMMUNITY, "permissionGroupID": own, **blank, **given}


def give(alice: Phone, user: str, bits: int = 0, topics: dict[str, int] | None = None) -> None:
    """Give a member community bits, and bits in topics, by a permission group of the member's own."""
    own = alice.call("createPermissionGroupInCommunity", info=permission_group("", groupPermission=bits))
    one = {"groupID": COMMUNITY, "permissionGroupID": own}
    alice.call("addCommunityMembersToPermissionGroup", **one, memberList=[user])
    if topics:
        alice.call("addTopicPermissionToPermissionGroup", **one, topicPermissionMap=topics)


TOPIC = f"{COMMUNITY}@TOPIC#_t"
G = {"groupID": COMMUNITY}
KEPT = {"groupType": "Community", "isEnablePermissionGroup": True, "defaultPermissions": 0}
"""What a call has to say to leave it as it is: the client sends off and 0 for what the app does not give."""

COMMUNITY_BITS: list[tuple[int, str, dict[str, Any]]] = [
    (1, "setGroupInfo", {**G, **KEPT, "groupName": "New"}),
    (1, "setGroupInfo", {**G, **KEPT, "isAllMuted": True}),
    (2, "kickGroupMember", {**G, "memberList": ["dave"]}),
    (4, "createPermissionGroupInCommunity", {"info": permission_group()}),
    (4, "modifyPermissionGroupInfoInCommunity", {"info": permission_group("g", groupPermission=1)}),
    (4, "deletePermissionGroupFromCommunity", {**G, "permissionGroupIDList": ["g"]}),
    (4, "addTopicPermissionToPermissionGroup", {**G, "permissionGroupID": "g", "topicPermissionMap": {TOPIC: 1}}),
    (8, "addCommunityMembersToPermissionGroup", {**G, "permissionGroupID": "g", "memberList": ["dave"]}),
    (8, "removeCommunityMembersFromPermissionGroup", {**G, "permissionGroupID": "g", "memberList": ["dave"]}),
    (16, "createTopicInCommunity", {**G, "topicInfo": {"topicName": "T"}}),
    (16, "setTopicInfo", {**G, "topicInfo": {"topicID": TOPIC, "topicName": "U"}}),
    (16, "deleteTopicFromCommunity", {**G, "topicIDList": [TOPIC]}),
    (32, "muteGroupMember", {**G, "userID": "dave", "seconds": 60}),
    (32, "muteGroupMember", {"groupID": TOPIC, "userID": "dave", "seconds": 60}),
]
TOPIC_BITS: list[tuple[int, str, dict[str, Any]]] = [
    (1, "setTopicInfo", {**G, "topicInfo": {"topicID": TOPIC, "topicName": "U"}}),
    (1, "deleteTopicFromCommunity", {**G, "topicIDList": [TOPIC]}),
    (2, "addTopicPermissionToPermissionGroup", {**G, "permissionGroupID": "g", "topicPermissionMap": {TOPIC: 1}}),
    (2, "modifyTopicPermissionInPermissionGroup", {**G, "permissionGroupID": "g", "topicPermissionMap": {TOPIC: 1}}),
    (2, "deleteTopicPermissionFromPermissionGroup", {**G, "permissionGroupID": "g", "topicIDList": [TOPIC]}),
    (4, "muteGroupMember", {"groupID": TOPIC, "userID": "dave", "seconds": 60}),
]
ALL = (1 << 11) - 1


def set_scene(stage: Stage, **attributes: Any) -> tuple[Phone, Phone]:
    """Found a community with permission groups on, a topic and a permission group in it. Returns owner and member."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage, members="bob dave", permission_groups_on=True, **attributes)
    new_topic(alice, topicID=TOPIC)
    alice.call("createPermissionGroupInCommunity", info=permission_group("g"))
    alice.call(
        "addTopicPermissionToPermissionGroup", groupID=COMMUNITY, permissionGroupID="g", topicPermissionMap={TOPIC: 8}
    )
    return alice, bob


@pytest.mark.parametrize(("bit", "method", "arguments"), COMMUNITY_BITS)
def test_community_bit_allows(stage: Stage, bit: int, method: str, arguments: dict[str, Any]) -> None:
    """With every bit but one a member is refused with 10007, with that one alone the call succeeds."""
    alice, bob = set_scene(stage)
    give(alice, "bob", ALL & ~bit)
    bob.heard()
    assert 10007 == bob.refused(method, **arguments)
    stage = Stage("chat-8.2", stage.platform)
    alice, bob = set_scene(stage)
    give(alice, "bob", bit)
    bob.call(method, **arguments)


@pytest.mark.parametrize(("bit", "method", "arguments"), TOPIC_BITS)
def test_topic_bit_allows(stage: Stage, bit: int, method: str, arguments: dict[str, Any]) -> None:
    """With every bit of the topic but one a member is refused with 10007, with that one alone the call succeeds."""
    alice, bob = set_scene(stage)
    give(alice, "bob", 0, {TOPIC: 127 & ~bit})
    bob.heard()
    assert 10007 == bob.refused(method, **arguments)
    stage = Stage("chat-8.2", stage.platform)
    alice, bob = set_scene(stage)
    give(alice, "bob", 0, {TOPIC: bit})
    bob.call(method, **arguments)


@pytest.mark.parametrize(("bit", "method", "arguments"), COMMUNITY_BITS)
def test_default_permissions_are_everybodys(stage: Stage, bit: int, method: str, arguments: dict[str, Any]) -> None:
    """The community's default permissions hold for every member."""
    _, bob = set_scene(stage, default_permissions=bit)
    kept = {"defaultPermissions": bit} if method == "setGroupInfo" else {}
    bob.call(method, **{**arguments, **kept})


def test_default_permissions_of_a_topic(stage: Stage) -> None:
    """A topic's default permissions hold for every member in that topic alone."""
    alice, bob = set_scene(stage)
    other = new_topic(alice)
    set_topic(alice, TOPIC, defaultPermissions=8)
    assert (8 if not stage.goes_by_ios else None) == topic_of(bob, TOPIC).get("defaultPermissions")
    bob.send("hi", group=TOPIC)
    assert 10007 == send_code(bob, other)


def test_default_permissions_need_their_own_right(stage: Stage) -> None:
    """Managing a topic is not managing its permissions: bit 1 changes texts, bit 2 the default permissions."""
    alice, bob = set_scene(stage)
    give(alice, "bob", 0, {TOPIC: 1})
    bob.heard()
    bits = {"topicID": TOPIC, "defaultPermissions": 8}
    assert 10007 == bob.refused("setTopicInfo", groupID=COMMUNITY, topicInfo=bits)
    give(alice, "bob", 0, {TOPIC: 2})
    bob.call("setTopicInfo", groupID=COMMUNITY, topicInfo=bits)


def test_administrators_lose_their_powers(stage: Stage) -> None:
    """While permission groups are on, an administrator is refused like a member; the owner is not."""
    alice, dave = stage.enter("alice"), stage.enter("dave")
    found(stage, admins="dave", permission_groups_on=True)
    assert 10007 == dave.refused("createTopicInCommunity", groupID=COMMUNITY, topicInfo={"topicName": "x"})
    assert 10007 == dave.refused("setGroupInfo", groupID=COMMUNITY, **KEPT, groupName="x")
    new_topic(alice)


def test_bits_are_nothing_while_off(stage: Stage) -> None:
    """While permission groups are off, roles decide, whatever bits there are."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage, default_permissions=ALL)
    give(alice, "bob", ALL)
    bob.heard()
    assert 10007 == bob.refused("createTopicInCommunity", groupID=COMMUNITY, topicInfo={"topicName": "x"})


def test_set_group_info_switches_off_what_it_does_not_say(stage: Stage) -> None:
    """The client sends off for permission groups that are not mentioned, so a mere change of name switches them off."""
    alice, _ = set_scene(stage)
    alice.call("setGroupInfo", groupID=COMMUNITY, groupType="Community", groupName="New")
    (item,) = alice.call("getGroupsInfo", groupIDList=[COMMUNITY])
    assert item["groupInfo"]["isEnablePermissionGroup"] is False


def test_owner_cannot_be_kicked_or_muted(stage: Stage) -> None:
    """No bit helps against the owner, and nobody kicks or mutes oneself."""
    alice, bob = set_scene(stage)
    give(alice, "bob", ALL)
    bob.heard()
    items = bob.call("kickGroupMember", groupID=COMMUNITY, memberList=["alice", "bob"])
    assert [0, 0] == [item["result"] for item in items]
    for user in ("alice", "bob"):
        assert 10007 == bob.refused("muteGroupMember", groupID=COMMUNITY, userID=user, seconds=60)
    assert 10007 == bob.refused("muteGroupMember", groupID=TOPIC, userID="alice", seconds=60)


def send_code(phone: Phone, target: str) -> int:
    """Send a message and return the reply's code."""
    created = phone.call("createTextMessage", text="hi")
    code: int = phone.reply("sendMessage", id=created["id"], receiver="", groupID=target)["code"]
    return code


@pytest.mark.parametrize(
    ("bits", "topic_bits", "to_community", "to_topic"),
    [(0, 0, 10007, 10007), (SEND, 0, 0, 0), (0, 8, 10007, 0), (ALL & ~SEND, 127 & ~8, 10007, 10007)],
)
def test_sending_needs_a_bit(stage: Stage, bits: int, topic_bits: int, to_community: int, to_topic: int) -> None:
    """Community bit 64 lets a member send everywhere, topic bit 8 in that topic."""
    alice, bob = set_scene(stage)
    give(alice, "bob", bits, {TOPIC: topic_bits})
    assert (to_community, to_topic) == (send_code(bob, COMMUNITY), send_code(bob, TOPIC))


ALL_USERS = "__kImSDK_MesssageAtALL__"


@pytest.mark.parametrize(("bits", "topic_bits", "code"), [(0, 63, 10004), (128, 0, 0), (0, 64, 0)])
def test_mentioning_everybody_needs_a_bit(stage: Stage, bits: int, topic_bits: int, code: int) -> None:
    """Community bit 128 or topic bit 64 lets a member mention everybody; without them it is refused as in every Community."""
    alice, bob = set_scene(stage, default_permissions=SEND)
    give(alice, "bob", bits, {TOPIC: topic_bits})
    created = bob.call("createTextAtMessage", text="hi", atUserList=[ALL_USERS])
    assert code == bob.reply("sendMessage", id=created["id"], receiver="", groupID=TOPIC)["code"]


def test_nobody_mentions_everybody_while_off(stage: Stage) -> None:
    """While permission groups are off not even the owner mentions everybody in a Community."""
    alice = stage.enter("alice")
    found(stage)
    topic_id = new_topic(alice)
    created = alice.call("createTextAtMessage", text="hi", atUserList=[ALL_USERS])
    reply = alice.reply("sendMessage", id=created["id"], receiver="", groupID=topic_id)
    assert 10004 == reply["code"]
    assert "not support @all" in reply["desc"]


def test_muting_right_talks_in_muted_topics(stage: Stage) -> None:
    """In a muted topic those talk on who may mute there."""
    alice, bob = set_scene(stage, default_permissions=SEND)
    set_topic(alice, TOPIC, isAllMute=True)
    assert 10017 == send_code(bob, TOPIC)
    give(alice, "bob", 0, {TOPIC: 4})
    assert 0 == send_code(bob, TOPIC)


def test_muting_right_talks_in_a_muted_community(stage: Stage) -> None:
    """While permission groups are on, not administrators but those who may mute talk on when all are muted."""
    alice, bob, dave = stage.enter("alice"), stage.enter("bob"), stage.enter("dave")
    found(stage, admins="dave", permission_groups_on=True, default_permissions=SEND, all_muted=True)
    topic_id = new_topic(alice)
    assert (10017, 10017) == (send_code(dave, COMMUNITY), send_code(dave, topic_id))
    give(alice, "bob", 32)
    assert (0, 0, 0) == (send_code(bob, COMMUNITY), send_code(bob, topic_id), send_code(alice, topic_id))


@pytest.mark.parametrize(("bits", "topic_bits", "code"), [(ALL & ~512, 127 & ~32, 10007), (512, 0, 0), (0, 32, 0)])
def test_revoking_others_needs_a_bit(stage: Stage, bits: int, topic_bits: int, code: int) -> None:
    """Community bit 512 or topic bit 32 lets a member take back what others wrote in a topic; the own messages need none."""
    alice, bob = set_scene(stage, default_permissions=SEND)
    give(alice, "bob", bits, {TOPIC: topic_bits})
    others, own = alice.send("hi", group=TOPIC), bob.send("hi", group=TOPIC)
    assert code == bob.reply("revokeMessage", msgID=others["msgID"])["code"]
    bob.call("revokeMessage", msgID=own["msgID"])


@pytest.mark.parametrize(("bits", "topic_bits", "sees"), [(0, 0, False), (256, 0, True), (0, 16, True)])
def test_older_history_needs_a_bit(stage: Stage, bits: int, topic_bits: int, sees: bool) -> None:
    """What was said before joining shows with community bit 256 or topic bit 16 alone; what came after shows always."""
    alice, bob = set_scene(stage)
    old = alice.send("old", group=TOPIC)
    bob.call("quitGroup", groupID=COMMUNITY)
    between = alice.send("between", group=TOPIC)
    bob.call("joinGroup", groupID=COMMUNITY, message="")
    new = alice.send("new", group=TOPIC)
    give(alice, "bob", bits, {TOPIC: topic_bits})
    seen = bob.history(group=TOPIC, count=10)
    told = [message["msgID"] for message in seen]
    assert [new["msgID"], *([between["msgID"]] if sees else []), old["msgID"]] == told


@pytest.mark.parametrize("right", sorted(communities.RIGHTS))
def test_rights_of_strangers_and_owners(right: str) -> None:
    """A stranger may nothing, and the owner everything while permission groups are on."""
    stage = Stage()
    found(stage, permission_groups_on=True)
    group = groups.find(stage.world, COMMUNITY)
    assert group is not None
    assert not communities.may(stage.world, group, "stranger", right)
    assert communities.may(stage.world, group, "alice", right)


def test_topic_has_no_listed_conversation(stage: Stage) -> None:
    """Pinning a topic's conversation, or putting a draft into it, does not list it."""
    _, bob = set_scene(stage)
    bob.call("pinConversation", conversationID=f"group_{TOPIC}", isPinned=True)
    bob.call("setConversationDraft", conversationID=f"group_{TOPIC}", draftText="x")
    assert "x" == topic_of(bob, TOPIC)["draftText"]
    row = conversations.find(stage.world, "bob", f"group_{TOPIC}")
    assert row is not None
    assert not row.listed
