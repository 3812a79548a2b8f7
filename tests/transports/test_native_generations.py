"""Which generation of the plugin stands behind a native library: found out from its start, or said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest

from bridge.catalogue import load, native_dialects
from bridge.catalogue.native import NativeCatalogue
from bridge.cli import main
from bridge.codecs import native
from bridge.emulator import Server, Settings
from bridge.testing.client import Client
from bridge.testing.errors import RpcError
from tests.support.library_end import Library, servers

NEWEST = "ExperimentalNotify"
"""The callback that no generation before 8.9 has."""

UP_TO_APPS = "LogCallback"
"""The one that is asked for only where an app listens to it."""


@pytest.fixture
def opened() -> Iterator[Callable[..., str]]:
    """Return what starts a server."""
    with servers() as start:
        yield lambda **settings: start(server=Server(Settings(**settings)))


def started(address: str, without: Collection[str] = (), **hello: Any) -> Library:
    """Start a library as a client does that asks for all callbacks but some."""
    library = Library(address, **hello)
    newest = load(native_dialects()[0])
    assert isinstance(newest, NativeCatalogue)
    for name in newest.callback_names:
        if name not in without:
            library.call(newest.callback(name).switched_on_by, "switch-1")
    library.start("alice")
    return library


def spoken(control: Client) -> list[str]:
    """Return what the libraries of the process speak."""
    return [row["dialect"] for row in control.ask("bridge.library.look", process=42)["libraries"]]


@pytest.mark.parametrize(
    ("without", "dialect"),
    [
        (set(), "native-8.9"),
        ({UP_TO_APPS}, "native-8.9"),
        ({NEWEST}, "native-8.8"),
        ({NEWEST, UP_TO_APPS}, "native-8.8"),
        ({NEWEST, "TopicCreated"}, "native-8.9"),
        ({"ReceiveNewMessage"}, "native-8.9"),
    ],
)
def test_start_tells_the_generation(opened: Callable[..., str], without: set[str], dialect: str) -> None:
    """Who asks for the callbacks of a generation is of it; who asks for any others gets the newest."""
    address = opened()
    library = started(address, without)
    with Client.connect(address) as control:
        assert [dialect] == spoken(control)
    library.call("DartGetSDKVersion", waits=True)
    while (frame := library.frame())[0] != native.RETURN:
        assert frame[0] != -1
    assert [load(dialect).native_version] == frame[1]


@pytest.mark.parametrize("dialect", native_dialects())
def test_server_says_the_generation(opened: Callable[..., str], dialect: str) -> None:
    """What the server was told holds, however a client starts; devices on a channel are what they would be without it."""
    address = opened(library=dialect)
    started(address, {NEWEST} if dialect == "native-8.9" else set())
    with Client.connect(address) as control:
        assert [dialect] == spoken(control)
        assert Settings().dialect == control.ask("bridge.ping")["dialect"]
        assert "hi" == control.ask("bridge.user.say", user="bob", to="alice", text="hi")["textElem"]["text"]


def test_process_says_the_generation(opened: Callable[..., str]) -> None:
    """A control connection says it for a process's libraries, there or to come, in every world, until it says otherwise."""
    address = opened()
    with Client.connect(address) as control:
        assert {"libraries": 0} == control.ask("bridge.library.use", process=42, dialect="native-8.5")
        started(address)
        assert ["native-8.5"] == spoken(control)
        control.ask("bridge.world.use", world="another", process=42)
        assert ["native-8.5"] == spoken(control)
        assert {"libraries": 1} == control.ask("bridge.library.use", process=42, dialect="native-8.8")
        assert ["native-8.8"] == spoken(control)
        assert {"libraries": 1} == control.ask("bridge.library.use", process=42)
        assert ["native-8.8"] == spoken(control)  # it has not the newest callback on, for 8.5 has none
        started(address, process=43)
        assert ["native-8.8"] == spoken(control)


def test_generation_is_found_behind_a_word(opened: Callable[..., str]) -> None:
    """Once nobody says any more what it is, a library that has started is what it has started as."""
    address = opened()
    with Client.connect(address) as control:
        started(address)
        control.ask("bridge.library.use", process=42, dialect="native-8.5")
        assert ["native-8.5"] == spoken(control)
        control.ask("bridge.library.use", process=42)
        assert ["native-8.9"] == spoken(control)


def test_unknown_generation_is_refused(opened: Callable[..., str]) -> None:
    """A dialect that is none of a library's changes nothing, and the nearest is named."""
    address = opened()
    started(address)
    with Client.connect(address) as control:
        for wrong, near in (("native-8.4", ["native-8.9"]), ("nothing", [])):
            with pytest.raises(RpcError, match="there is no dialect of a native library") as refused:
                control.ask("bridge.library.use", process=42, dialect=wrong)
            assert -32000 == refused.value.code
            assert near == refused.value.data["nearest"][:1]
        assert ["native-8.9"] == spoken(control)


def test_function_of_another_generation(opened: Callable[..., str]) -> None:
    """A function that the generation has not is refused, with those that have it."""
    library = started(opened(library="native-8.5"))
    reply = library.ask("DartSearchUsers", "{}", "searchUsers-9")
    assert (-32601, "native-8.5 has no function 'DartSearchUsers'; native-8.9 and native-8.8 have it") == (reply["code"], reply["desc"])
    assert 0 == library.ask("DartGetConversationGroupList", "getConversationGroupList-9")["code"]


@pytest.mark.parametrize("dialect", native_dialects())
def test_device_of_a_generation(opened: Callable[..., str], dialect: str) -> None:
    """A control connection may open one, or be one; other people whom it has speak are on a channel all the same."""
    address = opened()
    with Client.connect(address) as control:
        control.ask("bridge.device.open", device="library", dialect=dialect)
        said = control.ask("bridge.device.call", device="library", method="DartGetSDKVersion")
        assert {"return": load(dialect).native_version} == said
        assert {"dialect": dialect, "platform": "native"} == control.ask("bridge.device.use", dialect=dialect)
        assert "hi" == control.ask("bridge.user.say", user="bob", to="alice", text="hi")["textElem"]["text"]
        with pytest.raises(RpcError, match=f"{dialect} has no platform 'ios'; it has native"):
            control.ask("bridge.device.open", device="phone", dialect=dialect, platform="ios")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["serve", "--dialect", "native-8.5"], "--dialect native-8.5 goes with --listen"),
        (["exec", "--dialect", "native-8.5", "--", "true"], "--dialect native-8.5 goes with --native"),
        (["exec", "--native", "--dialect", "native-8.4", "--", "true"], "not 'native-8.4'; did you mean native-8.9?"),
        (["call", "--dialect", "native-8.5", "getVersion"], "--dialect is one of chat-8.2"),
    ],
)
def test_command_line_says_what_goes(words: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A native dialect goes where a library may connect, and a name that is none is told the nearest."""
    assert 2 == main(words)
    assert problem in capsys.readouterr().err
