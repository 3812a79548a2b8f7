"""`timbridge explain` of what has no channel: a function of the native library, or one of its global callbacks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bridge.catalogue import load, native_dialects
from bridge.catalogue.native import ArgumentSpec, CallbackSpec, FunctionSpec, NativeCatalogue, TellSpec
from bridge.cli.tables import table, type_text

ANSWERS = {
    "status": "0, or the code of a refusal",
    "value": "what was asked for",
    "id": "the id of what was made, at once; the answer comes behind it",
    "nothing": "nothing",
    None: "0; the answer comes through the port",
}
KINDS = {
    "call": "Answered through the port.",
    "waiting": "Answered by what it returns: it waits.",
    "switch": "Switches a callback on.",
    "library": "The library's own; the bridge hears nothing of it.",
}


def find(name: str, asked: list[str]) -> dict[str, Any] | None:
    """
    Return what is known about a function or a callback of the first of some dialects that has it, as JSON values; None for none.

    Args:
        name: its own, or that of a public method that comes down to the function, or of a listener's that the callback calls.
    """
    for catalogue in filter(None, map(_catalogue, asked)):
        callback = _called(catalogue, name)
        if callback is not None:
            return _callback(catalogue, callback)
        specs = (catalogue.function(one) for one in ([name] if name in catalogue.function_names else catalogue.function_names))
        found = next((spec for spec in specs if spec is not None and name in (spec.name, *spec.dart_methods)), None)
        if found is not None:
            return _function(catalogue, found)
    return None


def names(asked: Sequence[str]) -> Iterator[str]:
    """Yield the functions and callbacks of some dialects."""
    for catalogue in filter(None, map(_catalogue, asked)):
        yield from (*catalogue.function_names, *catalogue.callback_names)


def _called(catalogue: NativeCatalogue, name: str) -> str | None:
    """Return the first callback of that name, or of which Dart calls that listener's method."""
    if name in catalogue.callback_names:
        return name
    return next((one for one in catalogue.callback_names if name in catalogue.callback(one).heard_by), None)


def _catalogue(dialect: str) -> NativeCatalogue | None:
    found = load(dialect)
    return found if isinstance(found, NativeCatalogue) else None


def _others(kind: str, dialect: str, name: str) -> list[str]:
    return [one for one in native_dialects() if one != dialect and name in getattr(_catalogue(one), f"{kind}_names")]


def _function(catalogue: NativeCatalogue, spec: FunctionSpec) -> dict[str, Any]:
    from bridge.conformance import ledger

    name = spec.name
    status = ledger.native_status(catalogue, spec)
    known = ledger.evidence(name, catalogue.dialect)
    return {
        "function": name,
        "dialect": catalogue.dialect,
        "alsoIn": _others("function", catalogue.dialect, name),
        "manager": spec.manager,
        "kind": spec.kind,
        "returns": ANSWERS[spec.answers],
        "arguments": [_argument(one) for one in spec.arguments],
        "cases": list(_cases(spec)),
        "status": status.status,
        "missing": list(status.missing),
        "rules": [rule for at, rule in enumerate(known["rules"]) if rule not in known["rules"][:at]],
        **{key: known[key] for key in ("decisions", "notes", "evidence")},
    }


def _argument(one: ArgumentSpec) -> dict[str, str]:
    remarks = []
    kind = one.shape if one.type is None or one.type.kind == "any" else one.type
    if kind is not None and one.holds == "json":
        remarks.append(type_text(kind))
    if one.pick is not None:
        remarks.append(f"of it {one.pick}")
    if one.pairs:
        remarks.append(f"pairs of {' and '.join(one.pairs)}")
    if one.kind is not None:
        remarks.append(f"{one.kind} says of what kind")
    return {"name": one.name, "holds": one.holds, "what": "; ".join(remarks)}


def _cases(spec: FunctionSpec) -> Iterator[dict[str, Any]]:
    """Yield what the function does, by its arguments."""
    for case in spec.cases:
        held = None if case.result is None else type_text(case.result)
        if case.pairs:
            held = f"pairs of {' and '.join(case.pairs)}"
        yield {"when": dict(case.when), "dartMethods": list(case.dart_methods), "needs": case.needs, "json_param": held}


def _callback(catalogue: NativeCatalogue, name: str) -> dict[str, Any]:
    spec = catalogue.callback(name)
    document = catalogue.document("callbacks", name)
    return {
        "callback": name,
        "dialect": catalogue.dialect,
        "alsoIn": _others("callback", catalogue.dialect, name),
        "number": spec.number,
        "switchedOnBy": spec.switched_on_by,
        "dartCallbacks": list(document.get("dartCallbacks", ())),
        "keys": [
            {
                "key": row["key"],
                "holds": row["holds"],
                "isText": bool(row.get("text")),
                "required": bool(row.get("required")),
            }
            for row in document["keys"]
        ],
        "facts": [tell.fact for tell in spec.tells],
        "tells": [_tell(catalogue, spec, tell) for tell in spec.tells],
        "notes": list(document["notes"]),
        "evidence": [dict(one) for one in document["evidence"]],
    }


def _tell(catalogue: NativeCatalogue, spec: CallbackSpec, tell: TellSpec) -> dict[str, Any]:
    names = catalogue.heard_as(spec, tell) if spec.heard_by else ()
    return {"fact": tell.fact, "heardAs": list(names), "sometimes": [one.name for one in tell.also if one.at]}


# --- for people


def lines(known: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is known as lines."""
    yield from _callback_lines(known) if "callback" in known else _function_lines(known)


def _also(known: Mapping[str, Any]) -> str:
    return f"{known['dialect']}{', also in ' + ', '.join(known['alsoIn']) if known['alsoIn'] else ''}"


def _function_lines(known: Mapping[str, Any]) -> Iterator[str]:
    yield f"{known['function']} ({known['manager']}, {_also(known)})"
    yield KINDS[known["kind"]]
    yield f"The bridge plays it: {known['status']}." + "".join(f"\n  missing: {rule}" for rule in known["missing"])
    yield "\narguments"
    rows = [(one["name"], one["holds"], one["what"]) for one in known["arguments"]]
    yield from table(rows) if rows else ["  none"]
    yield f"\nreturns\n  {known['returns']}"
    yield "\ncalled by"
    yield from table(_case_row(case) for case in known["cases"])
    yield from known_lines(known)


def _case_row(case: Mapping[str, Any]) -> tuple[str, str, str]:
    methods = ", ".join(case["dartMethods"]) or "no Dart code"
    when = " and ".join(f"{path} is {'given' if isinstance(value, dict) else json.dumps(value)}" for path, value in case["when"].items())
    holds = "no json_param" if case["json_param"] is None else f"json_param: {case['json_param']}"
    return methods, holds, f"where {when}" if when else ""


REMARKS = {"isText": "a JSON text within", "required": "required"}


def _callback_lines(known: Mapping[str, Any]) -> Iterator[str]:
    yield f"{known['callback']} (callbackType {known['number']}, {_also(known)})"
    yield f"Switched on by {known['switchedOnBy']}; Dart calls {', '.join(known['dartCallbacks']) or 'nothing'}."
    yield "\nkeys"
    rows = [(row["key"], row["holds"], "; ".join(word for key, word in REMARKS.items() if row[key])) for row in known["keys"]]
    yield from table(rows) if rows else ["  none"]
    yield "\ntells"
    yield from table(_tell_row(tell) for tell in known["tells"]) if known["tells"] else ["  nothing: the bridge never posts it"]
    yield from known_lines(known)


def _tell_row(tell: Mapping[str, Any]) -> tuple[str, str]:
    calls = [*tell["heardAs"], *(f"{name} (sometimes)" for name in tell["sometimes"])]
    return tell["fact"], ", ".join(calls)


def known_lines(known: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rules, what they rest on, and where all of it comes from."""
    if known.get("rules"):
        yield "\nrules"
        yield from table((rule["kind"], str(rule.get("code", "")), _rule(rule)) for rule in known["rules"])
    if known.get("decisions"):
        yield "\ndecisions"
        for heading, text in known["decisions"].items():
            yield f"  {heading}"
            yield from (f"    {line}".rstrip() for line in text.splitlines())
    if known["notes"]:
        yield "\nnotes"
        yield from (f"  - {note}" for note in known["notes"])
    if known.get("quirks"):
        yield "\nquirks"
        yield from (f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in known["quirks"].items())
    if known["evidence"]:
        yield "\nevidence"
        yield from table((item["kind"], item["claim"], item["source"]) for item in known["evidence"])


def _rule(rule: Mapping[str, Any]) -> str:
    """Return a rule with where it comes from, if that is more than a word of ours."""
    missing = "; not built" if rule.get("missing") else ""
    return f"{rule['rule']} ({rule['source']}{missing})"
