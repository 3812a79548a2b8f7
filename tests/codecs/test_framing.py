"""Frames out of streams, however the bytes are cut, and past bad frames."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridge.codecs.errors import Refused
from bridge.codecs.framing import ContentLengthFraming, LineFraming, opening, sniff


def shown(frames):
    """Show refusals as their codes."""
    return [frame.code if isinstance(frame, Refused) else frame for frame in frames]


def feed(framing, *parts):
    return shown([frame for part in parts for frame in framing.feed(part)])


def framed(*bodies):
    return b"".join(map(ContentLengthFraming.encode, bodies))


@pytest.mark.parametrize(
    "byte, kind",
    [(b"{", "lines"), (b"[", "lines"), (b" ", "lines"), (b"\xef", "lines"), (b"C", "content-length"),
     (b"c", "content-length"), (b"T", "platform"), (b"G", "http")],
)  # fmt: skip
def test_first_byte_tells(byte, kind):
    """The first byte of a connection tells its framing."""
    assert kind == sniff(byte) == sniff(byte[0])


@pytest.mark.parametrize(
    "start, kind",
    [
        (b"", None), (b"{", "lines"), (b"7", "lines"), (b"null", "lines"), (b"\xef", "lines"), (b"hello", "lines"),
        (b"C", None), (b"c", None), (b"Content-Leng", None), (b"content-length", None), (b"Content-Type \t", None),
        (b"Content-Length:", "content-length"), (b"content-type : x", "content-length"), (b"CONTENT-LENGTH:7", "content-length"),
        (b"Content-Length / HTTP/1.1", "http"), (b"Content-Length" + b" " * 99, "http"), (b"Content-LengthX:", "http"), (b"Cop", "http"),
        (b"T", None), (b"TBP", None), (b"TBP1", None), (b"TBP1\0", "platform"), (b"TBP1\4", "platform"), (b"TBP1\5", "http"),
        (b"TBP1 / HTTP/1.1", "http"), (b"TBP1X", "http"), (b"TBP2", "http"), (b"TR", "http"),
        (b"G", "http"), (b"POST", "http"), (b"NaN", "http"),
    ],
)  # fmt: skip
def test_first_bytes_tell(start, kind):
    """On a port, what begins with a capital letter is HTTP unless it is one of ours for sure; None asks for more."""
    assert kind == opening(start)


def test_lines_with_any_end():
    """LF and CRLF end a line, blank lines are none."""
    assert [b"{}", b"[1] ", b"2"] == feed(LineFraming(), b"{}\n\r\n \t\n[1] \r\n\n2\n")


def test_line_in_pieces():
    """A line is answered when its end comes, and only then."""
    framing = LineFraming()

    assert [] == feed(framing, b"", b'{"a"', b":1", b"}\r")
    assert [b'{"a":1}', b"2"] == feed(framing, b"\n2\n3")
    assert [b"34"] == feed(framing, b"4\n")


def test_unfinished_line_at_the_end():
    """The line that the input ends in counts, unless it is blank."""
    framing = LineFraming()
    feed(framing, b"1\n2")

    assert [b"2"] == framing.finish()
    assert [] == framing.finish()
    feed(framing, b" \r")
    assert [] == framing.finish()


def test_long_line_is_skipped():
    """A line over the limit is refused once, when that is known, and the next one is read."""
    framing = LineFraming(limit=5)

    assert [b"12345", b"12345", -32600, b"1"] == feed(framing, b"12345\n12345\r\n123456\n1\n")
    assert [-32600] == feed(framing, b"123", b"4567", b"89")
    assert [b"1", b"12345"] == feed(framing, b"0", b"\n1\n", b"12345\r", b"\n")
    assert [-32600, -32600] == feed(framing, b"12345x", b"\n", b"12345\r\r", b"\n")


def test_long_line_at_the_end():
    """A line that was refused is not answered again at the end."""
    framing = LineFraming(limit=5)
    assert [-32600] == feed(framing, b"1234567")

    assert [] == framing.finish()
    assert [b"1"] == feed(framing, b"1\n")


def test_replies_as_lines():
    """A reply is one line."""
    assert b"{}\n" == LineFraming.encode(b"{}")


def test_headers_of_any_form():
    """Field names have no case, other fields are ignored, LF will do, and so will empty lines between frames."""
    data = (
        b"Content-Length: 2\r\n\r\n{}"
        b"\r\n\r\ncontent-length:2\n\n[]"
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH :  1 \r\nX-Any:\r\n\r\n3"
    )

    assert [b"{}", b"[]", b"3"] == feed(ContentLengthFraming(), data)
    assert [b"{}", b"[]", b"3"] == feed(ContentLengthFraming(), *(bytes([byte]) for byte in data))


def test_body_of_no_bytes():
    """An empty body is a message, if not of JSON."""
    assert [b"", b"1"] == feed(ContentLengthFraming(), framed(b"", b"1"))


def test_body_over_the_limit():
    """A body over the limit is refused at its header and skipped."""
    framing = ContentLengthFraming(limit=5)

    assert [b"12345", -32600] == feed(framing, framed(b"12345") + b"Content-Length: 6\r\n\r\n12")
    assert [b"1"] == feed(framing, b"3456" + framed(b"1"))


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: abc\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 1e3\r\n\r\n",
        b"Content-Length:\r\n\r\n",
        b"Content-Length: 9999999999999999999\r\n\r\n",
        b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"Content-Type: text/plain\r\n\r\n",
        b"Content-Length 5\r\n\r\n",
        b"Content\x00Length: 5\r\n\r\n",
        b": 5\r\n\r\n",
        b"X: " + b"x" * 9000,
        b"X: y\r\n" * 2000 + b"\r\n",
        b'{"jsonrpc":"2.0"}\n',
    ],
)
def test_broken_header_costs_one_frame(header):
    """After a header that says no length, the next header is found."""
    data = framed(b"1") + header + b'{"some":"body"}' + framed(b"2", b"3")

    for framing, parts in (
        (ContentLengthFraming(), [data]),
        (ContentLengthFraming(), [bytes([byte]) for byte in data]),
    ):
        assert [b"1", -32700, b"2", b"3"] == feed(framing, *parts)
        assert [] == framing.finish()


def test_header_repeated_alike():
    """The same length twice is one length."""
    assert [b"1"] == feed(ContentLengthFraming(), b"Content-Length: 1\r\nContent-Length: 1\r\n\r\n1")


@pytest.mark.parametrize(
    "rest", [b"Content", b"Content-Length: 5\r\n", b"Content-Length: 5\r\n\r\n", framed(b"12")[:-1]]
)
def test_input_ends_inside_a_frame(rest):
    """A frame that never became whole is refused at the end; empty lines are no frame."""
    framing = ContentLengthFraming()
    feed(framing, framed(b"1") + rest)

    assert [-32700] == shown(framing.finish())
    assert [b"1"] == feed(framing, framed(b"1") + b"\r\n")
    assert [] == framing.finish()


def cuts(data, places):
    places = sorted({min(place, len(data)) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(places)]


BODIES = st.lists(st.binary(max_size=30))
PLACES = st.sets(st.integers(0, 400))


@given(BODIES, PLACES)
def test_any_cut_of_headers(bodies, places):
    """Bodies come whole, whatever they hold and however the stream is cut."""
    framing = ContentLengthFraming()

    assert bodies == feed(framing, *cuts(framed(*bodies), places))
    assert [] == framing.finish()


PARTS = [b"Content-Length: 3\r\n\r\n", b"content-type:", b"Content-Length:", b"\r\n", b"\n", b"x", b"\x00", b" ", b"12"]
JUNK = st.lists(st.sampled_from(PARTS)).map(b"".join)


@settings(max_examples=300)
@given(st.binary(max_size=100) | JUNK, PLACES)
@example(b"Content-Length:\n1", {1})
def test_any_bytes_in_any_cut(data, places):
    """Both framings answer any bytes, the same ones however they are cut, and end."""
    for make in (LineFraming, ContentLengthFraming):
        whole, cut = make(4), make(4)
        expected = feed(whole, data) + shown(whole.finish())

        assert expected == feed(cut, *cuts(data, places)) + shown(cut.finish())


def test_hostile_headers_take_linear_time():
    """A megabyte of beginnings of headers is worked through at once."""
    for junk in (b"Content-Type:" * 80_000, b"Content-Length:x\n" * 60_000, b"\n" * 1_000_000, b"a:\n" * 300_000):
        framing = ContentLengthFraming()
        feed(framing, junk)

        assert [b"1"] == feed(framing, b"\r\n", b"x\n" * 10_000 + framed(b"1"))[-1:]
