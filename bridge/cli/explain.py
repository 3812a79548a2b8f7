"""`timbridge explain`: all that is known about a method or any other name, and where it comes from."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from bridge.catalogue import dialects, load, native_dialects, words
from bridge.catalogue.load import error_codes
from bridge.catalogue.specs import MethodSpec, Param
from bridge.cli import explain_names, explain_native
from bridge.cli.options import Option, Verb
from bridge.cli.tables import table, type_text
from bridge.conformance import ledger
from bridge.dialects.channel.casts import LIMITS
from bridge.errors import did_you_mean, nearest

VERB = Verb(
    "explain",
    "Tells what a method takes, what it answers on each platform, what can be refused, how completely the bridge plays\n"
    "it, and where each claim comes from, with the text of every decision of ours that a rule rests on. So are events, error\n"
    "codes (51011, ERR_…), Dart classes, maps, enumerations, switches of the console, calls of the control plane, and what the\n"
    "native library has: functions, callbacks, objects. `timbridge list` has the names.",
    (
        Option(
            "--dialect",
            "Which generation of the plugin; the first that has the name if not given.",
            "NAME",
            None,
            (*dialects(), *native_dialects()),
        ),
        Option("--json", "Print one JSON object, for machines."),
    ),
    "NAME",
    1,
    1,
    examples=(
        "timbridge explain createConversationGroup",
        "timbridge explain onRecvNewMessage",
        "timbridge explain -- -1",
        "timbridge explain revoke_window_s",
        "timbridge explain DartSendMessage",
        "timbridge explain bridge.turn",
    ),
)

NEEDS = {
    "nothing": "Can be called at any time.",
    "init": "Needs initSDK before.",
    "login": "Needs a login before.",
    "cache": "Needs a login before; one that runs or has failed is enough.",
}
NULL_REFUSED = "null is refused: the call acts on it"


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Print what is known."""
    name = arguments[0]
    if name.startswith("bridge."):
        return _show(_control(name), options["json"], _control_lines)
    every = [*dialects(), *native_dialects()]
    asked = [options["dialect"]] if options["dialect"] else every
    found = next((d for d in asked if load(d).method(name) is not None), None)
    if found is not None:
        return _show(facts(found, name), options["json"], _lines)
    for others in (explain_names, explain_native):
        known = others.find(name, asked)
        if known is not None:
            return _show(known, options["json"], others.lines)
    who = f"{options['dialect']} has no" if options["dialect"] else "there is no"
    print(f"timbridge: {who} {name!r}{_hint(name, asked)}", file=sys.stderr)
    return 1


def _hint(name: str, asked: list[str]) -> str:
    """Return what the name was probably meant for: of all that can be explained, calls first among those that are as near."""
    known = [*(one for d in asked for one in load(d).nearest(name)), *explain_names.names(asked)]
    return did_you_mean(nearest(name, dict.fromkeys(known)), "`timbridge list` has the names")


def facts(dialect: str, name: str) -> dict[str, Any]:
    """Return what is known about a method of a dialect, as JSON values."""
    catalogue = load(dialect)
    spec = catalogue.method(name)
    assert spec is not None
    document = catalogue.document("methods", name)
    played = ledger.status(catalogue, spec, catalogue.platforms[0])
    known = ledger.evidence(name, dialect)
    others = [d for d in dialects() if d != dialect and load(d).method(name) is not None]
    return {
        "method": name,
        "dialect": dialect,
        "alsoIn": others,
        "manager": spec.manager,
        "needs": spec.needs,
        "arguments": [_argument(name, param) for param in spec.params],
        "replies": {platform: _reply(spec, platform) for platform in catalogue.platforms},
        "casts": list(_casts(spec)),
        "refusals": list(_refusals(spec, name)),
        "rules": known["rules"],
        "decisions": known["decisions"],
        "notes": list(document["notes"]),
        "quirks": dict(document["quirks"]),
        "evidence": [dict(item) for item in spec.evidence],
        "status": played.status,
        "missing": list(played.missing),
    }


def _argument(method: str, param: Param) -> dict[str, Any]:
    argument: dict[str, Any] = {"name": param.key, "type": type_text(param.type), "required": param.required}
    if text := words.argument(method, param.key):
        argument["what"] = text
    if param.has_default:
        argument["default"] = param.default
    if param.refuses_null:
        argument["null"] = NULL_REFUSED
    if param.ignored_by:
        argument["ignoredBy"] = list(param.ignored_by)
    return argument


def _reply(spec: MethodSpec, platform: str) -> str:
    if platform not in spec.platforms:
        return f"does not exist on {platform}"
    reply = spec.reply(platform)
    if reply.unanswered or reply.form == "none":
        return "is never answered"
    if reply.form == "notImplemented":
        return "answers that it is not implemented"
    if reply.form == "void":
        return "{code, desc}"
    kind = "nothing" if reply.type is None else type_text(reply.type)
    if reply.text is not None:
        kind = json.dumps(reply.text)
    return kind if reply.form == "bare" else f"{{code, desc, data: {kind}}}"


def _casts(spec: MethodSpec) -> Iterator[dict[str, Any]]:
    """Yield {platform, argument, as, line, null?, beyond?} of what the adapters cast; what is not said is taken, or does not come."""
    for platform, casts in spec.casts.items():
        for place, cast in casts.items():
            said = {"platform": platform, "argument": place, "as": cast["as"], "line": cast["line"]}
            if "null" in cast:
                said["null"] = _failing(cast["null"])
            if cast["as"] in LIMITS:
                said["beyond"] = _failing(cast.get("beyond", "unanswered"))
            yield said


def _failing(what: Any) -> str:
    return what if isinstance(what, str) else f"becomes {json.dumps(what['becomes'])}"


def _refusals(spec: MethodSpec, name: str) -> Iterator[dict[str, Any]]:
    """Yield {code, text, when?} of what the adapters refuse, and of codes whose occasions name the method."""
    for platform, errors in spec.adapter_errors.items():
        for error in errors:
            yield {"code": error["code"], "text": error["desc"], "when": f"by the adapter itself on {platform}"}
    for what, by_platform in spec.quirks.get("refusals", {}).items():
        for platform, error in by_platform.items():
            if "code" in error:
                yield {"code": error["code"], "text": error["desc"], "when": f"{what}, by the adapter on {platform}"}
    for row in error_codes():
        occasions = [occasion for occasion in row["raisedBy"] if _names(occasion, name)]
        if occasions and row["code"] != -1:
            yield {"code": row["code"], "text": row["meaning"], "when": "; ".join(occasions)}


def _names(occasion: str, method: str) -> bool:
    at = occasion.find(method)
    behind = occasion[at + len(method) : at + len(method) + 1]
    return at >= 0 and not occasion[at - 1 : at].isalnum() and not behind.isalnum()


def _control(name: str) -> dict[str, Any]:
    """Return what is known about a control method. Raises ProtocolError with the nearest names."""
    from bridge.control import registry
    from bridge.errors import BridgeError, ProtocolError

    try:
        spec = registry.find(name)
    except ProtocolError as error:
        raise BridgeError(error.message) from None
    params = [
        {"name": key, "type": param.type.replace("|", " or "), "required": param.required, "what": param.what}
        for key, param in spec.params.items()
    ]
    return {"method": name, "what": spec.summary, "arguments": params, "result": spec.result}


def _show(known: Mapping[str, Any], as_json: bool | None, lines: Any) -> int:
    if as_json:
        print(json.dumps(known, ensure_ascii=False))
    else:
        print("\n".join(lines(known)))
    return 0


def _control_lines(known: Mapping[str, Any]) -> Iterator[str]:
    yield f"{known['method']}: {known['what']}"
    if known["arguments"]:
        yield "\narguments"
        yield from table((a["name"], a["type"], a["what"] + ("" if a["required"] else "; optional")) for a in known["arguments"])
    yield f"\nresult\n  {known['result']}"


def _lines(known: Mapping[str, Any]) -> Iterator[str]:
    also = f", also in {', '.join(known['alsoIn'])}" if known["alsoIn"] else ""
    yield f"{known['method']} ({known['manager']}, {known['dialect']}{also})"
    yield NEEDS[known["needs"]]
    if known.get("status"):
        yield f"The bridge plays it: {known['status']}." + "".join(f"\n  missing: {rule}" for rule in known["missing"])
    yield "\narguments"
    yield from table(_argument_row(a) for a in known["arguments"]) if known["arguments"] else ["  none"]
    yield "\nreply"
    yield from table(known["replies"].items())
    if known["casts"]:
        yield "\ncasts"
        yield from table(_cast_row(cast) for cast in known["casts"])
    if known["refusals"]:
        yield "\nrefusals"
        yield from table((str(r["code"]), r["text"], r["when"]) for r in known["refusals"])
    yield from explain_native.known_lines(known)


def _cast_row(cast: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    fails = "; ".join(f"{what}: {cast[what]}" for what in ("null", "beyond") if what in cast)
    return cast["platform"], cast["argument"], cast["as"], fails, cast["line"]


def _argument_row(argument: Mapping[str, Any]) -> tuple[str, str, str]:
    remarks = ["required"] if argument["required"] else []
    if "default" in argument:
        remarks.append(f"default {json.dumps(argument['default'], ensure_ascii=False)}")
    if "null" in argument:
        remarks.append(argument["null"])
    if "ignoredBy" in argument:
        remarks.append(f"ignored by {' and '.join(argument['ignoredBy'])}")
    if "what" in argument:
        remarks.append(argument["what"])
    return argument["name"], argument["type"], "; ".join(remarks)
