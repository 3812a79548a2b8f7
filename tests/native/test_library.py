"""The C library, called as dart:ffi calls it, on a server whose dialect says back what it hears."""

from __future__ import annotations

import base64
import ctypes
import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.codecs import native
from bridge.native import building
from bridge.testing.client import Client
from tests.support import stand_in
from tests.support.dart_host import SAID, SIGNATURES, DartHost, library, parameters, samples, settings
from tests.support.patience import until
from tests.transports.doors import listening

__all__ = ["library", "settings"]

Settings = Callable[..., None]
ASYNCHRONOUS = [row["name"] for row in SAID["exports"] if row["answer"] == "post"]
RETURNED_TEXT = [name for name, (answer, returns, _) in native.TABLE.items() if answer == "wait" and returns == "const char*"]


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return where a server listens that speaks the stand-in."""
    stand_in.install(monkeypatch)
    with listening() as where:
        yield where


@pytest.fixture
def host(library: Path, tmp_path: Path, address: str, settings: Settings) -> DartHost:
    """Return a host that has not started yet."""
    settings(address)
    return DartHost(library, tmp_path)


def test_library_exports_exactly_its_list(library: Path) -> None:
    """Every function of the list is a symbol of the library, and no other symbol of ours is visible."""
    loaded = ctypes.CDLL(str(library))
    for name in SIGNATURES:
        assert getattr(loaded, name)
    listed = subprocess.run(["nm", "-D", "--defined-only", str(library)], capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        assert set(SIGNATURES) == {line.split()[-1] for line in listed.stdout.splitlines()}


@pytest.mark.parametrize("name", ASYNCHRONOUS)
def test_asynchronous_call_brings_all_arguments(host: DartHost, name: str) -> None:
    """Each asynchronous function brings its arguments under their names, and its reply carries its user_data."""
    host.start()
    values = samples(name, 40)
    reply = host.ask(name, *values)
    if name not in stand_in.HANDLERS:
        assert dict(zip(parameters(name), values, strict=True)) == json.loads(reply["json_param"])
    assert {"callback": "apiCallback", "user_data": values[-1]} == {key: reply[key] for key in ("callback", "user_data")}


@pytest.mark.parametrize("name", RETURNED_TEXT)
def test_returned_texts_stay_for_their_caller(host: DartHost, name: str) -> None:
    """A function that returns a text returns that of its call, and others' calls leave it alone."""
    host.start()
    values = samples(name, 3)
    returned = host.call(name, *values)
    assert returned.startswith(f"{name}:")
    assert dict(zip(parameters(name), values, strict=True)) == json.loads(returned.partition(":")[2])
    if values:
        assert json.loads(host.reply(values[-1])["json_param"])["user_data"] == values[-1]


def test_waiting_numbers_come_from_the_server(host: DartHost) -> None:
    """Waiting functions return what the dialect says; a refusal returns its code."""
    host.start()
    assert 7 == host.call("DartGetServerTime")
    assert 7 == host.call("DartSetConversationDraft", "bob", 1, "{}")
    assert 6017 == host.call("DartSetConversationDraft", stand_in.REFUSED, 1, "{}")


def test_switches_are_heard_before_the_port(host: DartHost, address: str) -> None:
    """Switches come before any port is there, carry their user_data and get no reply."""
    names = [row["name"] for row in SAID["exports"] if row["answer"] == "none" and row["name"] != "DartSetConfig"]
    values = {name: [f"set-{number}"][: len(parameters(name))] for number, name in enumerate(names, 1)}
    for name in names:
        host.call(name, *values[name])
    host.start()
    with Client.connect(address) as control:
        entries = control.ask("bridge.journal.list", device="app")["entries"]
    heard = [(entry["method"], entry["arguments"]) for entry in entries if entry["kind"] == "call"]
    assert [(name, dict(zip(parameters(name), values[name], strict=True))) for name in names] == heard[: len(names)]
    assert [] == host.posted


def test_configuration_without_user_data_is_not_answered(host: DartHost) -> None:
    """DartSetConfig has a null pointer for user_data: it returns 0 and posts nothing."""
    host.start()
    assert 0 == host.call("DartSetConfig", "{}", None)
    host.ask("DartGetJoinedGroupList", "g-1")
    assert ["g-1"] == [text["user_data"] for text in host.texts()]


def test_login_is_known_without_asking(host: DartHost) -> None:
    """Who is logged in is what the server has said last: nobody, somebody, nobody again."""
    assert ("", 3) == (host.call("DartGetLoginUserID"), host.call("DartGetLoginStatus"))
    host.start(user="alice")
    assert ("alice", 1) == (host.call("DartGetLoginUserID"), host.call("DartGetLoginStatus"))
    host.ask("DartLogout", "logout-1")
    assert ("", 3) == (host.call("DartGetLoginUserID"), host.call("DartGetLoginStatus"))


def test_reset_is_known_when_it_has_been_answered(host: DartHost, address: str) -> None:
    """A reset by another connection ends the login: the library knows as soon as that connection has its answer."""
    host.start(user="alice")
    with Client.connect(address) as control:
        control.ask("bridge.world.reset")
        assert ("", 3) == (host.call("DartGetLoginUserID"), host.call("DartGetLoginStatus"))


def test_refusal_reaches_the_port(host: DartHost) -> None:
    """What the dialect refuses is posted with its code and the call's user_data."""
    host.start()
    user_data = f"{stand_in.REFUSED}-1"
    assert {"callback": "apiCallback", "user_data": user_data, "code": 6017, "desc": ""} == host.ask("DartGetJoinedGroupList", user_data)


def test_replies_come_in_the_order_of_calls(host: DartHost) -> None:
    """Many calls without waiting for any are answered in their order."""
    host.start()
    for number in range(3000):
        assert 0 == host.call("DartGetJoinedGroupList", f"n-{number}")
    host.reply("n-2999")
    assert [f"n-{number}" for number in range(3000)] == [text["user_data"] for text in host.texts()]


def test_long_texts_never_make_a_call_wait(host: DartHost) -> None:
    """What the socket does not take at once is sent later: calls return, and every byte arrives."""
    host.start()
    long = "x" * (3 << 20)
    for number in range(8):
        host.call("DartJoinGroup", long, str(number), f"long-{number}")
    for number in range(8):
        said = json.loads(host.reply(f"long-{number}")["json_param"])
        assert (long, str(number)) == (said["group_id"], said["hello_msg"])


def test_threads_call_at_the_same_time(host: DartHost) -> None:
    """Calls of several threads, waiting ones among them, each get their own answer."""
    host.start()
    wrong: list[Any] = []

    def work(thread: int) -> None:
        for number in range(60):
            tag = f"t{thread}-{number}"
            refused = thread % 2
            if host.call("DartSetConversationDraft", stand_in.REFUSED if refused else tag, 1, "{}") != (6017 if refused else 7):
                wrong.append(tag)
            host.call("DartGetJoinedGroupList", f"list-{tag}")

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == wrong
    host.wait(lambda posted: len(posted) == 240)


def test_malformed_text_of_a_caller_is_mended(host: DartHost) -> None:
    """Bytes that are no UTF-8 come as U+FFFD; nothing breaks."""
    host.start()
    assert 0 == host.call("DartJoinGroup", b"a\xffb", "", "m-1")
    assert "a\ufffdb" == json.loads(host.reply("m-1")["json_param"])["group_id"]


def test_posts_end_with_the_port(host: DartHost) -> None:
    """Nothing goes to a port once it was unregistered; a port that is registered later gets what is said later."""
    host.start(user="alice")
    host.call("DartUnregisterSendPort", 1)
    host.call("DartGetJoinedGroupList", "lost-1")
    host.call("DartUnitSDK")
    before = len(host.posted)
    host.call("DartRegisterSendPort", 2)
    assert 0 == host.call("DartInitSDK", 1400000000, "{}")
    host.ask("DartGetJoinedGroupList", "new-1")
    assert [(2, "new-1")] == [(port, json.loads(text)["user_data"]) for port, text in host.posted[before:]]


def test_newly_registered_port_wins(host: DartHost) -> None:
    """A port that is registered over another one gets all that follows, and nothing of before."""
    host.start()
    for number in range(50):
        host.call("DartGetJoinedGroupList", f"old-{number}")
    host.call("DartRegisterSendPort", 2)
    host.ask("DartGetJoinedGroupList", "new-1")
    assert ["new-1"] == [json.loads(text)["user_data"] for port, text in host.posted if port == 2]


def test_other_major_version_is_refused(host: DartHost) -> None:
    """A Dart API of another major version is not taken; the right one still is afterwards."""
    assert -1 == host.call("DartInitDartApiDL", ctypes.addressof(host._api(3)))
    assert -1 == host.call("DartInitDartApiDL", None)
    assert 0 == host.call("DartInitDartApiDL", ctypes.addressof(host._api(2)))


def test_second_isolate_is_another_device(host: DartHost, address: str) -> None:
    """An isolate whose numbers begin anew is a device of its own: both are logged in, and each port gets its own replies."""
    first, second = threading.get_ident(), 2
    host.isolates[first] = 0x1000
    host.call("DartSetNetworkStatusListenerCallback", "setSdkListener-1")
    host.start(user="alice")
    host.call("DartGetJoinedGroupList", "list-9")

    def other() -> None:
        host.isolates[threading.get_ident()] = 0x2000
        host.call("DartSetNetworkStatusListenerCallback", "setSdkListener-1")
        host.start(second, "bob")
        seen.append(host.call("DartGetLoginUserID"))

    seen: list[str] = []
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    host.call("DartGetJoinedGroupList", "list-10")
    host.reply("list-10")
    assert ["bob", "alice"] == [*seen, host.call("DartGetLoginUserID")]
    assert {(1, "login-alice@1"), (1, "list-9"), (1, "list-10"), (2, "login-bob@2")} == {
        (port, json.loads(text)["user_data"]) for port, text in host.posted
    }
    with Client.connect(address) as control:
        names = {entry["device"] for entry in control.ask("bridge.journal.list")["entries"]}
    assert 2 == len(names)


def test_hot_restart_closes_the_old_device(host: DartHost) -> None:
    """A new isolate finds the old one's port closed: the old device is gone, and the user of the new one is not thrown out."""
    host.isolates[threading.get_ident()] = 0x1000
    host.call("DartSetNetworkStatusListenerCallback", "setSdkListener-1")
    host.start(user="alice")
    host.closed.add(1)
    host.call("DartGetJoinedGroupList", "into the void-2")
    until(lambda: host.call("DartGetServerTime") == 7)
    host.isolates[threading.get_ident()] = 0x2000
    host.call("DartSetNetworkStatusListenerCallback", "setSdkListener-1")
    assert "" == host.call("DartGetLoginUserID")
    host.start(2, "alice")
    assert "alice" == host.call("DartGetLoginUserID")


def registered(host: DartHost, bridge: FakeBridge) -> DartHost:
    """Return a host whose port the library knows."""
    assert 0 == host.call("DartInitDartApiDL", ctypes.addressof(host.api))
    threading.Thread(target=bridge.serve_registration).start()
    host.call("DartRegisterSendPort", 1)
    return host


def test_missing_address_is_told_once(library: Path, tmp_path: Path, settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    """Without a server waiting calls answer as without a session, asynchronous ones post an error, stderr has one line."""
    settings(None)
    host = DartHost(library, tmp_path)
    host.call("DartSetNetworkStatusListenerCallback", "setSdkListener-1")
    assert 0 == host.call("DartInitDartApiDL", ctypes.addressof(host.api))
    host.call("DartRegisterSendPort", 1)
    assert 9508 == host.call("DartInitSDK", 1, "{}")
    assert ("", 3) == (host.call("DartGetLoginUserID"), host.call("DartGetLoginStatus"))
    assert SAID["version"] == host.call("DartGetSDKVersion")
    assert abs(host.call("DartGetServerTime") - time.time()) < 5
    assert 9508 == host.call("DartSetConversationDraft", "bob", 1, "{}")
    assert "" == host.call("DartSendMessage", "bob", 1, "{}", 'send "1"\n')
    reply = host.ask("DartLogin", "alice", "sig", "login-1")
    assert (9508, True) == (reply["code"], reply["desc"].startswith("TIMBRIDGE_ADDRESS is not set"))
    assert ['send "1"\n', "login-1"] == [text["user_data"] for text in host.texts()]
    assert 1 == capfd.readouterr().err.count("timbridge:")


def test_bridge_that_goes_away_answers_all(library: Path, tmp_path: Path, settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    """Calls under way when the connection breaks get an error; a waiting call comes back; later ones get it at once."""
    with FakeBridge() as bridge:
        settings(bridge.address)
        host = registered(DartHost(library, tmp_path), bridge)
        for number in range(3):
            host.call("DartLogout", f"under-way-{number}")

        def go() -> None:
            bridge.frames_until(native.WAIT)
            bridge.drop()

        threading.Thread(target=go).start()
        assert "" == host.call("DartSendMessage", "bob", 1, "{}", "send-4")
    host.wait(lambda posted: len(posted) == 4)
    assert 9508 == host.ask("DartLogout", "late-5")["code"]
    assert [9508] * 5 == [text["code"] for text in host.texts()]
    assert ["under-way-0", "under-way-1", "under-way-2", "send-4", "late-5"] == [text["user_data"] for text in host.texts()]
    assert 1 == capfd.readouterr().err.count("timbridge:")


@pytest.mark.parametrize(
    ("text", "posted"),
    [
        (b'{"a":"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"}', None),
        (b'{"a":"\xff"}', "base64"),
        (b'{"a":"\xc0\x80"}', "base64"),
        (b'{"a":"\xed\xa0\x80"}', "base64"),
        (b'{"a":"\xf4\x90\x80\x80"}', "base64"),
        (b'{"a":"\xe2\x82', "base64"),
        (b'{"a":"\x00"}', "base64"),
        (b"", None),
    ],
)
def test_posted_text_is_always_utf8(library: Path, tmp_path: Path, settings: Settings, text: bytes, posted: str | None) -> None:
    """A text that is no UTF-8, or that a C text would cut short, goes out as base64 of the whole."""
    with FakeBridge() as bridge:
        settings(bridge.address)
        host = registered(DartHost(library, tmp_path), bridge)
        bridge.send(native.POST, text)
        host.wait(lambda posted: len(posted) == 1)
        assert (1, text if posted is None else b"base64:" + base64.b64encode(text)) == host.posted[0]


def test_frames_may_come_byte_by_byte(library: Path, tmp_path: Path, settings: Settings) -> None:
    """Frames that are cut anywhere are put together."""
    with FakeBridge() as bridge:
        settings(bridge.address)
        host = registered(DartHost(library, tmp_path), bridge)
        for byte in native.encode_frame(native.POST, b'{"n":1}') + native.encode_frame(native.POST, b'{"n":2}'):
            bridge.peer.sendall(bytes((byte,)))
            time.sleep(0.001)
        host.wait(lambda posted: len(posted) == 2)
        assert [{"n": 1}, {"n": 2}] == host.texts()


def test_mark_comes_back_behind_the_posts(library: Path, tmp_path: Path, settings: Settings) -> None:
    """Once a mark is back, what was sent before it is at the port, and the calls that were made before it have been sent."""
    with FakeBridge() as bridge:
        settings(bridge.address)
        host = registered(DartHost(library, tmp_path), bridge)
        host.call("DartLogout", "out-1")
        bridge.send(native.POST, b'{"n":1}')
        bridge.peer.sendall(native.encode_mark(7))
        kinds = [(kind, rest if kind == native.MARK else b"") for kind, rest in bridge.frames_until(native.MARK)]
        assert [(native.CALL, b""), (native.MARK, b"\x00\x00\x00\x07")] == kinds
        assert [{"n": 1}] == host.texts()


@pytest.mark.parametrize(
    "answer",
    [b"\x00\x00\x00\x00", b"\xff\xff\xff\xff\x04", b"\x00\x00\x00\x01\x2a", b"\x00\x00\x00\x02\x06n", b"HTTP/1.1 400"],
)
def test_nonsense_of_a_server_ends_the_connection(library: Path, tmp_path: Path, settings: Settings, answer: bytes) -> None:
    """Frames that no bridge sends lose the connection; the app is told by an error, not by a crash."""
    with FakeBridge() as bridge:
        settings(bridge.address)
        host = registered(DartHost(library, tmp_path), bridge)
        host.call("DartLogout", "out-1")
        bridge.peer.sendall(answer)
        assert 9508 == host.reply("out-1")["code"]


def test_process_ends_while_texts_are_posted(library: Path, address: str) -> None:
    """A process that ends in the middle of a stream of posts ends with its own status."""
    code = (
        "import sys; from pathlib import Path; import tempfile; from tests.support.dart_host import DartHost\n"
        f"host = DartHost(Path({str(library)!r}), Path(tempfile.mkdtemp()))\n"
        "host.start()\n"
        "for number in range(5000): host.call('DartGetJoinedGroupList', f'n-{number}')\n"
        "host.reply('n-0'); sys.exit(7)\n"
    )
    done = subprocess.run(
        [__import__("sys").executable, "-c", code], env={**__import__("os").environ, "TIMBRIDGE_ADDRESS": address}, timeout=60, check=False
    )
    assert 7 == done.returncode


def test_sources_are_all_built() -> None:
    """The C files beside the generated one are those that the builder takes."""
    assert {"_exports.c", "calls.c", "connection.c", "dart.c", "system.c", "values.c"} == {path.name for path in building.sources()}


class FakeBridge:
    """A server that says what a test wants."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.peer: socket.socket = self._listener
        self._framing = native.NativeFraming()

    def __enter__(self) -> FakeBridge:
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()
        self._listener.close()

    def serve_registration(self) -> None:
        """Take a connection, and answer its first waiting call."""
        self.peer, _ = self._listener.accept()
        self.peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.frames_until(native.WAIT)
        self.send(native.RETURN, native.encode_values(None))

    def frames_until(self, last: int) -> list[tuple[int, bytes]]:
        """Return what the library sends next, until there is a frame of a kind."""
        frames: list[tuple[int, bytes]] = []
        while not any(kind == last for kind, _ in frames):
            frames += self._framing.feed(self.peer.recv(1 << 16))
        return frames

    def send(self, kind: int, rest: bytes) -> None:
        """Send a frame."""
        self.peer.sendall(native.encode_frame(kind, rest))

    def drop(self) -> None:
        """Break the connection."""
        try:
            self.peer.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.peer.close()
