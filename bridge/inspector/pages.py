"""The page's files, each as the whole answer to whoever asks for it."""

from __future__ import annotations

from http import HTTPStatus
from importlib.resources import files
from urllib.parse import quote

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

INDEX = "index.html"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Connection": "close",
}


class Pages:
    """All files that there are to be seen, read once: no path of a request ever leads to a file."""

    def __init__(self) -> None:
        self._answers: dict[str, bytes] = {}
        for file in files("bridge.inspector").joinpath("page").iterdir():
            kind = TYPES.get(f".{file.name.rpartition('.')[2]}")
            if kind is not None:
                self._answers[f"/{file.name}"] = _answer(HTTPStatus.OK, kind, file.read_bytes())
        self._answers["/"] = self._answers[f"/{INDEX}"]
        self._nothing = _answer(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"There is no such page.\n")

    def __call__(self, target: str) -> bytes:
        """Return the answer to a request for a path."""
        return self._answers.get(target.partition("?")[0], self._nothing)


def _answer(status: HTTPStatus, kind: str, body: bytes) -> bytes:
    headers = {"Content-Type": kind, "Content-Length": str(len(body)), **HEADERS}
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def address(where: str, token: str | None, world: str = "") -> str:
    """Return the page's address: what is secret, and which world, stand behind `#`."""
    said = {"token": token or "", "world": world}
    fragment = "&".join(f"{name}={quote(value, safe='')}" for name, value in said.items() if value)
    return f"http://{where}/" + (f"#{fragment}" if fragment else "")
