"""Stories of communities: clients of both versions in one, and permission groups in the place of administrators."""

from __future__ import annotations

from typing import Any

from tests.support.communities import COMMUNITY, found, new_topic, set_topic, topic_of
from tests.support.stage import Phone, Stage


def last_told(phone: Phone, topic_id: str) -> Any:
    """Return what the last event about a topic said of it."""
    told = [data["topicInfo"] for _, data in phone.heard(phone.topic_changed)]
    assert told, f"{phone.name} heard nothing"
    assert topic_id == told[-1]["topicID"]
    return told[-1]


def test_events_show_what_a_fetch_shows(stage: Stage) -> None:
    """After whatever happens to a topic, the last event of each member is what the member would fetch."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic_id = new_topic(alice)

    def agree(*phones: Phone) -> None:
        for phone in phones:
            assert last_told(phone, topic_id) == topic_of(phone, topic_id)

    alice.send("one", group=topic_id)
    agree(alice, bob)
    bob.send("two", group=topic_id)
    agree(alice, bob)
    set_topic(alice, topic_id, topicName="Olds", introduction="i", isAllMute=True, customString="c")
    agree(alice, bob)
    if stage.has("setTopicInfo.topicInfo.draftText"):
        set_topic(bob, topic_id, draftText="to be")
        agree(bob)
    alice.call("muteGroupMember", groupID=topic_id, userID="bob", seconds=60)
    agree(bob)
    bob.call("markGroupMessageAsRead", groupID=topic_id)
    agree(bob)


def test_old_and_new_clients_share_topics() -> None:
    """A 5.0 client and an 8.2 client write to each other in a topic; the newer one hears of it on two listeners."""
    stage = Stage("chat-8.2")
    alice, bob = stage.enter("alice"), stage.enter("bob", dialect="im-5.0", platform="ios")
    found(stage)
    topic_id = new_topic(alice)
    assert ["onTopicCreated", "onCreateTopic"] == alice.heard_types()
    assert ["onTopicCreated"] == bob.heard_types()
    sent = bob.send("hi", group=topic_id)
    assert ["onRecvNewMessage", "onTopicInfoChanged", "onChangeTopicInfo"] == alice.heard_types()
    assert sent["msgID"] == topic_of(alice, topic_id)["lastMessage"]["msgID"]
    alice.call("deleteTopicFromCommunity", groupID=COMMUNITY, topicIDList=[topic_id])
    assert ["onTopicDeleted"] == [kind for kind in bob.heard_types() if kind == "onTopicDeleted"]


def test_permission_groups_take_over() -> None:
    """Switching permission groups on takes an administrator's powers; a permission group gives some of them back."""
    stage = Stage("chat-8.2")
    alice, dave = stage.enter("alice"), stage.enter("dave")
    found(stage, admins="dave", default_permissions=64)
    new_topic(dave)
    alice.call(
        "setGroupInfo", groupID=COMMUNITY, groupType="Community", isEnablePermissionGroup=True, defaultPermissions=64
    )
    changes = dave.heard_one("onGroupInfoChanged")["groupChangeInfoList"]
    assert [13] == [change["type"] for change in changes]
    assert 10007 == dave.refused("createTopicInCommunity", groupID=COMMUNITY, topicInfo={"topicName": "x"})
    info = {"groupID": COMMUNITY, "permissionGroupID": "", "permissionGroupName": "Topics", "customData": ""}
    own = alice.call("createPermissionGroupInCommunity", info={**info, "groupPermission": 16, "memberCount": 0})
    alice.call("addCommunityMembersToPermissionGroup", groupID=COMMUNITY, permissionGroupID=own, memberList=["dave"])
    assert ["onCreatePermissionGroup", "onAddMembersToPermissionGroup"] == dave.heard_types()
    topic_id = new_topic(dave)
    dave.send("hi", group=topic_id)
    alice.call("deletePermissionGroupFromCommunity", groupID=COMMUNITY, permissionGroupIDList=[own])
    dave.heard()
    assert 10007 == dave.refused("deleteTopicFromCommunity", groupID=COMMUNITY, topicIDList=[topic_id])
