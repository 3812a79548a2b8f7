"""
Documented statements, as data: what the sources say of the service, each with a script that holds the bridge to it.

`fixtures/documented/*.jsonl` has a line for each: name, what it says, its source, how sure that is, and a script of steps `[who, what,
arguments, expected]`:

* `who` is a device: a user, and for more devices of one a number behind it (`alice`, `alice2`); each enters when it is first named, on
  Android unless `enter` says otherwise.
* `what` is a method of the channel; or `say` (a text, sent), `send` (created by `make` with `of`, then sent), `enter`, `start` (an app
  that nobody is logged in on), `kill`, `cut`, `mend`, `heard` (how often each type of event came since the last look), `seen` (its data).
  Without a `who` it is `advance`, `switch` or a member of `bridge.service`.
* A text that begins with `$` stands for a value that a step before has kept (`as`); `$x * 3` repeats a text.
* `expected` is about the reply: `code` (0 when left out; a list: any of them), `data`: what must be in it, `lacks`: keys that it has not.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from attrs import evolve

from bridge.world.chats import connections
from bridge.world.groups import memberships
from bridge.world.kernel import devices
from bridge.world.kernel.world import Policy
from tests.support.stage import INIT, Phone, Stage

FOLDER = Path(__file__).parents[2] / "fixtures" / "documented"


def statements() -> list[dict[str, Any]]:
    """Return all statements, file by file."""
    return [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]


class Trial:
    """A script on a stage of its own."""

    def __init__(self, statement: dict[str, Any]) -> None:
        self.stage = Stage(policy=Policy(**statement.get("policy", {})))
        self.phones: dict[str, Phone] = {}
        self.kept: dict[str, Any] = {}
        for step in statement["script"]:
            who, what, arguments, expected = [*step, {}, {}][:4]
            try:
                self._step(who, what, self._filled(arguments), self._filled(expected))
            except AssertionError as flaw:
                raise AssertionError(f"{statement['name']}: {step}: {flaw}") from flaw

    def _step(self, who: str, what: str, given: Any, expected: dict[str, Any]) -> None:
        if not who:
            self._service(what, given)
            return
        own = getattr(self, f"_{what}", None)
        if own is not None:
            own(who, given, expected)
            return
        self._check(self._phone(who).reply(what, **given), expected)

    def _phone(self, who: str) -> Phone:
        if who not in self.phones:
            self._enter(who, {}, {})
        return self.phones[who]

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if isinstance(value, str) and (repeated := re.fullmatch(r"\$(.+) \* (\d+)", value, re.DOTALL)):
            return repeated[1] * int(repeated[2])
        if isinstance(value, str) and value.startswith("$"):
            name, *path = value[1:].split(".")
            found = self.kept[name]
            for key in path:
                found = found[int(key)] if isinstance(found, list) else found[key]
            return found
        return value

    def _check(self, reply: Any, expected: dict[str, Any]) -> None:
        is_envelope = isinstance(reply, dict) and "code" in reply
        wanted = expected.get("code", 0)
        if is_envelope:
            assert reply["code"] in (wanted if isinstance(wanted, list) else [wanted]), reply
        data = reply.get("data") if is_envelope else reply
        if "as" in expected:
            self.kept[expected["as"]] = data
        if "data" in expected:
            assert has(data, expected["data"]), f"there is {data}"
        for key in expected.get("lacks", ()):
            assert data.get(key) is None, f"there is {key}: {data[key]}"

    # --- what only a script says

    def _enter(self, who: str, given: Any, expected: Any) -> None:
        user = re.sub(r"\d+$", "", who)
        self.phones[who] = self.stage.enter(given.get("user", user), who, platform=given.get("platform"))

    def _start(self, who: str, given: Any, expected: Any) -> None:
        self.phones[who] = phone = self.stage.device(who, platform=given.get("platform"))
        if given.get("init", True):
            phone.call("initSDK", **{**INIT, "listenerUuid": who})

    def _kill(self, who: str, given: Any, expected: Any) -> None:
        self.phones.pop(who).close()

    def _cut(self, who: str, given: Any, expected: Any) -> None:
        self._network(who, connections.lose)

    def _mend(self, who: str, given: Any, expected: Any) -> None:
        self._network(who, connections.restore)

    def _network(self, who: str, change: Any) -> None:
        phone = self._phone(who)
        self.stage.emulator.run(lambda: change(self.stage.world, devices.get(self.stage.world, phone.id)), phone._hear)

    def _say(self, who: str, given: Any, expected: Any) -> None:
        self._send(who, {"make": "createTextMessage", **given, "of": {"text": given.get("text", "hi")}}, expected)

    def _send(self, who: str, given: Any, expected: Any) -> None:
        phone = self._phone(who)
        local_id = phone.call(given["make"], **given.get("of", {}))["id"]
        if "then" in given:
            method, arguments, key = given["then"]
            local_id = phone.call(method, **{**arguments, key: local_id})["id"]
        arguments = {"id": local_id, "receiver": given.get("to", ""), "groupID": given.get("group", ""), **given.get("options", {})}
        self._check(phone.reply("sendMessage", **arguments), expected)

    def _heard(self, who: str, given: dict[str, int], expected: Any) -> None:
        came = [kind for kind, _ in self._phone(who).heard()]
        assert given == {kind: came.count(kind) for kind in given}, came

    def _seen(self, who: str, given: dict[str, Any], expected: Any) -> None:
        heard = self._phone(who).heard()
        for kind, wanted in given.items():
            found = [data for one, data in heard if one == kind]
            assert any(has(data, wanted) for data in found), f"{kind}: {found}"

    def _service(self, what: str, given: Any) -> None:
        world = self.stage.world
        if what == "advance":
            self.stage.advance(given)
        elif what == "switch":
            world.policy = evolve(world.policy, switches={**world.policy.switches, **given})
        else:
            self.stage.emulator.run(lambda: memberships.recycle(world, given))


def has(value: Any, wanted: Any) -> bool:
    """Return whether a value is what is wanted: objects may have more keys; `{"#": 3}` is a list of three, `{"!": x}` anything but x."""
    if isinstance(wanted, dict):
        if "#" in wanted:
            return isinstance(value, list) and len(value) == wanted["#"]
        if "!" in wanted:
            return not has(value, wanted["!"])
        if "~" in wanted:
            return isinstance(value, str) and re.search(wanted["~"], value) is not None
        return isinstance(value, dict) and all(has(value.get(key), one) for key, one in wanted.items())
    if isinstance(wanted, list):
        return isinstance(value, list) and len(value) == len(wanted) and all(map(has, value, wanted))
    return bool(value == wanted and isinstance(value, bool) == isinstance(wanted, bool))
