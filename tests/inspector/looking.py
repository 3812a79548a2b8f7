"""A world in which something happens, and one who looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.line import Line

Ask = tuple[str, dict[str, Any]]

GROUP = {"group_id": "g1", "group_type": "Public", "name": "g", "owner": "bob", "members": ["bob", "alice", "carol"]}
WORLD = {"version": 1, "users": ["bob"], "groups": [GROUP], "friends": [{"between": ["alice", "bob"]}]}


def by(user: str, method: str, **arguments: Any) -> Ask:
    """Return what somebody else does."""
    return "bridge.user.call", {"user": user, "method": method, "arguments": arguments}


def on(device: str, method: str, **arguments: Any) -> Ask:
    """Return what is called on another device."""
    return "bridge.device.call", {"device": device, "method": method, "arguments": arguments}


def say(user: str, text: str, **to: str) -> Ask:
    """Return what somebody says."""
    return "bridge.user.say", {"user": user, "text": text, **to}


STORY: tuple[Ask, ...] = (
    say("bob", "hi", to="alice"),
    ("createConversationGroup", {"groupName": "work", "conversationIDList": ["c2c_bob"]}),
    ("pinConversation", {"conversationID": "c2c_bob", "isPinned": True}),
    ("setConversationDraft", {"conversationID": "c2c_bob", "draftText": "see you"}),
    say("bob", "all", group="g1"),
    ("bridge.clock.advance", {"ms": 1000}),
    by("bob", "invite", invitee="alice", data="d", timeout=30, onlineUserOnly=False),
    ("bridge.service.connectionLost", {"device": "tablet"}),
    say("bob", "while away", to="alice"),
    on("tablet", "getConversationList", nextSeq="0", count=10),
    on("tablet", "setConversationDraft", conversationID="c2c_bob", draftText="x"),
    ("cleanConversationUnreadMessageCount", {"conversationID": "c2c_bob", "cleanTimestamp": 0, "cleanSequence": 0}),
    ("bridge.service.connectionRestored", {"device": "tablet"}),
    by("bob", "kickGroupMember", groupID="g1", memberList=["carol"], reason=""),
    ("createConversationGroup", {"groupName": "work", "conversationIDList": ["c2c_bob"]}),
    ("bridge.clock.advance", {"ms": 60_000}),
    ("deleteConversation", {"conversationID": "c2c_bob"}),
    ("logout", {}),
    say("bob", "good bye", to="alice"),
    ("login", {"userID": "alice", "userSig": "s"}),
)
"""Messages, groups, drafts, an invitation that runs out, a device that is away and comes back, refusals, a logout."""


def stage() -> Line:
    """Return a client with two devices of alice's, whose world's states are kept."""
    line = Line()
    line.ask("bridge.world.load", world=WORLD)
    line.ask("bridge.device.open", device="tablet", platform="ios")
    line.start("alice")
    line.start("alice", "tablet")
    line.ask("bridge.journal.watch", travel=True)
    return line


def played(line: Line, story: tuple[Ask, ...] = STORY) -> Iterator[tuple[int, dict[str, Any]]]:
    """Play a story. Yields ahead of each step the number that the journal's next entry has, and the world as a document."""
    for method, params in story:
        yield line.session.emulator.engine.journal.last + 1, line.ask("bridge.world.export")
        line.ask(method, **params)
