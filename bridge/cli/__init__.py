"""The command `timbridge`."""

from __future__ import annotations

import argparse
import sys


def main(argv: list[str] | None = None) -> int:
    """Run the command with arguments (those of the process by default). Returns the exit status."""
    parser = argparse.ArgumentParser(prog="timbridge")
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve")
    serve.add_argument("--dialect", default="chat-8.2")
    serve.add_argument("--platform", default="android")
    args = parser.parse_args(sys.argv[1:] if argv is None else argv)
    from bridge.emulator import Server, Settings
    from bridge.transports import stdio

    stdio.serve(Server(Settings(dialect=args.dialect, platform=args.platform)))
    return 0
