"""Communities for tests, with members and topics in them."""

from __future__ import annotations

from typing import Any

from bridge.world.groups import groups, topics
from bridge.world.groups.groups import ADMIN, MEMBER, OWNER, Group, Member
from tests.support.stage import Phone, Stage

COMMUNITY = "@TGS#_town"


def found(stage: Stage, owner: str = "alice", admins: str = "", members: str = "bob", **attributes: Any) -> str:
    """
    Put a community with topics into the world.

    Args:
        admins, members: user ids, with blanks between.
        attributes: of the group's row.

    Returns: its id.
    """
    row = {"name": "Town", "owner": owner, "support_topic": True, **attributes}
    stage.world[groups.GROUPS].put(COMMUNITY, Group(COMMUNITY, row.pop("group_type", "Community"), **row))
    roles = {owner: OWNER, **dict.fromkeys(admins.split(), ADMIN), **dict.fromkeys(members.split(), MEMBER)}
    for user, role in roles.items():
        stage.world[groups.MEMBERS].put((COMMUNITY, user), Member(COMMUNITY, user, role))
    stage.world.log.commit()
    return COMMUNITY


def new_topic(phone: Phone, name: str = "News", **info: Any) -> str:
    """
    Have somebody create a topic in the community. Returns its id.

    Windows makes the id the name of a topic, so that one is needed and the name given afterwards.
    """
    if phone.stage.on_windows:
        count = len(phone.stage.world[topics.TOPICS].rows)
        info = {"topicID": f"{COMMUNITY}@TOPIC#_{count}", **info}
    topic_id: str = phone.call("createTopicInCommunity", groupID=COMMUNITY, topicInfo={"topicName": name, **info})
    if phone.stage.on_windows:
        set_topic(phone, topic_id, topicName=name)
    return topic_id


def topic_of(phone: Phone, topic_id: str) -> Any:
    """Return a topic as somebody sees it."""
    (item,) = phone.call("getTopicInfoList", groupID=COMMUNITY, topicIDList=[topic_id])
    assert item["errorCode"] == 0
    return item["topicInfo"]


def set_topic(phone: Phone, topic_id: str, **info: Any) -> None:
    """Have somebody change a topic."""
    phone.call("setTopicInfo", groupID=COMMUNITY, topicInfo={"topicID": topic_id, **info})
