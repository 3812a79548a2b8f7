"""What holds of messages whatever people do: counts say what messages say, reading never runs backwards, deleting is one's own affair."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bridge.emulator import Emulator, Settings
from bridge.world.chats import conversations, counting, messages, visibility
from bridge.world.chats.messages import Message
from bridge.world.groups import groups

PEOPLE = ("alice", "bob", "carol")
GROUP = "team"
who = st.sampled_from(PEOPLE)
which = st.integers(0, 1 << 16)
OPTIONS = ("onlineUserOnly", "isExcludedFromUnreadCount", "isExcludedFromLastMessage")


class Chat(RuleBasedStateMachine):
    """Three people with a group, calling at random."""

    @initialize()
    def enter(self) -> None:
        """Let everybody log in, and make the group."""
        self.emulator = Emulator(Settings())
        self.world = self.emulator.world
        self.phones = {}
        for name in PEOPLE:
            device = self.phones[name] = self.emulator.open(name)
            self.emulator.call(device, "initSDK", {"sdkAppID": 1, "logLevel": 0, "listenerUuid": "u", "uiPlatform": 0})
            self.emulator.call(device, "login", {"userID": name, "userSig": "sig"})
        self.emulator.run(self._make_group)
        self.sent: list[str] = []
        self.read: dict[tuple[str, str], tuple[int, int, int]] = {}

    def _make_group(self) -> None:
        self.world[groups.GROUPS].put(GROUP, groups.Group(GROUP, "Public", owner="alice"))
        for name in PEOPLE:
            role = groups.OWNER if name == "alice" else groups.MEMBER
            self.world[groups.MEMBERS].put((GROUP, name), groups.Member(GROUP, name, role))

    def call(self, name: str, method: str, **arguments: Any) -> Any:
        """Make a call; a bug of ours fails the test, a refusal does not."""
        turn = self.emulator.call(self.phones[name], method, arguments)
        assert turn.error is None or turn.error.code != -32603, turn.error
        return turn.result

    def pick(self, number: int) -> str:
        """Return the id of some message."""
        return self.sent[number % len(self.sent)]

    # --- what people do

    @rule(
        sender=who,
        receiver=st.sampled_from((*PEOPLE, "")),
        options=st.dictionaries(st.sampled_from(OPTIONS), st.just(True), max_size=1),
        mentions=st.lists(who, max_size=2),
    )
    def send(self, sender: str, receiver: str, options: dict[str, bool], mentions: list[str]) -> None:
        """Send to somebody, or to the group."""
        created = self.call(sender, "createTextAtMessage", text="hi", atUserList=mentions)["data"]["id"]
        group = "" if receiver else GROUP
        reply = self.call(sender, "sendMessage", id=created, receiver=receiver, groupID=group, **options)
        if reply["data"]["status"] == messages.SENT and "onlineUserOnly" not in options:
            self.sent.append(reply["data"]["msgID"])

    @rule(name=who, peer=who)
    def insert(self, name: str, peer: str) -> None:
        """Insert a local message."""
        reply = self.call(name, "insertC2CMessageToLocalStorage", data="d", userID=peer, sender=peer)
        self.sent.append(reply["data"]["msgID"])

    @rule(name=who, peer=who, until=st.integers(0, 200))
    def read_chat(self, name: str, peer: str, until: int) -> None:
        """Read a chat, or part of it."""
        until_s = until and self.world.now_s - until
        self.call(name, "cleanConversationUnreadMessageCount", conversationID=f"c2c_{peer}", cleanTimestamp=until_s, cleanSequence=0)

    @rule(name=who, until=st.integers(0, 30))
    def read_group(self, name: str, until: int) -> None:
        """Read the group, or part of it."""
        self.call(name, "cleanConversationUnreadMessageCount", conversationID=f"group_{GROUP}", cleanTimestamp=0, cleanSequence=until)

    @rule(name=who, number=which)
    @precondition(lambda self: self.sent)
    def delete(self, name: str, number: int) -> None:
        """Delete a message for oneself."""
        before = self.seen()
        self.call(name, "deleteMessages", msgIDs=[self.pick(number)])
        after = self.seen()
        for other in PEOPLE:
            assert other == name or before[other] == after[other], f"{name} deleted and {other} lost something"

    @rule(name=who, peer=who)
    def clear(self, name: str, peer: str) -> None:
        """Clear a history."""
        self.call(name, "clearC2CHistoryMessage", userID=peer)

    @rule(name=who, conversation=st.sampled_from([*(f"c2c_{peer}" for peer in PEOPLE), f"group_{GROUP}"]), clear=st.booleans())
    def drop(self, name: str, conversation: str, clear: bool) -> None:
        """Delete a conversation, with its messages or without."""
        self.call(name, "deleteConversationList", conversationIDList=[conversation], clearMessage=clear)

    @rule(name=who, number=which)
    @precondition(lambda self: self.sent)
    def revoke(self, name: str, number: int) -> None:
        """Revoke a message, if one may."""
        self.call(name, "revokeMessage", msgID=self.pick(number))

    @rule(name=who, number=which)
    @precondition(lambda self: self.sent)
    def receipt(self, name: str, number: int) -> None:
        """Send a receipt, which changes no count."""
        before = [row.unread for row in self.rows()]
        self.call(name, "sendMessageReadReceipts", messageIDList=[self.pick(number)])
        assert before == [row.unread for row in self.rows()]

    @rule(ms=st.integers(0, 60_000))
    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.emulator.advance(self.world.now_ms + ms)

    # --- what holds

    def rows(self) -> list[conversations.Conversation]:
        """Return everybody's conversations."""
        table = self.world[conversations.CONVERSATIONS]
        return [table.rows[key] for key in sorted(table.rows)]

    def stock(self, row: conversations.Conversation) -> list[Message]:
        """Return all messages that stand where a conversation shows them."""
        table = self.world[messages.MESSAGES]
        return [table[key] for key in table.index("channel").older(messages.channel_of(row.user_id, row.conversation_id))]

    def seen(self) -> dict[str, list[str]]:
        """Return the messages that each person sees."""
        table = self.world[messages.MESSAGES].rows
        return {name: sorted(key for key, row in table.items() if visibility.is_visible(self.world, name, row)) for name in PEOPLE}

    @invariant()
    def counts_say_what_messages_say(self) -> None:
        """A count is the number of messages that are unread, for listed conversations and for none that are not."""
        if not hasattr(self, "world"):
            return
        for row in self.rows():
            left = sum(counting.is_unread(self.world, row, message) for message in self.stock(row))
            assert left == row.unread, f"{row.user_id} {row.conversation_id}: says {row.unread}, messages say {left}"
            assert row.listed or not row.unread

    @invariant()
    def reading_never_runs_backwards(self) -> None:
        """How far a conversation is read only grows."""
        if not hasattr(self, "world"):
            return
        for row in self.rows():
            key = (row.user_id, row.conversation_id)
            now = (row.read_ms, row.read_order, row.read_seq)
            assert all(new >= old for new, old in zip(now, self.read.get(key, now), strict=True))
            self.read[key] = now

    @invariant()
    def last_message_is_the_newest_that_shows(self) -> None:
        """A listed conversation shows the newest message that it still has, unless it was emptied of them."""
        if not hasattr(self, "world"):
            return
        for row in self.rows():
            if not row.listed:
                continue
            newest = visibility.newest_visible(self.world, row.user_id, row.conversation_id)
            expected = None if newest is None else newest.msg_id
            assert row.last_message == expected or (row.uncounted_order and row.last_message is None)


Chat.TestCase.settings = settings(max_examples=100, stateful_step_count=40)
TestChat = Chat.TestCase
