"""`timbridge demo`: a story, and everything that goes over the channel while it is played."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from bridge.cli.options import Option, Verb
from bridge.cli.setup import DEVICE, kind

VERB = Verb(
    "demo",
    "Plays a story about conversation groups with Alice's phone, her tablet and three friends, and shows every call,\n"
    "reply and event. Nothing is installed or kept.",
    (
        *DEVICE,
        Option("--json", "Print one JSON object a line, for machines."),
        Option("--full", "Print values whole instead of as much as fits the line."),
        Option("--color", "Colour the output.", "WHEN", "auto", ("auto", "always", "never")),
    ),
)

BOLD, DIM, RED, GREEN, YELLOW, CYAN = "1", "2", "31", "32", "33", "36"
NARROWEST, FALLBACK_WIDTH = 60, 120
QUIET = ("bridge.ping", "bridge.device.open")
MOST_ALIKE = 1


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Play the story."""
    from bridge.cli.story import Story
    from bridge.emulator import Server, Settings
    from bridge.testing.client import Client

    dialect, platform = kind(options)
    settings = Settings(dialect=dialect, platform=platform)
    with Client.inside(Server(settings)) as client:
        stage = Stage(client, options)
        Story(client, options["dialect"], stage.tell).play()
        stage.show()
        if not options["json"]:
            stage.close()
    return 0


class Stage:
    """Prints what a client's trace has new in it, chapter by chapter."""

    def __init__(self, client: Any, options: dict[str, Any]) -> None:
        self._client = client
        self._as_json = options["json"]
        self._colours = _coloured(options["color"])
        self._width = 0 if options["full"] else _width()
        self._calls = 0
        self._events = 0

    def tell(self, sentence: str) -> None:
        """Show what the chapter before came to, then begin the next."""
        self.show()
        if self._as_json:
            print(json.dumps({"chapter": sentence}))
        else:
            print(f"\n{self._paint(BOLD, sentence)}")

    def show(self) -> None:
        """Print the new entries."""
        blocks = _blocks(list(self._client.trace))
        self._client.trace.clear()
        if self._as_json:
            for block in blocks:
                for entry in block:
                    print(json.dumps(entry, ensure_ascii=False))
            return
        for number, block in enumerate(blocks):
            lines = [self._line(entry) for entry in block]
            alike = _alike(blocks, number)
            if alike <= MOST_ALIKE:
                print("\n".join(lines))
            elif alike == MOST_ALIKE + 1:
                print(self._paint(DIM, "       … and so on"))

    def close(self) -> None:
        """Say what it was."""
        print(f"\n{self._calls} calls, {self._events} events. The same, every time: try it again, or `timbridge demo --json`.")

    def _line(self, entry: dict[str, Any]) -> str:
        if "call" in entry:
            self._calls += 1
            who, method, arguments = _caller(entry)
            return self._entry(CYAN, f"{who:>6} → {method}", arguments)
        if "event" in entry:
            self._events += 1
            arguments = entry["arguments"]
            device = entry["device"] or "phone"
            return self._entry(YELLOW, f"{device:>6} ⚑ {arguments['type']}", arguments.get("data"), DIM)
        if "error" in entry:
            violations = [f"{v['path']} {v['message']}" for v in entry["data"] or () if "path" in v]
            return self._entry(RED, f"       ✗ {entry['error']}", "; ".join(violations) or entry["message"])
        return self._reply(entry.get("reply"))

    def _reply(self, reply: Any) -> str:
        if not isinstance(reply, dict) or "code" not in reply:
            return self._entry(GREEN, "       ←", reply)
        if reply["code"]:
            return self._entry(RED, f"       ← {reply['code']}", reply["desc"])
        return self._entry(GREEN, "       ← 0", reply.get("data"))

    def _entry(self, colour: str, head: str, value: Any, value_colour: str = "") -> str:
        text = value if isinstance(value, str) else _brief(value, bool(self._width))
        room = max(self._width, NARROWEST) - len(head) - 1
        if self._width and len(text) > room:
            text = text[: room - 1] + "…"
        return f"{self._paint(colour, head)} {self._paint(value_colour, text)}".rstrip()

    def _paint(self, colour: str, text: str) -> str:
        return f"\033[{colour}m{text}\033[0m" if self._colours and colour and text else text


def _blocks(entries: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the entries by call: the call, its reply, its events; without the calls that only set the stage."""
    blocks: list[list[dict[str, Any]]] = []
    for entry in entries:
        if "call" in entry or not blocks:
            blocks.append([])
        blocks[-1].append(entry)
    return [block for block in blocks if block[0].get("call") not in QUIET]


def _alike(blocks: list[list[dict[str, Any]]], number: int) -> int:
    """Return how many blocks up to this one are the same call with the same code."""
    count = 0
    while number >= count and _gist(blocks[number - count]) == _gist(blocks[number]):
        count += 1
    return count


def _gist(block: list[dict[str, Any]]) -> Any:
    reply = next((entry["reply"] for entry in block if "reply" in entry), None)
    return block[0].get("call"), reply["code"] if isinstance(reply, dict) and "code" in reply else None


def _caller(entry: dict[str, Any]) -> tuple[str, str, Any]:
    """Return who makes a call, the method, and its arguments; people without a device speak for themselves."""
    arguments = entry["arguments"]
    if entry["call"] == "bridge.user.say":
        return arguments["user"], "says", arguments["text"]
    return entry["device"] or "phone", entry["call"], arguments


def _brief(value: Any, shorten: bool) -> str:
    """Return a value as JSON, with conversations and messages shown as what they are called."""
    if value is None:
        return ""
    return json.dumps(_shortened(value) if shorten else value, ensure_ascii=False)


def _shortened(value: Any) -> Any:
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "resultCode" in value:
        return f"{value.get('conversationID')}: {value['resultCode']}"
    if "conversationID" in value and "showName" in value:
        unread = value.get("unreadCount")
        return f"{value['conversationID']} ({unread} unread)" if unread else value["conversationID"]
    if "msgID" in value and "sender" in value:
        return {"sender": value["sender"], "text": (value.get("textElem") or {}).get("text")}
    return {key: _shortened(item) for key, item in value.items()}


def _coloured(when: str) -> bool:
    if when != "auto":
        return when == "always"
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _width() -> int:
    from shutil import get_terminal_size

    return get_terminal_size((FALLBACK_WIDTH, 24)).columns
