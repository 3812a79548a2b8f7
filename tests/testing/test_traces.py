"""Traces as text."""

import json
from typing import Any

from bridge.testing.traces import canonical, report


def test_masks_are_consistent():
    """The same value has the same mask everywhere, another one another, in order of appearance."""
    trace = [
        {"reply": {"data": {"msgID": "144115-1700-1", "timestamp": 1700000000, "text": "hi"}}},
        {"event": "x", "arguments": {"data": [{"msgID": "144115-1700-2"}, {"msgID": "144115-1700-1"}]}},
        {"call": "y", "arguments": {"msgIDs": ["144115-1700-2", "other"]}},
    ]
    reply, event, call = json.loads(canonical(trace))
    assert {"msgID": "<msgID 1>", "timestamp": "<timestamp 1>", "text": "hi"} == reply["reply"]["data"]
    assert [{"msgID": "<msgID 2>"}, {"msgID": "<msgID 1>"}] == event["arguments"]["data"]
    assert ["<msgID 2>", "other"] == call["arguments"]["msgIDs"]


def test_other_ids_give_the_same_text():
    """Two runs that differ in their ids alone are equal; a change that is not consistent shows."""
    one = [{"id": "aaaaaaaa", "ref": "aaaaaaaa"}, {"id": "bbbbbbbb"}]
    two = [{"id": "cccccccc", "ref": "cccccccc"}, {"id": "dddddddd"}]
    odd = [{"id": "cccccccc", "ref": "dddddddd"}, {"id": "dddddddd"}]
    assert canonical(one) == canonical(two) != canonical(odd)


def test_nothing_is_masked_on_request():
    """Without volatile keys every value stays, nulls, zeros and empty texts always do."""
    assert [{"msgID": "abc"}] == json.loads(canonical([{"msgID": "abc"}], frozenset()))
    assert [{"msgID": "", "timestamp": 0, "id": None}] == json.loads(canonical([{"msgID": "", "timestamp": 0, "id": None}]))


def test_text_is_canonical():
    """The order of keys does not matter, bytes and odd text have a form."""
    assert canonical({"b": b"\0", "a": "\ud83d"}) == canonical({"a": "\ud83d", "b": b"\0"})


def test_entry_has_a_line():
    """What changed shows in a diff as the call, reply or event that it is."""
    trace = [{"call": "login", "arguments": {"userID": "a"}, "device": ""}, {"reply": {"code": 0, "desc": "ok"}}]
    assert [
        "[",
        '{"arguments": {"userID": "a"}, "call": "login", "device": ""},',
        '{"reply": {"code": 0, "desc": "ok"}}',
        "]",
    ] == canonical(trace).splitlines()


def test_growing_bridge_is_no_change():
    """How many methods and dialects there are shows in no snapshot; what a device speaks does."""

    def pinged(methods: int, dialect: str) -> list[Any]:
        reply = {"version": f"0.{methods}", "dialects": {dialect: {"methods": methods}}, "platforms": ["x"] * methods, "dialect": dialect}
        return [{"call": "bridge.ping", "arguments": {}, "device": ""}, {"reply": reply}]

    assert canonical(pinged(1, "a"), frozenset()) == canonical(pinged(2, "a"), frozenset())
    assert canonical(pinged(1, "a")) != canonical(pinged(1, "b"))


def test_report_shows_the_last_entries():
    """A line each, cut to the width, with a word on what is left out."""
    trace = [{"call": f"m{number}", "device": "", "arguments": {"text": "x" * 300}} for number in range(40)]
    lines = report(trace, most=3, width=50).splitlines()
    assert ["… 37 earlier entries", "→ m37", "→ m38", "→ m39"] == [line.split(" {")[0] for line in lines]
    assert max(map(len, lines)) == 50


def test_report_knows_every_entry():
    """Replies, errors, silence and events of other devices."""
    trace: list[dict[str, Any]] = [
        {"reply": {"code": 0}},
        {"error": -32602, "message": "no", "data": [1]},
        {"pending": True},
        {"event": "conversationListener", "device": "tablet", "arguments": {"type": "onX", "data": {"a": 1}}},
    ]
    expected = ['  ← {"code":0}', "  ✗ -32602 no [1]", "  … not answered", '  ⚑ tablet: conversationListener.onX {"a":1}']
    assert expected == report(trace).splitlines()
