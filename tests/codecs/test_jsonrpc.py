"""JSON texts of the wire: what goes through unchanged, what is tagged, what is refused and with which code."""

import json
import math
import re
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.codecs import jsonrpc
from bridge.codecs.errors import MAX_MESSAGE_BYTES, ParseRefused
from bridge.codecs.jsonrpc import dumps, loads, loads_untagged

MANY = [{"n": number} for number in range(200)]


def refusal(text):
    with pytest.raises(ParseRefused) as raised:
        loads(text)
    return raised.value.code


def test_plain_text_both_ways():
    """Plain JSON is read and written compactly."""
    value = {"a": [1, -2.5, None, True, "é\n"], "b": {}}

    assert value == loads(' {"a": [1, -2.5, null, true, "é\\n"], "b": {}} \r\n'.encode())
    assert '{"a":[1,-2.5,null,true,"é\\n"],"b":{}}'.encode() == dumps(value)


@pytest.mark.parametrize("value, text", [(b"", b'{"$bytes":""}'), (b"\0\xff", b'{"$bytes":"AP8="}')])
def test_bytes_are_tagged(value, text):
    """Bytes travel as base64 under a key of their own, at any depth and in texts of any size."""
    assert text == dumps(value) == dumps(bytearray(value)) == dumps(memoryview(value))
    assert value == loads(text)
    assert [MANY, {"x": value}] == loads(dumps([MANY, {"x": value}]))


def test_escaped_tag_is_a_tag():
    """A key is what its escapes stand for."""
    assert b"a" == loads(rb'{"\u0024byt\u0065s":"YQ=="}')


@pytest.mark.parametrize("text", ['{"$bytes":"YQ==","a":1}', '{"$byte":"YQ=="}', '{"$double":1}', '{"$double":"x"}'])
def test_near_tags_are_objects(text):
    """Only an object with exactly that key is a tag."""
    assert json.loads(text) == loads(text)


def test_untagged_reading():
    """Where tags mean nothing, they are objects."""
    assert {"$bytes": "!"} == loads_untagged('{"$bytes":"!"}')


@pytest.mark.parametrize("content", ["YQ", "Y Q==", "YQ==\\n", "é", "_-==", "=", 1, None, '{"$bytes":""}'])
def test_tag_without_base64(content):
    """What claims to be bytes must be."""
    text = content if isinstance(content, str) and content[0] == "{" else json.dumps(content).replace("\\\\", "\\")

    assert -32600 == refusal(f'{{"$bytes":{text}}}')


def test_array_as_list():
    """A typed list is written as a list of its numbers."""
    assert b"[[1,2],[0.5]]" == dumps([array("i", [1, 2]), array("d", [0.5])])


@pytest.mark.parametrize(
    "value, text",
    [
        (1.0, b"1.0"),
        (-0.0, b"-0.0"),
        (1e22, b"1.0e+22"),
        (-1e22, b"-1.0e+22"),
        (1.5e300, b"1.5e+300"),
        (5e-324, b"5.0e-324"),
    ],
)
def test_doubles_carry_a_point(value, text):
    """A double is told from an integer by its point, wherever it stands."""
    assert text == dumps(value)
    assert b'{"a":[' + text + b',"1e+22"],"b":' + text + b"}" == dumps({"a": [value, "1e+22"], "b": value})
    assert isinstance(loads(text), float)


def test_text_that_looks_like_doubles():
    """Numbers inside strings are text, whatever quotes are around."""
    value = ['[1e+22,"', "\\", ",1e-05", 1e-05, {":1e+22": '"'}]

    assert value == loads(dumps(value))
    assert b',1.0e-05,{":1e+22":' in dumps(value)


@pytest.mark.parametrize("name, value", [("NaN", math.nan), ("Infinity", math.inf), ("-Infinity", -math.inf)])
def test_odd_doubles_are_tagged(name, value):
    """NaN and the infinities stay JSON on the wire, and come back."""
    text = dumps({"a": (value, b"x", 1.0), "b": array("f", [value])})

    assert f'{{"a":[{{"$double":"{name}"}},{{"$bytes":"eA=="}},1.0],"b":[{{"$double":"{name}"}}]}}'.encode() == text
    assert repr([value]) == repr(loads(text)["b"])


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a":-Infinity}'])
def test_bare_odd_doubles(text):
    """The names that Python would take are not JSON."""
    assert -32700 == refusal(text)


def test_number_beyond_doubles():
    """A number too large for a double is an infinity, as in Dart."""
    assert [math.inf, -math.inf, 0.0] == loads("[1e999,-1e999,1e-999]")


def test_big_ints_stay_exact():
    """An integer of any size that is read is written digit by digit."""
    for value in (2**53 + 1, -(2**63) - 1, 10**4000 + 7):
        assert value == loads(dumps(value))


def test_too_many_digits():
    """An integer that takes too long to convert is refused."""
    assert -32600 == refusal("[" + "9" * 5000 + "]")


def test_lone_surrogates_escaped():
    """UTF-8 is written as it is, a lone surrogate as an escape; both read as they were."""
    assert b'"\\ud800 \xc3\xa9 \xf0\x9f\x98\x80"' == dumps("\ud800 é 😀")
    assert "\ud800" == loads(dumps("\ud800"))
    assert "😀" == loads(dumps("\ud83d\ude00"))


@pytest.mark.parametrize("text", [b'"\xff"', b'"\xed\xa0\x80"', b'"\xc0\x80"', b'"\xc3'])
def test_invalid_utf8(text):
    """Bytes that are not UTF-8 are no JSON."""
    assert -32700 == refusal(text)


def test_byte_order_mark():
    """The mark that some shells put before their output is skipped; a second one is not."""
    assert [1] == loads(b"\xef\xbb\xbf [1]") == loads("\ufeff[1]")
    assert -32700 == refusal("\ufeff\ufeff[1]")


@pytest.mark.parametrize(
    "text", ["", " ", "{", "[1,]", "[1 2]", "1 2", "nul", "'a'", '{"a":1,}', "{a:1}", '"\n"', "01", "1.", "[1]]", "\\"]
)
def test_what_is_not_json(text):
    """A text that is not one JSON value is refused as such, alone and after many objects."""
    assert -32700 == refusal(text)
    assert -32700 == refusal(json.dumps(MANY)[:-1] + "," + text + "]")


def test_repeated_keys():
    """A key that stands twice in an object is refused and named, in small texts and large ones."""
    for text in (
        '{"a":1,"b":2,"a":1}',
        '{"a" :1, "\\u0061" :2}',
        '[{"x":{"k":{"a":[],"a":[]}}}]',
        '{"a":{"$bytes":""},"a":1}',
    ):
        with pytest.raises(ParseRefused, match="'a'") as raised:
            loads(text)
        assert -32600 == raised.value.code
        with pytest.raises(ParseRefused, match="'a'"):
            loads(json.dumps([*MANY, ': \\ " {'])[:-1] + "," + text + "]")


def test_repeated_tag():
    """A tag that stands twice is a key that stands twice."""
    for before in ("[", json.dumps(MANY)[:-1] + ","):
        assert -32600 == refusal(before + '{"$bytes":"","$bytes":""}]')


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}"), ('[{"\\"[":', "}]")])
def test_nesting_to_a_hundred(opening, closing):
    """A hundred levels are read, one more is refused, brackets in strings do not count."""
    levels = 100 // (len(closing))

    assert loads(opening * levels + '"]]]["' + closing * levels)
    assert -32600 == refusal(opening * levels + '["]]]["]' + closing * levels)


def test_nesting_of_any_depth():
    """No depth reaches Python's recursion limit, whether the text is whole or not."""
    for text in ("[" * 10**6, '{"a":' * 10**6, "[" * 10**6 + "]" * 10**6, '"]]"' + "[" * 10**6):
        assert refusal(text) in (-32600, -32700)


def test_many_shallow_brackets():
    """Only depth is bounded, not the number of lists."""
    text = "[" + ",".join(["[[]]"] * 10_000) + "]"

    assert json.loads(text) == loads(text)


def test_length_limit():
    """A text of 64 MiB is read, a longer one refused unread."""
    assert "" == loads(b'""'.ljust(MAX_MESSAGE_BYTES))
    assert -32600 == refusal(b'""'.ljust(MAX_MESSAGE_BYTES + 1))


def test_unknown_types_are_bugs():
    """A value without JSON form is the caller's mistake."""
    with pytest.raises(TypeError):
        dumps({"a": object()})


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary(max_size=20),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(VALUES)
def test_round_trip(value):
    """What was written reads the same, and is one line of JSON to any parser."""
    text = dumps(value)

    assert repr(value) == repr(loads(text)) == repr(loads(text.decode()))
    assert b"\n" not in text
    json.loads(text, parse_constant=lambda name: pytest.fail(name))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_point_in_every_double(value):
    """No double is written without a point, and none changes by it."""
    text = dumps([value]).decode()

    assert re.fullmatch(r"\[-?\d+\.\d+(e[+-]\d+)?\]", text)
    assert repr([value]) == repr(json.loads(text))


TOKENS = st.lists(
    st.sampled_from(
        ['"', "\\", "[", "]", "{", "}", ":", ",", "1", "-", "e", ".", "a", "$bytes", "\\u0024", " ", "\n", "null"]
    )
)


@settings(max_examples=500)
@given(st.binary(max_size=100) | TOKENS.map(lambda tokens: "".join(tokens).encode()))
def test_any_bytes_are_answered(data):
    """Any bytes give what `json` gives or a refusal, also behind many objects."""
    for text in (data, json.dumps(MANY)[:-1].encode() + b"," + data + b"]"):
        try:
            value = loads_untagged(text)
        except ParseRefused as refused:
            assert refused.code in (-32700, -32600)
        else:
            assert repr(value) == repr(json.loads(text))
        try:
            loads(text)
        except ParseRefused:
            pass


def test_without_the_kept_encoder(monkeypatch):
    """Where Python has no C encoder, or another one, the text is the same."""
    monkeypatch.setattr("json.encoder.c_make_encoder", None)
    encode = jsonrpc._encoder()

    assert '{"é":[1.5,{"$bytes":"YQ=="}]}' == "".join(encode({"é": [1.5, b"a"]}, 0))


@pytest.mark.parametrize("text", ["-" * 5000 + "e-", "e-" + "-" * 5000, "-e", "+" * 2001, "x" + "-" * 1999 + "e-", "e+"])
def test_signs_in_texts_stay(text: str) -> None:
    """Looking for exponents finds none in texts, however many signs stand there, and leaves them as they are."""
    assert loads(dumps({"text": text, "number": 1e-7})) == {"text": text, "number": 1e-7}
    assert b'"number":1.0e-07' in dumps({"text": text, "number": 1e-7})
