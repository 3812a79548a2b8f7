"""The cases as data: every rule that was found somewhere has one, all say what they hold, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.catalogue.packing import copy_suite
from bridge.catalogue.sources import common_document
from bridge.conformance.suite import cases as suite
from bridge.conformance.suite.cases import Case, of_line
from bridge.conformance.suite.worlds import every_world, name_of

ROOT = Path(__file__).parents[3]
CASES = suite.load()
WITHOUT = json.loads((ROOT / "fixtures" / "conformance" / "without.json").read_text("utf-8"))
"""By reason, the rules that have no case: [method, words]."""
FOUND = ("documented", "adapter source")


def rules_found() -> set[tuple[str, str]]:
    """Return the rules that were found in documents or in an adapter's source."""
    methods = common_document("rules")["methods"]
    return {(method, rule["rule"]) for method, rules in methods.items() for rule in rules if rule["kind"] in FOUND}


def test_every_rule_found_has_case() -> None:
    """A rule that is documented or was read has a case, or stands in the list of those that have none, with the reason; never both."""
    tried = {rule for case in CASES for rule in case.rules}
    listed = [tuple(rule) for rules in WITHOUT.values() for rule in rules]
    assert len(listed) == len(set(listed))
    assert set() == tried & set(listed), "these have a case now"
    assert rules_found() - tried == set(listed)


def test_cases_name_rules_that_there_are() -> None:
    """The rules of a case are rules of their methods, to the word, whatever their evidence."""
    methods = common_document("rules")["methods"]
    known = {(method, rule["rule"]) for method, rules in methods.items() for rule in rules}
    assert [] == [(case.place, rule) for case in CASES for rule in case.rules if rule not in known]


def test_every_statement_has_case() -> None:
    """All statements that were gathered are among the cases."""
    names = (ROOT / "fixtures" / "documented" / "names.txt").read_text("utf-8").split()
    assert sorted(names) == sorted(case.name for case in CASES if case.kind == "documented")


def test_every_case_says_what_it_holds() -> None:
    """Each case has a name of its own in its file, one sentence, evidence, a script, and a dialect and platform."""
    names = [(case.file, case.name, case.on) for case in CASES]
    assert len(names) == len(set(names))
    for case in CASES:
        assert case.says and case.script and case.worlds(), case.place
        assert all(case.evidence()), case.place


def test_worlds_of_cases_are_there() -> None:
    """Where a case is played, or is not, is said by names of dialects, platforms or both."""
    known = {name for world in every_world() for name in (*world, name_of(world))}
    assert [] == [case.place for case in CASES if not (case.on or known) <= known or not case.not_on <= known]


def test_wheel_has_the_same_cases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a build copies into the wheel is read there as it is in a checkout."""
    copy_suite(ROOT / "fixtures", tmp_path)
    monkeypatch.setattr(suite, "FOLDERS", (str(tmp_path / "none"), str(tmp_path / "suite")))
    assert CASES == suite.load()


def test_lines_stay_readable() -> None:
    """A case is one that somebody reads: no script is longer than 12,000 characters."""
    assert [] == [case.place for case in CASES if len(json.dumps(case.script)) > 12_000]


def _case(**said: object) -> Case:
    line = {"name": "n", "says": "s", "script": [["alice", "getLoginUser"]], **said}
    (case,) = of_line(line, "fixtures/conformance/x.jsonl", 3, "conformance")
    return case


def worlds_but(platform: str, dialect: str = "") -> int:
    """Return how many dialects whose names begin so there are, on all platforms but one."""
    return sum(name.startswith(dialect) and at != platform for name, at in every_world())


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({}, len(every_world())),
        ({"on": ["ios"]}, sum("ios" == platform for _, platform in every_world())),
        ({"on": ["im-5.0-ios", "chat-8.2"]}, 5),
        ({"not": {"windows": "why"}}, worlds_but("windows")),
        ({"script": [["alice", "followUser", {}]]}, worlds_but("windows", "chat-8")),
    ],
)
def test_case_is_played_where_it_says(said: dict[str, object], count: int) -> None:
    """A case is played wherever there is all that it names; or on the dialects, platforms or both that it says, never where it says not."""
    assert count == len(_case(**said).worlds())


def test_evidence_is_that_of_the_rules() -> None:
    """The evidence of a case is its rules', each with kind and source; a statement's is its source."""
    case = _case(rules=[["joinGroup", "A Meeting does not tell who comes."]])
    rule = next(one for one in common_document("rules")["methods"]["joinGroup"] if one["rule"] == "A Meeting does not tell who comes.")
    assert [f"joinGroup: A Meeting does not tell who comes. ({rule['kind']}, {rule['source']})"] == case.evidence()
    assert ["s (product docs: x)"] == _case(source="product docs: x").evidence()
    assert "fixtures/conformance/x.jsonl:3" == case.place
