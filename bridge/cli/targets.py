"""What reaches a target of `timbridge verify`: this bridge in this process, a command's pipes, a port."""

from __future__ import annotations

import subprocess
from queue import Empty
from time import monotonic
from typing import Any

from attrs import evolve

from bridge.codecs import jsonrpc
from bridge.codecs.errors import Refused
from bridge.conformance.recordings import Recording
from bridge.conformance.redaction import MARK
from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings
from bridge.errors import BridgeError, ProtocolError
from bridge.testing.wires import apart
from bridge.transports.ends import End, Frames, Inbox, of_process, of_socket, reach

MOST_SHOWN = 200
"""How much of what is no message is quoted."""


class TargetFailed(Exception):
    """The target hung, ended, or said what is no message; in one sentence."""


class OwnTarget:
    """This bridge, in this process, in a fresh world."""

    def __init__(self, set_up: Settings) -> None:
        self._policy = set_up.policy
        self._sent: list[dict[str, Any]] = []
        self._client = RpcClient(Server(set_up), self._sent.append)

    @classmethod
    def like(cls, recording: Recording, base: Settings | None = None) -> OwnTarget:
        """Return a target of the dialect and platform that were recorded."""
        return cls(evolve(base or Settings(), dialect=recording.dialect, platform=recording.platform))

    def call(self, number: int, method: str, arguments: Any) -> list[dict[str, Any]]:
        """Make a call; see `Target.call`. Where signatures are verified, one that was blanked is made anew."""
        self._sent.clear()
        if isinstance(arguments, dict) and arguments.get("userSig") == MARK and self._policy.usersig_key is not None:
            arguments = {**arguments, "userSig": self._signature(str(arguments.get("userID")))}
        self._client.receive({"jsonrpc": "2.0", "id": number, "method": method, "params": arguments})
        return list(self._sent)

    def close(self) -> None:
        """Do nothing: it ends with us."""

    def _signature(self, user_id: str) -> str:
        from bridge import usersig

        key, app = self._policy.usersig_key, self._policy.sdk_app_id
        assert key is not None and app is not None
        return usersig.sign(user_id, app, key, now_s=self._client.session.emulator.world.now_ms // 1000)


class RemoteTarget:
    """
    Another server.

    What belongs to a call is what comes until a `bridge.ping` behind it is answered, be it with an error: replies and
    events keep their order.

    Args:
        where: a command, or `HOST:PORT` with or without `tcp://`.
        timeout_s: how long a call may take.
    """

    def __init__(self, where: str | list[str], timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._inbox = Inbox()
        self._process: subprocess.Popen[bytes] | None = None
        self._markers = 0
        self._end = self._of_command(where) if isinstance(where, list) else self._of_address(where)

    def _of_address(self, where: str) -> End:
        from bridge.transports.access import address

        return of_socket(self._inbox, reach(*address(where.removeprefix("tcp://"))), Frames())

    def _of_command(self, words: list[str]) -> End:
        try:
            process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **apart())
        except OSError as error:
            raise BridgeError(f"cannot be started: {error.strerror}", file=words[0] if words else "--target") from None
        self._process = process
        return of_process(self._inbox, process, Frames())

    def call(self, number: int, method: str, arguments: Any) -> list[dict[str, Any]]:
        """Make a call; see `Target.call`. Raises TargetFailed."""
        self._markers += 1
        marker = f"timbridge-verify-{self._markers}"
        for identifier, name, params in ((number, method, arguments), (marker, "bridge.ping", {})):
            self._end.send(jsonrpc.dumps({"jsonrpc": "2.0", "id": identifier, "method": name, "params": params}))
        came: list[dict[str, Any]] = []
        until = monotonic() + self._timeout_s
        during = f"during call {number} {method}"
        while True:
            try:
                frame = self._inbox.get(timeout=max(until - monotonic(), 0.001)).frame
            except Empty:
                raise TargetFailed(self._hung(came, number, during)) from None
            if frame is None:
                raise TargetFailed(f"the target ended {during}{self._status()}")
            message = _message(frame)
            if message is None:
                raise TargetFailed(f"the target said what is no JSON-RPC {during}: {_quoted(frame)}")
            if message.get("id") == marker and "method" not in message:
                return came
            came.append(message)

    def _hung(self, came: list[dict[str, Any]], number: int, during: str) -> str:
        took = f"in {self._timeout_s:g} s {during} (--timeout)"
        if any("method" not in message and message.get("id") == number for message in came):
            return f"the target answered, but not the bridge.ping behind the call {took}; an error would do"
        return f"the target did not answer {took}"

    def _status(self) -> str:
        if self._process is None:
            return ""
        try:
            return f", with status {self._process.wait(1.0)}"
        except subprocess.TimeoutExpired:
            return ""

    def close(self) -> None:
        """End the target by ending its input; one that does not care is killed."""
        self._end.leave(1.0)
        if self._process is None:
            return
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _message(frame: bytes | bytearray | Refused) -> dict[str, Any] | None:
    if isinstance(frame, Refused):
        return None
    try:
        value = jsonrpc.loads(frame)
    except ProtocolError:
        return None
    return value if isinstance(value, dict) and value.get("jsonrpc") == "2.0" else None


def _quoted(frame: bytes | bytearray | Refused) -> str:
    if isinstance(frame, Refused):
        return frame.message
    text = bytes(frame).decode("utf-8", "replace")
    return repr(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…")
