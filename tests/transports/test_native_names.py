"""Messages that the library has named before the server hears of them, and files that go through it to where the app wants them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bridge.codecs import native
from bridge.emulator import Server, Settings
from bridge.testing.client import Client
from bridge.world.chats import fetches, media
from bridge.world.kernel.world import Policy
from tests.support.library_end import SOCKETS, Library
from tests.support.native import made
from tests.transports.doors import listening

SOUND = {"elem_type": 2, "sound_elem_file_path": "/data/s.m4a", "sound_elem_file_time": 3}
IMAGE = {"elem_type": 1, "image_elem_orig_path": "/data/i.png"}
DOWNLOAD_MS = 1000


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return where a server listens; with a parameter, one where a download takes so many milliseconds."""
    policy = Policy(switches={"download_ms": getattr(request, "param", 0)})
    with listening(server=Server(Settings(policy=policy))) as where:
        yield where
    while SOCKETS:
        SOCKETS.pop().close()


def send(library: Library, given_id: str, message: Any = None, to: str = "bob") -> dict[str, Any]:
    """Send a message that has an id; return the reply."""
    return library.ask("DartSendMessage", to, 1, json.dumps(message or made()), "sendMessage-9", given_id=given_id)


def named(library: Library) -> str:
    """Log alice in; return an id that her device may give."""
    library.start()
    library.call("DartLogin", "alice", "sig", "login-1")
    while (frame := library.frame())[0] != native.STATE:
        pass
    _, _, naming, first = frame[1]
    return f"{naming}{first}"


def test_given_id_is_that_of_the_answer(address: str) -> None:
    """The id that the function has returned is that of the message: in the answer, and for everybody else."""
    library = Library(address)
    given_id = named(library)
    message = json.loads(send(library, given_id)["json_param"])
    assert (given_id, 2) == (message["message_msg_id"], message["message_status"])
    assert given_id.endswith(f"-{message['message_rand']}")
    with Client.connect(address) as control:
        found = control.ask("bridge.user.call", user="bob", method="getC2CHistoryMessageList", arguments={"userID": "alice", "count": 9})
    assert [given_id] == [one["msgID"] for one in found["data"]]


@pytest.mark.parametrize("to", ["", "mallory"])
def test_refused_message_has_its_given_id(address: str, to: str) -> None:
    """A refusal answers its code with the message in status 3, under the id that was returned."""
    library = Library(address)
    given_id = named(library)
    with Client.connect(address) as control:
        control.faults.set({"code": 20003, "desc": "no"}, method="sendMessage")
        reply = send(library, given_id, to=to)
    message = json.loads(reply["json_param"])
    assert reply["code"] != 0
    assert (given_id, 3) == (message["message_msg_id"], message["message_status"])


def test_logged_out_message_has_its_given_id(address: str) -> None:
    """Who was thrown out while a message was on its way gets it back, failed, under the id that was returned."""
    library = Library(address)
    given_id = named(library)
    library.ask("DartLogout", "out-2")
    reply = send(library, given_id)
    message = json.loads(reply["json_param"])
    assert (6014, given_id, 3) == (reply["code"], message["message_msg_id"], message["message_status"])


@pytest.mark.parametrize("wrong", ["", "x", "144115000000000001-1-99999999999", "144115000000000001-1-4294967296", "-1", "\u0661" * 18])
def test_odd_ids_are_not_taken(address: str, wrong: str) -> None:
    """What is no message id is not made one; the message is sent under another."""
    library = Library(address)
    named(library)
    reply = send(library, wrong)
    assert 0 == reply["code"]
    assert json.loads(reply["json_param"])["message_msg_id"] != wrong


def test_taken_id_takes_nothing_away(address: str) -> None:
    """A second message under the same id is another one: the first stays as it is."""
    library = Library(address)
    given_id = named(library)
    send(library, given_id)
    second = json.loads(send(library, given_id, made("again"))["json_param"])
    assert given_id != second["message_msg_id"]
    found = json.loads(library.ask("DartFindMessages", json.dumps([given_id]), "find-3")["json_param"])
    assert ["hi"] == [one["message_elem_array"][0]["text_elem_content"] for one in found]


def place(library: Library, elem: dict[str, Any]) -> str:
    """Send a file; return where it can be had."""
    named(library)
    said = library.ask("DartSendMessage", "bob", 1, json.dumps(made("", elem)), "sendMessage-2")
    sent = json.loads(said["json_param"])["message_elem_array"][0]
    return str(sent.get("sound_elem_url") or sent["image_elem_orig_url"])


def download(library: Library, url: str) -> int:
    """Download what is at an address. Returns the call's number."""
    param = {"msg_download_elem_param_id": "x", "msg_download_elem_param_type": 3, "msg_download_elem_param_url": url}
    return library.call("DartDownloadElemToPath", json.dumps(param), "/data/x", "downloadMessage-7")


def slow_download(library: Library, url: str) -> int:
    """Download something that takes time. Returns the call's number when the server has begun."""
    number = download(library, url)
    library.call("DartGetServerTime", waits=True)
    assert [native.RETURN] == [kind for kind, _ in until(library, native.RETURN)]
    return number


def until(library: Library, kind: int) -> list[tuple[int, Any]]:
    """Return all frames up to the next of a kind."""
    frames = [library.frame()]
    while frames[-1][0] != kind:
        frames.append(library.frame())
    return frames


def sizes(said: dict[str, Any]) -> tuple[int, int]:
    """Return what a progress says: how much is there, of how much."""
    param = json.loads(said["json_param"])
    return param["msg_download_elem_result_current_size"], param["msg_download_elem_result_total_size"]


@pytest.mark.parametrize(("elem", "contents"), [(IMAGE, media.POINT), (SOUND, fetches.UNKNOWN)])
def test_file_comes_before_its_end_is_told(address: str, elem: dict[str, Any], contents: bytes) -> None:
    """The file goes to the library with the progress that says that all is there, and that before the answer."""
    library = Library(address)
    number = download(library, place(library, elem))
    frames = until(library, native.REPLY)
    assert [native.POST, native.FILE, native.REPLY] == [kind for kind, _ in frames]
    assert (number, contents) == frames[1][1][:2]
    size = len(contents)
    assert [(size // 2, size), (size, size)] == [sizes(said) for said in (frames[0][1], frames[1][1][2])]
    assert (number, {"callback": "apiCallback", "user_data": "downloadMessage-7", "code": 0, "desc": ""}) == frames[2][1]


@pytest.mark.parametrize("address", [DOWNLOAD_MS], indirect=True)
def test_download_takes_its_time(address: str) -> None:
    """Where downloads take time, half is told when half of it has passed, and the file and the answer come at its end."""
    library = Library(address)
    number = slow_download(library, place(library, SOUND))
    with Client.connect(address) as control:
        control.ask("bridge.clock.advance", ms=DOWNLOAD_MS // 2)
        kind, said = library.frame()
        assert (native.POST, "downloading") == (kind, said["desc"])
        control.ask("bridge.clock.advance", ms=DOWNLOAD_MS)
        frames = until(library, native.REPLY)
    assert [native.FILE, native.REPLY] == [kind for kind, _ in frames]
    assert (number, 0) == (frames[1][1][0], frames[1][1][1]["code"])
    assert (number, fetches.UNKNOWN) == frames[0][1][:2]


@pytest.mark.parametrize("address", [DOWNLOAD_MS], indirect=True)
@pytest.mark.parametrize(("end", "code"), [("network", 9508), ("logout", 6014)])
def test_download_that_breaks_off_is_answered(address: str, end: str, code: int) -> None:
    """A download that loses its network, or its user, is answered with the code, and brings no file."""
    library = Library(address)
    number = slow_download(library, place(library, SOUND))
    with Client.connect(address) as control:
        if end == "network":
            control.ask("bridge.service.connectionLost", device="app")
        else:
            library.ask("DartLogout", "out-8")
        control.ask("bridge.clock.advance", ms=DOWNLOAD_MS)
        frames = until(library, native.REPLY)
    assert native.FILE not in [kind for kind, _ in frames]
    assert (number, code) == (frames[-1][1][0], frames[-1][1][1]["code"])


@pytest.mark.parametrize("address", [DOWNLOAD_MS], indirect=True)
def test_fault_of_a_slow_download_is_kept(address: str) -> None:
    """A reply that a fault holds back longer than the download takes is the last thing that comes."""
    library = Library(address)
    url = place(library, SOUND)
    with Client.connect(address) as control:
        control.faults.set({"delayMs": 3 * DOWNLOAD_MS}, method="downloadMessage")
        number = slow_download(library, url)
        control.ask("bridge.clock.advance", ms=2 * DOWNLOAD_MS)
        control.ask("bridge.clock.advance", ms=2 * DOWNLOAD_MS)
        frames = until(library, native.REPLY)
    assert [native.POST, native.FILE, native.REPLY] == [kind for kind, _ in frames]
    assert (number, 0) == (frames[-1][1][0], frames[-1][1][1]["code"])


def test_small_number_in_an_id_is_no_part(address: str) -> None:
    """A message whose id ends with a single digit is found at its address, as any other."""
    library = Library(address)
    given_id = f"{named(library).rpartition('-')[0]}-7"
    send(library, given_id, made("", SOUND))
    number = download(library, f"{media.HOST}/{given_id}")
    assert 0 == library.answer(number)["code"]


def test_download_without_a_network_fails(address: str) -> None:
    """Without a network nothing can be fetched."""
    library = Library(address)
    url = place(library, SOUND)
    with Client.connect(address) as control:
        control.ask("bridge.service.connectionLost", device="app")
        number = download(library, url)
        assert 9508 == library.answer(number)["code"]
