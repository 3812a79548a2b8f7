"""
A large message of the standard codec to values in slices, as `large` does for JSON.

The values are as JSON would have brought them: a typed list is a list, and the keys of a map are strings.
"""

from __future__ import annotations

from collections.abc import Generator
from struct import error as StructError
from typing import Any, Final, NamedTuple

from bridge.codecs import standard_values as values_of
from bridge.codecs.errors import MAX_VALUES, CodecError
from bridge.errors import INVALID_PARAMS, ProtocolError

STEPS: Final = 1000
"""How many values are read in a slice."""


class Open(NamedTuple):
    """A list or a map that is being read: how many values stand in it (two for each key of a map), and those that were read."""

    is_map: bool
    size: int
    values: list[Any]


def read_call(data: bytes, most: int = MAX_VALUES) -> Generator[None, None, tuple[str, Any]]:
    """
    Return (method, arguments) of a method call, and yield in between.

    Args:
        most: how many values the arguments may hold.

    Raises: CodecError as `StandardMethodCodec.decode_call` does, and for more values; ProtocolError -32602 for a map whose keys are
        not all strings.
    """
    try:
        method, at = yield from _read(data, 0, most)
        if not isinstance(method, str):
            raise CodecError("A method call starts with the method's name.", 0)
        arguments, at = yield from _read(data, at, most)
    except (IndexError, StructError):
        raise CodecError("The message ends inside a value.", len(data)) from None
    if at != len(data):
        raise CodecError("Something follows the last value.", at)
    return method, arguments


def _read(data: bytes, at: int, most: int) -> Generator[None, None, tuple[Any, int]]:
    """Return a value and the offset behind it."""
    inside: list[Open] = []
    count = 0
    steps = 0
    while True:
        steps += 1
        if steps >= STEPS:
            steps = 0
            yield
        begun = values_of.begin(data, at, len(inside))
        if begun is None:
            value, at = values_of.read_plain(data, at)
            if value.__class__ is list:
                count += len(value)
        else:
            is_map, size, at = begun
            inside.append(Open(is_map, size, []))
            count += size
            value = None
        if count > most:
            raise CodecError(f"The message holds more than {most} values.", at)
        if begun is None:
            if not inside:
                return value, at
            inside[-1].values.append(value)
        while len(inside[-1].values) == inside[-1].size:
            value = _whole(inside.pop())
            if not inside:
                return value, at
            inside[-1].values.append(value)


def _whole(done: Open) -> Any:
    if not done.is_map:
        return done.values
    keys = done.values[::2]
    if not all(key.__class__ is str for key in keys):
        raise ProtocolError(INVALID_PARAMS, "a map has a key that is no string")
    return dict(zip(keys, done.values[1::2], strict=True))
