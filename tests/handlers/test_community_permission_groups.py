"""Permission groups of communities through the channel: keeping them, who is in them, and their bits in topics."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.communities import COMMUNITY, found, new_topic
from tests.support.stage import Phone, Stage

CREATE, MODIFY = "createPermissionGroupInCommunity", "modifyPermissionGroupInfoInCommunity"
DELETE, LIST = "deletePermissionGroupFromCommunity", "getPermissionGroupListInCommunity"
ADD, REMOVE = "addCommunityMembersToPermissionGroup", "removeCommunityMembersFromPermissionGroup"
MEMBERS, JOINED = "getCommunityMemberListInPermissionGroup", "getJoinedPermissionGroupListInCommunity"
ADD_TOPIC, MODIFY_TOPIC = "addTopicPermissionToPermissionGroup", "modifyTopicPermissionInPermissionGroup"
DELETE_TOPIC, GET_TOPIC = "deleteTopicPermissionFromPermissionGroup", "getTopicPermissionInPermissionGroup"


@pytest.fixture(params=["android"])  # the iOS adapter finds none of the arguments: fixtures/adapters/ios_alone.jsonl
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage of the dialect that has communityManager."""
    return Stage("chat-8.2", request.param)


def info(permission_group_id: str = "", **given: Any) -> dict[str, Any]:
    """Return a permission group as the client sends it: every key, always."""
    blank = {"permissionGroupName": "", "customData": "", "groupPermission": 0, "memberCount": 0}
    return {"groupID": COMMUNITY, "permissionGroupID": permission_group_id, **blank, **given}


def new_group(phone: Phone, permission_group_id: str = "", members: str = "", **given: Any) -> str:
    """Have somebody create a permission group and put members into it; events are forgotten. Returns its id."""
    own: str = phone.call(CREATE, info=info(permission_group_id, **given))
    if members:
        phone.call(ADD, groupID=COMMUNITY, permissionGroupID=own, memberList=members.split())
    phone.heard()
    return own


def codes(items: list[Any], key: str = "resultCode") -> list[int]:
    """Return the codes of a batch."""
    return [item[key] for item in items]


def test_create_tells_all_members(stage: Stage) -> None:
    """A new permission group gets an id, and all members hear of it with all that is known."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    found(stage)
    own = alice.call(CREATE, info=info(permissionGroupName="Editors", customData="d", groupPermission=17))
    assert own
    made = info(own, permissionGroupName="Editors", customData="d", groupPermission=17)
    for phone in (alice, bob):
        assert [("onCreatePermissionGroup", {"groupID": COMMUNITY, "permissionGroupInfo": made})] == phone.heard()
    assert [] == carol.heard()
    (item,) = bob.call(LIST, groupID=COMMUNITY, permissionGroupIDList=[own])
    assert (0, made) == (item["resultCode"], item["permissionGroupInfo"])


def test_ids_are_taken_once(stage: Stage) -> None:
    """An app may choose the id; a second one of the same id is refused with 10021."""
    alice = stage.enter("alice")
    found(stage)
    assert "editors" == new_group(alice, "editors")
    assert 10021 == alice.refused(CREATE, info=info("editors"))


def test_modify_replaces_what_it_says(stage: Stage) -> None:
    """Name, data and bits are those of the call; members hear once, and not at all if nothing is new."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    own = new_group(alice, permissionGroupName="Editors", customData="d", groupPermission=17)
    bob.heard()
    alice.call(MODIFY, info=info(own, permissionGroupName="Writers", groupPermission=1, memberCount=9))
    event = bob.heard_one("onChangePermissionGroupInfo")
    assert info(own, permissionGroupName="Writers", groupPermission=1) == event["permissionGroupInfo"]
    alice.call(MODIFY, info=info(own, permissionGroupName="Writers", groupPermission=1))
    assert [] == bob.heard()


def test_lists_are_in_order_of_creation(stage: Stage) -> None:
    """No id asks for all, the oldest first; an unknown one has code 10004 and nothing but its id."""
    alice = stage.enter("alice")
    found(stage)
    ids = [new_group(alice, name) for name in ("z", "a", "m")]
    listed = alice.call(LIST, groupID=COMMUNITY, permissionGroupIDList=[])
    assert ids == [item["permissionGroupInfo"]["permissionGroupID"] for item in listed]
    items = alice.call(LIST, groupID=COMMUNITY, permissionGroupIDList=["m", "none"])
    assert [0, 10004] == codes(items)
    assert "none" == items[1]["permissionGroupInfo"]["permissionGroupID"]


def test_delete_tells_all_members(stage: Stage) -> None:
    """Deleting answers an item per id; members hear once of those that are gone, and nobody is in them any more."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    for name in ("a", "b"):
        new_group(alice, name, "bob")
    bob.heard()
    items = alice.call(DELETE, groupID=COMMUNITY, permissionGroupIDList=["a", "none"])
    assert [("a", 0), ("none", 10004)] == [(item["permissionGroupID"], item["resultCode"]) for item in items]
    assert [("onDeletePermissionGroup", {"groupID": COMMUNITY, "permissionGroupIDList": ["a"]})] == bob.heard()
    joined = bob.call(JOINED, groupID=COMMUNITY)
    assert ["b"] == [item["permissionGroupInfo"]["permissionGroupID"] for item in joined]
    new_group(alice, "a")
    assert ["b"] == [item["permissionGroupInfo"]["permissionGroupID"] for item in bob.call(JOINED, groupID=COMMUNITY)]


def test_delete_of_nothing_is_silent(stage: Stage) -> None:
    """Where no permission group is gone there is no event."""
    alice = stage.enter("alice")
    found(stage)
    assert [10004] == codes(alice.call(DELETE, groupID=COMMUNITY, permissionGroupIDList=["none"]))
    assert [] == alice.heard()


# --- members


def test_members_come_and_go(stage: Stage) -> None:
    """Adding and removing answer an item per user; members hear once, of those for whom something changed."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage, members="bob carol")
    own = new_group(alice, "g", "carol")
    bob.heard()
    arguments = {"groupID": COMMUNITY, "permissionGroupID": own}
    items = alice.call(ADD, **arguments, memberList=["bob", "carol", "stranger"])
    assert [0, 0, 10007] == codes(items)
    key, value = ("memberID", "bob") if not stage.goes_by_ios else ("permissionGroupID", own)
    assert value == items[0][key]
    event = {"groupID": COMMUNITY, "permissionGroupID": own, "memberIDList": ["bob"]}
    assert [("onAddMembersToPermissionGroup", event)] == bob.heard()
    assert (
        2 == alice.call(LIST, groupID=COMMUNITY, permissionGroupIDList=[own])[0]["permissionGroupInfo"]["memberCount"]
    )
    assert [0, 0] == codes(alice.call(REMOVE, **arguments, memberList=["bob", "stranger"]))
    assert [("onRemoveMembersFromPermissionGroup", event)] == bob.heard()
    alice.call(REMOVE, **arguments, memberList=["bob"])
    assert [] == bob.heard()


def test_member_pages(stage: Stage) -> None:
    """Members come a hundred to a page, in order of being added; the cursor is empty on the last page."""
    alice = stage.enter("alice")
    names = [f"u{number:03}" for number in range(150, 0, -1)]
    found(stage, members=" ".join(names))
    own = new_group(alice, "g", " ".join(names))
    page = alice.call(MEMBERS, groupID=COMMUNITY, permissionGroupID=own, nextCursor="")
    assert names[:100] == [row["userID"] for row in page["memberInfoList"]]
    assert page["nextCursor"]
    page = alice.call(MEMBERS, groupID=COMMUNITY, permissionGroupID=own, nextCursor=page["nextCursor"])
    assert names[100:] == [row["userID"] for row in page["memberInfoList"]]
    assert "" == page["nextCursor"]


def test_strange_cursor_is_refused(stage: Stage) -> None:
    """A cursor that no page returned is refused with 10004."""
    alice = stage.enter("alice")
    found(stage)
    own = new_group(alice)
    assert 10004 == alice.refused(MEMBERS, groupID=COMMUNITY, permissionGroupID=own, nextCursor="x")


def test_joined_are_the_callers(stage: Stage) -> None:
    """Each member sees the own permission groups alone."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    new_group(alice, "a")
    new_group(alice, "b", "bob")
    assert [] == alice.call(JOINED, groupID=COMMUNITY)
    assert ["b"] == [item["permissionGroupInfo"]["permissionGroupID"] for item in bob.call(JOINED, groupID=COMMUNITY)]


def test_who_leaves_is_out(stage: Stage) -> None:
    """A member who leaves the community has left its permission groups when coming back."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    new_group(alice, "a", "bob")
    bob.call("quitGroup", groupID=COMMUNITY)
    bob.call("joinGroup", groupID=COMMUNITY, message="")
    assert [] == bob.call(JOINED, groupID=COMMUNITY)


# --- bits in topics


def test_topic_bits_are_added(stage: Stage) -> None:
    """Bits are set per topic, members hear of those that went well; asking again shows them."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    found(stage)
    topic, other = new_topic(alice), new_topic(alice, "other")
    own = new_group(alice, "g")
    bob.heard()
    arguments = {"groupID": COMMUNITY, "permissionGroupID": own}
    items = alice.call(ADD_TOPIC, **arguments, topicPermissionMap={topic: 9, "none": 1})
    assert [0, 110003] == codes(items, "errorCode")
    assert [("onAddTopicPermission", {**arguments, "topicPermissionMap": {topic: 9}})] == bob.heard()
    (item,) = bob.call(GET_TOPIC, **arguments, topicIDList=[])
    spelled = "germissionGroupID" if not stage.goes_by_ios else "permissionGroupID"
    assert (0, topic, 9, COMMUNITY, own) == (
        item["resultCode"],
        item["topicID"],
        item["topicPermission"],
        item["groupID"],
        item[spelled],
    )
    items = bob.call(GET_TOPIC, **arguments, topicIDList=[other, "none"])
    assert [(0, 0), (110003, 0)] == [(item["resultCode"], item["topicPermission"]) for item in items]


def test_topic_bits_are_modified(stage: Stage) -> None:
    """Bits that are there can be changed; a topic without any has code 10004, and only changed ones are told."""
    alice = stage.enter("alice")
    found(stage)
    topic, other = new_topic(alice), new_topic(alice, "other")
    arguments = {"groupID": COMMUNITY, "permissionGroupID": new_group(alice, "g")}
    alice.call(ADD_TOPIC, **arguments, topicPermissionMap={topic: 9})
    alice.heard()
    items = alice.call(MODIFY_TOPIC, **arguments, topicPermissionMap={topic: 8, other: 8})
    assert [0, 10004] == codes(items, "errorCode")
    assert [("onModifyTopicPermission", {**arguments, "topicPermissionMap": {topic: 8}})] == alice.heard()
    assert 8 == alice.call(GET_TOPIC, **arguments, topicIDList=[topic])[0]["topicPermission"]


def test_topic_bits_are_deleted(stage: Stage) -> None:
    """Bits can be taken away; members hear of the topics that had some."""
    alice = stage.enter("alice")
    found(stage)
    topic, other = new_topic(alice), new_topic(alice, "other")
    arguments = {"groupID": COMMUNITY, "permissionGroupID": new_group(alice, "g")}
    alice.call(ADD_TOPIC, **arguments, topicPermissionMap={topic: 9})
    alice.heard()
    items = alice.call(DELETE_TOPIC, **arguments, topicIDList=[topic, other, "none", topic])
    assert [0, 0, 110003, 0] == codes(items, "errorCode")
    assert [("onDeleteTopicPermission", {**arguments, "topicIDList": [topic]})] == alice.heard()
    assert [] == alice.call(GET_TOPIC, **arguments, topicIDList=[])


def test_deleted_topic_leaves_no_bits(stage: Stage) -> None:
    """The bits for a topic go with the topic."""
    alice = stage.enter("alice")
    found(stage)
    topic = new_topic(alice)
    arguments = {"groupID": COMMUNITY, "permissionGroupID": new_group(alice, "g")}
    alice.call(ADD_TOPIC, **arguments, topicPermissionMap={topic: 9})
    alice.call("deleteTopicFromCommunity", groupID=COMMUNITY, topicIDList=[topic])
    assert [] == alice.call(GET_TOPIC, **arguments, topicIDList=[])


# --- refusals

ONE = {"groupID": COMMUNITY, "permissionGroupID": "g"}
WRITES: dict[str, dict[str, Any]] = {
    CREATE: {"info": info("new")},
    MODIFY: {"info": info("g", groupPermission=1)},
    DELETE: {"groupID": COMMUNITY, "permissionGroupIDList": ["g"]},
    ADD: {**ONE, "memberList": ["bob"]},
    REMOVE: {**ONE, "memberList": ["bob"]},
    ADD_TOPIC: {**ONE, "topicPermissionMap": {"t": 1}},
    MODIFY_TOPIC: {**ONE, "topicPermissionMap": {"t": 1}},
    DELETE_TOPIC: {**ONE, "topicIDList": ["t"]},
}
READS: dict[str, dict[str, Any]] = {
    LIST: {"groupID": COMMUNITY, "permissionGroupIDList": []},
    JOINED: {"groupID": COMMUNITY},
    MEMBERS: {**ONE, "nextCursor": ""},
    GET_TOPIC: {**ONE, "topicIDList": []},
}


@pytest.mark.parametrize("method", WRITES)
def test_members_change_nothing(stage: Stage, method: str) -> None:
    """A member, and a stranger, may change no permission group: 10007."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    found(stage)
    new_group(alice, "g")
    bob.heard()
    assert 10007 == bob.refused(method, **WRITES[method])
    assert 10007 == carol.refused(method, **WRITES[method])


@pytest.mark.parametrize("method", READS)
def test_strangers_read_nothing(stage: Stage, method: str) -> None:
    """Who is no member may read nothing: 10007."""
    found(stage)
    new_group(stage.enter("alice"), "g")
    assert 10007 == stage.enter("carol").refused(method, **READS[method])


@pytest.mark.parametrize("method", [*WRITES, *READS])
@pytest.mark.parametrize(
    ("attributes", "code"), [({"group_type": "Public", "support_topic": False}, 10007), ({"dismissed": True}, 10010)]
)
def test_other_groups_have_none(stage: Stage, method: str, attributes: dict[str, Any], code: int) -> None:
    """A group of another type refuses with 10007, one that is gone with 10010."""
    alice = stage.enter("alice")
    found(stage, **attributes)
    assert code == alice.refused(method, **(WRITES.get(method) or READS[method]))


@pytest.mark.parametrize("method", [*WRITES, *READS])
def test_communities_switched_off(method: str) -> None:
    """With communities switched off in the console every call is refused with 11000."""
    stage = Stage(policy=Policy(switches={"communities": False}))
    alice = stage.enter("alice")
    found(stage)
    arguments = {**WRITES, **READS}[method]
    assert 11000 == alice.refused(method, **arguments)


@pytest.mark.parametrize("method", [MODIFY, ADD, REMOVE, ADD_TOPIC, MODIFY_TOPIC, DELETE_TOPIC, MEMBERS, GET_TOPIC])
def test_unknown_permission_group_is_refused(stage: Stage, method: str) -> None:
    """A permission group that is not there is refused with 10004."""
    alice = stage.enter("alice")
    found(stage)
    assert 10004 == alice.refused(method, **(WRITES.get(method) or READS[method]))


@pytest.mark.parametrize(
    ("method", "key", "empty"),
    [
        (DELETE, "permissionGroupIDList", []),
        (ADD, "memberList", []),
        (REMOVE, "memberList", []),
        (ADD_TOPIC, "topicPermissionMap", {}),
        (MODIFY_TOPIC, "topicPermissionMap", {}),
        (DELETE_TOPIC, "topicIDList", []),
    ],
)
def test_empty_batches_are_refused(stage: Stage, method: str, key: str, empty: Any) -> None:
    """Nothing to do is refused with 6017."""
    alice = stage.enter("alice")
    found(stage)
    new_group(alice, "g")
    assert 6017 == alice.refused(method, **{**WRITES[method], key: empty})
