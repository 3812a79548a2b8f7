"""
The cases of `timbridge conform`, played by the functions of the native library, of each dialect that it has.

They are those for Android's adapter of the dialect of the channel whose service is the same, and of the one that this is made from.
Whatever is the same by meaning has to be the same; what is not stands in a list with its reason (`tests/support/native_apart.py`), and
nothing else does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import pytest

from bridge.catalogue import native_dialects
from bridge.conformance.suite.actors import Stage
from bridge.conformance.suite.cases import Case, load
from bridge.conformance.suite.running import NOT_TRIED, SAME, Verdict, run
from bridge.conformance.suite.worlds import World, named
from tests.support import native_apart as apart
from tests.support.native_phone import NativePhone, overheard
from tests.support.native_wire import NativeWire, worlds_of

ABOUT_ADAPTERS = "adapters"
"""The folder of cases about what adapters of the channel do by themselves: the library has none."""
CASES = [case for case in load() if case.kind != ABOUT_ADAPTERS]


def played(native: str) -> dict[World, list[Case]]:
    """Return the cases that an app of a native dialect plays: each once, on the first that has it of the channels that it stands for."""
    first, second = worlds_of(native)
    on_first = [case for case in CASES if case.is_on(first)]
    places = {case.place for case in on_first}
    return {first: on_first, second: [case for case in CASES if case.place not in places and case.is_on(second)]}


PLAYED = {native: played(native) for native in native_dialects()}
FILES = [
    (native, world, file)
    for native, by_world in PLAYED.items()
    for world, cases in by_world.items()
    for file in dict.fromkeys(case.file for case in cases)
]
COUNTED = {
    apart.ADAPTER: 50,
    apart.IN_DART: 12,
    apart.NEVER: 11,
    apart.CHANNEL: 11,
    apart.TYPES: 12,
    apart.JOINING: 6,
    apart.LISTENERS: 4,
    apart.ASKED: 2,
    apart.GONE: 1,
}
"""How many cases the library has apart, by the reason."""
LEAST = 2180
"""So many cases each library plays, or more."""
UNPLAYED = {apart.LISTENERS: 19, apart.IN_DART: 8, apart.OTHERS: 4}
"""How many go as they say without a call of the library, by the reason."""
UNTRIED = {apart.DEPRECATED: 55, apart.MEDIA: 32, apart.GONE: 6, apart.IN_DART: 3}
"""How many cases call what the library has no function for, by the reason."""


def name_of(case: Case) -> str:
    """Return how a case is called in the list."""
    return f"{case.file.rpartition('/')[2].removesuffix('.jsonl')}:{case.name}"


def without_function(case: Case) -> list[str]:
    """Return the methods that a case calls and no function is like, unless it is listed for what it does before."""
    return [] if name_of(case) in apart.CASES else [name for name in named(case.script) if name in apart.METHODS]


def flaw_of(found: Verdict, phones: Collection[NativePhone], alike: Collection[str]) -> str:
    """Return what is wrong with what came of a case: it is not the same and not listed, or the other way round; "" for nothing."""
    name, missing = name_of(found.case), without_function(found.case)
    is_listed = bool(missing) or (name in apart.CASES and name not in alike)
    if (found.outcome == SAME) is is_listed:
        return f"it is {'' if is_listed else 'not '}listed"
    if missing and (found.outcome != NOT_TRIED or found.note not in [f"{one} has no counterpart" for one in missing]):
        return "it is listed for a function that there is"
    if found.outcome == SAME and (name in apart.UNPLAYED) is any(phone.called for phone in phones):
        return "the library is not called, or is and it is listed"
    return ""


@pytest.mark.parametrize(
    ("native", "world", "file"), FILES, ids=[f"{native}-{'-'.join(world)}-{file.split('/', 1)[1]}" for native, world, file in FILES]
)
def test_library_does_as_the_cases_say(native: str, world: World, file: str) -> None:
    """With the library cases go as they say, in the same words, or are listed; nothing is listed that goes so. It hears of the same."""
    wrong = []
    wire = NativeWire(native, world)
    with overheard(native):
        for found in run((case for case in PLAYED[native][world] if case.file == file), Stage(wire, world)):
            flaw = flaw_of(found, wire.phones.values(), apart.ALIKE.get(native, ()))
            if flaw:
                wrong.append("\n".join([*found.lines(), f"    wrong     {flaw}"]))
    assert not wrong, "\n\n".join(wrong)
    assert (set(), set()) == (wire.untold - apart.UNTOLD.keys(), wire.alone), "it hears of more, or of less"


def test_list_of_cases_apart() -> None:
    """What is listed are cases, each once, no more by their reasons than are counted here; so are those that call what has no function."""
    for native, by_world in PLAYED.items():
        cases = [case for found in by_world.values() for case in found]
        assert len(cases) >= LEAST
        names = Counter(map(name_of, cases))
        listed = {*apart.CASES, *apart.UNPLAYED}
        assert listed <= names.keys()
        assert {1} == {names[name] for name in listed}
        assert set() == apart.ALIKE.get(native, set()) - apart.CASES.keys()
        missing = [one for case in cases for one in without_function(case)[:1]]
        assert UNTRIED == Counter(map(apart.METHODS.__getitem__, missing))
    assert COUNTED == Counter(apart.CASES.values())
    assert UNPLAYED == Counter(apart.UNPLAYED.values())


def test_whose_cases_are_played() -> None:
    """Those of the channel whose service is the same, and of the one that this is made from: whatever is about Android's adapters."""
    for native in native_dialects():
        assert (("chat-8.4", "android"), ("chat-8.2", "android")) == worlds_of(native)
