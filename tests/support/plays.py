"""
Plays: scripts of recorded calls of the real client, on several devices of one world.

Recordings made their ids up. Each is replaced by one that the world has (a user, a group, a message, an invitation…), so that
messages do get sent, read and revoked, groups joined and left; which one follows from the number of the call.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bridge.emulator import Emulator, Settings
from bridge.world.chats import conversation_groups, invitations, messages
from bridge.world.groups import permission_groups, topics
from bridge.world.people import friend_groups

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "recordings"

DEVICES = (
    ("alice", "chat-8.2", "android"),
    ("alice", "chat-8.2", "ios"),
    ("bob", "im-5.0", "android"),
    ("carol", "im-5.0", "ios"),
    ("dave", "chat-8.2", "android"),
)
PEOPLE = ("alice", "bob", "carol", "dave")
GROUPS = ("public", "work", "meeting", "live", "@TGS#_community")
SESSION = ("initSDK", "unInitSDK", "login", "logout")
"""Calls of recordings that scripts leave out: one that is mostly logged out says little."""

MEMBERS = [{"user_id": "alice", "role": "owner"}, {"user_id": "bob", "role": "admin"}, "carol"]
TOPIC = "@TGS#_community@TOPIC#_news"
SEED: dict[str, Any] = {
    "users": [{"user_id": "alice", "nick_name": "Alice"}, "bob", "carol", "dave"],
    "friends": [{"between": ["alice", "bob"]}],
    "groups": [
        {"group_id": "public", "group_type": "Public", "members": MEMBERS},
        {"group_id": "work", "group_type": "Work", "members": MEMBERS[:1] + MEMBERS[2:]},
        {"group_id": "meeting", "group_type": "Meeting", "members": MEMBERS},
        {"group_id": "live", "group_type": "AVChatRoom", "owner": "alice"},
        {"group_id": "@TGS#_community", "group_type": "Community", "support_topic": True, "members": MEMBERS},
    ],
    "topics": [{"topic_id": TOPIC, "community_id": "@TGS#_community", "name": "News"}],
    "messages": [
        {"from": "bob", "to": "alice", "text": "hi"},
        {"from": "alice", "group": "public", "text": "hello all"},
        {"from": "carol", "to": "alice", "custom": {"data": "{}"}},
    ],
    "conversations": [{"user_id": "alice", "conversation_id": "c2c_bob", "pinned": True, "groups": ["work"], "unread": 1}],
}

Script = list[tuple[int, int]]


def scripts(most: int = 40) -> st.SearchStrategy[Script]:
    """Return a strategy for scripts: lists of (number of a device, number of a call)."""
    return st.lists(st.tuples(st.integers(0, len(DEVICES) - 1), st.integers(0, 1 << 30)), min_size=most // 3, max_size=most)


def _bytes(value: dict[str, Any]) -> Any:
    """Read bytes as the door does."""
    return base64.b64decode(value["$bytes"]) if set(value) == {"$bytes"} else value


def _recorded(dialect: str) -> list[tuple[str, dict[str, Any]]]:
    lines = (RECORDINGS / f"{dialect}.calls.jsonl").read_text(encoding="utf-8").splitlines()
    calls = [json.loads(line, object_hook=_bytes) for line in lines]
    found = [(call["method"], call["arguments"]) for call in calls if call.get("method") not in (None, *SESSION)]
    # what makes a message and what uses one comes often enough for both to meet
    return found + [call for call in found if call[0].startswith(("create", "send", "insert", "invite", "join"))] * 3


CALLS = {dialect: _recorded(dialect) for dialect in ("chat-8.2", "im-5.0")}

USER_KEYS = (
    *("userID", "userIDList", "userList", "memberList", "memberIDList", "receiver", "receiverList", "fromUser", "toUser"),
    *("invitee", "inviteeList", "inviter", "owner", "sender", "senderID"),
)
MESSAGE_KEYS = ("msgID", "msgIDs", "msgIDList", "messageID", "messageIDList", "lastMsgID")


class Play:
    """
    An emulator with devices on which scripts are played.

    Attributes:
        said: all that was answered and heard: [device id, method, result, code of a JSON-RPC error or None, events] of each call.
    """

    def __init__(self, world: Any = SEED, devices: tuple[tuple[str, str, str], ...] = DEVICES) -> None:
        self.emulator = Emulator(Settings(world=world))
        self.said: list[Any] = []
        self.devices = devices
        self.created: dict[str, str] = {}
        self.ids = [self.emulator.open(f"phone{n}", dialect, platform) for n, (_, dialect, platform) in enumerate(devices)]

    def start(self) -> None:
        """Log everybody in, with listeners."""
        self.created.clear()
        for device, (user, dialect, _) in zip(self.ids, self.devices, strict=True):
            self.enter(device, user)
            for listener in ("addAdvancedMsgListener", "addConversationListener", "addGroupListener", "addFriendListener"):
                self.call(device, listener, {"listenerUuid": f"{user}-{dialect}"})
            if user == "dave":
                self.call(device, "joinGroup", {"groupID": "live", "message": "", "groupType": "AVChatRoom"})

    def enter(self, device: str, user: str) -> None:
        """Log a user in on a device."""
        init = {"sdkAppID": 1, "logLevel": 0, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": []}
        self.call(device, "initSDK", init)
        self.call(device, "login", {"userID": user, "userSig": "s"})

    def call(self, device: str, method: str, arguments: dict[str, Any]) -> Any:
        """Make a call and write down what came of it. A bug of ours fails the test."""
        turn = self.emulator.call(device, method, arguments)
        assert turn.error is None or turn.error.code != -32603, turn.error
        error = None if turn.error is None else turn.error.code
        self.said.append([device, method, turn.result, error, [[e.device_id, e.method, e.arguments] for e in turn.events]])
        return turn.result

    def play(self, script: Script) -> None:
        """Carry out a script; now and then time passes."""
        for at, number in script:
            calls = CALLS[self.devices[at][1]]
            number, which = divmod(number, len(calls))
            method, arguments = calls[which]
            device = self.ids[at]
            result = self.call(device, method, self._with_real_ids(device, method, arguments, number))
            if isinstance(result, dict) and isinstance(result.get("data"), dict) and "messageInfo" in result["data"]:
                self.created[device] = result["data"]["id"]
            if number % 7 == 0:
                self.emulator.advance(self.emulator.world.now_ms + number % 90_000)

    def _with_real_ids(self, device: str, method: str, arguments: dict[str, Any], number: int) -> dict[str, Any]:
        real = {key: self._real(device, key, value, number) for key, value in arguments.items()}
        if "receiver" in real and real.get("groupID") is not None and method.startswith("send"):
            real["receiver" if number % 2 else "groupID"] = ""
        return real

    def _real(self, device: str, key: str, value: Any, number: int) -> Any:
        """Return an id that there is in the place of one that was made up, in a list if it stood in one."""
        if value is None:
            return None
        pool = self._pool(device, key)
        if not pool:
            return value
        found = pool[number % len(pool)]
        if not isinstance(value, list):
            return found
        return [{**value[0], "userID": found}] if value and isinstance(value[0], dict) else [found]

    def _pool(self, device: str, key: str) -> list[str]:
        world = self.emulator.world
        tables: dict[str, Callable[[], list[str]]] = {
            "groupName": lambda: ["work", *(name for _, name in world[conversation_groups.CONVERSATION_GROUPS].rows)],
            "friendGroup": lambda: ["pals", *(name for _, name in world[friend_groups.FRIEND_GROUPS].rows)],
            "inviteID": lambda: list(world[invitations.INVITATIONS].rows),
            "permissionGroupID": lambda: [name for _, name in world[permission_groups.PERMISSION_GROUPS].rows],
            "topicID": lambda: list(world[topics.TOPICS].rows),
        }
        if key in ("id", "createdMsgID"):
            return [self.created[device]] if device in self.created else []
        if key in MESSAGE_KEYS:
            return sorted(world[messages.MESSAGES].rows)
        if key in USER_KEYS:
            return list(PEOPLE)
        if key.startswith("conversationID"):
            return [*(f"c2c_{name}" for name in PEOPLE), *(f"group_{name}" for name in GROUPS), f"group_{TOPIC}"]
        if key in ("groupID", "groupIDList"):
            return [*GROUPS, TOPIC]
        stem = key.removesuffix("List").removesuffix("s")
        return sorted(tables[stem]()) if stem in tables else []

    def rows(self) -> dict[str, Any]:
        """Return all that the world holds, devices and sessions included."""
        return {name: dict(table.rows) for name, table in self.emulator.world.tables.items() if table.rows}

    def written(self) -> str:
        """Return the world's document as text."""
        return json.dumps(self.emulator.export())

    def looks(self, device: str, user: str) -> list[Any]:
        """Return what a user sees who logs in on a device that has just been opened: [method, result, error, events] of each call."""
        self.said.clear()
        self.enter(device, user)
        for method, arguments in LOOKS:
            self.call(device, method, arguments)
        return [[method, result, error, [event[1:] for event in events]] for _, method, result, error, events in self.said]


def _look_at_groups() -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for group_id in GROUPS:
        found += [
            ("getGroupHistoryMessageList", {"groupID": group_id, "count": 50, "lastMsgID": None}),
            ("getGroupMemberList", {"groupID": group_id, "filter": 0, "nextSeq": "0", "count": 50, "offset": 0}),
            ("getGroupsInfo", {"groupIDList": [group_id]}),
            ("getGroupAttributes", {"groupID": group_id, "keys": None}),
            ("getPinnedGroupMessageList", {"groupID": group_id}),
        ]
    return found


LOOKS: list[tuple[str, dict[str, Any]]] = [
    ("getConversationList", {"nextSeq": "0", "count": 100}),
    ("getTotalUnreadMessageCount", {}),
    ("getConversationGroupList", {}),
    ("getFriendList", {}),
    ("getFriendGroups", {"groupNameList": None}),
    ("getFriendApplicationList", {}),
    ("getBlackList", {}),
    ("getC2CReceiveMessageOpt", {"userIDList": list(PEOPLE)}),
    ("getAllReceiveMessageOpt", {}),
    ("getJoinedGroupList", {}),
    ("getGroupApplicationList", {}),
    ("getUsersInfo", {"userIDList": list(PEOPLE)}),
    ("getUserStatus", {"userIDList": list(PEOPLE)}),
    *(("getC2CHistoryMessageList", {"userID": name, "count": 50, "lastMsgID": None}) for name in PEOPLE),
    *_look_at_groups(),
]
"""What a user can look at, as (method, arguments)."""
