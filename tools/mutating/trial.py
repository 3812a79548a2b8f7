"""
Hold the tests against mutants, one after the other, each in a child of its own that ends at the first test that fails.

A mutant inside functions is tried *warm*: pytest has collected all tests once, a child is forked, gets the changed code put into the
functions that are there, and runs the tests. What also runs at import is tried *cold*: the child has loaded neither the project nor
its tests, imports the changed file, and collects what it needs.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import _lru_cache_wrapper
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, FunctionType
from typing import Any, NoReturn

import pytest
from attrs import frozen

from tools.mutating.mutants import ROOT, Mutant

PATIENCE, WAITS = 5.0, 10.0
"""How many times as long as without the mutant a test may compute, and how many seconds more; and the same of how long it may take."""
COMPREHENSIONS = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>")
TIME_IS_UP = (signal.SIGALRM, signal.SIGVTALRM)
COLD_START_S = 300.0
COLD_TESTS, COLD_FILES = 250, 3
"""How many tests are held against a mutant that is tried cold; and of how many files those are that go first: collecting takes longest."""
KILLERS = 10
"""How many of the tests that killed last in a file go first against its next mutant."""
OPTIONS = ["-n0", "-q", "-s", "-p", "no:cacheprovider", "--assert=plain"]  # plain: rewritten code could not be exchanged


class Outcome(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    UNREACHED = "unreached"


@frozen
class Verdict:
    """What became of a mutant, how many tests it passed, the test that killed it, and whether the time for it was up before the tests."""

    mutant: Mutant
    outcome: Outcome
    passed: int = 0
    killer: str = ""
    cut_short: bool = False


@frozen
class Plan:
    """A mutant and the tests to hold against it, best first; `far` are those to try when all else has passed."""

    mutant: Mutant
    tests: list[str]
    far: Sequence[str] = ()


Start = Callable[[Mutant, bool, list[str], int], None]
"""Runs tests in a child, with a mutant's change or without, and says through a pipe what came of it."""


class Trials:
    """
    The trials of one run.

    Args:
        seconds: how long each test takes.
        budget_s: how long a mutant's tests may take together.
        tell: takes each verdict.
    """

    def __init__(self, seconds: dict[str, float], budget_s: float, tell: Callable[[Verdict], None]) -> None:
        self._seconds = seconds
        self._budget_s = budget_s
        self._tell = tell
        self._sound: dict[str, bool] = {}
        self._caches: dict[CodeType, list[Any]] = {}
        self._killers: dict[str, list[str]] = {}
        self._warm: list[Plan] = []

    def run(self, plans: Iterable[Plan], files: list[str]) -> int:
        """Try all; returns 1 if pytest could not collect the files."""
        for plan in plans:
            if not plan.tests:
                self._tell(Verdict(plan.mutant, Outcome.UNREACHED))
            elif is_cold(plan.mutant):
                self._judge(plan, self._start_cold)
            else:
                self._warm.append(plan)
        if not self._warm:
            return 0
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
            return int(pytest.main([*OPTIONS, *files], plugins=[self]))

    # --- warm

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants instead of running the tests."""
        items = {item.nodeid: item for item in session.items}
        for plan in self._warm:
            import_module(plan.mutant.source.module)  # some are only imported when they are needed
        functions, caches = _live_functions(), _live_caches()
        self._caches = caches
        gc.collect()
        gc.freeze()

        def start(mutant: Mutant, is_changed: bool, tests: list[str], pipe: int) -> None:
            for before, after in pairs(_original(mutant), mutant.code()):
                for cache in caches.get(before, ()):
                    cache.cache_clear()  # what it returned while tests were collected
                for function in functions.get(before, ()) if is_changed else ():
                    function.__code__ = after
            runner = _Runner(self._seconds, self._budget_s, pipe)
            session.config.pluginmanager.register(runner)
            runner.run([items[test] for test in tests if self._sound.get(test, True)])

        for plan in self._warm:
            near, far = with_variants(plan.tests, items), with_variants(plan.far, items)
            self._judge(Plan(plan.mutant, list(dict.fromkeys([*near, *far]))), start)
        return True

    # --- cold

    def _start_cold(self, mutant: Mutant, is_changed: bool, tests: list[str], pipe: int) -> None:
        if is_changed:
            sys.meta_path.insert(0, _Finder(mutant))
        runner = _Runner(self._seconds, self._budget_s, pipe)
        runner.wanted = tests
        runner.left_out = {test for test, is_sound in self._sound.items() if not is_sound} if is_changed else None
        functions = dict.fromkeys(test.partition("[")[0] for test in tests)
        signal.setitimer(signal.ITIMER_REAL, COLD_START_S)  # until the first test
        pytest.main([*OPTIONS, *functions], plugins=[runner])
        runner.say("broken")

    # --- both

    def _judge(self, plan: Plan, start: Start) -> None:
        """Try a mutant; a test that fails without it, too, is left out, and the mutant tried again."""
        mutant, passed_all, cut_short = plan.mutant, 0, False
        ordered = self._best_first(plan)
        for tests in stages(ordered) if start == self._start_cold else [ordered]:
            tests = [test for test in tests if self._sound.get(test, True)]
            while tests:
                word, passed, killer = _in_child(lambda pipe, tests=tests: start(mutant, True, tests, pipe))  # type: ignore[misc]
                if word in ("passed", "budget"):
                    passed_all, cut_short = passed_all + passed, cut_short or word == "budget"
                    break
                killer = killer or tests[0]
                if self._is_sound(killer, mutant, start):
                    self._killers.setdefault(mutant.source.name, []).append(killer)
                    outcome = Outcome.TIMEOUT if word == "timeout" else Outcome.KILLED
                    self._tell(Verdict(mutant, outcome, passed_all + passed, killer))
                    return
                tests = [test for test in tests if test != killer]
        self._tell(Verdict(mutant, Outcome.SURVIVED if passed_all else Outcome.UNREACHED, passed_all, cut_short=cut_short))

    def _best_first(self, plan: Plan) -> list[str]:
        """Return a mutant's tests, those first that killed others in its file."""
        last = list(dict.fromkeys(reversed(self._killers.get(plan.mutant.source.name, ()))))[:KILLERS]
        reaching = set(plan.tests)
        first = [test for test in last if test in reaching]
        return [*first, *(test for test in plan.tests if test not in first)]

    def _is_sound(self, test: str, mutant: Mutant, start: Start) -> bool:
        """Return whether a test passes without the change, all else being as it was with it."""
        if any(before in self._caches for before, _ in pairs(_original(mutant), mutant.code())):
            return _in_child(lambda pipe: start(mutant, False, [test], pipe))[0] == "passed"
        if test not in self._sound:
            self._sound[test] = True
            self._sound[test] = _in_child(lambda pipe: start(mutant, False, [test], pipe))[0] == "passed"
        return self._sound[test]


class _Runner:
    """Runs tests in a child until one fails, and says through a pipe how far it came."""

    def __init__(self, seconds: dict[str, float], budget_s: float, pipe: int) -> None:
        self._seconds = seconds
        self._ends = time.process_time() + budget_s
        self._budget_s = budget_s
        self._pipe = pipe
        self.wanted: list[str] = []
        self.left_out: set[str] | None = None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is wanted, in that order, and behind it the other variants of the same tests."""
        found = {item.nodeid: item for item in items}
        if self.left_out is None:
            items[:] = [found[test] for test in self.wanted if test in found]
        else:
            items[:] = [found[test] for test in with_variants(self.wanted, found) if test not in self.left_out]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> NoReturn:
        """Run what was collected in a cold child."""
        self._ends = time.process_time() + self._budget_s
        if session.testsfailed or not session.items:
            self.say("failed")
        self.run(session.items)

    def run(self, items: list[pytest.Item]) -> NoReturn:
        """Run tests and end the process."""
        for item, following in zip(items, [*items[1:], None], strict=True):
            usual = 1.0 + self._seconds.get(item.nodeid, 1.0)
            signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE * usual)
            signal.setitimer(signal.ITIMER_REAL, WAITS * usual)
            os.write(self._pipe, f"\n{item.nodeid}".encode())
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            os.write(self._pipe, b"\n.")
            if time.process_time() > self._ends and following is not None:
                self.say("budget")
        self.say("passed")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """End at the first failure."""
        if report.failed:
            self.say("failed")

    def say(self, word: str) -> NoReturn:
        """Say a last word and end."""
        os.write(self._pipe, f"\n={word}".encode())
        os._exit(0)


def with_variants(tests: Sequence[str], collected: Mapping[str, Any]) -> list[str]:
    """Return tests as far as they were collected, and behind them all that run the same functions with other arguments."""
    functions = {test.partition("[")[0] for test in tests}
    others = (test for test in collected if test.partition("[")[0] in functions)
    return list(dict.fromkeys([*(test for test in tests if test in collected), *others]))


def stages(tests: list[str]) -> list[list[str]]:
    """Return the tests of a cold trial in two parts: those of few files, which are soon collected, and the others."""
    tests = tests[:COLD_TESTS]
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))[:COLD_FILES]
    first = [test for test in tests if test.partition("::")[0] in files]
    return [first, [test for test in tests if test.partition("::")[0] not in files]]


def _in_child(work: Callable[[int], None]) -> tuple[str, int, str]:
    """
    Fork, work, wait.

    Returns: the last word: passed, budget, failed, timeout, broken (it died, or nothing could be run); how many tests had passed; and
        which one was running.
    """
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgrp()
        os.close(heard)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        try:
            for number in TIME_IS_UP:
                signal.signal(number, signal.SIG_DFL)
            work(said)
        finally:
            os._exit(1)
    os.close(said)
    with os.fdopen(heard, "rb") as pipe:
        told = pipe.read().decode().split("\n")[1:]
    _, status = os.waitpid(child, 0)
    try:
        os.killpg(child, signal.SIGKILL)  # what the tests had started
    except (ProcessLookupError, PermissionError):
        pass
    word = told.pop()[1:] if told and told[-1].startswith("=") else ""
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in TIME_IS_UP:
        word = "timeout"
    return word or "broken", told.count("."), told[-1].removeprefix(".") if told else ""


# --- the changed code


def pairs(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]]:
    """Return the functions of a module that a change has changed, before and after, with those around them."""
    found = [(old, new)]
    for before, after in found:
        inner = [[one for one in code.co_consts if isinstance(one, CodeType)] for code in (before, after)]
        if [one.co_qualname for one in inner[0]] == [one.co_qualname for one in inner[1]]:
            found.extend(zip(*inner, strict=True))
    return [(before, after) for before, after in found if before != after]


def is_cold(mutant: Mutant) -> bool:
    """Return whether the changed code cannot be put into functions that are there."""
    changed = pairs(_original(mutant), mutant.code())
    return mutant.outside or any(
        before.co_freevars != after.co_freevars for before, after in changed if before.co_name not in COMPREHENSIONS
    )


def _original(mutant: Mutant) -> CodeType:
    return compile(mutant.source.text, str(mutant.source.path), "exec", dont_inherit=True)


def _live_functions() -> dict[CodeType, list[FunctionType]]:
    """Return all functions of the project by their code."""
    found: dict[CodeType, list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(f"{ROOT}/bridge/"):
            found.setdefault(one.__code__, []).append(one)
    return found


def _live_caches() -> dict[CodeType, list[Any]]:
    """Return all functions of the project that keep what they returned, by their code."""
    found: dict[CodeType, list[Any]] = {}
    for one in gc.get_objects():
        if isinstance(one, _lru_cache_wrapper) and one.__module__.startswith("bridge."):
            found.setdefault(one.__wrapped__.__code__, []).append(one)
    return found


class _Finder:
    """Has one module imported from its changed source."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return how to load the module that is changed, and None for all others."""
        if name != self._mutant.source.module:
            return None
        return spec_from_file_location(name, self._mutant.source.path, loader=_Loader(name, self._mutant))


class _Loader(SourceFileLoader):
    def __init__(self, name: str, mutant: Mutant) -> None:
        super().__init__(name, str(mutant.source.path))
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        """Return the changed module's code."""
        return self._mutant.code()
