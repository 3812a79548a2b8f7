"""Examples of calls and events: what goes over the channel while cases of the suite are played; of what no case has, the emptiest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from bridge.conformance.suite.worlds import World, has, has_all, named

Example = dict[str, Any]
Place = tuple[Case, int]
"""Where a call is made: in which case, as the how manieth of its method there."""
Note = Callable[[Place, str, Any, Answer], None]
"""Is told of each call: where it is made, its method and arguments, and what came of it."""

Worth = tuple[bool, bool]
"""How good an example is: a success before anything else, and a short one before a long one."""
GOOD: Worth = (True, True)
WILL_DO: Worth = (True, False)

MOST_LETTERS = 4_000
"""A longer example is taken only where there is no other."""
TRIES = 5
"""In so many cases a name is looked for: some have none that fits, and playing all takes long."""
ACTS = {"group": "createGroup", "say": "sendMessage", "send": "sendMessage", "enter": "login"}
"""The methods behind words of scripts that stand for some."""
FAILS = frozenset({"code", "error", "fails", "silence"})
"""Expected of a call that does not succeed."""


class Examples:
    """
    The examples of a dialect.

    Attributes:
        calls: {arguments, reply, events} by method and platform, a success wherever the suite has one; the same call on all platforms that
            have the case in which it is made.
        events: by type of event what a listener gets.
    """

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self.calls: dict[str, dict[str, Example]] = {}
        self.events: dict[str, Any] = {}
        self._from: dict[str, Place] = {}
        worlds = [(dialect, platform) for platform in load(dialect).platforms]
        cases = sorted(suite.load(), key=lambda case: -sum(map(case.is_on, worlds)))  # what all platforms have can be compared
        for world in worlds:
            self._search(world, cases, {method: next(iter(found.values())) for method, found in self.calls.items()}, GOOD)
        for world in worlds:
            self._make_again(world)
            self._search(world, cases, {method: found[world[1]] for method, found in self.calls.items() if world[1] in found}, WILL_DO)
        for _, platform in worlds:
            self._fill(platform)

    def _play(self, cases: Iterable[Case], world: World, note: Note) -> None:
        """Play those cases that a platform has, and note each call and what came of it."""
        wire = _Overheard(world, note)
        for case in cases:
            if has_all(world, case.script):
                wire.take_up(case)
                verdict(case, Stage(wire, world))

    def _make_again(self, world: World) -> None:
        """Make the calls that other platforms have examples of, in the same cases: as far as these go, be they about this one or not."""
        missing = {method: place for method, place in self._from.items() if world[1] not in self.calls[method]}

        def note(place: Place, method: str, arguments: Any, answer: Answer) -> None:
            if missing.get(method) == place and (one := _example(arguments, answer)) is not None:
                self.calls[method][world[1]] = one

        self._play({case.place: case for case, _ in missing.values()}.values(), world, note)

    def _search(self, world: World, cases: Iterable[Case], best: dict[str, Example], enough: Worth) -> None:
        """Look on a platform for better examples than those that there are, where these are not good enough."""
        tried: Counter[tuple[str, bool]] = Counter()

        def is_worth_it(case: Case) -> bool:
            """Return whether a case may have an example of something that has none, and was not looked for often enough."""
            promised = {(name, True) for name in _promised(case.script) if _worth(best.get(name)) < enough}
            called = {(name, False) for names in named(case.script) for name in names.split("|") if name not in best}
            missing = {one for one in promised | called if one[0] not in self.events}
            new = any(tried[one] < TRIES for one in missing)
            if new:
                tried.update(missing)
            return new

        def note(place: Place, method: str, arguments: Any, answer: Answer) -> None:
            """Keep what is better than what there is."""
            for event in _heard(answer):
                kind = event["params"]["type"]
                if kind not in self.events or (len(str(self.events[kind])) > MOST_LETTERS > len(str(event))):
                    self.events[kind] = event
            if _worth(best.get(method)) == GOOD or (one := _example(arguments, answer)) is None:
                return
            if method not in best or _worth(best[method]) < _worth(one):
                best[method] = self.calls.setdefault(method, {})[world[1]] = one
                if self.calls[method].keys() == {world[1]}:
                    self._from[method] = place

        self._play((case for case in cases if case.is_on(world) and is_worth_it(case)), world, note)

    def _fill(self, platform: str) -> None:
        """
        Take the emptiest arguments of what no case calls, or a platform always refuses, and the emptiest data of what none hears, where
        there is such.
        """
        catalogue = load(self._dialect)
        for name in catalogue.method_names:
            if name not in self._from or not (platform in self.calls[name] or has(self._dialect, platform, name)):
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
        catalogue = load(self._dialect)
        spec = catalogue.method(method)
        assert spec is not None
        given = {one.key: {} if one.type.kind == "model" else empty(one.type, catalogue, platform, null=False) for one in spec.params}
        wire = OwnWire((self._dialect, platform))
        wire.begin({})
        wire.exchange("initSDK", {**catalogue.init_arguments, "listenerUuid": ""})
        wire.exchange("login", {"userID": "alice", "userSig": "sig"})
        one = _example(given, wire.exchange(method, given))
        if one is not None:
            self.calls.setdefault(method, {})[platform] = one


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

    def __init__(self, world: World, note: Note) -> None:
        super().__init__(world)
        self._note = note
        self._case: Case
        self._counts: Counter[str] = Counter()

    def take_up(self, case: Case) -> None:
        """Begin with a case."""
        self._case = case
        self._counts.clear()

    def exchange(self, method: str, arguments: Any) -> Answer:
        """See `Wire`."""
        answer = super().exchange(method, arguments)
        if method in ("bridge.device.call", "bridge.user.call"):
            name = arguments["method"]
            self._counts[name] += 1
            self._note((self._case, self._counts[name]), name, arguments["arguments"], answer)
        return answer


def _example(arguments: Any, answer: Answer) -> Example | None:
    """Return a call as an example; None where there is no result."""
    reply = answer.reply or {}
    if "result" not in reply:
        return None
    return {**_plain({"arguments": arguments, "reply": reply["result"]}), "events": _heard(answer)}


def _promised(script: list[Any]) -> Iterator[str]:
    """Yield the methods of which a script expects a success, and the events that it expects."""
    for step in script:
        _, what, *more = step
        expected = more[1] if len(more) > 1 else {}
        if what == "hears":
            yield from (one[0] for one in more[0] if isinstance(one, list) and isinstance(one[0], str))
        elif FAILS.isdisjoint(expected):
            yield ACTS.get(what, what)
            yield from (name for names in named([step]) for name in names.split("|"))


def _worth(one: Mapping[str, Any] | None) -> Worth:
    if one is None:
        return False, False
    reply = one["reply"]
    return not isinstance(reply, dict) or reply.get("code", 0) == 0, len(str(one)) < MOST_LETTERS


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
