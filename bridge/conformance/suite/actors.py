"""
People with devices, over whatever a target has.

A target with `bridge.device.*` gives everybody devices. One that has `bridge.user.call` alone gives its own device to the one who has
to hear something, and lets the others act unseen. One without either plays what one person does; a second target is a second person's
device.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from attrs import Factory, define, field

from bridge.catalogue import load
from bridge.conformance.suite.worlds import World, has, lists_that_must_be, other_platform
from bridge.errors import UNANSWERED, UNKNOWN_METHOD
from bridge.values import value_class

LISTENERS = (
    "addConversationListener",
    "addAdvancedMsgListener",
    "addGroupListener",
    "addFriendListener",
    "addSignalingListener",
    "addCommunityListener",
    "addSimpleMsgListener",
)
HEARING = frozenset({"heard", "hears", "seen", "kill", "cut", "mend", "start"})
"""What only somebody with a device of one's own can do."""


class NotAnswered(Exception):
    """
    The target has not answered, or has no such method.

    Attributes:
        step: the number of the step in which that was.
    """

    step = 0


class Broken(NotAnswered):
    """The target hangs, has ended, or says what is no message."""


class Untried(Exception):
    """A case cannot be played against this target; the message says what it lacks."""


@value_class
class Answer:
    """
    What came of a call.

    Attributes:
        reply: {result} or {error}; None for none.
        events: {method, arguments} each, in order, of this connection's device or, as `bridge.device.event`, of others.
    """

    reply: dict[str, Any] | None
    events: list[dict[str, Any]] = Factory(list)


class Wire(Protocol):
    """
    A connection to a target.

    Attributes:
        is_made_anew: what begins has no devices left: none has to be closed.
    """

    is_made_anew: bool = False

    def begin(self, given: Mapping[str, Any]) -> None:
        """Have a fresh world, set up as a case says. Raises: Untried, NotAnswered."""

    def exchange(self, method: str, arguments: Any) -> Answer:
        """Make a call. Raises: NotAnswered."""

    def several(self, calls: Sequence[tuple[str, Any]]) -> list[Answer]:
        """Make calls of which none needs what comes of another; whose events come with which is the same to all. Raises: NotAnswered."""
        return [self.exchange(method, arguments) for method, arguments in calls]

    def snapshot(self) -> Any:
        """Return what the target holds, to see whether it has changed; None if that cannot be seen."""


@cache
def listeners_of(dialect: str, platform: str) -> tuple[str, ...]:
    """Return the methods that add a listener of each kind, where the adapter does that."""
    specs = ((name, load(dialect).method(name)) for name in LISTENERS)
    return tuple(name for name, spec in specs if spec is not None and not spec.adapter_errors[platform])


@define
class Phone:
    """
    A device of a person, and what it hears.

    Attributes:
        name: of the device; "" for the connection's own.
        wire: what reaches it.
        is_hidden: the person acts unseen, and hears nothing.
    """

    stage: Stage
    user: str
    name: str
    wire: Wire
    dialect: str
    platform: str
    is_hidden: bool = False
    events: list[tuple[str, Any]] = field(factory=list)

    def call(self, method: str, arguments: Any) -> Answer:
        """Make a channel call; whoever hears something of it has it afterwards."""
        return self.stage.exchange(self.wire, *self._asked(method, arguments))

    def _asked(self, method: str, arguments: Any) -> tuple[str, Any]:
        """Return the call by which a target makes one of this device's."""
        given = self.stage.renamed(arguments)
        if self.stage.fills:
            given = {**given, **{key: [] for key in lists_that_must_be(self.dialect, self.platform, method) if given.get(key) is None}}
        if self.is_hidden:
            return "bridge.user.call", {"user": self.user, "method": method, "arguments": given}
        if self.name:
            return "bridge.device.call", {"device": self.name, "method": method, "arguments": given}
        return method, given

    def set_up(self, *calls: tuple[str, Any]) -> None:
        """Make calls that are needed before others, and do not need each other. Raises: Untried if one is refused."""
        answers = self.stage.exchange_all(self.wire, [self._asked(method, arguments) for method, arguments in calls])
        for (method, _), answer in zip(calls, answers, strict=True):
            self._must_do(method, answer.reply or {})

    @staticmethod
    def _must_do(method: str, reply: dict[str, Any]) -> None:
        error = reply.get("error")
        code = (reply.get("result") or {}).get("code", 0) if isinstance(reply.get("result"), dict) else 0
        if error and error.get("code") not in (UNKNOWN_METHOD, UNANSWERED):
            raise Untried(f"{method} fails while the case is set up: {error.get('message')}")
        if code:
            raise Untried(f"{method} is refused with {code} while the case is set up")

    def start(self) -> None:
        """Initialise the client."""
        arguments = load(self.dialect).init_arguments
        self.set_up(("initSDK", {**arguments, "listenerUuid": f"{self.name}-sdk"}))

    def enter(self, listens: bool = True) -> None:
        """Initialise, add a listener of every kind, log in; what is heard on the way is forgotten."""
        if self.is_hidden:
            return
        self.start()
        if listens:
            names = listeners_of(self.dialect, self.platform)
            self.set_up(*((method, {"listenerUuid": f"{self.name}-{method}"}) for method in names))
        self.set_up(("login", {"userID": self.user, "userSig": self.stage.signature(self.user)}))
        self.events.clear()

    def heard(self) -> list[tuple[str, Any]]:
        """Return (type, data) of all events since the last look, and forget them."""
        events = self.events.copy()
        self.events.clear()
        return events


class Stage:
    """
    Where a case is played.

    Args:
        wire: the target. `second`: another connection, for a second person.
        world: the dialect and platform of devices.
        accounts: {person of a script: {userID, userSig}}, where real people stand for those of the scripts.

    Attributes:
        is_foreign: times, paths and addresses are the target's own.
        fills: give an empty list where an adapter dies of one that is not given, as every app on its platform has to.
    """

    def __init__(self, wire: Wire, world: World, second: Wire | None = None, accounts: Mapping[str, Any] | None = None) -> None:
        self.wire = wire
        self.second = second
        self.dialect, self.platform = world
        self.accounts = accounts or {}
        self.phones: dict[str, Phone] = {}
        self.fills = False
        self.is_foreign = wire.snapshot() is None
        self._has_devices: bool | None = None
        self._owner = ""
        self._seen: set[str] = set()

    def begin(self, given: Mapping[str, Any], script: list[Any]) -> None:
        """Get ready for a case: nobody is there, and the world is as it says."""
        self._close()
        for wire in (self.wire, self.second):
            if wire is not None:
                wire.begin(given)
        if self._has_devices is None:
            self._has_devices = self._tries_devices()
        self._seen = {name for who, what, *_ in script if what in HEARING for name in who.split(" ")}
        self._owner = next(iter(sorted(self._seen)), "") or next((who.split(" ")[0] for who, *_ in script if who), "")
        if not self._has_devices and self.second is None and len(self._seen) > 1:
            raise Untried("several people have to hear something: the target has no bridge.device.open")

    def has_no_devices(self) -> bool:
        """Return whether the target has no devices for others: false as long as nothing has been asked of it."""
        if self._has_devices is None:
            try:
                self.begin({}, [])
            except (NotAnswered, Untried):
                return False
        return self._has_devices is False and self.second is None

    def _close(self) -> None:
        named = [phone.name for phone in self.phones.values() if phone.name and not self.wire.is_made_anew]
        self.phones.clear()
        try:
            if named:
                self.exchange_all(self.wire, [("bridge.device.close", {"device": name}) for name in named])
        except Broken:
            pass  # its devices are gone with it

    def _tries_devices(self) -> bool:
        reply = self.wire.exchange("bridge.device.open", {"device": "~tries"}).reply or {}
        if "error" in reply:
            return False
        self.wire.exchange("bridge.device.close", {"device": "~tries"})
        return True

    def device(self, who: str, user: str, dialect: str | None = None, platform: str | None = None) -> Phone:
        """Return a device for a person of a script. Raises: Untried if the target has none."""
        dialect, platform = dialect or self.dialect, platform or self.platform
        if platform == "other":
            platform = other_platform(self.dialect, self.platform)
        user = self.accounts.get(user, {}).get("userID", user)
        if self._has_devices:
            self.control("bridge.device.open", {"device": who, "dialect": dialect, "platform": platform})
            phone = Phone(self, user, who, self.wire, dialect, platform)
        else:
            phone = self._without_devices(who, user)
        self.phones[who] = phone
        return phone

    def _without_devices(self, who: str, user: str) -> Phone:
        taken = [phone.wire for phone in self.phones.values() if not phone.is_hidden]
        free = [wire for wire in (self.wire, self.second) if wire is not None and wire not in taken]
        wants_own = who == self._owner or who in self._seen or self.second is not None
        if free and wants_own:
            return Phone(self, user, "", free[0], self.dialect, self.platform)
        if who in self._seen:
            raise Untried(f"{who} has to hear something: the target has no bridge.device.open")
        if self.accounts:
            raise Untried(f"there is no account for {who}")
        return Phone(self, user, "", self.wire, self.dialect, self.platform, is_hidden=True)

    def hidden(self, user: str) -> Phone:
        """Return somebody who acts unseen."""
        return Phone(self, user, "", self.wire, self.dialect, self.platform, is_hidden=True)

    def close(self, who: str) -> None:
        """Kill an app. Raises: Untried if that cannot be done."""
        phone = self.phones.pop(who)
        if not phone.name:
            raise Untried("an app has to be killed: the target has no bridge.device.close")
        self.control("bridge.device.close", {"device": phone.name})

    def control(self, method: str, arguments: Any) -> Any:
        """Make a call of the control plane, and return its result. Raises: Untried if the target has none such."""
        reply = self.exchange(self.wire, method, self.renamed(arguments)).reply
        if reply is None or "error" in reply:
            error = (reply or {}).get("error") or {}
            missing = error.get("code") in (UNKNOWN_METHOD, None)
            raise Untried(f"the target has no {method}" if missing else f"{method}: {error.get('message')}")
        return reply.get("result")

    def exchange(self, wire: Wire, method: str, arguments: Any) -> Answer:
        """Make a call, and hand what was heard to the devices."""
        return self.exchange_all(wire, [(method, arguments)])[0]

    def exchange_all(self, wire: Wire, calls: Sequence[tuple[str, Any]]) -> list[Answer]:
        """Make calls of which none needs what comes of another, and hand what was heard to the devices."""
        answers = wire.several(calls)
        for answer in answers:
            self._hand_out(wire, answer)
        other = self.second if wire is self.wire else self.wire
        if other is not None and other is not wire:
            self._hand_out(other, other.exchange("bridge.ping", {}))
        for (method, _), answer in zip(calls, answers, strict=True):
            error = (answer.reply or {}).get("error") or {}
            if method == "bridge.user.call" and error.get("code") == UNKNOWN_METHOD and "bridge.user.call" in str(error.get("message")):
                raise Untried("others have to act: the target has no bridge.user.call")
        return answers

    def _hand_out(self, wire: Wire, answer: Answer) -> None:
        for event in answer.events:
            inner, device = event, ""
            if event["method"] == "bridge.device.event":
                inner, device = event["arguments"], event["arguments"]["device"]
            said = inner["arguments"] or {}
            for phone in self.phones.values():
                if phone.name == device and phone.wire is wire and not phone.is_hidden:
                    phone.events.append((str(said.get("type")), said.get("data")))

    def has(self, method: str) -> bool:
        """Return whether the world's plugin has a method or a type of event."""
        return has(self.dialect, self.platform, method)

    def signature(self, user: str) -> str:
        """Return the UserSig of a person."""
        found: str = next((one["userSig"] for one in self.accounts.values() if one["userID"] == user), "sig")
        return found

    def renamed(self, value: Any) -> Any:
        """Return arguments or expectations with real people in place of those of the scripts."""
        if not self.accounts:
            return value
        if isinstance(value, dict):
            return {key: self.renamed(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.renamed(one) for one in value]
        if isinstance(value, str):
            return re.sub(r"^(c2c_)?(\w+)$", lambda found: (found[1] or "") + self._real(found[2]), value)
        return value

    def _real(self, name: str) -> str:
        found: str = self.accounts.get(name, {}).get("userID", name)
        return found
