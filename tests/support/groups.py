"""What tests about groups share."""

from __future__ import annotations

from typing import Any

from tests.support.stage import Phone, Stage

TYPES = ("Work", "Public", "Meeting", "Community", "AVChatRoom")


def create(owner: Phone, group_type: str, *members: str, **options: Any) -> str:
    """Create a group with ordinary members; a live room is joined by all devices of theirs on the stage. Returns its id."""
    listed = [{"userID": name, "role": 200} for name in members if group_type != "AVChatRoom"]
    arguments = {"groupType": group_type, "groupName": "team", "memberList": listed or None, **options}
    group_id: str = owner.call("createGroup", **arguments)
    return group_id


def cast(stage: Stage, *names: str) -> list[Phone]:
    """Let people enter, each with a device."""
    return [stage.enter(name) for name in names]


def team(stage: Stage, group_type: str, *names: str, **options: Any) -> tuple[str, list[Phone]]:
    """
    Create a group of people with a device each; the first one owns it. What they have heard so far is forgotten.

    Returns: its id, and the devices.
    """
    phones = cast(stage, *(names or ("alice", "bob", "carol")))
    group_id = create(phones[0], group_type, *(phone.user for phone in phones[1:]), **options)
    if group_type == "AVChatRoom":
        for phone in phones:
            phone.call("joinGroup", groupID=group_id, message="")
    for phone in phones:
        phone.heard()
    return group_id, phones


def info(phone: Phone, group_id: str) -> Any:
    """Return a group as a device sees it."""
    (item,) = phone.call("getGroupsInfo", groupIDList=[group_id])
    assert item["resultCode"] == 0
    return item["groupInfo"]


def ids(members: list[Any]) -> list[str]:
    """Return the user ids of member maps."""
    return [member["userID"] for member in members]


def tips(phone: Phone) -> list[Any]:
    """Return what the group has said of itself since the last look, as group tips; forget everything else."""
    return [data["groupTipsElem"] for _, data in phone.heard("onRecvNewMessage") if data["elemType"] == 9]
