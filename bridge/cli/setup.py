"""What verbs that start a server share: the options that set up its worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from bridge.catalogue import default_dialect, dialects, load, native_dialects, platforms
from bridge.cli.options import Option
from bridge.emulator import Settings, usual_platform
from bridge.errors import BridgeError

if TYPE_CHECKING:
    from bridge.world_files import WorldFile

DEVICE = (
    Option("--dialect", "Which generation of the plugin the clients speak.", "NAME", default_dialect(), dialects()),
    Option("--platform", "Which platform they run on; the first of the dialect's if not given.", "NAME", None, platforms()),
)

CLIENTS = (
    Option(
        "--dialect",
        "Which generation of the plugin the clients speak; a native-… is a native library's, and leaves others the usual one.",
        "NAME",
        default_dialect(),
        (*dialects(), *native_dialects()),
    ),
    *DEVICE[1:],
)
"""The same where a native library may connect."""

WORLD = (
    Option("--world", "What a fresh world holds: a world file, or the name of a shipped fixture.", "FILE"),
    Option("--seed", "Varies ids and random numbers; the same seed gives the same bytes.", "N", 0, number=0),
    Option("--clock", "Virtual time moves only by calls; real time follows the wall.", "KIND", "virtual", ("virtual", "real")),
    Option("--accounts", "Whether any user id exists, or only those that the world names.", "KIND", "open", ("open", "strict")),
    Option("--instances", "Logins of one user on one platform before the oldest is kicked.", "N", 1, number=1),
    Option("--usersig-key", "Verify UserSigs with this secret key; needs --sdkappid.", "KEY"),
    Option("--sdkappid", "The application that verified UserSigs are for.", "N", number=1),
    Option("--rate-limits", "Refuse calls beyond the documented rates."),
    Option("--strict", "Refuse what is otherwise taken with a warning in the journal."),
    Option("--faithful", "Stay silent where the real plugin is silent, instead of answering an error."),
    Option("--sanitize", "Warn in the journal of what the service tolerates and apps regret, with the mend."),
    Option("--journal", "How many entries the journal keeps.", "N", 10_000, number=1),
    Option("--media", "Let media be read and written below this folder.", "DIR"),
)


def settings(options: dict[str, Any]) -> Settings:
    """
    Return the settings that a command line asks for. What is wrong with its world file, a `Server` set up so says.

    Raises: BridgeError for a world file that cannot be read, and for options that do not go together.
    """
    from bridge.engine.engine import Options
    from bridge.transports.files import Files
    from bridge.world.kernel.world import Policy

    key, app = options["usersig_key"], options["sdkappid"]
    if (key is None) != (app is None):
        raise BridgeError("--usersig-key and --sdkappid go together: a UserSig is made for one application with its key")
    policy = Policy(
        strict_accounts=options["accounts"] == "strict",
        instances=options["instances"],
        usersig_key=key,
        sdk_app_id=app,
        rate_limits=bool(options["rate_limits"]),
    )
    library = options["dialect"] if options["dialect"] in native_dialects() else None
    dialect, platform = kind(options if library is None else {**options, "dialect": default_dialect()})
    engine = Options(bool(options["strict"]), bool(options["faithful"]), options["journal"])
    return Settings(
        dialect=dialect,
        platform=platform,
        library=library,
        seed=options["seed"],
        policy=policy,
        options=engine,
        world=None if options["world"] is None else load_world(options["world"]),
        real_clock=options["clock"] == "real",
        sanitize=bool(options["sanitize"]),
        files=Files(_folder(options["media"])),
    )


def load_world(name: str) -> WorldFile:
    """Return a world file, or the shipped one of that name. Raises BridgeError."""
    from bridge.cli.bar import Bar
    from bridge.world_files import load_file

    return evolve(load_file(name), bar=lambda steps: Bar(steps, "steps of reading the world", after_s=1.0))


def _folder(name: str | None) -> str | None:
    if name is None:
        return None
    import os

    if not os.path.isdir(name):
        raise BridgeError("--media names no folder", file=name)
    return os.path.abspath(name)


def kind(options: dict[str, Any]) -> tuple[str, str]:
    """Return the dialect and the platform of a command line. Raises BridgeError for a platform that the dialect has not."""
    dialect: str = options["dialect"]
    platform: str = options["platform"] or usual_platform(dialect)
    known = load(dialect).platforms
    if platform not in known:
        raise BridgeError(f"{dialect} has no platform {platform}; it has {', '.join(known)}")
    return dialect, platform
