"""
A stage for apps that call native code: functions in, texts out, as the library's port would get them.

    stage = NativeStage()
    alice = stage.enter("alice")
    assert [] == alice.value("DartGetConversationGroupList")
    alice.call("DartCreateConversationGroup", group_name="g", conversation_id_array=["c2c_bob"])
    assert [35, 32] == alice.heard_types()
"""

from __future__ import annotations

import json
from typing import Any

from bridge.catalogue import load
from bridge.catalogue.native import NativeCatalogue
from bridge.emulator import Emulator, Settings
from bridge.engine.turn import Event, Turn
from bridge.world.kernel.world import Policy
from tests.support.native_checks import Checks

NATIVE = "native-8.9"
Said = dict[str, Any]


class NativeStage:
    """A world with apps of the native generation in it."""

    def __init__(self, dialect: str = NATIVE, policy: Policy | None = None, **settings: Any) -> None:
        self.dialect = dialect
        self.emulator = Emulator(Settings(policy=policy or Policy(), **settings))
        catalogue = load(dialect)
        assert isinstance(catalogue, NativeCatalogue)
        self.catalogue = catalogue
        self.checks = Checks(catalogue)

    @property
    def world(self) -> Any:
        """Return the world."""
        return self.emulator.world

    def app(self, name: str = "app", switched: bool = True) -> NativeApp:
        """Start an app: the switches of all callbacks, and initSDK."""
        app = NativeApp(self, name)
        if switched:
            app.switch_on()
        app.returned("DartRegisterSendPort", send_port=1)
        assert 0 == app.returned("DartInitSDK", sdk_app_id=1400000000, json_sdk_config={})
        return app

    def enter(self, user: str, name: str = "") -> NativeApp:
        """Start an app and log a user in; what was heard on the way is forgotten."""
        app = self.app(name or f"{user}'s")
        app.user = user
        app.call("DartLogin", user_id=user, user_sig="sig")
        app.heard()
        return app

    def advance(self, ms: int) -> Turn:
        """Let time pass."""
        return self.emulator.advance(self.world.now_ms + ms)

    def snapshot(self) -> dict[str, Any]:
        """Return all that the world holds, to see later that nothing has changed."""
        return {name: dict(table.rows) for name, table in self.world.tables.items() if name != "counters" and table.rows}


class NativeApp:
    """An app on a device, and what its port gets."""

    def __init__(self, stage: NativeStage, name: str) -> None:
        self.stage = stage
        self.user = ""
        self._heard: list[Event] = []
        self._listener = self._hear  # one object: whoever calls is told by it
        self.device = stage.emulator.open(name, stage.dialect, "native", self._listener)
        self.turn = Turn()

    def _hear(self, item: Any) -> None:
        if isinstance(item, Event):
            self._heard.append(item)

    def switch_on(self) -> None:
        """Call the switch of every callback, as the client does before it starts the library."""
        for name in self.stage.catalogue.callback_names:
            self.reply(self.stage.catalogue.callback(name).switched_on_by, user_data="switch-1")

    def reply(self, function: str, **arguments: Any) -> Said:
        """Call a function, and return the whole reply; arguments that are no plain values go as JSON texts."""
        given = {key: json.dumps(value) if isinstance(value, (dict, list)) else value for key, value in arguments.items()}
        given.setdefault("user_data", f"{function}-1")
        turn = self.turn = self.stage.emulator.call(self.device, function, given, self._listener)
        self._heard += [item for item in turn.items if isinstance(item, Event) and item.device_id == self.device]
        assert turn.reply.error is None, turn.reply.error
        result: Said = turn.reply.result
        self.stage.checks.reply(function, result)
        assert [] == self.stage.checks.problems
        return result

    def returned(self, function: str, **arguments: Any) -> Any:
        """Call a function that answers by what it returns."""
        return self.reply(function, **arguments)["return"]

    def call(self, function: str, **arguments: Any) -> Said:
        """Call a function that succeeds, and return its reply."""
        reply = self.reply(function, **arguments)
        assert (0, "") == (reply["code"], reply["desc"]), reply
        return reply

    def value(self, function: str, **arguments: Any) -> Any:
        """Call a function that succeeds, and return what its reply holds; None for nothing."""
        held = self.call(function, **arguments).get("json_param")
        return None if held is None else json.loads(held)

    def refused(self, function: str, **arguments: Any) -> int:
        """Call a function that is refused, and return the code."""
        code: int = self.reply(function, **arguments)["code"]
        assert code != 0, function
        return code

    def heard(self) -> list[Said]:
        """Return the callbacks since the last look, the JSON texts in them parsed."""
        for event in self._heard:
            self.stage.checks.callback(event.method, event.arguments)
        assert [] == self.stage.checks.problems
        found = [self._parsed(event) for event in self._heard]
        self._heard.clear()
        return found

    def _parsed(self, event: Event) -> Said:
        if event.arguments.get("callback") == "apiCallback":
            return dict(event.arguments)
        texts = self.stage.checks.texts_of(event.arguments)
        return {
            key: json.loads(value) if key in texts and value[:1] in ("[", "{") else value
            for key, value in event.arguments.items()
        }

    def heard_types(self) -> list[int]:
        """Return the numbers of the callbacks since the last look."""
        return [said["callbackType"] for said in self.heard() if "callbackType" in said]

    def send(self, text: str, to: str = "", group: str = "", **keys: Any) -> Said:
        """Send a text; returns the message as it was answered."""
        message: Said = self.value(
            "DartSendMessage",
            conv_id=group or to,
            conv_type=2 if group else 1,
            json_msg_param=made(text, **keys),
        )
        return message


def made(text: str = "hi", *elems: Said, **keys: Any) -> Said:
    """Return a message as Dart makes one: nearly everything is null."""
    return {
        "elem_type": 1,
        "message_conv_type": None,
        "message_conv_id": None,
        "message_sender": None,
        "message_status": None,
        "message_seq": None,
        "message_rand": None,
        "message_client_time": 1700000000,
        "message_server_time": None,
        "message_risk_type_identified": 0,
        "message_elem_array": list(elems) or [{"elem_type": 0, "text_elem_content": text}],
        "id": "created_temp_id-1",
        "progress": None,
        **keys,
    }

