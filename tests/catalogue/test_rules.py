"""
`schemas/rules/`: the rules name methods, tests and decisions that exist.
"""

import re

import pytest

from bridge.catalogue import load, native_dialects
from bridge.conformance.decisions import cited
from tests.catalogue.schema_files import DIALECTS, ROOT, SCHEMAS, problems, read, source

FILES = sorted((SCHEMAS / "rules").glob("*.json"))
NATIVE = "nativeManager"
"""Has the rules of native functions that no method of a channel has."""
NATIVE_FUNCTIONS = {name for dialect in native_dialects() for name in source(dialect).names("functions")}


def _rules(path):
    for method, rules in read(path)["methods"].items():
        for rule in rules:
            yield method, rule


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rules_keep_their_schema(path):
    """A file has the name of its manager and keeps to the meta-schema."""
    document = read(path)

    assert [] == problems(document)
    assert path.stem == document["manager"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rules_are_about_methods(path):
    """Every method is one of the manager, in all dialects that a rule names."""
    for method, rule in _rules(path):
        if path.stem == NATIVE:
            assert method in NATIVE_FUNCTIONS
            continue
        found = [name for name in DIALECTS if load(name).method(method) is not None]

        assert set(found) >= set(rule.get("dialects", found)), method
        assert found, method
        assert path.stem in {load(name).method(method).manager for name in found}, method


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rules_are_tested(path):
    """Every test that a rule names is there."""
    functions: dict[str, set[str]] = {}
    for method, rule in _rules(path):
        if "test" not in rule:
            continue
        file, _, name = rule["test"].partition("::")
        if file not in functions:
            functions[file] = set(
                re.findall(r"^def (test_\w+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
            )

        assert name in functions[file], f"{method}: {rule['test']}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_assumptions_are_decided(path):
    """Every assumed rule names a heading of DECISIONS.md."""
    for method, rule in _rules(path):
        if rule["kind"] == "assumed":
            assert cited(rule["source"]), f"{method}: {rule['source']}"
