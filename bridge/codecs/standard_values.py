"""
Values in Flutter's standard encoding: the part that `standard`'s codecs share.

Source: the format that Flutter documents with `StandardMessageCodec` (framework, `services` library). Numbers are in
the byte order of the host, which is little-endian on every platform that Flutter has; offsets for alignment count from
the start of the message.

| Dart | Python, written and read |
|---|---|
| null, bool, int, double, String | None, bool, int, float, str |
| Uint8List | bytes (bytearray and memoryview are written too) |
| Int32List, Int64List | `array.array("i")`, `array.array("q")` |
| Float32List, Float64List | `array.array("f")`, `array.array("d")` |
| List | list (tuples are written too) |
| Map | dict; `PairMap` where a dict cannot hold the keys |

An int is written in 32 bits where it fits and in 64 otherwise, and read from either, or from the hexadecimal text that
Android writes for a BigInteger (type 5, never written). Text is UTF-8; a lone surrogate is written as U+FFFD, as Dart
does.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Generator
from functools import lru_cache
from re import compile as pattern
from struct import Struct
from struct import error as StructError
from typing import Any, Final

from bridge.codecs.errors import MAX_DEPTH, CodecError
from bridge.kept import KeptMap

_NULL: Final = 0
_TRUE: Final = 1
_FALSE: Final = 2
_INT32: Final = 3
_INT64: Final = 4
_LARGE_INT: Final = 5
_FLOAT64: Final = 6
_STRING: Final = 7
_UINT8_LIST: Final = 8
_INT32_LIST: Final = 9
_INT64_LIST: Final = 10
_FLOAT64_LIST: Final = 11
_LIST: Final = 12
_MAP: Final = 13
_FLOAT32_LIST: Final = 14

_TYPECODES: Final = {_INT32_LIST: "i", _INT64_LIST: "q", _FLOAT64_LIST: "d", _FLOAT32_LIST: "f"}
_LIST_TYPES: Final = {
    ("i", 4): _INT32_LIST,
    ("l", 4): _INT32_LIST,
    ("l", 8): _INT64_LIST,
    ("q", 8): _INT64_LIST,
    ("d", 8): _FLOAT64_LIST,
    ("f", 4): _FLOAT32_LIST,
}
_SWAP: Final = sys.byteorder == "big"

_size16 = Struct("<H").unpack_from
_size32 = Struct("<I").unpack_from
_int32 = Struct("<i").unpack_from
_int64 = Struct("<q").unpack_from
_float64 = Struct("<d").unpack_from
_put_size16 = Struct("<BH").pack
_put_size32 = Struct("<BI").pack
_put_int32 = Struct("<Bi").pack
_put_int64 = Struct("<Bq").pack
_put_float64 = Struct("<d").pack

# 4096 bits, which Python still prints in decimal; the length keeps its cost apart from the message's.
_LARGE_INT_TEXT: Final = pattern(rb"-?[0-9A-Fa-f]{1,1024}")


class PairMap(list[tuple[Any, Any]]):
    """
    A map as a list of (key, value), in order: read where a dict cannot hold the keys, and written as a map.

    That is when a key is a list, a map or a typed list, or when Python takes two keys for one that Dart does not
    (`true` and 1).
    """

    __slots__ = ()


# Reading. Each function takes the message and an offset, and returns a value and the offset behind it. A byte or number
# past the end raises IndexError or struct.error, which `read_all` knows for what they are; slices are checked first.


def read_all(data: bytes, at: int, least: int, most: int = 0) -> list[Any]:
    """
    Return the `least` to `most` values that fill `data` from `at` to its end.

    Args:
        most: 0 stands for `least`.

    Raises:
        CodecError: there are fewer or more, or one is malformed or nested over 100.
    """
    values: list[Any] = []
    try:
        while len(values) < least or (at < len(data) and len(values) < most):
            value, at = _read(data, at, 0)
            values.append(value)
    except (IndexError, StructError):
        raise CodecError("The message ends inside a value.", len(data)) from None
    if at != len(data):
        raise CodecError("Something follows the last value.", at)
    return values


def begin(data: bytes, at: int, depth: int) -> tuple[bool, int, int] | None:
    """Return (is a map, how many values follow, offset of the first) of a list or a map that begins here; None for any other value."""
    kind = data[at]
    if kind != _LIST and kind != _MAP:
        return None
    size, at = _read_size(data, at + 1)
    if kind == _MAP:
        size *= 2
    _enter(data, at, depth, size)
    return kind == _MAP, size, at


def read_plain(data: bytes, at: int) -> tuple[Any, int]:
    """Return a value that is neither a list nor a map, a typed list as a list, and the offset behind it."""
    value, at = _read(data, at, 0)
    return (value.tolist() if isinstance(value, array) else value), at


def _read(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    kind = data[at]
    at += 1
    if kind == _STRING:
        return _read_text(data, at)
    if kind == _INT32:
        return _int32(data, at)[0], at + 4
    if kind == _MAP:
        return _read_map(data, at, depth)
    if kind == _LIST:
        return _read_list(data, at, depth)
    if kind <= _FALSE:
        return (None, True, False)[kind], at
    if kind == _FLOAT64:
        at += -at % 8
        return _float64(data, at)[0], at + 8
    if kind == _INT64:
        return _int64(data, at)[0], at + 8
    if kind == _UINT8_LIST:
        return _read_bytes(data, at)
    if kind == _LARGE_INT:
        return _read_large_int(data, at)
    if kind in _TYPECODES:
        return _read_array(data, at, _TYPECODES[kind])
    raise CodecError(f"No value has type {kind}.", at - 1)


def _read_size(data: bytes, at: int) -> tuple[int, int]:
    size = data[at]
    if size < 254:
        return size, at + 1
    if size == 254:
        return _size16(data, at + 1)[0], at + 3
    return _size32(data, at + 1)[0], at + 5


def _read_text(data: bytes, at: int) -> tuple[str, int]:
    size = data[at]
    at += 1
    if size > 253:
        size, at = _read_size(data, at - 1)
    end = at + size
    if end > len(data):
        raise CodecError(f"A string of {size} bytes does not fit into the message.", at)
    try:
        return data[at:end].decode(), end
    except UnicodeDecodeError as error:
        raise _not_utf8(error, at) from None


def _not_utf8(error: UnicodeDecodeError, start: int) -> CodecError:
    return CodecError(f"A string is not UTF-8: {error.reason}.", start + error.start)


def _read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    size, at = _read_size(data, at)
    end = at + size
    if end > len(data):
        raise CodecError(f"A list of {size} bytes does not fit into the message.", at)
    with memoryview(data) as view:
        return bytes(view[at:end]), end


def _read_large_int(data: bytes, at: int) -> tuple[int, int]:
    digits, end = _read_bytes(data, at)
    if _LARGE_INT_TEXT.fullmatch(digits) is None:
        raise CodecError("A large integer is not 1 to 1024 hexadecimal digits.", end - len(digits))
    return int(digits, 16), end


def _read_array(data: bytes, at: int, typecode: str) -> tuple[array[Any], int]:
    size, at = _read_size(data, at)
    values: array[Any] = array(typecode)
    at += -at % values.itemsize
    end = at + size * values.itemsize
    if end > len(data):
        raise CodecError(f"A typed list of {size} numbers does not fit into the message.", at)
    values.frombytes(data[at:end])
    if _SWAP:
        values.byteswap()
    return values, end


def _enter(data: bytes, at: int, depth: int, least_bytes: int) -> int:
    """Return the depth inside a list or map; refuse one that is too deep or cannot fit."""
    if depth >= MAX_DEPTH:
        raise CodecError(f"The message is nested more than {MAX_DEPTH} deep.", at)
    if least_bytes > len(data) - at:
        raise CodecError("A list or map has more elements than the message has bytes.", at)
    return depth + 1


def _read_list(data: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    size, at = _read_size(data, at)
    depth = _enter(data, at, depth, size)
    values: list[Any] = []
    for _ in range(size):
        value, at = _read(data, at, depth)
        values.append(value)
    return values, at


def _read_map(data: bytes, at: int, depth: int) -> tuple[dict[Any, Any] | PairMap, int]:
    size, at = _read_size(data, at)
    depth = _enter(data, at, depth, 2 * size)
    values: dict[Any, Any] = {}
    start = at
    try:
        for done in range(size):
            if data[at] != _STRING:
                return _read_odd_map(data, at, depth, values, size - done)
            # Most of all bytes are short strings in maps: no calls for them. That a key ends inside the message shows
            # when its value is read.
            length = data[at + 1]
            if length < 254:
                start = at + 2
                at = start + length
                key = data[start:at].decode()
            else:
                key, at = _read_text(data, at + 1)
            if data[at] == _STRING and (length := data[at + 1]) < 254:
                start = at + 2
                at = start + length
                values[key] = data[start:at].decode()
            else:
                values[key], at = _read(data, at, depth)
    except UnicodeDecodeError as error:
        raise _not_utf8(error, start) from None
    if at > len(data):
        raise CodecError("A string does not fit into the message.", start)
    return values, at


def _read_odd_map(
    data: bytes, at: int, depth: int, first: dict[Any, Any], left: int
) -> tuple[dict[Any, Any] | PairMap, int]:
    """Read the rest of a map that has a key other than a string."""
    pairs = PairMap(first.items())
    for _ in range(left):
        key, at = _read(data, at, depth)
        value, at = _read(data, at, depth)
        pairs.append((key, value))
    try:
        told_apart = len({(key.__class__ is bool, key) for key, _ in pairs})
        values = dict(pairs)
    except TypeError:
        return pairs, at
    return (values if len(values) == told_apart else pairs), at


# Writing


def write(out: bytearray, value: Any, depth: int = 0) -> None:
    """
    Append `value` to the message `out`, which it is aligned in.

    Raises:
        CodecError: an int beyond 64 bits, nesting over 100 (such as a value that contains itself), a size beyond 32
            bits, or a type that Flutter has no form for. What `out` then holds is no message.
    """
    kind = value.__class__
    if kind is str:
        out += _text(value)
    elif kind is dict or kind is KeptMap:
        _write_map(out, value, depth)
    elif kind is int:
        _write_int(out, value)
    elif value is None:
        out.append(_NULL)
    elif kind is bool:
        out.append(_TRUE if value else _FALSE)
    elif kind is list or kind is tuple:
        _write_list(out, value, depth)
    elif kind is float:
        out.append(_FLOAT64)
        out += bytes(-len(out) % 8)
        out += _put_float64(value)
    else:
        _write_rare(out, value, depth)


SLICE: Final = 32
"""How many items of a long list are written at once by `writing`."""


def writing(out: bytearray, value: Any, depth: int = 0, sliced: int = 4) -> Generator[None, None, None]:
    """Do what `write` does, and yield in between: for what is large by having long lists at most `sliced` deep inside."""
    kind = value.__class__
    if kind is dict and sliced:
        _check_depth(out, depth)
        out.append(_MAP)
        out += _size(len(value), len(out))
        for key, item in value.items():
            write(out, key, depth + 1)
            yield from writing(out, item, depth + 1, sliced - 1)
    elif kind is list and len(value) > SLICE:
        _check_depth(out, depth)
        out.append(_LIST)
        out += _size(len(value), len(out))
        for at in range(0, len(value), SLICE):
            for item in value[at : at + SLICE]:
                write(out, item, depth + 1)
            yield
    else:
        write(out, value, depth)


def _size(size: int, at: int) -> bytes:
    if size < 254:
        return size.to_bytes(1, "little")
    if size <= 0xFFFF:
        return _put_size16(254, size)
    if size <= 0xFFFFFFFF:
        return _put_size32(255, size)
    raise CodecError(f"A size of {size} does not fit 32 bits.", at)


def _text(text: str) -> bytes:
    """Return a string with its type and size."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        # Halves that belong together are joined, as in Dart, whose strings are UTF-16; the others are replaced.
        encoded = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    size = len(encoded)
    if size < 254:
        return bytes((_STRING, size)) + encoded
    return b"\7" + _size(size, 0) + encoded


# Keys are few and come again in every map. A pure function's results, so sharing them shares no state.
_key = lru_cache(maxsize=4096)(_text)
_KEY_LENGTH: Final = 64


def _write_int(out: bytearray, value: int) -> None:
    if -0x80000000 <= value <= 0x7FFFFFFF:
        out += _put_int32(_INT32, value)
    elif -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
        out += _put_int64(_INT64, value)
    else:
        raise CodecError("An integer does not fit 64 bits; send it as a string.", len(out))


def _write_list(out: bytearray, values: list[Any] | tuple[Any, ...], depth: int) -> None:
    _check_depth(out, depth)
    out.append(_LIST)
    out += _size(len(values), len(out))
    for value in values:
        write(out, value, depth + 1)


def _write_map(out: bytearray, values: dict[Any, Any], depth: int) -> None:
    _check_depth(out, depth)
    out.append(_MAP)
    out += _size(len(values), len(out))
    _write_pairs(out, values.items(), depth + 1)


def _write_pairs(out: bytearray, pairs: Any, depth: int) -> None:
    for key, value in pairs:
        if key.__class__ is str and len(key) <= _KEY_LENGTH:
            out += _key(key)
        else:
            write(out, key, depth)
        if value.__class__ is str:
            out += _text(value)
        else:
            write(out, value, depth)


def _check_depth(out: bytearray, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise CodecError(f"The value is nested more than {MAX_DEPTH} deep.", len(out))


def _write_bytes(out: bytearray, value: bytes | bytearray | memoryview) -> None:
    data = bytes(value)
    out.append(_UINT8_LIST)
    out += _size(len(data), len(out))
    out += data


def _write_array(out: bytearray, values: array[Any]) -> None:
    kind = _LIST_TYPES.get((values.typecode, values.itemsize))
    if kind is None:
        raise CodecError(f"Flutter has no list of array type {values.typecode!r}.", len(out))
    out.append(kind)
    out += _size(len(values), len(out))
    out += bytes(-len(out) % values.itemsize)
    if _SWAP:
        values = values[:]
        values.byteswap()
    out += values.tobytes()


def _write_rare(out: bytearray, value: Any, depth: int) -> None:
    """Write a value of the less common types, or of a subclass of any."""
    if isinstance(value, bytes | bytearray | memoryview):
        _write_bytes(out, value)
    elif isinstance(value, array):
        _write_array(out, value)
    elif isinstance(value, PairMap):
        _check_depth(out, depth)
        out.append(_MAP)
        out += _size(len(value), len(out))
        _write_pairs(out, value, depth + 1)
    else:
        for base, plain in _PLAIN:
            if isinstance(value, base):
                return write(out, plain(value), depth)
        raise CodecError(f"Flutter has no form for a value of type {type(value).__name__}.", len(out))


# `str(member)` of an enum is its name and `int` keeps nothing of a subclass: these give the value of the base type.
_PLAIN: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (str, lambda value: str.__str__(value)),
    (int, int),
    (float, float),
    (dict, dict),
    (list, list),
    (tuple, list),
)
