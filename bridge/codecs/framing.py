"""
JSON texts in a stream of bytes: one per line, or each behind a `Content-Length:` header.

A framing is fed whatever arrived and answers the frames that became complete, in order. A frame that must be dropped
leaves a `Refused` in its place and costs no other frame, wherever the end of the bad one can be told.
"""

from __future__ import annotations

import re
from typing import Final, Literal, Protocol

from bridge.codecs.errors import MAX_MESSAGE_BYTES, Refused
from bridge.errors import INVALID_REQUEST, PARSE_ERROR

Kind = Literal["lines", "content-length", "platform", "native", "http"]
Frames = list[bytes | bytearray | Refused]


class Framing(Protocol):
    """What both framings do."""

    def feed(self, data: bytes) -> Frames:
        """Take bytes of any number; return the frames that they complete, [] for none."""

    def finish(self) -> Frames:
        """Say that no more bytes come; return what can still be made of the rest, at most one frame."""

    @staticmethod
    def encode(message: bytes) -> bytes:
        """Return `message`, one JSON text without line breaks, as a frame of this framing."""

    @staticmethod
    def around(length: int) -> tuple[bytes, bytes]:
        """Return what goes before and behind a message of so many bytes: a long one need not be copied into a frame."""


_KINDS: Final[dict[int, Kind]] = {
    ord("C"): "content-length",
    ord("c"): "content-length",
    ord("T"): "platform",
    ord("G"): "http",
}


def sniff(first_byte: int | bytes) -> Kind:
    """
    Tell from the first byte of a connection how the client frames its messages.

    `C` starts a `Content-Length:` or `Content-Type:` header, `T` the magic of platform messages, `G` the GET that
    asks for a WebSocket. None of them can start a JSON text; any other byte means lines. A door that lacks the kind
    (stdio has neither platform messages nor HTTP) reads lines, and answers that they are not JSON.
    """
    return _KINDS.get(first_byte if isinstance(first_byte, int) else first_byte[0], "lines")


_HEADERS: Final = (b"content-length", b"content-type")
_OPENING_BYTES: Final = 64
_MAGICS: Final[dict[bytes, Kind]] = {b"TBP1": "platform", b"TBN1": "native"}


def opening(start: bytes) -> Kind | None:
    """
    Tell from the first bytes of a connection to a port what the client speaks. None: more bytes are needed to tell.

    No JSON text begins with a capital letter, and every request of HTTP that a browser can be made to send begins with its
    method: whatever begins with one, and is neither a header of ours nor the magic of platform messages or of the native library
    with the length of a frame behind it, is HTTP. (A page may call a method `TBP1`; what follows it then, a space or a letter,
    begins no length.)
    """
    if not start:
        return None
    first = start[:1]
    if first == b"T":
        if len(start) < 5 and any(magic.startswith(start[:4]) for magic in _MAGICS):
            return None
        kind = _MAGICS.get(start[:4])
        return kind if kind is not None and start[4] <= MAX_MESSAGE_BYTES >> 24 else "http"
    if first in b"Cc":
        return _header_or_http(start)
    return "http" if b"A" <= first <= b"Z" else "lines"


def _header_or_http(start: bytes) -> Kind | None:
    begun = start[:_OPENING_BYTES].lower()
    for name in _HEADERS:
        if name.startswith(begun):
            return None
        if begun.startswith(name):
            rest = begun[len(name) :].lstrip(b" \t")
            if rest[:1] == b":":
                return "content-length"
            return None if not rest and len(start) < _OPENING_BYTES else "http"
    return "http"


class LineFraming:
    """
    One message per line.

    A line ends with LF or CRLF. Blank lines are skipped. Where the stream ends inside a line, `finish` gives that line.

    Args:
        limit: longest line that is kept, in bytes without its end. A longer one is refused as soon as that is known
            and its rest is skipped.
    """

    __slots__ = ("_limit", "_skipping", "_started")

    def __init__(self, limit: int = MAX_MESSAGE_BYTES) -> None:
        self._limit = limit
        self._started = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> Frames:
        """Take bytes of any number; return the lines that they complete, without their ends."""
        frames: Frames = []
        *ends, rest = data.split(b"\n")
        if ends and (self._started or self._skipping):
            self._continue(ends[0], frames)
            if not self._skipping:
                self._add(self._started, frames)
            self._started = bytearray()
            self._skipping = False
            del ends[0]
        for line in ends:
            self._add(line, frames)
        if rest:
            self._continue(rest, frames)
        return frames

    def finish(self) -> Frames:
        """Return the line that the stream ended in, if it has anything in it."""
        frames: Frames = []
        if not self._skipping:
            self._add(self._started, frames)
        self._started = bytearray()
        self._skipping = False
        return frames

    @staticmethod
    def encode(message: bytes) -> bytes:
        """Return `message` as a line."""
        return message + b"\n"

    @staticmethod
    def around(length: int) -> tuple[bytes, bytes]:
        """Return nothing, and a line's end."""
        return b"", b"\n"

    def _continue(self, part: bytes, frames: Frames) -> None:
        """Add to the line whose end has not come."""
        if self._skipping:
            return
        # One byte over the limit may be the CR of a line that just fits.
        if len(self._started) + len(part) > self._limit + 1:
            self._refuse(frames)
            self._started.clear()
            self._skipping = True
        else:
            self._started += part

    def _add(self, line: bytes | bytearray, frames: Frames) -> None:
        if line.endswith(b"\r"):
            line = line[:-1]
        if len(line) > self._limit:
            self._refuse(frames)
        elif line and not (line[0] <= 32 and not line.strip(b" \t\r")):
            frames.append(line)

    def _refuse(self, frames: Frames) -> None:
        frames.append(Refused(INVALID_REQUEST, f"The line is longer than {self._limit} bytes."))


# The header that nearly every client sends, and where a lost reader picks up again.
_PLAIN_HEADER: Final = rb"Content-Length: (\d{1,15})\r\n\r\n"
_FIELD: Final = rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*?)[ \t]*"
_RESTART: Final = rb"(?i:content-(?:length|type)[ \t]*:)"
_RESTART_BYTES: Final = 64
_HEADER_LIMIT: Final = 8192


class ContentLengthFraming:
    """
    Messages behind headers, as in the base protocol of LSP.

    Field names in any case, in any order, lines ended by CRLF or LF, unknown fields and `Content-Type` taken and
    ignored (bodies are UTF-8), empty lines between frames skipped. A body over the limit is refused and skipped. After
    a broken header the length of its body is unknown: the next thing that looks like a header is taken for one.

    Args:
        limit: longest body that is kept, in bytes.
    """

    __slots__ = (
        "_buffer",
        "_field",
        "_header_bytes",
        "_length",
        "_limit",
        "_lost",
        "_plain_header",
        "_restart",
        "_skip",
    )

    def __init__(self, limit: int = MAX_MESSAGE_BYTES) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._header_bytes = 0  # bytes of header lines already taken from the buffer, 0 between frames
        self._length: int | None = None  # what they said
        self._skip = 0  # bytes still to come of a body that was refused
        self._lost = False
        # Compiled here and not on import: a millisecond that clients who send lines need not wait for.
        self._plain_header = re.compile(_PLAIN_HEADER)
        self._field = re.compile(_FIELD)
        self._restart = re.compile(_RESTART)

    def feed(self, data: bytes) -> Frames:
        """Take bytes of any number; return the bodies that they complete."""
        self._buffer += data
        frames: Frames = []
        while self._step(frames):
            pass
        return frames

    def finish(self) -> Frames:
        """Return a `Refused` if the stream ended inside a frame; [] otherwise."""
        unfinished = self._header_bytes or self._skip or (self._buffer.strip() and not self._lost)
        self._buffer.clear()
        self._forget_header()
        self._skip = 0
        self._lost = False
        return [Refused(PARSE_ERROR, "The input ended inside a message.")] if unfinished else []

    @staticmethod
    def encode(message: bytes) -> bytes:
        """Return `message` behind its header."""
        return b"Content-Length: %d\r\n\r\n%b" % (len(message), message)

    @staticmethod
    def around(length: int) -> tuple[bytes, bytes]:
        """Return a header, and nothing."""
        return b"Content-Length: %d\r\n\r\n" % length, b""

    def _step(self, frames: Frames) -> bool:
        """Do the next thing that the buffer allows; False when it takes more bytes to go on."""
        if self._skip:
            dropped = min(self._skip, len(self._buffer))
            del self._buffer[:dropped]
            self._skip -= dropped
            return not self._skip
        if self._lost:
            return self._find_header()
        if not self._header_bytes and (match := self._plain_header.match(self._buffer)):
            self._length = int(match[1])
            return self._take_body(match.end(), frames)
        return self._take_header_line(frames)

    def _take_header_line(self, frames: Frames) -> bool:
        end = self._buffer.find(b"\n", 0, _HEADER_LIMIT)
        seen = end if end >= 0 else min(len(self._buffer), _HEADER_LIMIT)
        if self._header_bytes + seen >= _HEADER_LIMIT:
            del self._buffer[: seen + 1]
            return self._lose(frames, f"The header is longer than {_HEADER_LIMIT} bytes.")
        if end < 0:
            return False
        line = self._buffer[:end].removesuffix(b"\r")
        if line:
            del self._buffer[: end + 1]
            self._header_bytes += end + 1
            problem = self._read_field(line)
            return True if problem is None else self._lose(frames, problem)
        if not self._header_bytes:
            del self._buffer[: end + 1]
            return True
        if self._length is None:
            return self._lose(frames, "The header has no Content-Length.")
        return self._take_body(end + 1, frames)

    def _read_field(self, line: bytearray) -> str | None:
        """Take in one header line; return what is wrong with it."""
        match = self._field.fullmatch(line)
        if match is None:
            return "A header line is not `Name: value`."
        if match[1].lower() != b"content-length":
            return None
        if not match[2].isdigit() or len(match[2]) > 15:
            return "Content-Length is not a number."
        length = int(match[2])
        if self._length not in (None, length):
            return "Content-Length stands there twice and differs."
        self._length = length
        return None

    def _take_body(self, start: int, frames: Frames) -> bool:
        """Take the body that starts at `start` of the buffer, or leave header and body there until it is whole."""
        length = self._length or 0
        end = start + length
        if length > self._limit:
            frames.append(Refused(INVALID_REQUEST, f"The message is longer than {self._limit} bytes."))
            del self._buffer[:start]
            self._skip = length
        elif len(self._buffer) < end:
            # Read again with more bytes: an empty line, or the plain header.
            if not self._header_bytes:
                self._length = None
            return False
        else:
            frames.append(self._buffer[start:end])
            del self._buffer[:end]
        self._forget_header()
        return True

    def _forget_header(self) -> None:
        self._header_bytes = 0
        self._length = None

    def _lose(self, frames: Frames, problem: str) -> bool:
        frames.append(Refused(PARSE_ERROR, problem))
        self._forget_header()
        self._lost = True
        return True

    def _find_header(self) -> bool:
        match = self._restart.search(self._buffer)
        if match is None:
            del self._buffer[:-_RESTART_BYTES]
            return False
        del self._buffer[: match.start()]
        self._lost = False
        return True
