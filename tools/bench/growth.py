"""What calls cost beside few and beside many of each thing, where their reply is the same: cost follows what changed, not what there is."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings
from tools.bench.measuring import Effort, Row, in_turns, seconds_each
from tools.bench.stdio import INIT

FEW, MANY = 1000, 100_000
STEEPEST = 1.3
ROUNDS, TIMES = 15, 20
SIG, REFUSED = "sig", 6012


class Client:
    """A connection in memory with a device on which alice is logged in."""

    def __init__(self, world: dict[str, Any] | None = None) -> None:
        self.server = Server(Settings())
        self._said: list[Any] = []
        self._client = RpcClient(self.server, self._said.append, "")
        if world:
            self.ask("bridge.world.load", world={"version": 1, **world})
        self.ask("initSDK", **INIT)
        self.ask("login", userID="alice", userSig=SIG)

    def ask(self, method: str, /, **params: Any) -> Any:
        """Make a request. Returns its result."""
        self._said.clear()
        self._client.receive({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        reply = next(message for message in self._said if message.get("id") == 1)
        result = reply["result"]
        assert not isinstance(result, dict) or result.get("code") in (0, None, REFUSED), result
        return result

    def enter(self, name: str, *calls: tuple[str, dict[str, Any]]) -> None:
        """Start an app of a user's, log in there, and make some more calls on it."""
        self.ask("bridge.device.open", device=name)
        for method, arguments in (("initSDK", INIT), ("login", {"userID": name, "userSig": SIG}), *calls):
            self.ask("bridge.device.call", device=name, method=method, arguments=arguments)

    def another(self) -> None:
        """Make another connection, which stays."""
        RpcClient(self.server, lambda _: None, "")

    def say(self, **to: str) -> None:
        """Let bob write a text."""
        self.ask("bridge.user.say", user="bob", text="hi", **to)


Work = Callable[[], object]


def _users(count: int) -> list[str]:
    return [f"user{number:06d}" for number in range(count)]


def _with_group(count: int) -> Client:
    members = [{"user_id": "alice", "role": "owner"}, "bob", *_users(count)]
    client = Client({"groups": [{"group_id": "g", "group_type": "Public", "members": members}]})
    for name in _users(10):
        client.enter(name)
    return client


def _with_conversations(count: int) -> Client:
    chats = [{"owner": "alice", "with": name} for name in _users(count)]
    client = Client({"messages": [{"from": one["with"], "to": "alice", "text": "hi"} for one in chats]})
    client.ask("createConversationGroup", groupName="g", conversationIDList=["c2c_user000001"])
    return client


def members(count: int) -> dict[str, Work]:
    """A group of so many, of whom ten are there."""
    client = _with_group(count)
    return {
        "a message to the group": lambda: client.say(group="g"),
        "getGroupOnlineMemberCount": lambda: client.ask("getGroupOnlineMemberCount", groupID="g"),
        "getGroupMembersInfo": lambda: client.ask("getGroupMembersInfo", groupID="g", memberList=["bob"]),
    }


def conversations(count: int) -> dict[str, Work]:
    """So many conversations of the one user."""
    client = _with_conversations(count)
    client.say(to="alice")
    by_group = {"filter": {"conversationGroup": "g"}, "nextSeq": 0, "count": 10}
    wanted = {"conversationType": 0, "conversationGroup": "", "markType": 0, "hasUnreadCount": True, "hasGroupAtInfo": False}
    client.ask("subscribeUnreadMessageCountByFilter", filter=wanted)

    def read() -> None:
        client.ask("cleanConversationUnreadMessageCount", conversationID="c2c_bob", cleanTimestamp=0, cleanSequence=0)

    return {
        "a message to one who follows a filter": lambda: client.say(to="alice"),
        "cleanConversationUnreadMessageCount": read,
        "getConversation": lambda: client.ask("getConversation", conversationID="c2c_bob"),
        "getConversationListByFilter": lambda: client.ask("getConversationListByFilter", **by_group),
        "getTotalUnreadMessageCount": lambda: client.ask("getTotalUnreadMessageCount"),
        "pinConversation": lambda: client.ask("pinConversation", conversationID="c2c_bob", isPinned=False),
    }


def messages(count: int) -> dict[str, Work]:
    """So many messages in one conversation."""
    client = Client({"messages": [{"from": "bob", "to": "alice", "text": f"message {number}"} for number in range(count)]})
    page = {"userID": "bob", "count": 20, "lastMsgID": None}
    newest = client.ask("getC2CHistoryMessageList", **page)["data"][-1]["msgID"]
    return {
        "a message": lambda: client.say(to="alice"),
        "a page of history": lambda: client.ask("getC2CHistoryMessageList", **{**page, "lastMsgID": newest}),
        "findMessages": lambda: client.ask("findMessages", messageIDList=[newest]),
        "a checkpoint, a message, and back": lambda: _there_and_back(client),
    }


def _there_and_back(client: Client) -> None:
    mark = client.ask("bridge.world.checkpoint")["checkpoint"]
    client.say(to="alice")
    client.ask("bridge.world.rollback", checkpoint=mark)


def devices(count: int) -> dict[str, Work]:
    """So many users who are logged in."""
    client = Client()
    for name in _users(count):
        client.enter(name)
    return {
        "a message": lambda: client.say(to="alice"),
        "getUserStatus": lambda: client.ask("getUserStatus", userIDList=["user000000"]),
        "login and logout": lambda: (client.ask("logout"), client.ask("login", userID="alice", userSig=SIG)),
    }


def filters(count: int) -> dict[str, Work]:
    """So many users who follow the unread count of a filter."""
    client = Client()
    wanted = {"conversationType": 1, "conversationGroup": "", "markType": 0, "hasUnreadCount": True, "hasGroupAtInfo": False}
    for name in _users(count):
        client.enter(name, ("subscribeUnreadMessageCountByFilter", {"filter": wanted}))
    return {"a message": lambda: client.say(to="user000000")}


def faults(count: int) -> dict[str, Work]:
    """So many faults that are spent."""
    client = Client()
    for _ in range(count):
        client.ask("bridge.fault.set", match={"method": "getConversation", "times": 1}, effect={"code": REFUSED, "desc": "no"})
        client.ask("getConversation", conversationID="c2c_bob")
    return {"getConversation": lambda: client.ask("getConversation", conversationID="c2c_bob")}


def checkpoints(count: int) -> dict[str, Work]:
    """So many checkpoints, with a change before each."""
    client = Client()
    for number in range(count):
        client.ask("pinConversation", conversationID="c2c_bob", isPinned=bool(number % 2))
        client.ask("bridge.world.checkpoint")
    return {"a message": lambda: client.say(to="alice")}


def worlds(count: int) -> dict[str, Work]:
    """So many worlds that came and went, and one that is there."""
    client = Client()
    for number in range(count):
        client.ask("bridge.world.use", world=f"w{number}")
    client.ask("initSDK", **INIT)
    client.ask("login", userID="alice", userSig=SIG)
    return {"a message": lambda: client.say(to="alice"), "a fresh world": lambda: client.ask("bridge.world.use", world="fresh")}


def connections(count: int) -> dict[str, Work]:
    """So many connections to the one world."""
    client = Client()
    for _ in range(count):
        client.another()
    return {"a message": lambda: client.say(to="alice")}


THINGS: dict[str, tuple[Callable[[int], dict[str, Work]], int]] = {
    "members": (members, MANY),
    "conversations": (conversations, MANY),
    "messages": (messages, MANY),
    "devices": (devices, MANY // 5),
    "filters": (filters, MANY // 5),
    "faults": (faults, MANY // 5),
    "checkpoints": (checkpoints, MANY // 5),
    "worlds": (worlds, MANY // 5),
    "connections": (connections, MANY // 5),
}
"""Each thing, and how many of it a full run has: fewer of what takes a call each to make. A brief run has a tenth of each."""


def rows(effort: Effort) -> Iterator[Row]:
    """Measure what is not to grow: each call beside few and beside many, in turns."""
    for name, (make, many) in THINGS.items():
        part = 1 if effort.scale == 1 else 10
        few = FEW * many // MANY
        yield from _rows_of(name, make, {"few": few // part, "many": many // part})


def _rows_of(name: str, make: Callable[[int], dict[str, Work]], sizes: dict[str, int]) -> Iterator[Row]:
    works = {which: make(size) for which, size in sizes.items()}
    for what in works["few"]:
        for which in works:
            works[which][what]()
        gc.collect()
        taken = in_turns(ROUNDS, {which: seconds_each(works[which][what], TIMES) for which in works}, min)
        detail = f"{taken['many'] * 1e6:.0f} us beside {sizes['many']:,}, {taken['few'] * 1e6:.0f} us beside {sizes['few']:,}"
        yield Row(f"growth with {name}: {what}", taken["many"] / taken["few"], "x", STEEPEST, detail, tolerance=1.0)
