"""`timbridge usersig`: what an app's backend does for a login."""

from __future__ import annotations

import sys
import time
from typing import Any

from bridge.cli.options import Option, UsageError, Verb

VERB = Verb(
    "usersig",
    "Makes the UserSig with which a user logs in where --usersig-key is given to the server, and prints it.\n"
    "With --check, verifies one instead and prints the code that a login would get.",
    (
        Option("--sdkappid", "The application.", "N", number=1),
        Option("--key", "Its secret key.", "KEY"),
        Option("--expire", "For how many seconds it is valid.", "SECONDS", 180 * 86_400, number=1),
        Option("--time", "When it is made, in seconds since 1970; now if not given.", "SECONDS", number=0),
        Option("--check", "Verify this UserSig at that time.", "USERSIG"),
    ),
    "USER",
    1,
    1,
    examples=(
        "timbridge usersig alice --sdkappid 1400000000 --key secret",
        "timbridge usersig alice --sdkappid 1400000000 --key secret --time 1700000000   # the virtual clock's start",
    ),
)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Make a signature, or check one."""
    from bridge import usersig

    app, key = options["sdkappid"], options["key"]
    if app is None or key is None:
        raise UsageError("usersig needs --sdkappid N and --key KEY")
    now_s = int(time.time()) if options["time"] is None else options["time"]
    if options["check"] is None:
        print(usersig.sign(arguments[0], app, key, now_s=now_s, expire_s=options["expire"]))
        return 0
    code = usersig.verify(options["check"], arguments[0], app, key, now_s=now_s)
    if code == 0:
        print("0 valid")
        return 0
    from bridge.world.kernel.codes import text

    print(f"{code} {text(code)}")
    print(f"timbridge: that UserSig does not let {arguments[0]} in", file=sys.stderr)
    return 1
