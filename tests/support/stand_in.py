"""
A dialect for tests of what lies around a dialect: the native library and its door.

It understands enough to log in and out; every other function is answered with what it was called with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from bridge import catalogue, dialects, emulator
from bridge.codecs.native import TABLE
from bridge.control import journal
from bridge.dialects.dialect import Call, Frame
from bridge.errors import ChatError, ProtocolError, UnknownMethod
from bridge.transports import native
from bridge.world.kernel.clients import TODAY, Habits
from bridge.world.kernel.world import World

NAME = "native-stand-in"
REFUSED = "refused"
"""A `user_data` (or text) that begins with this is refused, with 6017."""

ADAPTER = SimpleNamespace(habits=Habits())
HANDLERS = {
    "DartInitSDK": ("tim.init_sdk", "nothing", {"sdk_app_id": "sdk_app_id"}),
    "DartUnitSDK": ("tim.un_init_sdk", "nothing", {}),
    "DartLogin": ("tim.login", "init", {"user_id": "user_id", "user_sig": "user_sig"}),
    "DartLogout": ("tim.logout", "init", {}),
}

class StandIn:
    """The dialect."""

    name = NAME
    platform = "native"
    client = TODAY
    is_ios = False
    stays_started = True

    def __init__(self) -> None:
        self.encoders: dict[str, Any] = {}

    def read(self, method: str, params: Mapping[str, Any], strict: bool, faithful: bool) -> Call:
        if method not in TABLE:
            raise UnknownMethod(f"there is no function {method!r}", {"nearest": []})
        if any(isinstance(value, str) and value.startswith(REFUSED) for value in params.values()):
            raise ChatError(6017)
        handler, needs, names = HANDLERS.get(method, (None, "nothing", {}))
        args = {name: params[key] for name, key in names.items()}
        if method == "DartInitSDK":
            args["listener_uuid"] = None
        plan = SimpleNamespace(method=method, handler=handler, constants={}, needs=needs, needs_network=False, adapter=ADAPTER)
        call = Call(plan, args)
        call.text = json.dumps(dict(params), ensure_ascii=False)
        return call

    def handler_of(self, method: str) -> str | None:
        return HANDLERS[method][0] if method in HANDLERS else None

    def public_name(self, method: str, params: Mapping[str, Any]) -> str:
        return method

    def logs_in(self, method: str, params: Mapping[str, Any]) -> str | None:
        return params["user_id"] if method == "DartLogin" else None

    def done(self, call: Call) -> Any:
        return {"code": 0, "desc": ""}

    def answer(self, call: Call, value: Any, view: Any) -> Any:
        return {"code": 0, "desc": "", "return": 0}

    def answer_text(self, call: Call, text: str) -> Any:
        return {"code": 0, "desc": text}

    def refusal(self, method: str, refusal: ChatError) -> Any:
        return {"code": refusal.code, "desc": refusal.desc or ""}

    def refuse(self, call: Call, code: int, desc: str | None, kept: Any, view: Any) -> Any:
        return {"code": code, "desc": desc or ""}

    def empty(self, call: Call) -> Any:
        """Say what came; a function that returns a text returns that, one that returns a number 7."""
        answer, returns, _ = TABLE[call.plan.method]
        said: dict[str, Any] = {}
        if answer == "post" or (answer == "wait" and returns == "const char*"):
            said = {"code": 0, "desc": "", "json_param": call.text}
        if answer == "wait":
            said["return"] = f"{call.plan.method}:{call.text}" if returns == "const char*" else 7
        return said

    def is_silent(self, error: ProtocolError) -> bool:
        return False

    def write(self, name: str, value: Any, view: Any) -> Any:
        return value

    def tell(self, fact: Any, device: Any, world: World, memo: Any) -> list[Frame]:
        if fact.kind in ("kicked", "kicked_offline"):
            return [Frame("onKickedOffline", {"callbackType": 1}, False, True)]
        return []


def install(patch: pytest.MonkeyPatch) -> None:
    """Let servers of this process speak it on their native door."""
    stand_in, get, load = StandIn(), dialects.get, catalogue.load
    known = SimpleNamespace(platforms=("native",), channel=None)
    patch.setattr(dialects, "get", lambda name, platform: stand_in if name == NAME else get(name, platform))
    patch.setattr(emulator, "load", lambda name: known if name == NAME else load(name))
    patch.setattr(native, "native_dialect", lambda wanted: NAME)
    patch.setattr(journal, "_assumed", lambda entry, kind, causes: iter(()))  # no rule is written down for it
