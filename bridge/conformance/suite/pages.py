"""A run for other programs and for people's browsers: JUnit's XML, and one page of HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from xml.sax.saxutils import escape as text
from xml.sax.saxutils import quoteattr

from bridge.conformance.suite.parity import Parity, Table
from bridge.conformance.suite.running import DIFFERS, NOT_ANSWERED, NOT_TRIED, OUTCOMES, SAME, Verdict
from bridge.conformance.suite.worlds import World, name_of

UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
pre { white-space: pre-wrap; padding: .6rem; border-left: .25rem solid #c33; background: color-mix(in srgb, currentColor 6%, transparent); }
pre.quiet { border-color: #999; }
tr.bad td:first-child { font-weight: 600; }
"""


def junit(verdicts: Sequence[Verdict]) -> str:
    """Return a run as JUnit's XML: a suite for each dialect and platform."""
    by_world: dict[World, list[Verdict]] = {}
    for verdict in verdicts:
        by_world.setdefault(verdict.world, []).append(verdict)
    suites = [_suite(world, found) for world, found in by_world.items()]
    return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="timbridge conform">\n' + "".join(suites) + "</testsuites>\n"


def _suite(world: World, verdicts: list[Verdict]) -> str:
    counts = {name: sum(verdict.outcome == name for verdict in verdicts) for name in OUTCOMES}
    head = f'tests="{len(verdicts)}" failures="{counts[DIFFERS]}" errors="{counts[NOT_ANSWERED]}" skipped="{counts[NOT_TRIED]}"'
    return f"<testsuite name={quoteattr(name_of(world))} {head}>\n" + "".join(map(_testcase, verdicts)) + "</testsuite>\n"


def _testcase(verdict: Verdict) -> str:
    case = verdict.case
    file = _attribute(case.file)
    head = f'<testcase classname={file} name={_attribute(case.name)} file={file} line="{case.line}"'
    if verdict.outcome == SAME:
        return f"{head}/>\n"
    tag = {DIFFERS: "failure", NOT_ANSWERED: "error", NOT_TRIED: "skipped"}[verdict.outcome]
    said = str(verdict.flaws[0]) if verdict.flaws else verdict.note
    lines = text(_printable("\n".join(verdict.lines())))
    return f"{head}><{tag} message={_attribute(said)}>{lines}</{tag}></testcase>\n"


def _attribute(said: str) -> str:
    return quoteattr(_printable(said))


def _printable(said: str) -> str:
    """Return a text without what XML cannot hold."""
    return UNPRINTABLE.sub("�", said)


def html(verdicts: Sequence[Verdict], parity: Parity) -> str:
    """Return a run as one page that needs nothing else."""
    wrong = [verdict for verdict in verdicts if verdict.outcome in (DIFFERS, NOT_ANSWERED)]
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>timbridge conform</title><style>{STYLE}</style><body><h1>Conformance</h1><p>{escape(parity.summary())}</p>",
        f"<h2>What is not the same ({len(wrong)})</h2>",
        *map(_told, wrong),
        "<h2>By method</h2>",
        _table("method", parity.methods),
        "<h2>By rule</h2>",
        _table("rule", parity.rules),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _told(verdict: Verdict) -> str:
    quiet = "" if verdict.outcome == DIFFERS else ' class="quiet"'
    return f"<pre{quiet}>{escape(_printable(chr(10).join(verdict.lines())))}</pre>"


def _table(title: str, table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in (title, *OUTCOMES))
    rows = []
    for name in sorted(table):
        cells = "".join(f'<td class="n">{table[name][one] or ""}</td>' for one in OUTCOMES)
        mark = ' class="bad"' if table[name].keys() - {SAME, NOT_TRIED} else ""
        rows.append(f"<tr{mark}><td>{escape(name)}</td>{cells}</tr>")
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"
