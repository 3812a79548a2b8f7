"""`timbridge conform`: does something do what the real plugin and its service do, case by case?"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from typing import Any

from bridge.catalogue import dialects, load, platforms
from bridge.cli.bar import Bar
from bridge.cli.conform_wires import RemoteWire, is_command, link_to, own
from bridge.cli.options import Option, Verb
from bridge.conformance.suite import cases as suite
from bridge.conformance.suite import pages
from bridge.conformance.suite.actors import Stage, Wire
from bridge.conformance.suite.cases import Case
from bridge.conformance.suite.parity import Parity
from bridge.conformance.suite.running import DIFFERS, NOT_ANSWERED, Anywhere, Unseen, Verdict
from bridge.conformance.suite.running import run as verdicts_of
from bridge.conformance.suite.schedules import Scheduled, explored, replayed
from bridge.conformance.suite.worlds import World, every_world, name_of
from bridge.errors import BridgeError, did_you_mean, nearest

VERB = Verb(
    "conform",
    "Plays the suite of cases against something, and tells case by case, method by method and rule by rule what is the same.\n"
    "Without --target that is this bridge itself, on all its dialects and platforms. Exit status: 0 nothing differs; 1 something\n"
    "differs or has no such method; 2 it was called wrongly; 3 the target hung, ended, or said what is no message.",
    (
        Option("--target", "A command that speaks JSON-RPC by lines, or an address: HOST:PORT or ws://HOST:PORT.", "TARGET"),
        Option("--second", "Another one, for a second person; with --accounts.", "TARGET"),
        Option("--accounts", "A JSON file with real people for those of the cases: {alice: {userID, userSig}, bob: {…}}.", "FILE"),
        Option("--dialect", "The generation of the plugin; the usual one of a target, all of this bridge.", "NAME", None, dialects()),
        Option("--platform", "The platform; the first of the dialect's for a target, all of this bridge.", "NAME", None, platforms()),
        Option("--only", "Only cases about a method, in a file or of a name that begins so; several with commas between.", "WHAT"),
        Option("--schedules", "Play each case in so many other orders, too, in which its people could have heard it.", "N", 0, number=0),
        Option("--schedule", "Play in the one order that such a run has told of, such as '3:1 7:2'.", "STEPS"),
        Option("--timeout", "How many milliseconds a call may take.", "MS", 5_000, number=1),
        Option("--settle", "How many milliseconds to wait for events behind each answer.", "MS", 0, number=0),
        Option("--junit", "Write a report that CI systems read.", "FILE"),
        Option("--html", "Write a page for a browser.", "FILE"),
        Option("--json", "Print a JSON object per case, and one with all counts at the end."),
        Option("--all", "Show rows of methods and rules in which all is the same, too."),
    ),
    examples=(
        "timbridge conform",
        "timbridge conform --target 'node my-port.mjs' --only sendMessage,createGroup",
        "timbridge conform --target 127.0.0.1:7400 --dialect im-5.0 --platform ios --html parity.html",
        "timbridge conform --target 'phone-a' --second 'phone-b' --accounts accounts.json --settle 500",
    ),
)
MOST_BREAKDOWNS = 5
"""After so many cases one after the other in which the target breaks down it is given up."""


def run_cases(options: dict[str, Any], cases: list[Case]) -> Iterator[Verdict]:
    """Yield what comes of each case on each dialect and platform that is asked for."""
    broken = 0
    for world in worlds_of(options):
        wires = _wires(options, world)
        scheduled = Scheduled(wires[0])
        stage = Stage(scheduled, world, wires[1] if len(wires) > 1 else None, _accounts(options["accounts"]))
        eligible = Anywhere(own) if options["accounts"] else None
        try:
            play = _orders(options, scheduled)
            for verdict in verdicts_of([case for case in cases if case.is_on(world)], stage, eligible, Unseen(own), play):
                broken = broken + 1 if verdict.is_broken else 0
                yield verdict
                if broken == MOST_BREAKDOWNS:
                    print(f"timbridge: given up: the target has broken down {broken} times one after the other", file=sys.stderr)
                    return
        finally:
            for wire in wires:
                wire.close()  # type: ignore[attr-defined]  # all that are made here have it


def _orders(options: dict[str, Any], wire: Scheduled) -> Callable[[Case, Stage], Verdict] | None:
    """Return what plays a case in the orders that are asked for; None for the usual one alone."""
    if options["schedule"] is not None:
        return replayed(options["schedule"], wire)
    return explored(options["schedules"], wire) if options["schedules"] else None


def worlds_of(options: dict[str, Any]) -> list[World]:
    """Return the dialects and platforms of a run. Raises: BridgeError."""
    dialect, platform = options["dialect"], options["platform"]
    if options["target"] and dialect is None:
        dialect = every_world()[0][0]
    if options["target"] and platform is None:
        platform = load(dialect).platforms[0]
    found = [world for world in every_world() if dialect in (None, world[0]) and platform in (None, world[1])]
    if not found:
        raise BridgeError(f"{dialect} has no platform {platform}; it has {', '.join(load(dialect).platforms)}")
    return found


def _wires(options: dict[str, Any], world: World) -> list[Wire]:
    targets = [one for one in (options["target"], options["second"]) if one is not None]
    if not targets:
        return [own(world)]
    if not all(one.strip() for one in targets):
        raise BridgeError("a target is a command or an address, and not empty")
    timeout_s, settle_s = options["timeout"] / 1000, options["settle"] / 1000
    real = options["accounts"] is not None
    return [
        RemoteWire(
            link_to(target, shlex.split(target) if is_command(target) else [], timeout_s),
            world,
            timeout_s,
            settle_s,
            restarts=is_command(target) and not real,
            stays=real,
        )
        for target in targets
    ]


def _accounts(name: str | None) -> dict[str, Any] | None:
    """Return the people of a file. Raises: BridgeError, which never tells what stands in it."""
    if name is None:
        return None
    try:
        with open(name, encoding="utf-8") as file:
            found = json.load(file)
    except ValueError:
        raise BridgeError("is no JSON", file=name) from None
    rows = found.values() if isinstance(found, dict) else [None]
    if not all(isinstance(row, dict) and {"userID", "userSig"} <= row.keys() for row in rows):
        raise BridgeError("must be {alice: {userID, userSig}, bob: {userID, userSig}}", file=name)
    return dict(found)


def chosen(cases: list[Case], only: str | None) -> list[Case]:
    """Return the cases that `--only` names. Raises: BridgeError for a word that names none."""
    if only is None:
        return cases
    found: set[int] = set()
    for word in only.split(","):
        fits = {at for at, case in enumerate(cases) if _fits(case, word)}
        if not fits:
            known = {name for case in cases for name in (*case.methods, case.name)}
            raise BridgeError(f"no case is about {word!r}{did_you_mean(nearest(word, known), 'give a method, a file or a name')}")
        found |= fits
    return [cases[at] for at in sorted(found)]


def _fits(case: Case, word: str) -> bool:
    stem = os.path.splitext(os.path.basename(case.file))[0]
    return word in case.methods or word in (stem, case.file, case.place) or case.name.startswith(word)


def run_it(options: dict[str, Any]) -> tuple[list[Verdict], Parity]:
    """Play all that is asked for, telling on the way what is not the same."""
    cases = chosen(suite.load(), options["only"])
    total = sum(case.is_on(world) for world in worlds_of(options) for case in cases)
    verdicts, parity = [], Parity()
    with Bar(total, "cases") as step:
        for verdict in run_cases(options, cases):
            verdicts.append(verdict)
            parity.add(verdict)
            step()
            if options["json"]:
                print(json.dumps(as_document(verdict), ensure_ascii=False))
            elif verdict.outcome in (DIFFERS, NOT_ANSWERED):
                print("\n".join(verdict.lines()))
    return verdicts, parity


def as_document(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict for machines."""
    case = verdict.case
    flaws = [{"path": one.path, "expected": one.expected, "came": one.came} for one in verdict.flaws]
    said: dict[str, Any] = {"case": case.name, "place": case.place, "world": name_of(verdict.world), "outcome": verdict.outcome}
    if verdict.step:
        said |= {"step": verdict.step, "method": verdict.method}
    if flaws:
        said["differences"] = flaws
    if verdict.note:
        said["note"] = verdict.note
    if verdict.schedule:
        said |= {"schedule": verdict.schedule, "said": list(verdict.said), "again": verdict.again()}
    return said


def run_verb(options: dict[str, Any]) -> int:
    """Run, and write what is asked for. Returns the exit status."""
    verdicts, parity = run_it(options)
    if options["json"]:
        print(json.dumps(parity.document(), ensure_ascii=False))
    else:
        print("\n".join([*parity.lines(bool(options["all"])), "", parity.summary()]).lstrip("\n"))
    if options["junit"]:
        _write(options["junit"], pages.junit(verdicts))
    if options["html"]:
        _write(options["html"], pages.html(verdicts, parity))
    if any(verdict.is_broken for verdict in verdicts):
        return 3
    return int(any(verdict.outcome in (DIFFERS, NOT_ANSWERED) for verdict in verdicts))


def _write(name: str, text: str) -> None:
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Hold something against the suite. Returns 0, 1, 2 or 3; see the help."""
    if options["second"] and not options["accounts"]:
        raise BridgeError("--second is a second person's: say with --accounts who the two are")
    if options["schedules"] and options["schedule"] is not None:
        raise BridgeError("--schedules looks for an order, --schedule plays one: not both")
    return run_verb(options)
