"""createCommunity through the channel: answered on iOS alone."""

from __future__ import annotations

from typing import Any

from tests.support.stage import Stage

INFO: dict[str, Any] = {
    "groupID": "@TGS#_town",
    "groupType": "Work",
    "groupName": "Town",
    "notification": "n",
    "introduction": "i",
    "faceUrl": "f",
    "isAllMuted": False,
    "groupAddOpt": 0,
    "isSupportTopic": True,
    "approveOpt": 2,
    "isEnablePermissionGroup": True,
    "defaultPermissions": 64,
    "customInfo": {},
}


def create(stage: Stage, **given: Any) -> Any:
    """Have alice create a community. Returns her phone and the reply."""
    alice = stage.enter("alice")
    members = given.pop("memberList", [{"userID": "bob", "role": 200}])
    return alice, alice.reply("createCommunity", info={**INFO, **given}, memberList=members)


def test_ios_creates_a_community() -> None:
    """iOS answers the id; whatever type is named it is a Community, with members, and open to all whatever the call says."""
    stage = Stage("chat-8.2", "ios")
    bob = stage.enter("bob")
    alice, reply = create(stage)
    assert {"code": 0, "desc": "ok", "data": "@TGS#_town"} == reply
    assert "onGroupCreated" in alice.heard_types()
    assert "onMemberInvited" in bob.heard_types()
    (group,) = bob.call("getJoinedCommunityList")
    told = ("groupType", "groupName", "notification", "isSupportTopic", "isEnablePermissionGroup", "defaultPermissions")
    assert ["Community", "Town", "n", True, True, 64] == [group[key] for key in told]
    assert (2, 2) == (group["groupAddOpt"], group["memberCount"])
    carol = stage.enter("carol")
    carol.call("joinGroup", groupID="@TGS#_town", message="")


def test_service_makes_an_id() -> None:
    """Without an id the service makes one that begins as a Community's does."""
    _, reply = create(Stage("chat-8.2", "ios"), groupID="")
    assert reply["data"].startswith("@TGS#_")


def test_refused_like_create_group() -> None:
    """What createGroup refuses is refused: a plain id, an id that is taken, a second owner."""
    stage = Stage("chat-8.2", "ios")
    alice, _ = create(stage)
    alice.heard()
    cases = [
        ({"groupID": "town"}, [], 8501),
        ({}, [], 10025),
        ({"groupID": "@TGS#_other"}, [{"userID": "bob", "role": 400}], 8509),
        ({"groupID": "@TGS#_other", "groupName": ""}, [], 8502),
    ]
    for given, members, code in cases:
        assert code == alice.refused("createCommunity", info={**INFO, **given}, memberList=members)


def test_android_never_answers() -> None:
    """The Android adapter fails on the member list and so never answers; nothing is created."""
    alice = Stage("chat-8.2", "android").enter("alice")
    error = alice.error("createCommunity", info=INFO, memberList=[])
    assert (-32001, "unanswered") == (error.code, error.data["reason"])
    assert [] == alice.call("getJoinedCommunityList")


def test_joined_communities_have_topics(stage: Stage) -> None:
    """The list has the communities with topics that the caller is in, and nothing else."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    ids = {
        name: alice.call("createGroup", groupType=kind, groupName=name, isSupportTopic=topics)
        for name, kind, topics in (
            ("z", "Community", True),
            ("a", "Community", True),
            ("plain", "Community", False),
            ("public", "Public", False),
        )
    }
    listed = alice.call("getJoinedCommunityList")
    assert [ids["z"], ids["a"]] == [group["groupID"] for group in listed]
    assert {ids["plain"], ids["public"]} == {group["groupID"] for group in alice.call("getJoinedGroupList")}
    assert [] == bob.call("getJoinedCommunityList")
    alice.call("dismissGroup", groupID=ids["a"])
    assert [ids["z"]] == [group["groupID"] for group in alice.call("getJoinedCommunityList")]
