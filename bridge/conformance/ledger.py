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
from bridge.catalogue.native import FunctionSpec, NativeCatalogue
from bridge.catalogue.sources import common_document
from bridge.conformance.decisions import cited
from bridge.conformance.resting import Happened, rests
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


def native_status(catalogue: NativeCatalogue, spec: FunctionSpec) -> Status:
    """
    Return how completely a function of the native library is played.

    What the service does is the same whatever calls it: the rules of the public methods that come down to the function count, and
    what its own file says is missing.
    """
    if spec.kind == "library":
        return Status(FULL)
    if all(case.handler is None for case in spec.cases):
        return Status(SHAPE)
    listed = [rule for name in spec.dart_methods for rule in rules(name, catalogue.behaves_as)]
    listed += all_rules().get(spec.name, ())
    tested = sum(1 for rule in listed if "test" in rule)
    missing = tuple(catalogue.document("functions", spec.name).get("missing", ()))
    missing += tuple(dict.fromkeys(f"{rule['rule']} ({rule['missing']})" for rule in listed if "missing" in rule))
    if spec.kind == "call" and not listed:
        return Status(PARTIAL, (*missing, UNLISTED))
    return Status(PARTIAL if missing else FULL, missing, tested)


def _native_statuses(catalogue: NativeCatalogue) -> dict[str, Status]:
    found = {}
    for name in catalogue.function_names:
        spec = catalogue.function(name)
        assert spec is not None
        found[name] = native_status(catalogue, spec)
    return found


def statuses(dialect: str, platform: str) -> dict[str, Status]:
    """Return the status of every method of a dialect on a platform, by wire name, sorted; of every function where there is no channel."""
    catalogue = load(dialect)
    if isinstance(catalogue, NativeCatalogue):
        return _native_statuses(catalogue)
    found = {}
    for name in catalogue.method_names:
        spec = catalogue.method(name)
        assert spec is not None
        found[name] = status(catalogue, spec, platform)
    return found


def _native_evidence(name: str, catalogue: NativeCatalogue) -> dict[str, Any]:
    """Return the same of a function, by its own name or by that of a public method that comes down to it."""
    specs = [spec for one in catalogue.function_names if (spec := catalogue.function(one)) is not None]
    spec = next((spec for spec in specs if spec.name == name), None) or next(
        (spec for spec in specs if name in spec.dart_methods), None
    )
    if spec is None:
        raise KeyError(name)
    document = catalogue.document("functions", spec.name)
    names = spec.dart_methods if name == spec.name else (name,)
    found = [rule for one in names for rule in rules(one, catalogue.behaves_as)] + list(all_rules().get(spec.name, ()))
    return {
        "method": spec.name,
        "dialect": catalogue.dialect,
        "manager": spec.manager,
        "evidence": [dict(entry) for entry in document["evidence"]],
        "notes": list(document["notes"]),
        "rules": [dict(rule) for rule in found],
        "decisions": {heading: text for rule in found for heading, text in cited(rule["source"]).items()},
    }


def assumed(method: str, code: int, happened: Happened) -> list[str]:
    """
    Return what an answer rests on that nobody has seen the service do: sources, each once, as "DECISIONS.md: HEADING".

    Args:
        code: the code of the answer, 0 for a success. A rule about a refusal counts for that refusal alone, others where they say.
    """
    catalogue = load(happened.dialect)
    spoken = catalogue.behaves_as if isinstance(catalogue, NativeCatalogue) else happened.dialect
    found = [rule["source"] for rule in _assumptions(method, spoken) if rule.get("code", 0) == code and (code or rests(rule, happened))]
    return list(dict.fromkeys(found))


@cache
def _assumptions(method: str, dialect: str) -> tuple[dict[str, Any], ...]:
    """Return the rules of a method in a dialect that are played and that nobody has seen."""
    return tuple(rule for rule in rules(method, dialect) if rule["kind"] == "assumed" and "missing" not in rule)


def evidence(method: str, dialect: str) -> dict[str, Any]:
    """
    Return what is known about a method and from where: {method, dialect, manager, evidence, notes, rules, decisions}.

    `decisions` has the text of every decision that a rule cites, by its heading.

    Raises: KeyError if the dialect has no such method.
    """
    catalogue = load(dialect)
    if isinstance(catalogue, NativeCatalogue):
        return _native_evidence(method, catalogue)
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
