"""JSON-RPC upon a session: messages in, messages out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from bridge.control.session import CLOSER, SLICED, Session, may_be_much
from bridge.emulator import Server
from bridge.engine.turn import Event, Reply, Turn
from bridge.errors import INVALID_REQUEST, ProtocolError
from bridge.slices import Slices, at_once

_PLAIN_IDS = (int, str)

Send = Callable[[Any], None]


MAX_BATCH = 10_000
"""How many requests a batch may have."""

TOO_LONG = "the replies of this batch are too long to be sent as one message"


class Replies(Protocol):
    """The replies to a batch."""

    is_full: bool
    """No more are wanted: they are too long already."""

    def add(self, reply: dict[str, Any]) -> Slices[None]:
        """Take the next, which may be long."""

    def send(self) -> None:
        """Send all, if there are any."""


class Listed:
    """Replies as a list of values, of any length."""

    is_full = False

    def __init__(self, send: Send) -> None:
        self._send = send
        self._replies: list[Any] = []

    def add(self, reply: dict[str, Any]) -> Slices[None]:
        """Take the next."""
        self._replies.append(reply)
        yield from ()

    def send(self) -> None:
        """Send all, if there are any."""
        if self._replies:
            self._send(self._replies)


class RpcClient:
    """
    A client that speaks JSON-RPC.

    Args:
        server: the worlds.
        send: takes each message to be sent, in order: a JSON value.
        world: name of the world that the connection begins in.
        end: called when the connection is to end (a fault, a clean stop).
        replies: makes what gathers the replies to a batch; None to send them as a list of values.
        sending: sends one message in slices; None to send it at once.

    Attributes:
        is_behind: see `Client.is_behind`.
    """

    def __init__(
        self,
        server: Server,
        send: Send,
        world: str = "",
        end: Callable[[], None] | None = None,
        replies: Callable[[], Replies] | None = None,
        sending: Callable[[Any], Slices[None]] | None = None,
    ) -> None:
        self.send = send
        self._sending = sending
        self._new_replies: Callable[[], Replies] = replies or (lambda: Listed(send))
        self._end = end
        self.is_behind: Callable[[], bool] = lambda: False
        self.session = Session(server, self, world)

    def close(self) -> None:
        """The connection is gone: so are its devices."""
        self.session.close()

    # --- messages

    def receive(self, message: Any) -> None:
        """Carry out what a client has sent: a request, a notification or a batch."""
        if message.__class__ is dict:
            if self._is_plain(message):
                self.session.ask(message["id"], message["method"], message.get("params"))
            elif self._passes(message):
                self.session.deliver(message.get("id"), at_once(self._carrying_out(message)))
        elif isinstance(message, list) and message:
            for _ in self.batch(message):
                pass
        else:
            what = "an empty batch" if message == [] else "neither an object nor a batch"
            self.refuse(INVALID_REQUEST, f"the request is {what}")

    @staticmethod
    def is_quick(message: Any) -> bool:
        """Return whether a message asks for nothing that may be much work, so that it is no matter for the two below."""
        return message.__class__ is dict and (method := message.get("method")).__class__ is str and method not in CLOSER

    def is_sliced(self, message: Any) -> bool:
        """Return whether a message is a request that `carrying_out` does in slices."""
        if message.__class__ is not dict:
            return False
        method = message.get("method")
        return method.__class__ is str and method in SLICED and self._is_plain(message)

    def may_be_much(self, message: Any) -> bool:
        """Return whether a message is a request of which `Session.beforehand` does the work."""
        return message.__class__ is dict and may_be_much(message.get("method"), message.get("params"))

    def carrying_out(self, message: dict[str, Any]) -> Slices[None]:
        """Carry out a request in slices, and answer it."""
        session = self.session
        session.key = message["id"]
        turn = yield from session.calling(message["method"], message.get("params"))
        if self._sending is None:
            session.deliver(message["id"], turn)
        else:
            yield from self._sending(reply_message(message["id"], turn.reply))

    def refuse(self, code: int, message: str) -> None:
        """Answer what was no message."""
        self.send(error_message(None, ProtocolError(code, message)))

    def _passes(self, message: dict[str, Any]) -> bool:
        """Return whether a message is a request; what is none is answered, unless it is a reply."""
        if _is_reply(message):
            return False
        refused = self._refused(message)
        if refused is not None:
            self.send(refused)
        return refused is None

    def batch(self, messages: list[Any]) -> Iterator[None]:
        """
        Carry out a batch: the replies as one list, then the events of all, in order. Yields behind each request and each event.

        What others cause in between is heard in its place among the events, behind the replies.
        """
        if len(messages) > MAX_BATCH:
            self.refuse(INVALID_REQUEST, f"the batch has {len(messages)} requests; at most {MAX_BATCH} are taken at once")
            return
        session = self.session
        session.behind = behind = deque[Event | Reply]()
        replies = self._new_replies()
        ends = False
        for message in messages:
            ends = (yield from self._take_one(message, replies)) or ends
            yield
        replies.send()
        while behind:
            item = behind.popleft()
            session.behind = None
            session.hear(item)
            session.behind = behind
            yield
        session.behind = None
        if ends:
            self.end()

    def _take_one(self, message: Any, replies: Replies) -> Slices[bool]:
        """Carry out one request of a batch. Returns whether the connection is to end behind it."""
        if _is_reply(message):
            return False
        refused = self._refused(message)
        if refused is None and replies.is_full:
            if "id" not in message:
                return False
            refused = error_message(message["id"], ProtocolError(INVALID_REQUEST, f"not carried out: {TOO_LONG}"))
        if refused is not None:
            yield from replies.add(refused)
            return False
        turn = yield from self._carrying_out(message)
        reply = turn.reply
        if reply.due_ms is not None:
            self.session.deliver(message.get("id"), turn)  # comes by itself, behind the batch
            return False
        if not reply.silent:
            yield from replies.add(reply_message(message["id"], reply))
        for item in turn.items:
            if item is not reply:
                self.session.hear(item)
        return turn.disconnect

    def _carrying_out(self, message: dict[str, Any]) -> Slices[Turn]:
        """Return what came of a request. That of a notification is silent; its error goes to the journal."""
        session = self.session
        session.key = message.get("id")
        turn = yield from session.calling(message["method"], message.get("params"))
        if "id" not in message:
            turn.reply.silent = True
            if turn.reply.error is not None:
                self._journal_notification(message["method"], turn.reply.error)
        return turn

    def _is_plain(self, message: dict[str, Any]) -> bool:
        """Return whether a message is a request like nearly all of them, which needs no closer look."""
        identifier = message.get("id")
        return (
            message.get("jsonrpc") == "2.0"
            and message.get("method").__class__ is str
            and identifier.__class__ in _PLAIN_IDS
            and identifier not in self.session.in_flight
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
        if identifier is not None and identifier in self.session.in_flight:
            return f"id {identifier!r} is still in flight"
        return None

    def _journal_notification(self, method: str, error: ProtocolError) -> None:
        engine = self.session.emulator.engine
        text = f"notification refused: {error.message} ({error.code})"
        engine.journal.add(engine.world.now_ms, self.session.own, "warning", method, "text", text)

    # --- what the session tells

    def reply(self, key: Any, reply: Reply) -> None:
        """Answer the request of that id."""
        self.send(reply_message(key, reply))

    def event(self, name: str, event: Event) -> None:
        """Send the notification that carries an event."""
        if not name:
            self.send({"jsonrpc": "2.0", "method": event.method, "params": event.arguments})
            return
        params = {"device": name, "method": event.method, "arguments": event.arguments}
        self.send({"jsonrpc": "2.0", "method": "bridge.device.event", "params": params})

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification of the control plane's."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def end(self) -> None:
        """End the connection."""
        if self._end is not None:
            self._end()


def _is_reply(message: Any) -> bool:
    """Return whether a client answers an event, which needs no answer."""
    return isinstance(message, dict) and "method" not in message and "jsonrpc" in message and bool({"result", "error"} & message.keys())


def reply_message(identifier: Any, reply: Reply) -> dict[str, Any]:
    """Return a JSON-RPC reply."""
    if reply.error is not None:
        return error_message(identifier, reply.error)
    return {"jsonrpc": "2.0", "id": identifier, "result": reply.result}


def error_message(identifier: Any, error: ProtocolError) -> dict[str, Any]:
    """Return a JSON-RPC error reply."""
    return {"jsonrpc": "2.0", "id": identifier, "error": error_object(error)}


def error_object(error: ProtocolError) -> dict[str, Any]:
    """Return what JSON-RPC says of an error."""
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.data is not None:
        body["data"] = error.data
    return body
