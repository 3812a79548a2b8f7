"""DECISIONS.md: by topic, found from everywhere, cited by headings that are there."""

import re
from pathlib import Path

import pytest

from bridge.conformance import decisions as module
from bridge.conformance.decisions import cited, decisions
from tests.support.line import Line

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "DECISIONS.md").read_text("utf-8")
CITATION = re.compile(r"DECISIONS\.md(?:: ([^\"();]+))?")
SCANNED = [*(ROOT / "bridge").rglob("*.py"), *(ROOT / "schemas").rglob("*.json"), *(ROOT / "tools").glob("*.py")]


def anchor(heading: str) -> str:
    """Return the anchor that web views of a repository give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_contents_list_all_headings():
    """Topics and decisions stand in the table of contents, in their order, and each link leads to its heading."""
    wanted = []
    for marks, heading in re.findall(r"^(##|###) (.*)$", TEXT, re.MULTILINE):
        shown = re.sub(r" \(\d{4}-\d\d-\d\d\)$", "", heading)
        wanted.append(f"{'  ' if marks == '###' else ''}- [{shown}](#{anchor(heading)})")
    assert wanted == re.findall(r"^ *- \[.*\]\(#.*\)$", TEXT, re.MULTILINE)
    assert len(wanted) == len(set(wanted))


def test_every_decision_has_its_reason():
    """A decision is told once, says something, and ends where its topic does."""
    headings = re.findall(r"^### ", TEXT, re.MULTILINE)
    assert len(headings) == len(decisions())
    assert [] == [heading for heading, text in decisions().items() if not text or "\n## " in text]


def citations():
    """Return (file, heading) of every place that cites a decision."""
    found = []
    for path in SCANNED:
        if "_packed" in path.parts:
            continue
        for heading in CITATION.findall(path.read_text("utf-8")):
            if heading.strip() and not heading.startswith("HEADING"):  # that tells the form
                found.append((path.relative_to(ROOT).as_posix(), " ".join(heading.split()).rstrip(".,`")))
    return found


def test_cited_headings_are_there():
    """Whatever a schema, a rule or a docstring cites is a decision."""
    found = citations()
    known = {heading.casefold() for heading in decisions()}
    assert len(found) > 100
    assert [] == [(path, heading) for path, heading in found if heading.casefold() not in known]


def test_source_may_cite_several():
    """Decisions are found among other sources, whatever the case; other sources are none."""
    one, two = list(decisions())[:2]
    source = f"error-code page; DECISIONS.md: {one}; DECISIONS.md: {two.upper()}"
    assert {one: decisions()[one], two: decisions()[two]} == cited(source)
    assert {} == cited("error-code page")


def test_evidence_has_the_text():
    """`bridge.evidence` answers what was decided where a rule rests on it, and nothing where none does."""
    heading = "Creating a conversation group that exists"
    answer = Line().ask("bridge.evidence", method="createConversationGroup")
    assert decisions()[heading] == answer["decisions"][heading]
    assert {} == Line().ask("bridge.evidence", method="getVersion")["decisions"]


@pytest.mark.parametrize("place", ["DECISIONS.md", "_packed/DECISIONS.md"])
def test_places_of_the_file(place, tmp_path, monkeypatch):
    """A checkout has it beside `schemas/`, an installation among what was packed."""
    file = tmp_path / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("# D\n\n## Topic\n\n### One (2026-01-02)\n\nSo.\n", "utf-8")
    monkeypatch.setattr(module, "PLACES", (str(tmp_path / "none.md"), str(file)))
    decisions.cache_clear()
    try:
        assert {"One": "So."} == decisions()
    finally:
        decisions.cache_clear()
