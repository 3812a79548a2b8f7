"""What the adapter of a platform decides by itself about one method, compiled from the oddities in the method's schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from bridge.catalogue import Catalogue, MethodSpec
from bridge.catalogue.names import snake_case
from bridge.dialects.channel.frames import AdapterRefusal
from bridge.errors import UNANSWERED, ProtocolError
from bridge.world.kernel.clients import Client, Fetching, Finding, Habits

_ATTRIBUTES = {
    "groupID": "group_id",
    "fromUser": "from_user",
    "toUser": "to_user",
    "addTime": "added_ms",
    "type": "kind",
}
"""Where an application has what the adapters compare."""


def unanswered(method: str, reason: str, note: str, evidence: str = "adapter source") -> ProtocolError:
    """Return the error for a call that the real adapter never answers ("unanswered") or dies of ("crash")."""
    data = {"reason": reason, "note": note, "evidence": evidence}
    return ProtocolError(UNANSWERED, f"{method}: the real plugin gives no answer to this call", data)


def _is_shared(catalogue: Catalogue, spec: MethodSpec) -> bool:
    """Return whether a method adds or removes a listener of a kind whose listeners share one of the client."""
    if spec.handler is None or not spec.handler.startswith("listeners."):
        return False
    kinds = [kind for kind in map(catalogue.listener, catalogue.listener_kinds) if kind is not None]
    return any(kind.shared for kind in kinds if spec.name in (*kind.register, *kind.unregister))


class ChannelAdapter:
    """
    One method in the adapter of one platform.

    Args:
        lineage: the platform, and those whose adapter it goes by where it has nothing of its own, nearest first.

    Attributes:
        method: its wire name.
        client: the native client under the adapter.
        habits: see `Habits`.
        refuses_always: every call is answered with the first of its own errors.
        finds_nothing: it finds none of its arguments, and passes nothing on of any.
        does_nothing: it answers success and passes nothing on.
        lists_again: its list keeps a listener that is added twice twice; `removes_one`: and a removal takes one of the two.
        misses_all: it does not know that an empty listener id means all.
        ends_with: the topic of the listeners whose list it looks at when one of its own is removed; None for its own.
        unused: arguments that it makes nothing of, as the handler calls them.
        fills: what it makes of null, by the handler's name of the argument.
        empty_text: what it makes of an empty text.
        push_defaults: what it fills in where push settings leave it out.
        failure_without: keys of a success that are not in the data of a refusal.
        refuses_with_null: a refusal has data, null.
        keeps_mentions: it hands on whom a text mentions as it came.
        skips_empty: it passes over extensions without a key or a value.
        ends_only_all: a listener that is removed by its id goes on hearing.
        keys_for_values: of a map argument every value becomes its key.
        as_absent: values that it takes for arguments that were not given, by the handler's name.
        only_mention: the only spelling of @all that it replaces, and where it stands; None where it is as usual.
        reads_as_c: a number in a text is read as C does.
        mistaken: arguments in whose place it takes another one.
        unwraps: the outcome of a call is answered as an envelope of its own.
        handler: what it calls, which may be another thing than what it is called for.
    """

    def __init__(self, spec: MethodSpec, catalogue: Catalogue, lineage: Sequence[str], client: Client) -> None:
        quirks = spec.quirks
        self.method = spec.name
        self.client = client
        self._source: str = catalogue.about["castsRead"]
        self._lineage = tuple(lineage)
        self._errors: list[dict[str, Any]] = self._own(spec.adapter_errors) or []
        self._refusals: dict[str, Any] = {
            snake_case(name): entry
            for name, said in quirks.get("refusals", {}).items()
            if (entry := self._own(said)) is not None
        }
        self._nested: dict[str, frozenset[str]] = {
            key: frozenset(snake_case(name) for name in names) for key, names in self._nested_reads(quirks).items()
        }
        always = quirks.get("alwaysRefused")
        self.refuses_always: bool = bool(self._errors) and (always is True or self._listed(always))
        self.dies: dict[str, str] | None = self._own(quirks.get("dies", {}))
        self.finds_nothing: bool = self._own(quirks.get("findsNothing", {})) is not None
        self.does_nothing: bool = self._listed(quirks.get("doesNothing"))
        self.lists_again: bool = _is_shared(catalogue, spec)
        self.removes_one: bool = bool(catalogue.trait(self._lineage[0], "removesOneListener")) and self.lists_again
        self.misses_all: bool = self._listed(quirks.get("missesAll"))
        asked = self._own(quirks.get("endsWith", {}))
        listener = None if asked is None else catalogue.listener(asked)
        self.ends_with: str | None = None if listener is None else listener.topic
        self.unused: tuple[str, ...] = tuple(snake_case(key) for key in self._own(quirks.get("unusedBy", {})) or ())
        self.fills: dict[str, Any] = {snake_case(k): v for k, v in (self._own(quirks.get("fills", {})) or {}).items()}
        self.empty_text: str = self._own(quirks.get("emptyText", {})) or ""
        defaults = self._own(quirks.get("pushDefaults", {})) or {}
        self.push_defaults: dict[str, Any] = {snake_case(key): value for key, value in defaults.items()}
        self.failure_without: tuple[str, ...] = tuple(self._own(quirks.get("failureWithout", {})) or ())
        self.refuses_with_null: bool = self._listed(quirks.get("refusesWithNull"))
        self.keeps_mentions: bool = self._listed(quirks.get("keepsMentions"))
        self.skips_empty: bool = self._listed(quirks.get("skipsEmpty"))
        self.ends_only_all: bool = self._listed(quirks.get("endsOnlyAll"))
        self.keys_for_values: bool = self._listed(quirks.get("keysForValues"))
        self.reads_as_c: bool = self._listed(quirks.get("readsAsC"))
        self.unwraps: bool = self._listed(quirks.get("unwraps"))
        instead = self._own(quirks.get("readsInstead", {})) or {}
        self._instead: dict[str, dict[str, str]] = {
            key: {snake_case(name): snake_case(other) for name, other in names.items()}
            for key, names in instead.items()
            if isinstance(names, dict)
        }
        self.mistaken = {snake_case(k): snake_case(other) for k, other in instead.items() if isinstance(other, str)}
        absent = self._own(quirks.get("asAbsent", {})) or {}
        self.as_absent: dict[str, Any] = {snake_case(key): value for key, value in absent.items()}
        self.only_mention: str | None = self._own(quirks.get("replacesMention", {}))
        self.handler: str | None = self._own(quirks.get("handlers", {})) or spec.handler
        self.habits = self._habits(quirks)

    def _own(self, said: Mapping[str, Any]) -> Any:
        """Return what is said of the platform, else of the nearest one that it goes by; None for nothing."""
        return next((said[name] for name in self._lineage if name in said), None)

    def _listed(self, platforms: Sequence[str] | None) -> bool:
        return platforms is not None and not set(self._lineage).isdisjoint(platforms)

    def _nested_reads(self, quirks: Mapping[str, Any]) -> Mapping[str, Any]:
        return next((quirks[f"{name}NestedReads"] for name in self._lineage if f"{name}NestedReads" in quirks), {})

    def _habits(self, quirks: Mapping[str, Any]) -> Habits:
        answers = {
            snake_case(name): text
            for name, said in quirks.get("answers", {}).items()
            if (text := self._own(said)) is not None
        }
        compared = self._own(quirks.get("comparedFields", {})) or ()
        return Habits(
            takes_some=self._listed(quirks.get("takesSome")),
            takes_none=self._listed(quirks.get("takesNone")),
            forgets_source=self._listed(quirks.get("forgetsSource")),
            keeps_source=self._listed(quirks.get("keepsSource")),
            keeps_contents=bool(quirks.get("keepsMessages")),
            finds_kept=self._listed(quirks.get("findsKept")),
            fetching=self._fetching(quirks),
            compares=tuple(_ATTRIBUTES[key] for key in compared),
            reports=self._own(quirks.get("replies", {})) or "sent",
            answers=answers,
            decides_first=self._listed(quirks.get("decidesFirst")),
            hides_refusals=self._listed(quirks.get("hidesRefusals")),
            starts_over=self._listed(quirks.get("startsOver")),
        )

    def _fetching(self, quirks: Mapping[str, Any]) -> Fetching:
        said = self._own(quirks.get("fetching", {})) or {}
        return Fetching(
            hides_errors_of=tuple(self._own(quirks.get("hiddenErrors", {})) or ()),
            late_path_of=tuple(said.get("latePathOf", ())),
            encodes_names=said.get("encodesNames", "plain"),
            loses_snapshot=said.get("losesSnapshot", False),
            forgets_flag=said.get("forgetsFlag", False),
            tells_running=said.get("tellsRunning", False),
            tells_ones=said.get("tellsOnes", False),
            tells_kinds=said.get("tellsKinds", False),
        )

    # --- refusing

    def refuse(self, name: str) -> None:
        """
        Refuse where this adapter refuses or never answers; go on where it does not.

        The method's schema has it under `quirks.refusals`, by name (in camelCase) and platform: a code and text, or why there is no answer.

        Raises: ChatError or ProtocolError -32001, unless the platform has no such refusal.
        """
        entry = self._refusals.get(name)
        if entry is None:
            return
        if "code" in entry:
            raise AdapterRefusal(entry["code"], entry["desc"])
        where = f" ({entry['line']} of the {self._source})" if "line" in entry else ""
        raise unanswered(self.method, entry["reason"], entry["note"] + where)

    def survive(self) -> None:
        """Raise ProtocolError -32001 where this adapter dies of every call."""
        if self.dies is not None:
            raise unanswered(self.method, "crash", f"{self.dies['note']} ({self.dies['line']} of the {self._source})")

    def objects(self, finding: Finding) -> None:
        """See `Adapter.objects`."""
        self.refuse(finding.value)

    def unfound(self) -> NoReturn:
        """See `Adapter.unfound`: the first of the schema's `adapterErrors` of the platform."""
        error = self._errors[0]
        raise AdapterRefusal(error["code"], error["desc"])

    # --- reading

    @property
    def alters(self) -> bool:
        """Return whether it makes something else of some arguments (`alter`)."""
        return bool(self.unused or self.fills or self.finds_nothing or self.mistaken or self.as_absent)

    def alter(self, args: dict[str, Any]) -> None:
        """Leave out what the adapter does not find or makes nothing of, and fill in what it makes of null."""
        if self.finds_nothing:
            for name, given in args.items():
                args[name] = None if given is None else type(given)()
        for name in self.unused:
            args[name] = None
        for name, other in self.mistaken.items():
            args[name] = args[other]
        for name, value in self.as_absent.items():
            if args.get(name) == value:
                args[name] = None
        for name, value in self.fills.items():
            if args.get(name, value) is None:
                args[name] = value

    def ignores(self, platforms: Sequence[str]) -> bool:
        """Return whether this adapter is among those named."""
        return self._listed(platforms)

    def read(self, key: str, value: dict[str, Any]) -> dict[str, Any]:
        """Return of a map argument what the adapter reads (`quirks.androidNestedReads`); `key` is the wire key."""
        names = self._nested.get(key)
        if key in self._instead:
            value = {**value, **{name: value.get(other) for name, other in self._instead[key].items()}}
        return value if names is None else {name: item for name, item in value.items() if name in names}
