"""
A phone that calls the native library: scripts of the channel, played by its functions.

What a script calls is translated (`native_calls.py`), and carried out behind the native dialect. What comes back is held against the
schemas. The script sees of it what the same handler's value, and the same facts, are on a channel: by meaning, whatever keys the library
has for it. So a script holds both generations to the same words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from attrs import evolve

from bridge.conformance.suite.actors import LISTENERS
from bridge.dialects import Call, Frame, Memo, View, get
from bridge.dialects.dialect import Dialect
from bridge.emulator import Emulator, Settings
from bridge.engine.turn import Event, Turn
from bridge.errors import ChatError, ProtocolError
from bridge.world.chats.messages import CREATED_MESSAGES, MESSAGES
from bridge.world.kernel import devices
from bridge.world.kernel.devices import Device
from bridge.world.kernel.facts import Fact
from bridge.world.kernel.results import Page
from bridge.world.kernel.world import World
from tests.support.native_calls import NATIVE, PLATFORM, Args, Made, library, message_of, saved, sent_again
from tests.support.native_checks import Checks
from tests.support.stage import INIT, Phone, Stage

ANY_ANSWER = "DartCallExperimentalAPI"
"""A function whose answers have as many shapes as there are experiments."""

OF_DART = {
    "c2c_text_message_received",
    "c2c_custom_message_received",
    "group_text_message_received",
    "group_custom_message_received",
    "all_group_members_muted",
}
"""Facts that Dart makes of what another callback says."""

SAVES = ("insertC2CMessageToLocalStorageV2", "insertGroupMessageToLocalStorageV2")
"""What puts a message into a history that Dart has made."""

MAKES = ("createTargetedGroupMessage", "createAtSignedGroupMessage", "appendMessage")
"""What Dart does to a message that it has made; what makes one begins with `create` and ends with `Message`."""


def is_of_dart(method: str) -> bool:
    """Return whether Dart does by itself what a method asks for: messages that are not sent yet, and listeners."""
    makes = method.startswith("create") and method.endswith("Message")
    return makes or method in MAKES or (method.startswith(("add", "remove", "set")) and method.endswith("Listener"))


class NoCounterpart(AssertionError):
    """No function of the library is like a method of the channel."""

    def __init__(self, method: str) -> None:
        super().__init__(f"{method} has no counterpart")
        self.method = method


class NoSuchArgument(AssertionError):
    """No argument of a call of the channel is what Dart's types let through."""

    def __init__(self, method: str, error: Exception) -> None:
        super().__init__(f"{method} is given what Dart's types do not let through: {error!r}")


@cache
def of_a_start(dialect: str, platform: str) -> Any:
    """Return what a device on a channel listens to once it has started."""
    phone = Stage(dialect, platform).device()
    phone.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    return phone.stage.emulator.engine.device(phone.id).listeners


@cache
def switched_on(native: str) -> Any:
    """Return what a device with the library listens to once all callbacks are switched on."""
    emulator, catalogue = Emulator(Settings()), library(native).catalogue
    device_id = emulator.open("first", native, PLATFORM)
    for name in catalogue.callback_names:
        turn = emulator.call(device_id, catalogue.callback(name).switched_on_by, {"user_data": "switch-1"})
        assert turn.error is None
    return emulator.engine.device(device_id).listeners


class NativePhone(Phone):
    """
    A device with the library on it, which a script takes for one on a channel.

    Attributes:
        called: each function that was called, in order. `untold`: facts that a channel would have told and the library has not;
            `alone`: those that the library has told and a channel would not.
    """

    def __init__(self, stage: Stage, name: str, native: str = NATIVE) -> None:
        self.library = library(native)
        self.channel: Dialect = get(stage.dialect, stage.platform)
        self._meant: Call | None = None
        self._method = ""
        self._result: Any = None
        self._told: dict[int, tuple[Any, list[Event]]] = {}
        self.called: list[str] = []
        self.checks = Checks(self.library.catalogue)
        self.listeners: Any = {}
        self.untold: list[str] = []
        self.alone: list[str] = []
        super().__init__(stage, name, native, PLATFORM)
        self.dialect, self.platform = stage.dialect, stage.platform
        self._hear = self._take
        stage.emulator._owners[self.id] = self._take
        PHONES[self.id] = self

    # --- what it hears

    def _take(self, item: Any) -> None:
        if isinstance(item, Event):
            if "callbackType" in item.arguments:
                self.checks.callback(item.method, item.arguments)
            _, events = self._told.pop(id(item.arguments), (None, []))
            self._heard += events

    def note(self, fact: Fact, device: Device, world: World, memo: Memo, frames: list[Frame]) -> None:
        """Keep what a channel would have told of a fact, until the library's word of it arrives."""
        like = evolve(device, **self._as_channel())
        said = [Event(self.id, name, args) for name, args, _, is_heard in self.channel.tell(fact, like, world, memo) if is_heard]
        heard = [frame for frame in frames if frame.is_heard]
        if heard:
            self._told[id(heard[0].arguments)] = (heard[0].arguments, said)
            if not said:
                self.alone.append(fact.kind)
        elif fact.kind in OF_DART:
            self._heard += said
        elif said:
            self.untold.append(fact.kind)

    def _as_channel(self) -> dict[str, Any]:
        """Return how the device differs from one on a channel."""
        dialect, platform = self.dialect, self.platform
        return {
            "dialect": dialect,
            "platform": platform,
            "client": self.channel.client,
            "listeners": self.listeners,
        }

    # --- what it calls

    def turn(self, method: str, /, **arguments: Any) -> Turn:
        """Make a call of the channel by the library's functions; what comes of it is as the channel has it."""
        if method == "initSDK":
            self.listeners = {**self.listeners, **of_a_start(self.dialect, self.platform)}
            self._switch_on()
        if is_of_dart(method):
            return self._in_dart(method, arguments)
        try:
            self._meant = self.channel.read(method, arguments, False, False)
        except ChatError as refusal:
            return Turn(self.id, self.channel.refusal(method, refusal))
        except ProtocolError as error:
            return Turn(self.id, error=error)
        try:
            made = self._made(method, arguments)
        except (KeyError, OverflowError, ValueError) as error:
            raise NoSuchArgument(method, error) from error
        if made is None:
            raise NoCounterpart(method)
        self._method, self._result = method, None
        turn = self._call(*made)
        self._meant = None
        turn.reply.result = self._result
        return turn

    def _call(self, function: str, arguments: Args) -> Turn:
        self.called.append(function)
        self.checks.problems.clear()
        given = {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in arguments.items()}
        turn = self.stage.emulator.call(self.id, function, {"user_data": f"{function}-1", **given}, self._take)
        for event in turn.events:
            if event.device_id == self.id:
                self._take(event)
        if turn.error is None and function != ANY_ANSWER:
            self.checks.reply(function, turn.result)
        assert [] == self.checks.problems
        return turn

    def _made(self, method: str, arguments: Args) -> Made | None:
        spec = self.channel.catalogue.method(method)  # type: ignore[attr-defined]  # a channel's
        if method == "initSDK":
            return "DartInitSDK", {"sdk_app_id": arguments["sdkAppID"], "json_sdk_config": {}}
        if method == "sendMessage":
            row = self.stage.world[CREATED_MESSAGES].get((self.id, arguments["id"]))
            if row is not None:
                return "DartSendMessage", message_of(row.message, spec.bind(arguments, False)[0], self._view())
        if method in SAVES:
            row = self.stage.world[CREATED_MESSAGES].get((self.id, arguments["createdMsgID"]))
            return None if row is None else ("DartSaveMessage", saved(row.message, arguments, self._view()))
        if method == "reSendMessage":
            found = self.stage.world[MESSAGES].get(arguments["msgID"])
            return None if found is None else ("DartSendMessage", sent_again(found, bool(arguments.get("onlineUserOnly")), self._view()))
        return self.library.translated(method, spec, arguments)

    def _view(self) -> View:
        device = self.stage.emulator.engine.device(self.id)
        return View(self.stage.world, device.user_id or "", device, self.library.dialect)

    def _switch_on(self) -> None:
        """Switch all callbacks on, as the client does before it starts the library: seventy calls, which the first phone of all makes."""
        world, device = self.stage.world, self.stage.emulator.engine.device(self.id)
        devices.change(world, device, listeners={**device.listeners, **switched_on(self.library.name)})
        world.log.commit()
        self._call("DartRegisterSendPort", {"send_port": 1})

    def _in_dart(self, method: str, arguments: Args) -> Turn:
        """Do what Dart does by itself, as the adapter of a channel does."""
        world, device = self.stage.world, self.stage.emulator.engine.device(self.id)
        kept = {name: getattr(device, name) for name in ("dialect", "platform", "client", "listeners")}
        devices.change(world, device, **self._as_channel())
        turn = self.stage.emulator.call(self.id, method, arguments, self._take)
        self.listeners = self.stage.emulator.engine.device(self.id).listeners
        devices.change(world, self.stage.emulator.engine.device(self.id), **kept)
        world.log.commit()
        return turn

    # --- what comes of it

    def answer(self, value: Any, view: View) -> None:
        """Note a handler's value as the channel writes it."""
        assert self._meant is not None
        if self._method in MADE_IN_DART:
            value = MADE_IN_DART[self._method](value, self._meant.args)
        self._result = self.channel.done(self._meant) if value is None else self.channel.answer(self._meant, value, self._seen(view))

    def refuse(self, code: int, desc: str | None, kept: Any, view: View) -> None:
        """Note a refusal that leaves something behind."""
        assert self._meant is not None
        self._result = self.channel.refuse(self._meant, code, desc, kept, self._seen(view))

    def refusal(self, refusal: ChatError) -> None:
        """Note a refusal."""
        self._result = self.channel.refusal(self._method, refusal)

    def _seen(self, view: View) -> View:
        return View(view.world, view.user_id, evolve(view.device, **self._as_channel()), self.channel, view.memo)

    @property
    def is_calling(self) -> bool:
        """Return whether it waits for what comes of a call that is a script's."""
        return self._meant is not None

    def start(self, user: str, listen: bool = True) -> None:
        """Initialise and log in; what is heard on the way is forgotten."""
        self.call("initSDK", **{**INIT, "listenerUuid": f"{self.name}-sdk"})
        for method in LISTENERS if listen else ():
            self._in_dart(method, {"listenerUuid": f"{self.name}-{method}"})
        self.login(user)
        self._heard.clear()


MADE_IN_DART: dict[str, Callable[[Any, Any], Any]] = {
    "getConversation": lambda value, args: value[0],
    "getHistoryMessageListV2": lambda value, args: Page(value, finished=len(value) < args["wanted"].count),
}
"""What Dart makes of the library's answer, by method."""

PHONES: dict[str, NativePhone] = {}
"""Those of the script that is played, by their devices."""


class NativeScripts(Stage):
    """A stage for scripts of the channel whose apps call the library, but for those that are said to be another phone's."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        PHONES.clear()
        super().__init__(*arguments, **settings)
        self.emulator.taps.remove_all_listeners()  # the referee knows channels alone

    def device(self, name: str = "", dialect: str | None = None, platform: str | None = None) -> Phone:
        """Start an app on a device; nothing is initialised."""
        if dialect is not None or platform is not None:
            return super().device(name, dialect, platform)
        return NativePhone(self, name or f"phone{self.emulator._opened + 1}")


@contextmanager
def overheard(native: str = NATIVE) -> Iterator[None]:
    """Let phones of scripts know what a native dialect writes and tells."""
    dialect = library(native).dialect
    whole = {name: getattr(dialect, name) for name in ("answer", "done", "refuse", "refusal", "tell")}

    def calling() -> NativePhone | None:
        return next((phone for phone in PHONES.values() if phone.is_calling), None)

    def answer(call: Call, value: Any, view: View) -> Any:
        if (phone := calling()) is not None:
            phone.answer(value, view)
        return whole["answer"](call, value, view)

    def done(call: Call) -> Any:
        if (phone := calling()) is not None:
            phone._result = phone.channel.done(phone._meant)  # type: ignore[arg-type]  # it is calling
        return whole["done"](call)

    def refuse(call: Call, code: int, desc: str | None, kept: Any, view: View) -> Any:
        if (phone := calling()) is not None:
            phone.refuse(code, desc, kept, view)
        return whole["refuse"](call, code, desc, kept, view)

    def refusal(method: str, said: ChatError) -> Any:
        if (phone := calling()) is not None:
            phone.refusal(said)
        return whole["refusal"](method, said)

    def tell(fact: Fact, device: Device, world: World, memo: Memo) -> list[Frame]:
        frames: list[Frame] = whole["tell"](fact, device, world, memo)
        if (phone := PHONES.get(device.device_id)) is not None:
            phone.note(fact, device, world, memo, frames)
        return frames

    made = {"answer": answer, "done": done, "refuse": refuse, "refusal": refusal, "tell": tell}
    for name, function in made.items():
        setattr(dialect, name, function)
    try:
        yield
    finally:
        for name in made:
            delattr(dialect, name)
