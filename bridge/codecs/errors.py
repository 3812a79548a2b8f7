"""
What codecs say about bytes that they cannot take. All of it is the peer's doing, hence the `ProtocolError` family.

`ParseRefused` and `CodecError` are raised about one message. `Refused` is a value that stands in a framing's list of
frames, so that one bad frame does not hide the good ones behind it.
"""

from __future__ import annotations

from typing import Final

from bridge.errors import MAX_MESSAGE_BYTES as MAX_MESSAGE_BYTES
from bridge.errors import PARSE_ERROR, ProtocolError

MAX_DEPTH: Final = 100

LARGE_BYTES: Final = 1 << 16
"""What is longer is read in slices."""

MAX_VALUES: Final = 4_000_000
"""How many values a message may hold that is read in slices; whoever reads it may allow less."""


class ParseRefused(ProtocolError):
    """
    A text that is not JSON (-32700), or JSON that the bridge does not take (-32600).

    No id can be told from such a text: the JSON-RPC error reply carries a null id.
    """


class CodecError(ProtocolError):
    """
    Bytes that are no valid message of a platform codec, or a value that the codec has no bytes for.

    Args:
        message: one sentence.
        offset: decoding: the byte at which the message went wrong, counted from its start. Encoding: how many bytes
            were written before the value that has no form. None where no one byte is to blame.
    """

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(PARSE_ERROR, message if offset is None else f"{message} (at byte {offset})")
        self.offset = offset


class PlatformException(Exception):
    """
    An error envelope that was decoded: what Flutter throws under the same name.

    Args:
        code: the error code, any string.
        message: text for people, or None.
        details: any value that the codec carries.
        stacktrace: what some platforms append, else None.
    """

    def __init__(
        self, code: str, message: str | None = None, details: object = None, stacktrace: str | None = None
    ) -> None:
        super().__init__(code, message, details, stacktrace)
        self.code = code
        self.message = message
        self.details = details
        self.stacktrace = stacktrace


class Refused:
    """
    A frame that was dropped, in its place among the frames that were not.

    Attributes:
        code: -32700 or -32600, as for `ParseRefused`.
        message: one sentence.
        request_id: of a platform message whose header could be read and which expects a reply; None otherwise.
    """

    __slots__ = ("code", "message", "request_id")

    def __init__(self, code: int, message: str, request_id: int | None = None) -> None:
        self.code = code
        self.message = message
        self.request_id = request_id

    def __repr__(self) -> str:
        return f"Refused({self.code}, {self.message!r}, {self.request_id})"
