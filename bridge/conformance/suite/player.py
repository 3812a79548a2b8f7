"""
Plays the script of a case, and says at which step it differs.

A step is `[who, what, arguments, expected, times]`; what is left out is empty, and once.

* `who` is a device: a user, and for more devices of one a number behind it (`alice`, `alice2`); each enters when it is first named.
  `alice bob` are one after the other, `~bob` acts unseen. Without a `who`, `what` is `advance` (milliseconds), `switch`, or a call of
  `bridge.*`.
* `what` is a method of the channel (of `a|b` the first that the platform has), or one of these: `enter` (`user`, `dialect`, `platform`:
  `other` is another phone's, `listen`), `start` (an app that nobody is logged in on), `kill`, `cut`, `mend`, `group` (`type`, `with`
  whom, more for createGroup), `say` (a text, sent), `send` (created by `make` with `of`, then sent), `heard` (since the last look, by
  type of event how often it came, or the data of all that came; `*` is any; nothing forgets all), `hears` (all events since the last
  look in their order, each `[type, data]`; of some types alone, if `expected` says so by `of`), `seen` (data that one of them had),
  `pushed` (what would have been put on the user's screen so far).
* A text that begins with `$` stands for a value that a step before has kept (`as`), `${m}` within a text for a kept text; `$x * 3`
  repeats a text, `$#` in it counts the `times` of a step. `{"each": text, "up to": 3}` is a list of three, `{"like": map, "but": {…}}` a
  changed map, `{"by": {"ios": a, "im-5.0": b, "else": c}}` goes by platform and dialect.
* `expected` is about the reply: `code` (0 when left out; a list: any of them), `data`: what must be in it (`expectations`), `lacks`: keys
  that it has not. A refusal has a text, tells nobody and changes nothing, but where it `leaves` something. `error` is JSON-RPC's code.
  Of the result as a whole: `reply`: what must be in it, `is`: all of it, `not`: what must not be, `keys`: by path exactly the keys of the
  object there (`?` behind one: it may), `without`: paths that are not there. `fails`: the reason why it is never answered, by the bridge
  or any other; `silence`: nothing comes. `events`: the types of what the device hears of this call, `tells`: by type the data of all that
  it hears of it. `as` keeps the data, `keeps` the whole result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Any

from bridge.conformance.suite.actors import Answer, NotAnswered, Phone, Stage
from bridge.conformance.suite.expectations import NOTHING, Flaw, Look, filled, flaw, shown, wording
from bridge.conformance.suite.worlds import WORDS
from bridge.errors import UNANSWERED, UNKNOWN_METHOD

EMPTY: Mapping[str, Any] = MappingProxyType({})
WHOLE = frozenset({"reply", "is", "not", "keys", "without"})
"""What is expected of a result as a whole; the code then is not 0 by itself."""


class Differs(Exception):
    """A step has not gone as expected."""

    def __init__(self, number: int, step: Any, flaws: list[Flaw]) -> None:
        super().__init__(f"step {number}: {'; '.join(map(str, flaws))}")
        self.number = number
        self.step = step
        self.flaws = flaws


def data_of(reply: Any) -> Any:
    """Return what a reply carries: the data of an envelope, or all of it."""
    return reply.get("data") if is_envelope(reply) else reply


def is_envelope(reply: Any) -> bool:
    """Return whether a reply is one with a code."""
    return isinstance(reply, dict) and "code" in reply


def play(script: list[Any], stage: Stage) -> None:
    """Play a script on a stage that is ready. Raises: Differs, NotAnswered, Untried."""
    Player(stage).play(script)


class Player:
    """One run of a script."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.kept: dict[str, Any] = {}
        self.count = 0
        self._look = Look(self.kept, loose=stage.is_foreign)
        self._exact = Look(self.kept, exact=True, loose=stage.is_foreign)

    def play(self, script: list[Any]) -> None:
        """Play all steps."""
        for number, step in enumerate(script, 1):
            try:
                flaws = list(self._flaws(*step))
            except NotAnswered as why:
                why.step = number
                raise
            if flaws:
                raise Differs(number, step, flaws)

    def _flaws(self, names: str, what: str, arguments: Any = EMPTY, expected: Any = EMPTY, times: int = 1) -> Iterator[Flaw]:
        for self.count in range(1, times + 1):
            for who in names.split(" "):
                yield from self._step(who, what, self._filled(arguments), self.stage.renamed(self._filled(expected)))

    def _step(self, who: str, what: str, given: Any, expected: dict[str, Any]) -> Iterator[Flaw]:
        if not who:
            return self._service(what, given, expected)
        if what in WORDS:
            found: Iterator[Flaw] | None = getattr(self, f"_{what}")(who, given, expected)
            return found or iter(())
        return self._call(who, what, given, expected)

    def _phone(self, who: str) -> Phone:
        if who.startswith("~"):
            return self.stage.hidden(who[1:])
        if who not in self.stage.phones:
            self._enter(who, {}, {})
        return self.stage.phones[who]

    # --- values

    def _filled(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if isinstance(value, dict) and "by" in value:
            worlds = (f"{self.stage.dialect}-{self.stage.platform}", self.stage.platform, self.stage.dialect, "else")
            return self._filled(next(value["by"][name] for name in worlds if name in value["by"]))
        if isinstance(value, dict) and "like" in value:
            return {**self._filled(value["like"]), **self._filled(value["but"])}
        if isinstance(value, dict) and "each" in value:
            return [value["each"].replace("$#", str(number)) for number in range(1, value["up to"] + 1)]
        if isinstance(value, Mapping):
            return {key: self._filled(one) for key, one in value.items()}
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> Any:
        text = text.replace("$#", str(self.count))
        if repeated := re.fullmatch(r"\$(.+) \* (\d+)", text, re.DOTALL):
            return repeated[1] * int(repeated[2])
        if "${" in text:
            return filled(text, self.kept)
        if not text.startswith("$"):
            return text
        name, *path = text[1:].split(".")
        found = self.kept.get(name, NOTHING)
        for key in path:
            found = at(found, key)
        if found is NOTHING:
            raise NotAnswered(f"nothing has come that could be used as {text}")
        return found

    # --- calls and what is expected of them

    def _call(self, who: str, method: str, arguments: dict[str, Any], expected: dict[str, Any]) -> Iterator[Flaw]:
        phone = self._phone(who)
        if "|" in method:
            method = next(filter(self.stage.has, method.split("|")))
        heard = {name: len(one.events) for name, one in self.stage.phones.items()}
        before = self.stage.wire.snapshot() if self._is_refused(expected) else None
        answer = phone.call(method, arguments)
        told = {name: one.events[heard.get(name, 0) :] for name, one in self.stage.phones.items()}
        left = before is not None and before != self.stage.wire.snapshot()
        yield from self._answered(method, answer, expected)
        if self._is_refused(expected) and not expected.get("leaves"):
            yield from self._leaves_nothing(told, left)
        own = next(iter(told.values()), []) if phone.is_hidden else told.get(who, [])
        yield from self._told(own, expected)
        result = (answer.reply or {}).get("result")
        if "as" in expected:
            self.kept[expected["as"]] = data_of(result)
        if "keeps" in expected:
            self.kept[expected["keeps"]] = result

    def _is_refused(self, expected: Mapping[str, Any]) -> bool:
        return bool(expected.get("code") or "error" in expected or "fails" in expected or "silence" in expected)

    def _leaves_nothing(self, told: dict[str, list[tuple[str, Any]]], left: bool) -> Iterator[Flaw]:
        for name, events in told.items():
            if events:
                yield Flaw(f"events of {name}", "none, for the call is refused", shown([kind for kind, _ in events]))
        if left:
            yield Flaw("", "nothing has changed, for the call is refused", "another state than before")

    def _answered(self, method: str, answer: Answer, expected: Mapping[str, Any]) -> Iterator[Flaw]:
        reply = answer.reply
        if "silence" in expected or (reply is None and "fails" in expected):
            if reply is not None:
                yield Flaw("", "no answer at all", shown(reply))
            return
        if reply is None:
            raise NotAnswered(f"{method} is not answered")
        error = reply.get("error")
        if "error" in expected:
            yield from self._look.flaws((error or {}).get("code", NOTHING), expected["error"], "error.code")
        elif error is not None and error.get("code") == UNKNOWN_METHOD:
            raise NotAnswered(f"the target has no {method}: {error.get('message')}")
        elif "fails" in expected:
            if not self._look.meets(error, {"code": UNANSWERED, "data": {"reason": expected["fails"]}}):
                due = f"no answer, or error {UNANSWERED} with the reason {expected['fails']!r}"
                yield Flaw("", due, shown(reply.get("result") if error is None else error))
        elif error is not None and error.get("code") == UNANSWERED:
            raise NotAnswered(f"{method} is never answered: {error.get('message')}")
        elif error is not None:
            yield Flaw("", "an answer", f"the JSON-RPC error {error.get('code')}: {error.get('message')} {shown(error.get('data'))}")
        else:
            yield from self._result(reply.get("result"), expected)

    def _result(self, result: Any, expected: Mapping[str, Any]) -> Iterator[Flaw]:
        code = expected.get("code", NOTHING if WHOLE & expected.keys() or not is_envelope(result) else 0)
        if code is not NOTHING:
            codes = code if isinstance(code, list) else [code]
            came = result["code"] if is_envelope(result) else NOTHING
            if came not in codes:
                told = f" ({result.get('desc')})" if is_envelope(result) else ""
                yield Flaw("code", " or ".join(map(str, codes)), shown(came) + told)
                return
        if expected.get("code") and not (isinstance(result.get("desc"), str) and result["desc"]):
            yield Flaw("desc", "a text that is not empty", shown(result.get("desc", NOTHING)))
        data = data_of(result)
        if "data" in expected:
            yield from self._look.flaws(data, expected["data"], "data" if is_envelope(result) else "")
        for key in expected.get("lacks", ()):
            if isinstance(data, dict) and data.get(key) is not None:
                yield Flaw(f"data.{key}", "nothing", shown(data[key]))
        yield from self._whole(result, expected)

    def _whole(self, result: Any, expected: Mapping[str, Any]) -> Iterator[Flaw]:
        exact = self._exact
        if "reply" in expected:
            yield from exact.flaws(result, expected["reply"])
        if "is" in expected and expected["is"] != result:
            parts = list(exact.flaws(result, deep(expected["is"])))
            yield from parts or [flaw("", expected["is"], result)]
        if "not" in expected and exact.meets(result, expected["not"]):
            yield Flaw("", f"anything but {shown(expected['not'])}", shown(result))
        for path in expected.get("without", ()):
            if along(result, path) is not NOTHING:
                yield Flaw(path, "no such key", shown(along(result, path)))
        for path, keys in expected.get("keys", {}).items():
            yield from _keys(along(result, path), keys, path)

    def _told(self, events: list[tuple[str, Any]], expected: Mapping[str, Any]) -> Iterator[Flaw]:
        if "events" in expected:
            yield from self._in_order(events, [[kind] for kind in expected["events"]])
        for kind, parts in expected.get("tells", {}).items():
            yield from self._exact.flaws([data for one, data in events if one == kind], parts, kind)

    # --- what only a script says

    def _enter(self, who: str, given: Any, expected: Any) -> None:
        user = given.get("user", re.sub(r"\d+$", "", who))
        self.stage.device(who, user, given.get("dialect"), given.get("platform")).enter(given.get("listen", True))

    def _start(self, who: str, given: Any, expected: Any) -> None:
        phone = self.stage.device(who, who, given.get("dialect"), given.get("platform"))
        if given.get("init", True):
            phone.start()

    def _kill(self, who: str, given: Any, expected: Any) -> None:
        self.stage.close(who)

    def _cut(self, who: str, given: Any, expected: Any) -> None:
        self.stage.control("bridge.service.connectionLost", {"device": self._phone(who).name})

    def _mend(self, who: str, given: Any, expected: Any) -> None:
        self.stage.control("bridge.service.connectionRestored", {"device": self._phone(who).name})

    def _group(self, who: str, given: Any, expected: Any) -> Iterator[Flaw]:
        more = {key: one for key, one in given.items() if key not in ("type", "with")}
        members = [{"userID": user, "role": 200} for user in given.get("with", ())] or None
        return self._call(who, "createGroup", {"groupType": given["type"], "groupName": "team", "memberList": members, **more}, expected)

    def _say(self, who: str, given: Any, expected: Any) -> Iterator[Flaw]:
        return self._send(who, {"make": "createTextMessage", **given, "of": {"text": given.get("text", "hi")}}, expected)

    def _send(self, who: str, given: Any, expected: Any) -> Iterator[Flaw]:
        yield from self._call(who, given["make"], given.get("of", {}), {"as": " made"})
        if "then" in given:
            method, arguments, key = given["then"]
            yield from self._call(who, method, {**arguments, key: self._made()}, {"as": " made"})
        arguments = {"id": self._made(), "receiver": given.get("to", ""), "groupID": given.get("group", ""), **given.get("options", {})}
        leaves = {"leaves": True} if expected.get("code", 0) else {}
        yield from self._call(who, "sendMessage", arguments, {**leaves, **expected})

    def _made(self) -> Any:
        found = at(self.kept.get(" made"), "id")
        if found is NOTHING:
            raise NotAnswered("the message that was created has no id")
        return found

    def _heard(self, who: str, given: dict[str, Any], expected: Any) -> Iterator[Flaw]:
        heard = self._phone(who).heard()
        for kind, wanted in self.stage.renamed(given).items():
            found = [data for one, data in heard if kind in (one, "*")]
            count = wanted if isinstance(wanted, int) else len(wanted)
            if count != len(found):
                kinds = ", ".join(one for one, _ in heard) or "nothing"
                yield Flaw(f"events of {who}", f"{count} × {kind}", f"{len(found)}; {who} has heard {kinds}")
            elif wanted != count:
                yield from self._look.flaws(found, wanted, f"events of {who}: {kind}")

    def _hears(self, who: str, given: list[Any], expected: Mapping[str, Any]) -> Iterator[Flaw]:
        heard = self._phone(who).heard()
        only = expected.get("of")
        events = [event for event in heard if only is None or event[0] in only]
        return self._in_order(events, self.stage.renamed(given), f"events of {who}")

    def _in_order(self, events: list[tuple[str, Any]], wanted: list[Any], path: str = "events") -> Iterator[Flaw]:
        """Yield where events differ: one that is missing or too many is one difference."""
        came, due = [kind for kind, _ in events], [one[0] for one in wanted]
        for tag, from_, to, due_from, due_to in SequenceMatcher(None, came, due, autojunk=False).get_opcodes():
            if tag == "equal":
                for (kind, data), one in zip(events[from_:to], wanted[due_from:due_to], strict=True):
                    if len(one) > 1:
                        yield from self._look.flaws(data, one[1], f"{path}: {kind}")
            else:
                yield Flaw(path, ", ".join(due[due_from:due_to]) or "nothing more", ", ".join(came[from_:to]) or "nothing")

    def _seen(self, who: str, given: dict[str, Any], expected: Any) -> Iterator[Flaw]:
        heard = self._phone(who).heard()
        for kind, wanted in self.stage.renamed(given).items():
            found = [data for one, data in heard if one == kind]
            if not any(self._look.meets(data, wanted) for data in found):
                yield Flaw(f"events of {who}: {kind}", f"one with {wording(wanted)}", shown(found) if found else "none of that type")

    def _pushed(self, who: str, given: list[Any], expected: Any) -> Iterator[Flaw]:
        pushes = self.stage.control("bridge.push.list", {"user": re.sub(r"\d+$", "", who)})["pushes"]
        return self._look.flaws(pushes, given, f"pushes to {who}")

    def _service(self, what: str, given: Any, expected: Mapping[str, Any]) -> Iterator[Flaw]:
        if what == "advance":
            self.stage.control("bridge.clock.advance", {"ms": given})
        elif what == "switch":
            for name, value in given.items():
                self.stage.control("bridge.service.switch", {"name": name, "value": value})
        else:
            result = self.stage.control(what, dict(given))
            if "as" in expected:
                self.kept[expected["as"]] = data_of(result)
            if "keeps" in expected:
                self.kept[expected["keeps"]] = result
        return iter(())


def at(value: Any, key: str) -> Any:
    """Return what a key of an object or a list leads to; NOTHING where there is none."""
    if isinstance(value, list):
        return value[int(key)] if key.isdecimal() and int(key) < len(value) else NOTHING
    return value.get(key, NOTHING) if isinstance(value, dict) else NOTHING


def along(value: Any, path: str) -> Any:
    """Return what a path of keys leads to; NOTHING where there is none."""
    for key in filter(None, path.split(".")):
        value = at(value, key)
    return value


def deep(value: Any) -> Any:
    """Return an expectation that only a value itself meets, to see where another differs."""
    if isinstance(value, dict):
        return {"=": {key: deep(one) for key, one in value.items()}}
    return [deep(one) for one in value] if isinstance(value, list) else value


def _keys(value: Any, keys: list[str], path: str) -> Iterator[Flaw]:
    there = set(value) if isinstance(value, dict) else set()
    due = {key for key in keys if not key.endswith("?")}
    for key in sorted(due - there):
        yield Flaw(f"{path}.{key}", "to be there", "nothing")
    for key in sorted(there - {key.rstrip("?") for key in keys}):
        yield Flaw(f"{path}.{key}", "no such key", shown(value[key]))
