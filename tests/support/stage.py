"""
A stage: one world, people with devices in it, and scripts of calls, replies and events.

    stage = Stage()                                   # or Stage("im-5.0", "ios")
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.send("hi", to="bob")
    assert ["onRecvNewMessage", "onNewConversation"] == bob.heard_types()
    assert 51011 == alice.refused("createConversationGroup", groupName="", conversationIDList=["c2c_bob"])
"""

from __future__ import annotations

from typing import Any

from bridge.catalogue import load
from bridge.conformance.suite.actors import LISTENERS
from bridge.conformance.suite.worlds import every_world, goes_by_ios, has, lists_that_must_be, other_platform
from bridge.dialects import get
from bridge.emulator import Emulator, Settings
from bridge.engine.turn import Event, Turn
from bridge.world.chats import connections
from bridge.world.kernel.clients import Client
from bridge.world.kernel.world import Policy
from tests.support import referee

INIT = {"sdkAppID": 1400000000, "logLevel": 3, "uiPlatform": 0, "showImLog": False, "plugins": [], "tempPath": ""}

GROUP_KEYS = ("name", "friendIDList", "friendCount")
"""The keys of a friend group on most platforms."""


RECORDED = [(dialect, platform) for dialect in ("chat-8.2", "im-5.0") for platform in ("android", "ios")]
"""The worlds whose real clients were recorded."""


def worlds_with(*names: str) -> list[tuple[str, str]]:
    """
    Return each dialect and platform that has all these methods or types of events; of `one|other` either will do.

    Raises: AssertionError if none has.
    """
    worlds = [world for world in every_world() if all(any(has(*world, one) for one in name.split("|")) for name in names)]
    assert worlds, f"no dialect has {', '.join(names)}"
    return worlds


class Stage:
    """
    A world with a referee on it.

    Args:
        dialect, platform: of devices that do not say otherwise.
        policy: how the service is set up.
        settings: what else there is to set; `dialect`, `platform` and `policy` are not read from it.
    """

    def __init__(
        self,
        dialect: str = "chat-8.2",
        platform: str = "android",
        policy: Policy | None = None,
        **settings: Any,
    ) -> None:
        self.dialect = dialect
        self.platform = platform
        self.emulator = Emulator(
            Settings(dialect=dialect, platform=platform, policy=policy or Policy(), **settings)
        )
        self.problems = referee.watch(self.emulator)
        STAGES.append(self)

    @property
    def world(self) -> Any:
        """Return the world, for rules and rows."""
        return self.emulator.world

    @property
    def family(self) -> str:
        """Return the recorded dialect that this one is, or is made from."""
        name = self.dialect
        while name not in dict(RECORDED):
            base = load(name).base
            assert base is not None
            name = base
        return name

    @property
    def goes_by_ios(self) -> bool:
        """Return whether the platform's adapter is the iOS one, or goes by it."""
        return goes_by_ios(self.dialect, self.platform)

    @property
    def on_windows(self) -> bool:
        """Return whether the platform's adapter is the Windows one."""
        return self.platform == "windows"

    @property
    def success(self) -> str:
        """Return the text of a success."""
        said: dict[str, str] = load(self.dialect).trait(self.platform, "envelope") or {}
        return said.get("success", "ok")

    @property
    def no_text(self) -> str | None:
        """Return what stands for a text that is not there."""
        return "" if load(self.dialect).trait(self.platform, "neverNull") else None

    def has(self, name: str) -> bool:
        """Return whether there is a method or a type of event."""
        return has(self.dialect, self.platform, name)

    @property
    def casts_as_ios(self) -> bool:
        """Return whether the platform's adapter has the casts of the iOS adapter that were read."""
        return self.goes_by_ios and not load(self.dialect).trait(self.platform, "castsUnread")

    @property
    def client(self) -> Client:
        """Return what the native client under the dialect can do."""
        return get(self.dialect, self.platform).client

    def shares(self, kind: str) -> bool:
        """Return whether one event serves all listeners of a kind; else each gets a copy with its uuid."""
        listener = load(self.dialect).listener(kind)
        return listener is not None and listener.shared

    def odd(self, method: str, name: str) -> bool:
        """Return whether an oddity is listed for a method on this platform or one that it goes by."""
        spec = load(self.dialect).method(method)
        assert spec is not None
        return not set(load(self.dialect).lineage(self.platform)).isdisjoint(spec.quirks.get(name, ()))

    @property
    def other_platform(self) -> str:
        """Return a platform of this dialect that is another phone's."""
        return other_platform(self.dialect, self.platform)

    def device(self, name: str = "", dialect: str | None = None, platform: str | None = None) -> Phone:
        """Start an app on a device; nothing is initialised."""
        return Phone(self, name or f"phone{len(STAGES)}-{self.emulator._opened + 1}", dialect, platform)

    def enter(
        self, user: str, name: str = "", dialect: str | None = None, platform: str | None = None, listen: bool = True
    ) -> Phone:
        """Start an app, log a user in and add a listener of every kind (or of none)."""
        phone = self.device(name or f"{user}'s", dialect, platform)
        phone.start(user, listen)
        return phone

    def advance(self, ms: int) -> Turn:
        """Let time pass."""
        return self.emulator.advance(self.world.now_ms + ms)

    def now_s(self) -> int:
        """Return the world's time in seconds."""
        seconds: int = self.world.now_s
        return seconds

    def snapshot(self) -> dict[str, Any]:
        """Return all that the world holds, to see later that nothing has changed; what waits for listeners ends with any call."""
        rows = {
            name: dict(table.rows)
            for name, table in self.world.tables.items()
            if name not in ("counters", "waiting") and table.rows
        }
        return rows


class Phone:
    """A device and what it hears."""

    def __init__(self, stage: Stage, name: str, dialect: str | None = None, platform: str | None = None) -> None:
        self.stage = stage
        self.name = name
        self.dialect = dialect or stage.dialect
        self.platform = platform or stage.platform
        self.user = ""
        self._heard: list[Event] = []
        self._hear = self._heard.append
        self.id = stage.emulator.open(name, self.dialect, self.platform, self._hear)

    def has(self, name: str) -> bool:
        """Return whether the app's plugin has a method or a type of event."""
        return has(self.dialect, self.platform, name)

    def passes(self, method: str, argument: str) -> bool:
        """Return whether the plugin's method has an argument."""
        spec = load(self.dialect).method(method)
        return spec is not None and argument in [param.key for param in spec.params]

    # --- calls

    def turn(self, method: str, /, **arguments: Any) -> Turn:
        """
        Make a call and return the whole turn; its events for this device are also heard.

        Where an adapter dies of a list that is not given, an empty one is, as every app on that platform has to.
        """
        for key in lists_that_must_be(self.dialect, self.platform, method):
            if arguments.get(key) is None:
                arguments[key] = []
        turn = self.stage.emulator.call(self.id, method, arguments, self._hear)
        self._heard.extend(event for event in turn.events if event.device_id == self.id)
        return turn

    def reply(self, method: str, /, **arguments: Any) -> Any:
        """Make a call and return its reply as the platform gives it. A JSON-RPC error fails the test."""
        turn = self.turn(method, **arguments)
        assert turn.error is None, f"{method}: {turn.error} {turn.error.data}"
        return turn.result

    def call(self, method: str, /, **arguments: Any) -> Any:
        """Make a call that must succeed and return its data."""
        reply = self.reply(method, **arguments)
        if not isinstance(reply, dict) or "code" not in reply:
            return reply
        assert reply["code"] == 0, f"{method} was refused: {reply}"
        return reply.get("data")  # the referee knows who leaves it out

    def refused(self, method: str, /, **arguments: Any) -> int:
        """
        Make a call that must be refused with an envelope, and return the code.

        That nothing has changed and nobody heard anything is checked as well. (Not for failed sends, which leave a
        message.)
        """
        before = self.stage.snapshot()
        turn = self.turn(method, **arguments)
        assert turn.error is None, f"{method}: {turn.error}"
        assert turn.result["code"] != 0, f"{method} was not refused: {turn.result}"
        assert turn.result.get("data") is None, f"{method}: a refusal without data was due: {turn.result}"
        assert isinstance(turn.result["desc"], str)
        assert turn.events == [], f"{method} was refused and yet: {turn.events}"
        assert before == self.stage.snapshot(), f"{method} was refused and yet changed the world"
        code: int = turn.result["code"]
        return code

    def error(self, method: str, /, **arguments: Any) -> Any:
        """Make a call that must end in a JSON-RPC error, and return that error. Nothing may have changed."""
        before = self.stage.snapshot()
        turn = self.turn(method, **arguments)
        assert turn.error is not None, f"{method} was answered: {turn.result}"
        assert turn.events == []
        assert before == self.stage.snapshot(), f"{method} failed and yet changed the world"
        return turn.error

    # --- events

    def heard(self, *types: str) -> list[tuple[str, Any]]:
        """Return (type, data) of all events since the last look, or of those types; and forget all."""
        events = [(e.arguments["type"], e.arguments.get("data")) for e in self._heard]
        self._heard.clear()
        return [event for event in events if not types or event[0] in types]

    def heard_types(self) -> list[str]:
        """Return the types of all events since the last look, and forget them."""
        return [kind for kind, _ in self.heard()]

    def heard_one(self, kind: str) -> Any:
        """Return the data of the one event of a type since the last look; forget all."""
        found = self.heard(kind)
        assert len(found) == 1, f"{self.name} heard {len(found)} × {kind}"
        return found[0][1]

    # --- the usual

    def start(self, user: str, listen: bool = True) -> None:
        """Initialise, add listeners, log in; what is heard on the way is forgotten."""
        catalogue = load(self.dialect)
        self.call("initSDK", **{**INIT, "listenerUuid": f"{self.name}-sdk"})
        if listen:
            for method in LISTENERS:
                spec = catalogue.method(method)
                if spec is not None and not spec.adapter_errors[self.platform]:
                    self.reply(method, listenerUuid=f"{self.name}-{method}")
        self.login(user)
        self._heard.clear()

    def login(self, user: str, sig: str = "sig") -> None:
        """Log a user in."""
        self.call("login", userID=user, userSig=sig)
        self.user = user

    def send(self, text: str, to: str = "", group: str = "", **options: Any) -> Any:
        """Create and send a text message that must arrive; return the message map."""
        created = self.call("createTextMessage", text=text)
        return self.call("sendMessage", id=created["id"], receiver=to, groupID=group, **options)

    def history(self, user: str = "", group: str = "", count: int = 20) -> Any:
        """Return the newest messages of a chat, by the old call where the plugin has it."""
        if not self.has("getC2CHistoryMessageList"):
            target = {"userID": user} if user else {"groupID": group}
            return self.call("getHistoryMessageList", getType=1, count=count, **target)
        if user:
            return self.call("getC2CHistoryMessageList", userID=user, count=count)
        return self.call("getGroupHistoryMessageList", groupID=group, count=count)

    def modify(self, message: Any) -> tuple[int, Any]:
        """Change a message. Return the code and the message as it is then; Windows shows none with a refusal."""
        reply = self.reply("modifyMessage", message=message)
        if self.platform == "windows":
            return reply["code"], reply["data"]
        assert reply["code"] == 0, f"modifyMessage was refused: {reply}"
        return reply["data"]["code"], reply["data"]["message"]

    @property
    def topic_changed(self) -> str:
        """Return the type of the event by which a group listener hears that a topic has changed."""
        return next(name for name in ("onTopicInfoChanged", "onTopicChanged") if self.has(name))

    def friend_groups(self, *names: str) -> dict[str, list[str]]:
        """Return who is in which friend group, of all or of those named, by the keys of the platform."""
        found = self.call("getFriendGroups", groupNameList=list(names))
        group, friends, count = ("groupName", "friendList", "userCount") if self.platform == "windows" else GROUP_KEYS
        assert all(one[count] == len(one[friends]) for one in found)
        return {one[group]: one[friends] for one in found}

    def conversation(self, conversation_id: str) -> Any:
        """Return a conversation map."""
        return self.call("getConversation", conversationID=conversation_id)

    def cut(self) -> None:
        """Lose the network."""
        self.stage.emulator.run(lambda: connections.lose(self.stage.world, self.stage.emulator.engine.device(self.id)))

    def mend(self) -> None:
        """Have the network back."""
        self.stage.emulator.run(lambda: connections.restore(self.stage.world, self.stage.emulator.engine.device(self.id)))

    def close(self) -> None:
        """Kill the app."""
        self.stage.emulator.close(self.id)


STAGES: list[Stage] = []
