"""What an app shows of a user, and two people who give it something to show."""

from __future__ import annotations

import json
from typing import Any

from tests.support.stage import Phone, Stage

READS: dict[str, dict[str, Any]] = {
    "getConversationList": {"nextSeq": "0", "count": 20},
    "getConversation": {"conversationID": "c2c_bob"},
    "getTotalUnreadMessageCount": {},
    "getConversationGroupList": {},
    "getC2CHistoryMessageList": {"userID": "bob", "count": 20},
    "getGroupHistoryMessageList": {"groupID": "g1", "count": 20},
    "getHistoryMessageList": {"userID": "bob", "count": 20, "getType": 1},
    "getJoinedGroupList": {},
    "getGroupsInfo": {"groupIDList": ["g1"]},
    "getFriendList": {},
    "getBlackList": {},
    "getUsersInfo": {"userIDList": ["alice", "bob"]},
    "searchLocalMessages": {"searchParam": {"keywordList": ["o"], "type": 0, "pageSize": 20, "pageIndex": 0}},
}
"""Calls that an app is answered without a network."""


def seen(phone: Phone) -> str:
    """Return all that a device's reads answer, as one text."""
    return json.dumps({method: phone.reply(method, **arguments) for method, arguments in READS.items()})


def crew(stage: Stage) -> tuple[Phone, Phone]:
    """Return alice and bob, friends, with a message each way and a Public group of theirs."""
    bob, alice = stage.enter("bob"), stage.enter("alice")
    bob.call("addFriend", userID="alice", remark="", friendGroup="", addWording="", addSource="", addType=2)
    members = [{"userID": "alice", "role": 200}]
    bob.call("createGroup", groupType="Public", groupID="g1", groupName="crew", memberList=members)
    bob.send("one", to="alice")
    bob.send("one", group="g1")
    alice.send("two", to="bob")
    alice.call("getTotalUnreadMessageCount")
    alice.heard()
    return alice, bob


def busy(bob: Phone) -> None:
    """Let bob change all that an app of alice's could see."""
    bob.send("not there yet, oh", to="alice")
    bob.send("nor here, oh", group="g1")
    bob.call("setGroupInfo", groupID="g1", groupType="Public", groupName="band")
    bob.call("setSelfInfo", nickName="Bobby")
    bob.call("createGroup", groupType="Work", groupID="g2", groupName="new", memberList=[{"userID": "alice", "role": 200}])
    bob.call("deleteFromFriendList", userIDList=["alice"], deleteType=2)
