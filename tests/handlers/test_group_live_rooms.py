"""Live rooms: membership that lasts as long as a device's login."""

from __future__ import annotations

from tests.support.groups import cast, create, ids, info, team, tips
from tests.support.stage import Stage


def _plain(types: list[str]) -> list[str]:
    """Leave out what old clients hear on a listener of their own."""
    return [kind for kind in types if not kind.startswith("onRecvGroup")]


def test_creator_joins_like_anybody(stage: Stage) -> None:
    """The creator owns the room without being in it, and is its owner there once joined."""
    (alice,) = cast(stage, "alice")
    group_id = create(alice, "AVChatRoom")
    assert (400, 0) == (info(alice, group_id)["role"], info(alice, group_id)["memberCount"])
    assert 6017 == alice.refused("getGroupMemberList", groupID=group_id, filter=0, nextSeq="0")
    alice.call("joinGroup", groupID=group_id, message="")
    (only,) = alice.call("getGroupMemberList", groupID=group_id, filter=0, nextSeq="0")["memberInfoList"]
    assert ("alice", 400) == (only["userID"], only["role"])


def test_logging_out_leaves(stage: Stage) -> None:
    """Whose login ends is no member any more, and the others hear of it; coming back takes a new join."""
    group_id, (alice, bob, _) = team(stage, "AVChatRoom")
    bob.call("logout")
    assert "bob" == alice.heard_one("onMemberLeave")["member"]["userID"]
    bob.login("bob")
    assert 10007 == bob.refused("getGroupAttributes", groupID=group_id, keys=[])
    bob.call("joinGroup", groupID=group_id, message="")
    assert ["bob"] == ids(alice.heard_one("onMemberEnter")["memberList"])


def test_killing_the_app_leaves(stage: Stage) -> None:
    """Killing the app ends membership as well."""
    group_id, (alice, bob, _) = team(stage, "AVChatRoom")
    bob.close()
    assert ["bob"] == [data["member"]["userID"] for _, data in alice.heard("onMemberLeave")]
    assert 2 == info(alice, group_id)["memberCount"]


def test_last_device_counts(stage: Stage) -> None:
    """A user is a member while one own device is in; only devices that have joined hear of the room."""
    group_id, (alice, bob) = team(stage, "AVChatRoom", "alice", "bob")
    tablet = stage.enter("bob", "tablet", platform="android" if stage.goes_by_ios else "ios")
    alice.call("setGroupInfo", groupID=group_id, groupType="AVChatRoom", groupName="one")
    alice.send("hi", group=group_id)
    assert ([], ["onGroupInfoChanged", "onRecvNewMessage", "onRecvNewMessage"]) == (tablet.heard(), _plain(bob.heard_types()))
    tablet.call("joinGroup", groupID=group_id, message="")
    bob.call("logout")
    assert [] == alice.heard("onMemberLeave")
    alice.call("setGroupInfo", groupID=group_id, groupType="AVChatRoom", groupName="two")
    assert 1 == len(tablet.heard("onGroupInfoChanged"))
    tablet.call("logout")
    assert 1 == len(alice.heard("onMemberLeave"))


def test_nothing_is_kept(stage: Stage) -> None:
    """What a live room says of itself is told live and has no number; nothing is stored or counted."""
    group_id, (alice, bob) = team(stage, "AVChatRoom", "alice", "bob")
    alice.call("setGroupInfo", groupID=group_id, groupType="AVChatRoom", groupName="new")
    heard = bob.heard()
    assert ["onGroupInfoChanged", "onRecvNewMessage"] == [kind for kind, _ in heard]
    assert "0" == heard[1][1]["seq"]
    assert [] == bob.call("getHistoryMessageList", getType=1, userID=None, groupID=group_id, count=20, lastMsgSeq=-1)
    assert 0 == bob.conversation(f"group_{group_id}")["unreadCount"]


def test_profile_tips_reach_the_room(stage: Stage) -> None:
    """The room says of itself who came in and what has changed."""
    group_id, (alice, bob) = team(stage, "AVChatRoom", "alice", "bob")
    stage.enter("carol").call("joinGroup", groupID=group_id, message="")
    alice.call("setGroupInfo", groupID=group_id, groupType="AVChatRoom", groupName="new")
    assert [1, 7] == [tip["type"] for tip in tips(bob)]
