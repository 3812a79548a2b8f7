"""What the casts of the adapters refuse: every one that the schemas name, at its limits, beyond them, and with null."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bridge.catalogue import load
from bridge.catalogue.specs import MethodSpec
from bridge.conformance.suite.worlds import every_world
from bridge.dialects import get
from bridge.dialects.channel.casts import BOUNDED, EVERY_ITEM, EVERY_VALUE, TEXTS, Cast, Casts
from bridge.dialects.channel.dialect import ChannelDialect
from bridge.errors import ChatError, ProtocolError
from tests.support.line import Line
from tests.support.stage import Stage

VALUES: dict[str, Any] = {
    "null": None,
    "exactDouble": 1.0,
    "exactText": "1",
    "flag": 1,
    "int64Text": "1",
    "uint64Text": "1",
    "string": "1",
    "bool": True,
    "list": [],
    "map": {},
    "double": 1.0,
    "int32": 1,
    "uint32": 1,
    "int64": 1,
    "uint64": 1,
}
KINDS: dict[str, Any] = {
    "string": "1",
    "int": 1,
    "double": 1.0,
    "bool": True,
    "bytes": b"",
    "list": [],
    "dict": {},
    "model": {},
    "record": {},
    "any": "1",
}
LACKING = object()

Params = dict[str, Any]


def casts_of(dialect: ChannelDialect, spec: MethodSpec) -> Casts:
    return dialect._casts(spec)


def put(params: Params, path: tuple[str, ...], value: Any) -> Params:
    """Return arguments with a value at a place."""

    def inside(there: Any, rest: tuple[str, ...]) -> Any:
        if not rest:
            return value
        step, *more = rest
        if step == EVERY_ITEM:
            return [inside(there[0] if there else {}, tuple(more))]
        key = "key_1" if step == EVERY_VALUE else step
        there = dict(there or {})
        made = inside(there.get(key), tuple(more))
        if made is LACKING:
            there.pop(key, None)
        else:
            there[key] = made
        return there

    found: Params = inside(params, path)
    return found


def a_call(spec: MethodSpec, casts: tuple[Cast, ...]) -> Params:
    """Return arguments that every cast takes."""
    params: Params = {param.key: KINDS[param.type.kind] for param in spec.params if param.type.kind != "union"}
    for cast in sorted(casts, key=lambda cast: len(cast.path)):
        params = put(params, cast.path, VALUES[cast.kind])
    return params


def tried(cast: Cast) -> Iterator[tuple[Any, Any]]:
    """Yield values for a cast, each with what has to come of it: None where it is taken."""
    yield None, cast.null
    if cast.default is None and not cast.if_there and cast.path[-1] not in (EVERY_ITEM, EVERY_VALUE):
        yield LACKING, cast.null
    if cast.if_there:
        yield LACKING, None
    if cast.kind == "null":
        yield {"text": "x"}, cast.beyond
    if cast.kind.startswith("exact"):
        yield 1, cast.beyond
    if cast.kind in TEXTS:
        for text in (str(cast.low), str(cast.high), "0", *cast.takes):
            yield text, None
        for text in (str(cast.low - 1), str(cast.high + 1), " 0", "0 ", "1_0", "abc", "1.5", "+-1"):
            yield text, cast.beyond
    elif cast.low <= cast.high:
        yield cast.low, None
        yield cast.high, None
        for beyond in (cast.low - 1, cast.high + 1):
            if -(1 << 63) <= beyond < 1 << 63:
                yield beyond, cast.beyond


def read(dialect: ChannelDialect, method: str, params: Params) -> Any:
    """Return what the handler would get, or the adapter's own refusal."""
    try:
        return dialect.read(method, params, False, False).args
    except (ChatError, ProtocolError) as refusal:
        return refusal.code, str(refusal)


@pytest.mark.parametrize("kind", sorted(BOUNDED))
def test_numbers_wider_than_the_codec(kind: str) -> None:
    """Of what is wider than 64 bits no cast says anything: it comes as another class. All else beyond its limits each refuses."""
    low, high, _ = BOUNDED[kind]
    cast = Cast(("a",), kind, low, high, None, "crash", False, (), None, "line 1")
    if kind in TEXTS:
        assert ["crash"] * 4 == [cast.fails_with(str(value)) for value in (low - 1, high + 1, -1 << 64, 1 << 64)]
        return
    for value in (low, high, 1 << 63, 1 << 64, (1 << 64) - 1, -(1 << 63) - 1, -1 << 64):
        assert cast.fails_with(value) is None, value
    for value in (-1 << 63, low - 1, high + 1, (1 << 63) - 1):
        is_taken = low <= value <= high or not -(1 << 63) <= value < 1 << 63
        assert (None if is_taken else "crash") == cast.fails_with(value), value


WORLDS = [world for world in every_world() if isinstance(get(*world), ChannelDialect)]


@pytest.mark.parametrize(("name", "platform"), WORLDS)
def test_every_cast_holds(name: str, platform: str) -> None:
    """A value that does not fit has the reason and the line that the schema names, or becomes another; all others are taken."""
    dialect = get(name, platform)
    assert isinstance(dialect, ChannelDialect)
    phone = Stage(name, platform).device()
    for method in load(name).method_names:
        spec = load(name).method(method)
        if spec is None or platform not in spec.platforms or spec.reply(platform).form == "notImplemented":
            continue
        casts = casts_of(dialect, spec).all
        params = a_call(spec, casts)
        for cast in casts:
            for value, failing in tried(cast):
                given = put(params, cast.path, value)
                what = (method, cast.place, value, given)
                if isinstance(failing, str):
                    error = phone.stage.emulator.call(phone.id, method, given).error  # as it is: `Phone.turn` fills lists in
                    assert error is not None, what
                    assert (-32001, failing) == (error.code, error.data["reason"]), what
                    assert cast.line in error.data["note"] and cast.place in error.data["note"], what
                elif failing is not None:
                    instead = put(params, cast.path, failing["becomes"])
                    assert read(dialect, method, instead) == read(dialect, method, given), what
                else:
                    assert cast.line not in str(read(dialect, method, given)), what


@pytest.mark.parametrize(("name", "platform"), [world for world in WORLDS if load(world[0]).base is None])
def test_casts_name_what_there_is(name: str, platform: str) -> None:
    """Every cast is of an argument, or of something inside one that the client's model has."""
    catalogue = load(name)
    for method in catalogue.method_names:
        spec = catalogue.method(method)
        assert spec is not None
        types = {param.key: param.type for param in spec.params}
        for place in spec.casts.get(platform, {}):
            first, _, rest = place.replace(EVERY_ITEM, "").partition(".")
            kind = types[first].item if types[first].kind == "list" else types[first]
            if rest and rest != EVERY_VALUE and kind.kind == "model":
                assert rest.partition(".")[0] in {field.sent for field in catalogue.model(kind.item).fields}, (method, place)


def test_android_has_all_that_was_read() -> None:
    """301 casts of the Android adapter of 8.2 are there, 141 of which throw on null, and eight make something else of it."""
    catalogue = load("chat-8.2")
    specs = [catalogue.method(name) for name in catalogue.method_names]
    casts = [cast for spec in specs if spec is not None for cast in spec.casts.get("android", {}).values()]

    failing = [cast["null"] for cast in casts if "null" in cast]
    assert (301, 141, 8) == (len(casts), failing.count("unanswered"), failing.count({"becomes": True}))
    assert 149 == len(failing)


def test_a_default_counts_unless_faithful() -> None:
    """A key that is left out is what Dart would have sent; to the real adapter it is null."""
    call = {"groupID": "g", "memberList": ["bob"], "reason": ""}
    dialect = get("chat-8.2", "android")

    assert 0 == dialect.read("kickGroupMember", call, False, False).args["duration"]
    with pytest.raises(ProtocolError, match="no answer"):
        dialect.read("kickGroupMember", call, False, True)


@pytest.mark.parametrize("value", [7, True, {}, 1.5])
def test_wrong_types_are_said_or_silent(value: Any) -> None:
    """A value of another type is told as such; where the bridge is faithful, it dies in Android's cast."""
    assert -32602 == Line().error("dismissGroup", groupID=value)["code"]

    dialect = get("chat-8.2", "android")
    with pytest.raises(ProtocolError) as caught:
        dialect.read("dismissGroup", {"groupID": value}, False, True)
    assert (-32001, "unanswered") == (caught.value.code, caught.value.data["reason"])


def test_ios_has_all_that_was_read() -> None:
    """Of the iOS adapter of 8.2 every cast by force, and every one in front of an answer, is there: a null of 141 is not answered."""
    catalogue = load("chat-8.2")
    specs = [catalogue.method(name) for name in catalogue.method_names]
    casts = [cast for spec in specs if spec is not None for place, cast in spec.casts.get("ios", {}).items() if "." not in place]

    failing = [cast.get("null") for cast in casts]
    assert (53, 88) == (failing.count("crash"), failing.count("unanswered"))


OTHERS: dict[str, Any] = {"string": 7, "bool": "x", "list": "x", "map": "x", "double": "x", "int32": "x", "uint32": "x", "int64": "x"}
"""A value of a type that a cast to the kind does not take."""


@pytest.mark.parametrize("platform", ["ios", "macos"])
def test_wrong_types_die_in_casts_of_ios(platform: str) -> None:
    """Where the bridge is faithful, a value of another type meets the end that null does: no answer, or a crash; else it is told."""
    catalogue, dialect, tried = load("chat-8.2"), get("chat-8.2", platform), set()
    assert isinstance(dialect, ChannelDialect)
    for method in catalogue.method_names:
        spec = catalogue.method(method)
        if spec is None or platform not in spec.platforms or spec.reply(platform).form == "notImplemented":
            continue
        casts = casts_of(dialect, spec).all
        for cast in casts:
            if len(cast.path) > 1 or not isinstance(cast.null, str) or cast.kind not in OTHERS:
                continue
            given = put(a_call(spec, casts), cast.path, OTHERS[cast.kind])
            with pytest.raises(ProtocolError) as caught:
                dialect.read(method, given, False, True)
            assert (-32001, cast.null) == (caught.value.code, caught.value.data["reason"]), (method, cast.path)
            with pytest.raises(ProtocolError) as caught:
                dialect.read(method, given, False, False)
            assert caught.value.code == -32602, (method, cast.path)
            tried.add(cast.null)
    assert {"crash", "unanswered"} == tried


READ_OFF = (
    ("im-4.1", "android", "markConversation", "markType", "int32"),
    ("im-5.0", "android", "markConversation", "markType", "int32"),
    ("im-6.1", "android", "markConversation", "markType", "int32"),
    ("chat-8.2", "android", "markConversation", "markType", "int64"),
    ("im-5.0", "ios", "markConversation", "markType", "int32"),
    ("im-6.1", "ios", "markConversation", "markType", "int32"),
    ("chat-8.2", "ios", "markConversation", "markType", "uint64"),
    ("im-5.0", "android", "getHistoryMessageListV2", "lastMsgSeq", "int32"),
    ("im-6.1", "android", "getHistoryMessageList", "lastMsgSeq", "int32"),
    ("im-6.1", "android", "getGroupMessageReadMemberList", "nextSeq", "int32"),
    ("chat-8.2", "android", "getGroupMessageReadMemberList", "nextSeq", "int64"),
    ("im-5.0", "ios", "getConversationListByFilter", "filter.markType", "uint32"),
    ("chat-8.2", "ios", "kickGroupMember", "duration", "uint32"),
    ("chat-8.2", "ios", "setAllReceiveMessageOpt", "startSecond", "int32"),
    ("chat-8.2", "ios", "setAllReceiveMessageOptWithTimestamp", "duration", "uint32"),
)


@pytest.mark.parametrize(("name", "platform", "method", "place", "kind"), READ_OFF)
def test_versions_cast_as_their_sources_say(name, platform, method, place, kind):
    """What older adapters cast to fewer bits than 8.2 does, and what iOS cuts, is as it stands in their sources."""
    spec = load(name).method(method)
    assert spec is not None
    assert kind == spec.casts[platform][place]["as"]


def test_line_of_another_adapter_says_itself():
    """A refusal by a cast that was read in another adapter than the base's names that one."""
    dialect = get("im-5.0", "android")
    spec = load("im-5.0").method("markConversation")
    assert isinstance(dialect, ChannelDialect) and spec is not None
    with pytest.raises(ProtocolError) as caught:
        casts_of(dialect, spec).applied({"markType": 1 << 40, "enableMark": True}, False)
    assert "(adapter 5.0, ConversationManager.java:399)" in caught.value.data["note"]
