"""The sections of pages: one for each name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bridge.cli.explain import NEEDS
from bridge.cli.explain_native import KINDS
from bridge.cli.site.differences import together
from bridge.cli.site.html import Child, Html, joined, tag

Known = Mapping[str, Any]
WORDS = re.compile(r"[A-Za-z0-9_.-]+(?:\([a-z]+\))?")


def linked(text: str, places: Mapping[str, str]) -> Html:
    """Return a text with a link for every name in it that there is a place for."""
    found: list[Child] = []
    at = 0
    for match in WORDS.finditer(text):
        word = match[0].rstrip(".")
        if word in places:
            found += [text[at : match.start()], tag("a", word, href=places[word])]
            at = match.start() + len(word)
    return joined(*found, text[at:])


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Child]]) -> Html | None:
    """Return a table that scrolls by itself where it is too wide; None without rows."""
    body = [tag("tr", [tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])]) for row in rows]
    if not body:
        return None
    head = tag("thead", tag("tr", [tag("th", one, scope="col") for one in heads]))
    written = tag("table", tag("caption", caption), head, tag("tbody", body))
    return tag("div", written, class_="wide", role="group", aria_label=caption, tabindex="0")


def code(value: Any, label: str) -> Html:
    """Return a value as JSON."""
    return tag("pre", tag("code", json.dumps(value, indent=2, ensure_ascii=False)), tabindex="0", aria_label=label)


def folded(summary: str, *children: Child) -> Html | None:
    """Return what is shown on demand; None if there is nothing."""
    inner = joined(*children)
    return tag("details", tag("summary", summary), inner) if inner else None


def section(name: str, anchor: str, what: Child, *children: Child) -> Html:
    """Return the section of a name, with a link to itself."""
    heading = tag("h2", name, " ", tag("a", "#", href=f"#{anchor}", class_="self", aria_label=f"Link to {name}"))
    return tag("section", heading, tag("p", what), *children, id=anchor)


def _badge(kind: str) -> Html:
    return tag("span", kind, class_=f"kind {kind.split()[0]}")


def _known_from(known: Known, links: Mapping[str, str]) -> list[Child]:
    """Return rules, decisions, notes, oddities and evidence."""
    rules = [
        (
            linked(f"{rule['method']}: {rule['rule']}" if "method" in rule else rule["rule"], links),
            linked(str(rule.get("code", "")), links),
            _badge(rule["kind"]),
            rule["source"],
        )
        for rule in known.get("rules", ())
    ]
    decided = [joined(tag("h3", heading), tag("pre", text, tabindex="0")) for heading, text in known.get("decisions", {}).items()]
    notes = known.get("notes", ())
    evidence = [(one["claim"], _badge(one["kind"]), one["source"]) for one in known.get("evidence", ())]
    return [
        table("Rules", ("Rule", "Code", "Known by", "Source"), rules),
        table("Not played yet", ("What",), [(one,) for one in known.get("missing", ())]),
        folded("Decisions of ours that it rests on", decided),
        tag("ul", [tag("li", linked(note, links)) for note in notes]) if notes else None,
        folded("What is odd about it", code(known["quirks"], "Quirks")) if known.get("quirks") else None,
        folded("Where this is known from", table("Evidence", ("Claim", "Known by", "Source"), evidence)),
    ]


def _also(known: Known, other: Mapping[str, str]) -> Child:
    there = [(one, other[one]) for one in known.get("alsoIn", ()) if one in other]
    if not there:
        return None
    return tag("p", "Also in ", [[", " if at else None, tag("a", one, href=place)] for at, (one, place) in enumerate(there)], ".")


def method(known: Known, links: Mapping[str, str], other: Mapping[str, str], examples: Mapping[str, Known]) -> Html:
    """
    Return the section of a channel method.

    Args:
        examples: by platform.
    """
    arguments = [
        (
            tag("code", one["name"]),
            linked(one["type"], links),
            "yes" if one["required"] else "",
            tag("code", json.dumps(one["default"], ensure_ascii=False)) if "default" in one else None,
            linked(_remarks(one), links),
        )
        for one in known["arguments"]
    ]
    casts = [(c["platform"], tag("code", c["argument"]), c["as"], _fails(c), tag("code", c["line"])) for c in known["casts"]]
    status = known.get("status") or "not known"
    refusals = [(linked(str(one["code"]), links), one["text"], linked(one["when"], links)) for one in known["refusals"]]
    return section(
        known["method"],
        known["method"],
        joined(NEEDS[known["needs"]], " The bridge plays it: ", status, ". In Dart: ", ", ".join(known["dart"]), "."),
        _also(known, other),
        table("Arguments", ("Name", "Type", "Required", "Default", "What"), arguments) or tag("p", "No arguments."),
        table("Reply", ("Platform", "What comes"), [(name, linked(text, links)) for name, text in together(known["replies"]).items()]),
        table("Refusals", ("Code", "Text", "When"), refusals),
        folded("What adapters cast", table("Casts", ("Platform", "Argument", "As", "Fails", "Line"), casts)),
        _known_from(known, links),
        _examples(known["method"], examples) if examples else tag("p", "No example: it is never answered.", class_="quiet"),
    )


def _remarks(argument: Known) -> str:
    parts = [argument.get("what", ""), f"{argument['null'][0].upper()}{argument['null'][1:]}." if "null" in argument else ""]
    if "ignoredBy" in argument:
        parts.append(f"Not looked at on {', '.join(argument['ignoredBy'])}.")
    return " ".join(part for part in parts if part).replace("`", "")


def _fails(cast: Known) -> str:
    return "; ".join(f"{what}: {cast[what]}" for what in ("null", "beyond") if what in cast)


def _examples(name: str, examples: Mapping[str, Known]) -> list[Child]:
    """Return an example with all that comes of it, and the replies of platforms that have others: to the same call where that can be."""
    groups = list(together({platform: one["reply"] for platform, one in examples.items()}))
    made: list[Child] = []
    for platforms in groups:
        one, first = (examples[names.partition(",")[0]] for names in (platforms, groups[0]))
        is_first = platforms == groups[0]
        call = [
            tag("p", "The call:"),
            code({"jsonrpc": "2.0", "id": 1, "method": name, "params": one["arguments"]}, "Call"),
        ]
        inner = [
            call if is_first or one["arguments"] != first["arguments"] else None,
            tag("p", "The bridge's reply:"),
            code({"jsonrpc": "2.0", "id": 1, "result": one["reply"]}, "Reply"),
            [tag("p", "What is heard with it:"), code(one["events"], "Events")] if is_first and one["events"] else None,
        ]
        made.append(folded("Example" if len(groups) == 1 else f"Example, {platforms}", inner))
    return made


def event(known: Known, links: Mapping[str, str], other: Mapping[str, str], callbacks: Mapping[str, str], example: Any) -> Html:
    """
    Return the section of an event.

    Args:
        callbacks: where the native library's callbacks are, by which an app hears of the same.
    """
    listeners = [
        (tag("code", one["listener"]), linked(", ".join(one["addedBy"]), links), linked(", ".join(one["removedBy"]), links), one["fact"])
        for one in known["listeners"]
    ]
    data = [
        (platform, tag("code", key["key"]) if key["key"] is not None else "the whole", linked(str(key["type"]), links))
        for platform, keys in together(known["data"]).items()
        for key in keys or ({"key": None, "type": "null"},)
    ]
    where = f"on {', '.join(known['platforms'])}" if known["platforms"] else "on no platform"
    return section(
        known["event"],
        known["event"],
        f"Comes {known['when']}, {where}.",
        _also(known, other),
        table("Listeners", ("Listener", "Heard after", "Until", "Of the fact"), listeners),
        table("Data", ("Platform", "Key", "Type"), data),
        tag("p", "From the native library: ", linked(", ".join(known["callbacks"]), callbacks), ".") if known["callbacks"] else None,
        _known_from(known, links),
        folded("Example", code(example, "Event")) if example is not None else None,
    )


def keys(known: Known, kind: str, links: Mapping[str, str], other: Mapping[str, str]) -> Html:
    """Return the section of a map, a class or an object."""
    rows = [
        (tag("code", key["key"]), linked(key["type"], links), key["dart"], platform, linked("; ".join(key["remarks"]), links))
        for platform, found in together(known["keys"]).items()
        for key in found
    ]
    parsed = known.get("parsedBy")
    what = {"map": "A map that the adapters make.", "model": "A Dart class.", "object": "An object of the native library."}[kind]
    return section(
        known[kind],
        known[kind],
        joined(what, [" Read by ", linked(str(parsed), links), "."] if parsed else None),
        _also(known, other),
        table("Keys", ("Key", "Type", "Dart", "Platform", "Remarks"), rows) or tag("p", "No keys."),
        _known_from(known, links),
    )


def enum(known: Known, other: Mapping[str, str]) -> Html:
    """Return the section of an enumeration."""
    values = [(tag("code", name), str(value)) for name, value in known["values"].items()]
    what = f"On the wire stands its {known['onWire']}."
    return section(known["enum"], known["enum"], what, _also(known, other), table("Values", ("Name", "On the wire"), values))


def error(known: Known, links: Mapping[str, str]) -> Html:
    """Return the section of a code."""
    text = "not known; the meaning stands in for it" if known["text"] is None else known["text"]
    raised = [tag("li", linked(one, links)) for one in known["raisedBy"]]
    named = f"{known['code']} {known['name'] or ''}".strip()
    what = joined(known["meaning"], ". Text: ", text, ".")
    return section(named, f"c{known['code']}", what, tag("ul", raised) if raised else None, _known_from(known, links))


def switch(known: Known, links: Mapping[str, str]) -> Html:
    """Return the section of a switch of the console."""
    what = f"Says {known['what']}. {known['type']}, {json.dumps(known['default'])} unless it is set."
    return section(known["switch"], known["switch"], what, _known_from(known, links))


def control(said: Known, errors: Mapping[str, Any]) -> Html:
    """Return the section of a method of the control plane, as OpenRPC has it."""
    params = [
        (tag("code", one["name"]), _kind(one["schema"]), "yes" if one["required"] else "", one["description"]) for one in said["params"]
    ]
    answers = [(str(errors[name]["code"]), errors[name]["message"]) for one in said["errors"] for name in (one["$ref"].rpartition("/")[2],)]
    return section(
        said["name"],
        said["name"],
        said["summary"],
        table("Arguments", ("Name", "Type", "Required", "What"), params),
        tag("p", "Answers: ", said["result"]["description"]),
        folded("JSON-RPC errors", table("Errors", ("Code", "When"), answers)),
    )


def _kind(schema: Known) -> str:
    kind = schema.get("type", "anything")
    return kind if isinstance(kind, str) else " or ".join(kind)


def function(known: Known, links: Mapping[str, str], other: Mapping[str, str], example: Any) -> Html:
    """Return the section of a function of the native library; its Dart methods lead to those of the channel that do the same."""
    arguments = [(tag("code", one["name"]), one["holds"], linked(one["what"], links)) for one in known["arguments"]]
    cases = [
        (
            linked(", ".join(case["dartMethods"]) or "no Dart code", links),
            linked(case["json_param"] or "", links),
            json.dumps(case["when"]) if case["when"] else "",
        )
        for case in known["cases"]
    ]
    return section(
        known["function"],
        known["function"],
        joined(KINDS[known["kind"]], " The bridge plays it: ", known["status"], ". Returns ", known["returns"], "."),
        _also(known, other),
        table("Arguments", ("Name", "Holds", "What"), arguments),
        table("Called by", ("Dart", "json_param", "Where"), cases),
        _known_from(known, links),
        folded("Example, with the emptiest arguments", code(example, "Arguments")) if example else None,
    )


def callback(known: Known, links: Mapping[str, str], other: Mapping[str, str]) -> Html:
    """Return the section of a global callback of the native library."""
    rows = [
        (tag("code", row["key"]), linked(row["holds"], links), "yes" if row["required"] else "", "yes" if row["isText"] else "")
        for row in known["keys"]
    ]
    tells = [(tell["fact"], linked(", ".join((*tell["heardAs"], *tell["sometimes"])), links)) for tell in known["tells"]]
    return section(
        known["callback"],
        known["callback"],
        joined("callbackType ", known["number"], ", switched on by ", linked(str(known["switchedOnBy"]), links), "."),
        _also(known, other),
        table("Keys", ("Key", "Holds", "Required", "A JSON text within"), rows),
        table("Tells", ("Fact", "Dart calls"), tells),
        _known_from(known, links),
    )
