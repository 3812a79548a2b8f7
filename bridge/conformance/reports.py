"""What `verify` found, for people and for machines: lines, JSON, JUnit, a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import field

from bridge.codecs import jsonrpc
from bridge.conformance.compare import NOTHING, Difference
from bridge.conformance.playing import Verdict
from bridge.conformance.recordings import Recording
from bridge.values import value_class

WIDTH = 100
"""Longer values are written in several lines."""

ALIGNED = 12
"""Of texts that are as long it is shown where they part."""

_FORBIDDEN = re.compile(r"[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%(title)s</title><style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
pre { overflow-x: auto; padding: .6rem; border: 1px solid light-dark(#ccc, #555); border-radius: 4px }
summary { cursor: pointer } .differs summary { font-weight: 600 }
del, ins { text-decoration: none } del { color: light-dark(#a01, #f88) } ins { color: light-dark(#070, #8d8) }
</style></head><body>
<h1>%(title)s</h1>
<p>%(summary)s</p>
%(calls)s
</body></html>
"""


@value_class
class Report:
    """
    What came of playing a recording.

    Attributes:
        name: of the recording.
        verdicts: of the calls that were played.
        failure: why the rest was not; "" if all was.
    """

    name: str
    recording: Recording = field(repr=False)
    verdicts: Sequence[Verdict] = field(repr=False)
    failure: str = ""

    def summary(self) -> str:
        """Return one sentence."""
        differences = sum(len(verdict.differences) for verdict in self.verdicts)
        calls = sum(1 for verdict in self.verdicts if verdict.differences)
        where = f" in {calls} of them" if differences else ""
        played = f"{_count(len(self.verdicts), 'call')}, {_count(differences, 'difference')}{where}"
        return f"{played}; the rest was not played" if self.failure else played


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


# --- lines


def lines(verdict: Verdict, most: int | None = None) -> Iterator[str]:
    """Yield a call's differences for people, of each value at most so many lines; nothing if there is none."""
    if not verdict.differences:
        return
    yield f"line {verdict.line}, call {verdict.number} {verdict.method}" if verdict.line else f"call {verdict.number} {verdict.method}"
    for difference in verdict.differences:
        at = f" (line {difference.line})" if difference.line not in (0, verdict.line) else ""
        yield f"  {difference.path}{at}{': ' if difference.why else ''}{difference.why}"
        yield from (f"    {line}" for line in _values(difference, most))


def _values(difference: Difference, most: int | None) -> Iterator[str]:
    """Yield what was recorded and what came, one below the other."""
    recorded, came = difference.recorded, difference.came
    if recorded is NOTHING and came is NOTHING:
        return  # a wrong place, of which the words tell
    yield from _signed("-", recorded, most)
    yield from _signed("+", came, most)
    if isinstance(recorded, str) and isinstance(came, str) and min(len(recorded), len(came)) >= ALIGNED:
        one, other = jsonrpc.dumps(recorded).decode(), jsonrpc.dumps(came).decode()
        same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        yield f"  {' ' * same}^"


def _signed(sign: str, value: Any, most: int | None) -> Iterator[str]:
    if value is NOTHING:
        yield f"{sign} (nothing)"
        return
    text = jsonrpc.dumps(value).decode()
    if len(text) > WIDTH and isinstance(value, (dict, list)):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    shown = text.split("\n")
    yield from (f"{sign} {line}" for line in shown[:most])
    if most is not None and len(shown) > most:
        yield f"{sign} … and {len(shown) - most} more lines; --whole shows them"


# --- for machines


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return a call and its differences; a difference without `recorded` or `came` has none, which null is not."""
    shown = []
    for one in verdict.differences:
        values = {name: value for name, value in (("recorded", one.recorded), ("came", one.came)) if value is not NOTHING}
        shown.append({"path": one.path, "line": one.line, **values, **({"why": one.why} if one.why else {})})
    return {"call": verdict.number, "method": verdict.method, "line": verdict.line, "differences": shown}


def junit(report: Report) -> str:
    """Return a report as CI systems read it: a test per call."""
    from xml.etree import ElementTree as tree

    kind = f"{report.recording.dialect}.{report.recording.platform}"
    bad = sum(1 for verdict in report.verdicts if verdict.differences)
    counts = {"tests": len(report.verdicts) + bool(report.failure), "failures": bad, "errors": int(bool(report.failure)), "skipped": 0}
    suite = tree.Element("testsuite", {"name": report.name, **{name: str(count) for name, count in counts.items()}})
    for verdict in report.verdicts:
        case = tree.SubElement(suite, "testcase", {"classname": kind, "name": f"call {verdict.number} {verdict.method}"})
        if verdict.differences:
            failure = tree.SubElement(case, "failure", {"message": _count(len(verdict.differences), "difference")})
            failure.text = "\n".join(lines(verdict))
    if report.failure:
        case = tree.SubElement(suite, "testcase", {"classname": kind, "name": "the target"})
        tree.SubElement(case, "error", {"message": report.failure})
    tree.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_allowed(tree.tostring(suite, encoding="unicode"))}\n'


def _allowed(text: str) -> str:
    """Return a text without what no XML may hold, not even escaped."""
    return _FORBIDDEN.sub("\ufffd", text)


def page(report: Report) -> str:
    """Return a report as a page for a browser, which needs nothing else."""
    from html import escape

    calls = []
    for verdict in report.verdicts:
        text = [_marked(escape(line, quote=False)) for line in lines(verdict)]
        head = escape(f"call {verdict.number} {verdict.method}", quote=False)
        if text:
            body = "\n".join(text[1:])
            count = f"{_count(len(verdict.differences), 'difference')}, line {verdict.line}"
            calls.append(f'<details class="differs" open><summary>{head}: {count}</summary><pre>{body}</pre></details>')
        else:
            calls.append(f"<div>{head}: the same</div>")
    title = escape(f"{report.name} ({report.recording.dialect}, {report.recording.platform})", quote=False)
    said = f"{report.summary()}: {report.failure}" if report.failure else report.summary()
    text_of = {"title": title, "summary": escape(said, quote=False), "calls": "\n".join(calls)}
    return PAGE % text_of


def _marked(line: str) -> str:
    mark = {"- ": "del", "+ ": "ins"}.get(line.strip()[:2])
    return f"<{mark}>{line}</{mark}>" if mark and line.startswith("    ") else line
