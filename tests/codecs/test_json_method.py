"""Flutter's JSON codecs, which share their shape with the standard ones."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.codecs.errors import CodecError, PlatformException
from bridge.codecs.json_method import JSON, JSONMessageCodec

MESSAGES = JSONMessageCodec()


def test_call_as_map():
    """A call is a map of method and args."""
    message = JSON.encode_call("login", {"userID": "é"})

    assert '{"method":"login","args":{"userID":"é"}}'.encode() == message
    assert ("login", {"userID": "é"}) == JSON.decode_call(message)


def test_call_without_args():
    """Arguments left out are null."""
    assert ("m", None) == JSON.decode_call(b'{"method":"m"}')


def test_success_in_a_list():
    """A success is a list of the result alone."""
    assert b"[null]" == JSON.encode_result(None)
    assert [1.0] == JSON.decode_envelope(b"[[1.0]]")


@pytest.mark.parametrize("tail, stacktrace", [(b"]", None), (b",null]", None), (b',"at x"]', "at x")])
def test_error_in_a_list(tail, stacktrace):
    """An error is a list of code, message and details, and of a stack trace where there is one."""
    with pytest.raises(PlatformException) as raised:
        JSON.decode_envelope(b'["c",null,{"a":1}' + tail)

    assert ("c", None, {"a": 1}, stacktrace) == raised.value.args
    assert b'["c",null,{"a":1}]' == JSON.encode_error("c", None, {"a": 1})


def test_null_message_is_absent():
    """The message of null is no message, but a JSON null is read."""
    assert MESSAGES.encode_message(None) is None
    assert MESSAGES.decode_message(None) is None
    assert MESSAGES.decode_message(b"null") is None


def test_binary_as_numbers():
    """Binary data and typed lists are lists of numbers, and `$bytes` is a key like any other."""
    assert b"[[[1,2],[3],[0.5]]]" == JSON.encode_result([b"\1\2", array("i", [3]), array("d", [0.5])])
    assert {"$bytes": "!"} == JSON.decode_envelope(b'[{"$bytes":"!"}]')


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), array("d", [float("inf")]), {1: 2}, object()])
def test_values_without_form(value):
    """What Dart's encoder refuses is refused."""
    with pytest.raises(CodecError):
        JSON.encode_result(value)


def test_value_that_contains_itself():
    """A circle is refused as too deep."""
    circle: list = []
    circle.append(circle)

    with pytest.raises(CodecError, match="nested"):
        MESSAGES.encode_message(circle)


@pytest.mark.parametrize("message", [b"", b"\xff", b"[]", b'{"args":1}', b'{"method":1}', b'{"method":"m"} 1'])
def test_calls_that_are_none(message):
    """A call is a JSON object with a method."""
    with pytest.raises(CodecError):
        JSON.decode_call(message)


@pytest.mark.parametrize(
    "envelope", [b"", b"{}", b"[]", b"[1,2]", b"[1,2,3]", b'["c",1,2]', b'["c",null,2,3]', b"[1,2,3,4,5]"]
)
def test_envelopes_that_are_none(envelope):
    """An envelope has one element, or an error's three or four."""
    with pytest.raises(CodecError):
        JSON.decode_envelope(envelope)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.text(), VALUES)
def test_round_trip_of_calls(method, arguments):
    """A call reads as it was written, and so does a result."""
    assert (method, arguments) == JSON.decode_call(JSON.encode_call(method, arguments))
    assert arguments == JSON.decode_envelope(JSON.encode_result(arguments))


@given(st.binary(max_size=100) | st.text('[]{}",:0123456789.eE+-\\ntrufals $', max_size=60).map(str.encode))
def test_any_bytes_are_answered(data):
    """Any bytes give a value or a `CodecError`."""
    for decode in (MESSAGES.decode_message, JSON.decode_call, JSON.decode_envelope):
        try:
            decode(data)
        except (CodecError, PlatformException):
            pass
