"""
What comes as HTTP: a WebSocket's handshake is handed on, a page is shown where the server has any, all else is refused.

A web page can make a browser send requests to this machine: with any method, any body, and under any name that its owner lets
lead here. So a request is read up to the end of its head and no further, and is answered before anything of it could be taken
for a call: only GET is a handshake or asks for a page, and only under a name of this machine, or the address listened on.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from bridge.slices import Slices, imported
from bridge.transports.rpc import DONE

if TYPE_CHECKING:
    from bridge.transports.connection import Connection, Door
    from bridge.transports.listening import Listener

END_OF_HEAD = b"\r\n\r\n"
UPGRADE = rb"(?im:^upgrade[ \t]*:)"
HOST = rb"(?im:^host[ \t]*:[ \t]*(.*?)[ \t]*\r?$)"

NOT_HTTP = "timbridge speaks WebSocket here, JSON-RPC by lines, and platform messages; not plain HTTP.\n"
NO_LIBRARY = "WebSocket needs one more package where this server runs: pip install 'timbridge[listen]'\n"


def _importing() -> Slices[None]:
    """Import what a WebSocket needs, a part at a time."""
    try:
        yield from imported("importlib.metadata", "websockets.exceptions", "websockets.server")
    except ImportError:
        return  # see `HttpDoor._door`


class HttpDoor:
    """A client that speaks HTTP: with the end of its request's head it has either become a WebSocket client, or been refused."""

    def __init__(self, listener: Listener, connection: Connection) -> None:
        self._listener = listener
        self._connection = connection
        self._head = b""
        self._inner: Door | None = None
        self._asked: list[bytes] = []
        self._imports = _importing()
        self._answered = False

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        if self._inner is not None:
            self._inner.feed(data)
            return
        if self._asked:
            self._asked.append(data)
            return
        self._head += data
        method, space, _ = self._head.partition(b" ")
        if space and method != b"GET":
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, NOT_HTTP)
            return
        head, end, rest = self._head.partition(END_OF_HEAD)
        if not end:
            return
        self._head = b""
        problem = self._problem(head)
        if problem is not None:
            self._refuse(HTTPStatus.FORBIDDEN, problem)
            return
        if self._listener.pages is not None and not re.search(UPGRADE, head):
            target = head.split(b" ", 2)[1].decode("latin-1")
            self._answer(self._listener.pages(target))
            return
        self._asked = [head + end, rest]

    def step(self) -> bool:
        """Carry out the next message, the handshake first. Returns False if there is none."""
        if self._asked:
            if next(self._imports, DONE) is DONE:
                self._shake_hands()
                return self._inner is not None
            return True
        return self._inner is not None and self._inner.step()

    def _shake_hands(self) -> None:
        """Hand on what was asked, and what was said behind it."""
        asked, *behind = self._asked
        self._asked = []
        door = self._inner = self._door()
        if door is None:
            return
        door.feed(asked)
        rest = b"".join(behind)
        if rest and door.admitted():
            door.feed(rest)

    def finish(self) -> None:
        """No more bytes come."""
        if self._asked:
            self._shake_hands()
        if self._inner is not None:
            self._inner.finish()
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, NOT_HTTP)

    def farewell(self) -> None:
        """Let the WebSocket say it."""
        if self._inner is not None:
            self._inner.farewell()

    def admitted(self) -> bool:
        """Return whether the client has been let in."""
        return self._inner is not None and self._inner.admitted()

    def too_much(self) -> None:
        """Refuse a head that is too long."""
        self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, NOT_HTTP)

    def close(self) -> None:
        """The connection is gone."""
        if self._inner is not None:
            self._inner.close()

    # --- the head

    def _problem(self, head: bytes) -> str | None:
        """Return why nobody may come under that name; None if one may."""
        names = re.findall(HOST, head)
        if len(names) != 1:
            return "A request names its host once.\n"
        name = names[0].decode("latin-1")
        if self._listener.access.is_called(name, self._connection.local_host()):
            return None
        return f"This server is not called {name}. Its owner can allow that: --allow-host {name.rpartition(':')[0] or name}\n"

    def _door(self) -> Door | None:
        try:
            from bridge.transports.websocket import WebSocketDoor
        except ImportError:
            self._refuse(HTTPStatus.NOT_IMPLEMENTED, NO_LIBRARY)
            return None
        return WebSocketDoor(self._listener, self._connection)

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        body = text.encode("utf-8", "replace")
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._answer(head.encode() + body)

    def _answer(self, answer: bytes) -> None:
        """Answer once, and end the connection."""
        if self._answered:
            return
        self._answered = True
        self._connection.write(answer)
        self._connection.end()
