"""Reports: the same findings as lines, JSON, JUnit and a page."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from bridge.conformance import reports
from bridge.conformance.compare import NOTHING, Difference
from bridge.conformance.playing import Verdict
from bridge.conformance.recordings import Recording
from bridge.conformance.reports import Report

FOUND = (
    Difference("result.data.text", "all is well here", "all is bad here", 5),
    Difference("result.data.n", None, NOTHING, 5),
    Difference("events[0] l onA", {"type": "onA", "data": "<b>" + "x" * 90}, NOTHING, 6),
    Difference("events[1] l onB", NOTHING, NOTHING, 7, "recorded ahead of the reply, came behind it"),
    Difference("result.b", b"\x01", 1.0, 5),
)
VERDICTS = (Verdict(1, "initSDK", (), 2), Verdict(2, "sendMessage", FOUND, 4))
TEXT = """\
line 4, call 2 sendMessage
  result.data.text (line 5)
    - "all is well here"
    + "all is bad here"
              ^
  result.data.n (line 5)
    - null
    + (nothing)
  events[0] l onA (line 6)
    - {
    -   "type": "onA",
    - … and 2 more lines; --whole shows them
    + (nothing)
  events[1] l onB (line 7): recorded ahead of the reply, came behind it
  result.b (line 5)
    - {"$bytes":"AQ=="}
    + 1.0"""


def report(failure: str = "") -> Report:
    """Return a report on two calls."""
    return Report("a.jsonl", Recording(), VERDICTS, failure)


def test_lines_are_aligned() -> None:
    """Values stand one below the other, null is not nothing, and where long texts part is shown."""
    assert TEXT.splitlines() == list(reports.lines(VERDICTS[1], 2))
    assert [] == list(reports.lines(VERDICTS[0]))
    assert any('"data"' in line for line in reports.lines(VERDICTS[1]))


def test_summary_counts() -> None:
    """One sentence tells how many of what."""
    assert report().summary() == "2 calls, 5 differences in 1 of them"
    assert report("it ended").summary().endswith("; the rest was not played")
    assert Report("a", Recording(), VERDICTS[:1]).summary() == "1 call, 0 differences"


def test_json_leaves_out_what_is_not_there() -> None:
    """A value that is not there has no key; null has."""
    shown = reports.as_json(VERDICTS[1])
    assert (2, "sendMessage", 4) == (shown["call"], shown["method"], shown["line"])
    assert {"path": "result.data.n", "line": 5, "recorded": None} == shown["differences"][1]
    assert {"path", "line", "why"} == set(shown["differences"][3])


def test_junit_has_a_test_per_call() -> None:
    """CI systems see which calls fail and why, and a target that failed as an error."""
    odd = Report("a\x00", Recording(), (Verdict(1, "x", (Difference("p", "\x00\ud800", "b"),)),), "it \x01 ended")
    suite = ElementTree.fromstring(reports.junit(report()))
    assert ("2", "1", "0") == (suite.get("tests"), suite.get("failures"), suite.get("errors"))
    first, second = suite
    assert (None, "5 differences") == (first.find("failure"), second.find("failure").get("message"))
    assert "chat-8.2.android" == first.get("classname")
    assert "came behind it" in (second.findtext("failure") or "")
    suite = ElementTree.fromstring(reports.junit(odd))
    assert ("2", "1") == (suite.get("tests"), suite.get("errors"))


def test_page_shows_values_as_text() -> None:
    """A page holds all differences, and nothing of a recording is taken for HTML."""
    text = reports.page(report("the target <i>ended"))
    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    assert "the target &lt;i&gt;ended" in text
    assert 1 == text.count("<details")
    assert json.dumps("all is bad here") in text
