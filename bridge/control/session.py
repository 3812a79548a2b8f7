"""A connection: JSON-RPC messages in, JSON-RPC messages out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from bridge.control import registry
from bridge.emulator import Emulator, Server
from bridge.engine.turn import Event, LateReply, Turn
from bridge.errors import BridgeError, ProtocolError, log_bug, nearest

INVALID_REQUEST, INVALID_PARAMS, NOT_THERE, OUR_BUG = -32600, -32602, -32000, -32603
MAX_WAITING = 10_000

_PLAIN_IDS = (int, str)

Send = Callable[[Any], None]


class Outcome:
    """
    What came of a request: a result or an error, and the events around it.

    Attributes:
        turn: the turn of a channel call (or of time), whose events go to this connection's devices; None without events.
        silent: nothing is answered.
        pending: when the reply is let go, on the world's clock; None for at once.
        device_id: whose call it was, where the reply is held back.
    """

    __slots__ = ("result", "error", "turn", "silent", "pending", "device_id")

    def __init__(self, result: Any = None, error: ProtocolError | None = None, turn: Turn | None = None) -> None:
        self.result = result
        self.error = error
        self.turn = turn
        self.silent = False
        self.pending: int | None = None
        self.device_id = ""

    @classmethod
    def of(cls, turn: Turn, device_id: str = "") -> Outcome:
        """Return the outcome of a channel call."""
        outcome = cls(turn.result, turn.error, turn)
        outcome.silent = turn.silent
        outcome.pending = turn.due_ms
        outcome.device_id = device_id
        return outcome


class Session:
    """
    One connection to a server of worlds.

    Args:
        server: the worlds.
        send: takes each message to be sent, in order: a JSON value.
        world: name of the world that the connection begins in.
        disconnect: called when the connection is to end (a fault, a clean stop).
        kind: dialect and platform of the own device; None for the server's.
    """

    def __init__(
        self,
        server: Server,
        send: Send,
        world: str = "",
        disconnect: Callable[[], None] | None = None,
        kind: tuple[str | None, str | None] = (None, None),
    ) -> None:
        self.server = server
        self.send = send
        self.disconnect = disconnect or (lambda: None)
        self.pulls = False
        self.waiting: deque[Event | LateReply] = deque(maxlen=MAX_WAITING)
        self.devices: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.in_flight: set[Any] = set()
        self._held: set[LateReply] = set()
        self._asked: Any = None
        self.hear = self._hear
        self.emulator: Emulator = server.world(world)
        self.own = self.open("", *kind)

    # --- devices

    def open(self, name: str, dialect: str | None = None, platform: str | None = None) -> str:
        """Start an app on a device of this connection. Returns its device id."""
        device_id = self.emulator.open(name, dialect, platform, self.hear)
        self.devices[name] = device_id
        self.names[device_id] = name
        return device_id

    def device_id(self, name: str) -> str:
        """Return the id of a device of this connection. Raises ProtocolError -32000 with the nearest names."""
        device_id = self.devices.get(name)
        if device_id is None:
            raise unknown("device", name, self.devices)
        return device_id

    def close_device(self, name: str) -> None:
        """Kill the app on a device of this connection."""
        device_id = self.devices.pop(name)
        del self.names[device_id]
        self.emulator.close(device_id)

    def close(self) -> None:
        """The connection is gone: so are its devices."""
        for name in list(self.devices):
            self.close_device(name)
        self.waiting.clear()
        self.in_flight.clear()
        self._held.clear()

    def use_world(self, name: str) -> None:
        """Close all devices and begin anew in another world."""
        own = self.emulator.engine.device(self.own)
        self.close()
        self.emulator = self.server.world(name)
        self.own = self.open("", own.dialect, own.platform)

    # --- messages

    def receive(self, message: Any) -> None:
        """Carry out what a client has sent: a request, a notification or a batch."""
        if message.__class__ is dict:
            self._one(message)
        elif isinstance(message, list) and message:
            self._batch(message)
        else:
            what = "an empty batch" if message == [] else "neither an object nor a batch"
            self.send(error_message(None, ProtocolError(INVALID_REQUEST, f"the request is {what}")))

    def refuse(self, code: int, message: str) -> None:
        """Answer bytes that were no message."""
        self.send(error_message(None, ProtocolError(code, message)))

    def _one(self, message: dict[str, Any]) -> None:
        if not self._is_plain(message):
            if _is_reply(message):
                return
            refused = self._refused(message)
            if refused is not None:
                self.send(refused)
                return
        outcome = self._carry_out(message)
        reply = self._reply(message, outcome)
        turn = outcome.turn
        if turn is None:
            if reply is not None:
                self.send(reply)
            return
        if outcome.pending is not None:
            self._hold(message, outcome, reply)
            return
        for item in turn.before:
            self._hear(item)
        if reply is not None:
            self.send(reply)
        for item in turn.after:
            self._hear(item)
        if turn.disconnect:
            self.disconnect()

    def _hold(self, message: dict[str, Any], outcome: Outcome, reply: dict[str, Any] | None) -> None:
        """Keep a reply back, with what the calling device heard; other devices hear at once."""
        if reply is not None:
            self.in_flight.add(message["id"])
        for item in self._keep_back(outcome, None if reply is None else LateReply(self.hear, reply)):
            self._hear(item)

    def hold_turn(self, outcome: Outcome, device: str, method: str) -> list[Event | LateReply]:
        """
        Keep back the reply to a call that `bridge.turn` has made, with what the calling device heard.

        Returns: what the other devices heard.
        """
        body = error_message(self._asked, outcome.error) if outcome.error else {"id": self._asked, "result": outcome.result}
        items = self._keep_back(outcome, LateReply(self.hear, {**body, "method": method}, device))
        return [item for item in items if isinstance(item, Event) and item.device_id in self.names]

    def _keep_back(self, outcome: Outcome, late: LateReply | None) -> list[Event | LateReply]:
        """Hand a reply and the calling device's events to the clock. Returns the other devices' events."""
        turn = outcome.turn
        assert turn is not None and outcome.pending is not None
        held: list[Event | LateReply] = []
        others: list[Event | LateReply] = []
        for items in (turn.before, [late] if late is not None else [], turn.after):
            for item in items:
                is_mine = item is late or (isinstance(item, Event) and item.device_id == outcome.device_id)
                (held if is_mine else others).append(item)
        if late is not None:
            self._held.add(late)
        self.emulator.hold(outcome.pending, held)
        return others

    def _batch(self, messages: list[Any]) -> None:
        replies: list[Any] = []
        events: list[Event | LateReply] = []
        ends = False
        for message in messages:
            if _is_reply(message):
                continue
            refused = self._refused(message)
            if refused is not None:
                replies.append(refused)
                continue
            outcome = self._carry_out(message)
            reply = self._reply(message, outcome)
            if outcome.pending is not None:
                self._hold(message, outcome, reply)  # comes by itself, behind the batch
                continue
            if reply is not None:
                replies.append(reply)
            if outcome.turn is not None:
                events.extend(outcome.turn.before)
                events.extend(outcome.turn.after)
                ends = ends or outcome.turn.disconnect
        if replies:
            self.send(replies)
        for event in events:
            self._hear(event)
        if ends:
            self.disconnect()

    def _carry_out(self, message: dict[str, Any]) -> Outcome:
        """Return what came of a request."""
        self._asked = message.get("id")
        params = message.get("params")
        if params is None:
            params = {}
        if params.__class__ is dict:
            outcome = self.execute(message["method"], params)
        else:
            outcome = Outcome(error=ProtocolError(INVALID_PARAMS, "params must be an object: parameters go by name"))
        if outcome.error is not None and "id" not in message:
            self._journal_notification(message["method"], outcome.error)
        return outcome

    def _is_plain(self, message: dict[str, Any]) -> bool:
        """Return whether a message is a request like nearly all of them, which needs no closer look."""
        identifier = message.get("id")
        return (
            message.get("jsonrpc") == "2.0"
            and message.get("method").__class__ is str
            and identifier.__class__ in _PLAIN_IDS
            and identifier not in self.in_flight
        )

    def _refused(self, message: Any) -> dict[str, Any] | None:
        """Return the error reply to what is no request; None if it is one."""
        flaw = self._flaw(message)
        if flaw is None:
            return None
        identifier = message.get("id") if isinstance(message, dict) else None
        known = identifier if isinstance(identifier, (str, int, float)) and not isinstance(identifier, bool) else None
        return error_message(known, ProtocolError(INVALID_REQUEST, flaw))

    def _flaw(self, message: Any) -> str | None:
        if not isinstance(message, dict):
            return "the request is no object"
        if message.get("jsonrpc") != "2.0":
            return 'jsonrpc must be "2.0"'
        if not isinstance(message.get("method"), str):
            return "method must be a string"
        identifier = message.get("id")
        if isinstance(identifier, bool) or not isinstance(identifier, (str, int, float, type(None))):
            return "id must be a string or a number"
        if identifier is not None and identifier in self.in_flight:
            return f"id {identifier!r} is still in flight"
        return None

    def _reply(self, message: dict[str, Any], outcome: Outcome) -> dict[str, Any] | None:
        if "id" not in message or outcome.silent:
            return None
        identifier = message["id"]
        if outcome.error is not None:
            return error_message(identifier, outcome.error)
        return {"jsonrpc": "2.0", "id": identifier, "result": outcome.result}

    def _journal_notification(self, method: str, error: ProtocolError) -> None:
        engine = self.emulator.engine
        text = f"notification refused: {error.message} ({error.code})"
        engine.journal.add(engine.world.now_ms, self.own, "warning", method, "text", text)

    # --- carrying out

    def execute(self, method: str, params: dict[str, Any], device_id: str | None = None) -> Outcome:
        """Carry out a channel method on a device (the own one unless said otherwise), or a control method. Never raises."""
        if method.startswith("bridge.") or method == "rpc.discover":
            return self._control(method, params)
        caller = device_id or self.own
        return Outcome.of(self.emulator.call(caller, method, params, self.hear), caller)

    def _control(self, method: str, params: dict[str, Any]) -> Outcome:
        try:
            spec = registry.find(method)
            value = spec.function(self, **registry.check(spec, params))
        except ProtocolError as error:
            return Outcome(error=error)
        except BridgeError as error:
            return Outcome(error=ProtocolError(INVALID_PARAMS, str(error), [{"path": error.path or "", "message": error.message}]))
        except Exception as bug:
            self.emulator.world.log.undo()
            log_bug(__name__, method)
            return Outcome(error=ProtocolError(OUR_BUG, f"{method}: the bridge has a bug: {type(bug).__name__}: {bug}"))
        return value if isinstance(value, Outcome) else Outcome(value)

    # --- events

    def _hear(self, item: Event | LateReply) -> None:
        """Send an event to the client, if it is for one of this connection's devices; or a reply that was held back."""
        if isinstance(item, LateReply):
            self._let_go(item)
            return
        name = self.names.get(item.device_id)
        if name is None:
            return
        if self.pulls:
            self.waiting.append(item)
            return
        self.send(self.event_message(name, item))

    def _let_go(self, late: LateReply) -> None:
        if late not in self._held:
            return
        self._held.discard(late)
        if late.of_turn is not None:
            self.waiting.append(late)
            return
        self.in_flight.discard(late.message["id"])
        self.send(late.message)

    def event_message(self, name: str, event: Event) -> dict[str, Any]:
        """Return the notification that carries an event."""
        if event.device_id == self.own:
            return {"jsonrpc": "2.0", "method": event.method, "params": event.arguments}
        params = {"device": name, "method": event.method, "arguments": event.arguments}
        return {"jsonrpc": "2.0", "method": "bridge.device.event", "params": params}


def _is_reply(message: Any) -> bool:
    """Return whether a client answers an event, which needs no answer."""
    return isinstance(message, dict) and "method" not in message and "jsonrpc" in message and bool({"result", "error"} & message.keys())


def error_message(identifier: Any, error: ProtocolError) -> dict[str, Any]:
    """Return a JSON-RPC error reply."""
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.data is not None:
        body["data"] = error.data
    return {"jsonrpc": "2.0", "id": identifier, "error": body}


def unknown(what: str, name: str, known: Any) -> ProtocolError:
    """Return the error for a device, checkpoint or world that is not there, with the nearest names."""
    near = nearest(name, known)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return ProtocolError(NOT_THERE, f"there is no {what} {name!r}{hint}", {"nearest": near})
