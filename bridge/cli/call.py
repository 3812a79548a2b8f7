"""`timbridge call`: one call, one reply."""

from __future__ import annotations

import json
import shlex
import sys
from typing import Any

from bridge.cli.options import Option, UsageError, Verb
from bridge.cli.setup import DEVICE, WORLD, settings

VERB = Verb(
    "call",
    "Makes one call and prints its reply as JSON, logged in as --user (an empty one is nobody). A value\n"
    "is JSON if it can be read as such, else a string. The world is a fresh one, or that of a running server.\n"
    "Exit status: 0 success; 1 the service refused (an envelope with a code); 2 no correct plugin makes this call.",
    (
        Option("--user", "Who makes the call.", "ID", "alice"),
        Option("--connect", "Call a running server instead of starting one.", "HOST:PORT"),
        Option("--token", "The token of that server.", "TEXT"),
        Option("--use-world", "Which of that server's worlds to call in.", "NAME"),
        Option("--events", "Print the events, too: one JSON object a line, behind the reply."),
        *DEVICE,
        *WORLD,
    ),
    "METHOD [KEY=VALUE…]",
    1,
    None,
    examples=(
        "timbridge call getVersion",
        'timbridge call createConversationGroup groupName=work \'conversationIDList=["c2c_bob"]\'',
        "timbridge call bridge.ping",
    ),
)

AS_IT_IS = ("initSDK",)
BEFORE_LOGIN = ("login", "unInitSDK")

INIT = {"sdkAppID": 1, "logLevel": 0, "listenerUuid": "", "uiPlatform": 0, "showImLog": False, "plugins": [], "tempPath": ""}


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Make the call."""
    method, params = arguments[0], values(arguments[1:])
    make = _remotely(options) if options["connect"] else _locally(options)
    reply = make(method, params)
    for warning in reply.get("warnings", ()):
        print(f"timbridge: {warning}", file=sys.stderr)
    if "error" in reply:
        error = reply["error"]
        print(f"timbridge: {error['message']} ({error['code']})", file=sys.stderr)
        for violation in error.get("data") or []:
            if isinstance(violation, dict) and "path" in violation:
                hint = as_text(violation, arguments[1:])
                print(f"  {violation['path']} {violation['message']}{hint}", file=sys.stderr)
        return 2
    result = reply["result"]["result"]
    if reply["result"].get("pending"):
        print(f"timbridge: {method} is not answered", file=sys.stderr)
        return 1
    _show(result, 2 if sys.stdout.isatty() else None)
    if options["events"]:
        for event in reply["result"]["events"]:
            if not event.get("earlier"):
                _show({"method": event["method"], "arguments": event["arguments"]}, None)
    refused = isinstance(result, dict) and "code" in result and result["code"] != 0 and not method.startswith("bridge.")
    return 1 if refused else 0


def values(words: list[str]) -> dict[str, Any]:
    """Return the arguments that `key=value` words stand for. Raises UsageError for a word without `=`."""
    found: dict[str, Any] = {}
    for word in words:
        key, equals, text = word.partition("=")
        if not key or not equals:
            raise UsageError(f"{word!r} is no KEY=VALUE")
        try:
            found[key] = json.loads(text)
        except ValueError:
            found[key] = text
    return found


def as_text(violation: dict[str, Any], words: list[str]) -> str:
    """Return how to write a value that is to be text and was read as JSON; "" where that is not what is wrong."""
    given = dict(word.partition("=")[::2] for word in words)
    text = given.get(violation["path"])
    if text is None or not violation["message"].startswith("must be a string, not"):
        return ""
    return f"; as text: {shlex.quote(violation['path'] + '=' + json.dumps(text, ensure_ascii=False))}"


def _show(value: Any, indent: int | None) -> None:
    from bridge.codecs import jsonrpc

    if indent is None:
        text = jsonrpc.dumps(value).decode()
    else:
        text = json.dumps(json.loads(jsonrpc.dumps(value)), ensure_ascii=False, indent=indent)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def _locally(options: dict[str, Any]) -> Any:
    """Return a function that makes a call in a world of this process, logged in if the method needs it."""
    from bridge.control.messages import RpcClient
    from bridge.emulator import Server

    said: list[Any] = []
    client = RpcClient(Server(settings(options)), said.append)

    def turn(method: str, params: dict[str, Any]) -> dict[str, Any]:
        said.clear()
        arguments = {"method": method, "arguments": params}
        client.receive({"jsonrpc": "2.0", "id": 1, "method": "bridge.turn", "params": arguments})
        reply: dict[str, Any] = said[-1]
        return reply

    def warned(method: str) -> list[str]:
        entries = turn("bridge.journal.list", {"kind": "warning", "method": method})["result"]["result"]["entries"]
        return [entry["text"] for entry in entries]

    def make(method: str, params: dict[str, Any]) -> dict[str, Any]:
        if method not in AS_IT_IS and not method.startswith("bridge."):
            turn("initSDK", {**INIT, "sdkAppID": options["sdkappid"] or INIT["sdkAppID"]})
            if options["user"] and method not in BEFORE_LOGIN:
                turn("addConversationListener", {"listenerUuid": ""})
                turn("login", {"userID": options["user"], "userSig": _signature(options)})
        reply = turn(method, params)
        return {**reply, "warnings": warned(method)}

    return make


def _signature(options: dict[str, Any]) -> str:
    if options["usersig_key"] is None:
        return "sig"
    from bridge.usersig import sign
    from bridge.world.kernel.world import START_MS

    return sign(options["user"], options["sdkappid"], options["usersig_key"], now_s=START_MS // 1000)


def _remotely(options: dict[str, Any]) -> Any:
    """Return a function that makes a call on a running server, as a user of its world; control calls as they are."""
    from bridge.testing.client import Client
    from bridge.testing.errors import RpcError

    def make(method: str, params: dict[str, Any]) -> dict[str, Any]:
        with Client.connect(options["connect"], token=options["token"], world=options["use_world"]) as client:
            seen = max((entry["seq"] for entry in client.journal.list(method=method)), default=0)
            try:
                if method.startswith("bridge."):
                    return {"result": client.turn(method, params)}
                result = client.user(options["user"]).reply(method, **params)
            except RpcError as error:
                return {"error": {"code": error.code, "message": error.message, "data": error.data}}
            entries = client.journal.list(since=seen, method=method)
            warnings = [entry["text"] for entry in entries if entry["kind"] == "warning"]
            return {"result": {"result": result, "events": []}, "warnings": warnings}

    return make
