"""The page on the server's port: which files, under which names, and nothing of it where nobody asked for it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from socket import SHUT_WR
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bridge.inspector import pages
from tests.transports.doors import TIMEOUT_S, connected, listening
from tests.transports.test_strangers import until_closed

FOLDER = Path(pages.__file__).parent / "page"
PAGES = pages.Pages()


def said(address: str, target: str, *headers: str, host: str = "127.0.0.1") -> tuple[str, str]:
    """Return what is answered to a GET: the head and the body."""
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}", *headers, "", ""]
    with connected(address) as peer:
        peer.sendall("\r\n".join(lines).encode())
        peer.shutdown(SHUT_WR)
        head, _, body = until_closed(peer).partition(b"\r\n\r\n")
    return head.decode(), body.decode()


def socket_to(address: str, *names: str, **more: Any) -> ClientConnection:
    """Return a WebSocket that offers subprotocols."""
    offered = [Subprotocol(name) for name in names] or None
    return connect(f"ws://{address}/", subprotocols=offered, open_timeout=TIMEOUT_S, proxy=None, **more)


def token(text: str) -> tuple[str, str]:
    """Return the subprotocols that show a token."""
    return "timbridge", "token." + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.fixture
def address() -> Iterator[str]:
    """Return where a server with the page listens."""
    with listening(pages=PAGES) as found:
        yield found


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.iterdir() if path.suffix in pages.TYPES))
def test_every_file_is_served(address: str, file: str) -> None:
    """With its type and the headers that keep everything else out; the page itself at /, too."""
    for target in (f"/{file}", *(["/", "/?x=1"] if file == "index.html" else [])):
        head, body = said(address, target)
        assert head.startswith("HTTP/1.1 200 OK")
        assert body == (FOLDER / file).read_text("utf-8")
        assert f"Content-Type: {pages.TYPES[Path(file).suffix]}" in head
        for part in ("default-src 'none'; script-src 'self'", "frame-ancestors 'none'", "nosniff", "no-referrer", "no-store"):
            assert part in head


@pytest.mark.parametrize(
    "target",
    [
        *("/../pages.py", "/..%2fpages.py", "/%2e%2e/pages.py", "/page/index.html", "//index.html", "/./index.html", "/index.html/"),
        *("/__init__.py", "/etc/passwd", "/index.html%00", "/INDEX.HTML", "index.html", "*", "http://127.0.0.1/", "/é", "/favicon.ico"),
    ],
)
def test_nothing_else_is_there(address: str, target: str) -> None:
    """No path leads anywhere but to a file of the list."""
    head, body = said(address, target)
    assert head.startswith("HTTP/1.1 404 ")
    assert "There is no such page.\n" == body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "10.1.2.3"])
def test_other_names_are_refused(address: str, host: str) -> None:
    """A page under a name that somebody else could let lead here shows nothing: no rebinding."""
    head, body = said(address, "/", host=host)
    assert head.startswith("HTTP/1.1 403 ")
    assert "<" not in body


def test_no_page_unless_it_is_wanted() -> None:
    """Without it the port is as it was, and the page's code is not even loaded."""
    with listening() as address:
        head, _ = said(address, "/")
    assert head.startswith("HTTP/1.1 426 ")


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1.evil.example", "null", "file://"])
def test_foreign_pages_may_not_connect(address: str, origin: str) -> None:
    """A browser says whose page it is."""
    with pytest.raises(InvalidStatus, match="403"):
        socket_to(address, origin=origin)


@pytest.mark.parametrize(("host", "is_own"), [("box.example", True), ("localhost", True), ("other.example", False)])
def test_own_page_may_connect_under_an_allowed_name(host: str, is_own: bool) -> None:
    """Where the owner lets the server be called so, its page is not a stranger's; without a page every such origin is."""
    for shown, welcome in ((PAGES, is_own), (None, host == "localhost")):
        with listening(pages=shown, hosts=("box.example",)) as address:
            head, _ = said(address, "/", *handshake(f"http://{host}"), host="box.example")
            assert welcome == head.startswith("HTTP/1.1 101 "), (host, shown)


def handshake(origin: str) -> tuple[str, ...]:
    """Return the headers of one; the connection ends at once, as its first frame is none."""
    return (
        *("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
        *("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", f"Origin: {origin}"),
    )


def test_token_stands_among_the_subprotocols() -> None:
    """Whatever letters it has; the one that is spoken is the other one, and the page itself needs no token."""
    with listening(token="sé cret/+", pages=PAGES) as address:
        assert said(address, "/")[0].startswith("HTTP/1.1 200 ")
        with socket_to(address, *token("sé cret/+")) as socket:
            assert "timbridge" == socket.subprotocol
            socket.send('{"jsonrpc": "2.0", "id": 1, "method": "bridge.ping"}')
            assert 1 == json.loads(socket.recv(TIMEOUT_S))["id"]


@pytest.mark.parametrize(
    "names", [(), ("timbridge",), token("wrong"), token(""), ("timbridge", "token."), ("timbridge", "token.A")]
)
def test_wrong_tokens_stay_outside(names: tuple[str, ...]) -> None:
    """None, another one, what is none."""
    with listening(token="secret", pages=PAGES) as address, pytest.raises(InvalidStatus, match="401"):
        socket_to(address, *names)


@pytest.mark.parametrize(("names", "spoken"), [((), None), (("graphql-ws",), None), (("x", "timbridge"), "timbridge")])
def test_subprotocols_are_no_condition(address: str, names: tuple[str, ...], spoken: str | None) -> None:
    """Who offers none, or others, is let in as ever."""
    with socket_to(address, *names) as socket:
        assert spoken == socket.subprotocol


def test_address_tells_secrets_behind_the_hash() -> None:
    """No browser sends that part anywhere."""
    assert "http://127.0.0.1:1/" == pages.address("127.0.0.1:1", None)
    assert "http://[::1]:1/#token=a%2Fb%20%26c&world=t%231" == pages.address("[::1]:1", "a/b &c", "t#1")


def test_command_tells_the_address() -> None:
    """`serve --ui` needs no --listen; its first line and stderr say where the page is. Without --ui nothing of it is loaded."""
    words = [sys.executable, "-X", "importtime", "-m", "bridge", "serve", "--until-stdin-closes"]
    for more, is_shown in ((["--ui", "--token", "t"], True), (["--listen", "127.0.0.1:0"], False)):
        process = subprocess.Popen([*words, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        _, told = process.communicate("", timeout=TIMEOUT_S)
        assert 0 == process.returncode
        assert is_shown == ("bridge.inspector" in told)
        assert "bridge.engine.past" not in told
        if is_shown:
            where = line["listening"].removeprefix("tcp://")
            assert f"http://{where}/#token=t" == line["inspector"]
            assert f"timbridge: the inspector is at http://{where}/#token=t\n" in told
        else:
            assert "inspector" not in line
