"""`timbridge open`: the inspector's page in a browser."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from bridge.cli.options import Option, Verb
from bridge.cli.setup import CLIENTS, WORLD, settings
from bridge.errors import BridgeError
from bridge.transports.descriptors import say

VERB = Verb(
    "open",
    "Opens the inspector in a browser: a page that shows what happens in a server's worlds, and lends a hand. The\n"
    "address is that of a running `timbridge serve --ui`, or what it has printed; without one a server is started, as\n"
    "`timbridge serve --ui` does.",
    (
        Option("--token", "The token of the server; it stands behind # in the page's address, and is sent to the server alone.", "TEXT"),
        *CLIENTS,
        *WORLD,
    ),
    "[ADDRESS]",
    0,
    1,
    examples=("timbridge open", "timbridge open 127.0.0.1:7400"),
)

PATIENCE_S = 10.0


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Open the page."""
    if arguments:
        _show(_page_at(arguments[0], options["token"]))
        return 0
    from bridge.cli.serve import ANYWHERE
    from bridge.emulator import Server
    from bridge.inspector.showing import serve
    from bridge.transports.listening import Listen

    serve(Server(settings(options)), Listen.of(ANYWHERE, options), _show_beside)
    return 0


def _page_at(given: str, token: str | None) -> str:
    """Return the address of the page of a running server. Raises BridgeError if there is none."""
    from bridge.inspector.pages import address
    from bridge.transports.access import address as place

    parts = urlsplit(given if "://" in given else f"//{given}")
    host, port = place(parts.netloc)
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    connection = HTTPConnection(host, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/")
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise BridgeError(f"nobody listens on {where} ({error}): start a server with `timbridge serve --ui --listen {where}`") from None
    finally:
        connection.close()
    if status != 200:
        raise BridgeError(f"the server on {where} has no page: start it with --ui")
    url = address(where, token)
    return f"{url}#{parts.fragment}" if parts.fragment and token is None else url


def _show(url: str) -> None:
    import webbrowser

    if webbrowser.open(url):
        say(f"the inspector is at {url}")
    else:
        say(f"there is no browser to be opened; the inspector is at {url}")


def _show_beside(url: str) -> None:
    """Do the same beside the server: a browser in a terminal takes as long as it is open."""
    from threading import Thread

    Thread(target=_show, args=(url,), daemon=True).start()
