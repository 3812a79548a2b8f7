"""
Raw platform messages in a stream: what a host's `BinaryMessenger` sends and receives, carried as it is.

The client opens with the four bytes `TBP1`, which start no JSON text, no header and no HTTP request; the bridge sends
no such opening. Then both sides send frames, numbers big-endian:

| bytes | what |
|---|---|
| 4 | length of all that follows, at least 7, at most 64 MiB |
| 1 | kind |
| 4 | request id, chosen by whoever sends the request |
| 2 | length of the channel's name |
| … | the channel's name in UTF-8 |
| … | the payload: the message's bytes untouched |

| kind | from | means |
|---|---|---|
| 0 `MESSAGE` | host | a message to the platform side of the channel; it gets exactly one reply |
| 1 `REPLY` | bridge | the answer to the message with this id; its channel name is empty |
| 2 `EVENT` | bridge | a message for the host's `handlePlatformMessage`; ids count apart from the host's |
| 3 `EVENT_REPLY` | host | what the host's handler answered; may be sent or left out, the bridge ignores it |

A reply without payload is the absent reply of the engine: nobody handles the channel or the method, and Dart throws a
MissingPluginException. That is not the envelope of null, which has two bytes (`00 00`).
"""

from __future__ import annotations

from collections.abc import Generator
from struct import Struct
from typing import Any, Final, NamedTuple, cast

from bridge.codecs.errors import LARGE_BYTES, MAX_MESSAGE_BYTES, CodecError, Refused
from bridge.codecs.standard import STANDARD
from bridge.errors import INVALID_REQUEST, PARSE_ERROR

MAGIC: Final = b"TBP1"

MESSAGE: Final = 0
REPLY: Final = 1
EVENT: Final = 2
EVENT_REPLY: Final = 3

NO_HANDLER: Final = b""

_HEADER: Final = Struct(">IBIH")
_HEADER_BYTES: Final = _HEADER.size
_LENGTH_BYTES: Final = 4
_LEAST: Final = _HEADER_BYTES - _LENGTH_BYTES


class PlatformFrame(NamedTuple):
    """One frame: see the table above."""

    kind: int
    request_id: int
    channel: str
    payload: bytes


class PlatformFraming:
    """
    Frames out of a stream.

    A frame with a broken header is refused and skipped by its length, with the request id if it expects a reply. Where
    the length itself cannot be right, or the magic is not there, no later byte can be told apart: `broken` turns true
    and all that follows is dropped.

    Args:
        expect_magic: true at the bridge's end, false at the client's.
        limit: the largest length that is taken.
    """

    __slots__ = ("_buffer", "_limit", "_opened", "_skip", "broken")

    def __init__(self, *, expect_magic: bool = True, limit: int = MAX_MESSAGE_BYTES) -> None:
        self._buffer = bytearray()
        self._limit = limit
        self._opened = not expect_magic
        self._skip = 0
        self.broken = False

    def feed(self, data: bytes) -> list[PlatformFrame | Refused]:
        """Take bytes of any number; return the frames that they complete."""
        if self.broken:
            return []
        self._buffer += data
        frames: list[PlatformFrame | Refused] = []
        if not self._opened and not self._open(frames):
            return frames
        at = 0
        while (end := self._take(at, frames)) >= 0:
            at = end
        del self._buffer[:at]
        return frames

    def finish(self) -> list[PlatformFrame | Refused]:
        """Return a `Refused` if the stream ended inside a frame; [] otherwise."""
        unfinished = bool(self._buffer or self._skip) and not self.broken
        self._buffer.clear()
        self._skip = 0
        return [Refused(PARSE_ERROR, "The input ended inside a frame.")] if unfinished else []

    def _open(self, frames: list[PlatformFrame | Refused]) -> bool:
        start = bytes(self._buffer[: len(MAGIC)])
        if start == MAGIC:
            del self._buffer[: len(MAGIC)]
            self._opened = True
        elif not MAGIC.startswith(start):
            self._break(frames, "The connection does not start with TBP1.")
        return self._opened

    def _take(self, at: int, frames: list[PlatformFrame | Refused]) -> int:
        """Deal with the frame at `at` of the buffer; return where it ends, -1 if that is not here yet."""
        buffer = self._buffer
        available = len(buffer) - at
        if self._skip:
            dropped = min(self._skip, available)
            self._skip -= dropped
            return at + dropped if dropped else -1
        if available < _HEADER_BYTES:
            if available >= _LENGTH_BYTES and int.from_bytes(buffer[at : at + _LENGTH_BYTES], "big") < _LEAST:
                self._break(frames, f"A frame is shorter than {_LEAST} bytes.")
            return -1
        length, kind, request_id, name_length = _HEADER.unpack_from(buffer, at)
        if length < _LEAST:
            self._break(frames, f"A frame is shorter than {_LEAST} bytes.")
            return -1
        if length > self._limit:
            asked = request_id if kind == MESSAGE else None
            frames.append(Refused(INVALID_REQUEST, f"The frame is longer than {self._limit} bytes.", asked))
            self._skip = length - _LEAST
            return at + _HEADER_BYTES
        end: int = at + _LENGTH_BYTES + length
        if end > len(buffer):
            return -1
        frames.append(self._frame(at + _HEADER_BYTES, end, kind, request_id, name_length))
        return end

    def _frame(self, start: int, end: int, kind: int, request_id: int, name_length: int) -> PlatformFrame | Refused:
        asked = request_id if kind == MESSAGE else None
        name_end = start + name_length
        if kind > EVENT_REPLY:
            return Refused(INVALID_REQUEST, f"No frame is of kind {kind}.")
        if name_end > end:
            return Refused(PARSE_ERROR, "The channel's name is longer than its frame.", asked)
        try:
            channel = self._buffer[start:name_end].decode()
        except UnicodeDecodeError:
            return Refused(PARSE_ERROR, "The channel's name is not UTF-8.", asked)
        if end == len(self._buffer) and end - name_end > LARGE_BYTES:  # a copy of many megabytes takes long: the buffer itself goes
            payload, self._buffer = self._buffer, bytearray()
            del payload[:name_end]
            return PlatformFrame(kind, request_id, channel, cast(bytes, payload))
        with memoryview(self._buffer) as buffer:
            return PlatformFrame(kind, request_id, channel, bytes(buffer[name_end:end]))

    def _break(self, frames: list[PlatformFrame | Refused], problem: str) -> None:
        frames.append(Refused(PARSE_ERROR, problem))
        self._buffer.clear()
        self.broken = True


def encode_frame(kind: int, request_id: int, channel: str, payload: bytes) -> bytes:
    """
    Return one frame.

    Args:
        kind: `MESSAGE`, `REPLY`, `EVENT` or `EVENT_REPLY`.
        request_id: 0 to 2**32 - 1.
        channel: at most 65535 bytes in UTF-8; "" in replies.
        payload: `NO_HANDLER` for the absent message.

    Raises:
        CodecError: an argument that does not fit its field, or a frame over 64 MiB.
    """
    name = channel.encode("utf-8", "replace")
    length = _LEAST + len(name) + len(payload)
    if length > MAX_MESSAGE_BYTES:
        raise CodecError(f"The frame is longer than {MAX_MESSAGE_BYTES} bytes.")
    if not (MESSAGE <= kind <= EVENT_REPLY and 0 <= request_id <= 0xFFFFFFFF and len(name) <= 0xFFFF):
        raise CodecError("The frame's kind, request id or channel does not fit its field.")
    return _HEADER.pack(length, kind, request_id, len(name)) + name + payload


def encode_reply(request_id: int, payload: bytes) -> bytes:
    """Return the frame that answers a message: an envelope, or `NO_HANDLER`."""
    return encode_frame(REPLY, request_id, "", payload)


def encode_event(request_id: int, channel: str, method: str, arguments: Any) -> bytes:
    """Return the frame of a call that the platform makes on `channel`, in the standard codec."""
    return encode_frame(EVENT, request_id, channel, STANDARD.encode_call(method, arguments))


def decode_call(payload: bytes) -> tuple[str, Any]:
    """Return (method, arguments) of a message's payload in the standard codec. Raises `CodecError`."""
    return STANDARD.decode_call(payload)


def encode_result(value: Any) -> bytes:
    """Return the envelope of a success in the standard codec."""
    return STANDARD.encode_result(value)


def encoding_result(value: Any) -> Generator[None, None, bytes]:
    """Return the same, and yield in between."""
    return STANDARD.encoding_result(value)


def encode_error(code: str, message: str | None = None, details: Any = None) -> bytes:
    """Return the envelope of an error in the standard codec: Dart throws a PlatformException."""
    return STANDARD.encode_error(code, message, details)
