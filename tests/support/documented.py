"""
Documented statements, as data: what the sources say of the service, each with a script that holds the bridge to it.

`fixtures/documented/*.jsonl` has a line for each: its name, what it `says`, its `source`, how `sure` that is (what another source says
`differently`), the `policy` of the service, and a `script`. It is played on the dialects and platforms whose clients were recorded, where
they have all that the script names, or on those that `only` gives a reason for. A statement that no script can try says why, `untried`.
The suite of `timbridge conform` plays them on all dialects and platforms but those that `not` gives a reason for, and counts them for
`rules`.

A step is `[who, what, arguments, expected, times]`; what is left out is empty, and once.

* `who` is a device: a user, and for more devices of one a number behind it (`alice`, `alice2`); each enters when it is first named.
  `alice bob` are one after the other. Without a `who`, `what` is `advance` (milliseconds) or `switch`.
* `what` is a method of the channel (of `a|b` the first that the platform has), or one of these: `enter` (`user`, `platform`:
  `other` is another phone's), `start` (an app that nobody is logged in on), `kill`, `cut`, `mend`, `group` (`type`, `with` whom, more for
  createGroup), `say` (a text, sent), `send` (created by `make` with `of`, then sent), `heard` (since the last look, by type of event how
  often it came, or the data of all that came; `*` is any; nothing forgets all), `seen` (data that one of them had), `pushed` (what would
  have been put on the user's screen so far).
* A text that begins with `$` stands for a value that a step before has kept (`as`); `$x * 3` repeats a text, `$#` in it counts the `times`
  of a step. `{"each": text, "up to": 3}` is a list of three, `{"like": map, "but": {…}}` a changed map, `{"by": {"ios": a, "im-5.0": b,
  "else": c}}` goes by platform and dialect.
* `expected` is about the reply: `code` (0 when left out; a list: any of them), `data`: what must be in it (`expectations.has`), `lacks`:
  keys that it has not. A refusal has a text, tells nobody and changes nothing, but where it `leaves` something. `error` is JSON-RPC's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from attrs import evolve

from bridge.world.chats import pushes
from bridge.world.kernel.world import Policy
from tests.support.expectations import data_of, flipped, is_envelope, listen, look, same, seen
from tests.support.stage import INIT, RECORDED, Phone, Stage

FOLDER = Path(__file__).parents[2] / "fixtures" / "documented"
NOTHING: Mapping[str, Any] = MappingProxyType({})
WORDS = {"enter", "start", "kill", "cut", "mend", "group", "say", "send", "heard", "seen", "pushed"}


def statements() -> list[dict[str, Any]]:
    """Return all statements, file by file."""
    return [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]


def worlds_of(statement: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the dialects and platforms that a statement is played on. Raises: AssertionError if there is none."""
    only = statement.get("only")
    worlds = [
        world
        for world in RECORDED
        if (only is None or not {*world, "-".join(world)}.isdisjoint(only)) and all(map(Stage(*world).has, _named(statement["script"])))
    ]
    assert worlds, statement["name"]
    return worlds


def _named(script: list[Any]) -> Iterator[str]:
    """Yield the methods and types of events that a script names."""
    for who, what, *more in script:
        given = more[0] if more else {}
        if what in ("heard", "seen"):
            yield from given.keys() - {"*"}
        elif what == "send":
            yield given["make"]
        elif who and what not in WORDS and "|" not in what:
            yield what


class Trial:
    """
    A script on a stage of its own.

    Args:
        flips: see at each expectation that none which differs from it in one place would hold.
        without: the number of a step that is left out.

    Attributes:
        stages: makes the stage.
    """

    stages: type[Stage] = Stage

    def __init__(
        self, statement: dict[str, Any], dialect: str = "chat-8.2", platform: str = "android", flips: bool = False, without: int = -1
    ) -> None:
        self.stage = self.stages(dialect, platform, Policy(**statement.get("policy", {})))
        self.flips = flips
        self.phones: dict[str, Phone] = {}
        self.kept: dict[str, Any] = {}
        self.count = 0
        for number, step in enumerate(statement["script"]):
            if number == without:
                continue
            try:
                self._play(*step)
            except AssertionError as flaw:
                raise AssertionError(f"{statement['name']}: {step}: {flaw}") from flaw

    def _play(self, names: str, what: str, arguments: Any = NOTHING, expected: Any = NOTHING, times: int = 1) -> None:
        for self.count in range(1, times + 1):
            for who in names.split(" "):
                self._step(who, what, self._filled(arguments), self._filled(expected))

    def _step(self, who: str, what: str, given: Any, expected: dict[str, Any]) -> None:
        if not who:
            self._service(what, given)
        elif what in WORDS:
            getattr(self, f"_{what}")(who, given, expected)
        else:
            self._call(who, what, given, expected)

    def _phone(self, who: str) -> Phone:
        if who not in self.phones:
            self._enter(who, {}, {})
        return self.phones[who]

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
        if not text.startswith("$"):
            return text
        name, *path = text[1:].split(".")
        found = self.kept[name]
        for key in path:
            found = found[int(key)] if isinstance(found, list) else found[key]
        return found

    # --- calls and what is expected of them

    def _call(self, who: str, method: str, arguments: dict[str, Any], expected: dict[str, Any]) -> None:
        phone = self._phone(who)
        method = next(filter(phone.has, method.split("|")))
        before = self.stage.snapshot()
        turn = phone.turn(method, **arguments)
        left = bool(turn.events) or before != self.stage.snapshot()
        if "error" in expected:
            error = turn.error
            self._hold(lambda wanted: same(error and error.code, wanted), expected["error"])
            assert not left, "something has happened"
            return
        assert turn.error is None, f"{turn.error} {turn.error.data}"
        code = {"code": 0} if is_envelope(turn.result) else {}
        self._hold(lambda wanted: look(turn.result, left, wanted), {**code, **expected})
        if "as" in expected:
            self.kept[expected["as"]] = data_of(turn.result)

    def _hold(self, check: Callable[[Any], None], expected: Any) -> None:
        check(expected)
        for wrong in flipped(expected) if self.flips else ():
            try:
                check(wrong)
            except AssertionError:
                continue
            raise AssertionError(f"this would hold as well: {wrong}")

    # --- what only a script says

    def _enter(self, who: str, given: Any, expected: Any) -> None:
        self.phones[who] = self.stage.enter(given.get("user", re.sub(r"\d+$", "", who)), who, platform=self._platform(given))

    def _start(self, who: str, given: Any, expected: Any) -> None:
        self.phones[who] = phone = self.stage.device(who, platform=self._platform(given))
        if given.get("init", True):
            phone.call("initSDK", **{**INIT, "listenerUuid": who})

    def _platform(self, given: Any) -> str | None:
        asked: str | None = given.get("platform")
        return self.stage.other_platform if asked == "other" else asked

    def _kill(self, who: str, given: Any, expected: Any) -> None:
        self.phones.pop(who).close()

    def _cut(self, who: str, given: Any, expected: Any) -> None:
        self._phone(who).cut()

    def _mend(self, who: str, given: Any, expected: Any) -> None:
        self._phone(who).mend()

    def _group(self, who: str, given: Any, expected: Any) -> None:
        more = {key: one for key, one in given.items() if key not in ("type", "with")}
        members = [{"userID": user, "role": 200} for user in given.get("with", ())] or None
        self._call(who, "createGroup", {"groupType": given["type"], "groupName": "team", "memberList": members, **more}, expected)

    def _say(self, who: str, given: Any, expected: Any) -> None:
        self._send(who, {"make": "createTextMessage", **given, "of": {"text": given.get("text", "hi")}}, expected)

    def _send(self, who: str, given: Any, expected: Any) -> None:
        phone = self._phone(who)
        local_id = phone.call(given["make"], **given.get("of", {}))["id"]
        if "then" in given:
            method, arguments, key = given["then"]
            local_id = phone.call(method, **{**arguments, key: local_id})["id"]
        arguments = {"id": local_id, "receiver": given.get("to", ""), "groupID": given.get("group", ""), **given.get("options", {})}
        leaves = {"leaves": True} if expected.get("code", 0) else {}
        self._call(who, "sendMessage", arguments, {**leaves, **expected})

    def _heard(self, who: str, given: dict[str, Any], expected: Any) -> None:
        heard = self._phone(who).heard()
        if given:
            self._hold(lambda wanted: listen(heard, wanted), given)

    def _seen(self, who: str, given: dict[str, Any], expected: Any) -> None:
        heard = self._phone(who).heard()
        for kind, data in given.items():
            self._hold(partial(seen, heard, kind), data)

    def _pushed(self, who: str, given: list[Any], expected: Any) -> None:
        all_pushes = pushes.of_user(self.stage.world, re.sub(r"\d+$", "", who))
        found = [{"conversationID": one.conversation_id, "desc": one.text} for one in all_pushes]
        self._hold(lambda wanted: look(found, False, {"data": wanted}), given)

    def _service(self, what: str, given: Any) -> None:
        world = self.stage.world
        if what == "advance":
            self.stage.advance(given)
        elif what == "switch":
            world.policy = evolve(world.policy, switches={**world.policy.switches, **given})
        else:
            raise AssertionError(f"nothing is called {what}")
