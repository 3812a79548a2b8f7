"""Watching what people do on the stages of a test, and what the test looks at."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

import pytest

from bridge.emulator import Emulator
from bridge.world.chats import pushes
from bridge.world.kernel.world import Policy
from tools.drafting.seen import SeenList, plain, seen

SERVICE: dict[str, tuple[str, tuple[str, ...]]] = {
    "chats.connections.lose": ("cut", ("device",)),
    "chats.connections.restore": ("mend", ("device",)),
    "chats.connections.break_sync": ("bridge.service.syncFails", ()),
    "chats.connections.mend_sync": ("bridge.service.syncWorks", ()),
    "chats.connections.notify": ("bridge.service.experimentalNotify", ("user", "key", "param")),
    "chats.sessions.kick": ("bridge.service.kick", ("device",)),
    "chats.sessions.kick_by_admin": ("bridge.service.kickUser", ("user",)),
    "chats.sessions.expire": ("bridge.service.expireUserSig", ("device",)),
    "chats.broadcasts.to_live_rooms": ("bridge.service.broadcast", ("user", "text")),
    "groups.memberships.recycle": ("bridge.service.groupRecycled", ("group",)),
    "groups.group_news.notify": ("bridge.service.groupNotice", ("group", "data")),
    "groups.topic_rules.receive_custom_data": ("bridge.service.topicNotice", ("topic", "data")),
    "people.official_accounts.publish": ("bridge.service.officialAccountPublished", ("account",)),
    "people.official_accounts.change": ("bridge.service.officialAccountChanged", ("account",)),
    "people.official_accounts.delete": ("bridge.service.officialAccountDeleted", ("account",)),
}
"""Rules of `bridge.world` that a test lets happen by themselves, each with the step of a script that does the same, and its arguments."""
PUSHED = {"desc": "text", "title": "title", "ext": "extra", "sound": "sound", "badge": "badge", "kind": "kind", "platform": "platform"}
"""What a script says of a push, each with its name here."""
CONTROLLED = {"face_url": "faceUrl", "custom_data": "customData"}


class Act:
    """A step as it was seen: who, what, and what of the outcome was looked at."""

    def __init__(self, who: str, what: str, arguments: Any, outcome: Any = None, **more: Any) -> None:
        self.who, self.what, self.arguments, self.outcome, self.more = who, what, arguments, outcome, more


class Notes:
    """What happens on one stage."""

    def __init__(self, stage: Any, policy: Any, settings: dict[str, Any]) -> None:
        self.stage = stage
        self.acts: list[Act] = []
        self.given: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.by_device: dict[str, str] = {}
        self.open: set[str] = set()
        self.phones: list[Any] = []
        self.flaw = "" if not settings else f"settings: {', '.join(settings)}"
        self._set_up(policy or Policy())
        self._policy = policy or Policy()
        self.state: Any = None
        self.muted = 0
        self.runs: list[Act] | None = None

    def _set_up(self, policy: Policy) -> None:
        """Note how the service is set up."""
        usual = Policy()
        names = ("strict_accounts", "instances", "usersig_key", "sdk_app_id", "rate_limits", "switches")
        said = {name: getattr(policy, name) for name in names if getattr(policy, name) != getattr(usual, name)}
        if said:
            self.given["policy"] = said

    def world(self) -> tuple[Any, Any]:
        """Return what the world holds, and how the service is set up."""
        return self.stage.snapshot(), self.stage.world.policy

    def check(self) -> None:
        """Note what was changed behind the bridge's back since the last step."""
        if self.state is None:
            self.state = ({}, self._policy)
        rows, policy = self.world()
        only_entered = all(act.what in ("enter", "start") for act in self.acts)
        if rows != self.state[0]:
            if only_entered:
                self.given["world"] = self.stage.emulator.export()
            else:
                self.flaw = self.flaw or "changes the world by itself"
        if policy != self.state[1] and only_entered:
            self._set_up(policy)
        elif policy != self.state[1]:
            changed = {k: v for k, v in policy.switches.items() if self.state[1].switches.get(k) != v}
            if changed:
                self.acts.append(Act("", "switch", changed))
            else:
                self.flaw = self.flaw or "sets the service up anew"

    def happened(self, step: str, keys: tuple[str, ...], values: tuple[Any, ...], more: dict[str, Any]) -> Act:
        """Return the act of a rule that happened by itself."""
        given = {**dict(zip(keys, values, strict=False)), **{CONTROLLED.get(key, key): one for key, one in more.items()}}
        if "device" in given:
            phone = next(one for one in reversed(self.phones) if one.id == given["device"].device_id)
            given["device"] = self.who(phone)
        return Act("", step, given) if "." in step else Act(given["device"], step, {})

    def done(self) -> None:
        """Remember how the world is after a step."""
        self.state = self.world()

    def who(self, phone: Any) -> str:
        """Return the name of a device in the script; one that nobody has named yet has only been started."""
        if id(phone) not in self.names:
            self.introduce(phone, "", None)
        return self.names[id(phone)]

    def introduce(self, phone: Any, user: str, listens: bool | None) -> None:
        """Name a device: one whose app was started (`listens` None), or on which a user has entered."""
        who = self.by_device.get(phone.name)
        if who is None or who in self.open:
            base = re.sub(r"\W", "_", user or "phone")
            base = base if not base[-1:].isdigit() else base + "_"
            taken = {*self.by_device.values(), *self.open}
            who = next(name for name in (base, *(f"{base}{n}" for n in range(2, 99))) if name not in taken)
            self.by_device[phone.name] = who
        self.open.add(who)
        self.names[id(phone)] = who
        given: dict[str, Any] = {}
        if phone.dialect != self.stage.dialect:
            given["dialect"] = phone.dialect
        if phone.platform != self.stage.platform:
            given["platform"] = phone.platform
        if listens is None:
            self.acts.append(Act(who, "start", {**given, "init": False}))
            return
        if user != re.sub(r"\d+$", "", who):
            given["user"] = user
        if not listens:
            given["listen"] = False
        self.acts.append(Act(who, "enter", given))


class Watch:
    """Watches every stage of a test."""

    def __init__(self) -> None:
        self.notes: dict[int, Notes] = {}

    def of(self, stage: Any) -> Notes:
        """Return the notes on a stage."""
        return self.notes[id(stage)]

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Watch from now on."""
        from tests.support import stage as module

        phone, stage = module.Phone, module.Stage
        first = stage.__init__

        def begin(this: Any, dialect: str = "chat-8.2", platform: str = "android", policy: Any = None, **settings: Any) -> None:
            first(this, dialect, platform, policy, **settings)
            self.notes[id(this)] = Notes(this, policy, settings)

        patch.setattr(stage, "__init__", begin)
        patch.setattr(stage, "advance", self._step(stage.advance, lambda this, ms: Act("", "advance", ms), lambda this: this))
        for name in ("cut", "mend"):
            make = self._bare(name)
            patch.setattr(phone, name, self._step(getattr(phone, name), make, lambda this: this.stage))
        patch.setattr(phone, "close", self._step(phone.close, self._bare("kill"), lambda this: this.stage))
        patch.setattr(phone, "start", self._start(phone.start))
        patch.setattr(phone, "turn", self._turn(phone.turn))
        patch.setattr(phone, "__init__", self._opened(phone.__init__))
        patch.setattr(phone, "heard", self._heard(phone.heard))
        patch.setattr(phone, "heard_types", lambda this: self._heard_types(this))
        patch.setattr(Emulator, "run", self._run(Emulator.run))
        patch.setattr(pushes, "of_user", self._pushed(pushes.of_user))
        for name, (step, keys) in SERVICE.items():
            room, _, rule = name.rpartition(".")
            place = import_module(f"bridge.world.{room}")
            patch.setattr(place, rule, self._rule(getattr(place, rule), step, keys))

    def _bare(self, name: str) -> Callable[..., Act]:
        def make(this: Any) -> Act:
            notes = self.of(this.stage)
            act = Act(notes.who(this), name, {})
            if name == "kill":
                notes.open.discard(act.who)
            return act

        return make

    def _pushed(self, function: Any) -> Any:
        @wraps(function)
        def watched(world: Any, user: str | None = None) -> Any:
            found = function(world, user)
            notes = next((one for one in self.notes.values() if one.stage.world is world), None)
            if notes is not None and not notes.muted and user is not None:
                shown = [{key: getattr(push, name) for key, name in PUSHED.items() if getattr(push, name)} for push in found]
                notes.check()
                notes.acts.append(Act(user, "pushed", shown))
            return found

        return watched

    def _run(self, function: Any) -> Any:
        @wraps(function)
        def watched(this: Any, *args: Any) -> Any:
            notes = next((one for one in self.notes.values() if one.stage.emulator is this), None)
            if notes is None or notes.muted:
                return function(this, *args)
            notes.check()
            notes.runs = []
            try:
                return function(this, *args)
            finally:
                runs, notes.runs = notes.runs, None
                if runs:
                    notes.acts.extend(runs)
                    notes.done()

        return watched

    def _rule(self, function: Any, step: str, keys: tuple[str, ...]) -> Any:
        @wraps(function)
        def watched(world: Any, *args: Any, **more: Any) -> Any:
            notes = next((one for one in self.notes.values() if one.runs is not None), None)
            if notes is None or notes.stage.world is not world:
                return function(world, *args, **more)
            runs, notes.runs = notes.runs, None
            try:
                return function(world, *args, **more)
            finally:
                notes.runs = [*(runs or ()), notes.happened(step, keys, args, more)]

        return watched

    def _step(self, function: Any, make: Callable[..., Act], stage_of: Callable[[Any], Any]) -> Any:
        @wraps(function)
        def watched(this: Any, *args: Any) -> Any:
            notes = self.of(stage_of(this))
            act = make(this, *args)
            notes.check()
            notes.acts.append(act)
            notes.muted += 1
            try:
                result = function(this, *args)
            finally:
                notes.muted -= 1
            notes.done()
            return result

        return watched

    def _start(self, function: Any) -> Any:
        @wraps(function)
        def watched(this: Any, user: str, listen: bool = True) -> None:
            notes = self.of(this.stage)
            if id(this) in notes.names:
                function(this, user, listen)
                return
            notes.check()
            notes.introduce(this, user, listen)
            notes.muted += 1
            try:
                function(this, user, listen)
            finally:
                notes.muted -= 1
            notes.done()

        return watched

    def _opened(self, function: Any) -> Any:
        @wraps(function)
        def watched(this: Any, stage: Any, *args: Any) -> None:
            self.of(stage).check()
            self.of(stage).phones.append(this)  # or another one might get its id
            function(this, stage, *args)
            self.of(stage).done()

        return watched

    def _turn(self, function: Any) -> Any:
        @wraps(function)
        def watched(this: Any, method: str, /, **arguments: Any) -> Any:
            notes = self.of(this.stage)
            if notes.muted:
                return function(this, method, **arguments)
            who = notes.who(this)
            notes.check()
            given = plain(arguments)
            turn = function(this, method, **given.copy())
            act = Act(who, method, given, turn)
            before = len(notes.acts)
            notes.acts.append(act)
            act.more["left"] = notes.world()[0] != (notes.state or ({}, None))[0] or bool(turn.events)
            del notes.acts[before + 1 :]
            turn.reply.result = seen(turn.reply.result)
            notes.done()
            return turn

        return watched

    def _heard(self, function: Any) -> Any:
        @wraps(function)
        def watched(this: Any, *types: str) -> Any:
            notes = self.of(this.stage)
            if notes.muted:
                return function(this, *types)
            rows = SeenList([Pair((kind, seen(data))) for kind, data in function(this, *types)])
            notes.acts.append(Act(notes.who(this), "hears", None, rows, of=list(types)))
            return rows

        return watched

    def _heard_types(self, this: Any) -> Any:
        kinds = SeenList([kind for kind, _ in list.__iter__(this.heard())])
        notes = self.of(this.stage)
        if not notes.muted:
            notes.acts[-1].more["kinds"] = kinds
        return kinds


class Pair(tuple[str, Any]):
    """The type of an event, with its data."""
