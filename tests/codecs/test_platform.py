"""Platform messages in a stream: the layout byte for byte, and what happens to anything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.codecs import platform
from bridge.codecs.errors import MAX_MESSAGE_BYTES, CodecError, PlatformException, Refused
from bridge.codecs.framing import sniff
from bridge.codecs.platform import EVENT, EVENT_REPLY, MAGIC, MESSAGE, NO_HANDLER, REPLY, PlatformFrame, PlatformFraming
from bridge.codecs.standard import STANDARD

CALL = PlatformFrame(MESSAGE, 7, "tencent_cloud_chat_sdk", STANDARD.encode_call("initSDK", None))


def shown(frames):
    """Show refusals as code and request id."""
    return [(frame.code, frame.request_id) if isinstance(frame, Refused) else frame for frame in frames]


def client(*, limit=MAX_MESSAGE_BYTES):
    return PlatformFraming(expect_magic=False, limit=limit)


def test_layout_of_a_frame():
    """Length, kind, request id, length of the name, name, payload; numbers big-endian."""
    frame = bytes.fromhex("0000000c 00 00000102 0002") + b"ch" + b"\x00\x01\xff"

    assert frame == platform.encode_frame(MESSAGE, 0x102, "ch", b"\x00\x01\xff")
    assert [PlatformFrame(MESSAGE, 0x102, "ch", b"\x00\x01\xff")] == client().feed(frame)


def test_magic_opens():
    """The bridge reads frames after the magic, which no other framing starts with."""
    framing = PlatformFraming()
    stream = MAGIC + platform.encode_frame(*CALL)

    assert "platform" == sniff(MAGIC[:1])
    assert [CALL] == [frame for byte in stream for frame in framing.feed(bytes([byte]))]
    assert not framing.broken


@pytest.mark.parametrize("start", [b"{", b"TBP2", b"TBX", b"GET /"])
def test_other_openings_break(start):
    """Without the magic there is nothing to tell frames by."""
    framing = PlatformFraming()

    assert [(-32700, None)] == shown(framing.feed(start))
    assert framing.broken
    assert [] == framing.feed(MAGIC + platform.encode_frame(*CALL)) + framing.finish()


def test_replies_and_events():
    """A reply has no channel; an event is a call on its channel."""
    stream = platform.encode_reply(7, platform.encode_result(None)) + platform.encode_event(1, "ch", "on", {"a": 1})

    reply, event = client().feed(stream)

    assert (REPLY, 7, "", b"\0\0") == reply
    assert (EVENT, 1, "ch") == event[:3]
    assert ("on", {"a": 1}) == platform.decode_call(event.payload)


def test_no_handler_is_not_null():
    """Nobody handles it, and handled with null, are different replies."""
    nobody, null = client().feed(
        platform.encode_reply(1, NO_HANDLER) + platform.encode_reply(2, platform.encode_result(None))
    )

    assert b"" == nobody.payload
    assert STANDARD.decode_envelope(null.payload) is None


def test_error_envelope():
    """An error raises in Dart what it raises here."""
    with pytest.raises(PlatformException) as raised:
        STANDARD.decode_envelope(platform.encode_error("c", "m", [1]))

    assert ("c", "m", [1], None) == raised.value.args


@pytest.mark.parametrize(
    "frame, refusal",
    [
        ("0000000a 00 00000005 0004 616263", (-32700, 5)),  # a name longer than its frame
        ("00000008 00 00000005 0001 ff", (-32700, 5)),  # a name that is not UTF-8
        ("00000008 01 00000005 0001 ff", (-32700, None)),  # in a reply, which nobody answers
        ("00000007 04 00000005 0000", (-32600, None)),  # an unknown kind
    ],
)
def test_bad_frame_costs_itself(frame, refusal):
    """A frame whose length is known is skipped, and the next one read."""
    stream = platform.encode_frame(*CALL) + bytes.fromhex(frame) + platform.encode_frame(*CALL)

    assert [CALL, refusal, CALL] == shown(client().feed(stream))


def test_frame_over_the_limit():
    """A frame over the limit is refused at its header, with its id, and skipped."""
    framing = client(limit=50)
    long = platform.encode_frame(MESSAGE, 9, "ch", b"x" * 100)

    assert [(-32600, 9)] == shown(framing.feed(long[:40]))
    assert [] == framing.feed(long[40:80])
    assert [CALL] == framing.feed(long[80:] + platform.encode_frame(*CALL))


@pytest.mark.parametrize("start", ["00000006", "00000000 0000", "00000006 00 00000001 0000"])
def test_length_that_cannot_be(start):
    """A length too small for a header breaks the stream."""
    framing = client()

    assert [(-32700, None)] == shown(framing.feed(bytes.fromhex(start)))
    assert framing.broken


def test_input_ends_inside_a_frame():
    """A frame that never became whole is refused at the end."""
    framing = client()
    framing.feed(platform.encode_frame(*CALL)[:-1])

    assert [(-32700, None)] == shown(framing.finish())
    assert [] == framing.finish()


def test_input_ends_inside_a_skipped_frame():
    """So is one that was being skipped, of which nothing is kept."""
    framing = client(limit=50)
    framing.feed(platform.encode_frame(MESSAGE, 9, "ch", b"x" * 100)[:40])

    assert [(-32700, None)] == shown(framing.finish())
    assert [] == framing.finish()


@pytest.mark.parametrize(
    "frame",
    [(4, 0, "", b""), (-1, 0, "", b""), (0, -1, "", b""), (0, 1 << 32, "", b""), (0, 0, "x" * 65536, b""),
     (0, 0, "", bytes(MAX_MESSAGE_BYTES))],
    ids=["kind", "negative kind", "negative id", "id", "channel", "payload"],
)  # fmt: skip
def test_fields_that_do_not_fit(frame):
    """What does not fit its field is refused, not cut."""
    with pytest.raises(CodecError):
        platform.encode_frame(*frame)


FRAMES = st.lists(
    st.builds(
        PlatformFrame,
        st.sampled_from([MESSAGE, REPLY, EVENT, EVENT_REPLY]),
        st.integers(0, 0xFFFFFFFF),
        st.text(st.characters(codec="utf-8"), max_size=10),
        st.binary(max_size=30),
    ),
    max_size=5,
)


def fed_in_pieces(framing, data, size):
    return [frame for start in range(0, len(data), size) for frame in framing.feed(data[start : start + size])]


@given(FRAMES, st.integers(1, 40))
def test_round_trip_in_pieces(frames, size):
    """Frames come whole, however the stream is cut."""
    framing = PlatformFraming()
    stream = MAGIC + b"".join(platform.encode_frame(*frame) for frame in frames)

    assert frames == fed_in_pieces(framing, stream, size)
    assert [] == framing.finish()


JUNK = st.lists(st.sampled_from([0, 0, 0, 1, 2, 7, 8, 9, 255])).map(bytes)


@settings(max_examples=300)
@given(st.binary(max_size=100) | JUNK, st.integers(1, 40))
def test_any_bytes_in_any_cut(data, size):
    """Any bytes are answered, the same however they are cut."""
    whole, cut = PlatformFraming(limit=20), PlatformFraming(limit=20)
    data = MAGIC + data

    expected = shown(whole.feed(data) + whole.finish())

    assert expected == shown(fed_in_pieces(cut, data, size) + cut.finish())
