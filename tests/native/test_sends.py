"""What the library does by itself on the real dialect: it names what is sent, and writes the files that calls bring."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.codecs import native
from bridge.testing.client import Client
from bridge.world.chats import fetches, media
from tests.native.test_library import FakeBridge, registered
from tests.support.dart_host import DartHost, library, settings
from tests.support.native import made
from tests.support.patience import until
from tests.transports.doors import listening

__all__ = ["library", "settings"]

Settings = Callable[..., None]
Start = Callable[[], tuple[DartHost, str]]


@pytest.fixture
def alice(library: Path, tmp_path: Path, settings: Settings) -> Any:
    """Return a host in which alice is logged in, and where its server listens."""
    with listening() as address:
        settings(address)
        host = DartHost(library, tmp_path)
        host.start(user="alice")
        yield host, address


def crossing(message: Any) -> str:
    """Return a message as Dart writes it."""
    return json.dumps(message, separators=(",", ":"))


def send(host: DartHost, user_data: str, message: Any = None, to: str = "bob") -> tuple[str, dict[str, Any]]:
    """Send a message. Returns the id that the function returned, and what was answered."""
    returned = host.call("DartSendMessage", to, 1, crossing(message or made()), user_data)
    return returned, host.reply(user_data)


def download(host: DartHost, elem: dict[str, Any], path: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Download the file of an element. Returns how far it was told to be, and the last answer."""
    assert 0 == host.call("DartDownloadElemToPath", param(elem), str(path), "downloadMessage-51")

    def answers() -> list[dict[str, Any]]:
        return [text for text in host.texts() if text.get("user_data") == "downloadMessage-51"]

    until(lambda: any(text["desc"] != "downloading" for text in answers()))
    *told, last = answers()
    assert {"downloading"} == {text["desc"] for text in told}
    return [json.loads(text["json_param"]) for text in told], last


def held(reply: dict[str, Any]) -> dict[str, Any]:
    """Return what a reply holds."""
    found: dict[str, Any] = json.loads(reply["json_param"])
    return found


def test_returned_ids_are_those_of_the_answers(alice: tuple[DartHost, str]) -> None:
    """Every send returns an id of its own, and is answered with it."""
    host, _ = alice
    ids = []
    for number in range(200):
        returned = host.call("DartSendMessage", "bob", 1, crossing(made(str(number))), f"sendMessage-{number + 50}")
        ids.append(returned)
    found = [held(host.reply(f"sendMessage-{number + 50}"))["message_msg_id"] for number in range(200)]
    assert ids == found
    assert 200 == len(set(ids))


def test_refused_send_has_returned_its_id(alice: tuple[DartHost, str]) -> None:
    """A send that the service refuses is answered with the failed message, under the id that was returned; sent again it keeps it."""
    host, address = alice
    with Client.connect(address) as control:
        control.faults.set({"code": 20003, "desc": "no"}, method="sendMessage", times=1)
        returned, reply = send(host, "sendMessage-50")
    failed = held(reply)
    assert (20003, returned, 3) == (reply["code"], failed["message_msg_id"], failed["message_status"])

    again, reply = send(host, "reSendMessage-51", failed)
    assert (0, returned, returned) == (reply["code"], again, held(reply)["message_msg_id"])


NAMING = "144115000000000001-1700000000-"
LIKE_MADE = crossing({"message_elem_array": [{"text_elem_content": '"message_msg_id":"x"'}], "message_msg_id": None})


@pytest.fixture
def told(library: Path, tmp_path: Path, settings: Settings) -> Iterator[Callable[..., DartHost]]:
    """Return what makes a host that a server of the test's own has told how ids begin; the server is its `bridge`."""
    with FakeBridge() as bridge:
        settings(bridge.address)

        def tell(naming: str | None, first: int) -> DartHost:
            host = registered(DartHost(library, tmp_path), bridge)
            bridge.send(native.STATE, native.encode_values("alice", 1, naming, first))
            host.wait_for_user("alice")
            return host

        tell.bridge = bridge  # type: ignore[attr-defined]
        yield tell


def test_send_comes_back_at_once(told: Any) -> None:
    """A server that is busy keeps nobody waiting who sends: the library gives the id."""
    host = told(NAMING, 4294967295)
    begun = time.monotonic()
    returned = [host.call("DartSendMessage", "bob", 1, "{}", f"sendMessage-{number}") for number in range(3)]
    assert time.monotonic() - begun < 1
    assert [f"{NAMING}4294967295", f"{NAMING}2654435760"] == returned[:2]
    told.bridge.drop()
    assert [9508] * 3 == [host.reply(f"sendMessage-{number}")["code"] for number in range(3)]


@pytest.mark.parametrize(
    ("naming", "message", "then"),
    [
        (NAMING, '{"message_msg_id":"old"}', f"{NAMING}1"),
        (None, "{}", None),
        ("x" * 500, "{}", None),
    ],
    ids=["it has one", "nothing to begin with", "too long a beginning"],
)
def test_server_is_asked_for_the_id(told: Any, naming: str | None, message: str, then: str | None) -> None:
    """Where a message has an id, or the library cannot make any, the server says what is returned; the next one is the library's again."""
    host = told(naming, 1)

    def reply() -> None:
        told.bridge.frames_until(native.WAIT)
        told.bridge.send(native.RETURN, native.encode_values("theirs"))

    answer = threading.Thread(target=reply)
    answer.start()
    assert "theirs" == host.call("DartSendMessage", "bob", 1, message, "sendMessage-1")
    answer.join()
    if then is not None:
        assert then == host.call("DartSendMessage", "bob", 1, LIKE_MADE, "sendMessage-2")


# --- files

IMAGE = {"elem_type": 1, "image_elem_orig_path": "/data/i.png"}
SOUND = {"elem_type": 2, "sound_elem_file_path": "/data/s.m4a", "sound_elem_file_time": 3}


def param(elem: dict[str, Any]) -> str:
    """Return what Dart asks for in order to get a file of an element."""
    stem = "image_elem_orig" if "image_elem_orig_url" in elem else "sound_elem"
    said = {"msg_download_elem_param_id": "x", "msg_download_elem_param_type": 3, "msg_download_elem_param_url": elem[f"{stem}_url"]}
    return json.dumps(said)


@pytest.mark.parametrize(("elem", "contents"), [(IMAGE, media.POINT), (SOUND, fetches.UNKNOWN)])
def test_download_writes_the_file(alice: tuple[DartHost, str], tmp_path: Path, elem: dict[str, Any], contents: bytes) -> None:
    """The file is where the app wants it, folders and all, before it hears that all of it is there, and before the answer."""
    host, _ = alice
    _, reply = send(host, "sendMessage-50", made("", elem))
    path = tmp_path / "cache" / "Ünïcode 图" / "file.bin"
    seen: list[bool] = []
    host.hold = lambda: seen.append(path.exists())
    told, last = download(host, held(reply)["message_elem_array"][0], path)
    assert (0, "") == (last["code"], last["desc"])
    assert contents == path.read_bytes()
    assert [False, True, True] == seen
    size = len(contents)
    assert [(size // 2, size), (size, size)] == [
        (one["msg_download_elem_result_current_size"], one["msg_download_elem_result_total_size"]) for one in told
    ]


def test_file_that_cannot_be_written_is_an_error(alice: tuple[DartHost, str], tmp_path: Path) -> None:
    """Where nothing can be written the call is answered with 6022 and the reason, and nobody hears that all is there."""
    host, _ = alice
    _, reply = send(host, "sendMessage-50", made("", SOUND))
    (tmp_path / "no folder").write_text("x")
    path = tmp_path / "no folder" / "file.bin"
    told, last = download(host, held(reply)["message_elem_array"][0], path)
    assert (1, 6022) == (len(told), last["code"])
    assert last["desc"].startswith(f"cannot write {path}: ")


def test_refused_download_writes_nothing(alice: tuple[DartHost, str], tmp_path: Path) -> None:
    """An address that leads to nothing is 6017, and no file."""
    host, _ = alice
    said = json.dumps({"msg_download_elem_param_url": "https://example.com/x"})
    assert 6017 == host.ask("DartDownloadElemToPath", said, str(tmp_path / "x" / "y"), "downloadMessage-51")["code"]
    assert not (tmp_path / "x").exists()


def test_server_writes_no_file_of_its_own_accord(library: Path, tmp_path: Path, settings: Settings) -> None:
    """A file goes to the path that a call under way has given, and nowhere else."""
    with FakeBridge() as bridge:
        settings(bridge.address)
        host = registered(DartHost(library, tmp_path), bridge)
        host.call("DartLogout", "out-1")
        path = tmp_path / "mine"
        host.call("DartDownloadElemToPath", "{}", str(path), "downloadMessage-2")
        for number in (0, 1, 2, 99):
            bridge.peer.sendall(native.encode_file(number, b"odd", b'{"n":0}'))
        bridge.peer.sendall(native.encode_file(3, b"mine", b'{"n":1}'))
        host.wait(lambda posted: len(posted) == 1)
        assert ([{"n": 1}], b"mine") == (host.texts(), path.read_bytes())
        bridge.send(native.FILE, bytes(4) + b"\xff\xff\xff\xff")
        assert [9508, 9508] == [host.reply(name)["code"] for name in ("out-1", "downloadMessage-2")]
        assert b"mine" == path.read_bytes()
