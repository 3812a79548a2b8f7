"""One client that speaks JSON-RPC, whatever carries its messages."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from bridge.codecs import jsonrpc
from bridge.codecs.errors import LARGE_BYTES, MAX_MESSAGE_BYTES, MAX_VALUES, Refused
from bridge.control.messages import TOO_LONG, RpcClient, error_message
from bridge.engine.journal import SMALL_BYTES
from bridge.errors import INVALID_REQUEST, ProtocolError
from bridge.slices import Slices, let_go
from bridge.transports.wall import wall_ms

if TYPE_CHECKING:
    from bridge.emulator import Server
    from bridge.transports.access import Access

Write = Callable[[bytes], None]
WriteParts = Callable[[list[bytes], int], None]

DONE = object()
"""What `next` of a work is given to tell its end by."""

MAX_REPLIES_BYTES = MAX_MESSAGE_BYTES - (4 << 20)
"""How long the replies to a batch may be together: what is said in the place of those that are not wanted needs room, too."""

MOST_VALUES = 20_000
"""How many values a request of more than 64 KiB may hold, unless it loads a world: no plugin sends a tenth of it."""

MOST_VALUES_OF_BATCH = 200_000


class Gathered:
    """
    The replies to a batch, each written as soon as it is there, and sent as one message.

    Args:
        write_parts: takes the message in parts, and its length.
        charge: is told of each reply that is not small.
    """

    def __init__(self, write_parts: WriteParts, charge: Callable[[int], None]) -> None:
        self._write_parts = write_parts
        self._charge = charge
        self._texts: list[bytes] = []
        self._bytes = 0
        self.is_full = False

    def add(self, reply: dict[str, Any]) -> Slices[None]:
        """Take the next; one that is too long is put into words, and those behind it are not wanted."""
        data = (yield from jsonrpc.dumping(reply)) if jsonrpc.is_long(reply) else jsonrpc.dumps(reply)
        if len(data) > SMALL_BYTES:
            self._charge(len(data))
        if self._bytes + len(data) > MAX_REPLIES_BYTES and not self.is_full:
            self.is_full = True
            data = jsonrpc.dumps(error_message(reply["id"], ProtocolError(INVALID_REQUEST, f"carried out, but {TOO_LONG}")))
        self._texts.append(data)
        self._bytes += len(data)

    def send(self) -> None:
        """Send all, if there are any."""
        if self._texts:
            parts = [b"[", *(part for text in self._texts for part in (text, b","))]
            parts[-1] = b"]"
            self._write_parts(parts, self._bytes + len(self._texts) + 1)


class RpcPeer:
    """
    Messages in, messages out. A frame that is none is answered with an error; nothing is raised.

    Args:
        server: the worlds.
        write: takes each message that goes out: one JSON text.
        write_parts: takes a long one in parts, and its length; None to put it together for `write`.
        end: called when the connection is to end, behind all that was written before.
        world: the world to begin in.
        access: whether the client must present a token first; None when it need not.
        kind: dialect and platform of the client's device; None for the server's.
        is_behind: see `Client.is_behind`; None for a client that always keeps up.

    Attributes:
        understood: the last frame was JSON that the bridge takes.
    """

    def __init__(
        self,
        server: Server,
        write: Write,
        end: Callable[[], None],
        world: str = "",
        access: Access | None = None,
        kind: tuple[str | None, str | None] = (None, None),
        write_parts: WriteParts | None = None,
        is_behind: Callable[[], bool] | None = None,
    ) -> None:
        self._server = server
        self._write = write
        self._write_parts = write_parts or (lambda parts, _: write(b"".join(parts)))
        self._end = end
        self._world = world
        self._access = access
        self._kind = kind
        self._is_behind = is_behind
        self._follows = server.settings.real_clock
        self._seen = 0
        self._gone = False
        self.understood = True
        self.client: RpcClient | None = None
        if access is None:
            self._open()

    def take(self, frame: bytes | bytearray | Refused) -> None:
        """Carry out a frame, all of it at once."""
        work = self.begin(frame)
        if work is not None:
            for _ in work:
                pass
        if self._server.lookers:
            self._server.show()

    def begin(self, frame: bytes | bytearray | Refused) -> Iterator[None] | None:
        """
        Carry out a frame, or begin to.

        Returns: what is left to do, in slices; the next frame must wait until it is done. None if all is.
        """
        self.understood = False
        if isinstance(frame, Refused):
            self._refuse(ProtocolError(frame.code, frame.message))
            return None
        if len(frame) > LARGE_BYTES:
            return self._take_large(frame)
        try:
            message = jsonrpc.loads(frame)
        except ProtocolError as refused:
            self._refuse(refused)
            return None
        self.understood = True
        client = self.client or self._admit(message)
        if client is None:
            return None
        if self._follows:
            client.session.emulator.follow(wall_ms())
        journal = client.session.emulator.engine.journal
        self._seen = journal.last
        if not client.is_quick(message):
            if message.__class__ is list and message:
                return self._attentively(client.batch(message)) if len(frame) > SMALL_BYTES else client.batch(message)
            if client.is_sliced(message):
                return client.carrying_out(message)
            if client.may_be_much(message):
                return self._much(message)
        if len(frame) <= SMALL_BYTES:
            client.receive(message)
            return None
        journal.attentive = True
        try:
            client.receive(message)
        finally:
            journal.attentive = False
        return None

    def _take_large(self, frame: bytes | bytearray) -> Iterator[None]:
        """Read a large frame and carry it out."""
        from bridge.codecs import large  # its expressions take 3 ms to compile

        try:
            message = yield from large.read(frame, MOST_VALUES, most_values)
        except ProtocolError as refused:
            self._refuse(refused)
            return
        del frame
        if self._gone:
            return
        self.understood = True
        client = self.client or self._admit(message)
        if client is None:
            return
        if self._follows:
            client.session.emulator.follow(wall_ms())
        self._seen = client.session.emulator.engine.journal.last
        if client.is_sliced(message):  # goes on without the client, too: to be let go in slices, a world has to be whole
            yield from client.carrying_out(message)
            yield from let_go(message, inside=True)
            return
        is_batch = isinstance(message, list) and bool(message)
        yield from self._attentively(client.batch(message) if is_batch else self._at_leisure(message))

    def _much(self, message: dict[str, Any]) -> Iterator[None]:
        """Do in slices what a call asks for, then carry the call out, which finds it done."""
        if self.client is not None:
            yield from self.client.session.beforehand(message["method"], message.get("params"))
        if self.client is not None:
            self._seen = self.client.session.emulator.engine.journal.last
            yield from self._at_leisure(message)

    def _at_leisure(self, message: Any) -> Iterator[None]:
        """Carry a message out at once, and write in slices what is said of it, and behind that what others cause meanwhile."""
        client = self.client
        assert client is not None
        unsent = deque[Any]()
        try:
            client.send = unsent.append
            client.receive(message)
            while unsent:
                if jsonrpc.is_long(unsent[0]):
                    yield
                    yield from self._write_long(unsent[0])
                else:
                    self._send(unsent[0])
                unsent.popleft()
        finally:
            client.send = self._send

    def _attentively(self, work: Iterator[None]) -> Iterator[None]:
        """Do a client's work in slices; what is journaled of it is weighed, and nothing else is."""
        while self.client is not None:
            journal = self.client.session.emulator.engine.journal
            journal.attentive = True
            try:
                next(work)
            except StopIteration:
                return
            finally:
                journal.attentive = False
            yield

    def close(self) -> None:
        """The connection is gone."""
        self._gone = True
        if self.client is not None:
            self.client.close()
            self.client = None

    def _open(self) -> RpcClient:
        self.client = RpcClient(self._server, self._send, self._world, self._end, self._gather, self._sending)
        if self._is_behind is not None:
            self.client.is_behind = self._is_behind
        if self._kind != (None, None):
            self.client.session.choose(*self._kind)
        return self.client

    def _send(self, message: Any) -> None:
        data = jsonrpc.dumps(message)
        if len(data) > SMALL_BYTES:
            self._charge(len(data))
            if len(data) > MAX_MESSAGE_BYTES:
                data = jsonrpc.dumps(_too_long(message, len(data)))
        self._write(data)

    def _sending(self, message: dict[str, Any]) -> Slices[None]:
        """Send a reply that may be large, in slices; nothing of it has been journaled, and nobody else has it."""
        yield from self._write_long(message, journaled=False)
        result = message.get("result")
        if result.__class__ is dict:
            yield from let_go(*result.values())

    def _write_long(self, message: dict[str, Any], journaled: bool = True) -> Slices[None]:
        parts = yield from jsonrpc.dumping_parts(message)
        length = sum(map(len, parts))
        if journaled:
            self._charge(length)
        if length > MAX_MESSAGE_BYTES:
            yield from let_go(parts)
            parts = [jsonrpc.dumps(_too_long(message, length))]
            length = len(parts[0])
        self._write_parts(parts, length)

    def _charge(self, length: int) -> None:
        """Weigh what has been journaled by what was written of it."""
        if self.client is not None:
            self.client.session.emulator.engine.journal.wrote(length, self._seen)

    def _gather(self) -> Gathered:
        return Gathered(self._write_parts, self._charge)

    def _refuse(self, error: ProtocolError, identifier: Any = None) -> None:
        self._send(error_message(identifier, error))

    def _admit(self, message: Any) -> RpcClient | None:
        """Let a client in whose first message presents the token; else tell it so and end the connection."""
        assert self._access is not None
        params = message.get("params") if isinstance(message, dict) else None
        if isinstance(params, dict) and message.get("method") == "bridge.authenticate":
            if self._access.knows(params.get("token")):
                return self._open()
            problem = "that is not the token of this server"
        else:
            problem = "this server wants its token first: bridge.authenticate {token}"
        self._refuse(ProtocolError(INVALID_REQUEST, problem), _identifier(message))
        self._end()
        return None


def _identifier(message: Any) -> str | int | None:
    identifier = message.get("id") if isinstance(message, dict) else None
    return identifier if isinstance(identifier, (str, int)) else None


def most_values(inside: list[Any]) -> int:
    """Return how many values a message may hold: many if it is a batch, and a world's number if it loads one. See `large.Most`."""
    if inside[0].__class__ is list:
        return MOST_VALUES_OF_BATCH
    asked = [outer.get("method") for outer in inside[:2] if outer.__class__ is dict]
    return MAX_VALUES if "bridge.world.load" in asked else MOST_VALUES


def _too_long(message: dict[str, Any], length: int) -> dict[str, Any]:
    """Return what is said in the place of a message that is too long."""
    what = f"{length} bytes long, and at most {MAX_MESSAGE_BYTES} are sent"
    if "id" in message:
        return error_message(message["id"], ProtocolError(INVALID_REQUEST, f"carried out, but the reply is {what}: ask for less"))
    return {**message, "params": {"…": f"left out: {what}"}}
