"""`timbridge verify`: does a server still do what a recording says?"""

from __future__ import annotations

import re
import shlex
from typing import Any

from bridge.cli.options import Option, Verb
from bridge.cli.setup import WORLD, settings
from bridge.cli.targets import OwnTarget, RemoteTarget, TargetFailed
from bridge.conformance import reports
from bridge.conformance.playing import Verdict, play
from bridge.conformance.recordings import Recording, load
from bridge.conformance.reports import Report
from bridge.errors import BridgeError
from bridge.transports.descriptors import say

SHOWN = 12

VERB = Verb(
    "verify",
    "Plays the calls of a recording against a server and reports every difference, with its path and the line of the\n"
    "recording: - is what was recorded, + what came. Ids, times and the like may differ, as long as an id that changes\n"
    "does so everywhere. Without --target the server is this bridge, in the dialect and on the platform of the\n"
    "recording, in a fresh world.\n\n"
    "Exit status: 0 nothing differs; 1 something does; 2 it was called wrongly, or the file is no recording or has no\n"
    "replies; 3 the target hung, ended, or said what is no message.",
    (
        Option("--target", "The command of another server, which speaks JSON-RPC by lines, or its address: HOST:PORT.", "TARGET"),
        Option("--timeout", "How many milliseconds a call may take.", "MS", 10_000, number=1),
        Option("--whole", f"Show whole values, not only {SHOWN} lines of each."),
        Option("--junit", "Write a report that CI systems read.", "FILE"),
        Option("--html", "Write a page for a browser.", "FILE"),
        Option("--json", "Print one JSON object per call, for machines."),
        *WORLD,
    ),
    "FILE",
    1,
    1,
    examples=("timbridge verify story.jsonl", "timbridge verify story.jsonl --target 'my-port --stdio' --junit report.xml"),
)

FAILED = 3
_ADDRESS = re.compile(r"(?:tcp://)?(?:\[[0-9a-fA-F:]+\]|[\w.-]+):\d+")


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Verify. Returns the exit status."""
    recording = load(arguments[0])
    if not recording.has_replies:
        raise BridgeError("has calls, but not one reply: there is nothing to hold a server against", file=arguments[0])
    target = _target(options, recording)
    verdicts: list[Verdict] = []
    failure = ""
    try:
        for verdict in play(recording, target):
            verdicts.append(verdict)
            _show(verdict, options)
    except TargetFailed as error:
        failure = str(error)
    finally:
        target.close()
    report = Report(arguments[0], recording, tuple(verdicts), failure)
    if failure:
        say(failure)
    if not options["json"]:
        print(report.summary())
    for name, write in (("junit", reports.junit), ("html", reports.page)):
        if options[name] is not None:
            _write(options[name], write(report))
    if failure:
        return FAILED
    return 1 if any(verdict.differences for verdict in verdicts) else 0


def _show(verdict: Verdict, options: dict[str, Any]) -> None:
    from bridge.codecs import jsonrpc

    if options["json"]:
        print(jsonrpc.dumps(reports.as_json(verdict)).decode())
        return
    for line in reports.lines(verdict, None if options["whole"] else SHOWN):
        print(line)


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise BridgeError(f"cannot be written: {error.strerror}", file=path) from None


def _target(options: dict[str, Any], recording: Recording) -> OwnTarget | RemoteTarget:
    where = options["target"]
    if not where:
        given = {"dialect": recording.dialect, "platform": recording.platform}
        return OwnTarget(settings({**options, **given}))
    timeout_s = options["timeout"] / 1000
    return RemoteTarget(where if _ADDRESS.fullmatch(where) else shlex.split(where), timeout_s)
