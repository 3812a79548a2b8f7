"""A dialect of the method channel on a platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.catalogue import Catalogue, InvalidArguments, MethodSpec, ReplySpec, dialects_with, load
from bridge.catalogue.bind import MANAGER
from bridge.dialects import abilities, readers
from bridge.dialects.channel.adapter import ChannelAdapter, unanswered
from bridge.dialects.channel.casts import Casts, casts_of
from bridge.dialects.channel.encoding import Encoders, nothing
from bridge.dialects.channel.frames import AdapterRefusal, Envelopes, EventFrame
from bridge.dialects.dialect import Call, Frame
from bridge.dialects.memo import Memo
from bridge.dialects.view import View
from bridge.dialects.writing import Encoder
from bridge.errors import UNANSWERED, ChatError, ProtocolError, UnknownMethod, did_you_mean
from bridge.world.kernel.devices import Device
from bridge.world.kernel.facts import Fact
from bridge.world.kernel.world import World

START = "tim.init_sdk"
LOGIN = "tim.login"
MAX_STARTS = 64


class MethodPlan:
    """
    A method as its calls need it; see `Plan`.

    Attributes:
        spec: what the schema says.
        reply: how the platform answers.
        reader: makes the handler's arguments of those that the schema names; None where they are the same.
        encode: writes the data of the reply.
        text: the data of a reply that has nothing else to tell; None for null.
        casts: what the adapter makes of nulls and numbers, before anything else.
        is_altered: the adapter makes something else of some arguments (`ChannelAdapter.alter`).
    """

    __slots__ = (
        "spec",
        "method",
        "handler",
        "constants",
        "needs",
        "needs_network",
        "adapter",
        "reply",
        "reader",
        "encode",
        "is_altered",
        "text",
        "casts",
    )

    def __init__(
        self, spec: MethodSpec, adapter: ChannelAdapter, reply: ReplySpec, encode: Encoder, casts: Casts
    ) -> None:
        self.spec = spec
        self.method = spec.name
        self.handler = adapter.handler
        self.constants = spec.constants
        self.needs = spec.needs
        # sends see to it themselves: they leave a message that failed; so does a login
        self.needs_network = (
            spec.needs == "login" and not spec.error_carries_data and not spec.quirks.get("worksOffline")
        )
        self.adapter = adapter
        self.reply = reply
        self.reader = readers.find("channel", adapter.handler)
        self.encode = encode
        self.casts = casts
        self.text = reply.type.const if reply.text is None and reply.type is not None else reply.text
        self.is_altered = adapter.alters


class ChannelDialect:
    """
    See `Dialect`.

    Attributes:
        is_ios: whether its adapter is the iOS one, or goes by it.
        has_elements_by_kind: see `Writer.has_elements_by_kind`.
    """

    stays_started = False

    def __init__(self, name: str, platform: str) -> None:
        self.name = name
        self.platform = platform
        self.catalogue: Catalogue = load(name)
        self.lineage = self.catalogue.lineage(platform)
        self.is_ios = "ios" in self.lineage
        self.client = abilities.client(self.catalogue, platform)
        self._encoders = Encoders(self.catalogue, platform)
        # it goes by the method's name alone
        self._goes_by_name = bool(self.catalogue.trait(platform, "goesByName"))
        self._throws_on_types: str | None = self.catalogue.trait(platform, "throwsOnTypes")
        self._answers_unknown = bool(self.catalogue.trait(platform, "answersUnknown"))
        self._refuses_unread = bool(self.catalogue.trait(platform, "refusesUnread"))
        self.has_elements_by_kind = bool(self.catalogue.trait(platform, "elementsByKind"))
        self.encoders = self._encoders.made
        self._envelopes = Envelopes(self.catalogue, platform)
        self._plans: dict[str, MethodPlan] = {}
        self._starts: set[tuple[str, ...]] = {tuple(self.catalogue.init_arguments)}
        self._events: dict[str, tuple[EventFrame, ...]] = {}

    # --- reading

    def read(self, method: str, params: Mapping[str, Any], strict: bool, faithful: bool) -> Call:
        """See `Dialect.read`."""
        plan = self._plans.get(method)
        if plan is None:
            plan = self._plan(method)
        if plan.adapter.refuses_always and self._refuses_unread:
            plan.adapter.unfound()
        if faithful and self._goes_by_name and MANAGER in params:
            params = {key: value for key, value in params.items() if key != MANAGER}
        try:
            if plan.adapter.dies is not None:
                plan.adapter.survive()
            params = plan.casts.applied(params, faithful)
            args, warnings = plan.spec.bind(params, strict)
        except InvalidArguments as flaw:
            if faithful and (reason := self._dies_of(plan, params, flaw)):
                raise unanswered(method, reason, flaw.message) from None
            if plan.handler == START and (told := self._better_served(params)):
                raise InvalidArguments(method, [*flaw.violations, {"path": "", "message": told}]) from None
            raise
        if plan.handler == START and tuple(params) not in self._starts and (told := self._better_served(params)):
            warnings = (*warnings, told)
        reply = plan.reply
        if reply.unanswered:
            notes = self.catalogue.document("methods", method)["notes"]
            raise unanswered(method, "unanswered", " ".join(notes) or "the adapter has no reply for it")
        call = Call(plan, args, warnings)
        adapter: ChannelAdapter = plan.adapter
        if adapter.refuses_always:
            adapter.unfound()
        if adapter.does_nothing:
            call.is_done = True
        if plan.is_altered:
            adapter.alter(args)
        if plan.reader is not None:
            plan.reader(call, adapter)
        if plan.constants:
            call.args.update(plan.constants)
        return call

    def _dies_of(self, plan: MethodPlan, params: Mapping[str, Any], flaw: InvalidArguments) -> str | None:
        """Return whether the adapter gives no answer to an argument of a wrong type (`unanswered`, `crash`); None where it goes on."""
        for violation in flaw.violations:
            key = violation["path"]
            if params.get(key) is not None and key != MANAGER:
                reason = self._throws_on_types or plan.casts.refusal_of_type(key)
                if reason is not None:
                    return reason
        return None

    def _better_served(self, params: Mapping[str, Any]) -> str | None:
        """Return what to tell a client that starts as those of another dialect do; None for others."""
        from bridge.catalogue.recognise import hint

        told = hint(self.catalogue, params)
        if told is None and len(self._starts) < MAX_STARTS:
            self._starts.add(tuple(params))
        return told

    def _plan(self, method: str) -> MethodPlan:
        spec = self.catalogue.method(method)
        if spec is None or self.platform not in spec.platforms:
            raise self._unknown(method, spec)
        reply = spec.reply(self.platform)
        if reply.form == "notImplemented" and not reply.unanswered:
            raise self._unknown(method, spec)
        encode = nothing if reply.type is None else self._encoders.of(reply.type)
        adapter = ChannelAdapter(spec, self.catalogue, self.lineage[:1], self.client)
        plan = MethodPlan(spec, adapter, reply, encode, self._casts(spec))
        self._plans[method] = plan
        return plan

    def _casts(self, spec: MethodSpec) -> Casts:
        catalogue = self.catalogue
        said = {} if catalogue.trait(self.platform, "castsUnread") else spec.casts.get(self.platform, {})
        evidence = "adapter source" if catalogue.base is None else "inferred"
        return Casts(spec.name, casts_of(said, spec), catalogue.about["castsRead"], evidence)

    def _unknown(self, method: str, spec: MethodSpec | None) -> ProtocolError:
        if spec is not None:
            platforms = [p for p in spec.platforms if spec.reply(p).form != "notImplemented"]
            message = f"{method} does not exist on {self.platform}"
            return UnknownMethod(message, {"platforms": platforms, "nearest": []})
        near = self.catalogue.nearest(method)
        others = [name for name in dialects_with(method) if name != self.name]
        hint = f"; {others[0]} has it" if others else did_you_mean(near)
        message = f"{self.name} has no method {method!r}{hint}"
        return UnknownMethod(message, {"nearest": near, "dialects": others})

    def is_silent(self, error: ProtocolError) -> bool:
        """See `Dialect.is_silent`: most adapters have no reply for a function that they do not find, either."""
        return error.code == UNANSWERED or (not self._answers_unknown and _finds_nothing(error))

    def public_name(self, method: str, params: Mapping[str, Any]) -> str:
        """See `Dialect.public_name`: methods of the channel are called as the public ones are."""
        return method

    def logs_in(self, method: str, params: Mapping[str, Any]) -> str | None:
        """See `Dialect.logs_in`."""
        spec = self.catalogue.method(method)
        if spec is None or spec.handler != LOGIN:
            return None
        user_id = params.get(next(param.key for param in spec.params if param.arg == "user_id"))
        return user_id if isinstance(user_id, str) else None

    def handler_of(self, method: str) -> str | None:
        """See `Dialect.handler_of`."""
        spec = self.catalogue.method(method)
        return None if spec is None or self.platform not in spec.platforms else spec.handler

    # --- replies

    def done(self, call: Call) -> Any:
        """See `Dialect.done`: the text of the platform, which may depend on the arguments, else null."""
        plan: MethodPlan = call.plan
        data = plan.text if call.text is None else call.text
        if data is None and plan.reply.type is not None:
            data = self._encoders.nothing_of(plan.reply.type)
        return self._envelopes.success(plan.reply.form, data, plan.reply.desc)

    def answer(self, call: Call, value: Any, view: View) -> Any:
        """See `Dialect.answer`."""
        plan: MethodPlan = call.plan
        if plan.adapter.unwraps:
            if value.code:
                return self._envelopes.refusal(plan.reply.refusal, value.code, value.text)
            value = value.message
        return self._envelopes.success(plan.reply.form, plan.encode(value, view), plan.reply.desc)

    def answer_text(self, call: Call, text: str) -> Any:
        """See `Dialect.answer_text`."""
        return self._envelopes.success(call.plan.reply.form, text, call.plan.reply.desc)

    def refusal(self, method: str, refusal: ChatError) -> Any:
        """See `Dialect.refusal`."""
        form = "envelope" if isinstance(refusal, AdapterRefusal) else self._form(method)
        reply = self._envelopes.refusal(form, refusal.code, refusal.desc)
        plan = self._plans.get(method)
        if plan is not None and plan.adapter.refuses_with_null:
            reply["data"] = None
        return reply

    def _form(self, method: str) -> str:
        """Return the form of a method's refusals, also of one that has no plan: a fault may take any call."""
        plan = self._plans.get(method)
        if plan is not None:
            return plan.reply.refusal
        spec = self.catalogue.method(method)
        return "envelope" if spec is None or self.platform not in spec.platforms else spec.reply(self.platform).refusal

    def refuse(self, call: Call, code: int, desc: str | None, kept: Any, view: View) -> Any:
        """See `Dialect.refuse`."""
        plan: MethodPlan = call.plan
        data = None if kept is None else plan.encode(kept, view)
        if data is not None:
            for key in plan.adapter.failure_without:
                data.pop(key, None)
        return self._envelopes.refusal(plan.reply.refusal, code, desc, data)

    def empty(self, call: Call) -> Any:
        """See `Dialect.empty`."""
        from bridge.catalogue.examples import empty

        plan: MethodPlan = call.plan
        value = None if plan.reply.type is None else empty(plan.reply.type, self.catalogue, self.platform)
        return self._envelopes.success(plan.reply.form, value, plan.reply.desc)

    # --- events

    def tell(self, fact: Fact, device: Device, world: World, memo: Memo) -> list[Frame]:
        """See `Dialect.tell`."""
        kind = fact.kind
        if kind == "member_invited" and not self.client.tells_invitations:
            kind = self._heard_of_invitation(fact, world)
        events = self._events.get(kind)
        if events is None:
            events = self._events[kind] = self._frames(kind)
        told: list[Frame] = []
        view: View | None = None
        for event in events:
            listeners = device.listeners.get(event.topic)
            if not listeners:
                told.append(Frame(event.listener, {"type": event.type}, False, False))
                continue
            if view is None:
                view = View(world, device.user_id or "", device, self, memo)
            is_early = fact.before_reply or event.before_reply
            told += [Frame(event.listener, said, is_early, True) for said in event.all(fact.payload, listeners, view)]
        return told

    def _heard_of_invitation(self, fact: Fact, world: World) -> str:
        from bridge.world.groups import groups

        return fact.kind if groups.tells_invitations(world, fact.payload["group_id"], self.client) else "member_entered"

    def _frames(self, fact: str) -> tuple[EventFrame, ...]:
        specs = self.catalogue.events_for(fact)
        return tuple(
            EventFrame(spec, self.catalogue, self.lineage, self._encoders.of)
            for spec in specs
            if self.platform in spec.platforms
        )

    def write(self, name: str, value: Any, view: View) -> Any:
        """Write one map, with the keys of this platform; None stays None."""
        return self._encoders.map(name)(value, view)


def _finds_nothing(error: ProtocolError) -> bool:
    """Return whether an adapter finds no function for a call: no such method, or not in the manager that was named."""
    return isinstance(error, UnknownMethod) or (isinstance(error, InvalidArguments) and error.wrong_manager)
