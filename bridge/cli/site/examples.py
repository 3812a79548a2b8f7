"""Examples of calls and events: what goes over the channel while cases of the suite are played; of what no case has, the emptiest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from bridge.catalogue import load
from bridge.catalogue.examples import empty
from bridge.catalogue.native import ArgumentSpec, NativeCatalogue
from bridge.catalogue.types import TypeExpr
from bridge.cli.conform_wires import OwnWire
from bridge.codecs import jsonrpc
from bridge.conformance.suite import cases as suite
from bridge.conformance.suite.actors import Answer, Stage
from bridge.conformance.suite.cases import Case
from bridge.conformance.suite.running import verdict
from bridge.conformance.suite.worlds import World, named

Example = dict[str, Any]

MOST_LETTERS = 4_000
"""A longer example is taken only where there is no other."""
TRIES = 5
"""In so many cases a name is looked for: some have none that fits, and playing all takes long."""
ACTS = {"group": "createGroup", "say": "sendMessage", "send": "sendMessage", "enter": "login"}
"""The methods behind words of scripts that stand for some."""


class Examples:
    """
    The examples of a dialect, made on its first platform.

    Attributes:
        calls: {arguments, reply, events} by method, a success wherever the suite has one.
        events: by type of event what a listener gets.
    """

    def __init__(self, dialect: str) -> None:
        self._world = (dialect, load(dialect).platforms[0])
        self.calls: dict[str, Example] = {}
        self.events: dict[str, Any] = {}
        self._tried: Counter[str] = Counter()
        wire = _Overheard(self, self._world)
        for case in suite.load():
            if self._is_worth_it(case) and case.is_on(self._world):
                verdict(case, Stage(wire, self._world))
        self._fill()

    def _is_worth_it(self, case: Case) -> bool:
        """Return whether a case may have an example of something that has none, and was not looked for often enough."""
        names = {one for name in named(case.script) for one in name.split("|")} | {ACTS.get(step[1], "") for step in case.script}
        missing = {name for name in names if name and name not in self.events and not _is_good(self.calls.get(name))}
        new = {name for name in missing if self._tried[name] < TRIES}
        if new:
            self._tried.update(missing)
        return bool(new)

    def note(self, method: str, arguments: Any, answer: Answer) -> None:
        """Keep what is better than what there is."""
        for event in _heard(answer):
            kind = event["params"]["type"]
            if kind not in self.events or (len(str(self.events[kind])) > MOST_LETTERS > len(str(event))):
                self.events[kind] = event
        reply = answer.reply or {}
        if "result" not in reply:
            return
        one = _plain({"arguments": arguments, "reply": reply["result"], "events": _heard(answer)})
        if method not in self.calls or (not _is_good(self.calls[method]) and (_is_good(one) or len(str(one)) < MOST_LETTERS)):
            self.calls[method] = one

    def _fill(self) -> None:
        """Take the emptiest arguments of what no case calls, and the emptiest data of what none hears, where there is such."""
        catalogue = load(self._world[0])
        for platform in catalogue.platforms:
            for name in catalogue.method_names:
                if name not in self.calls:
                    self._ask(name, platform)
            for kind in catalogue.listener_kinds:
                for type in sorted(catalogue.event_types - self.events.keys()):
                    event = catalogue.event(kind, type)
                    if event is not None and platform in event.platforms:
                        made = {piece.key: empty(piece.type, catalogue, platform) for piece in event.data(platform)}
                        data = made.get(None, made) or None
                        self.events[type] = _plain({"method": kind, "params": {"type": type, "data": data, "listenerUuid": ""}})

    def _ask(self, method: str, platform: str) -> None:
        """Make a call with the emptiest arguments, by somebody who is alone."""
        catalogue = load(self._world[0])
        spec = catalogue.method(method)
        assert spec is not None
        given = {one.key: {} if one.type.kind == "model" else empty(one.type, catalogue, platform, null=False) for one in spec.params}
        wire = OwnWire((self._world[0], platform))
        wire.begin({})
        wire.exchange("initSDK", {**catalogue.init_arguments, "listenerUuid": ""})
        wire.exchange("login", {"userID": "alice", "userSig": "sig"})
        self.note(method, given, wire.exchange(method, given))


def of_function(catalogue: NativeCatalogue, name: str) -> Any:
    """Return the emptiest arguments of a function of the native library, JSON texts as what they hold; None for one without any."""
    spec = catalogue.function(name)
    assert spec is not None
    return {one.name: _held(catalogue, one) for one in spec.arguments if one.holds != "pointer"} or None


def _held(catalogue: NativeCatalogue, one: ArgumentSpec) -> Any:
    if one.holds != "json":
        return {"number": 0, "bool": False}.get(one.holds, "")
    kind = one.type or one.shape
    return None if kind is None else _emptiest(catalogue, kind, 2)


def _emptiest(catalogue: NativeCatalogue, kind: TypeExpr, deep: int) -> Any:
    """Return the emptiest value of a type; an object with all its keys, but for objects in it so deep."""
    if kind.kind == "list" and kind.item is not None and deep:
        return [_emptiest(catalogue, kind.item, deep - 1)]
    if kind.kind == "object":
        keys = catalogue.object(kind.item).keys if deep and catalogue.has_object(kind.item) else ()
        return {key.key: _emptiest(catalogue, key.type, deep - 1) for key in keys}
    if kind.kind == "union":
        return _emptiest(catalogue, kind.item[0], deep)
    return {} if kind.kind == "model" else empty(kind, catalogue, catalogue.platforms[0])


class _Overheard(OwnWire):
    """This bridge, and somebody who notes what is called."""

    def __init__(self, examples: Examples, world: World) -> None:
        super().__init__(world)
        self._examples = examples

    def exchange(self, method: str, arguments: Any) -> Answer:
        """See `Wire`."""
        answer = super().exchange(method, arguments)
        if method in ("bridge.device.call", "bridge.user.call"):
            self._examples.note(arguments["method"], arguments["arguments"], answer)
        return answer


def _is_good(one: Mapping[str, Any] | None) -> bool:
    if one is None:
        return False
    reply = one["reply"]
    return len(str(one)) < MOST_LETTERS and (not isinstance(reply, dict) or reply.get("code", 0) == 0)


def _heard(answer: Answer) -> list[Any]:
    """Return the events as a client gets them, whosever device it is."""
    found = []
    for event in answer.events:
        said = event["arguments"]
        if event["method"] == "bridge.device.event":
            said = said["arguments"]
        if isinstance(said, dict) and "type" in said:
            found.append({"method": said.get("method", event["method"]), "params": said})
    plain: list[Any] = _plain(found)
    return plain


def _plain(value: Any) -> Any:
    return json.loads(jsonrpc.dumps(value))
