"""
Between a client and a server: hands on what each says, and writes down what it understands.

Behind each call a `bridge.ping` of our own is sent; replies and events keep their order, so with its answer, be it an error, all is in that
the call has caused. Only then the next call is handed on: each recorded event stands behind the call that it belongs to, however far ahead
of the answers the client calls. A batch is taken apart into its requests, and answered as one.

No I/O: what is to be sent goes to the functions that were given.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from bridge.codecs import jsonrpc
from bridge.conformance.recordings import Writer
from bridge.conformance.redaction import clean
from bridge.errors import ProtocolError

Send = Callable[[bytes], None]

MARKER = "timbridge-record-"
"""How the ids of our own requests begin."""

MOST_PARTS = 10_000
"""Of a batch; the bridge takes no longer ones, which are handed on as they are."""


class _Batch:
    """A batch on its way: what is still to be answered, the replies so far, and the events that come behind them."""

    def __init__(self, parts: int) -> None:
        self.left = parts
        self.replies: list[Any] = []
        self.events: list[bytes] = []


class Tape:
    """
    Stands between.

    Args:
        writer: not begun yet; it is as soon as the server has told what it plays.
        to_client, to_server: send a message.
        kind: (dialect, platform) to be written, whatever the server tells; None for what it tells.
        secrets: further ends of keys that hold secrets.

    Attributes:
        answers_pings: whether the server does; None as long as nobody knows. Where it does not, `go_on` has to be called when all is in.
        calls: how many were recorded.
        under_way: the method of the call that was handed on last, until all of it is in; "" for none.
    """

    def __init__(
        self,
        writer: Writer,
        to_client: Send,
        to_server: Send,
        kind: tuple[str | None, str | None] = (None, None),
        secrets: tuple[str, ...] = (),
    ) -> None:
        self._writer = writer
        self._to_client = to_client
        self._to_server = to_server
        self._kind = kind
        self._secrets = secrets
        self._waiting: deque[tuple[bytes, _Batch | None]] = deque()
        self._batch: _Batch | None = None
        self._open: dict[str, tuple[int, str]] = {}
        self._marker = ""
        self._markers = 0
        self._awaited: str | None = None
        self.answers_pings: bool | None = None
        self.calls = 0
        self.under_way = ""

    # --- the client

    def asked(self, message: bytes) -> None:
        """Take a message of the client."""
        parts = _parts(message)
        if parts is None:
            self._waiting.append((message, None))
        else:
            batch = _Batch(len(parts))
            self._waiting.extend((jsonrpc.dumps(part), batch) for part in parts)
        self._next()

    @property
    def is_busy(self) -> bool:
        """Return whether the last call may still cause something."""
        return bool(self._marker)

    @property
    def is_answered(self) -> bool:
        """Return whether the last call has its reply, or wants none."""
        return self._awaited is None

    def go_on(self) -> None:
        """Take all that the last call has caused to be in."""
        self._marker = ""
        self.under_way = ""
        if not self._writer.has_begun:
            self._begin(None)
        self._leave_batch()
        self._next()

    def end(self) -> None:
        """Nothing comes any more: what is held back is handed on, what was not written yet is."""
        if self._batch is not None:
            self._batch.left = 0
            self._leave_batch()
        if not self._writer.has_begun:
            self._begin(None)

    def _next(self) -> None:
        while self._waiting and not self._marker:
            message, batch = self._waiting.popleft()
            self._batch = batch
            said = _objects(message)
            for one in said:
                self._note_call(one)
            self._to_server(message)
            if said and all("method" not in one for one in said):
                continue  # it answers an event: nothing comes of that
            self.under_way = str(said[-1].get("method", "")) if said else "what is no JSON"
            self._mark()

    def _note_call(self, message: dict[str, Any]) -> None:
        if not isinstance(message.get("method"), str):
            return
        arguments = message.get("params")
        seq = self._writer.call(message["method"], self._clean({} if arguments is None else arguments))
        self.calls += 1
        self._awaited = None
        if message.get("id") is not None:
            self._awaited = _key(message["id"])
            self._open[self._awaited] = (seq, message["method"])

    def _mark(self) -> None:
        self._markers += 1
        self._marker = f"{MARKER}{self._markers}"
        if self.answers_pings is not False:
            self._to_server(jsonrpc.dumps({"jsonrpc": "2.0", "id": self._marker, "method": "bridge.ping", "params": {}}))

    # --- the server

    def answered(self, message: bytes) -> bool:
        """Take a message of the server. Returns False for one that is no JSON-RPC, which is handed on all the same."""
        said = _objects(message)
        if len(said) == 1 and str(said[0].get("id", "")).startswith(MARKER):
            self._took(said[0])
            return True
        for one in said:
            self._note(one)
        if self._batch is None or len(said) != 1:
            self._to_client(message)
        elif "method" in said[0]:
            self._batch.events.append(message)
        else:
            self._batch.replies.append(said[0])
        return bool(said)

    def _took(self, reply: dict[str, Any]) -> None:
        """All that came of a call is in."""
        self.answers_pings = True
        if not self._writer.has_begun:
            self._begin(reply.get("result"))
        if reply["id"] == self._marker:
            self.go_on()

    def _note(self, message: dict[str, Any]) -> None:
        if isinstance(message.get("method"), str):
            self._writer.event(message["method"], self._clean(message.get("params")))
            return
        key = _key(message.get("id"))
        seq, method = self._open.pop(key, (0, ""))
        if key == self._awaited:
            self._awaited = None
        if seq:
            self._writer.reply(seq, method, **{name: self._clean(message[name]) for name in ("result", "error") if name in message})

    def _begin(self, told: Any) -> None:
        """Write the header: what was asked for, else what the server tells, else what is usual."""
        from bridge.catalogue import default_dialect

        told = told if isinstance(told, dict) else {}
        dialect = self._kind[0] or _text(told.get("dialect")) or default_dialect()
        same = dialect == told.get("dialect")
        platform = self._kind[1] or (_text(told.get("platform")) if same else None) or _usual(dialect)
        self._writer.begin(dialect, platform)

    def _leave_batch(self) -> None:
        """Answer a batch when all its requests are."""
        batch, self._batch = self._batch, None
        if batch is None:
            return
        batch.left -= 1
        if batch.left > 0:
            return
        if batch.replies:
            self._to_client(jsonrpc.dumps(batch.replies))
        for event in batch.events:
            self._to_client(event)

    def _clean(self, value: Any) -> Any:
        return clean(value, self._secrets)


def _parts(message: bytes) -> list[Any] | None:
    """Return the requests of a batch; None for what is none, or is to be handed on as it is."""
    if message.lstrip()[:1] != b"[":
        return None
    value = _value(message)
    if not isinstance(value, list) or not 0 < len(value) <= MOST_PARTS:
        return None
    return value if all(isinstance(one, dict) and isinstance(one.get("method"), str) for one in value) else None


def _objects(message: bytes) -> list[dict[str, Any]]:
    """Return the JSON-RPC messages of a frame, of a batch several; what is no JSON has none."""
    value = _value(message)
    return [one for one in _several(value) if isinstance(one, dict)]


def _value(message: bytes) -> Any:
    try:
        return jsonrpc.loads(message)
    except ProtocolError:
        return None


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else (value,)


def _key(identifier: Any) -> str:
    return jsonrpc.dumps(identifier).decode()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _usual(dialect: str) -> str:
    from bridge.catalogue import dialects, load

    return load(dialect).platforms[0] if dialect in dialects() else "android"
