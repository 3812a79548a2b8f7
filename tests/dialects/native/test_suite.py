"""
The cases of `timbridge conform`, played by the functions of the native library, of each dialect that it has.

They are those for Android's adapter of the dialect of the channel whose service is the same. Whatever is the same by meaning has to be the
same; what is not stands in a list with its reason (`tests/support/native_apart.py`), and nothing else does.
"""

from __future__ import annotations

from collections import Counter

import pytest

from bridge.catalogue import native_dialects
from bridge.conformance.suite.actors import Stage
from bridge.conformance.suite.cases import Case, load
from bridge.conformance.suite.running import NOT_TRIED, SAME, run
from bridge.conformance.suite.worlds import named
from tests.support import native_apart as apart
from tests.support.native_phone import overheard
from tests.support.native_wire import NativeWire, world_of

CASES = {native: [case for case in load() if case.is_on(world_of(native))] for native in native_dialects()}
FILES = [(native, file) for native, played in CASES.items() for file in dict.fromkeys(case.file for case in played)]
COUNTED = {
    apart.IN_DART: 4,
    apart.ADAPTER: 31,
    apart.TYPES: 9,
    apart.CHANNEL: 3,
    apart.JOINING: 3,
    apart.LISTENERS: 3,
    apart.ASKED: 2,
    apart.NEVER: 1,
}
"""How many cases the library has apart, by the reason."""
UNTRIED = {apart.DEPRECATED: 36, apart.MEDIA: 34, apart.GONE: 19, apart.IN_DART: 2}
"""How many cases call what the library has no function for, by the reason."""


def name_of(case: Case) -> str:
    """Return how a case is called in the list."""
    return f"{case.file.rpartition('/')[2].removesuffix('.jsonl')}:{case.name}"


def without_function(case: Case) -> list[str]:
    """Return the methods that a case calls and no function is like, unless it is listed for what it does before."""
    return [] if name_of(case) in apart.CASES else [name for name in named(case.script) if name in apart.METHODS]


@pytest.mark.parametrize(("native", "file"), FILES, ids=[f"{native}-{file.split('/', 1)[1]}" for native, file in FILES])
def test_library_does_as_the_cases_say(native: str, file: str) -> None:
    """With the library cases go as they say, in the same words, or are listed; nothing is listed that goes so. It hears of the same."""
    wrong = []
    with overheard(native):
        wire = NativeWire(native)
        stage = Stage(wire, world_of(native))
        for found in run((case for case in CASES[native] if case.file == file), stage):
            name, missing = name_of(found.case), without_function(found.case)
            is_listed = missing or (name in apart.CASES and name not in apart.ALIKE.get(native, ()))
            if (found.outcome == SAME) is bool(is_listed):
                wrong.append("\n".join([*found.lines(), f"    listed    {is_listed}"]))
            elif missing and (found.outcome != NOT_TRIED or found.note not in [f"{one} has no counterpart" for one in missing]):
                wrong.append("\n".join(found.lines()))
    assert not wrong, "\n\n".join(wrong)
    assert (set(), set()) == (wire.untold - apart.UNTOLD.keys(), wire.alone), "it hears of more, or of less"


def test_list_of_cases_apart() -> None:
    """What is listed are cases, each once, no more by their reasons than are counted here; so are those that call what has no function."""
    for native, played in CASES.items():
        names = Counter(map(name_of, played))
        assert set() == apart.CASES.keys() - names.keys()
        assert {1} == {names[name] for name in apart.CASES}
        assert set() == apart.ALIKE.get(native, set()) - apart.CASES.keys()
        missing = [one for case in played for one in without_function(case)[:1]]
        assert UNTRIED == Counter(map(apart.METHODS.__getitem__, missing))
    assert COUNTED == Counter(apart.CASES.values())
