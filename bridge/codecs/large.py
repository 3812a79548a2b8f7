"""
A large JSON text to values in slices, so that whoever reads it can do something else in between.

It is read as `jsonrpc.loads` reads it: the same values, the same refusals. The text is decoded piece by piece. What holds no
other object or list, and is short, is left to the C scanner whole; the rest is walked here. How many values there may be is
limited: they take far more memory, and far longer to let go and to look at, than their text.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Generator
from json import JSONDecodeError
from typing import Any, Final, NoReturn

from bridge.codecs import jsonrpc
from bridge.codecs.errors import LARGE_BYTES, MAX_DEPTH, MAX_MESSAGE_BYTES, MAX_VALUES, ParseRefused
from bridge.errors import INVALID_REQUEST, PARSE_ERROR

MAX_KEYS: Final = 200_000
"""How many keys one object may have: giving a larger one room takes longer than others should wait."""

PIECE_BYTES: Final = 1 << 18
NEAR: Final = 1 << 14
"""How many characters the C scanner is given at once, at most; as many are decoded ahead of where the reading is."""

LONGEST_WORD: Final = 1 << 14
"""Numbers of as many characters are refused: reading one takes long."""

STEPS: Final = 1000
"""How many values are walked in a slice, and how many characters in 1,000 are given away at once."""

Slices = Generator[None, None, Any]

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rf'\{{[^\[\]{{}}"]*+(?:{_STRING}[^\[\]{{}}"]*+)*+\}}|\[[^\[\]{{}}"]*+(?:{_STRING}[^\[\]{{}}"]*+)*+\]'
_LEAF = re.compile(f"(?s:{_FLAT})")
_RUN = re.compile(rf'(?s:(?:(?:[^\[\]{{}}",]++|{_STRING}|{_FLAT})*+,)++)')
_BLANK = re.compile(r"[ \t\r\n]*+")
_KEY = re.compile(r'"([^"\\\x00-\x1f]*+)"[ \t\r\n]*+:')
_CHARACTERS = re.compile(r'[^"\\]*+(?:\\(?:u[0-9a-fA-F]{4}|[^u])[^"\\]*+)*+', re.DOTALL)
_WORD = re.compile(r'[^ \t\r\n,:"{}\[\]]*+')
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


Most = Callable[[list[Any]], int]
"""Tells how many values a message may hold, by the lists and objects that are open when there are too many: the outermost first."""


def read(data: bytes | bytearray, most: int = MAX_VALUES, then: Most | None = None) -> Slices:
    """
    Return the value of one JSON text, and yield in between.

    Args:
        most: how many values it may hold.
        then: asked for another limit when there are more; None if that was all.

    Raises: ParseRefused as `jsonrpc.loads` does, and -32600 for more values, and for an object of more than 200,000 keys.
    """
    return (yield from _Reading(data, most, then).value())


class _Reading:
    """The reading of one text."""

    def __init__(self, data: bytes | bytearray, most: int, then: Most | None) -> None:
        if len(data) > MAX_MESSAGE_BYTES:
            raise ParseRefused(INVALID_REQUEST, f"The message is longer than {MAX_MESSAGE_BYTES} bytes.")
        self._data = memoryview(data)
        self._decoder = getincrementaldecoder("utf-8")()
        self._read_bytes = 0
        self._text = ""
        self._at = 0
        self._before = 0
        self._steps = 0
        self._values = 0
        self._most = most
        self._then = then
        self._inside: list[tuple[Any, str]] = []
        self._container: Any = None

    def value(self) -> Slices:
        """Read all of it. See `read`."""
        try:
            self._need(1)
            self._at = 1 if self._text.startswith("\ufeff") else 0
            value = yield from self._walk()
            if (yield from self._next()):
                self._fail("something follows the value")
            return value
        except JSONDecodeError as error:
            where = self._before + error.pos
            raise ParseRefused(PARSE_ERROR, f"The message is not JSON: {error.msg} at character {where}.") from None
        except UnicodeDecodeError as error:
            where = self._read_bytes + error.start
            raise ParseRefused(PARSE_ERROR, f"The message is not UTF-8: {error.reason} at byte {where}.") from None
        except ValueError:
            raise ParseRefused(INVALID_REQUEST, "The message has an integer of too many digits.") from None
        except ParseRefused:
            yield from self._let_go()
            raise

    def _let_go(self) -> Generator[None, None, None]:
        """Take apart what has been read and is refused: a million values at once take long to be freed."""
        for container in [self._container, *(outer for outer, _ in reversed(self._inside))]:
            while container.__class__ is list and container:
                del container[-STEPS * 10 :]
                yield

    # --- the text

    def _need(self, count: int) -> bool:
        """Decode more, if there is any, until so many characters are ahead. Returns whether anything was added."""
        added = False
        while len(self._text) - self._at < count and self._read_bytes < len(self._data):
            piece = self._data[self._read_bytes : self._read_bytes + PIECE_BYTES]
            is_last = self._read_bytes + len(piece) == len(self._data)
            waiting = len(self._decoder.getstate()[0])
            try:
                more = self._decoder.decode(piece, is_last)
            except UnicodeDecodeError:
                self._read_bytes -= waiting
                raise
            self._read_bytes += len(piece)
            self._before += self._at
            self._text = self._text[self._at :] + more
            self._at = 0
            added = True
        return added

    def _next(self) -> Generator[None, None, str]:
        """Return the next character that is no whitespace, without taking it; "" at the end."""
        while True:
            match = _BLANK.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._need(NEAR):
                return ""
            yield

    def _fail(self, problem: str) -> NoReturn:
        where = self._before + self._at
        raise ParseRefused(PARSE_ERROR, f"The message is not JSON: {problem} at character {where}.")

    # --- values

    def _walk(self) -> Slices:
        """Return the value that begins here."""
        inside = self._inside
        container: Any = None
        key = ""
        while True:
            self._steps += 1
            if self._steps >= STEPS:
                self._steps = 0
                yield
            value: Any
            first = yield from self._next()
            if first == "{" or first == "[":
                leaf = self._leaf()
                if leaf is None:
                    if len(inside) + (container is not None) >= MAX_DEPTH:
                        raise ParseRefused(INVALID_REQUEST, f"The message is nested more than {MAX_DEPTH} deep.")
                    if container is not None:
                        inside.append((container, key))
                    self._at += 1
                    self._container = container = {} if first == "{" else []
                    if (yield from self._next()) not in ("}", "]"):
                        self._run(container)
                        yield from self._next()
                        if first == "{":
                            key = yield from self._key()
                        continue
                    value = _NOTHING  # nothing but whitespace, and much of it
                else:
                    if len(inside) + (container is not None) >= MAX_DEPTH:
                        raise ParseRefused(INVALID_REQUEST, f"The message is nested more than {MAX_DEPTH} deep.")
                    value = leaf[0]
            elif first == '"':
                value = yield from self._string()
            else:
                value = self._word()
            self._count(1, container)
            while True:
                if container is None:
                    return value
                is_object = container.__class__ is dict
                if value is _NOTHING:
                    after = self._text[self._at]
                else:
                    if not is_object:
                        container.append(value)
                    elif key in container:
                        jsonrpc.refuse_repeated_key(key)
                    else:
                        container[key] = value
                    after = yield from self._next()
                self._at += 1
                if after == ",":
                    self._run(container)
                    if is_object:
                        yield from self._next()
                        key = yield from self._key()
                    break
                if after != ("}" if is_object else "]"):
                    self._at -= 1
                    self._fail("Expecting ',' delimiter")
                value = container
                if is_object and len(value) == 1:
                    value = yield from self._untagged(value)
                if not inside:
                    return value
                container, key = inside.pop()
                self._container = container

    def _count(self, more: int, container: Any) -> None:
        self._values += more
        if container.__class__ is dict and len(container) + more > MAX_KEYS:
            raise ParseRefused(INVALID_REQUEST, f"The message has an object of more than {MAX_KEYS} keys.")
        if self._values > self._most:
            if self._then is not None:
                self._most = max(self._most, self._then([*(outer for outer, _ in self._inside), self._container]))
                self._then = None
            if self._values > self._most:
                raise ParseRefused(INVALID_REQUEST, f"The message holds more than {self._most} values.")

    def _leaf(self) -> tuple[Any] | None:
        """Return what begins here, if it is short and holds no other object or list."""
        self._need(NEAR)
        match = _LEAF.match(self._text, self._at, self._at + NEAR)
        if match is None:
            return None
        self._steps += (match.end() - self._at) >> 4
        value = self._scan()
        if value.__class__ is list or value.__class__ is dict:
            self._count(len(value), None)
        return (value,)

    def _run(self, container: Any) -> None:
        """Put what follows into a list or an object, as long as it is short and flat, and something comes behind it."""
        self._need(NEAR)
        match = _RUN.match(self._text, self._at, self._at + NEAR)
        if match is None:
            return
        start, end = match.span()
        run = self._text[start : end - 1]
        if not run or run.isspace():
            return  # nothing but a comma, where there must be a value
        if container.__class__ is dict and ("$" in run or "\\u0024" in run):
            return  # perhaps a key that means something only where it is the only one
        self._steps += (end - start) >> 4
        is_object = container.__class__ is dict
        try:
            found, _ = jsonrpc.scan(f"{{{run}}}" if is_object else f"[{run}]", 0)
        except JSONDecodeError as error:
            raise JSONDecodeError(error.msg, self._text, start + error.pos - 1) from None
        except StopIteration as stop:
            self._at += stop.value - 1
            self._fail("no value")
        inner = [len(value) for value in (found.values() if is_object else found) if value.__class__ is list or value.__class__ is dict]
        if inner and len(self._inside) + 1 >= MAX_DEPTH:
            raise ParseRefused(INVALID_REQUEST, f"The message is nested more than {MAX_DEPTH} deep.")
        self._count(sum(inner), None)
        self._count(len(found), container)
        self._at = end
        if not is_object:
            container.extend(found)
            return
        for key in container.keys() & found.keys():
            jsonrpc.refuse_repeated_key(key)
        container.update(found)

    def _word(self) -> Any:
        """Return what begins here and is neither an object nor a list nor a string."""
        self._need(LONGEST_WORD)
        match = _WORD.match(self._text, self._at, self._at + LONGEST_WORD)
        assert match is not None
        if match.end() - match.start() == LONGEST_WORD:
            raise ParseRefused(INVALID_REQUEST, f"The message has a number of {LONGEST_WORD} digits or more.")
        return self._scan()

    def _scan(self) -> Any:
        """Return what the C scanner finds here, and take it."""
        try:
            value, self._at = jsonrpc.scan(self._text, self._at)
        except StopIteration as stop:
            self._at = stop.value
            self._fail("no value")
        return value

    def _key(self) -> Generator[None, None, str]:
        """Return the key that begins here, with the colon behind it taken."""
        self._need(NEAR)
        match = _KEY.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
            return match[1]
        if self._text[self._at : self._at + 1] != '"':
            self._fail("Expecting property name enclosed in double quotes")
        key: str = yield from self._string()
        if (yield from self._next()) != ":":
            self._fail("Expecting ':' delimiter")
        self._at += 1
        return key

    def _string(self) -> Slices:
        """Return the string that begins here, read in parts."""
        self._at += 1
        whole = ""
        has_halves = False
        while True:
            self._need(NEAR)
            match = _CHARACTERS.match(self._text, self._at, self._at + NEAR)
            assert match is not None
            end = match.end()
            if end > self._at:
                part = self._part(self._at, end)
                has_halves = has_halves or "\ud800" <= part[-1] <= "\udbff"
                whole += part  # in place: nobody else has it
                self._at = end
            is_whole = self._text[end : end + 1] == '"'
            if is_whole:
                self._at += 1
                break
            if end == match.start() and not self._need(NEAR):
                self._part(end, min(end + 2, len(self._text)))  # says what is wrong with it
                self._fail("Unterminated string")
            self._steps += NEAR >> 6
            if self._steps >= STEPS:
                self._steps = 0
                yield
        if has_halves:
            whole = _SURROGATES.sub(_joined, whole)
        return whole

    def _part(self, start: int, end: int) -> str:
        """Return characters of a string, escapes read; `_before` and `pos` of an error count from the same place."""
        try:
            read: str = jsonrpc.scan(f'"{self._text[start:end]}"', 0)[0]
            return read
        except JSONDecodeError as error:
            raise JSONDecodeError(error.msg, self._text, start + error.pos - 1) from None

    def _untagged(self, found: dict[str, Any]) -> Slices:
        """Return what an object of one key stands for, as `jsonrpc` does."""
        text = found.get("$bytes")
        if not isinstance(text, str) or len(text) <= LARGE_BYTES:
            return jsonrpc.untagged(found)
        parts: list[bytes] = []
        for at in range(0, len(text), LARGE_BYTES):
            part = text[at : at + LARGE_BYTES]
            if "=" in part and at + LARGE_BYTES < len(text):
                part = "="  # padding stands at the end alone
            parts.append(jsonrpc.untagged({"$bytes": part}))
            yield
        return b"".join(parts)


_NOTHING: Final = object()


def _joined(match: re.Match[str]) -> str:
    pair: str = match.group()
    return pair.encode("utf-16-be", "surrogatepass").decode("utf-16-be")
