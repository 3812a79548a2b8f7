"""What others do reaches a native app and an app on a channel alike: the same facts, each under its own names."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.catalogue import load
from tests.support.groups import create
from tests.support.native_beside import CATALOGUE, NativeBeside
from tests.support.stage import Phone, Stage

CHANNEL = load("chat-8.2")
CALLBACKS = [CATALOGUE.callback(name) for name in CATALOGUE.callback_names]
TOLD_BY = {spec.number: {tell.fact for tell in spec.tells} for spec in CALLBACKS}
OF_DART = {"c2c_text_message_received", "c2c_custom_message_received", "group_text_message_received", "group_custom_message_received"}
"""What Dart makes out of another callback."""

TOWN = "town"


def facts_of(phone: Phone) -> set[str]:
    """Return which facts an app on a channel was told since the last look."""
    heard = set()
    for event in phone._heard:
        spec = CHANNEL.event(event.method, event.arguments["type"])
        assert spec is not None
        heard.add(spec.fact)
    phone._heard.clear()
    return heard - OF_DART


def of_bob(**arguments: Any) -> dict[str, Any]:
    """Return arguments that concern bob's message to alice."""
    return {"msgID": "$said"} | arguments


STIRS: dict[str, tuple[str, dict[str, Any]]] = {
    "message": ("say", {"receiver": "alice"}),
    "group message": ("say", {"groupID": TOWN}),
    "revocation": ("revokeMessage", of_bob()),
    "modification": ("modifyMessage", {"message": {**of_bob(cloudCustomData="x"), "elemType": 1, "textElem": {"text": "other"}}}),
    "reaction": ("addMessageReaction", of_bob(reactionID="smile")),
    "extension": ("setMessageExtensions", of_bob(extensions=[{"key": "k", "value": "v"}])),
    "read by the other": ("markC2CMessageAsRead", {"userID": "alice"}),
    "group name": ("setGroupInfo", {"groupID": TOWN, "groupType": "Public", "groupName": "other"}),
    "group mute": ("setGroupInfo", {"groupID": TOWN, "groupType": "Public", "isAllMuted": True}),
    "own mute": ("muteGroupMember", {"groupID": TOWN, "userID": "alice", "seconds": 60}),
    "other's mute": ("muteGroupMember", {"groupID": TOWN, "userID": "carol", "seconds": 60}),
    "own role": ("setGroupMemberRole", {"groupID": TOWN, "userID": "alice", "role": 300}),
    "other's role": ("setGroupMemberRole", {"groupID": TOWN, "userID": "carol", "role": 300}),
    "kicked out": ("kickGroupMember", {"groupID": TOWN, "memberList": ["alice"], "reason": "", "duration": 0}),
    "other kicked out": ("kickGroupMember", {"groupID": TOWN, "memberList": ["carol"], "reason": "", "duration": 0}),
    "invited": ("inviteUserToGroup", {"groupID": "else", "userList": ["alice"]}),
    "other invited": ("inviteUserToGroup", {"groupID": TOWN, "userList": ["dave"]}),
    "dismissal": ("dismissGroup", {"groupID": TOWN}),
    "owner": ("transferGroupOwner", {"groupID": TOWN, "userID": "alice"}),
    "attributes": ("setGroupAttributes", {"groupID": TOWN, "attributes": {"k": "v"}}),
    "counters": ("setGroupCounters", {"groupID": TOWN, "counters": {"k": 1}}),
    "pinned message": ("pinGroupMessage", {"groupID": TOWN, "msgID": "$posted", "isPinned": True}),
    "friend": ("addFriend", {"userID": "alice", "addWording": "", "addType": 2, "remark": "", "friendGroup": "", "addSource": ""}),
    "no friend": ("deleteFromFriendList", {"userIDList": ["alice"], "deleteType": 2}),
    "profile": ("setSelfInfo", {"nickName": "Bob"}),
    "status": ("setSelfStatus", {"status": "away"}),
    "invitation": ("invite", {"invitee": "alice", "data": "ring", "timeout": 30, "onlineUserOnly": False}),
    "follower": ("followUser", {"userIDList": ["alice"]}),
}


@pytest.mark.parametrize("stir", STIRS)
def test_both_hear_of_the_same(stir: str) -> None:
    """Whatever bob does, a native app of alice's is told each fact that her app on a channel is told, and none besides."""
    stage = Stage("chat-8.2", "android")
    bob, alice, _, _ = (stage.enter(name) for name in ("bob", "alice", "carol", "dave"))
    create(bob, "Public", "alice", "carol", groupID=TOWN, approveOpt=2)
    create(bob, "Public", "carol", groupID="else", approveOpt=2)
    if stir == "no friend":
        bob.call("addFriend", userID="alice", addWording="", addType=2, remark="", friendGroup="", addSource="")
    alice.call("subscribeUserStatus", userIDList=["bob"])
    alice.call("subscribeUserInfo", userIDList=["bob"])
    native = NativeBeside(stage, "alice")
    native.call("DartSubscribeUserStatus", json_identifier_array=["bob"])
    native.call("DartSubscribeUserInfo", json_user_id_list=["bob"])
    said = {"$said": _say(alice, bob, receiver="alice"), "$posted": _say(alice, bob, groupID=TOWN)}
    if stir == "read by the other":
        _say(bob, alice, receiver="bob")
    alice.heard()
    native.heard()

    method, arguments = STIRS[stir]
    if method == "say":
        _say(alice, bob, **arguments)
    else:
        bob.reply(method, **_filled(arguments, said))
    wanted = facts_of(alice)
    assert wanted, "nothing has happened"
    numbers = sorted(set(native.heard_types()))
    told: set[str] = set().union(*(TOLD_BY[number] for number in numbers))
    assert wanted <= told | MUTED, sorted(wanted - told)
    assert [] == [number for number in numbers if not TOLD_BY[number] & wanted]


MUTED = {"all_group_members_muted"}
"""What Dart makes of a change of the group."""


def _say(_: Phone, sender: Phone, receiver: str = "", **place: str) -> str:
    local_id = sender.call("createTextMessage", text="hi")["id"]
    options = {"isSupportMessageExtension": True, "isExcludedFromContentModeration": False, "needReadReceipt": False}
    sent = sender.call("sendMessage", id=local_id, receiver=receiver, groupID=place.get("groupID", ""), **options)
    sender.heard()
    message_id: str = sent["msgID"]
    return message_id


def _filled(value: Any, said: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, said) for key, one in value.items()}
    return said.get(value, value) if isinstance(value, str) else value
