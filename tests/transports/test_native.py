"""The door of the native library, spoken to frame by frame, on a dialect that says back what it hears."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bridge.codecs import native
from bridge.emulator import Server, Settings
from bridge.engine.engine import Options
from bridge.testing.client import Client
from bridge.testing.errors import RpcError
from bridge.transports import native as door
from bridge.transports import strangers
from bridge.world.kernel import devices
from tests.support import stand_in
from tests.support.library_end import Library, servers


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Return what starts a server that speaks the stand-in."""
    stand_in.install(monkeypatch)
    with servers() as start:
        yield start


def test_state_comes_ahead_of_the_reply(opened: Callable[..., str]) -> None:
    """Who is logged in is told before the login's reply, and nobody again before the logout's."""
    library = Library(opened())
    library.start()
    number = library.call("DartLogin", "alice", "sig", "login-1")
    kind, (user, status, naming, first) = library.frame()
    assert (native.STATE, "alice", 1) == (kind, user, status)
    assert (True, True) == (naming.startswith("144115"), 0 <= first < 1 << 32)
    assert (native.REPLY, (number, {"callback": "apiCallback", "user_data": "login-1", "code": 0, "desc": ""})) == library.frame()
    number = library.call("DartLogout", "logout-2")
    assert (native.STATE, ["", 3, None, 0]) == library.frame()
    assert number == library.frame()[1][0]


def test_returned_value_comes_before_its_text(opened: Callable[..., str]) -> None:
    """A function with both gets its value first, in one turn."""
    library = Library(opened())
    number = library.call("DartSendMessage", "bob", 1, "{}", "send-1", waits=True)
    kind, said = library.frame()
    assert (native.RETURN, True) == (kind, said[0].startswith("DartSendMessage:"))
    kind, (answers, text) = library.frame()
    assert (native.REPLY, number, False) == (kind, answers, "return" in text)


def test_event_of_another_reaches_the_port(opened: Callable[..., str]) -> None:
    """A second login of a user throws the first out: the state, then the event, with its callback's name put in."""
    address = opened()
    first, second = Library(address), Library(address, device="tablet", process=43)
    first.start("alice")
    second.start("alice")
    assert (native.STATE, ["", 3, None, 0]) == first.frame()
    assert (native.POST, {"callback": "globalCallback", "callbackType": 1}) == first.frame()


def test_unknown_function_is_answered(opened: Callable[..., str]) -> None:
    """A function of another version is refused with a number and a word, and shows in the journal; control calls are none."""
    address = opened()
    library = Library(address)
    assert -32601 == library.ask("DartFromTheFuture", "x", "future-1")["code"]
    assert -32601 == library.ask("bridge.world.reset", "reset-2")["code"]
    with Client.connect(address) as control:
        heard = [entry for entry in control.ask("bridge.journal.list")["entries"] if entry["kind"] == "call"]
    assert {"0": "x", "1": "future-1"} == heard[0]["arguments"]


def test_library_has_a_name_for_all(opened: Callable[..., str]) -> None:
    """Control calls name the device whoever's connection it is on; several of a name are refused, closing it is the owner's."""
    address = opened()
    library = Library(address, device="phone")
    library.start("alice")
    with Client.connect(address) as control:
        assert 0 == control.ask("bridge.device.call", device="phone", method="DartLogout", arguments={"user_data": "x"})["code"]
        with pytest.raises(RpcError, match="another connection's"):
            control.ask("bridge.device.close", device="phone")
        other = Library(address, device="phone", process=43)
        other.start()
        with pytest.raises(RpcError, match="2 devices of this world are called 'phone'"):
            control.ask("bridge.device.call", device="phone", method="DartLogout", arguments={})
        with pytest.raises(RpcError, match="there is no device 'fone'"):
            control.ask("bridge.device.call", device="fone", method="DartLogout", arguments={})


def test_library_follows_its_process(opened: Callable[..., str]) -> None:
    """A control connection of the process takes the library along to its world, one that is there and one that comes later."""
    server = Server()
    address = opened(server=server)
    library = Library(address, process=77)
    library.start("alice")
    with Client.connect(address) as control:
        control.request("bridge.world.use", {"world": "mine", "process": 77})
        assert (native.STATE, ["", 3, None, 0]) == library.frame()
        library.start("carol")
        late = Library(address, process=77, device="late")
        late.start("dave")
        other = Library(address, process=78)
        other.start("erin")
        rows = server.world("mine").world[devices.DEVICES].rows.values()
        assert {"carol", "dave"} == {row.user_id for row in rows if row.user_id}


def test_started_app_stays_started(opened: Callable[..., str]) -> None:
    """The plugin starts its client once in a process: in another world, and after a reset, it can log in without; a user goes."""
    library = Library(opened(), process=77)
    library.start("alice")
    with Client.connect(library.address) as control:
        control.request("bridge.world.use", {"world": "mine", "process": 77})
        assert (native.STATE, ["", 3, None, 0]) == library.frame()
        assert 0 == library.ask("DartLogin", "bob", "sig", "login-2")["code"]
        control.world.reset()
        assert 0 == library.ask("DartLogin", "carol", "sig", "login-3")["code"]
        library.call("DartUnitSDK", waits=True)
        control.request("bridge.world.use", {"world": "other", "process": 77})
        assert 6013 == library.ask("DartLogin", "dave", "sig", "login-4")["code"]


def test_look_says_how_far_a_library_is(opened: Callable[..., str]) -> None:
    """A mark comes back behind what was said before it; calls and texts are counted, and what a fault holds back has its name."""
    library = Library(opened(), process=77)
    library.start("alice")
    with Client.connect(library.address) as control:
        assert {"mark": 0, "libraries": []} == control.request("bridge.library.look", {"process": 76})
        before = control.request("bridge.library.look", {"process": 77, "mark": True})
        row = {"device": "app", "dialect": stand_in.NAME, "marked": 0, "calls": 2, "posts": 1, "waiting": []}
        assert [row] == before["libraries"]
        assert (native.MARK, before["mark"]) == library.frame()
        control.faults.set({"delayMs": 1000}, device="app", times=1)
        control.faults.set({"noReply": True}, device="app", times=1)
        library.call("DartGetJoinedGroupList", "list-1")
        library.call("DartGetFriendList", "list-2")
        library.send(native.encode_mark(before["mark"]))
        late = {"method": "DartGetJoinedGroupList", "dueMs": control.clock.now_ms + 1000}
        never = {"method": "DartGetFriendList", "dueMs": None}
        held = wait_for(lambda: control.request("bridge.library.look", {"process": 77})["libraries"][0], "marked", before["mark"])
        assert {**row, "marked": before["mark"], "calls": 4, "waiting": [late, never]} == held
        control.clock.advance(seconds=2)
        after = control.request("bridge.library.look", {"process": 77})["libraries"][0]
        assert (2, [never]) == (after["posts"], after["waiting"])


def wait_for(look: Callable[[], dict[str, Any]], key: str, value: object) -> dict[str, Any]:
    """Return the first sight that has a value."""
    for _ in range(1000):
        seen = look()
        if seen[key] == value:
            return seen
    raise AssertionError(f"{key} is {seen[key]!r}")


def test_world_of_the_hello_is_used(opened: Callable[..., str]) -> None:
    """The library begins in the world that it names."""
    server = Server()
    library = Library(opened(server=server), world="else")
    library.start("alice")
    assert "else" in server.names()
    assert [] == [row for row in server.world().world[devices.DEVICES].rows.values() if row.user_id]


def test_fault_keeps_the_returned_value(opened: Callable[..., str]) -> None:
    """A reply that a fault holds back or drops does not hold back what the function returns."""
    address = opened()
    library = Library(address)
    library.start()
    with Client.connect(address) as control:
        control.faults.set({"noReply": True}, device="app", times=1)
        library.call("DartSendMessage", "bob", 1, "{}", "send-1", waits=True)
        assert native.RETURN == library.frame()[0]
        control.faults.set({"delayMs": 1000}, device="app", times=1)
        number = library.call("DartSendMessage", "bob", 1, "{}", "send-2", waits=True)
        assert native.RETURN == library.frame()[0]
        control.clock.advance(seconds=2)
        kind, (answered, said) = library.frame()
        assert (native.REPLY, number, "send-2") == (kind, answered, said["user_data"])


def test_thrown_fault_becomes_a_code(opened: Callable[..., str]) -> None:
    """C functions throw nothing: a platformException is posted with its code, if it is a number, and its message."""
    address = opened()
    library = Library(address)
    with Client.connect(address) as control:
        control.faults.set({"platformException": {"code": "70001", "message": "expired"}}, device="app", times=1)
        reply = library.ask("DartLogout", "out-1")
    assert (70001, "expired") == (reply["code"], reply["desc"])


def test_disconnect_ends_the_connection(opened: Callable[..., str]) -> None:
    """A fault that disconnects answers first."""
    address = opened()
    library = Library(address)
    with Client.connect(address) as control:
        control.faults.set({"disconnect": True}, device="app")
        assert "out-1" == library.ask("DartGetJoinedGroupList", "out-1")["user_data"]
    assert (-1, "closed") == library.frame()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (native.encode_frame(native.CALL, b"\x00\x00\x00\x01\x01D\x00"), "The first frame is no HELLO."),
        (native.encode_frame(native.HELLO, b"n"), "A HELLO has five values."),
        (native.encode_frame(native.HELLO, b"\x07"), "No value is of type 7. (at byte 0)"),
        (native.encode_mark(1), "The first frame is no HELLO."),
        (b"\x00\x00\x00\x00", "A frame has 0 bytes; it may have 1 to 67108864."),
    ],
)
def test_nonsense_ends_with_a_word(opened: Callable[..., str], data: bytes, problem: str) -> None:
    """What is no first frame is refused, and the connection closed."""
    library = Library(opened(), says_hello=False)
    library.send(native.MAGIC + data)
    assert (native.REFUSED, problem) == library.frame()
    assert (-1, "closed") == library.frame()


def test_broken_call_ends_only_its_connection(opened: Callable[..., str]) -> None:
    """A call that cannot be read ends its connection; another one goes on."""
    address = opened()
    broken, whole = Library(address), Library(address, process=43)
    whole.start("bob")
    broken.send(native.encode_frame(native.CALL, b"\x00\x00\x00\x01\xffDart"))
    assert (native.REFUSED, "A function's name is longer than its frame.") == broken.frame()
    assert 0 == whole.ask("DartGetJoinedGroupList", "list-1")["code"]


def test_token_is_wanted_first(opened: Callable[..., str]) -> None:
    """With a token, a library without it is refused, and one with it served."""
    address = opened(token="secret")
    assert (native.REFUSED, "this server wants its token: set TIMBRIDGE_TOKEN") == Library(address).frame()
    Library(address, token="secret").start("alice")


def test_other_frames_are_refused(opened: Callable[..., str]) -> None:
    """A library of another version is told so, and not served."""
    library = Library(opened(), says_hello=False)
    library.send(native.MAGIC + native.encode_frame(native.HELLO, native.encode_values(None, None, "app", 1, 1)))
    said = "the library has frames of version 1, the server of 2: use those of one timbridge"
    assert (native.REFUSED, said) == library.frame()
    assert (-1, "closed") == library.frame()


def test_stranger_may_say_little(opened: Callable[..., str]) -> None:
    """A first frame of more than a stranger may say is refused, whatever its length announces."""
    library = Library(opened(), says_hello=False)
    library.send(native.MAGIC + (1 << 25).to_bytes(4, "big") + b"\x00" + b"n" * strangers.FIRST_BYTES)
    kind, said = library.frame()
    assert (native.REFUSED, "a first frame says who connects, and no more") == (kind, said)
    assert (-1, "closed") == library.frame()


def test_hello_with_calls_behind_it_is_heard(opened: Callable[..., str]) -> None:
    """What comes in one piece with the first frame is carried out, beyond what a stranger may say, too."""
    library = Library(opened())
    long = "x" * (strangers.FIRST_BYTES * 2)
    assert long == json.loads(library.ask("DartJoinGroup", long, "", "join-1")["json_param"])["group_id"]


def test_server_without_a_dialect_says_so(opened: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A library is refused in words where no dialect understands it."""
    monkeypatch.setattr(door, "native_dialect", lambda wanted: None)
    assert (native.REFUSED, door.NO_DIALECT) == Library(opened()).frame()


def test_faithful_server_is_silent_where_the_dialect_is(opened: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """With --faithful, what the real library never answers gets no text; its pending call stays so."""
    monkeypatch.setattr(stand_in.StandIn, "is_silent", lambda self, error: True)
    library = Library(opened(settings=Settings(options=Options(faithful=True))))
    library.call("DartFromTheFuture", "future-1")
    number = library.call("DartGetJoinedGroupList", "list-2")
    assert (native.REPLY, number) == (lambda frame: (frame[0], frame[1][0]))(library.frame())


def test_closed_connection_takes_its_device_along(opened: Callable[..., str]) -> None:
    """An app that is gone is offline; its name is free again."""
    server = Server()
    address = opened(server=server)
    library = Library(address)
    library.start("alice")
    library.socket.shutdown(socket.SHUT_WR)
    assert (-1, "closed") == library.frame()
    assert [] == [row for row in server.world().world[devices.DEVICES].rows.values() if row.name == "app"]


def test_posted_text_is_json_of_any_text() -> None:
    """Whatever texts hold, Dart reads them as they were: quotes, NUL, line separators, emoji, half of a pair."""
    said = {"callback": "globalCallback", "a": '"\\\0\n\u2028é😀\ud800', "n": -5, "yes": True, "none": None, "half": 0.5}
    assert said == json.loads(door._text(said).decode("utf-8"))
