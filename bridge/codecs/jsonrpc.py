"""
One JSON text to values and back, as fast as the standard library allows and stricter about what is let in.

Beyond plain JSON, in both directions:

* bytes are `{"$bytes": "<base64>"}`, an object with exactly that key;
* the doubles that JSON lacks are `{"$double": "NaN"}`, `{"$double": "Infinity"}` and `{"$double": "-Infinity"}`. A
  number too large for a double reads as an infinity, as Dart reads it;
* a double always carries a point (`1.0`, `1.0e+22`), an integer never does, whatever its size;
* text is UTF-8; only lone surrogates, which UTF-8 cannot carry, are escaped.

Strings, numbers and objects are built by the C scanner of `json`. What keeps the checks off the hot path: brackets are
counted before depth is measured, and a dollar sign is looked for in the text before a tag is looked for in the objects.
"""

from __future__ import annotations

import json
import re
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Generator, Iterable
from itertools import accumulate
from math import isfinite
from typing import Any, Final, NoReturn, cast

from bridge.codecs.errors import MAX_DEPTH, MAX_MESSAGE_BYTES, ParseRefused
from bridge.errors import INVALID_REQUEST, PARSE_ERROR
from bridge.kept import holds_kept, written

_WHITESPACE: Final = " \t\r\n"
_DOUBLES: Final = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}

Pairs = list[tuple[str, Any]]
Scan = Callable[[str, int], tuple[Any, int]]


def loads(data: bytes | bytearray | str) -> Any:
    """
    Return the value of one JSON text.

    Args:
        data: the text, in UTF-8 if it is bytes. Whitespace around it and a byte order mark before it are skipped.

    Returns:
        None, bool, int, float, str, bytes, list or dict with str keys.

    Raises:
        ParseRefused: -32700 for what is not JSON in UTF-8; -32600 for JSON over 64 MiB, nested more than 100 deep,
            with a key twice in one object, an integer of more digits than Python converts (4300 unless the
            environment says otherwise), or a `$bytes` that is not base64. Nothing else escapes.
    """
    text = _text(data)
    # A tagged key starts with a dollar sign, which may be written as an escape.
    return _parse(text, "$" in text or "\\u0024" in text)


def loads_untagged(data: bytes | bytearray | str) -> Any:
    """Return the value of one JSON text in which `$bytes` and `$double` mean nothing; otherwise as `loads`."""
    return _parse(_text(data), False)


def dumps(value: Any) -> bytes:
    """
    Return `value` as one JSON text in UTF-8, without whitespace or line breaks between its parts.

    Args:
        value: as returned by `loads`; also tuples (as lists), bytearray and memoryview (as bytes), and `array.array`
            (as a list of its numbers). Must not contain itself.

    Raises:
        TypeError: for a value or key of any other type: a bug of the caller.
        ValueError: for an integer of more than 4300 digits, which cannot have come from `loads`.
    """
    kind = value.__class__
    if (kind is dict or kind is list) and holds_kept(value):
        text = written(value, _dumps)
    else:
        text = _dumps(value)
    # The only characters that UTF-8 refuses are lone surrogates, and this handler writes them as JSON does.
    return text.encode("utf-8", "backslashreplace")


def _dumps(value: Any) -> str:
    try:
        text = "".join(_chunks(value, 0))
    except ValueError:
        text = "".join(_chunks(_without_odd_doubles(value), 0))
    if len(text) <= SHORT and "e+" not in text and "e-" not in text:
        return text
    return _with_points(text) if _may_have_exponent(text) else text


SLICE: Final = 16
"""How many items of a long list or object are written at once by `dumping`."""

SLICED_DEPTH: Final = 6
"""How deep `dumping` looks for long lists, objects and texts: a message, its result, its data, a message in that, its text."""

LONG_PART: Final = 1 << 12
"""What is written as so many bytes is a slice of its own."""

LONG_TEXT: Final = 1 << 20
"""A text of so many characters is written part by part."""


def is_long(value: Any, depth: int = SLICED_DEPTH) -> bool:
    """Return whether `dumping` has something to do in slices."""
    kind = value.__class__
    if kind is str:
        return len(value) > LONG_TEXT
    if not depth or (kind is not dict and kind is not list):
        return False
    if len(value) > 4 * SLICE:
        return True
    return kind is dict and any(is_long(item, depth - 1) for item in value.values())


def dumping(value: Any) -> Generator[None, None, bytes]:
    """Return what `dumps` does, and yield in between: for what is large by having long lists not far inside."""
    return b"".join((yield from dumping_parts(value)))


def dumping_parts(value: Any) -> Generator[None, None, list[bytes]]:
    """Return the same as the parts that it was written in: to put many megabytes together takes long, and may not be needed."""
    parts: list[bytes] = []
    yield from _dump_into(parts, value, SLICED_DEPTH)
    return parts


def _dump_into(parts: list[bytes], value: Any, depth: int) -> Generator[None, None, None]:
    if depth and value.__class__ is dict and value:
        for at, (key, item) in enumerate(value.items()):
            parts.append(b"%b%b:" % (b"," if at else b"{", dumps(key)))
            yield from _dump_into(parts, item, depth - 1)
            if at % SLICE == SLICE - 1:
                yield
        parts.append(b"}")
    elif depth and value.__class__ is list and len(value) > SLICE:
        for at in range(0, len(value), SLICE):
            parts.append(b"%b%b" % (b"," if at else b"[", dumps(value[at : at + SLICE])[1:-1]))
            yield
        parts.append(b"]")
    elif value.__class__ is str and len(value) > LONG_TEXT:
        for at in range(0, len(value), LONG_TEXT):
            parts.append(dumps(value[at : at + LONG_TEXT])[:-1] if not at else dumps(value[at : at + LONG_TEXT])[1:-1])
            yield
        parts.append(b'"')
    else:
        parts.append(dumps(value))
        if len(parts[-1]) > LONG_PART:
            yield


# Reading


def _text(data: bytes | bytearray | str) -> str:
    """Return `data` as text; refuse it by its size and encoding."""
    if len(data) > MAX_MESSAGE_BYTES:
        raise ParseRefused(INVALID_REQUEST, f"The message is longer than {MAX_MESSAGE_BYTES} bytes.")
    if isinstance(data, str):
        return data
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ParseRefused(PARSE_ERROR, f"The message is not UTF-8: {error.reason} at byte {error.start}.") from None


def _parse(text: str, tagged: bool) -> Any:
    try:
        if text.count("{") + text.count("[") > MAX_DEPTH:
            return _parse_many(text, tagged)
        scan = _scan_tagged if tagged else _scan_plain
        if text.startswith("{"):  # nearly all: an object from end to end
            value, end = scan(text, 0)
            return value if end == len(text) else _alone(value, text, end)
        return _whole(text, scan)
    except StopIteration as stop:
        raise ParseRefused(PARSE_ERROR, f"The message is not JSON: no value at character {stop.value}.") from None
    except json.JSONDecodeError as error:
        raise ParseRefused(PARSE_ERROR, f"The message is not JSON: {error.msg} at character {error.pos}.") from None
    except ValueError:
        raise ParseRefused(INVALID_REQUEST, "The message has an integer of too many digits.") from None
    except RecursionError:
        raise ParseRefused(INVALID_REQUEST, "The message is nested too deeply to be read here.") from None


def _whole(text: str, scan: Scan) -> Any:
    """Return the value that is all of `text` but whitespace."""
    try:
        value, end = scan(text, 0)
    except StopIteration:
        inner = text.removeprefix("\ufeff").lstrip(_WHITESPACE)
        if len(inner) == len(text):
            raise
        text = inner
        value, end = scan(text, 0)
    return _alone(value, text, end)


def _alone(value: Any, text: str, end: int) -> Any:
    """Return the value that ends there, if nothing but whitespace follows."""
    if text[end:].strip(_WHITESPACE):
        raise ParseRefused(PARSE_ERROR, f"The message is not JSON: something follows the value at character {end}.")
    return value


_OPEN_AND_CLOSE: Final = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_ALL_BUT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


def _parse_many(text: str, tagged: bool) -> Any:
    """
    Return the value of a text that may be nested too deep; that is known before the scanner recurses on it.

    What is outside of strings tells depth and the number of keys. A key that stands twice does not make it into a
    dict, so the sizes of all dicts tell whether one does; handing Python every pair, as for a small text, takes longer.
    """
    outside = _outside_strings(text)
    steps = memoryview(outside.translate(_OPEN_AND_CLOSE, _ALL_BUT_BRACKETS)).cast("b")
    if max(accumulate(steps), default=0) > MAX_DEPTH:
        raise ParseRefused(INVALID_REQUEST, f"The message is nested more than {MAX_DEPTH} deep.")
    sizes: list[int] = []

    def count(found: dict[str, Any]) -> Any:
        sizes.append(len(found))
        return untagged(found) if tagged and len(found) == 1 else found

    decoder: Any = json.JSONDecoder(object_hook=count, parse_constant=_refuse_constant)
    value = _whole(text, decoder.scan_once)
    if sum(sizes) != outside.count(b":"):
        _whole(text, _scan_plain)  # names the key
    return value


def _outside_strings(text: str) -> bytes:
    """
    Return what of a JSON text is outside of its strings.

    Without escaped backslashes and quotes, every other piece between quotes is. That holds up to the first syntax
    error, and the scanner stops there.
    """
    if "\\" in text:
        text = text.replace("\\\\", "").replace('\\"', "")
    return "".join(text.split('"')[::2]).encode("ascii", "replace")


def _object(pairs: Pairs) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse_repeated_key(pairs)
    return found


def _tagged_object(pairs: Pairs) -> Any:
    return untagged(dict(pairs)) if len(pairs) == 1 else _object(pairs)


def untagged(found: dict[str, Any]) -> Any:
    """Return what an object of one key stands for: bytes, an odd double, or itself."""
    if "$bytes" in found:
        return _bytes(found["$bytes"])
    name = found.get("$double")
    return _DOUBLES[name] if isinstance(name, str) and name in _DOUBLES else found


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        try:
            return a2b_base64(value, strict_mode=True)
        except (Base64Error, ValueError):  # ValueError: characters beyond ASCII
            pass
    raise ParseRefused(INVALID_REQUEST, "The value of `$bytes` is not base64 with padding.")


def _refuse_repeated_key(pairs: Pairs) -> NoReturn:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            refuse_repeated_key(key)
        seen.add(key)
    raise AssertionError("no key is repeated")


def refuse_repeated_key(key: str) -> NoReturn:
    """Raise ParseRefused for a key that stands twice."""
    shown = key if len(key) <= 100 else key[:100] + "…"
    raise ParseRefused(INVALID_REQUEST, f"The key {shown!r} stands twice in one object.")


def _refuse_constant(name: str) -> NoReturn:
    raise ParseRefused(PARSE_ERROR, f'The message is not JSON: {name} is written {{"$double": "{name}"}} here.')


def _scanner(hook: Callable[[Pairs], Any]) -> Scan:
    # `JSONDecoder.decode` adds two regular expressions and some calls around this, about a third of a small message.
    decoder: Any = json.JSONDecoder(object_pairs_hook=hook, parse_constant=_refuse_constant)
    scan: Scan = decoder.scan_once
    return scan


_scan_plain: Final = _scanner(_object)
_scan_tagged: Final = _scanner(_tagged_object)


def scan(text: str, at: int) -> tuple[Any, int]:
    """Return the value that begins at a character of a text, and where it ends. Raises what the standard library does, or ParseRefused."""
    return _scan_tagged(text, at)


# Writing


def _default(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return {"$bytes": b2a_base64(value, newline=False).decode("ascii")}
    if type(value).__module__ == "array":
        return value.tolist()
    raise TypeError(f"A value of type {type(value).__name__} has no JSON form.")


def _encoder() -> Callable[[Any, int], Iterable[str]]:
    """
    Return the fastest function from a value (and 0) to JSON text, in parts, that this Python has.

    `JSONEncoder.encode` builds a new C encoder for every message; one that is kept saves a third of a small message.
    Its constructor is not documented, so it is used only where it does what it does today.
    """
    public = json.JSONEncoder(
        ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False, default=_default
    )
    try:
        module = cast(Any, json.encoder)
        kept: Callable[[Any, int], Iterable[str]] = module.c_make_encoder(
            None, _default, module.encode_basestring, None, ":", ",", False, False, False
        )
        sample = {"é\n": [1, 1.5, True, None, (), b"\0"]}
        if "".join(kept(sample, 0)) == public.encode(sample):
            return kept
    except (AttributeError, TypeError):
        pass
    return lambda value, _: (public.encode(value),)


_chunks: Final = _encoder()


def _without_odd_doubles(value: Any) -> Any:
    """Return `value` with each NaN and infinity as its tagged object."""
    if isinstance(value, float):
        if isfinite(value):
            return value
        return {"$double": "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    if isinstance(value, dict):
        return {key: _without_odd_doubles(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_odd_doubles(item) for item in value]
    if type(value).__module__ == "array":
        return _without_odd_doubles(value.tolist())
    return value


# What `float.__repr__` writes without a point has one digit before its exponent, and starts the text or follows [ , :
# Compiled when first needed, which is rare and costs a millisecond.
_POINTLESS: Final = r"(?:^|[\[,:])-?\d(?=e[+-]\d)"
_STRING: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'


SHORT: Final = 512
"""How many characters are so few that a search for two of them is over before one in Python has begun."""

MANY_SIGNS: Final = 2_000


def _may_have_exponent(text: str) -> bool:
    """Return whether an `e` stands before a sign anywhere: signs are rare and found fast, while every word has an `e`."""
    for sign in "+-":
        at = text.find(sign)
        for _ in range(MANY_SIGNS):
            if at < 0:
                break
            if at and text[at - 1] == "e":
                return True
            at = text.find(sign, at + 1)
        else:
            if at > 0 and text.find(f"e{sign}", at - 1) >= 0:
                return True
    return False


def _with_points(text: str) -> str:
    """Return `text` with a point in doubles such as 1e+22, strings untouched."""
    if re.search(_POINTLESS, text) is None:
        return text
    return re.sub(f"{_STRING}|{_POINTLESS}", _with_point, text)


def _with_point(match: re.Match[str]) -> str:
    token = match.group()
    return token if token[0] == '"' else token + ".0"
