"""The story that `timbridge demo` plays: conversation groups, from the first to the one too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.catalogue import load
from bridge.testing.client import Client, Device
from bridge.testing.errors import RpcError

Chapter = Callable[["Story"], None]


class Story:
    """
    Alice with a phone and a tablet, and friends who write to her.

    Args:
        client: a fresh connection; it becomes the phone.
        dialect: what the devices speak.
        tell: told a sentence before each chapter.
    """

    def __init__(self, client: Client, dialect: str, tell: Callable[[str], None]) -> None:
        self.client = client
        self.tell = tell
        self.platforms = load(dialect).platforms
        asked = load(dialect).method("getConversationListByFilter")
        self.is_new = asked is not None and any(param.key == "nextSeq" for param in asked.params)
        self.phone: Device = client
        self.tablet: Device = client

    def play(self) -> None:
        """Play all chapters in order."""
        for chapter in CHAPTERS:
            self.tell((chapter.__doc__ or "").strip())
            chapter(self)

    def page(self, group: str, next_seq: int) -> dict[str, Any]:
        """Fetch a page of one conversation of a group, as the dialect asks for it."""
        if self.is_new:
            arguments: dict[str, Any] = {"filter": {"conversationGroup": group}, "nextSeq": next_seq, "count": 1}
        else:
            arguments = {
                "filter": {"conversationType": 0, "nextSeq": next_seq, "count": 1, "markType": 0, "groupName": group}
            }
        page: dict[str, Any] = self.phone.call("getConversationListByFilter", **arguments)
        return page


def enter(story: Story) -> None:
    """Alice starts the app on her phone and on her tablet, and logs in on both."""
    own = story.client.ping()["platform"]
    other = next(name for name in story.platforms if name != own)
    story.phone.login("alice")
    story.tablet = story.client.device("tablet", platform=other).login("alice")


def greet(story: Story) -> None:
    """Bob, Carol and Dave write to her: her conversations come to be."""
    for user, text in (("bob", "Did you see the plan?"), ("carol", "Lunch?"), ("dave", "The build is green.")):
        story.client.user(user).say(text, to="alice")


def create(story: Story) -> None:
    """She creates a conversation group on the phone; the tablet hears of it, too."""
    story.phone.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob", "c2c_carol"])


def add(story: Story) -> None:
    """She adds Dave's conversation, and one with somebody who is not there in her list yet."""
    story.phone.call("addConversationsToGroup", groupName="work", conversationIDList=["c2c_dave", "c2c_erin"])


def pages(story: Story) -> None:
    """She lists her groups and reads the group page by page, to the end."""
    story.phone.call("getConversationGroupList")
    next_seq, finished = 0, False
    while not finished:
        page = story.page("work", next_seq)
        next_seq, finished = int(page["nextSeq"]), page["isFinished"]


def rename(story: Story) -> None:
    """On the tablet she renames the group."""
    story.tablet.call("renameConversationGroup", oldName="work", newName="team")


def remove(story: Story) -> None:
    """She takes Carol's conversation out again."""
    story.phone.call("deleteConversationsFromGroup", groupName="team", conversationIDList=["c2c_carol"])


def refuse(story: Story) -> None:
    """The service refuses a name that is empty, one of over 32 bytes, an empty list, and a group that is not there."""
    for name in ("", "n" * 33):
        story.phone.reply("createConversationGroup", groupName=name, conversationIDList=["c2c_bob"])
    story.phone.reply("createConversationGroup", groupName="empty", conversationIDList=[])
    story.phone.reply("deleteConversationGroup", groupName="nowhere")


def too_many(story: Story) -> None:
    """Twenty groups are allowed; the one too many is refused."""
    for number in range(2, 22):
        story.phone.reply("createConversationGroup", groupName=f"group {number}", conversationIDList=["c2c_bob"])


def mistake(story: Story) -> None:
    """A call that no correct plugin would make is answered with everything that is wrong with it."""
    try:
        story.phone.reply("createConversationGroup", groupName=7, conversationIDList=["c2c_bob", None])
    except RpcError:
        pass


def delete(story: Story) -> None:
    """She deletes the group; the conversations stay."""
    story.phone.call("deleteConversationGroup", groupName="team")
    story.phone.call("getConversationGroupList")


CHAPTERS: tuple[Chapter, ...] = (enter, greet, create, add, pages, rename, remove, refuse, too_many, mistake, delete)
