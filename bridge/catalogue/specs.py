"""
What the schemas say, as frozen values. Nobody outside this room builds one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from attrs import field

from bridge.catalogue.types import TypeExpr
from bridge.errors import INVALID_PARAMS, ProtocolError
from bridge.values import value_class


class InvalidArguments(ProtocolError):
    """
    A call whose arguments no correct plugin would send.

    Attributes:
        violations: every one of them as `{"path": "conversationIDList[1]", "message": "must be a string, not null"}`.
        wrong_manager: the call names a manager that has no such method.
    """

    def __init__(self, method: str, violations: list[dict[str, str]], wrong_manager: bool = False) -> None:
        first = violations[0]
        more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
        super().__init__(INVALID_PARAMS, f"{method}: {first['path']} {first['message']}{more}", violations)
        self.violations = violations
        self.wrong_manager = wrong_manager


class Bind(Protocol):
    """
    See `MethodSpec.bind`.
    """

    def __call__(
        self, params: Mapping[str, Any], strict: bool = False
    ) -> tuple[dict[str, Any], tuple[str, ...]]: ...


class Param(NamedTuple):
    """
    An argument of a method.

    `refuses_null`: the call acts on it, and there is none without it;
    `keeps_null` lets a null through to the handler where others become Dart's default or the type's empty value. `note` is the schema's
    remark on it.
    """

    key: str
    arg: str
    type: TypeExpr
    required: bool
    has_default: bool
    default: Any
    refuses_null: bool
    keeps_null: bool
    ignored_by: tuple[str, ...]
    note: str = ""


class MapKey(NamedTuple):
    """
    A key of a map on one platform.

    `conditional` tells in words when the key is there (None: always). `on_request`: only where the referring type
    lists the key in `TypeExpr.present`. `of` is the name under which the value is known to whoever writes the map: the
    key itself unless a dialect has renamed it. `as_null`: it stands there as null where the platform leaves others out.
    """

    key: str
    type: TypeExpr
    conditional: str | None
    on_request: bool
    of: str
    as_null: bool = False


class EventKey(NamedTuple):
    """
    A piece of an event's data: the payload field of the fact that fills it. `key` is None where the value is the
    whole data; `as_null`: it is there with null on a platform that leaves out what is null.
    """

    key: str | None
    field: str
    type: TypeExpr
    as_null: bool = False


class ModelField(NamedTuple):
    """
    A field of a Dart class. `key` is what fromJson reads, `sent` what toJson writes (None: never written).
    """

    name: str
    key: str
    sent: str | None
    arg: str
    type: TypeExpr
    default: Any


@value_class(eq=False)
class ReplySpec:
    """
    How a platform answers a method.

    Attributes:
        form: `envelope` (code, desc, data), `void` (code, desc), `bare` (the value itself), `none` (never
            answered) or `notImplemented`.
        type: of `data`, or of the bare value; None when there is no answer.
        text: the constant text of a bare or data string, None when it varies.
        text_all: the text when a remove call names no listener (`listenerUuid` is empty); None where it is no
            different.
        unanswered: the real adapter never answers, or dies of it, whatever `form` it was meant to have.
        desc: of a success; None for the platform's usual one.
        refusal: the form of a refusal, which is `form` as a rule.
    """

    form: str
    type: TypeExpr | None
    text: str | None
    text_all: str | None
    unanswered: bool
    desc: str | None = None
    refusal: str = "envelope"


@value_class(eq=False)
class MethodSpec:
    """
    A channel method of one dialect.

    Attributes:
        handler: "module.function" of what carries it out, None for a method that has nobody yet.
        constants: what the handler gets besides the arguments, by name.
        needs: `nothing`, `init`, `login` or `cache` (a login, running, failed or done).
        platforms: the platforms that have it.
        adapter_errors: per platform, the refusals `{code, desc}` that the adapter makes up itself.
        quirks: what is odd about it, see `schemas/meta/method.schema.json`.
        casts: per platform and place in the arguments, what the adapter casts it to.
        unsent: arguments of the handler that this dialect's client does not send, with what they count as; `bind` adds them.
        bind: check `params` and return `(args, warnings)`: kwargs of the handler, and sentences for the journal. Raises
            `InvalidArguments`. `strict` refuses what is otherwise taken with a warning.
    """

    name: str
    manager: str
    handler: str | None
    constants: Mapping[str, Any]
    needs: str
    params: tuple[Param, ...]
    platforms: tuple[str, ...]
    error_carries_data: bool
    adapter_errors: Mapping[str, list[dict[str, Any]]]
    quirks: Mapping[str, Any]
    casts: Mapping[str, Mapping[str, Mapping[str, Any]]]
    evidence: list[dict[str, str]]
    bind: Bind = field(repr=False)
    _replies: Mapping[str, ReplySpec]
    unsent: Mapping[str, Any] = field(factory=dict)

    def reply(self, platform: str) -> ReplySpec:
        """
        Return how a platform answers.
        """
        return self._replies[platform]


@value_class(eq=False)
class EventSpec:
    """
    An event of one dialect.

    Attributes:
        fact: what happened in the world.
        platforms: those that send it.
        before_reply: it comes before the reply of the call that caused it.
        quirks: what is odd about it, see `schemas/meta/event.schema.json`.
    """

    listener: str
    type: str
    fact: str
    platforms: tuple[str, ...]
    before_reply: bool
    quirks: Mapping[str, Any]
    evidence: list[dict[str, str]]
    _data: Mapping[str, tuple[EventKey, ...]]

    def data(self, platform: str) -> tuple[EventKey, ...]:
        """
        Return the pieces of the event's data: () for an event without data, one with `key` None when it is the whole
        data.
        """
        return self._data[platform]


@value_class(eq=False)
class MapSpec:
    """
    The map that the adapters make of an SDK object.

    Attributes:
        base: the name without what tells variants apart: `V2TIMUserInfo` of `V2TIMUserInfo(sender)`.
        model: the Dart class that parses it, or None.
        open: it holds keys of another map as well (`V2TIMElem(next)` has those of its element).
        through_text: the platforms whose adapter writes it as a text and reads that back.
    """

    name: str
    base: str
    model: str | None
    open: bool
    through_text: Mapping[str, str]
    _keys: Mapping[str, tuple[MapKey, ...]]

    def keys(self, platform: str) -> tuple[MapKey, ...]:
        """
        Return the keys in the order of the adapter.
        """
        return self._keys[platform]


@value_class(eq=False)
class ModelSpec:
    """
    A Dart class.

    Attributes:
        accepts: per key, the kinds of value that its fromJson takes (`"null"`, `"string"`, …); None when it was not
            observed.
        empty_map: what fromJson does with a map without keys: `"ok"`, or the error.
    """

    name: str
    fields: tuple[ModelField, ...]
    accepts: Mapping[str, frozenset[str]] | None
    empty_map: Any


@value_class(eq=False)
class ListenerSpec:
    """
    A kind of listener.

    Attributes:
        kind: also the channel method of its events.
        topic: of the facts that it hears.
        shared: one event serves all listeners of the kind; else each listener gets one with its own uuid.
    """

    kind: str
    topic: str
    register: tuple[str, ...]
    unregister: tuple[str, ...]
    shared: bool
    events: tuple[str, ...]
