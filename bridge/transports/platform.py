"""
Raw platform messages over TCP: what a host's `BinaryMessenger` sends, and the bytes that it gets back.

The frames are those of `bridge.codecs.platform`. A message to the plugin's channel, of either generation, is a method
call in the standard codec; its reply is the envelope that the platform would send. The first such message tells which
generation the app uses: the connection's device becomes one of that dialect. Events are messages for
`handlePlatformMessage` on the same channel. A JSON-RPC error becomes what a platform has instead:

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
from typing import TYPE_CHECKING, Any, NamedTuple

from bridge.codecs import jsonrpc, platform
from bridge.codecs.errors import CodecError, Refused
from bridge.codecs.standard_values import PairMap
from bridge.control.session import Session
from bridge.emulator import channels
from bridge.errors import ProtocolError
from bridge.transports.wall import wall_ms

if TYPE_CHECKING:
    from bridge.transports.connection import Connection
    from bridge.transports.listening import Listener

CONTROL = "timbridge"
STANDARD_STRING = 7
"""The first byte of every method call in the standard codec: the type of the method's name."""

UNKNOWN_METHOD, INVALID_PARAMS, INVALID_REQUEST, OUR_BUG = -32601, -32602, -32600, -32603
THROWN = -32002
ID_LIMIT = 1 << 32


class Asked(NamedTuple):
    """A message that waits for its reply: the host's id of it, and how it was put."""

    request_id: int
    is_text: bool = False
    text_id: Any = None


class PlatformDoor:
    """A client that hands over platform messages."""

    def __init__(self, listener: Listener, connection: Connection) -> None:
        self._listener = listener
        self._connection = connection
        self._framing = platform.PlatformFraming()
        self._frames: deque[platform.PlatformFrame | Refused] = deque()
        self._channels = channels()
        self._channel = ""
        self._session: Session | None = None
        self._asked: dict[int, Asked] = {}
        self._events = 0
        if listener.access.is_open:
            self._open()

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        self._frames.extend(self._framing.feed(data))

    def step(self) -> bool:
        """Carry out the next frame. Returns False if there is none."""
        if not self._frames:
            return False
        frame = self._frames.popleft()
        if isinstance(frame, Refused):
            if frame.request_id is not None:
                self._reply(frame.request_id, _error(frame.code, frame.message))
        elif frame.kind == platform.MESSAGE:
            self._take(frame)
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

    def close(self) -> None:
        """The connection is gone."""
        if self._session is not None:
            self._session.close()
            self._session = None

    # --- messages

    def _open(self) -> Session:
        self._session = Session(self._listener.server, self._hear, disconnect=self._connection.end)
        return self._session

    def _take(self, frame: platform.PlatformFrame) -> None:
        if frame.channel == CONTROL and frame.payload[:1] != bytes((STANDARD_STRING,)):
            self._take_text(frame)
        elif frame.channel == CONTROL or frame.channel in self._channels:
            self._take_call(frame)
        else:
            self._reply(frame.request_id, platform.NO_HANDLER)

    def _take_call(self, frame: platform.PlatformFrame) -> None:
        """Carry out a method call in the standard codec."""
        try:
            method, arguments = platform.decode_call(frame.payload)
            params = {} if arguments is None else plain(arguments)
        except ProtocolError as refused:
            self._reply(frame.request_id, _error(refused.code, refused.message))
            return
        if frame.channel == CONTROL:
            self._ask(Asked(frame.request_id), method, params)
        elif method.startswith("bridge.") or not self._speaks_on(frame.channel):
            self._reply(frame.request_id, platform.NO_HANDLER)
        else:
            self._ask(Asked(frame.request_id), method, params)

    def _take_text(self, frame: platform.PlatformFrame) -> None:
        """Carry out a JSON-RPC request."""
        try:
            message = jsonrpc.loads(frame.payload)
            if not isinstance(message, dict) or not isinstance(message.get("method"), str):
                raise ProtocolError(INVALID_REQUEST, f"the channel {CONTROL} takes one JSON-RPC request at a time")
        except ProtocolError as refused:
            error = {"code": refused.code, "message": refused.message}
            self._reply(frame.request_id, jsonrpc.dumps({"jsonrpc": "2.0", "id": None, "error": error}))
            return
        self._ask(Asked(frame.request_id, True, message.get("id")), message["method"], message.get("params"))

    def _ask(self, asked: Asked, method: str, params: Any) -> None:
        session = self._session
        if session is None:
            session = self._admit(asked, method, params)
            if session is None:
                return
        if self._listener.server.settings.real_clock:
            session.emulator.follow(wall_ms())
        number = asked.request_id
        self._asked[number] = asked
        session.receive({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        if number in self._asked and number not in session.in_flight:
            del self._asked[number]  # never to be answered: a fault, or faithful silence

    def _admit(self, asked: Asked, method: str, params: Any) -> Session | None:
        token = params.get("token") if isinstance(params, dict) else None
        if method == "bridge.authenticate" and self._listener.access.knows(token):
            return self._open()
        problem = f"this server wants its token first: bridge.authenticate {{token}} on the channel {CONTROL}"
        self._answer(asked, {"error": {"code": INVALID_REQUEST, "message": problem}})
        self._connection.end()
        return None

    def _speaks_on(self, channel: str) -> bool:
        """Return whether the device speaks on a channel; a device that was not used yet becomes one that does."""
        if self._channel == channel:
            return True
        session = self._session
        if session is None:
            return True  # to be asked for its token
        dialects = self._channels[channel]
        own = session.emulator.engine.device(session.own)
        if own.dialect not in dialects:
            if self._channel or own.initialised or own.listeners:
                return False
            session.close_device("")
            session.own = session.open("", dialects[0], own.platform)
        self._channel = channel
        return True

    # --- replies and events

    def _hear(self, message: Any) -> None:
        """Send what the session says."""
        if "method" in message:
            self._event(message["method"], message["params"])
            return
        asked = self._asked.pop(message["id"], None)
        if asked is not None:
            self._answer(asked, message)

    def _answer(self, asked: Asked, message: dict[str, Any]) -> None:
        if asked.is_text:
            body = {key: message[key] for key in ("result", "error") if key in message}
            payload = jsonrpc.dumps({"jsonrpc": "2.0", "id": asked.text_id, **body})
        elif "error" in message:
            payload = _refusal(message["error"])
        else:
            try:
                payload = platform.encode_result(message["result"])
            except CodecError as flaw:
                payload = _error(OUR_BUG, f"the reply has no form in the standard codec: {flaw.message}")
        self._reply(asked.request_id, payload)

    def _reply(self, request_id: int, payload: bytes) -> None:
        try:
            frame = platform.encode_reply(request_id, payload)
        except CodecError as flaw:
            frame = platform.encode_reply(request_id, _error(OUR_BUG, flaw.message))
        self._connection.write(frame)

    def _event(self, method: str, arguments: Any) -> None:
        channel = CONTROL if method.startswith("bridge.") else self._own_channel()
        self._events = (self._events + 1) % ID_LIMIT
        try:
            frame = platform.encode_event(self._events, channel, method, arguments)
        except CodecError:
            return  # what a client has put into the world and no platform could tell: there is no such event
        self._connection.write(frame)

    def _own_channel(self) -> str:
        if not self._channel and self._session is not None:
            dialect = self._session.emulator.engine.device(self._session.own).dialect
            self._channel = next(name for name, spoken in self._channels.items() if dialect in spoken)
        return self._channel


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


def _refusal(error: dict[str, Any]) -> bytes:
    code, message, data = error["code"], error["message"], error.get("data")
    if code == UNKNOWN_METHOD:
        return platform.NO_HANDLER
    if code == THROWN and isinstance(data, dict):
        return _envelope(data["code"], data["message"], data["details"])
    return _error(code, message, data)


def _error(code: int, message: str, data: Any = None) -> bytes:
    return _envelope(str(code), message, data)


def _envelope(code: str, message: Any, details: Any) -> bytes:
    try:
        return platform.encode_error(code, message if message is None else str(message), details)
    except CodecError:
        return platform.encode_error(code, str(message), None)
