"""Flutter's standard codecs: the committed vectors, round trips, and what happens to anything else."""

import json
import math
import struct
from array import array
from enum import IntEnum, StrEnum
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridge.codecs.errors import CodecError, PlatformException
from bridge.codecs.standard import STANDARD, STANDARD_MESSAGE, PairMap

VECTORS = json.loads(Path(__file__, "../../../fixtures/codecs/standard.json").resolve().read_text("utf-8"))


def unhex(text):
    """Read the notation of the vectors: `61x3` is the byte 61, three times."""
    return b"".join(bytes.fromhex(part.split("x")[0]) * int((part + "x1").split("x")[1]) for part in text.split())


def build(value):
    """Turn the vectors' notation into the value it stands for."""
    if isinstance(value, list):
        return [build(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind, content = next(iter(value.items()))
    if kind == "uint8":
        return bytes(content[:1]) * content[1] if value.get("repeat") else bytes(content)
    return {
        "double": lambda: float(content),
        "map": lambda: {build(key): build(item) for key, item in content},
        "pairs": lambda: PairMap((build(key), build(item)) for key, item in content),
        "text": lambda: content[0] * content[1],
        "items": lambda: content[:1] * content[1],
        "surrogate": lambda: chr(int(content, 16)),
        "int32": lambda: array("i", content),
        "int64": lambda: array("q", content),
        "float32": lambda: array("f", map(float, content)),
        "float64": lambda: array("d", map(float, content)),
    }[kind]()


def alike(one, other):
    """Tell whether two values are the same in type, too; NaN is like NaN, -0.0 is not like 0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return struct.pack("<d", one) == struct.pack("<d", other) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, array):
        return (one.typecode, one.tobytes()) == (other.typecode, other.tobytes())
    if isinstance(one, dict):
        return len(one) == len(other) and all(map(alike, one.items(), other.items()))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


def named(kind, only):
    cases = [case for case in VECTORS[kind] if case.get("only") in (None, only)]
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


@named("messages", "encode")
def test_message_vectors_are_written(case):
    """Each value gives exactly the bytes of its vector."""
    assert unhex(case["hex"]) == STANDARD_MESSAGE.encode_message(build(case["value"]))


@named("messages", "decode")
def test_message_vectors_are_read(case):
    """The bytes of each vector give exactly its value."""
    assert alike(build(case["value"]), STANDARD_MESSAGE.decode_message(unhex(case["hex"])))


@named("calls", "encode")
def test_call_vectors_are_written(case):
    """A call is the method's name and the arguments, end to end."""
    assert unhex(case["hex"]) == STANDARD.encode_call(case["method"], build(case["arguments"]))


@named("calls", "decode")
def test_call_vectors_are_read(case):
    """A call gives its method and arguments."""
    method, arguments = STANDARD.decode_call(unhex(case["hex"]))

    assert case["method"] == method
    assert alike(build(case["arguments"]), arguments)


@named("results", "both")
def test_result_vectors(case):
    """A success is the byte 0 and the result."""
    assert unhex(case["hex"]) == STANDARD.encode_result(build(case["value"]))
    assert alike(build(case["value"]), STANDARD.decode_envelope(unhex(case["hex"])))


@named("errors", "encode")
def test_error_vectors_are_written(case):
    """An error is the byte 1, code, message and details."""
    assert unhex(case["hex"]) == STANDARD.encode_error(case["code"], case["message"], build(case["details"]))


@named("errors", "decode")
def test_error_vectors_are_read(case):
    """An error's envelope raises what Flutter throws, stack trace and all."""
    with pytest.raises(PlatformException) as raised:
        STANDARD.decode_envelope(unhex(case["hex"]))

    expected = (case["code"], case["message"], build(case["details"]), case.get("stacktrace"))
    assert expected == (raised.value.code, raised.value.message, raised.value.details, raised.value.stacktrace)


@pytest.mark.parametrize("case", VECTORS["refused"], ids=[case["because"] for case in VECTORS["refused"]])
def test_refused_vectors(case):
    """Bytes that are no message are refused at the byte where that shows."""
    with pytest.raises(CodecError) as raised:
        STANDARD_MESSAGE.decode_message(unhex(case["hex"]))

    assert case["offset"] == raised.value.offset


def test_null_message_is_absent():
    """The message of null is no message, in both directions."""
    assert STANDARD_MESSAGE.encode_message(None) is None
    assert STANDARD_MESSAGE.decode_message(None) is None


@pytest.mark.parametrize("value", [1 << 63, -(1 << 63) - 1, 10**30])
def test_int_beyond_64_bits(value):
    """An integer that Flutter cannot carry is refused, not cut."""
    with pytest.raises(CodecError, match="64 bits"):
        STANDARD.encode_result([value])


@pytest.mark.parametrize("value", [object(), {1, 2}, 1j, array("H", [1])], ids=lambda value: type(value).__name__)
def test_types_without_form(value):
    """A type that Flutter has no form for is refused."""
    with pytest.raises(CodecError, match="Flutter has no"):
        STANDARD.encode_result(value)


def test_hundred_levels_both_ways():
    """A hundred levels pass in both directions, one more does not."""
    value: list | None = None
    for _ in range(100):
        value = [value]

    assert value == STANDARD.decode_envelope(STANDARD.encode_result(value))
    with pytest.raises(CodecError, match="nested"):
        STANDARD.encode_result([value])
    with pytest.raises(CodecError, match="nested"):
        STANDARD_MESSAGE.decode_message(b"\x0c\x01" * 101 + b"\x00")


def test_deep_maps_are_refused():
    """A map of maps, and maps as keys, are as bounded as lists."""
    for level in (b"\x0d\x01", b"\x0d\x01\x00"):
        with pytest.raises(CodecError, match="nested"):
            STANDARD_MESSAGE.decode_message(level * 100_000)


def test_value_that_contains_itself():
    """A circle is refused as too deep."""
    circle: dict = {}
    circle["self"] = circle

    with pytest.raises(CodecError, match="nested"):
        STANDARD.encode_result(circle)


def test_bytes_of_any_kind():
    """Views and mutable bytes are written as a Uint8List."""
    for value in (b"ab", bytearray(b"ab"), memoryview(b"ab"), array("B", b"ab").tobytes()):
        assert b"\0\x08\x02ab" == STANDARD.encode_result(value)


def test_subclasses_as_their_base():
    """A member of an enum is written as the value that it is."""

    class Text(StrEnum):
        A = "x"

    class Number(IntEnum):
        ONE = 1

    assert STANDARD.encode_result(["x", 1, [1]]) == STANDARD.encode_result((Text.A, Number.ONE, (1,)))


def test_joined_surrogates_are_text():
    """Halves that make a character together are written as that character."""
    assert STANDARD.encode_result("😀") == STANDARD.encode_result("\ud83d\ude00")


@pytest.mark.parametrize("payload", [b"", b"\x07\x01m", b"\x00\x00", b"\x07\x01m\x00\x00"])
def test_calls_that_are_none(payload):
    """A call is a string and one value."""
    with pytest.raises(CodecError):
        STANDARD.decode_call(payload)


@pytest.mark.parametrize("envelope", ["", "00", "00 00 00", "01", "01 00 00 00", "01 07 00 01 00", "01 07 00 00 00 01",
                                      "01 07 00 00 00 00 00"])  # fmt: skip
def test_envelopes_that_are_none(envelope):
    """An envelope is whole, and an error's texts are texts."""
    with pytest.raises(CodecError):
        STANDARD.decode_envelope(unhex(envelope))


SCALARS = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.floats() | st.text() | st.binary()
TYPED = (
    st.lists(st.integers(-(1 << 31), (1 << 31) - 1)).map(lambda items: array("i", items))
    | st.lists(st.integers(-(1 << 63), (1 << 63) - 1)).map(lambda items: array("q", items))
    | st.lists(st.floats(width=32)).map(lambda items: array("f", items))
    | st.lists(st.floats()).map(lambda items: array("d", items))
)
KEYS = st.text() | st.integers(2, 1 << 40) | st.none() | st.binary()
VALUES = st.recursive(SCALARS | TYPED, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=30)


@given(VALUES)
def test_round_trip_of_values(value):
    """What was written reads the same, types included."""
    assert alike(value, STANDARD.decode_envelope(STANDARD.encode_result(value)))


@given(st.text(), VALUES)
def test_round_trip_of_calls(method, arguments):
    """A call reads as it was written."""
    read = STANDARD.decode_call(STANDARD.encode_call(method, arguments))

    assert alike((method, arguments), read)


@given(VALUES, st.data())
def test_cut_messages_are_refused(value, data):
    """No beginning of a message is a message."""
    whole = STANDARD.encode_result(value)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]

    with pytest.raises(CodecError):
        STANDARD.decode_envelope(cut)


JUNK = st.binary(max_size=200) | st.lists(st.integers(0, 15), max_size=60).map(bytes)


@settings(max_examples=500)
@given(JUNK)
@example(b"\x0d\xff\xff\xff\xff\xff" + b"\x00" * 50)
def test_any_bytes_are_answered(data):
    """Any bytes give a value or a `CodecError`, and a value that was read can be read again once written."""
    for decode in (STANDARD_MESSAGE.decode_message, STANDARD.decode_call, STANDARD.decode_envelope):
        try:
            value = decode(data)
        except (CodecError, PlatformException):
            continue
        try:
            again = STANDARD.encode_result(value)
        except CodecError as refused:
            assert "64 bits" in refused.message
        else:
            assert again == STANDARD.encode_result(STANDARD.decode_envelope(again))


@settings(max_examples=300)
@given(VALUES, st.data())
def test_flipped_bytes_are_answered(value, data):
    """A message with one byte changed gives a value or a `CodecError`."""
    message = bytearray(STANDARD.encode_result(value))
    message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    try:
        STANDARD.decode_envelope(bytes(message))
    except (CodecError, PlatformException):
        pass
