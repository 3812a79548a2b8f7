"""`timbridge serve`: the bridge for one client on stdio, or for many over sockets."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bridge import garbage
from bridge.catalogue import native_dialects
from bridge.cli.options import Option, UsageError, Verb
from bridge.cli.setup import CLIENTS, WORLD, settings
from bridge.errors import BridgeError

if TYPE_CHECKING:
    from bridge.emulator import Server

UI = Option("--ui", "Show what happens on a page, whose address is told; listens on a free port where none is given.")

VERB = Verb(
    "serve",
    "Serves the bridge. Without --listen it speaks JSON-RPC 2.0 on standard input and output, one JSON value per\n"
    "line or behind Content-Length headers, as the client begins, and ends with its input. With --listen it serves\n"
    "any number of clients over TCP and WebSocket on one port; the first line of its output tells the address.\n"
    "With --ui a page on the same port shows what happens, and lends a hand.",
    (
        *CLIENTS,
        Option("--listen", "Serve over TCP and WebSocket there; port 0 picks a free one.", "HOST:PORT"),
        UI,
        Option("--token", "What every connection must present; needed to listen beyond this machine.", "TEXT"),
        Option("--allow-origin", "A web origin that may connect, besides those of this machine; several with commas.", "URL"),
        Option("--allow-host", "A name that WebSocket clients may call this server by, besides its address; several with commas.", "NAME"),
        Option("--until-stdin-closes", "Stop when standard input ends, that is when whoever started this is gone."),
        Option("--export-on-exit", "Write the world to this file at the end.", "FILE"),
        *WORLD,
    ),
    examples=(
        "printf '%s\\n' '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getVersion\"}' | timbridge serve",
        "timbridge serve --listen 127.0.0.1:7400 --world team",
        "timbridge serve --ui",
    ),
)


ANYWHERE = "127.0.0.1:0"


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Serve until the input ends or a signal comes."""
    listen = options["listen"] or (ANYWHERE if options["ui"] else None)
    if listen is None:
        for name in ("token", "allow_origin", "allow_host", "until_stdin_closes"):
            if options[name]:
                raise UsageError(f"--{name.replace('_', '-')} goes with --listen")
        if options["dialect"] in native_dialects():
            raise UsageError(f"--dialect {options['dialect']} goes with --listen: a native library connects to a port")
    from bridge.emulator import Server

    path = options["export_on_exit"]
    if path is not None:
        from bridge.transports.exporting import check

        check(path)
    server = Server(settings(options))
    if server.settings.world is not None:
        garbage.leave_alone()
    if listen is None:
        from bridge.transports import stdio

        _greet()
        with exported(server, path):
            stdio.serve(server, ends_softly=path is not None)
    else:
        from bridge.transports import listening

        where = listening.Listen.of(listen, options)
        with exported(server, path):
            if options["ui"]:
                from bridge.inspector.showing import serve

                serve(server, where)
            else:
                listening.serve(server, where)
    if path is not None or listen is not None:
        from bridge.transports.stdio import ignore_signals

        ignore_signals()
    return 0


def _greet() -> None:
    """Say to a person at a terminal what to type; programs are told nothing."""
    if sys.stdin is None or not sys.stdin.isatty():
        return
    line = '{"jsonrpc":"2.0","id":1,"method":"getVersion"}'
    print(f"timbridge: a call per line, such as {line}; Ctrl-D ends. `timbridge call getVersion` is shorter.", file=sys.stderr)


@contextmanager
def exported(server: Server, path: str | None) -> Iterator[None]:
    """Write the world to a file, if any, however the serving ends; but not where it never began, for the operator's mistakes."""
    try:
        yield
    except BridgeError:
        raise
    except BaseException:
        _export(server, path)
        raise
    _export(server, path)


def _export(server: Server, path: str | None) -> None:
    if path is not None:
        from bridge.transports.exporting import export

        export(server.world(), path)
