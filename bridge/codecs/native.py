"""
The frames of the native library: what it is called with, and what goes to the Dart port. See docs/native-door.md.

A frame that breaks the rules breaks the stream: the library is ours, and whoever else speaks like that cannot be understood any more.
"""

from __future__ import annotations

from struct import Struct
from typing import Final, NamedTuple

from bridge.codecs._exports import TABLE, VERSION
from bridge.codecs.errors import MAX_MESSAGE_BYTES, CodecError

__all__ = [
    "CALL",
    "FILE",
    "FRAMES_VERSION",
    "HELLO",
    "MAGIC",
    "MARK",
    "NAMED",
    "POST",
    "REFUSED",
    "REPLY",
    "RETURN",
    "STATE",
    "TABLE",
    "VERSION",
    "WAIT",
    "Hello",
    "NativeCall",
    "NativeFraming",
    "Value",
    "decode_call",
    "decode_hello",
    "decode_mark",
    "decode_values",
    "encode_file",
    "encode_frame",
    "encode_mark",
    "encode_reply",
    "encode_values",
]

MAGIC: Final = b"TBN1"
FRAMES_VERSION: Final = 2

HELLO, CALL, WAIT, STATE, POST, REPLY, RETURN, REFUSED, MARK, NAMED, FILE = range(11)

Value = str | int | bool | None

_LENGTH: Final = Struct(">I")
_SIGNED: Final = Struct(">q")
_UNSIGNED: Final = Struct(">Q")
_CALL: Final = Struct(">IB")
_FIXED: Final[dict[int, Value]] = {ord("n"): None, ord("f"): False, ord("t"): True}
_TEXT, _INT, _UINT = b"siu"


class Hello(NamedTuple):
    """
    Who connects.

    Attributes:
        token, world: None for none.
        device: what its device is called.
        process: its id in the system.
        version: of the frames.
    """

    token: str | None
    world: str | None
    device: str
    process: int
    version: int


class NativeCall(NamedTuple):
    """A call: its number on the connection, the C function, the arguments in its order."""

    number: int
    function: str
    values: list[Value]


class NativeFraming:
    """
    Frames out of a stream: (kind, rest) each.

    Where a length cannot be right, or the magic is not there, `problem` says so and all that follows is dropped.

    Args:
        expect_magic: true at the bridge's end, false at the library's.
        limit: the largest length that is taken.
    """

    __slots__ = ("_buffer", "_limit", "_opened", "problem")

    def __init__(self, *, expect_magic: bool = True, limit: int = MAX_MESSAGE_BYTES) -> None:
        self._buffer = bytearray()
        self._limit = limit
        self._opened = not expect_magic
        self.problem = ""

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Take bytes of any number; return the frames that they complete."""
        if self.problem:
            return []
        buffer = self._buffer
        buffer += data
        if not self._opened and not self._open():
            return []
        frames: list[tuple[int, bytes]] = []
        at, there = 0, len(buffer)
        while there - at >= 4:
            (length,) = _LENGTH.unpack_from(buffer, at)
            if not 1 <= length <= self._limit:
                self._break(f"A frame has {length} bytes; it may have 1 to {self._limit}.")
                return frames
            end = at + 4 + length
            if end > there:
                break
            frames.append((buffer[at + 4], bytes(buffer[at + 5 : end])))
            at = end
        del buffer[:at]
        return frames

    def _open(self) -> bool:
        start = bytes(self._buffer[: len(MAGIC)])
        if start == MAGIC:
            del self._buffer[: len(MAGIC)]
            self._opened = True
        elif not MAGIC.startswith(start):
            self._break("The connection does not start with TBN1.")
        return self._opened

    def _break(self, problem: str) -> None:
        self.problem = problem
        self._buffer.clear()


def encode_frame(kind: int, rest: bytes = b"") -> bytes:
    """Return one frame. Raises CodecError for one over 64 MiB."""
    length = len(rest) + 1
    if length > MAX_MESSAGE_BYTES:
        raise CodecError(f"The frame is longer than {MAX_MESSAGE_BYTES} bytes.")
    return _LENGTH.pack(length) + bytes((kind,)) + rest


def encode_reply(number: int, text: bytes) -> bytes:
    """Return the frame of a call's last answer; b"" where nothing goes to the port."""
    return encode_frame(REPLY, _LENGTH.pack(number) + text)


def encode_file(number: int, contents: bytes, text: bytes) -> bytes:
    """Return the frame of what a call has brought for its file, and of the text for the port behind that. Raises CodecError."""
    return encode_frame(FILE, _LENGTH.pack(number) + _LENGTH.pack(len(contents)) + contents + text)


def encode_mark(number: int) -> bytes:
    """Return the frame that a library sends back once all before it has been dealt with."""
    return encode_frame(MARK, _LENGTH.pack(number))


def decode_mark(data: bytes) -> int:
    """Return the number of a mark that comes back. Raises CodecError."""
    if len(data) != _LENGTH.size:
        raise CodecError("A mark is a number of 4 bytes.")
    return int.from_bytes(data, "big")


def encode_values(*values: Value) -> bytes:
    """Return values, one behind the other. Raises CodecError for a number beyond 64 bits."""
    return b"".join(_encode(value) for value in values)


def _encode(value: Value) -> bytes:
    if value is None:
        return b"n"
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, str):
        text = value.encode("utf-8", "replace")
        return b"s" + _LENGTH.pack(len(text)) + text
    if -(1 << 63) <= value < 1 << 63:
        return b"i" + _SIGNED.pack(value)
    if value < 1 << 64:
        return b"u" + _UNSIGNED.pack(value)
    raise CodecError("A number has more than 64 bits.")


def decode_values(data: bytes, at: int = 0) -> list[Value]:
    """Return all values from a place on. Raises CodecError where they are none."""
    values: list[Value] = []
    there = len(data)
    while at < there:
        kind = data[at]
        at += 1
        if kind == _TEXT:
            start = at + 4
            end = start + int.from_bytes(data[at:start], "big")
            if start > there or end > there:
                raise CodecError("A text is longer than its frame.", at)
            values.append(data[start:end].decode("utf-8", "replace"))
            at = end
        elif kind in (_INT, _UINT):
            if at + 8 > there:
                raise CodecError("A number is longer than its frame.", at)
            values.append((_SIGNED if kind == _INT else _UNSIGNED).unpack_from(data, at)[0])
            at += 8
        elif kind in _FIXED:
            values.append(_FIXED[kind])
        else:
            raise CodecError(f"No value is of type {kind}.", at - 1)
    return values


def decode_hello(data: bytes) -> Hello:
    """Return what a first frame says. Raises CodecError."""
    values = decode_values(data)
    if len(values) != 5:
        raise CodecError("A HELLO has five values.")
    token, world, device, process, version = values
    texts = isinstance(token, str | None) and isinstance(world, str | None) and isinstance(device, str)
    if not texts or type(process) is not int or type(version) is not int:
        raise CodecError("A HELLO has two texts or nulls, a text and two numbers.")
    return Hello(token, world, device, process, version)  # type: ignore[arg-type]  # as was looked at


def decode_call(data: bytes) -> NativeCall:
    """Return what a CALL, WAIT or NAMED asks for. Raises CodecError."""
    if len(data) < _CALL.size:
        raise CodecError("A call is shorter than its head.")
    number, length = _CALL.unpack_from(data)
    start = _CALL.size + length
    if start >= len(data):
        raise CodecError("A function's name is longer than its frame.")
    values = decode_values(data, start + 1)
    if len(values) != data[start]:
        raise CodecError(f"{data[start]} arguments are announced and {len(values)} there.")
    return NativeCall(number, data[_CALL.size : start].decode("utf-8", "replace"), values)
