"""
A connection in memory: JSON-RPC messages in, all that comes of each out, at once.

    line = Line()
    line.start("alice")
    assert {"code": 0, …} == line.ask("createConversationGroup", groupName="g", conversationIDList=["c2c_bob"])
    assert ["onConversationGroupCreated"] == line.heard_types()
"""

from __future__ import annotations

from typing import Any

from bridge.catalogue import load
from bridge.conformance.suite.actors import LISTENERS
from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings
from tests.support import referee
from tests.support.stage import INIT, STAGES


class Line:
    """
    A client of a server of worlds.

    Args:
        server: shared with other lines; a fresh one with `settings` when left out.
        world: name of the world to begin in.

    Attributes:
        said: all that the client was sent and has not looked at yet.
        ended: whether the bridge has ended the connection.
    """

    def __init__(self, server: Server | None = None, world: str = "", **settings: Any) -> None:
        self.server = server or Server(Settings(**settings))
        self.problems: list[str] = referee.watch(self.server.world(world)) if server is None else []
        STAGES.append(self)  # type: ignore[arg-type]  # the verdict asks for problems alone
        self.said: list[Any] = []
        self.ended = False
        self._events: list[dict[str, Any]] = []
        self._last = 0
        self.client = RpcClient(self.server, self.said.append, world, self._end)
        self.session = self.client.session

    def _end(self) -> None:
        self.ended = True

    @property
    def world(self) -> Any:
        """Return the world that the connection is in."""
        return self.session.emulator.world

    # --- messages

    def send(self, message: Any) -> list[Any]:
        """Send any message. Returns all that came of it, in order."""
        self.client.receive(message)
        return self.take()

    def take(self) -> list[Any]:
        """Return what was sent since the last look; all of it is JSON-RPC 2.0."""
        came = self.said.copy()
        self.said.clear()
        assert all(one["jsonrpc"] == "2.0" for message in came for one in (message if isinstance(message, list) else [message]))
        return came

    def request(self, method: str, params: Any = None) -> list[Any]:
        """Make a request with the next id. Returns all that came of it, in order."""
        self._last += 1
        return self.send({"jsonrpc": "2.0", "id": self._last, "method": method, "params": params})

    def _reply(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        came = self.request(method, params)
        replies = [message for message in came if message.get("id") == self._last]
        assert 1 == len(replies), f"{method} was answered {len(replies)} times: {came}"
        self._events += [message for message in came if message is not replies[0]]
        reply: dict[str, Any] = replies[0]
        return reply

    def ask(self, method: str, /, **params: Any) -> Any:
        """Make a request and return its result; events are kept for `heard`. A JSON-RPC error fails the test."""
        reply = self._reply(method, params)
        assert "error" not in reply, f"{method}: {reply['error']}"
        return reply["result"]

    def call(self, method: str, /, **params: Any) -> Any:
        """Make a channel call that must succeed and return its data."""
        result = self.ask(method, **params)
        if not isinstance(result, dict):
            return result
        assert 0 == result["code"], f"{method} was refused: {result}"
        return result["data"]

    def error(self, method: str, /, **params: Any) -> dict[str, Any]:
        """Make a request that must end in a JSON-RPC error, and return that."""
        reply = self._reply(method, params)
        assert "error" in reply, f"{method} was answered: {reply['result']}"
        error: dict[str, Any] = reply["error"]
        return error

    def turn(self, method: str | None = None, /, **arguments: Any) -> dict[str, Any]:
        """Make a call by `bridge.turn`."""
        params: dict[str, Any] = {} if method is None else {"method": method, "arguments": arguments}
        answer: dict[str, Any] = self.ask("bridge.turn", **params)
        return answer

    # --- events

    def heard(self) -> list[dict[str, Any]]:
        """Return the messages with events since the last look, in order."""
        events = self._events + [message for message in self.take() if "method" in message]
        self._events = []
        return events

    def heard_types(self, device: str = "") -> list[str]:
        """Return the types of all events of a device since the last look; those of others are forgotten."""
        found = []
        for message in self.heard():
            params = message["params"]
            inner = message["method"] == "bridge.device.event"
            if device == (params["device"] if inner else ""):
                found.append((params["arguments"] if inner else params)["type"])
        return found

    # --- the usual

    def start(self, user: str, device: str = "") -> None:
        """Initialise a device, add a listener of every kind, log in; what is heard on the way is forgotten."""
        row = self.session.emulator.engine.device(self.session.device_id(device))
        calls: list[tuple[str, dict[str, Any]]] = [("initSDK", {**INIT, "listenerUuid": "sdk"})]
        for method in LISTENERS:
            spec = load(row.dialect).method(method)
            if spec is not None and not spec.adapter_errors[row.platform]:
                calls.append((method, {"listenerUuid": method}))
        for method, arguments in [*calls, ("login", {"userID": user, "userSig": "sig"})]:
            self.ask("bridge.device.call", device=device, method=method, arguments=arguments)
        self.heard()

    def journal(self, kind: str) -> list[dict[str, Any]]:
        """Return the journal's entries of a kind."""
        entries = self.ask("bridge.journal.list")["entries"]
        return [entry for entry in entries if entry["kind"] == kind]

    def snapshot(self) -> dict[str, Any]:
        """Return all that the world holds, the clock included, to see later that nothing has changed."""
        world = self.world
        return {"ms": world.now_ms, **{name: dict(table.rows) for name, table in world.tables.items() if table.rows}}
