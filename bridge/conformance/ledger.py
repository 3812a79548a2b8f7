"""
The ledger: how completely each method is played, and on what evidence.

* `full`: every rule that is listed for the method is built and named in a test; or the real plugin never answers the
  method there, and neither does the bridge.
* `partial`: rules are missing, and the ledger names them.
* `shape`: no handler; the emptiest value that the schema allows is answered, and nothing is kept.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from bridge.catalogue import Catalogue, MethodSpec, load
from bridge.catalogue.sources import common_document
from bridge.conformance.decisions import cited
from bridge.emulator import has_handler

FULL, PARTIAL, SHAPE = "full", "partial", "shape"

UNLISTED = "its rules are not listed yet"


class Status(NamedTuple):
    """How completely a method is played: full, partial or shape; the missing rules; how many rules have a test."""

    status: str
    missing: tuple[str, ...] = ()
    tested: int = 0


@cache
def all_rules() -> dict[str, tuple[dict[str, Any], ...]]:
    """Return the rules of every method by its wire name: {rule, kind, source, code?, dialects?, test | missing}."""
    return {name: tuple(rules) for name, rules in common_document("rules")["methods"].items()}


def rules(method: str, dialect: str) -> list[dict[str, Any]]:
    """Return the rules of a method that hold in a dialect."""
    listed = all_rules().get(method) or all_rules().get(_first_name(method, dialect), ())
    if not any("dialects" in rule for rule in listed):
        return list(listed)
    spoken_of = _spoken_of(dialect)
    return [rule for rule in listed if spoken_of in rule.get("dialects", (spoken_of,))]


@cache
def _first_name(method: str, dialect: str) -> str:
    """Return what a method is called where the rules speak of it: a dialect may have given it another name."""
    catalogue = load(dialect)
    spec = catalogue.method(method)
    while spec is not None and spec.handler is not None and catalogue.base is not None:
        catalogue = load(catalogue.base)
        for name in catalogue.method_names:
            other = catalogue.method(name)
            if other is not None and (other.handler, other.constants) == (spec.handler, spec.constants) and name in all_rules():
                return name
    return method


@cache
def _spoken_of(dialect: str) -> str:
    """Return the dialect of which the rules speak: a dialect itself or the nearest of its bases that any rule names."""
    named = {name for rules in all_rules().values() for rule in rules for name in rule.get("dialects", ())}
    base = load(dialect).base
    return dialect if dialect in named or base is None else _spoken_of(base)


def status(catalogue: Catalogue, spec: MethodSpec, platform: str) -> Status:
    """Return how completely a method is played on a platform."""
    listed = rules(spec.name, catalogue.dialect)
    tested = sum(1 for rule in listed if "test" in rule)
    missing = tuple(f"{rule['rule']} ({rule['missing']})" for rule in listed if "missing" in rule)
    if _is_never_answered(spec, platform):
        return Status(PARTIAL, missing, tested) if missing else Status(FULL, (), tested)
    if not has_handler(spec):
        return Status(SHAPE, (), tested)
    if not listed:
        return Status(PARTIAL, (UNLISTED,))
    return Status(PARTIAL if missing else FULL, missing, tested)


def _is_never_answered(spec: MethodSpec, platform: str) -> bool:
    reply = spec.reply(platform)
    return platform not in spec.platforms or reply.unanswered or reply.form in ("none", "notImplemented")


def statuses(dialect: str, platform: str) -> dict[str, Status]:
    """Return the status of every method of a dialect on a platform, by wire name, sorted."""
    catalogue = load(dialect)
    found = {}
    for name in catalogue.method_names:
        spec = catalogue.method(name)
        assert spec is not None
        found[name] = status(catalogue, spec, platform)
    return found


def assumed(method: str, dialect: str, code: int) -> list[str]:
    """
    Return what an answer rests on that nobody has seen the service do: sources, each once, as "DECISIONS.md: HEADING".

    Args:
        code: the code of the answer, 0 for a success. A rule about a refusal counts for that refusal alone.
    """
    found = [
        rule["source"]
        for rule in rules(method, dialect)
        if rule["kind"] == "assumed" and "missing" not in rule and rule.get("code", 0) == code
    ]
    return list(dict.fromkeys(found))


def evidence(method: str, dialect: str) -> dict[str, Any]:
    """
    Return what is known about a method and from where: {method, dialect, manager, evidence, notes, rules, decisions}.

    `decisions` has the text of every decision that a rule cites, by its heading.

    Raises: KeyError if the dialect has no such method.
    """
    catalogue = load(dialect)
    document = catalogue.document("methods", method)
    found = rules(method, dialect)
    return {
        "method": method,
        "dialect": dialect,
        "manager": document["manager"],
        "evidence": [dict(entry) for entry in document["evidence"]],
        "notes": list(document["notes"]),
        "rules": [dict(rule) for rule in found],
        "decisions": {heading: text for rule in found for heading, text in cited(rule["source"]).items()},
    }
