"""Stories 8 and 9: conversation groups from creation to deletion, and their limits."""

from __future__ import annotations

from typing import Any

from tests.support.groups import create
from tests.support.stage import Phone, Stage


def page(phone: Phone, name: str, cursor: int, count: int) -> Any:
    """Return a page of the conversations in a group, asked for as the product's own sample does."""
    conditions: dict[str, Any] = {"conversationType": 0, "markType": 0}
    if not phone.passes("getConversationListByFilter", "nextSeq"):
        arguments: dict[str, Any] = {"filter": {**conditions, "groupName": name, "nextSeq": cursor, "count": count}}
    else:
        arguments = {"filter": {**conditions, "conversationGroup": name}, "nextSeq": cursor, "count": count}
    return phone.call("getConversationListByFilter", **arguments)


def test_happy_path(stage: Stage) -> None:
    """Created, read page by page, added to, renamed, removed from, deleted; both devices hear all of it."""
    other = stage.other_platform
    a1, a2 = stage.enter("A"), stage.enter("A", "A2", platform=other)
    group = f"group_{create(a1, 'Public', 'B')}"
    a1.send("hi", group=group.removeprefix("group_"))
    for peer in "BC":
        a1.send("hi", to=peer)
    a1.heard()
    a2.heard()

    items = a1.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_B", group])
    assert [0, 0] == [item["resultCode"] for item in items]
    for device in (a1, a2):
        data = device.heard("onConversationGroupCreated")[0][1]
        assert ("Work", 2) == (data["groupName"], len(data["conversationList"]))
    assert ["Work"] == a1.call("getConversationGroupList")

    first = page(a1, "Work", 0, 1)
    assert (1, False) == (len(first["conversationList"]), first["isFinished"])
    second = page(a1, "Work", int(first["nextSeq"]), 1)
    assert (1, True) == (len(second["conversationList"]), second["isFinished"])
    assert ["c2c_B", group] == [p["conversationList"][0]["conversationID"] for p in (first, second)]

    a1.call("addConversationsToGroup", groupName="Work", conversationIDList=["c2c_C"])
    assert "Work" == a2.heard("onConversationsAddedToGroup")[0][1]["groupName"]
    a1.call("renameConversationGroup", oldName="Work", newName="Job")
    assert {"oldName": "Work", "newName": "Job"} == a2.heard("onConversationGroupNameChanged")[0][1]
    assert [] == page(a1, "Work", 0, 10)["conversationList"]
    a1.call("deleteConversationsFromGroup", groupName="Job", conversationIDList=["c2c_B"])
    assert "Job" == a2.heard("onConversationsDeletedFromGroup")[0][1]["groupName"]
    a1.call("deleteConversationGroup", groupName="Job")
    assert "Job" == a2.heard("onConversationGroupDeleted")[0][1]
    rows = a2.call("getConversationList", nextSeq="0", count=40)["conversationList"]
    assert [[], [], []] == [row["conversationGroupList"] for row in rows]


def test_limits(stage: Stage) -> None:
    """Names of 1 to 32 bytes, 20 groups, and nothing told of calls that fail."""
    a = stage.enter("A")
    ids = ["c2c_B"]
    for name in ("", "会" * 11):
        assert 51011 == a.refused("createConversationGroup", groupName=name, conversationIDList=ids)
    a.call("createConversationGroup", groupName="x" * 32, conversationIDList=ids)
    for number in range(19):
        a.call("createConversationGroup", groupName=f"g{number}", conversationIDList=ids)
    a.heard()
    assert 51010 == a.refused("createConversationGroup", groupName="one more", conversationIDList=ids)
    a.call("deleteConversationGroup", groupName="g7")
    a.call("createConversationGroup", groupName="one more", conversationIDList=ids)
    a.heard()
    assert 51009 == a.refused("deleteConversationGroup", groupName="none")
    assert 51009 == a.refused("renameConversationGroup", oldName="none", newName="other")
    assert 51009 == a.refused("addConversationsToGroup", groupName="none", conversationIDList=ids)
    assert 51006 == a.refused("createConversationGroup", groupName="new", conversationIDList=[])
