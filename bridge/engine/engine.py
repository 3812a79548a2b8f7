"""The engine: carries out calls on a world and writes down what each device hears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bridge import dialects, handlers
from bridge.dialects import Dialect, Memo, View
from bridge.dialects.dialect import Call
from bridge.engine.faults import Fault, FaultPlan
from bridge.engine.journal import Journal
from bridge.engine.turn import Event, Turn
from bridge.errors import THROWN, ChatError, ProtocolError, UnknownMethod, our_bug
from bridge.handlers import Caller, OwnText, Refusal
from bridge.slices import Slices
from bridge.values import value_class
from bridge.world.chats import sessions
from bridge.world.kernel import codes, devices
from bridge.world.kernel.devices import Device
from bridge.world.kernel.facts import Fact
from bridge.world.kernel.world import World

if TYPE_CHECKING:
    from bridge.dialects.dialect import Frame
    from bridge.world.chats.waiting import Waiting

HEARD_OFFLINE = frozenset(
    {
        "connection_failed",
        "connection_started",
        "sync_server_failed",
        "invitation_timed_out",
        "message_download_progressed",
    }
)
"""Facts that the client on a device finds out by itself, without the network."""


BEGINNINGS = 3
"""How often a work in slices that is of one state begins, before it is done at once."""


@value_class
class Options:
    """
    How an engine treats its clients.

    Attributes:
        strict: refuse what is otherwise taken with a warning (unknown keys, nulls that Dart would not send).
        faithful: stay silent where the real plugin is silent.
        journal_size: how many entries the journal keeps.
    """

    strict: bool = False
    faithful: bool = False
    journal_size: int = 10_000


class Engine:
    """
    One world with the devices in it.

    Args:
        world: what the calls work on; the engine listens to its facts.
        options: see `Options`.

    Attributes:
        step_ms: by how much a call that changes something moves the clock; 0 where the clock follows the wall.
    """

    def __init__(self, world: World, options: Options | None = None) -> None:
        self.options = options or Options()
        self.journal = Journal(self.options.journal_size)
        self.faults = FaultPlan()
        self.calls: defaultdict[str, int] = defaultdict(int)
        self.world = world
        self.step_ms = 1
        self._turn = Turn()
        self._cause = 0
        self._last = 0  # the newest entry of the journal before what is under way
        self._name = ""  # by which people know the call that is being carried out
        self._adds_listener = False
        self.adopt(world)

    def adopt(self, world: World) -> None:
        """Work on another world from now on."""
        self.world = world
        self._memo = Memo()
        world.sink = self._hear

    def forget_written(self) -> None:
        """Write every map anew from now on, as if none had been kept."""
        self._memo.forget()

    # --- devices

    def open_device(self, name: str, dialect: str, platform: str, hidden: bool = False, number: int = 0) -> str:
        """
        Start an app. Returns its device id, unique in this engine.

        Args:
            name: what its owner calls it; also names its local storage, unless an open device has that already.
            number: grows with each device that was ever opened here.
        """
        value = dialects.get(dialect, platform)
        device_id = f"d{number:06d}"
        taken = {row.install for row in self.world[devices.DEVICES].rows.values()}
        install = name if name not in taken else f"{name}#{number}"
        device = Device(device_id, name, install, dialect, platform, value.client, hidden)
        self.world[devices.DEVICES].put(device_id, device)
        self.world.log.commit()
        return device_id

    def close_device(self, device_id: str) -> Turn:
        """Kill an app. Returns what others hear of it."""

        def close() -> None:
            device = self.world[devices.DEVICES].get(device_id)
            if device is not None:
                sessions.close(self.world, device)
                if device.install != device.name:  # a name that was taken: nobody comes back to it
                    from bridge.world.kernel import installs

                    installs.forget(self.world, device.install)

        return self.run(close)

    def device(self, device_id: str) -> Device:
        """Return an open device. Raises KeyError for any other."""
        return devices.get(self.world, device_id)

    # --- calls

    def call(self, device_id: str, method: str, params: Mapping[str, Any], exposed: bool = True) -> Turn:
        """
        Carry out a channel call.

        Args:
            exposed: false for a call that the bridge makes for itself: no fault takes it.

        Returns: the turn; its reply has an `error` where no correct plugin would make the call or get it answered. It never raises.
        """
        turn = self._turn = Turn(device_id)
        world = self.world
        device = world[devices.DEVICES].rows[device_id]
        dialect = dialects.get(device.dialect, device.platform)
        self._name = dialect.public_name(method, params)
        self._cause = self._last = self.journal.add(world.now_ms, device_id, "call", self._name, "arguments", params)
        fault = self._fault(device, method, params) if self.faults.active and exposed else None
        if fault is None:
            self._carry_out(turn, device, dialect, method, params)
        else:
            self._go_wrong(turn, device, method, params, fault)
        return turn

    def beforehand(self, device_id: str, method: str, params: Mapping[str, Any]) -> Slices[None]:
        """
        Work out in slices what a call is going to ask for, if that may be much (`handlers.BEFOREHAND`); nothing is changed by it.

        The call has to come at once behind the last slice. If something changes in between, the work begins anew, a few times; then it
        is left to the call, which does it at once: what it answers is of one state.
        """
        device = self.world[devices.DEVICES].rows[device_id]
        dialect = dialects.get(device.dialect, device.platform)
        name = dialect.handler_of(method) or ""
        prepare = handlers.find(handlers.BEFOREHAND.get(name))
        if not (prepare or name in handlers.LISTS) or not device.connected or device.user_id is None:
            return
        try:
            call = dialect.read(method, params, self.options.strict, self.options.faithful)
            for _ in range(0 if call.is_done else BEGINNINGS):
                world, condition = self.world, self.world.condition
                caller = Caller(world, device_id, device.user_id, call.plan.adapter, call.plan.needs)
                work = prepare(caller, **call.args) if prepare else self._listing(dialect, call, caller, (device_id, method, params))
                for _ in work:
                    yield
                    if self.world is not world or world.condition != condition:
                        break
                else:
                    return
        except (ChatError, ProtocolError):
            return  # the call says so itself

    def _listing(self, dialect: Dialect, call: Call, caller: Caller, question: tuple[str, str, Mapping[str, Any]]) -> Slices[None]:
        """Work out in slices the reply to a call that asks for many rows."""
        world = caller.world
        handler = handlers.find(call.plan.handler)
        assert handler is not None
        value = handler(caller, **call.args)
        if world.log.current:  # a list of messages that have been modified: that the app has seen them is noted
            world.log.undo()
            return
        view = View(world, caller.user, caller.device, dialect, self._memo)
        from bridge.engine import listing

        reply = yield from listing.answering(dialect, call, value, view)
        if reply is not None:
            world.know(question, reply)

    def _carry_out(
        self, turn: Turn, device: Device, dialect: Dialect, method: str, params: Mapping[str, Any], refusal: ChatError | None = None
    ) -> None:
        """Answer a call, by the rules or with a refusal, and keep what it did."""
        world = self.world
        waiting = self._waiting(device.device_id)
        try:
            if refusal is None:
                result = turn.reply.result = self._answer(dialect, device, method, params)
            else:
                result = turn.reply.result = self._answer_refused(dialect, device, method, params, refusal)
        except ProtocolError as error:
            self._undo()
            self._refuse(turn, device, method, error)
            return
        except Exception as bug:
            self._undo()
            self._refuse(turn, device, method, our_bug(__name__, method, bug))
            return
        now_ms = world.now_ms
        if world.log.current:
            if self.step_ms:
                now_ms += self.step_ms
                world.set_clock(now_ms)
            world.log.commit()
        self.journal.add(now_ms, device.device_id, "reply", self._name, "result", result, self._cause)
        if waiting:
            self._stop_waiting(device.device_id, waiting, self._adds_listener)

    def _answer(self, dialect: Dialect, device: Device, method: str, params: Mapping[str, Any]) -> Any:
        """Return the reply of a call, with its facts already told to `_hear`. Raises ProtocolError."""
        world = self.world
        options = self.options
        self._adds_listener = False
        call = None
        try:
            try:
                call = dialect.read(method, params, options.strict, options.faithful)
            except UnknownMethod:
                raise
            except ProtocolError:
                self.calls[method] += 1
                raise
            self.calls[method] += 1
            for warning in call.warnings:
                self.journal.add(world.now_ms, device.device_id, "warning", self._name, "text", warning, self._cause)
            plan = call.plan
            habits = plan.adapter.habits
            user = "" if habits.decides_first else devices.require(device, plan.needs)
            if plan.needs_network and not device.connected:
                raise ChatError(codes.NETWORK_DISCONNECTED)
            self._adds_listener = plan.handler in handlers.ADDERS
            value = None
            if not call.is_done:
                handler = handlers.find(plan.handler)
                if handler is None:
                    return dialect.empty(call)
                if plan.handler in handlers.LISTS:
                    known = world.known((device.device_id, method, params))
                    if known is not None:
                        return known
                if plan.handler not in handlers.SESSIONS:
                    world = self._seen_by(device)
                caller = Caller(world, device.device_id, user, plan.adapter, plan.needs)
                value = handler(caller, **call.args)
                user = caller.user
                world.settle()
        except ChatError as refusal:
            self._undo()
            if call is not None and call.plan.adapter.habits.hides_refusals and not refusal.is_own:
                return dialect.done(call)
            return dialect.refusal(method, refusal)
        if value is None:
            return dialect.done(call)
        if value.__class__ is OwnText:
            return dialect.answer_text(call, value.text)
        view = View(world, user, world[devices.DEVICES].rows[device.device_id], dialect, self._memo)
        if value.__class__ is Refusal:
            return dialect.refuse(call, value.code, value.desc, value.data, view)
        return dialect.answer(call, value, view)

    def _answer_refused(
        self, dialect: Dialect, device: Device, method: str, params: Mapping[str, Any], refusal: ChatError
    ) -> Any:
        """
        Return the reply of a call to which the service says no, whatever the rules would say.

        Where a refusal leaves something behind, the call is carried out and refused at the point where the service is asked. All
        others, and those that never come so far, do not happen at all.
        """
        world = self.world
        if not handlers.leaves_something(dialect.handler_of(method)):
            return dialect.refusal(method, refusal)
        world.refusing = refusal
        try:
            result = self._answer(dialect, device, method, params)
            if self.world.refusing is None:  # the rules have asked, and were told
                return result
        except ProtocolError:
            pass  # the service was not asked: the native side has no such message, or nobody would make the call
        finally:
            world.refusing = None
        self._undo()
        return dialect.refusal(method, refusal)

    def _undo(self) -> None:
        """Let what is under way not have happened: neither in the world, nor for those who would hear of it, nor in the journal."""
        self.world.log.undo()
        self._turn.forget()
        if self.journal.last > self._last:
            self.journal.unsay(self._last)

    def _seen_by(self, device: Device) -> World:
        """Return the world that a device sees: without the service that is what its app has."""
        if (device.connected and device.user_id is not None) or "stores" not in self.world.tables:
            return self.world
        from bridge.world.kernel import installs

        return installs.seen_by(self.world, device)

    def _refuse(self, turn: Turn, device: Device, method: str, error: ProtocolError) -> None:
        turn.reply.error = error
        self.journal.add(
            self.world.now_ms,
            device.device_id,
            "reply",
            self._name,
            "error",
            {"code": error.code, "message": error.message, "data": error.data},
            self._cause,
        )
        if self.options.faithful:
            turn.reply.silent = dialects.get(device.dialect, device.platform).is_silent(error)

    # --- faults

    def _fault(self, device: Device, method: str, params: Mapping[str, Any]) -> Fault | None:
        """Return the fault that takes a call, or None."""
        dialect = dialects.get(device.dialect, device.platform)
        user_id = dialect.logs_in(method, params) if device.user_id is None else device.user_id
        return self.faults.of(self.world, device, (self._name, method), user_id)

    def _go_wrong(self, turn: Turn, device: Device, method: str, params: Mapping[str, Any], fault: Fault) -> None:
        """Answer a call as a fault will have it."""
        journal, effect = self.journal, fault.effect
        dialect = dialects.get(device.dialect, device.platform)
        text = f"fault {fault.number}: {fault.kind}"
        journal.add(self.world.now_ms, device.device_id, "fault", self._name, "text", text, self._cause)
        if fault.kind == "code":
            self._carry_out(turn, device, dialect, method, params, ChatError(effect["code"], effect.get("desc")))
        elif fault.kind == "platformException":
            thrown = {"code": "", "message": None, "details": None, **effect["platformException"]}
            said = thrown["message"] or thrown["code"]
            self._refuse(turn, device, method, ProtocolError(THROWN, f"{method}: the plugin throws: {said}", thrown))
        else:
            self._carry_out(turn, device, dialect, method, params)
            self._follow_up(turn, device.device_id, fault)

    def _follow_up(self, turn: Turn, device_id: str, fault: Fault) -> None:
        """Let happen what a fault has in store behind a call that was carried out."""
        kind = fault.kind
        if kind == "delayMs":
            turn.reply.due_ms = self.world.now_ms + fault.effect["delayMs"]
        elif kind == "noReply":
            turn.reply.silent = True
        elif kind == "disconnect":
            turn.disconnect = True
        else:
            device = self.world[devices.DEVICES].get(device_id)
            if device is not None and device.user_id is not None:
                (sessions.kick if kind == "kick" else sessions.expire)(self.world, device)
                self.world.log.commit()

    # --- time, and what happens by itself

    def run(self, action: Callable[[], Any]) -> Turn:
        """Do something to the world that no channel call does. Returns what devices hear of it; its result is what `action` returned."""
        turn = self._turn = Turn()
        self._cause, self._last = 0, self.journal.last
        try:
            turn.reply.result = action()
        except Exception:
            self._undo()
            raise
        self.world.log.commit()
        return turn

    def advance(self, to_ms: int) -> Turn:
        """Move the clock to a time, firing what is due on the way. Returns what devices hear."""

        def move() -> None:
            while self.world.fire_next(to_ms):
                self.world.log.commit()
            if to_ms > self.world.now_ms:
                self.world.set_clock(to_ms)

        return self.run(move)

    # --- facts

    def _hear(self, fact: Fact) -> None:
        """Write a fact down for every device that it reaches and that listens."""
        to = fact.to
        world = self.world
        if to.only is not None:
            device = world[devices.DEVICES].rows.get(to.only)
            if device is not None and not device.hidden:
                self._tell(device, fact)
            return
        for user_id in to.users:
            for device in devices.of_user(world, user_id):
                if device.device_id != to.without and not device.hidden:
                    self._tell(device, fact)

    def _tell(self, device: Device, fact: Fact) -> None:
        if not device.connected and not fact.to.is_own and fact.kind not in HEARD_OFFLINE:
            return
        for frame in self._frames(device, fact):
            if fact.to.waits and not frame.is_heard:
                from bridge.world.chats import waiting

                waiting.add(self.world, device.device_id, fact, frame.name)
            else:
                self._write(device.device_id, frame)

    def _frames(self, device: Device, fact: Fact) -> list[Frame]:
        dialect = dialects.get(device.dialect, device.platform)
        return dialect.tell(fact, device, self._seen_by(device), self._memo)

    def _write(self, device_id: str, frame: Frame) -> None:
        """Let a device hear a frame, or note that nobody listens to it."""
        name, arguments, is_early, is_heard = frame
        if is_heard:
            self._turn.tell(Event(device_id, name, arguments), is_early)
        kind = "event" if is_heard else "dropped"
        self.journal.add(self.world.now_ms, device_id, kind, name, "arguments", arguments, self._cause)

    # --- what waits for listeners

    def _waiting(self, device_id: str) -> tuple[Waiting, ...]:
        rows = self.world.tables.get("waiting")
        row = None if rows is None else rows.get(device_id)
        return () if row is None else row.facts

    def _stop_waiting(self, device_id: str, facts: tuple[Waiting, ...], listens: bool) -> None:
        """Tell a device what of a login's sync has waited for a listener that it has now; with `listens` false, all of it is lost."""
        from bridge.world.chats import waiting

        device = self.world[devices.DEVICES].get(device_id)
        kept: list[Waiting] = []
        for one in facts:
            fact = one.fact if device is None else waiting.fresh(self.world, device.user_id or "", one.fact)
            for frame in () if device is None else self._frames(device, fact):
                if frame.name != one.listener:
                    continue
                if frame.is_heard or not listens:
                    self._write(device_id, frame)
                elif not kept or kept[-1] is not one:  # an event after another of the same fact
                    kept.append(one)
        known = set(map(id, facts))
        new = [one for one in self._waiting(device_id) if id(one) not in known]
        if tuple(kept + new) != self._waiting(device_id):
            waiting.keep(self.world, device_id, tuple(kept + new))
            self.world.log.commit()

    def end_waiting(self) -> None:
        """Lose what waits for listeners: time goes on."""
        rows = self.world.tables.get("waiting")
        for device_id in () if rows is None else sorted(rows.rows):
            self._stop_waiting(device_id, self._waiting(device_id), False)
