"""
The Windows adapter, fact by fact: `fixtures/adapters/facts/windows.json`.

What a fact says of one key, one number or one text is held here, a test for each kind (`KINDS`). What takes a story is a case of
`fixtures/adapters/windows.jsonl`, which names its facts, or a test named in `ELSEWHERE`. What nobody could see has a reason in `UNSEEN`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.catalogue import load
from bridge.catalogue.specs import MethodSpec
from bridge.dialects import get
from bridge.dialects.channel.dialect import ChannelDialect
from bridge.errors import ChatError, ProtocolError
from tests.dialects.test_casts import KINDS as OF_KIND
from tests.dialects.test_casts import LACKING, a_call, casts_of, put
from tests.support import cases
from tests.support.facts import Fact, facts
from tests.support.line import Line
from tests.support.stage import Stage

FACTS = facts("windows")
CATALOGUE = load("chat-8.2")
DIALECT = get("chat-8.2", "windows")
ROOT = Path(__file__).parents[2]
BEYOND = 1 << 31

Params = dict[str, Any]


def spec_of(fact: Fact) -> MethodSpec:
    """Return the method that a fact is about."""
    spec = CATALOGUE.method(fact.steps[2])
    assert spec is not None
    return spec


def call_of(fact: Fact) -> Params:
    """Return arguments that the method takes."""
    assert isinstance(DIALECT, ChannelDialect)
    spec = spec_of(fact)
    call = a_call(spec, casts_of(DIALECT, spec).all)
    return {**call, "offlinePushInfo": None} if spec.name == "invite" else call  # which it dies of


def fate(method: str, params: Params, faithful: bool = False) -> Any:
    """Return what the handler would get, whether there is nothing to do for it, or how the call ends."""
    try:
        call = DIALECT.read(method, params, False, faithful)
    except ProtocolError as error:
        return error.data["reason"] if error.code == -32001 else error
    except ChatError as refusal:
        return refusal.code
    return "nothing" if call.is_done else call.args


def line() -> Line:
    """Return a connection of an app on Windows on which alice is logged in."""
    found = Line(dialect="chat-8.2", platform="windows")
    found.start("alice")
    return found


# --- kinds of facts


def removed_method(fact: Fact) -> None:
    """A method that Windows has not is unknown, and never answered."""
    error = Line(platform="windows").error(fact.value)
    assert -32601 == error["code"]
    assert "windows" not in error["data"]["platforms"]


def refused_method(fact: Fact) -> None:
    """An old method is refused whatever its arguments are, before initSDK, too."""
    code, text = fact.value
    assert {"code": code, "desc": text, "data": None} == Line(platform="windows").ask(fact.steps[2])


def form_of_replies(fact: Fact) -> None:
    """Code and text alone, with a value, or the bare value."""
    reply = spec_of(fact).reply("windows")
    assert (fact.value == "bare") == (reply.form == "bare")
    assert (fact.value == "void") == (reply.refusal == "void")
    if spec_of(fact).needs == "login" and fate(fact.steps[2], call_of(fact)) not in ("crash", -1):
        refusal = Line(platform="windows").ask(fact.steps[2], **call_of(fact))
        assert {"code", "desc"} | ({"data"} if fact.value == "value" else set()) == set(refusal)


def version_of_system(fact: Fact) -> None:
    """The bare text that tells the system."""
    assert fact.value == f"String {line().ask('getPlatformVersion')!r}"


def dies_of_null(fact: Fact) -> None:
    """A null ends the process."""
    assert "crash" == fate(fact.steps[2], put(call_of(fact), (fact.value,), None))


def dies_of_no_list(fact: Fact) -> None:
    """A null in place of a list ends the process."""
    assert "crash" == fate(fact.steps[2], put(call_of(fact), (fact.steps[3],), None))


def dies_of_wide_numbers(fact: Fact) -> None:
    """An integer beyond 32 bits ends the process, and none within does."""
    name, _, values = fact.value.partition(" ")
    path = (*fact.steps[4:], name, *(["*"] if values else []))
    for number in (BEYOND, -BEYOND - 1):
        assert "crash" == fate(fact.steps[2], put(call_of(fact), path, number))
    for number in (BEYOND - 1, -BEYOND):
        assert "crash" != fate(fact.steps[2], put(call_of(fact), path, number))


def own_refusal(fact: Fact) -> None:
    """The adapter has a refusal of its own."""
    code, text = fact.value
    assert {"code": code, "desc": text} in spec_of(fact).adapter_errors["windows"]


def no_own_refusal(fact: Fact) -> None:
    """The adapter has not the refusal that Android's has."""
    code, text = fact.value
    assert {"code": code, "desc": text} in spec_of(fact).adapter_errors["android"]
    assert {"code": code, "desc": text} not in spec_of(fact).adapter_errors["windows"]


def message_not_found(fact: Fact) -> None:
    """A message that is not there is refused with data, null."""
    call = {key: ["none"] if value == [] and key.endswith("IDList") else value for key, value in call_of(fact).items()}
    text = "message is not found" if fact.steps[2] == "setLocalCustomInt" else "message not found"
    assert {"code": -1, "desc": text, "data": None} == line().ask(fact.steps[2], **call)


def constant_reply(fact: Fact) -> None:
    """The text, or the null, of a success."""
    if fact.steps[2] == "callExperimentalAPI":
        assert {"code": 0, "desc": "success", "data": None} == line().ask("callExperimentalAPI", api="nothing", param="x")
    elif fact.steps[2] == "downloadMessage":
        assert "null" == (spec_of(fact).reply("windows").type or OF_KIND["null"]).kind
    else:
        assert {"code": 0, "desc": "OK", "data": None} == line().ask(fact.steps[2], **call_of(fact))


def not_read(fact: Fact) -> None:
    """What an argument holds makes no difference."""
    method, call = fact.steps[2], call_of(fact)
    path = (*fact.steps[4:], fact.value)
    values = [LACKING, ["x"], ["y"]] if fact.value.endswith("List") else [LACKING, 1, 2] if len(path) > 1 else [LACKING, call[fact.value]]
    if fact.value == "draftText":
        values = [LACKING, "x"]
    ends = [fate(method, put(call, path, value)) for value in values]
    assert not isinstance(ends[0], ProtocolError)
    if fact.steps[2] == "initSDK":  # the world asks for it, and makes nothing of it
        for end in ends:
            end.pop("ui_platform", None)
    assert all(ends[0] == end for end in ends)


def read_as_well(fact: Fact) -> None:
    """An argument is cast that Android never looks at, so that another type ends the process."""
    assert "crash" == fate(fact.steps[2], {**call_of(fact), fact.value: {"x": 1}}, faithful=True)
    assert "crash" != fate(fact.steps[2], call_of(fact), faithful=True)


def same_as(fact: Fact) -> None:
    """A null is another value."""
    value = "" if fact.value == "''" else fact.value
    key = fact.steps[4]
    found = fate(fact.steps[2], put(call_of(fact), (key,), value))
    assert isinstance(found, dict)
    assert found == fate(fact.steps[2], put(call_of(fact), (key,), None))


def flags_are_off(fact: Fact) -> None:
    """Every flag that is null is off."""
    call = call_of(fact)
    for key in [param.key for param in spec_of(fact).params if param.type.kind == "bool"]:
        found = fate(fact.steps[2], {**call, key: False})
        assert isinstance(found, dict)
        assert found == fate(fact.steps[2], {**call, key: None})


def as_nothing(fact: Fact) -> None:
    """A value stands for one that was not given."""
    found = fate(fact.steps[2], put(call_of(fact), (fact.steps[4],), fact.value))
    assert isinstance(found, dict)
    assert found == fate(fact.steps[2], put(call_of(fact), (fact.steps[4],), None))
    assert found != fate(fact.steps[2], put(call_of(fact), (fact.steps[4],), "x" if fact.value == "--" else 1))


def keys_of_items(fact: Fact) -> None:
    """The items of the data have exactly these keys, in maps of their own."""
    reply = spec_of(fact).reply("windows").type
    assert reply is not None
    item = reply.item if reply.kind == "list" else reply
    keys = {key.key for key in CATALOGUE.map(item.item).keys("windows")}
    said = [one for one in FACTS if one.steps[:4] == fact.steps[:4]]
    assert keys == {one.steps[4] if len(one.steps) > 4 else one.value for one in said}


def keys_of_map(fact: Fact) -> None:
    """A map has the keys of Android's but for those that are named."""
    name = fact.steps[2]
    of_map = [one for one in FACTS if one.steps[:3] == fact.steps[:3]]
    added = {one.value for one in of_map if one.steps[3] == "add"}
    gone = {one.value for one in of_map if one.steps[3] == "remove"} | {one.steps[4] for one in of_map if one.steps[3] == "renamed"}
    spec = CATALOGUE.map(name)
    usual = {key.key for key in spec.keys("android")}
    assert usual - gone | added == {key.key for key in spec.keys("windows")}
    if fact.steps[3] == "renamed":
        assert fact.value in added | usual


def removed_map(fact: Fact) -> None:
    """No method that Windows has, and no event, has to do with a map of these."""
    used = re.compile(rf"\b{fact.value}\b")
    for name in CATALOGUE.method_names:
        spec = CATALOGUE.method(name)
        assert spec is not None
        if "windows" in spec.platforms:
            assert not used.search(str(spec.reply("windows").type)), name
    for kind in CATALOGUE.listener_kinds:
        listener = CATALOGUE.listener(kind)
        assert listener is not None
        for event in [CATALOGUE.event(kind, name) for name in listener.events]:
            assert event is not None
            assert "windows" not in event.platforms or not used.search(str(event.data("windows")))


def event_keys(fact: Fact) -> None:
    """An event of Windows alone has these keys, in that order; it goes out in the stories."""
    event = CATALOGUE.event(*fact.steps[2:])
    assert event is not None
    said = [one.value for one in FACTS if one.place == fact.place]
    assert said == [key.key for key in event.data("windows")]


def removed_event(fact: Fact) -> None:
    """An event that Windows never sends."""
    event = CATALOGUE.event(*fact.value.split("/"))
    assert event is not None
    assert "windows" not in event.platforms


Check = Callable[[Fact], None]
METHOD = "methods/change/[^/]+/"
KINDS: dict[str, Check] = {
    "methods/remove": removed_method,
    "methods/refused/.*": refused_method,
    METHOD + "reply": form_of_replies,
    METHOD + "bareText": version_of_system,
    METHOD + "nullThrows": dies_of_null,
    METHOD + "(userIDList|memberList|groupNameList)": dies_of_no_list,
    METHOD + "(int32Only|nestedInt32Only/.*)": dies_of_wide_numbers,
    METHOD + "(errors|errorsAdd)": own_refusal,
    METHOD + "errorsRemove": no_own_refusal,
    METHOD + "(notFound|notFoundReply)": message_not_found,
    METHOD + "(data|desc)": constant_reply,
    METHOD + "(readsRemove|nestedReadsRemove/.*)": not_read,
    METHOD + "readsAdd": read_as_well,
    METHOD + "nulls/flags": flags_are_off,
    METHOD + "(nulls|defaults)/.*": same_as,
    METHOD + "sentinels/.*": as_nothing,
    METHOD + "(dataItem(/.*)?|dataKeys)": keys_of_items,
    "maps/change/[^/]+/(add|remove|renamed/.*)": keys_of_map,
    "maps/remove": removed_map,
    "events/add/.*": event_keys,
    "events/remove": removed_event,
}


# --- facts that take a story

ELSEWHERE = {
    METHOD.replace("[^/]+", "modifyMessage") + "failure": "tests/engine/test_refusals.py::test_refused_change_shows_the_message",
    "maps/change/any/values/uint32": "tests/dialects/test_windows.py::test_numbers_without_a_sign_turn_negative",
}
"""Facts, by the pattern of their place, with a test that holds them."""

UNSEEN = {
    "(dialect|platform|base|source) = .*": "says what the file is about",
    "general/arguments = .*": "every door wants a map of arguments",
    "general/duplicateReply = .*": "no call is answered twice here",
    '.*/errors = .*elemList not found.*': "there is no message without an element",
    ".*/(nestedReadsOddKey|nestedInt32Only)/filter = filterType": "Dart writes no such key; a call that has it is told that there is none",
    ".*/nestedReadsOddKey/searchParam = .*": "Dart writes no such key; a call that has it is told that there is none",
    ".*/getPlatformVersion/bareText = .*Windows [78]'.*": "the system under the adapter is Windows 10",
    ".*/initSDK/uiPlatform = .*": "goes into the statistics of the service",
    ".*/initSDK/tempPath = .*": "no file is written; paths of downloads are the world's own",
    ".*/initSDK/second = .*": "a listener that is taken off and put on again hears the same",
    ".*/login/note = .*": "a folder for downloads is named by it",
    ".*/setSelfInfo/first = .*": "two questions to the service, and one outcome",
    ".*/setSelfInfo/modifyFlag/.*": "DECISIONS: Windows in particular",
    "maps/change/any/values/uint64 = .*": "no number of the world comes near 2^63",
}
"""Facts, by the pattern of place and value, that no call and no event could show, or that are decided otherwise; and why."""

TOLD = {place for case in cases.cases("windows.jsonl") for place in case["facts"]}
"""The facts that are told by cases."""


def kind_of(fact: Fact) -> Check | None:
    """Return the test of a fact's kind; None where there is none, or a reason why nobody could see it."""
    if reason_of(fact) is not None or fact.place in TOLD:
        return None
    return next((check for place, check in KINDS.items() if re.fullmatch(place, fact.place)), None)


def reason_of(fact: Fact) -> str | None:
    """Return why a fact is held by nothing; None for those that are."""
    return next((reason for place, reason in UNSEEN.items() if re.fullmatch(place, f"{fact.place} = {fact.value}")), None)


OF_A_KIND = [fact for fact in FACTS if kind_of(fact) is not None]


@pytest.mark.parametrize("fact", OF_A_KIND, ids=[fact.name for fact in OF_A_KIND])
def test_facts_of_a_kind_hold(fact: Fact) -> None:
    """What one key, one number or one text does, a fact at a time."""
    check = kind_of(fact)
    assert check is not None
    check(fact)


def test_every_fact_is_accounted_for() -> None:
    """Of 864 facts 824 are held: by a test of their kind, by a case, or by a test that is named. The others have their reasons."""
    other = [fact for fact in FACTS if kind_of(fact) is None and fact.place not in TOLD]
    named = [fact for fact in other if any(re.fullmatch(place, fact.place) for place in ELSEWHERE)]
    unseen = [fact for fact in FACTS if reason_of(fact) is not None]

    assert [] == [fact.name for fact in other if fact not in named and fact not in unseen]
    assert [] == [fact.name for fact in unseen if fact.place in TOLD or fact in named]
    assert set(TOLD) <= {fact.place for fact in FACTS}
    told = len([fact for fact in FACTS if fact.place in TOLD])
    assert (864, 824, 40) == (len(FACTS), len(OF_A_KIND) + told + len(named), len(unseen))


@pytest.mark.parametrize("test", sorted(set(ELSEWHERE.values())))
def test_named_tests_are_there(test: str) -> None:
    """A test that is named for a fact is one."""
    path, _, name = test.partition("::")
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_numbers_without_a_sign_turn_negative() -> None:
    """A number from 2^31 on, which iOS lets a user set, is a negative one on Windows."""
    stage = Stage("chat-8.2", "windows")
    alice, bob = stage.enter("alice"), stage.enter("bob", platform="ios")
    bob.call("setSelfInfo", birthday=BEYOND, role=2 * BEYOND - 1, level=BEYOND - 1)
    (seen,) = alice.call("getUsersInfo", userIDList=["bob"])
    assert (-BEYOND, -1, BEYOND - 1) == (seen["birthday"], seen["role"], seen["level"])
    (own,) = bob.call("getUsersInfo", userIDList=["bob"])
    assert (BEYOND, 2 * BEYOND - 1) == (own["birthday"], own["role"])


def test_ids_of_images_are_in_capitals() -> None:
    """The id of an image's file is shown in capitals on Windows alone."""
    stage = Stage("chat-8.2", "windows")
    alice, bob = stage.enter("alice"), stage.enter("bob", platform="android")
    created = alice.call("createImageMessage", imagePath="/1.png")
    sent = alice.call("sendMessage", id=created["id"], receiver="bob", groupID="")
    shown = [image["UUID"] for image in sent["imageElem"]["imageList"]]
    plain = [image["UUID"] for image in bob.heard_one("onRecvNewMessage")["imageElem"]["imageList"]]
    assert plain != shown == [uuid.upper() for uuid in plain]
