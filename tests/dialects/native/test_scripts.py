"""
The suite's scripts, played by the functions of the native library: the same calls by meaning, the same answers, the same facts.

Scripts are the documented statements, the stories, and the tests of handlers that play on a stage. What they call is translated into calls
of C functions (`tests/support/native_calls.py`), as the plugin's Dart code does it.
"""

from __future__ import annotations

import importlib
import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import native_apart as apart
from tests.support.documented import Trial, statements, worlds_of
from tests.support.native_phone import NativePhone, NativeScripts, overheard

WORLD = ("chat-8.2", "android")
STATEMENTS = [one for one in statements() if "script" in one and WORLD in worlds_of(one)]


COUNTED = {
    apart.ADAPTER: 29,
    apart.IN_DART: 28,
    apart.LISTENERS: 15,
    apart.TYPES: 9,
    apart.CHANNEL: 8,
    apart.MEDIA: 8,
    apart.JOINING: 3,
    apart.ASKED: 3,
    apart.NEVER: 1,
}
"""How many scripts have the library apart, or a case of them, by the reason."""


class NativeTrial(Trial):
    """A documented statement's script, played by the library's functions."""

    stages = NativeScripts


@pytest.fixture
def stage() -> Iterator[NativeScripts]:
    """Return a stage whose apps call the library."""
    with overheard():
        yield NativeScripts(*WORLD)


@pytest.fixture(autouse=True)
def expected_apart(request: pytest.FixtureRequest) -> None:
    """Expect of what is listed that it fails, and of nothing else."""
    name = request.node.name.removeprefix("test_")
    reason = apart.SCRIPTS.get(name) or apart.SCRIPTS.get(name.partition("[")[0])
    if reason is not None:
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))


@pytest.mark.parametrize("statement", STATEMENTS, ids=[one["name"] for one in STATEMENTS])
def test_statement_holds_of_the_library(statement: dict[str, Any]) -> None:
    """What the sources say of the service holds for an app of the library, too, in the same words, and it hears of the same."""
    with overheard():
        if statement["name"] in apart.STATEMENTS:
            with pytest.raises(AssertionError):
                NativeTrial(statement, *WORLD)
            return
        trial = NativeTrial(statement, *WORLD)
    phones = [phone for phone in trial.phones.values() if isinstance(phone, NativePhone)]
    assert (statement["name"] not in apart.NOT_PLAYED) is any(phone.called for phone in phones)
    assert {fact for phone in phones for fact in phone.untold} <= set(apart.UNTOLD)
    assert {fact for phone in phones for fact in phone.alone} <= set(apart.ALONE)


def _scripts() -> dict[str, Callable[..., None]]:
    """Return the tests that play on any stage, by `file__test`."""
    found = {}
    for folder in ("stories", "handlers"):
        for path in sorted((Path(__file__).parents[2] / folder).glob("test_*.py")):
            module = importlib.import_module(f"tests.{folder}.{path.stem}")
            for name, function in vars(module).items():
                is_own = inspect.isfunction(function) and name.startswith("test_") and function.__module__ == module.__name__
                if is_own and "stage" in inspect.signature(function).parameters and not hasattr(module, "stage"):
                    found[f"{path.stem.removeprefix('test_')}__{name.removeprefix('test_')}"] = function
    return found


SCRIPTS = _scripts()
globals().update({f"test_{name}": function for name, function in SCRIPTS.items()})


def test_list_of_what_is_apart() -> None:
    """Whatever is listed is a script that there is, and no more are listed than are counted here, by their reasons."""
    listed = {name.partition("[")[0] for name in apart.SCRIPTS}
    assert set() == listed - SCRIPTS.keys()
    assert set() == {*apart.STATEMENTS, *apart.NOT_PLAYED} - {one["name"] for one in STATEMENTS}
    assert len(SCRIPTS) - len(listed) >= 700
    assert COUNTED == Counter([*apart.STATEMENTS.values(), *apart.SCRIPTS.values()])
