"""What every codec says of what it does not take: the whole sentence, and the byte where there is one."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

import pytest

from bridge.codecs import native, platform
from bridge.codecs.errors import MAX_MESSAGE_BYTES, CodecError, ParseRefused, Refused
from bridge.codecs.framing import ContentLengthFraming, LineFraming
from bridge.codecs.jsonrpc import loads
from bridge.codecs.platform import EVENT, MESSAGE, REPLY, PlatformFraming
from bridge.codecs.standard import STANDARD

JSON = [
    ('{"$bytes":"YQ"}', -32600, "The value of `$bytes` is not base64 with padding."),
    ('{"a":1,"a":2}', -32600, "The key 'a' stands twice in one object."),
    ("[NaN]", -32700, 'The message is not JSON: NaN is written {"$double": "NaN"} here.'),
    ("[-Infinity]", -32700, 'The message is not JSON: -Infinity is written {"$double": "-Infinity"} here.'),
    ("[1", -32700, "The message is not JSON: Expecting ',' delimiter at character 2."),
    ("[1] 2", -32700, "The message is not JSON: something follows the value at character 3."),
    ("", -32700, "The message is not JSON: no value at character 0."),
    ("[" * 101 + "]" * 101, -32600, "The message is nested more than 100 deep."),
    ("[" + "9" * 5000 + "]", -32600, "The message has an integer of too many digits."),
    (b'["\xff"]', -32700, "The message is not UTF-8: invalid start byte at byte 2."),
    (b" " * (MAX_MESSAGE_BYTES + 1), -32600, "The message is longer than 67108864 bytes."),
]


@pytest.mark.parametrize(("text", "code", "said"), JSON, ids=[said for *_, said in JSON])
def test_texts_that_are_refused(text: str | bytes, code: int, said: str) -> None:
    """JSON: the code, and what is wrong in a sentence."""
    with pytest.raises(ParseRefused) as caught:
        loads(text)
    assert (code, said) == (caught.value.code, caught.value.message)


READ: list[tuple[str, str, int]] = [
    ("03 01 00 00 00 00", "A method call starts with the method's name.", 0),
    ("07 01", "A string of 1 bytes does not fit into the message.", 2),
    ("07 01 6d 03 00", "The message ends inside a value.", 5),
    ("07 01 6d 00 00", "Something follows the last value.", 4),
    ("07 01 6d 0f", "No value has type 15.", 3),
    ("07 05 6d 00", "A string of 5 bytes does not fit into the message.", 2),
    ("07 01 ff 00", "A string is not UTF-8: invalid start byte.", 2),
    ("07 01 6d 08 05 00", "A list of 5 bytes does not fit into the message.", 5),
    ("07 01 6d 05 02 30 78", "A large integer is not 1 to 1024 hexadecimal digits.", 5),
    ("07 01 6d 05 00", "A large integer is not 1 to 1024 hexadecimal digits.", 5),
    ("07 01 6d 09 03 00 00 00", "A typed list of 3 numbers does not fit into the message.", 8),
    ("07 01 6d 0c 05 00", "A list or map has more elements than the message has bytes.", 5),
    ("07 01 6d" + "0c 01" * 101 + "00", "The message is nested more than 100 deep.", 205),
    ("07 01 6d 0d 01 07 05 6d", "The message ends inside a value.", 8),
    ("07 01 6d 0d 01 07 01 6b 07 05 61", "A string does not fit into the message.", 10),
    ("07 01 6d 0d 01 07 01 ff 00", "A string is not UTF-8: invalid start byte.", 7),
]


@pytest.mark.parametrize(("data", "said", "at"), READ, ids=[f"{data[:20]} {said}" for data, said, _ in READ])
def test_calls_that_are_refused(data: str, said: str, at: int) -> None:
    """The standard codec, reading: what is wrong, and at which byte."""
    with pytest.raises(CodecError) as caught:
        STANDARD.decode_call(bytes.fromhex(data))
    assert (-32700, at, f"{said} (at byte {at})") == (caught.value.code, caught.value.offset, caught.value.message)


@pytest.mark.parametrize("digits", [b"0", b"-1F", b"7fffffffffffffff", b"f" * 1024, b"-" + b"A" * 1024])
def test_large_integers_are_read(digits: bytes) -> None:
    """1 to 1024 hexadecimal digits, of either case, with or without a sign; one more is too many."""
    size = bytes((len(digits),)) if len(digits) < 254 else b"\xfe" + len(digits).to_bytes(2, "little")
    assert ("m", int(digits, 16)) == STANDARD.decode_call(b"\x07\x01m\x05" + size + digits)
    longer = digits.ljust(1026, b"0")
    with pytest.raises(CodecError):
        STANDARD.decode_call(b"\x07\x01m\x05\xfe" + len(longer).to_bytes(2, "little") + longer)


def deep(levels: int, inner: Any = None) -> Any:
    """Return a list in a list in a list."""
    for _ in range(levels):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1 << 63, "An integer does not fit 64 bits; send it as a string. (at byte 1)"),
        (deep(101), "The value is nested more than 100 deep. (at byte 201)"),
        ({"a": {1, 2}}, "Flutter has no form for a value of type set. (at byte 6)"),
        (array("H", [1]), "Flutter has no list of array type 'H'. (at byte 1)"),
        (object(), "Flutter has no form for a value of type object. (at byte 1)"),
    ],
)
def test_values_that_are_refused(value: Any, said: str) -> None:
    """The standard codec, writing: what has no form, and how much had been written."""
    with pytest.raises(CodecError) as caught:
        STANDARD.encode_result(value)
    assert (-32700, said) == (caught.value.code, caught.value.message)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "An envelope is not empty. (at byte 0)"),
        (b"\1\7\1c\3\0\0\0\0\0", "An error envelope has a string, a string or null, and a value. (at byte 1)"),
        (b"\1\3\0\0\0\0\0\0", "An error envelope has a string, a string or null, and a value. (at byte 1)"),
    ],
)
def test_envelopes_that_are_refused(data: bytes, said: str) -> None:
    """What is no envelope of a reply."""
    with pytest.raises(CodecError) as caught:
        STANDARD.decode_envelope(data)
    assert said == caught.value.message


def frame(kind: int, body: bytes, request_id: int = 5, name: int = 0) -> bytes:
    """Return a platform frame with any name's length."""
    return (7 + len(body)).to_bytes(4, "big") + bytes((kind,)) + request_id.to_bytes(4, "big") + name.to_bytes(2, "big") + body


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (frame(MESSAGE, b"x" * 100), (-32600, "The frame is longer than 50 bytes.", 5)),
        (frame(REPLY, b"x" * 100), (-32600, "The frame is longer than 50 bytes.", None)),
        (frame(4, b""), (-32600, "No frame is of kind 4.", None)),
        (frame(MESSAGE, b"abc", name=4), (-32700, "The channel's name is longer than its frame.", 5)),
        (frame(EVENT, b"abc", name=4), (-32700, "The channel's name is longer than its frame.", None)),
        (frame(MESSAGE, b"\xff", name=1), (-32700, "The channel's name is not UTF-8.", 5)),
        (b"\0\0\0\6", (-32700, "A frame is shorter than 7 bytes.", None)),
        (b"\0\0\0\6\0\0\0\0\0\0\0", (-32700, "A frame is shorter than 7 bytes.", None)),
    ],
)
def test_frames_that_are_refused(data: bytes, refused: tuple[int, str, int | None]) -> None:
    """Platform messages: the code, the sentence, and the request that waits for an answer."""
    (found,) = PlatformFraming(expect_magic=False, limit=50).feed(data)
    assert isinstance(found, Refused)
    assert refused == (found.code, found.message, found.request_id)


def test_ends_inside_what_is_skipped() -> None:
    """Input that ends before all of a refused frame has come ended inside a frame, however little of it was kept."""
    framing = PlatformFraming(expect_magic=False, limit=50)
    framing.feed(frame(MESSAGE, b"x" * 100)[:-1])
    (found,) = framing.finish()
    assert isinstance(found, Refused)
    assert (-32700, "The input ended inside a frame.", None) == (found.code, found.message, found.request_id)
    framing.feed(frame(MESSAGE, b"x" * 100))
    assert [] == framing.finish()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: platform.encode_frame(4, 0, "", b""), "The frame's kind, request id or channel does not fit its field."),
        (lambda: platform.encode_frame(0, 0, "", bytes(MAX_MESSAGE_BYTES)), "The frame is longer than 67108864 bytes."),
        (lambda: native.encode_frame(0, bytes(MAX_MESSAGE_BYTES)), "The frame is longer than 67108864 bytes."),
        (lambda: native.decode_mark(b"123"), "A mark is a number of 4 bytes."),
        (lambda: native.encode_values(1 << 64), "A number has more than 64 bits."),
        (lambda: native.decode_values(b"s\0\0\0\5abcd"), "A text is longer than its frame. (at byte 1)"),
        (lambda: native.decode_values(b"s\0\0"), "A text is longer than its frame. (at byte 1)"),
        (lambda: native.decode_values(b"ni1234567"), "A number is longer than its frame. (at byte 2)"),
        (lambda: native.decode_values(b"nx"), "No value is of type 120. (at byte 1)"),
        (lambda: native.decode_hello(b"nn"), "A HELLO has five values."),
        (lambda: native.decode_hello(b"nnnnn"), "A HELLO has two texts or nulls, a text and two numbers."),
        (lambda: native.decode_call(b"\0"), "A call is shorter than its head."),
    ],
)
def test_what_else_is_refused(call: Callable[[], Any], said: str) -> None:
    """Frames of platform messages that nobody can write, and those of the native library that nobody can read."""
    with pytest.raises(CodecError) as caught:
        call()
    assert said == caught.value.message


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        (50, b"", "A function's name is longer than its frame."),
        (1, b"f\2n", "2 arguments are announced and 1 there."),
        (1, b"f\0n", "0 arguments are announced and 1 there."),
    ],
)
def test_native_calls_that_are_refused(name: int, arguments: bytes, said: str) -> None:
    """A function's name and the number of its arguments must be those that are announced."""
    with pytest.raises(CodecError) as caught:
        native.decode_call(native._CALL.pack(1, name) + arguments)
    assert said == caught.value.message


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"Content-Length: 51\r\n\r\n", -32600, "The message is longer than 50 bytes."),
        (b"X: " + b"x" * 9000 + b"\r\n", -32700, "The header is longer than 8192 bytes."),
        (b"nonsense\r\n", -32700, "A header line is not `Name: value`."),
        (b"Content-Length: x\r\n", -32700, "Content-Length is not a number."),
        (b"Content-Length: 1\r\nContent-Length: 2\r\n", -32700, "Content-Length stands there twice and differs."),
        (b"X: y\r\n\r\n", -32700, "The header has no Content-Length."),
    ],
)
def test_headers_that_are_refused(data: bytes, code: int, said: str) -> None:
    """Messages behind headers: what is wrong with one."""
    found = ContentLengthFraming(limit=50).feed(data)[0]
    assert isinstance(found, Refused)
    assert (code, said, None) == (found.code, found.message, found.request_id)


def test_ends_that_are_refused() -> None:
    """A line over the limit, and input that ends inside a message."""
    (long,) = LineFraming(limit=5).feed(b"123456\n")
    framing = ContentLengthFraming()
    framing.feed(b"Content-Length: 5\r\n\r\n123")
    (short,) = framing.finish()
    assert isinstance(long, Refused) and isinstance(short, Refused)
    assert (-32600, "The line is longer than 5 bytes.") == (long.code, long.message)
    assert (-32700, "The input ended inside a message.") == (short.code, short.message)
