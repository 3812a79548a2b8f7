"""What the real client sends about messages is taken on each platform."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from bridge import handlers
from bridge.catalogue import load
from tests.support.stage import Phone, Stage

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "recordings"
PLATFORMS = ("android", "ios")


def _bytes(value: dict[str, Any]) -> Any:
    """Read bytes as the door does."""
    return base64.b64decode(value["$bytes"]) if set(value) == {"$bytes"} else value


def _calls() -> list[Any]:
    found = []
    for dialect in ("chat-8.2", "im-5.0"):
        for line in (RECORDINGS / f"{dialect}.calls.jsonl").read_text(encoding="utf-8").splitlines():
            call = json.loads(line, object_hook=_bytes)
            if "method" not in call:
                continue
            spec = load(dialect).method(call["method"])
            sends = call["method"].startswith(("sendC2C", "sendGroup"))
            if spec is not None and (spec.manager == "messageManager" or sends) and handlers.find(spec.handler) is not None:
                name = f"{dialect}-{call['method']}-{call['variant']}"
                found.append(pytest.param(dialect, call["method"], call["arguments"], id=name))
    return found


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("dialect", "method", "arguments"), _calls())
def test_recorded_calls_are_taken(dialect: str, method: str, arguments: dict[str, Any], platform: str) -> None:
    """Each recorded call is answered, or not where the platform never answers; its arguments are never wrong."""
    stage = Stage(dialect, platform)
    alice = stage.enter("alice")
    turn = alice.turn(method, **arguments)
    assert turn.error is None or turn.error.code in (-32001, -32601), turn.error


def _methods() -> list[Any]:
    found = []
    for dialect in ("chat-8.2", "im-5.0"):
        catalogue = load(dialect)
        for name in catalogue.method_names:
            spec = catalogue.method(name)
            sends = name.startswith(("sendC2C", "sendGroup"))
            if spec is not None and spec.needs in ("login", "cache") and (spec.manager == "messageManager" or sends):
                found.append(pytest.param(dialect, name, id=f"{dialect}-{name}"))
    return found


VALUES = {"string": "x", "int": 1, "double": 1.0, "bool": False, "list": [], "model": {"msgID": "x"}}
GIVEN = {"extensions": [{"key": "k", "value": "v"}]}
"""Where an adapter refuses an empty value before it asks anybody."""


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("dialect", "method"), _methods())
def test_logged_out_is_refused(dialect: str, method: str, platform: str) -> None:
    """
    Before initSDK the code is 6013, before a login 6014.

    An adapter that decides first looks its message up before it asks whether anybody is there; one without a way to a code tells success.
    """
    spec = load(dialect).method(method)
    assert spec is not None
    if platform not in spec.platforms or spec.reply(platform).form in ("none", "notImplemented"):
        pytest.skip("not on this platform")
    if spec.reply(platform).unanswered:
        pytest.skip("never answered on this platform")
    arguments = {one.key: GIVEN.get(one.key, VALUES.get(one.type.kind, "x")) for one in spec.params if one.required}
    phone = Stage(dialect, platform).device()
    check_refused(phone, method, arguments, 6013)
    phone.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="u", uiPlatform=0, showImLog=False, plugins=[])
    check_refused(phone, method, arguments, 6014)


def check_refused(phone: Phone, method: str, arguments: dict[str, Any], code: int) -> None:
    """Look that the client refuses a call, or its adapter by what it looks up before; nothing changes either way."""
    spec = load(phone.dialect).method(method)
    assert spec is not None
    if phone.platform not in (*spec.quirks.get("hidesRefusals", ()), *spec.quirks.get("decidesFirst", ())):
        assert code == phone.refused(method, **arguments)
        return
    before = phone.stage.snapshot()
    turn = phone.turn(method, **arguments)
    if turn.error is not None:
        assert "unanswered" == turn.error.data["reason"]
    elif phone.platform in spec.quirks.get("hidesRefusals", ()):
        assert 0 == turn.result["code"]
    elif method == "setAvChatRoomCanFindMessage":
        assert 0 == turn.result["code"]  # the adapter keeps it, and asks nobody
        return
    else:
        assert turn.result["code"] in (code, *(error["code"] for error in spec.adapter_errors[phone.platform]))
    assert [] == turn.events
    assert before == phone.stage.snapshot()
