"""
Flutter's JSON message codec and JSON method codec.

Source: the formats that Flutter documents with `JSONMessageCodec` and `JSONMethodCodec` (framework, `services`
library). The method codec has the methods of `standard.StandardMethodCodec`, so either serves a channel.

Unlike in the bridge's own JSON-RPC, `$bytes` means nothing here: a Uint8List is a list of numbers, as Dart's encoder
writes it, and a NaN or infinity has no form.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, Final

from bridge.codecs.errors import MAX_DEPTH, CodecError, ParseRefused, PlatformException
from bridge.codecs.jsonrpc import dumps, loads_untagged


class JSONMessageCodec:
    """One JSON value as one message. Stateless."""

    __slots__ = ()

    def encode_message(self, value: Any) -> bytes | None:
        """
        Return `value` as a message; None, the absent message, for None.

        Raises:
            CodecError: nesting over 100, NaN or an infinity, a key that is no string, or a type without JSON form.
        """
        return None if value is None else _encode(value)

    def decode_message(self, message: bytes | None) -> Any:
        """Return the value of a message; None for None. Raises `CodecError` for what is not JSON."""
        return None if message is None else _decode(message)


class JSONMethodCodec:
    """Calls and replies of a method channel that speaks JSON. Stateless; `JSON` is one for all."""

    __slots__ = ()

    def encode_call(self, method: str, arguments: Any) -> bytes:
        """Return a call as a message. Raises `CodecError` as `JSONMessageCodec.encode_message`."""
        return _encode({"method": method, "args": arguments})

    def decode_call(self, message: bytes) -> tuple[str, Any]:
        """
        Return (method, arguments) of a message; arguments left out are None.

        Raises:
            CodecError: not a JSON object with a string as `method`.
        """
        call = _decode(message)
        if not isinstance(call, dict) or not isinstance(call.get("method"), str):
            raise CodecError("A method call is an object with the method's name.")
        return call["method"], call.get("args")

    def encode_result(self, value: Any) -> bytes:
        """Return the envelope of a success."""
        return _encode([value])

    def encode_error(self, code: str, message: str | None = None, details: Any = None) -> bytes:
        """Return the envelope of an error."""
        return _encode([code, message, details])

    def decode_envelope(self, envelope: bytes) -> Any:
        """
        Return the result in an envelope.

        Raises:
            PlatformException: the envelope is of an error, with or without a stack trace.
            CodecError: it is no envelope.
        """
        parts = _decode(envelope)
        if isinstance(parts, list):
            if len(parts) == 1:
                return parts[0]
            if len(parts) in (3, 4) and isinstance(parts[0], str):
                texts = [parts[1], *parts[3:]]
                if all(text is None or isinstance(text, str) for text in texts):
                    raise PlatformException(*parts)
        raise CodecError("An envelope is a list of one value, or of an error's code, message and details.")


JSON: Final = JSONMethodCodec()


def _decode(message: bytes) -> Any:
    try:
        return loads_untagged(message)
    except ParseRefused as refused:
        raise CodecError(refused.message) from None


def _encode(value: Any) -> bytes:
    return dumps(_plain(value, 0))


def _plain(value: Any, depth: int) -> Any:
    """Return `value` with binary data as lists of numbers; refuse what Dart's encoder refuses."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if isfinite(value):
            return value
        raise CodecError("JSON has no form for NaN and infinities.")
    if depth > MAX_DEPTH:
        raise CodecError(f"The value is nested more than {MAX_DEPTH} deep.")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise CodecError("A key in JSON is a string.")
        return {key: _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, bytes | bytearray | memoryview):
        return list(value)
    if type(value).__module__ == "array":
        return _plain(value.tolist(), depth)
    raise CodecError(f"JSON has no form for a value of type {type(value).__name__}.")
