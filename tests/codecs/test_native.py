"""The native library's frames: any bytes give frames, values or a plain problem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.codecs import native
from bridge.codecs.errors import CodecError
from bridge.codecs.framing import opening

VALUES = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.text(st.characters(codec="utf-8"))


@given(st.lists(VALUES))
def test_values_survive_the_wire(values: list[native.Value]) -> None:
    """Every value comes back as it went."""
    assert values == native.decode_values(native.encode_values(*values))


@given(st.lists(st.tuples(st.integers(0, 8), st.binary(max_size=40)), max_size=8), st.integers(1, 7))
def test_frames_survive_any_cut(frames: list[tuple[int, bytes]], step: int) -> None:
    """Frames come out whole however the stream is cut."""
    data = native.MAGIC + b"".join(native.encode_frame(kind, rest) for kind, rest in frames)
    framing = native.NativeFraming()
    assert frames == [frame for at in range(0, len(data), step) for frame in framing.feed(data[at : at + step])]
    assert "" == framing.problem


@given(st.binary(max_size=60))
def test_any_bytes_are_values_or_a_flaw(data: bytes) -> None:
    """Bytes of any kind are decoded or refused as a codec refuses."""
    for decode in (native.decode_values, native.decode_hello, native.decode_call, native.decode_mark):
        try:
            decode(data)
        except CodecError as flaw:
            assert flaw.message


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"TBN2", "The connection does not start with TBN1."),
        (b"TBN1\x00\x00\x00\x00", "A frame has 0 bytes; it may have 1 to 67108864."),
        (b"TBN1\x04\x00\x00\x01", "A frame has 67108865 bytes; it may have 1 to 67108864."),
    ],
)
def test_wrong_lengths_break_the_stream(data: bytes, problem: str) -> None:
    """What cannot be a frame ends the stream; nothing behind it is looked at."""
    framing = native.NativeFraming()
    assert ([], problem) == (framing.feed(data), framing.problem)
    assert [] == framing.feed(native.encode_frame(native.HELLO))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"s\x00\x00\x00\x05abc", "A text is longer than its frame. (at byte 1)"),
        (b"i\x00", "A number is longer than its frame. (at byte 1)"),
        (b"nx", "No value is of type 120. (at byte 1)"),
    ],
)
def test_broken_values_are_refused(data: bytes, message: str) -> None:
    """A value that is cut short, or of no type, is refused with its place."""
    with pytest.raises(CodecError) as caught:
        native.decode_values(data)
    assert message == caught.value.message


def test_mark_is_a_number() -> None:
    """A mark comes back as it went; one of another length is refused."""
    assert 7 == native.decode_mark(native.encode_mark(7)[5:])
    with pytest.raises(CodecError, match="4 bytes"):
        native.decode_mark(b"\x00")


def test_number_beyond_64_bits_has_no_form() -> None:
    """A number that no C type holds is not encoded."""
    with pytest.raises(CodecError, match="64 bits"):
        native.encode_values(1 << 64)


@pytest.mark.parametrize(
    ("start", "kind"),
    [(b"TBN1", None), (b"TBN", None), (b"TBN1\x00", "native"), (b"TBN1 / HTTP/1.1", "http"), (b"TBN2\x00", "http"), (b"TBN1\x05", "http")],
)
def test_preamble_tells_the_library(start: bytes, kind: str | None) -> None:
    """The magic with the length of a frame behind it is the library; a page that calls a method so is HTTP."""
    assert kind == opening(start)


def test_table_names_every_parameter_once() -> None:
    """The table has every export, and no function two parameters of one name."""
    assert 233 == len(native.TABLE)
    assert all(len(set(names)) == len(names) for _, _, names in native.TABLE.values())
