"""`bridge.world.*` as a client meets it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings

INIT = {"sdkAppID": 1, "logLevel": 0, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": []}
PAIR = {"messages": [{"from": "bob", "to": "alice", "text": "hi"}]}


class Client:
    """A connection that keeps what it is sent."""

    def __init__(self, server: Server | None = None) -> None:
        self.sent: list[Any] = []
        self.client = RpcClient(server or Server(), self.sent.append)

    def ask(self, method: str, /, **params: Any) -> Any:
        """Make a call that must be answered with a result."""
        reply = self._reply(method, params)
        assert "error" not in reply, reply
        return reply["result"]

    def error(self, method: str, /, **params: Any) -> Any:
        """Make a call that must end in an error."""
        return self._reply(method, params)["error"]

    def _reply(self, method: str, params: dict[str, Any]) -> Any:
        self.sent.clear()
        self.client.receive({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        return next(message for message in self.sent if "id" in message)

    def login(self, user: str) -> None:
        """Start the client and log a user in."""
        self.ask("initSDK", **INIT)
        assert self.ask("login", userID=user, userSig="s")["code"] == 0

    def shown(self) -> list[str]:
        """Return the ids of the user's conversations."""
        page = self.ask("getConversationList", nextSeq="0", count=100)["data"]["conversationList"]
        return [row["conversationID"] for row in page]

    def pin(self, conversation_id: str) -> None:
        """Change the world a little."""
        self.ask("pinConversation", conversationID=conversation_id, isPinned=True)

    def text(self) -> str:
        """Return the world's document as text."""
        return json.dumps(self.ask("bridge.world.export"))


@pytest.fixture
def client() -> Client:
    """Return a connection to a fresh server."""
    return Client()


def test_load_of_an_object(client: Client) -> None:
    """A world is replaced by the one that is given."""
    assert {} == client.ask("bridge.world.load", world=PAIR)
    client.login("alice")
    assert ["c2c_bob"] == client.shown()


@pytest.mark.parametrize("name", ["empty", "team", "large"])
def test_load_of_a_shipped_world(client: Client, name: str) -> None:
    """Shipped worlds go by name."""
    assert {} == client.ask("bridge.world.load", world=name)


@pytest.mark.parametrize("name", ["teem", "../worlds/team", "fixtures/worlds/team.json", ""])
def test_load_of_an_unknown_name(client: Client, name: str) -> None:
    """A name that is none is -32000 with the nearest ones; a path is no name."""
    error = client.error("bridge.world.load", world=name)
    assert -32000 == error["code"]
    assert "teem" != name or error["data"]["nearest"] == ["team"]


def test_load_lists_all_that_is_wrong(client: Client) -> None:
    """Each violation has its path and what is wrong there."""
    world = {"users": [{"user_id": "a", "nick": "x"}], "groups": [{"group_id": "g", "members": [3]}], "mesages": []}
    error = client.error("bridge.world.load", world=world)
    assert -32602 == error["code"]
    assert {"world.mesages", "world.users[0].nick", "world.groups[0].members[0]"} == {one["path"] for one in error["data"]}
    assert "did you mean messages" in error["message"]


def test_failed_load_changes_nothing(client: Client) -> None:
    """The world that was there goes on: its rows, its sessions, its checkpoints."""
    client.ask("bridge.world.load", world=PAIR)
    client.login("alice")
    point, before = client.ask("bridge.world.checkpoint")["checkpoint"], client.text()
    client.error("bridge.world.load", world={"messages": [{"from": "x", "group": "nowhere", "text": "hi"}]})
    assert before == client.text()
    assert ["c2c_bob"] == client.shown()
    assert {} == client.ask("bridge.world.rollback", checkpoint=point)


def test_load_keeps_devices_as_new(client: Client) -> None:
    """After a load the device is open and nobody has initialised it."""
    client.login("alice")
    client.ask("bridge.world.load", world=PAIR)
    assert 6013 == client.ask("getConversationList", nextSeq="0", count=10)["code"]


@pytest.mark.parametrize("call", [("reset", {}), ("load", {"world": PAIR})])
def test_reset_and_load_begin_anew(client: Client, call: tuple[str, Any]) -> None:
    """Both rewind the clock and forget checkpoints."""
    client.ask("bridge.world.load", world=PAIR)
    fresh, now = client.text(), client.ask("bridge.clock.now")
    point = client.ask("bridge.world.checkpoint")["checkpoint"]
    client.login("alice")
    client.pin("c2c_bob")
    client.ask("bridge.clock.advance", ms=5000)
    assert fresh != client.text()
    client.ask(f"bridge.world.{call[0]}", **call[1])
    assert (fresh, now) == (client.text(), client.ask("bridge.clock.now"))
    assert -32000 == client.error("bridge.world.rollback", checkpoint=point)["code"]


def test_reset_of_a_world_file() -> None:
    """A reset leads back to what the server began with."""
    client = Client(Server(Settings(world=PAIR)))
    fresh = client.text()
    client.login("alice")
    client.pin("c2c_bob")
    client.ask("bridge.world.reset")
    assert fresh == client.text()


def test_rollback_keeps_the_session(client: Client) -> None:
    """Whoever was logged in at the checkpoint is so again, and nothing is sent."""
    client.ask("bridge.world.load", world=PAIR)
    client.login("alice")
    point = client.ask("bridge.world.checkpoint")["checkpoint"]
    client.pin("c2c_bob")
    client.ask("logout")
    client.ask("bridge.world.rollback", checkpoint=point)
    assert 1 == len(client.sent)
    assert not client.ask("getConversation", conversationID="c2c_bob")["data"]["isPinned"]


def test_later_checkpoints_are_gone(client: Client) -> None:
    """Going back past a checkpoint ends it, and its name never comes again."""
    first, second = (client.ask("bridge.world.checkpoint")["checkpoint"] for _ in range(2))
    client.ask("bridge.world.rollback", checkpoint=first)
    third = client.ask("bridge.world.checkpoint")["checkpoint"]
    assert third not in (first, second)
    error = client.error("bridge.world.rollback", checkpoint=second)
    assert (-32000, True) == (error["code"], first in error["data"]["nearest"])
    client.ask("bridge.world.rollback", checkpoint=first)


def test_device_opened_since_a_checkpoint(client: Client) -> None:
    """It stays open, as new."""
    point = client.ask("bridge.world.checkpoint")["checkpoint"]
    client.ask("bridge.device.open", device="tablet")
    client.ask("bridge.device.call", device="tablet", method="initSDK", arguments=INIT)
    client.ask("bridge.world.rollback", checkpoint=point)
    asked = {"device": "tablet", "method": "getConversationList", "arguments": {"nextSeq": "0", "count": 1}}
    assert 6013 == client.ask("bridge.device.call", **asked)["code"]


def test_device_closed_since_a_checkpoint(client: Client) -> None:
    """It stays closed: its user is offline, and what is sent to them is missed and comes with the next login."""
    client.ask("bridge.device.open", device="tablet")
    for method, arguments in (("initSDK", INIT), ("login", {"userID": "bob", "userSig": "s"})):
        client.ask("bridge.device.call", device="tablet", method=method, arguments=arguments)
    client.login("alice")
    point = client.ask("bridge.world.checkpoint")["checkpoint"]
    client.ask("bridge.device.close", device="tablet")
    client.ask("bridge.world.rollback", checkpoint=point)
    assert 2 == client.ask("getUserStatus", userIDList=["bob"])["data"][0]["statusType"]
    assert -32000 == client.error("bridge.device.call", device="tablet", method="getVersion", arguments={})["code"]
    client.ask("bridge.user.say", user="alice", to="bob", text="are you there?")
    client.ask("bridge.device.open", device="phone")
    listener = ("addAdvancedMsgListener", {"listenerUuid": "l"})
    for method, arguments in (("initSDK", INIT), listener, ("login", {"userID": "bob", "userSig": "s"})):
        client.ask("bridge.device.call", device="phone", method=method, arguments=arguments)
    types = [message["params"]["arguments"]["type"] for message in client.sent if message.get("method") == "bridge.device.event"]
    assert 1 == types.count("onRecvNewMessage")
