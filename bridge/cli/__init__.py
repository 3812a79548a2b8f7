"""
The command `timbridge`: verbs for people.

Each verb is a module here with a `VERB` (its options as data, see `options`) and a function `run(options,
arguments)` that returns the exit status. A verb's module is imported when the verb is used, so that `serve` starts
fast. Results go to stdout, all else to stderr. Exit status: 0 done; 1 the answer is no (a refusal, a difference, a
failed check); 2 it was called wrongly.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

VERBS: dict[str, str] = {
    "serve": "Serve the bridge on standard input and output, or to many clients over TCP and WebSocket.",
    "exec": "Run a command, such as `flutter test`, with a server that lives as long as the command.",
    "open": "Open the inspector: a page that shows what happens in a server's worlds.",
    "call": "Make one call and print its reply.",
    "explain": "Tell all that is known about a method: arguments, replies, events, refusals, evidence.",
    "list": "List the names of methods, events, models, codes, switches, worlds, dialects.",
    "record": "Stand between a client and a server, and write down all that passes.",
    "replay": "Answer a client out of a recording.",
    "verify": "Play the calls of a recording against a server, and report every difference.",
    "conform": "Play the suite of cases against something, and tell what is the same as in the real one.",
    "drift": "Hold an installed plugin's sources against the schemas, and tell what differs.",
    "demo": "Play a story with two devices and another user, and show every call, reply and event.",
    "schemas": "Write the schemas of a dialect for code generators, validators and editors.",
    "reference": "Write all that is known of the dialects as a folder of pages for people.",
    "stubs": "Print a dialect's calls as typed Python, for editors and type checkers.",
    "usersig": "Make a UserSig as an app's backend would, or check one.",
    "native": "Build the library that plugins from 8.5.6864+4 on load, or tell where it is.",
    "doctor": "Check this installation, and say what to do about what is wrong.",
    "version": "Tell which timbridge this is.",
    "completion": "Print the completion script of a shell.",
}


def main(argv: list[str] | None = None) -> int:
    """Run the command with arguments (those of the process by default). Returns the exit status."""
    if argv is not None:
        return _main(argv)
    from bridge.cli import console

    console.prepare()
    try:
        status = _main(sys.argv[1:])
    except KeyboardInterrupt:
        status = 130
    except OSError as error:
        if error.filename is None:
            return console.gone(error)
        status = complain(f"{error.filename}: {error.strerror}")
    return console.finish() or status


def _main(words: list[str]) -> int:
    first = words[0] if words else "--help"
    if first in ("-h", "--help", "help"):
        return _help(words[1:] if first == "help" else [])
    if first in ("-V", "--version"):
        from bridge import __version__

        print(f"timbridge {__version__}")
        return 0
    if first not in VERBS:
        from bridge.errors import did_you_mean, nearest

        hint = did_you_mean(nearest(first, VERBS), "see `timbridge --help`")
        return complain(f"there is no verb {first!r}{hint}")
    return _run(import_module(f"bridge.cli.{first}"), words[1:])


def complain(text: str) -> int:
    """Say on stderr what is wrong with how the command was called. Returns the exit status for that."""
    try:
        print(f"timbridge: {text}", file=sys.stderr)
    except (OSError, ValueError):
        pass  # nobody is to be told
    return 2


def _run(module: Any, words: list[str]) -> int:
    from bridge.cli.options import HelpWanted, help_text, parse
    from bridge.errors import BridgeError

    try:
        options, arguments = parse(module.VERB, words)
        status: int = module.run(options, arguments)
    except HelpWanted:
        print(help_text(module.VERB))
        return 0
    except BridgeError as error:
        return complain(str(error))
    except KeyboardInterrupt:
        return 130
    return status


def _help(words: list[str]) -> int:
    if words and words[0] in VERBS:
        return _main([words[0], "--help"])
    width = max(map(len, VERBS)) + 2
    print("usage: timbridge VERB [OPTIONS]\n")
    print("The native side of Tencent Cloud Chat's Flutter plugin, played by a program.\n")
    for name, what in VERBS.items():
        print(f"  {name.ljust(width)}{what}")
    print("\n`timbridge VERB --help` tells more about a verb; `timbridge --version` tells which one this is.")
    return 0
