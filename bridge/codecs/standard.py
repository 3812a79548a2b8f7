"""
Flutter's standard message codec and standard method codec, byte for byte.

Source: the formats that Flutter documents with `StandardMessageCodec` and `StandardMethodCodec` (framework, `services`
library). `standard_values` has the table of types. The flag byte of an envelope counts where numbers are aligned.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

from bridge.codecs.errors import CodecError, PlatformException
from bridge.codecs.standard_values import PairMap, read_all, write, writing

__all__ = ["STANDARD", "STANDARD_MESSAGE", "PairMap", "StandardMessageCodec", "StandardMethodCodec"]


class StandardMessageCodec:
    """One value as one message. Stateless; `STANDARD_MESSAGE` is one for all."""

    __slots__ = ()

    def encode_message(self, value: Any) -> bytes | None:
        """
        Return `value` as a message; None, the absent message, for None.

        Raises:
            CodecError: an int beyond 64 bits, nesting over 100 (such as a value that contains itself), a size beyond
                32 bits, or a type that Flutter has no form for.
        """
        if value is None:
            return None
        out = bytearray()
        write(out, value)
        return bytes(out)

    def decode_message(self, message: bytes | None) -> Any:
        """
        Return the value of a message; None for None.

        Raises:
            CodecError: not exactly one well-formed value, or nesting over 100.
        """
        return None if message is None else read_all(message, 0, 1)[0]


class StandardMethodCodec:
    """Calls and replies of a method channel. Stateless; `STANDARD` is one for all."""

    __slots__ = ()

    def encode_call(self, method: str, arguments: Any) -> bytes:
        """Return a call as a message. Raises `CodecError` as `StandardMessageCodec.encode_message`."""
        out = bytearray()
        write(out, method)
        write(out, arguments)
        return bytes(out)

    def decode_call(self, message: bytes) -> tuple[str, Any]:
        """
        Return (method, arguments) of a message.

        Raises:
            CodecError: not exactly a string and a value.
        """
        method, arguments = read_all(message, 0, 2)
        if not isinstance(method, str):
            raise CodecError("A method call starts with the method's name.", 0)
        return method, arguments

    def encode_result(self, value: Any) -> bytes:
        """Return the envelope of a success; None is a result like any other."""
        out = bytearray(1)
        write(out, value)
        return bytes(out)

    def encoding_result(self, value: Any) -> Generator[None, None, bytes]:
        """Return the same, and yield in between."""
        out = bytearray(1)
        yield from writing(out, value)
        return bytes(out)

    def encode_error(self, code: str, message: str | None = None, details: Any = None) -> bytes:
        """Return the envelope of an error."""
        out = bytearray(b"\1")
        write(out, code)
        write(out, message)
        write(out, details)
        return bytes(out)

    def decode_envelope(self, envelope: bytes) -> Any:
        """
        Return the result in an envelope.

        Raises:
            PlatformException: the envelope is of an error (a first byte other than 0), with or without a stack trace.
            CodecError: it is no envelope. An empty one means that nobody handles the method: ask for that before.
        """
        if not envelope:
            raise CodecError("An envelope is not empty.", 0)
        if envelope[0] == 0:
            return read_all(envelope, 1, 1)[0]
        code, message, details, *stacktrace = read_all(envelope, 1, 3, 4)
        texts = [message, *stacktrace]
        if not isinstance(code, str) or not all(text is None or isinstance(text, str) for text in texts):
            raise CodecError("An error envelope has a string, a string or null, and a value.", 1)
        raise PlatformException(code, message, details, *stacktrace)


STANDARD_MESSAGE: Final = StandardMessageCodec()
STANDARD: Final = StandardMethodCodec()
