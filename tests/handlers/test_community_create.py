"""createCommunity: no adapter of a phone gets it answered; what the rule behind it does."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest

from bridge.catalogue.names import snake_case
from bridge.dialects.channel.reading.community import ATTRIBUTES
from bridge.errors import ChatError
from bridge.handlers.caller import Caller
from bridge.handlers.community import create_community
from bridge.world.kernel.clients import Finding, Habits
from bridge.world.kernel.devices import of_user
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


KNOWN: dict[str, Any] = {ATTRIBUTES[snake_case(key)]: value for key, value in INFO.items() if snake_case(key) in ATTRIBUTES}


class NoAdapter:
    """A native side that decides nothing."""

    habits = Habits()

    def objects(self, finding: Finding) -> None:
        """Leave all to the service."""

    def unfound(self) -> NoReturn:
        """Refuse as nobody does."""
        raise AssertionError


def create(stage: Stage, **given: Any) -> str:
    """Have alice create a community, past the adapters, of which none reaches the rule. Returns its id."""
    alice = next(phone for phone in of_user(stage.world, "alice"))
    caller = Caller(stage.world, alice.device_id, "alice", NoAdapter())
    members = given.pop("members", [("bob", 200)])
    turn = stage.emulator.run(lambda: create_community(caller, {**KNOWN, **given, "members": members}))
    own: str = turn.reply.result
    return own


def test_a_community_is_created() -> None:
    """Whatever type is named it is a Community, with members, and open to all whatever the call says."""
    stage = Stage("chat-8.2")
    alice, bob = stage.enter("alice"), stage.enter("bob")
    assert "@TGS#_town" == create(stage)
    (group,) = bob.call("getJoinedCommunityList")
    told = ("groupType", "groupName", "notification", "isSupportTopic", "isEnablePermissionGroup", "defaultPermissions")
    assert ["Community", "Town", "n", True, True, 64] == [group[key] for key in told]
    assert (2, 2) == (group["groupAddOpt"], group["memberCount"])
    carol = stage.enter("carol")
    carol.call("joinGroup", groupID="@TGS#_town", message="")
    assert alice.call("getJoinedCommunityList")


def test_service_makes_an_id() -> None:
    """Without an id the service makes one that begins as a Community's does."""
    stage = Stage("chat-8.2")
    stage.enter("alice")
    assert create(stage, group_id="").startswith("@TGS#_")


def test_refused_like_create_group() -> None:
    """What createGroup refuses is refused: a plain id, an id that is taken, a second owner."""
    stage = Stage("chat-8.2")
    stage.enter("alice")
    create(stage)
    cases: list[tuple[dict[str, Any], int]] = [
        ({"group_id": "town", "members": []}, 8501),
        ({"members": []}, 10025),
        ({"group_id": "@TGS#_other", "members": [("bob", 400)]}, 8509),
        ({"group_id": "@TGS#_other", "name": "", "members": []}, 8502),
    ]
    for given, code in cases:
        before = stage.snapshot()
        with pytest.raises(ChatError) as caught:
            create(stage, **given)
        assert code == caught.value.code
        assert before == stage.snapshot()


def test_ios_dies() -> None:
    """The iOS adapter looks for info where it is not, and takes it for granted; nothing is created."""
    alice = Stage("chat-8.2", "ios").enter("alice")
    error = alice.error("createCommunity", info=INFO, memberList=[])
    assert (-32001, "crash") == (error.code, error.data["reason"])
    assert [] == alice.call("getJoinedCommunityList")


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
