"""Steps of a journal as a test that takes them again, in Python and in Dart, and entries as a report that can be shown around."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from bridge.conformance.redaction import clean, hidden
from bridge.conformance.selections import CLOCK, SAY, Actor, Known, Noted, Step, used

SIG = "sig"
"""Stands for signatures, which no text holds."""


class Scene(NamedTuple):
    """
    Where the steps begin.

    Attributes:
        main: the device of the connection; its `device` is "".
        others: further devices.
        logged_in: who is logged in at first, by names of devices.
        world: what the world holds at first, as a document; None for nothing.
        told: what people are told about it.
    """

    main: Actor
    others: tuple[Actor, ...]
    logged_in: Mapping[str, str]
    world: Any
    told: str
    steps: Sequence[Step]


# --- Python


def pytest_test(scene: Scene) -> str:
    """Return a test for pytest with timbridge's fixtures."""
    main = scene.main
    lines = [f'"""{scene.told}"""', "", "from __future__ import annotations", ""]
    lines += ["import json", ""] if scene.world is not None else []
    lines += ["from typing import Any", "", "import pytest", ""]
    if scene.world is not None:
        lines += [f"WORLD = json.loads({json.dumps(scene.world, ensure_ascii=True)!r})", ""]
    lines += ["", f"@pytest.mark.timbridge(dialect={main.dialect!r}, platform={main.platform!r})"]
    lines.append("def test_as_it_was(bridge: Any) -> None:")
    body = ["bridge.world.load(WORLD)"] if scene.world is not None else []
    body += [
        f"{_variable(other)} = bridge.device({other.device!r}, dialect={other.dialect!r}, platform={other.platform!r})"
        for other in scene.others
    ]
    body += [f"{'bridge' if not name else _name(name)}.login({user!r})" for name, user in scene.logged_in.items()]
    body += ["bridge.events()"] if scene.logged_in else []
    body += _told(scene, _python_step)
    return "\n".join([*lines, *(f"    {line}" for line in body or ["pass"]), ""])


def _python_step(number: int, step: Step, known: Known, is_used: bool) -> list[str]:
    actor = step.actor
    arguments = _without_secrets(step.arguments)
    if step.method == SAY:
        text = _python(arguments.pop("text"), known)
        given = ", ".join([text, *(f"{key}={_python(value, known)}" for key, value in arguments.items())])
        call = f"bridge.user({actor.user!r}).say({given})"
        if _code(step.outcome.get("result")):
            call = f"bridge.ask({SAY!r}, user={actor.user!r}, text={given})"
    elif step.method == CLOCK:
        call = f"bridge.ask({CLOCK!r}, ms={step.ms})"
    else:
        who = f"bridge.user({actor.user!r})" if actor.user else _variable(actor)
        call = f"{who}.reply({', '.join([repr(step.method), *_keywords(arguments, known)])})"
    lines = []
    if "error" in step.outcome:
        lines += ["with pytest.raises(Exception, match=" + repr(re.escape(str(step.outcome["error"].get("code")))) + "):", f"    {call}"]
        return lines
    result = step.outcome.get("result")
    code = _code(result)
    lines.append(f"reply_{number} = {call}" if is_used or code is not None else call)
    if code is not None:
        lines.append(f'assert {code} == reply_{number}["code"]')
    types = [said.get("type") for name, _, said in step.events if not name and isinstance(said, Mapping)]
    return [*lines, f"assert {types} == [event.type for event in bridge.events()]"]


def _keywords(arguments: Mapping[str, Any], known: Known) -> list[str]:
    if all(key.isidentifier() for key in arguments):
        return [f"{key}={_python(value, known)}" for key, value in arguments.items()]
    return [f"**{_python(dict(arguments), known)}"]


def _python(value: Any, known: Known) -> str:
    if isinstance(value, str):
        place = known.place(value)
        return repr(value) if place is None else f"reply_{place[0]}" + "".join(f"[{part!r}]" for part in place[1])
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {_python(item, known)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_python(item, known) for item in value) + "]"
    return repr(value)


def _variable(actor: Actor) -> str:
    return _name(actor.device) if actor.device else "bridge"


def _name(device: str) -> str:
    return "device_" + re.sub(r"\W", "_", device, flags=re.ASCII)


# --- Dart


def dart_test(scene: Scene) -> str:
    """Return a test for Flutter with the package `timbridge_test`; every call is made on the channel, as the plugin would."""
    main = scene.main
    start = [f"dialect: {_dart(main.dialect)}", f"platform: {_dart(main.platform)}"]
    if scene.world is not None:
        start.append(f"world: {_dart(scene.world)}")
    body = [f"final TimBridge chat = await TimBridge.start({', '.join(start)});"]
    body += [
        f"chat.device({_dart(other.device)}, dialect: {_dart(other.dialect)}, platform: {_dart(other.platform)});" for other in scene.others
    ]
    for name, user in scene.logged_in.items():
        device = next(one for one in (main, *scene.others) if one.device == name)
        for method, arguments in login(device, user):
            body.append(f"await chat.tellDevice({_dart(name)}, {_dart(method)}, {_dart(arguments)});")
    body += _told(scene, _dart_step)
    lines = [
        *(f"// {line}".rstrip() for line in scene.told.split("\n")),
        "import 'package:flutter_test/flutter_test.dart';",
        "import 'package:timbridge_test/timbridge_test.dart';",
        "",
        "void main() {",
        "  test('as it was', () async {",
        *(f"    {line}" for line in body),
        "  });",
        "}",
        "",
    ]
    return "\n".join(lines)


def login(device: Actor, user: str) -> list[tuple[str, dict[str, Any]]]:
    from bridge.catalogue import load

    speaks = load(device.dialect)
    listeners = [(method, {"listenerUuid": ""}) for method in speaks.login_calls]
    return [("initSDK", speaks.init_arguments), *listeners, ("login", {"userID": user, "userSig": SIG})]


def _dart_step(number: int, step: Step, known: Known, is_used: bool) -> list[str]:
    actor = step.actor
    arguments = _without_secrets(step.arguments)
    if step.method == SAY:
        call = f"chat.tell({_dart(SAY)}, {_dart({'user': actor.user, **arguments}, known)})"
    elif step.method == CLOCK:
        call = f"chat.tell({_dart(CLOCK)}, {_dart(arguments)})"
    elif actor.user:
        asked = {"user": actor.user, "method": step.method, "arguments": arguments}
        call = f"chat.tell('bridge.user.call', {_dart(asked, known)})"
    else:
        call = f"chat.tellDevice({_dart(actor.device)}, {_dart(step.method)}, {_dart(arguments, known)})"
    if "error" in step.outcome:
        return [f"await expectLater({call}, throwsA(isA<TimRpcError>()));"]
    result = step.outcome.get("result")
    code = _code(result)
    if not is_used and code is None:
        return [f"await {call};"]
    lines = [f"final dynamic reply{number} = await {call};"]
    return lines if code is None else [*lines, f"expect(reply{number}['code'], {code});"]


def _dart(value: Any, known: Known | None = None) -> str:
    if isinstance(value, str):
        place = None if known is None else known.place(value)
        if place is not None:
            return f"reply{place[0]}" + "".join(f"[{part}]" if isinstance(part, int) else f"[{_dart(part)}]" for part in place[1])
        return "'" + json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'").replace("$", "\\$") + "'"
    if isinstance(value, Mapping):
        return "<String, Object?>{" + ", ".join(f"{_dart(key)}: {_dart(item, known)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "<Object?>[" + ", ".join(_dart(item, known) for item in value) + "]"
    return json.dumps(value)


# --- both


def _told(scene: Scene, tell: Callable[[int, Step, Known, bool], list[str]]) -> list[str]:
    lines: list[str] = []
    known, wanted = Known(), used(scene.steps)
    for number, step in enumerate(scene.steps):
        lines += tell(number, step, known, number in wanted)
        if number in wanted:
            known.learn(number, step.outcome.get("result"), step.arguments)
    return lines


def _code(result: Any) -> int | None:
    """Return the code of an envelope; None for what is none."""
    code = result.get("code") if isinstance(result, Mapping) and "desc" in result else None
    return code if isinstance(code, int) else None


def _without_secrets(arguments: Mapping[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = clean(dict(arguments))
    return {**cleaned, "userSig": SIG} if "userSig" in cleaned else cleaned


# --- a report


def report(entries: Sequence[Noted], names: Mapping[int, str], head: Mapping[str, str], texts: bool) -> str:
    """
    Return entries as Markdown.

    Args:
        names: of the devices, by the numbers of the entries.
        head: what is told first.
        texts: what people have written may be read; else it is told how long it is. Signatures and tokens never are.
    """
    show = clean if texts else hidden
    lines = ["# Report", "", *(f"- {name}: {value}" for name, value in head.items()), ""]
    if not texts:
        lines += ["Texts, names and an app's own data are left out: it is told how long they are.", ""]
    first_ms = entries[0].ms if entries else 0
    for entry in entries:
        cause = f" because of #{entry.cause}" if entry.cause and entry.kind != "reply" else f" to #{entry.cause}" if entry.cause else ""
        lines.append(f"## #{entry.seq} {entry.kind} {entry.method}{cause}")
        lines += ["", f"{names[entry.seq] or 'the app'}, {entry.ms - first_ms} ms in", ""]
        if entry.key == "text":
            lines += [str(entry.value), ""]
        else:
            lines += ["```json", json.dumps({entry.key: show(entry.value)}, ensure_ascii=False, indent=1, default=str), "```", ""]
    return "\n".join(lines)
