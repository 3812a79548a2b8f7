"""
The emptiest values are values that the platform could send and the client digests.
"""

import pytest

from bridge.catalogue import load
from bridge.catalogue.examples import empty, empty_data
from bridge.catalogue.types import TypeExpr
from tests.catalogue.schema_files import worlds
from tests.support.checks import check_event, check_reply


def empty_reply(catalogue, method, platform):
    """Return the emptiest reply, None when there is none."""
    reply = catalogue.method(method).reply(platform)
    data = empty_data(reply, catalogue, platform)
    if reply.form == "envelope":
        return {"code": 0, "desc": "ok", "data": data}
    return data if reply.form == "bare" else None


def empty_event(catalogue, event, platform):
    """Return the emptiest arguments of an event."""
    pieces = event.data(platform)
    arguments = {"type": event.type, "listenerUuid": ""}
    if pieces and pieces[0].key is None:
        arguments["data"] = empty(pieces[0].type, catalogue, platform)
    elif pieces:
        arguments["data"] = {piece.key: empty(piece.type, catalogue, platform) for piece in pieces}
    elif not catalogue.trait(platform, "leavesOutNull"):
        arguments["data"] = None
    return arguments


@pytest.mark.parametrize(("dialect", "platform"), worlds())
def test_empty_replies_pass_both_checks(dialect, platform):
    """The emptiest reply of every method fits its schema and its Dart class."""
    catalogue = load(dialect)
    for method in catalogue.method_names:
        reply = empty_reply(catalogue, method, platform)
        if reply is not None:
            assert [] == check_reply(catalogue, method, platform, reply), method


@pytest.mark.parametrize(("dialect", "platform"), worlds())
def test_empty_events_pass_both_checks(dialect, platform):
    """So do the emptiest data of every event."""
    catalogue = load(dialect)
    for kind in catalogue.listener_kinds:
        for name in catalogue.listener(kind).events:
            event = catalogue.event(kind, name)
            if platform in event.platforms:
                assert [] == check_event(catalogue, platform, kind, empty_event(catalogue, event, platform)), name


def test_empty_of_each_kind():
    """Each kind has its emptiest value; null goes first where it may."""
    catalogue = load("chat-8.2")
    values = {"string": "", "int": 0, "double": 0.0, "bool": False, "bytes": b"", "any": None, "null": None}

    assert values == {kind: empty(TypeExpr(kind), catalogue, "android") for kind in values}
    assert [] == empty(TypeExpr("list", TypeExpr("int")), catalogue, "android")
    assert {} == empty(TypeExpr("dict", TypeExpr("int")), catalogue, "android")
    assert empty(TypeExpr("string", nullable=True), catalogue, "android") is None
    assert "" == empty(TypeExpr("string", nullable=True), catalogue, "android", null=False)


def test_empty_map_has_the_keys_of_its_platform():
    """Android writes nulls out, iOS leaves their keys away."""
    catalogue = load("chat-8.2")
    expr = TypeExpr("map", "V2TIMUserFullInfo")

    assert {"userID", "nickName", "gender"} <= set(empty(expr, catalogue, "android"))
    assert None not in empty(expr, catalogue, "ios").values()


def test_constant_text_is_the_data():
    """A reply of constant text has nothing emptier."""
    catalogue = load("chat-8.2")

    assert "login success" == empty_data(catalogue.method("login").reply("ios"), catalogue, "ios")
    assert 1 == empty_data(catalogue.method("checkAbility").reply("android"), catalogue, "android")
