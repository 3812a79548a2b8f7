"""
A program that plays Dart to the native library: it loads it, hands it a Dart API and a port, and calls it as dart:ffi would.

Each host has a copy of the library of its own, since what a library keeps belongs to the process. What the texts of a call point to is
overwritten as soon as the call returns, as Dart's allocator would.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.codecs.native import TABLE
from bridge.native import building
from tests.support.patience import until

PATIENCE_S = 20.0
SAID = json.loads((building.SOURCES / "exports.json").read_text("utf-8"))
TYPES: dict[str, Any] = {
    "const char*": ctypes.c_void_p,
    "void*": ctypes.c_void_p,
    "bool": ctypes.c_bool,
    "int": ctypes.c_int,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "intptr_t": ctypes.c_ssize_t,
    "unsigned int": ctypes.c_uint,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "void": None,
}
SIGNATURES = {row["name"]: (row["returns"], [kind for kind, _ in row["parameters"]]) for row in SAID["exports"]}
TEXTS = ("const char*", "void*")


class Message(ctypes.Structure):
    """A Dart_CObject: its type, and of what it may be only a text."""

    _fields_ = (("type", ctypes.c_int32), ("text", ctypes.c_char_p), ("room", ctypes.c_void_p * 4))


class Entry(ctypes.Structure):
    """A function of the Dart API by its name."""

    _fields_ = (("name", ctypes.c_char_p), ("function", ctypes.c_void_p))


class Api(ctypes.Structure):
    """What NativeApi.initializeApiDLData points to."""

    _fields_ = (("major", ctypes.c_int), ("minor", ctypes.c_int), ("entries", ctypes.POINTER(Entry)))


_LASTING: list[Any] = []
"""The functions of every host there has been: a library may post as long as the process lives, and those of the VM are always there."""

POST = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_int64, ctypes.POINTER(Message))
CURRENT = ctypes.CFUNCTYPE(ctypes.c_void_p)


class DartHost:
    """
    A process with the library in it.

    Args:
        library: its file.
        folder: where its copy goes.

    Attributes:
        posted: (port, text) of all that was posted, in order.
        isolates: what the VM says of a thread, by the thread's id; others are in none.
    """

    def __init__(self, library: Path, folder: Path) -> None:
        copy = folder / f"copy-{len(list(folder.iterdir()))}-{library.name}"
        shutil.copy(library, copy)
        self.library = ctypes.CDLL(str(copy))
        self.posted: list[tuple[int, bytes]] = []
        self.closed: set[int] = set()
        self.isolates: dict[int, int] = {}
        self.hold: Callable[[], None] | None = None
        self._changed = threading.Condition()
        self._post = POST(self._take)
        self._current = CURRENT(lambda: self.isolates.get(threading.get_ident()))
        _LASTING.append((self._post, self._current))
        self.api = self._api(2)

    def _api(self, major: int) -> Api:
        functions = {b"Dart_Unused": None, b"Dart_PostCObject": self._post, b"Dart_CurrentIsolate": self._current}
        rows = [Entry(name, ctypes.cast(function, ctypes.c_void_p) if function else None) for name, function in functions.items()]
        entries = (Entry * (len(rows) + 1))(*rows)
        self._entries = entries
        return Api(major, 5, entries)

    def _take(self, port: int, message: Any) -> bool:
        if self.hold is not None:
            self.hold()
        with self._changed:
            if port in self.closed:
                return False
            assert message.contents.type == 5
            self.posted.append((port, bytes(message.contents.text)))
            self._changed.notify_all()
            return True

    def call(self, name: str, *values: Any) -> Any:
        """Call an export; a returned text as str. What was passed is overwritten afterwards."""
        returns, kinds = SIGNATURES[name]
        assert len(values) == len(kinds), name
        function = getattr(self.library, name)
        function.restype = ctypes.c_char_p if returns == "const char*" else TYPES[returns]
        function.argtypes = [TYPES[kind] for kind in kinds]
        kept = [
            ctypes.create_string_buffer(value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))
            if kind in TEXTS and isinstance(value, str | bytes)
            else value
            for kind, value in zip(kinds, values, strict=True)
        ]
        given = [ctypes.cast(item, ctypes.c_void_p) if isinstance(item, ctypes.Array) else item for item in kept]
        result = function(*given)
        for item in kept:
            if isinstance(item, ctypes.Array):
                ctypes.memset(item, 0xDD, len(item))
        if returns == "const char*":
            assert result is not None, f"{name} returned NULL"
            return result.decode()
        return result

    def start(self, port: int = 1, user: str | None = None) -> None:
        """Do what initSDK does, and log in."""
        assert self.call("DartInitDartApiDL", ctypes.addressof(self.api)) == 0
        self.call("DartRegisterSendPort", port)
        assert self.call("DartInitSDK", 1400000000, "{}") == 0
        if user is not None:
            assert self.ask("DartLogin", user, "sig", f"login-{user}@{port}")["code"] == 0

    def wait(self, enough: Callable[[list[tuple[int, bytes]]], bool], patience_s: float = PATIENCE_S) -> None:
        """Wait until what was posted is enough."""
        with self._changed:
            assert self._changed.wait_for(lambda: enough(self.posted), patience_s), f"only this was posted: {self.posted[-5:]}"

    def texts(self) -> list[dict[str, Any]]:
        """Return all that was posted, read."""
        with self._changed:
            return [json.loads(text) for _, text in self.posted]

    def reply(self, user_data: str) -> dict[str, Any]:
        """Wait for the text that answers a call. Returns it."""
        found: list[dict[str, Any]] = []

        def there(posted: list[tuple[int, bytes]]) -> bool:
            mark = json.dumps(user_data, ensure_ascii=False).encode()
            found[:] = [json.loads(text) for _, text in posted if mark in text and json.loads(text).get("user_data") == user_data]
            return bool(found)

        self.wait(there)
        return found[0]

    def wait_for_user(self, user: str) -> None:
        """Wait until the library knows who is logged in."""
        until(lambda: self.call("DartGetLoginUserID") == user)

    def ask(self, name: str, *values: Any) -> dict[str, Any]:
        """Make an asynchronous call, the last value being its `user_data`, and wait for its reply."""
        assert self.call(name, *values) == 0
        return self.reply(values[-1])


def samples(name: str, number: int) -> list[Any]:
    """Return arguments for a function that tell its parameters apart."""
    values: list[Any] = []
    for at, kind in enumerate(SIGNATURES[name][1]):
        if kind in TEXTS:
            values.append(f"text {at} 😀\u2028\"\\ of {name}-{number}")
        else:
            values.append(at % 2 == 0 if kind == "bool" else number + at)
    return values


def parameters(name: str) -> tuple[str, ...]:
    """Return the names of a function's parameters."""
    return TABLE[name][2]


@pytest.fixture(scope="session")
def library() -> Path:
    """Return the library for this machine; a machine without any C compiler cannot run what needs it."""
    if not building.compilers():
        pytest.skip("neither cc nor ziglang is here")
    wanted = building.target(None)
    return building.build(wanted) / wanted.file


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what sets the environment that a library reads when it connects."""

    def set_them(address: str | None, world: str = "", device: str = "", token: str = "") -> None:
        for name, value in {"ADDRESS": address, "WORLD": world, "DEVICE": device, "TOKEN": token}.items():
            if value:
                monkeypatch.setenv(f"TIMBRIDGE_{name}", value)
            elif f"TIMBRIDGE_{name}" in os.environ:
                monkeypatch.delenv(f"TIMBRIDGE_{name}")

    return set_them
