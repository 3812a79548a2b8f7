"""Stories about groups: a Work group, a Public group with approval, mutes, a live room."""

from __future__ import annotations

import json
from typing import Any

from tests.support.groups import cast, ids, info
from tests.support.stage import Phone, Stage


def _custom(phone: Phone, group_id: str, data: str) -> Any:
    created = phone.call("createCustomMessage", data=data, desc="", extension="")
    return phone.call("sendMessage", id=created["id"], receiver="", groupID=group_id)


def test_work_group_from_selection(stage: Stage) -> None:
    """A creates a Work group with B and C; B brings in D and renames it; only A throws D out; nobody ends it."""
    a, b, c, d = cast(stage, "A", "B", "C", "D")
    members = [{"userID": "B", "role": 200}, {"userID": "C", "role": 200}]
    group_id = a.call("createGroup", groupType="Work", groupName="B, C", memberList=members)
    assert "B, C" == a.conversation(f"group_{group_id}")["showName"]
    sent = _custom(a, group_id, json.dumps({"businessID": "group_create", "content": "created"}))
    assert 2 == sent["status"]
    for phone in (b, c):
        heard = phone.heard()
        assert "onMemberInvited" in [kind for kind, _ in heard]
        assert [9, 2] == [data["elemType"] for kind, data in heard if kind == "onRecvNewMessage"]
        assert 1 == [kind for kind, _ in heard].count("onNewConversation")
    assert [("D", 1)] == [(i["memberID"], i["result"]) for i in b.call("inviteUserToGroup", groupID=group_id, userList=["D"])]
    for phone in (a, b, c, d):
        assert ["D"] == ids([data for kind, data in phone.heard() if kind == "onMemberInvited"][-1]["memberList"])
    b.call("setGroupInfo", groupID=group_id, groupType="Work", groupName="Team")
    for phone in (a, b, c, d):
        heard = phone.heard()
        (told,) = [data for kind, data in heard if kind == "onGroupInfoChanged"]
        assert [1] == [change["type"] for change in told["groupChangeInfoList"]]
        shown = [row["showName"] for kind, rows in heard if kind == "onConversationChanged" for row in rows]
        assert "Team" == shown[-1]
    assert 10007 == b.refused("kickGroupMember", groupID=group_id, memberList=["D"])
    items = a.call("kickGroupMember", groupID=group_id, memberList=["D"])
    assert [("D", 1)] == [(item["memberID"], item["result"]) for item in items]
    for phone in (a, b, c, d):
        assert ["D"] == ids(phone.heard_one("onMemberKicked")["memberList"])
    d.call("deleteConversation", conversationID=f"group_{group_id}")
    assert [] == d.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    assert 10007 == a.refused("dismissGroup", groupID=group_id)


def test_public_group_with_approval(stage: Stage) -> None:
    """A's Public group takes C in with B's consent; A hands it to B and goes; B ends it."""
    a, b, c = cast(stage, "A", "B", "C")
    members = [{"userID": "B", "role": 200}]
    group_id = a.call("createGroup", groupType="Public", groupName="club", addOpt=1, memberList=members)
    a.call("setGroupMemberRole", groupID=group_id, userID="B", role=300)
    for phone in (a, b):
        assert ["B"] == ids(phone.heard_one("onGrantAdministrator")["memberList"])
    assert c.call("joinGroup", groupID=group_id, message="let me in") is None
    for phone in (a, b):
        assert "let me in" == phone.heard_one("onReceiveJoinApplication")["opReason"]
    (entry,) = b.call("getGroupApplicationList")["groupApplicationList"]
    named = {key: entry[key] for key in ("groupID", "fromUser", "toUser", "addTime", "type")}
    if not (stage.goes_by_ios or stage.on_windows):
        wrong = {**named, "addTime": entry["addTime"] + 1}
        assert -2 == b.refused("acceptGroupApplication", **wrong, reason="")
    b.call("acceptGroupApplication", **named, reason="welcome")
    heard = c.heard()
    assert ["onApplicationProcessed", "onMemberEnter"] == [kind for kind, _ in heard][:2]
    assert heard[0][1]["isAgreeJoin"] is True
    for phone in (a, b):
        assert ["C"] == ids(phone.heard_one("onMemberEnter")["memberList"])
    assert 10024 == a.refused("acceptGroupApplication", **named, reason="")
    assert 10009 == a.refused("quitGroup", groupID=group_id)
    a.call("transferGroupOwner", groupID=group_id, userID="B")
    for phone in (a, b, c):
        assert [5] == [change["type"] for change in phone.heard_one("onGroupInfoChanged")["groupChangeInfoList"]]
    a.call("quitGroup", groupID=group_id)
    assert ["onQuitFromGroup"] == a.heard_types()
    for phone in (b, c):
        assert "A" == phone.heard_one("onMemberLeave")["member"]["userID"]
    a.call("deleteConversation", conversationID=f"group_{group_id}")
    b.call("dismissGroup", groupID=group_id)
    for phone in (b, c):
        assert "B" == phone.heard_one("onGroupDismissed")["opUser"]["userID"]
    assert 10010 == c.refused("getGroupMemberList", groupID=group_id, filter=0, nextSeq="0")


def _refused_send(phone: Phone, group_id: str) -> Any:
    created = phone.call("createTextMessage", text="hi")
    return phone.reply("sendMessage", id=created["id"], receiver="", groupID=group_id)


def test_mute(stage: Stage) -> None:
    """C is muted for a minute, then everybody but those who lead the group."""
    a, b, c = cast(stage, "A", "B", "C")
    members = [{"userID": "B", "role": 300}, {"userID": "C", "role": 200}]
    group_id = a.call("createGroup", groupType="Public", groupName="club", memberList=members)
    a.call("muteGroupMember", groupID=group_id, userID="C", seconds=60)
    for phone in (a, b, c):
        (muted,) = phone.heard_one("onMemberInfoChanged")["groupMemberChangeInfoList"]
        assert {"userID": "C", "muteTime": 60} == muted
    reply = _refused_send(c, group_id)
    assert (10017, 3) == (reply["code"], reply["data"]["status"])
    stage.advance(60_000)
    c.send("free again", group=group_id)
    c.heard()
    a.call("setGroupInfo", groupID=group_id, groupType="Public", isAllMuted=True)
    (change,) = c.heard_one("onGroupInfoChanged")["groupChangeInfoList"]
    assert (8, True) == (change["type"], change["boolValue"])
    assert 10017 == _refused_send(c, group_id)["code"]
    a.send("owner", group=group_id)
    b.send("administrator", group=group_id)


def test_live_room(stage: Stage) -> None:
    """A and B join a live room; messages pass live, nothing is kept; a new login joins again; attributes seat people."""
    a, b = cast(stage, "A", "B")
    group_id = a.call("createGroup", groupType="AVChatRoom", groupName="show")
    a.call("joinGroup", groupID=group_id, message="")
    b.call("joinGroup", groupID=group_id, message="")
    assert [["A"], ["B"]] == [ids(data["memberList"]) for _, data in a.heard("onMemberEnter")]
    assert [["B"]] == [ids(data["memberList"]) for _, data in b.heard("onMemberEnter")]
    a.send("hello", group=group_id)
    assert "hello" == b.heard_one("onRecvNewMessage")["textElem"]["text"]
    assert [] == b.call("getHistoryMessageList", getType=1, userID=None, groupID=group_id, count=20, lastMsgSeq=-1)
    assert 0 == b.conversation(f"group_{group_id}")["unreadCount"]
    assert [] == b.call("getJoinedGroupList")
    b.call("logout")
    b.login("B")
    a.send("anyone?", group=group_id)
    assert [] == b.heard("onRecvNewMessage")
    b.call("joinGroup", groupID=group_id, message="")
    a.send("again", group=group_id)
    assert 2 == len(b.heard("onRecvNewMessage"))  # that B came in, and what A says
    b.call("setGroupAttributes", groupID=group_id, attributes={"seat1": "B"})
    for phone in (a, b):
        assert {"seat1": "B"} == phone.heard_one("onGroupAttributeChanged")["groupAttributeMap"]
    assert 10056 == a.refused("setGroupAttributes", groupID=group_id, attributes={"seat2": "A"})
    assert {"seat1": "B"} == a.call("getGroupAttributes", groupID=group_id, keys=[])
    a.call("setGroupAttributes", groupID=group_id, attributes={"seat2": "A"})
    assert {"seat1": "B", "seat2": "A"} == b.heard_one("onGroupAttributeChanged")["groupAttributeMap"]
    assert 2 == info(a, group_id)["memberCount"]
