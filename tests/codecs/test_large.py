"""Large JSON texts, read in slices: the same values and refusals as in one go."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridge.codecs import jsonrpc, large
from bridge.codecs.errors import ParseRefused
from bridge.garbage import young_only


def all_at_once(slices: Generator[None, None, Any]) -> Any:
    """Return what comes of slices."""
    while True:
        try:
            next(slices)
        except StopIteration as stop:
            return stop.value


def in_slices(data: bytes) -> Any:
    """Return what comes of a text."""
    return all_at_once(large.read(data))


def outcome(read: Any, data: bytes) -> Any:
    """Return a value, told apart from its like by its text; or the number of the refusal."""
    try:
        value = read(data)
    except ParseRefused as refused:
        return refused.code
    return jsonrpc.dumps(value)


@contextmanager
def cut_small() -> Iterator[None]:
    """Cut texts everywhere."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("PIECE_BYTES", 3), ("NEAR", 8), ("STEPS", 2), ("LARGE_BYTES", 8)):
            patch.setattr(large, name, value)
        yield


scalars = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(width=16) | st.text(max_size=30) | st.binary(max_size=20)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=20), inner, max_size=5), max_leaves=20
)


@given(values, st.booleans(), st.sampled_from([None, 1]))
def test_values_come_out_the_same(value: Any, escaped: bool, indent: int | None) -> None:
    """Whatever the bridge writes is read alike, escaped and spread over lines, too."""
    text = jsonrpc.dumps(value)
    plain = json.dumps(json.loads(text), ensure_ascii=escaped, indent=indent).encode("utf-8", "backslashreplace")
    with cut_small():
        assert jsonrpc.dumps(jsonrpc.loads(plain)) == jsonrpc.dumps(in_slices(plain))


PIECES = [
    "{", "}", "[", "]", ",", ":", '"', '"a"', '"b":', "1", "-1.5e3", "true", "null", "NaN", "tru", " ", "\n", "\\", "\\u12", "\\ud83d",
    "\\ude00", '"$bytes"', '"YWI="', '"YWJjZGVmZ2hpamtsbW5vcA=="', "\x01", "\ufeff", "é", "\U0001f600", "0" * 20, "1" * 5000,
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example('{"$bytes":"YWJjZGVmZ2hpamtsbW5vcA=="}')
@example('{"$bytes":"YWJjZGU=YWJjZGVm"}')
@example('["0123456\\ud83d\\ude00"]')
@example('["\\ud83d\\ud83d\\ude00\\ud83d"]')
@example('{"abcdefghijk":1,"abcdefghijk":[2]}')
@example('{"\\u0024bytes":"YWI="}')
@example('{                    }')
@example('{                    ]')
@example("[" * 100 + "]" * 100)
@example("[" * 101 + "]" * 101)
@example('["\\u00e9 \\x"]')
@example("[1,2,3,4,5,6,7,8,9,]")
@example("[1,2,3,4,5,6,7,8,9] x")
@example("[,1]")
@example('{ ,"a":1}')
@example("[1,,2]")
@example("[1,2,]")
@example('{"a":1,}')
@example('[NaN,1]')
@example('{"$bytes":"YWI=","a":1}')
@example('{"$bytes":"no","a":{"$bytes":"YWI="}}')
@example('[{"$bytes":"YWI="},{"a":1},[2],[[3]]]')
@example('[{"$bytes":"no"},{"a":1}]')
@example("[" * 99 + "[],1" + "]" * 99)
@example("[" * 100 + "[],1" + "]" * 100)
def test_texts_are_refused_the_same(text: str) -> None:
    """What is no JSON, or none that the bridge takes, is refused with the same number."""
    data = text.encode()
    with cut_small():
        assert outcome(jsonrpc.loads, data) == outcome(in_slices, data)


@pytest.mark.parametrize("data", [b'["\xff"]', b'"abcdefg\xc3', b'[1,2,"\xe2\x82"]'])
def test_broken_text_is_placed(data: bytes) -> None:
    """What is not UTF-8 is refused with the same words."""
    told = []
    for read in (jsonrpc.loads, in_slices):
        with pytest.raises(ParseRefused) as refused, cut_small():
            read(data)
        told.append(refused.value.message)
    assert told[0] == told[1]


WORST = {
    "numbers": b"[" + b"1," * 900_000 + b"1]",
    "lists": b"[" + b"[]," * 40_000 + b"1]",
    "objects": b"[" + b'{"a":{}},' * 60_000 + b"1]",
    "nested": b"[" + b'[[[["a"]]]],' * 40_000 + b"1]",
    "keys": b"{" + b",".join(b'"%d":1' % number for number in range(200_000)) + b"}",
    "escapes": b'"' + b"\\n\\ud83d\\ude00" * 300_000 + b'"',
    "letters": b'["' + "é".encode() * 3_000_000 + b'"]',
    "blanks": b" " * 6_000_000 + b"1",
    "bytes": b'{"$bytes":"' + b"AAAA" * 1_500_000 + b'"}',
}


@pytest.mark.parametrize("kind", WORST)
def test_no_slice_takes_long(kind: str) -> None:
    """Whatever a text is full of, it is read in slices of a few milliseconds of the reader's own time."""
    slices = large.read(WORST[kind])
    longest = 0.0
    with young_only():
        while True:
            begin = time.thread_time()
            try:
                next(slices)
            except StopIteration as stop:
                value = stop.value
                break
            longest = max(longest, time.thread_time() - begin)
    assert jsonrpc.loads(WORST[kind]) == value
    assert longest < 0.05


def test_values_are_limited() -> None:
    """More values than are allowed are refused as soon as they are there; letters do not count."""
    text = b'{"method":"load","params":[' + b"1," * 50 + b"1]}"
    with pytest.raises(ParseRefused, match=r"holds more than 40 values"):
        all_at_once(large.read(text, 40))
    asked: list[Any] = []

    def most(inside: list[Any]) -> int:
        asked.append([dict(outer) if isinstance(outer, dict) else len(outer) for outer in inside])
        return 60

    assert 51 == len(all_at_once(large.read(text, 40, most))["params"])
    assert [[{"method": "load"}]] == asked
    assert 100 == len(all_at_once(large.read(b'"' + b"," * 100 + b'"', 40)))


def test_keys_are_limited() -> None:
    """An object of more keys than can quickly be given room is refused."""
    with pytest.raises(ParseRefused, match=r"an object of more than 200000 keys"):
        in_slices(b"{" + b",".join(b'"%d":1' % number for number in range(large.MAX_KEYS + 1)) + b"}")
