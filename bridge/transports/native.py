"""
The native library over TCP: C calls come, texts for the Dart port go, and now and then a returned value. See docs/native-door.md.

A connection is a device of a dialect that has no channel. What a call means and what is said of it is the dialect's; here it is given
the names of its arguments, and its reply the `user_data` that Dart knows it by.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from bridge.codecs import native
from bridge.codecs.errors import CodecError
from bridge.control.session import SEARCHES, Session
from bridge.emulator import native_dialect
from bridge.engine.journal import SMALL_BYTES
from bridge.engine.turn import Event, Reply, Turn
from bridge.errors import OUR_BUG, ProtocolError
from bridge.transports.rpc import DONE
from bridge.transports.wall import wall_ms

if TYPE_CHECKING:
    from bridge.transports.connection import Connection
    from bridge.transports.listening import Listener

PLATFORM = "native"
START = "DartInitSDK"
LOGGED_OUT = 3
NO_DIALECT = "this server has no dialect for the native library"


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_QUOTE = json.encoder.encode_basestring


class Key(NamedTuple):
    """A call's number, and what Dart knows it by; None where no text is due."""

    number: int
    user_data: str | None


class Later:
    """
    A call whose last answer is told and not replied.

    Attributes:
        number: of the call.
        may_end: its reply, which says that much, has gone out: no fault holds it back.
        text: the last answer, once it is known.
    """

    __slots__ = ("number", "may_end", "text")

    def __init__(self, number: int) -> None:
        self.number = number
        self.may_end = False
        self.text: bytes | None = None


class NativeDoor:
    """
    A library of ours in a process of somebody's.

    A frame that cannot be understood ends the connection, with a word about why.
    """

    def __init__(self, listener: Listener, connection: Connection) -> None:
        self._listener = listener
        self._connection = connection
        self._framing = native.NativeFraming()
        self._frames: deque[tuple[int, bytes]] = deque()
        self._session: Session | None = None
        self._told: tuple[str, int] = ("", LOGGED_OUT)
        self._row: object = None
        self._user_data: str | None = None
        self._number = 0
        self._later: dict[str, Later] = {}
        self._process = 0
        self._work: Iterator[None] | None = None
        self._wanted: str | None = None
        self._seen = 0
        self._marked = self._calls = self._posts = 0
        self._held: dict[int, dict[str, Any]] = {}

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        self._frames.extend(self._framing.feed(data))

    def step(self) -> bool:
        """Carry out the next frame. Returns False if there is none."""
        if self._work is not None:
            if next(self._work, DONE) is DONE:
                self._work = None
        elif self._frames:
            kind, rest = self._frames.popleft()
            try:
                self._take(kind, rest)
            except CodecError as flaw:
                self._refuse(flaw.message)
        elif self._framing.problem:
            self._refuse(self._framing.problem)
        return self._work is not None or bool(self._frames) or bool(self._framing.problem)

    def finish(self) -> None:
        """No more bytes come; half a frame is none."""

    def farewell(self) -> None:
        """Do nothing: a closed stream says it."""

    def admitted(self) -> bool:
        """Return whether the library has been let in."""
        return self._session is not None

    def too_much(self) -> None:
        """Say that a stranger has said too much."""
        self._connection.write(native.encode_frame(native.REFUSED, b"a first frame says who connects, and no more"))

    def close(self) -> None:
        """The connection is gone."""
        self._work = None
        session, self._session = self._session, None
        if session is not None:
            self._listener.watchers.discard(self.refresh)
            self._listener.server.companions.leave(self._process, self)
            session.close()

    # --- frames

    def _take(self, kind: int, rest: bytes) -> None:
        session = self._session
        if session is None:
            if kind != native.HELLO:
                raise CodecError("The first frame is no HELLO.")
            self._admit(native.decode_hello(rest))
        elif kind in (native.CALL, native.WAIT, native.NAMED):
            call = native.decode_call(rest)
            if call.function in SEARCHES:
                self._work = self._search(session, call, kind, len(rest))
            else:
                self._carry_out(session, call, kind, len(rest))
        elif kind == native.MARK:
            self._marked = native.decode_mark(rest)
        else:
            raise CodecError(f"No frame of a library is of kind {kind}.")

    def _admit(self, hello: native.Hello) -> None:
        """Let a library in, if it may be."""
        listener = self._listener
        if not listener.access.knows(hello.token):
            self._refuse("this server wants its token: set TIMBRIDGE_TOKEN")
            return
        if hello.version != native.FRAMES_VERSION:
            mine = native.FRAMES_VERSION
            self._refuse(f"the library has frames of version {hello.version}, the server of {mine}: use those of one timbridge")
            return
        companions = listener.server.companions
        self._wanted = companions.dialect_of(hello.process) or listener.server.settings.library
        dialect = native_dialect(self._wanted or "")
        if dialect is None:
            self._refuse(NO_DIALECT)
            return
        world = companions.world_of(hello.process) or hello.world or ""
        self._session = Session(listener.server, self, world, hello.device, (dialect, PLATFORM))
        self._process = hello.process
        companions.join(hello.process, self)
        companions.arrive(hello.process, self._session.emulator)
        listener.watchers.add(self.refresh)

    # --- as the companion of its process's client

    def move(self, world: str) -> None:
        """Begin anew in another world."""
        if self._session is not None:
            self._held.clear()
            self._later.clear()
            self._session.use_world(world)
            self._listener.server.companions.arrive(self._process, self._session.emulator)
            self.refresh()

    def speak(self, dialect: str | None) -> None:
        """Speak a dialect from now on; None: what the server says, else what the client has started as."""
        self._wanted = dialect or self._listener.server.settings.library
        session = self._session
        if session is None:
            return
        if self._wanted is not None:
            session.emulator.speak(session.own, self._wanted)
        elif session.emulator.engine.device(session.own).initialised:
            session.emulator.recognise(session.own)

    def mark(self, number: int) -> None:
        """Have a number sent back once all that was sent so far is at the port."""
        self._connection.write(native.encode_mark(number))

    def seen(self) -> dict[str, Any]:
        """Return how far it is."""
        assert self._session is not None  # who is not let in follows nobody
        device = self._session.emulator.engine.device(self._session.own)
        return {
            "device": device.name,
            "dialect": device.dialect,
            "marked": self._marked,
            "calls": self._calls,
            "posts": self._posts,
            "waiting": list(self._held.values()),
        }

    # --- calls

    def _search(self, session: Session, call: native.NativeCall, kind: int, size: int) -> Iterator[None]:
        """Search in slices, then carry the call out, which has found it all."""
        _, _, names = native.TABLE[call.function]
        yield from session.beforehand(call.function, dict(zip(names, call.values, strict=False)))
        if self._session is session:
            self._carry_out(session, call, kind, size)

    def _carry_out(self, session: Session, call: native.NativeCall, kind: int, size: int) -> None:
        emulator = session.emulator
        if self._listener.server.settings.real_clock:
            emulator.follow(wall_ms())
        waits = kind == native.WAIT
        if call.function == START and self._wanted is None:
            emulator.recognise(session.own)
        answer, returns, names = native.TABLE.get(call.function, ("post" if not waits else "wait", "int", ()))
        values = call.values
        given = values.pop() if kind == native.NAMED and values else None
        params: dict[str, Any] = dict(zip(names, values, strict=False))
        if len(values) > len(names):
            params |= {str(place): values[place] for place in range(len(names), len(values))}
        if given is not None:
            params["given_id"] = given
        last = values[-1] if values and answer != "none" else None
        user_data = last if last.__class__ is str and (not names or names[-1] == "user_data") else None
        journal = emulator.engine.journal
        self._calls += 1
        self._seen = journal.last
        journal.attentive = size > SMALL_BYTES
        self._user_data, self._number = user_data, call.number
        try:
            turn = emulator.call(session.own, call.function, params, session.hear)
            reply = turn.reply
            is_later = reply.result.__class__ is dict and "later" in reply.result
            if user_data is not None and (is_later or reply.due_ms is not None or reply.silent):
                due_ms = reply.due_ms
                if is_later:
                    self._later[user_data] = Later(call.number)
                    due_ms = emulator.world.next_due_ms() if due_ms is None else due_ms
                method = emulator.public_name(session.own, call.function, params)
                self._held[call.number] = {"method": method, "dueMs": None if reply.silent else due_ms}
            self._answer(session, Key(call.number, user_data), turn, returns if waits else "")
        finally:
            journal.attentive = False
            self._user_data = None

    def _answer(self, session: Session, key: Key, turn: Turn, returns: str) -> None:
        """Send what came of a call: what it returns to who waits for that, then all else in order."""
        if returns:
            self.refresh()
            self._write(native.encode_frame(native.RETURN, native.encode_values(_returned(turn.reply, returns))))
        session.key = key
        session.deliver(key, turn)

    # --- what is told

    def reply(self, key: Key, reply: Reply) -> None:
        """Post the last answer of a call, if it gets one."""
        body = _body(reply)
        if "later" in body:
            later = None if key.user_data is None else self._later.get(key.user_data)
            if later is not None and key.user_data is not None:
                later.may_end = True
                self._end_later(key.user_data, later)
            return
        if self._held:
            self._held.pop(key.number, None)
        if key.user_data is None:
            return
        if "code" not in body:
            self._write(native.encode_reply(key.number, b""))
            return
        text = _text({"callback": "apiCallback", "user_data": key.user_data, **body})
        self.refresh()
        self._posts += 1
        try:
            frame = native.encode_reply(key.number, text)
        except CodecError as flaw:
            said = {"callback": "apiCallback", "user_data": key.user_data, "code": OUR_BUG, "desc": flaw.message}
            frame = native.encode_reply(key.number, _text(said))
        self._write(frame)

    def event(self, name: str, event: Event) -> None:
        """Post what the device hears; of a further answer to the call that is being carried out, with what Dart knows it by."""
        said = {"callback": "globalCallback", **event.arguments}
        if said["callback"] == "apiCallback":
            self._answer_meanwhile(said)
            return
        try:
            frame = native.encode_frame(native.POST, _text(said))
        except CodecError:
            return  # longer than any text that could be posted: there is no such event
        self.refresh()
        self._posts += 1
        self._write(frame)

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Do nothing: a library asks nothing of the control plane."""

    def is_behind(self) -> bool:
        """See `Client.is_behind`."""
        return False

    def _answer_meanwhile(self, said: dict[str, Any]) -> None:
        """Post a further answer to a call, behind the file that it brings; `last` says that no more comes."""
        user_data = said.setdefault("user_data", self._user_data)
        if user_data is None:
            return
        contents, is_last = said.pop("file", None), said.pop("last", False)
        later = self._later.get(user_data)
        self.refresh()
        if is_last:
            if later is not None:
                later.text = _text(said)
                self._end_later(user_data, later)
            return
        self._posts += 1
        if contents is None:
            self._write(native.encode_frame(native.POST, _text(said)))
        else:
            self._write(native.encode_file(self._number if later is None else later.number, b64decode(contents), _text(said)))

    def _end_later(self, user_data: str, later: Later) -> None:
        """Post the last answer to a call, if it is known and may go out."""
        if later.may_end and later.text is not None:
            del self._later[user_data]
            self._held.pop(later.number, None)
            self._posts += 1
            self._write(native.encode_reply(later.number, later.text))

    def end(self) -> None:
        """End the connection."""
        self._connection.end()

    def refresh(self) -> None:
        """Tell who is logged in, if that is not what was told last."""
        session = self._session
        if session is None:
            return
        device = session.emulator.engine.device(session.own)
        if device is self._row:  # rows do not change: another one is there if anything is different
            return
        self._row = device
        now = (device.user_id or "", device.login_state)
        if now != self._told:
            self._told = now
            self._connection.write(native.encode_frame(native.STATE, native.encode_values(*now, *session.emulator.naming(session.own))))

    def _refuse(self, problem: str) -> None:
        self._frames.clear()
        self._connection.write(native.encode_frame(native.REFUSED, problem.encode("utf-8", "replace")))
        self._connection.end()

    def _write(self, frame: bytes) -> None:
        if self._session is not None:
            self._session.emulator.engine.journal.wrote(len(frame), self._seen)
        self._connection.write(frame)


def _text(said: dict[str, Any]) -> bytes:
    """Return what Dart is to read: plain keys, mostly with texts, without what the function returns. Half a pair is as JSON has it."""
    parts = [
        f'"{key}":{_QUOTE(value) if value.__class__ is str else value if value.__class__ is int else _ENCODE(value)}'
        for key, value in said.items()
        if key != "return"
    ]
    return f"{{{','.join(parts)}}}".encode("utf-8", "backslashreplace")


def _body(reply: Reply) -> dict[str, Any]:
    """Return what a reply says, as a map: an error's number is its code."""
    error = reply.error
    if error is not None:
        return _refusal(error)
    return reply.result if isinstance(reply.result, dict) else {}


def _refusal(error: ProtocolError) -> dict[str, Any]:
    """Return an error as a code; of one that a fault asks to be thrown, which C cannot, what it was to say."""
    data = error.data if isinstance(error.data, dict) else {}
    code = data.get("code")
    if isinstance(code, str) and code.lstrip("-").isdecimal() and abs(int(code)) < 1 << 31:
        return {"code": int(code), "desc": data.get("message") or ""}
    return {"code": error.code, "desc": error.message}


def _returned(reply: Reply, returns: str) -> native.Value:
    """Return what a function returns that has this reply: where nothing is said, "" or the code, so that a refusal is one."""
    if returns == "void":
        return None
    body = _body(reply)
    value = body.get("return")
    if returns == "const char*":
        return value if isinstance(value, str) else ""
    if isinstance(value, int):
        return value
    code = body.get("code", 0)
    return code if isinstance(code, int) else 0
