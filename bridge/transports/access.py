"""Who may connect: the token, and which web pages a browser may connect for."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from bridge.errors import BridgeError

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")

EMULATORS_HOSTS = ("10.0.2.2", "10.0.3.2")
"""What this machine's loopback is called inside Android's emulator, and inside Genymotion's."""


class Access:
    """
    The rules of a listening server.

    Args:
        token: what every connection must present; None if none need be.
        origins: web origins that may connect besides those of this machine; "*" allows all.
        hosts: what HTTP clients may call the server, besides the names of this machine's loopback.
    """

    def __init__(self, token: str | None = None, origins: tuple[str, ...] = (), hosts: tuple[str, ...] = ()) -> None:
        self.token = token
        self._origins = origins
        self._hosts = frozenset(host.casefold() for host in (*hosts, *EMULATORS_HOSTS))

    @property
    def is_open(self) -> bool:
        """Return whether no token is needed."""
        return self.token is None

    def knows(self, token: Any) -> bool:
        """Return whether that is the token; anything is, where none is needed."""
        if self.token is None:
            return True
        if not isinstance(token, str):
            return False
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode("utf-8", "replace"))

    def welcomes(self, origin: str | None) -> bool:
        """Return whether a browser may connect for a page of that origin; None is no browser."""
        if origin is None or origin in self._origins or "*" in self._origins:
            return True
        try:
            parts = urlsplit(origin)
            return parts.scheme in ("http", "https") and parts.hostname in LOCAL_HOSTS
        except ValueError:
            return False

    def is_called(self, host: str, local: str) -> bool:
        """
        Return whether a client may call the server by that name: none that the owner of a web page could let lead here.

        Args:
            host: the header `Host`, with or without a port.
            local: the address that the client has reached.
        """
        try:
            name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
        except ValueError:
            return False
        if name == "localhost" or name.endswith(".localhost") or is_loopback(name):
            return True
        return name in self._hosts or name == local.partition("%")[0].casefold()


def address(text: str) -> tuple[str, int]:
    """
    Return (host, port) of `HOST:PORT`, `[HOST]:PORT` or a port alone, which stands for this machine's loopback.

    Raises: BridgeError.
    """
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not port.isdecimal() or int(port) > 65535:
        raise BridgeError(f"{text!r} is no address: expected HOST:PORT, such as 127.0.0.1:7400; port 0 picks one")
    # Both families of `localhost` would be two sockets with two ports.
    return ("127.0.0.1" if host in ("", "localhost") else host), int(port)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach that host."""
    from ipaddress import ip_address

    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
