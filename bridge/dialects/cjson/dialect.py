"""A dialect of the native generation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bridge.catalogue import load, native_dialects
from bridge.catalogue.native import CaseSpec, FunctionSpec, NativeCatalogue
from bridge.dialects import abilities, readers
from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.cjson.arguments import Arguments, checked, holds
from bridge.dialects.cjson.callbacks import Callbacks
from bridge.dialects.cjson.encoding import Encoders, written_pairs
from bridge.dialects.cjson.texts import text
from bridge.dialects.dialect import Call, Frame
from bridge.dialects.memo import Memo
from bridge.dialects.view import View
from bridge.dialects.writing import Encoder
from bridge.errors import ChatError, ProtocolError, UnknownMethod, did_you_mean
from bridge.world.chats.fetches import Fetch
from bridge.world.chats.messages import Handled
from bridge.world.chats.modification import Outcome
from bridge.world.kernel import codes
from bridge.world.kernel.devices import Device
from bridge.world.kernel.facts import Fact
from bridge.world.kernel.world import World

LOGIN = "tim.login"
GIVEN_ID = "given_id"
"""What stands beside the arguments of a function that has returned already: the id."""

Reply = dict[str, Any]


class FunctionPlan:
    """
    A function in one of its cases, as its calls need it; see `Plan`.

    Attributes:
        method: the function's name in C.
        reader: makes the handler's arguments of what the call brings; None where they are the same.
        encode: writes what the reply holds; None where it holds nothing.
        is_plain: what the reply holds is a text as it is, no JSON.
        when, takes: see `CaseSpec`; `takes` is None where the reader knows by itself.
    """

    __slots__ = (
        "when",
        "spec",
        "case",
        "method",
        "handler",
        "constants",
        "needs",
        "needs_network",
        "adapter",
        "reader",
        "encode",
        "is_plain",
        "takes",
    )

    def __init__(self, spec: FunctionSpec, case: CaseSpec, adapter: NativeAdapter, encoders: Encoders) -> None:
        self.spec = spec
        self.case = case
        self.when = case.when
        self.method = spec.name
        self.handler = case.handler
        self.constants = case.constants
        self.needs = case.needs
        self.needs_network = case.needs == "login" and not case.works_offline
        self.adapter = adapter
        own = readers.find("cjson", case.handler)
        self.reader = own or readers.find("channel", case.handler)
        self.takes = case.takes if own is None else None
        self.is_plain = case.result is not None and case.result.kind == "string"
        self.encode = _encoder(case, encoders)


def _encoder(case: CaseSpec, encoders: Encoders) -> Encoder | None:
    if case.handler is None:
        return None
    if case.pairs:
        return lambda value, view: written_pairs(value, *case.pairs)
    return None if case.result is None else encoders.of(case.result)


class CJsonDialect:
    """See `Dialect`."""

    is_ios = False
    stays_started = True  # a further initSDK is taken for done without asking: Dart client 8.9, tim_manager.dart initSDK
    has_elements_by_kind = False

    def __init__(self, name: str, platform: str) -> None:
        catalogue = load(name)
        assert isinstance(catalogue, NativeCatalogue)
        self.name = name
        self.platform = platform
        self.catalogue = catalogue
        self.client = abilities.client(catalogue, platform)
        self._arguments = Arguments(catalogue)
        self._encoders = Encoders(catalogue)
        self.encoders = self._encoders.made
        self._plans: dict[str, tuple[FunctionPlan, ...]] = {}
        self._public: dict[str, tuple[str, ...]] = {}
        self._elements = {kind: spec.name for kind, spec in catalogue.element_objects().items()}
        self._callbacks = Callbacks(catalogue, self._encoders)

    # --- reading

    def read(self, method: str, params: Mapping[str, Any], strict: bool, faithful: bool) -> Call:
        """See `Dialect.read`."""
        plans = self._plans.get(method)
        if plans is None:
            plans = self._plans[method] = self._compiled(method)
        spec = plans[0].spec
        parsed = self._arguments.parsed(spec, params)
        for plan in plans:
            if not plan.when or holds(plan.when, parsed):
                break
        else:
            raise ChatError(codes.INVALID_PARAMETERS)
        args = self._arguments.read(spec, plan.case, parsed)
        if spec.answers == "id" and GIVEN_ID in params:
            args[GIVEN_ID] = checked(params[GIVEN_ID], str)
        if plan.takes is not None:
            args = {name: args[name] if args.get(name) is not None else _fresh(fill) for name, fill in plan.takes.items()}
        call = Call(plan, args)
        if plan.reader is not None:
            plan.reader(call, plan.adapter)
        if plan.constants:
            call.args.update(plan.constants)
        return call

    def _compiled(self, method: str) -> tuple[FunctionPlan, ...]:
        spec = self.catalogue.function(method)
        if spec is None:
            near = self.catalogue.nearest(method)
            others = [name for name in native_dialects() if method in getattr(load(name), "function_names", ())]
            hint = f"; {' and '.join(others)} have it" if others else did_you_mean(near)
            raise UnknownMethod(f"{self.name} has no function {method!r}{hint}", {"nearest": near, "dialects": others})
        adapter = NativeAdapter(method, self.client, self._arguments, spec.starts_over)
        return tuple(FunctionPlan(spec, case, adapter, self._encoders) for case in spec.cases)

    def is_silent(self, error: ProtocolError) -> bool:
        """See `Dialect.is_silent`: a function that the library has not is never called, so nothing answers it."""
        return True

    def public_name(self, method: str, params: Mapping[str, Any]) -> str:
        """See `Dialect.public_name`: what comes back with the reply begins with it, else it is the one that comes down to the function."""
        names = self._public.get(method)
        if names is None:
            spec = self.catalogue.function(method)
            if spec is None:
                return method
            names = self._public[method] = spec.dart_methods or (method,)
        if len(names) == 1:
            return names[0]
        user_data = params.get("user_data")
        prefix = user_data.rpartition("-")[0] if isinstance(user_data, str) else ""
        return prefix if prefix in names else names[0]

    def logs_in(self, method: str, params: Mapping[str, Any]) -> str | None:
        """See `Dialect.logs_in`."""
        spec = self.catalogue.function(method)
        if spec is None or spec.cases[0].handler != LOGIN:
            return None
        user_id = params.get(next(one.name for one in spec.arguments if one.arg == "user_id"))
        return user_id if isinstance(user_id, str) else None

    def handler_of(self, method: str) -> str | None:
        """See `Dialect.handler_of`: of a function that does several things, the one that it does by default."""
        spec = self.catalogue.function(method)
        return None if spec is None else spec.cases[-1].handler

    # --- replies

    def done(self, call: Call) -> Reply:
        """See `Dialect.done`."""
        return _reply(call.plan, 0, "", None)

    def answer(self, call: Call, value: Any, view: View) -> Reply:
        """See `Dialect.answer`; what is still going on is answered later, by what is told of it last."""
        plan: FunctionPlan = call.plan
        if isinstance(value, Fetch):
            return {"later": True}
        if isinstance(value, Outcome):
            code, desc, value = value.code, value.text, value.message
        else:
            code, desc = 0, ""
        return _reply(plan, code, desc, value, self._held(plan, value, view))

    def _held(self, plan: FunctionPlan, value: Any, view: View) -> Reply:
        """Return the keys of the envelope that hold the result."""
        if plan.encode is None or value is None:
            return {}
        found = plan.encode(value, view)
        if plan.spec.beside:
            rows = {key: found[source] for key, source in plan.spec.beside.items()}
            return {**rows, "json_param": text(rows["json_param"])}
        if found is None:
            return {}
        return {"json_param": found if plan.is_plain else text(found)}

    def answer_text(self, call: Call, text: str) -> Reply:
        """See `Dialect.answer_text`: a text of an adapter's own; the library has none."""
        return _reply(call.plan, 0, text, None)

    def refusal(self, method: str, refusal: ChatError) -> Reply:
        """See `Dialect.refusal`."""
        spec = self.catalogue.function(method)
        desc = codes.text(refusal.code) if refusal.desc is None else refusal.desc
        return _refused(spec, refusal.code, desc)

    def refuse(self, call: Call, code: int, desc: str | None, kept: Any, view: View) -> Reply:
        """See `Dialect.refuse`."""
        plan: FunctionPlan = call.plan
        said = codes.text(code) if desc is None else desc
        return _reply(plan, code, said or "", kept, self._held(plan, kept, view))

    def empty(self, call: Call) -> Reply:
        """See `Dialect.empty`: a function that is not played says so, for a client that hears nothing waits for ever."""
        plan: FunctionPlan = call.plan
        return _refused(plan.spec, codes.INTERFACE_NOT_SUPPORTED, f"{plan.method} is not played")

    # --- events

    def tell(self, fact: Fact, device: Device, world: World, memo: Memo) -> list[Frame]:
        """See `Dialect.tell`."""
        return self._callbacks.tell(fact, device, View(world, device.user_id or "", device, self, memo))

    def element(self, kind: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """Return what writes the fields of an element of that kind."""
        return self._encoders.by_args(self._elements[kind])

    def by_args(self, name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """Return what writes an object from a map under the names by which it is read."""
        return self._encoders.by_args(name)

    def numbers_of(self, table: str) -> dict[Any, int]:
        """Return by which number a thing of a table crosses."""
        return self._encoders.backward(table)

    def write(self, name: str, value: Any, view: View) -> Any:
        """Write the object that is made of a map of the SDK; None stays None."""
        return self._encoders.map(name)(value, view)


def _reply(plan: FunctionPlan, code: int, desc: str, value: Any, held: Reply | None = None) -> Reply:
    """Return a reply, and what the function returns where it does not simply return 0."""
    answers = plan.spec.answers
    if answers == "nothing":
        return {"return": None}
    if answers == "value":
        return {"return": value}
    if answers == "status":
        return {"return": codes.INVALID_PARAMETERS if value is False else code}
    reply: Reply = {"code": code, "desc": desc, **(held or {})}
    if answers == "id":
        reply["return"] = value.message.msg_id if isinstance(value, Handled) else value if isinstance(value, str) else ""
    return reply


def _refused(spec: FunctionSpec | None, code: int, desc: str) -> Reply:
    """Return the reply of a call that was refused before anything came of it."""
    answers = None if spec is None else spec.answers
    if answers in ("status", "value", "nothing"):
        return {"return": {"status": code, "nothing": None}.get(answers, "")}
    return {"code": code, "desc": desc, **({"return": ""} if answers == "id" else {})}


def _fresh(fill: Any) -> Any:
    """Return what stands in for null: a list or a map of its own, for it is the handler's to change."""
    return fill.copy() if isinstance(fill, (list, dict)) else fill
