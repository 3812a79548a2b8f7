"""`bridge.push.list`: what would have been pushed, and where to."""

from __future__ import annotations

from typing import Any

from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings

INFO = {"title": "T", "desc": "D", "ext": "E"}


class Line:
    """A connection and what it sends back."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.client = RpcClient(Server(Settings()), self.sent.append)

    def call(self, method: str, params: dict[str, Any]) -> Any:
        """Make a request; return its result."""
        self.client.receive({"jsonrpc": "2.0", "id": len(self.sent) + 1, "method": method, "params": params})
        (reply,) = [message for message in self.sent if "id" in message][-1:]
        assert "error" not in reply, reply
        return reply["result"]

    def on(self, device: str, method: str, **arguments: Any) -> Any:
        """Make a channel call on a device; return its data."""
        result = self.call("bridge.device.call", {"device": device, "method": method, "arguments": arguments})
        assert 0 == result["code"], result
        return result["data"]

    def enter(self, user: str) -> None:
        """Open a device of a user's name, with that user logged in."""
        self.call("bridge.device.open", {"device": user})
        self.on(user, "initSDK", sdkAppID=1, logLevel=0, listenerUuid="sdk", uiPlatform=0, showImLog=False)
        self.on(user, "login", userID=user, userSig="s")


def test_pushes_and_tokens_are_listed() -> None:
    """A push shows where it would have gone, with what words, and about which message."""
    line = Line()
    line.enter("alice")
    line.enter("bob")
    line.on("bob", "setOfflinePushConfig", businessID=7.0, token="abcd")
    line.call("bridge.device.close", {"device": "bob"})
    created = line.on("alice", "createTextMessage", text="hi")
    sent = line.on("alice", "sendMessage", id=created["id"], receiver="bob", groupID="", offlinePushInfo=INFO)
    listed = line.call("bridge.push.list", {})
    assert [
        {
            "user": "bob",
            "device": "bob",
            "platform": "android",
            "kind": "messages",
            "businessID": 7,
            "token": "abcd",
            "badge": 0,
        }
    ] == listed["tokens"]
    (push,) = listed["pushes"]
    expected = {
        "number": 1,
        "user": "bob",
        "device": "bob",
        "platform": "android",
        "kind": "messages",
        "businessID": 7,
        "token": "abcd",
        "msgID": sent["msgID"],
        "conversationID": "c2c_alice",
        "title": "T",
        "desc": "D",
        "ext": "E",
        "sound": "",
        "badge": None,
    }
    assert expected == {key: value for key, value in push.items() if key != "ms"}


def test_pushes_of_one_user() -> None:
    """With a user only that user's are listed."""
    line = Line()
    line.enter("alice")
    assert {"pushes": [], "tokens": []} == line.call("bridge.push.list", {"user": "carol"})
