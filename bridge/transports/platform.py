"""
Raw platform messages over TCP: what a host's `BinaryMessenger` sends, and the bytes that it gets back.

The frames are those of `bridge.codecs.platform`. A message to the plugin's channel, of either generation, is a method
call in the standard codec; its reply is the envelope that the platform would send. The first such message tells which
generation the app uses: the connection's device becomes one of a dialect of that channel, unless it is that already
(`--dialect`, `bridge.device.use`). Events are messages for `handlePlatformMessage` on the same channel. An error becomes
what a platform has instead:

| error | reply |
|---|---|
| -32601 | the absent reply: Dart throws a MissingPluginException |
| any other | an error envelope with the number as its code, the message, and the error's data as its details |
| a fault's platformException | the error envelope that the fault asks for |

The channel `timbridge` takes calls of the control plane (`bridge.*`): method calls in the standard codec, or one
JSON-RPC request as text, which is answered in kind. Events of the connection's other devices arrive there as calls of
`bridge.device.event`. Nobody handles any other channel.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

from bridge.codecs import jsonrpc, large, large_values, platform
from bridge.codecs.errors import LARGE_BYTES, CodecError, Refused
from bridge.codecs.standard_values import PairMap
from bridge.control import registry
from bridge.control.messages import error_message, reply_message
from bridge.control.session import SLICED, START, Session, may_be_much
from bridge.emulator import channels
from bridge.engine.journal import SMALL_BYTES
from bridge.engine.turn import Event, Reply
from bridge.errors import INVALID_PARAMS, INVALID_REQUEST, OUR_BUG, THROWN, UNKNOWN_METHOD, ProtocolError
from bridge.slices import let_go
from bridge.transports.rpc import DONE, MOST_VALUES, most_values
from bridge.transports.wall import wall_ms

if TYPE_CHECKING:
    from bridge.transports.connection import Connection
    from bridge.transports.listening import Listener

CONTROL = "timbridge"
STANDARD_STRING = 7
"""The first byte of every method call in the standard codec: the type of the method's name."""

ID_LIMIT = 1 << 32


class PlatformDoor:
    """
    A client that hands over platform messages. The keys of its calls are the ids of their frames.

    A first frame that is refused ends the connection.
    """

    def __init__(self, listener: Listener, connection: Connection) -> None:
        self._listener = listener
        self._connection = connection
        self._framing = platform.PlatformFraming()
        self._frames: deque[platform.PlatformFrame | Refused] = deque()
        self._channels = channels()
        self._spoken = ("", "")
        self._session: Session | None = None
        self._texts: dict[int, Any] = {}
        self._events = 0
        self._seen = 0
        self._first = True
        self._gone = False
        self._work: Iterator[None] | None = None
        self._unsent: deque[tuple[int | str, Reply | Event]] | None = None  # what is still to be written in slices
        if listener.access.is_open:
            self._open()

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        self._frames.extend(self._framing.feed(data))

    def step(self) -> bool:
        """Carry out the next frame, or a slice of it. Returns False if there is none."""
        if self._work is not None:
            if next(self._work, DONE) is not DONE:
                return True
            self._work = None
            return bool(self._frames)
        if not self._frames:
            return False
        frame = self._frames.popleft()
        if isinstance(frame, Refused):
            if frame.request_id is not None:
                self._reply(frame.request_id, _error(ProtocolError(frame.code, frame.message)))
            if self._first:  # so that nothing is skipped in search of a frame
                self._connection.end()
        elif frame.kind == platform.MESSAGE:
            self._work = self._take(frame)
            if self._work is not None:
                self._first = False
                return True
        self._first = False
        if self._framing.broken and not self._frames:
            self._connection.end()
        return bool(self._frames)

    def finish(self) -> None:
        """No more bytes come; half a frame is none."""
        self._framing.finish()

    def farewell(self) -> None:
        """Do nothing: a closed stream says it."""

    def admitted(self) -> bool:
        """Return whether the client has been let in."""
        return self._session is not None

    def too_much(self) -> None:
        """Do nothing: what has come of a frame is no message that could be answered."""

    def close(self) -> None:
        """The connection is gone."""
        self._gone = True
        self._listener.finish(self._work)
        self._work = None
        if self._session is not None:
            self._session.close()
            self._session = None

    # --- messages

    def _open(self) -> Session:
        self._session = Session(self._listener.server, self)
        return self._session

    def _take(self, frame: platform.PlatformFrame) -> Iterator[None] | None:
        """Carry out a message, unless the reply to one with the same id is still due. Returns what is left to do of a large one."""
        if self._session is not None and frame.request_id in self._session.in_flight:
            self._refuse(frame, ProtocolError(INVALID_REQUEST, f"id {frame.request_id} is still in flight"))
        elif _is_text(frame):
            if len(frame.payload) > LARGE_BYTES:
                return self._take_large(frame, large.read(frame.payload, MOST_VALUES, most_values))
            return self._take_text(frame)
        elif frame.channel == CONTROL or frame.channel in self._channels:
            if len(frame.payload) > LARGE_BYTES:
                return self._take_large(frame, large_values.read_call(frame.payload, MOST_VALUES))
            return self._take_call(frame)
        else:
            self._reply(frame.request_id, platform.NO_HANDLER)
        return None

    def _take_call(self, frame: platform.PlatformFrame) -> Iterator[None] | None:
        """Carry out a method call in the standard codec."""
        try:
            method, arguments = platform.decode_call(frame.payload)
            params = None if arguments is None else plain(arguments)
        except ProtocolError as refused:
            self._reply(frame.request_id, _error(refused))
            return None
        return self._ask_on_channel(frame, method, params)

    def _take_large(self, frame: platform.PlatformFrame, reading: Generator[None, None, Any]) -> Iterator[None]:
        """Read a large frame in slices, and carry it out."""
        try:
            found = yield from reading
        except ProtocolError as refused:
            self._refuse(frame, refused)
            return
        if self._gone:
            return
        work = self._ask_in_text(frame, found) if _is_text(frame) else self._ask_on_channel(frame, *found)
        if work is not None:
            yield from work
            yield from let_go(found, inside=True)

    def _ask_on_channel(self, frame: platform.PlatformFrame, method: str, params: Any) -> Iterator[None] | None:
        if frame.channel == CONTROL:
            return self._ask(frame, method, params)
        if not method.startswith(registry.CONTROL) and self._speaks_on(frame.channel, method, params):
            return self._ask(frame, method, params)
        self._reply(frame.request_id, platform.NO_HANDLER)
        return None

    def _take_text(self, frame: platform.PlatformFrame) -> Iterator[None] | None:
        """Carry out a JSON-RPC request."""
        try:
            message = jsonrpc.loads(frame.payload)
        except ProtocolError as refused:
            self._refuse(frame, refused)
            return None
        return self._ask_in_text(frame, message)

    def _ask_in_text(self, frame: platform.PlatformFrame, message: Any) -> Iterator[None] | None:
        if not isinstance(message, dict) or not isinstance(message.get("method"), str):
            problem = f"the channel {CONTROL} takes one JSON-RPC request at a time"
            self._refuse(frame, ProtocolError(INVALID_REQUEST, problem))
            return None
        self._texts[frame.request_id] = message.get("id")
        return self._ask(frame, message["method"], message.get("params"))

    def _asking(self, session: Session, frame: platform.PlatformFrame, method: str, params: Any) -> Iterator[None]:
        """Carry out a control method in slices; a reply as text is written so, too."""
        key = session.key = frame.request_id
        turn = yield from session.calling(method, params)
        if key in self._texts:
            payload = yield from jsonrpc.dumping(reply_message(self._texts.pop(key), turn.reply))
            self._reply(key, payload)
        else:
            session.deliver(key, turn)

    def _ask(self, frame: platform.PlatformFrame, method: str, params: Any) -> Iterator[None] | None:
        session = self._session or self._admit(frame, method, params)
        if session is None:
            return None
        if self._listener.server.settings.real_clock:
            session.emulator.follow(wall_ms())
        journal = session.emulator.engine.journal
        self._seen = journal.last
        if method in SLICED:
            return self._asking(session, frame, method, params)
        if may_be_much(method, params):
            return self._much(session, frame, method, params)
        self._carry_out(session, frame, method, params)
        return None

    def _much(self, session: Session, frame: platform.PlatformFrame, method: str, params: Any) -> Iterator[None]:
        """
        Do in slices what a call asks for, then carry the call out, which finds it done.

        Its reply is written in slices, and behind it what is heard meanwhile.
        """
        yield from session.beforehand(method, params)
        if self._gone:
            return
        self._seen = session.emulator.engine.journal.last
        self._unsent = unsent = deque[tuple[int | str, Reply | Event]]()
        try:
            self._carry_out(session, frame, method, params)
            while unsent:
                about, said = unsent[0]
                if isinstance(said, Event):
                    self._tell(str(about), said)
                elif jsonrpc.is_long(said.result) and said.error is None:
                    yield from self._write_long(int(about), said)
                else:
                    self._answer(int(about), said)
                unsent.popleft()
        finally:
            self._unsent = None
            self._forget_text(session, frame)

    def _carry_out(self, session: Session, frame: platform.PlatformFrame, method: str, params: Any) -> None:
        journal = session.emulator.engine.journal
        journal.attentive = len(frame.payload) > SMALL_BYTES
        try:
            session.ask(frame.request_id, method, params)
        finally:
            journal.attentive = False
        if self._unsent is None:
            self._forget_text(session, frame)

    def _forget_text(self, session: Session, frame: platform.PlatformFrame) -> None:
        """Forget that a message was text when it is never to be answered: a fault, or faithful silence."""
        if self._texts and frame.request_id not in session.in_flight:
            self._texts.pop(frame.request_id, None)

    def _admit(self, frame: platform.PlatformFrame, method: str, params: Any) -> Session | None:
        token = params.get("token") if isinstance(params, dict) else None
        if method == "bridge.authenticate" and self._listener.access.knows(token):
            return self._open()
        problem = f"this server wants its token first: bridge.authenticate {{token}} on the channel {CONTROL}"
        self.reply(frame.request_id, Reply(error=ProtocolError(INVALID_REQUEST, problem)))
        self._connection.end()
        return None

    def _speaks_on(self, channel: str, method: str, params: Any) -> bool:
        """Return whether the device speaks on a channel, see `Session.speaks_on`; without a session it is to be asked for its token."""
        session = self._session
        if session is None or (method != START and self._spoken == (session.own, channel)):
            return True
        if not session.speaks_on(channel, method, params):
            return False
        self._spoken = (session.own, channel)
        return True

    # --- replies and events

    def reply(self, key: int, reply: Reply) -> None:
        """Answer the message of that id, in kind."""
        if self._unsent is None:
            self._answer(key, reply)
        else:
            self._unsent.append((key, reply))

    def _write_long(self, key: int, reply: Reply) -> Iterator[None]:
        """Answer in slices."""
        yield
        if key in self._texts:
            payload = yield from jsonrpc.dumping(reply_message(self._texts.pop(key), reply))
        else:
            try:
                payload = yield from platform.encoding_result(reply.result)
            except CodecError:
                self._answer(key, reply)
                return
        self._reply(key, payload)

    def _answer(self, key: int, reply: Reply) -> None:
        if self._texts and key in self._texts:
            payload = jsonrpc.dumps(reply_message(self._texts.pop(key), reply))
        elif reply.error is not None:
            payload = _refusal(reply.error)
        else:
            try:
                payload = platform.encode_result(reply.result)
            except CodecError as flaw:
                problem = f"the reply has no form in the standard codec: {flaw.message}"
                payload = _error(ProtocolError(OUR_BUG, problem))
        self._reply(key, payload)

    def event(self, name: str, event: Event) -> None:
        """Send an event: on the plugin's channel for the own device, on the reserved one for any other."""
        if self._unsent is None:
            self._tell(name, event)
        else:
            self._unsent.append((name, event))

    def _tell(self, name: str, event: Event) -> None:
        if name:
            arguments = {"device": name, "method": event.method, "arguments": event.arguments}
            self._event(CONTROL, "bridge.device.event", arguments)
        else:
            self._event(self._own_channel(), event.method, event.arguments)

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification of the control plane's on the reserved channel."""
        self._event(CONTROL, method, params)

    def is_behind(self) -> bool:
        """See `Client.is_behind`."""
        return self._connection.is_behind()

    def end(self) -> None:
        """End the connection."""
        self._connection.end()

    def _refuse(self, frame: platform.PlatformFrame, error: ProtocolError) -> None:
        """Answer a message that is not carried out, in kind."""
        payload = jsonrpc.dumps(error_message(None, error)) if _is_text(frame) else _error(error)
        self._reply(frame.request_id, payload)

    def _reply(self, request_id: int, payload: bytes) -> None:
        try:
            frame = platform.encode_reply(request_id, payload)
        except CodecError as flaw:
            frame = platform.encode_reply(request_id, _error(ProtocolError(OUR_BUG, flaw.message)))
        self._write(frame)

    def _event(self, channel: str, method: str, arguments: Any) -> None:
        self._events = (self._events + 1) % ID_LIMIT
        try:
            frame = platform.encode_event(self._events, channel, method, arguments)
        except CodecError:
            return  # what a client has put into the world and no platform could tell: there is no such event
        self._write(frame)

    def _write(self, frame: bytes) -> None:
        if self._session is not None:
            self._session.emulator.engine.journal.wrote(len(frame), self._seen)
        self._connection.write(frame)

    def _own_channel(self) -> str:
        """Return the channel that the own device speaks on."""
        session = self._session
        assert session is not None
        if self._spoken[0] != session.own:
            dialect = session.emulator.engine.device(session.own).dialect
            self._spoken = (session.own, next(name for name, spoken in self._channels.items() if dialect in spoken))
        return self._spoken[1]


def _is_text(frame: platform.PlatformFrame) -> bool:
    """Return whether a message is a JSON-RPC request as text, rather than a call in the standard codec."""
    return frame.channel == CONTROL and frame.payload[:1] != bytes((STANDARD_STRING,))


def plain(value: Any) -> Any:
    """
    Return a decoded value as JSON would have brought it: typed lists as lists.

    Raises: ProtocolError -32602 for a map whose keys are not all strings, which no channel call has.
    """
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ProtocolError(INVALID_PARAMS, "a map has a key that is no string")
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, PairMap):
        raise ProtocolError(INVALID_PARAMS, "a map has a key that is no string")
    if isinstance(value, list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bytes)):
        return value
    return value.tolist()


def _refusal(error: ProtocolError) -> bytes:
    if error.code == UNKNOWN_METHOD:
        return platform.NO_HANDLER
    if error.code == THROWN and isinstance(error.data, dict):
        return _envelope(error.data["code"], error.data["message"], error.data["details"])
    return _error(error)


def _error(error: ProtocolError) -> bytes:
    return _envelope(str(error.code), error.message, error.data)


def _envelope(code: str, message: Any, details: Any) -> bytes:
    try:
        return platform.encode_error(code, message if message is None else str(message), details)
    except CodecError:
        return platform.encode_error(code, str(message), None)
