"""`timbridge verify`: does a server still do what a recording says?"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from typing import Any

from attrs import evolve

from bridge.cli.options import Option, Verb
from bridge.cli.setup import WORLD, settings
from bridge.conformance.playing import Target, play, split
from bridge.conformance.recordings import Recording, load
from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings
from bridge.errors import BridgeError

VERB = Verb(
    "verify",
    "Plays the calls of a recording against a server and reports every difference: a line per difference, with its path.\n"
    "Ids, times and the like may differ, as long as an id that changes does so everywhere. Without --target the server\n"
    "is this bridge, in the dialect and on the platform of the recording, in a fresh world.",
    (
        Option("--target", "The command of another server, which speaks JSON-RPC by lines on stdin and stdout.", "COMMAND"),
        Option("--json", "Print one JSON object per call, for machines."),
        *WORLD,
    ),
    "FILE",
    1,
    1,
    examples=("timbridge verify story.jsonl", "timbridge verify story.jsonl --target 'my-port --stdio'"),
)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Verify. Returns 0 if nothing differs, else 1."""
    recording = load(arguments[0])
    target = _target(options, recording)
    calls = differences = 0
    for verdict in play(recording, target):
        calls += 1
        differences += len(verdict.differences)
        if options["json"]:
            shown = [{"path": d.path, "recorded": _plain(d.recorded), "came": _plain(d.came)} for d in verdict.differences]
            print(json.dumps({"call": verdict.number, "method": verdict.method, "differences": shown}))
        else:
            for difference in verdict.differences:
                print(f"call {verdict.number} {verdict.method}: {difference}")
    if isinstance(target, ProcessTarget):
        target.close()
    if not options["json"]:
        print(f"{calls} calls, {differences} differences")
    return 1 if differences else 0


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else None


def _target(options: dict[str, Any], recording: Recording) -> Target:
    if options["target"]:
        return ProcessTarget(shlex.split(options["target"]))
    given = {"dialect": recording.dialect, "platform": recording.platform}
    return OwnTarget(settings({**options, **given}))


class OwnTarget:
    """This bridge, in this process, in a fresh world."""

    def __init__(self, set_up: Settings) -> None:
        self._sent: list[dict[str, Any]] = []
        self._client = RpcClient(Server(set_up), self._sent.append)
        self._number = 0

    @classmethod
    def like(cls, recording: Recording, base: Settings | None = None) -> OwnTarget:
        """Return a target of the dialect and platform that were recorded."""
        return cls(evolve(base or Settings(), dialect=recording.dialect, platform=recording.platform))

    def call(self, method: str, arguments: Any) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """Make a call; see `Target.call`."""
        self._number += 1
        self._sent.clear()
        self._client.receive({"jsonrpc": "2.0", "id": self._number, "method": method, "params": arguments})
        return split(self._sent, self._number)


class ProcessTarget:
    """
    Another server, in a process of its own.

    What belongs to a call is what comes until a `bridge.ping` behind it is answered, be it with an error: replies and
    events keep their order.
    """

    def __init__(self, command: list[str]) -> None:
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            raise BridgeError(f"cannot be started: {error.strerror}", file=command[0] if command else "--target") from None
        self._number = 0

    def call(self, method: str, arguments: Any) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """Make a call; see `Target.call`."""
        from bridge.codecs import jsonrpc

        self._number += 2
        asked: tuple[tuple[int, str, Any], ...] = (
            (self._number, method, arguments),
            (self._number + 1, "bridge.ping", {}),
        )
        pipe, source = self._process.stdin, self._process.stdout
        assert pipe is not None and source is not None
        for number, name, params in asked:
            pipe.write(jsonrpc.dumps({"jsonrpc": "2.0", "id": number, "method": name, "params": params}) + b"\n")
        pipe.flush()
        came: list[dict[str, Any]] = []
        for line in source:
            message = jsonrpc.loads(line)
            if isinstance(message, dict):
                if message.get("id") == self._number + 1:
                    return split(came, self._number)
                came.append(message)
        print(f"timbridge: the target ended during {method}", file=sys.stderr)
        return split(came, self._number)

    def close(self) -> None:
        """End the target by ending its input."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
