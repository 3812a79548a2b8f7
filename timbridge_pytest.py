"""
What pytest loads in every run where timbridge is installed: the options, and a look at whose package `bridge` is.

It stands beside `bridge` and imports nothing of it at first: a project under test may have a package of that name of its own, whose
tests are to find it. Then the fixtures are not there, and one warning says so.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

OURS = Path(__file__).resolve().parent / "bridge"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("timbridge", "the chat plugin's native side, emulated")
    group.addoption(
        "--timbridge-dialect",
        metavar="NAME[,NAME…]",
        help="which generation of the plugin tests speak, such as im-6.1 or im-6.1/ios; with several, or `all`, each test runs on each",
    )
    group.addoption("--timbridge-platform", metavar="NAME", help="which platform they run on, such as ios")
    group.addoption(
        "--timbridge-address", metavar="HOST:PORT", help="use a running server, a world per test, instead of one in this process"
    )
    group.addoption("--timbridge-token", metavar="TEXT", help="what that server's --token says")
    group.addoption(
        "--timbridge-sanitize",
        action="store_true",
        help="list at the end what the service tolerates and apps regret, with the mend (a running server needs its own --sanitize)",
    )
    group.addoption(
        "--timbridge-schedules",
        metavar="N",
        type=int,
        default=0,
        help="run each test also under N other orders in which its app could hear the same; the shortest that fails is printed",
    )
    group.addoption("--timbridge-schedule", metavar="STEPS", help="run tests under the one that was printed, such as '3:1 7:2'")
    group.addoption(
        "--timbridge-no-assumptions", action="store_true", help="do not list at the end what passing tests rest on that is assumed"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Bring the fixtures in, unless they would take the place of somebody else's package."""
    theirs = somebody_elses(config.rootpath, config.invocation_params.dir)
    if theirs is None:
        from bridge.testing import plugin

        config.pluginmanager.register(plugin, "timbridge_fixtures")
    elif not hasattr(config, "workerinput"):
        _warn(config, f"timbridge's fixtures are off: this project has a package `bridge` of its own ({theirs})")


def somebody_elses(*folders: Path) -> Path | None:
    """Return where a package `bridge` stands that is not ours and that tests in one of these folders mean; None if there is none."""
    for place in (place for folder in folders for place in (folder / "bridge", folder / "src" / "bridge")):
        if place.resolve() != OURS and ((place / "__init__.py").is_file() or place.with_suffix(".py").is_file()):
            return place
    loaded = sys.modules.get("bridge")
    spec = loaded.__spec__ if loaded is not None else find_spec("bridge")
    where = None if spec is None else spec.origin
    return None if where is None or Path(where).resolve().parent == OURS else Path(where)


def _warn(config: pytest.Config, text: str) -> None:
    warning = pytest.PytestConfigWarning(text)
    try:
        config.issue_config_time_warning(warning, stacklevel=2)
    except Warning:  # where warnings are errors: this one is no reason to end their run
        sys.stderr.write(f"{type(warning).__name__}: {text}\n")
