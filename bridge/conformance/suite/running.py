"""All cases of a run, and what comes of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bridge.conformance.suite.actors import Answer, Broken, NotAnswered, Stage, Untried, Wire
from bridge.conformance.suite.cases import Case
from bridge.conformance.suite.expectations import Flaw
from bridge.conformance.suite.player import Differs, play
from bridge.conformance.suite.worlds import WORDS, World, name_of
from bridge.errors import UNKNOWN_METHOD
from bridge.values import value_class

SAME, DIFFERS, NOT_ANSWERED, NOT_TRIED = OUTCOMES = ("same", "differs", "not answered", "not tried")


@value_class
class Verdict:
    """
    What came of a case on a dialect and platform.

    Attributes:
        outcome: one of `OUTCOMES`.
        step: the number of the step at which it differs or is not answered; 0 if that is none.
        flaws: how it differs.
        note: why it is not answered or not tried.
        is_broken: the target hangs, has ended or says what is no message.
        schedule: the choices of another order than the usual one under which that came, as `3:1 7:2`; `said`: what they did.
    """

    case: Case
    world: World
    outcome: str
    step: int = 0
    flaws: tuple[Flaw, ...] = ()
    note: str = ""
    is_broken: bool = False
    schedule: str = ""
    said: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """Return the method whose doing is in question: that of the step, or of the last call before it."""
        for _, what, *_ in reversed(self.case.script[: self.step]):
            if what in ("send", "say"):
                return "sendMessage"
            if what == "group":
                return "createGroup"
            if what not in WORDS and not what.startswith("bridge.") and what not in ("advance", "switch"):
                return str(what).partition("|")[0]
        return ""

    def lines(self) -> list[str]:
        """Return in words what came of it, for people."""
        case = self.case
        said = [f"{name_of(self.world)}  {self.outcome}: {case.name}", f"    {case.says}", f"    case      {case.place}"]
        if self.step:
            step = case.script[self.step - 1]
            said.append(f"    step      {self.step} of {len(case.script)}: {step_text(step)}")
        for one in self.flaws:
            said += [f"    at        {one.path or 'the reply'}", f"      expected  {one.expected}", f"      came      {one.came}"]
        if self.note:
            said.append(f"    because   {self.note}")
        if self.schedule:
            said += [f"    schedule  {self.schedule}: {'; '.join(self.said)}", f"    again     {self.again()}"]
        return said + [f"    evidence  {line}" for line in case.evidence()]


    def again(self) -> str:
        """Return the options that play the case once more in the same order."""
        dialect, platform = self.world
        return f'--only {self.case.place} --dialect {dialect} --platform {platform} --schedule "{self.schedule}"'


def step_text(step: list[Any], width: int = 160) -> str:
    """Return a step as one line: who does what."""
    import json

    who, what, *more = step
    given = json.dumps(more[0], ensure_ascii=False) if more else ""
    text = " ".join(part for part in (who, what, given) if part)
    return text if len(text) <= width else f"{text[: width - 1]}…"


MINIMUM = ("bridge.world.reset", "bridge.user.call", "bridge.clock.advance")
"""What a port needs of the control plane, at least."""

Eligible = Callable[[Case, World], str]
"""Tells why a case cannot be tried on a world that may hold anything; "" if it can."""


def run(
    cases: Iterable[Case],
    stage: Stage,
    eligible: Eligible | None = None,
    unseen: Eligible | None = None,
    play_it: Callable[[Case, Stage], Verdict] | None = None,
) -> Iterator[Verdict]:
    """
    Play cases on a stage, and yield what comes of each.

    Args:
        eligible: asked of each case. `unseen`: asked of each where the target has no devices for others, who then act unseen.
        play_it: plays a case; once, in the usual order, if that is not said.
    """
    world = (stage.dialect, stage.platform)
    for case in cases:
        why_not = eligible(case, world) if eligible is not None else ""
        if not why_not and unseen is not None and stage.has_no_devices():
            why_not = unseen(case, world)
        yield Verdict(case, world, NOT_TRIED, note=why_not) if why_not else (play_it or verdict)(case, stage)


def verdict(case: Case, stage: Stage) -> Verdict:
    """Play a case on a stage."""
    world = (stage.dialect, stage.platform)
    stage.fills = case.kind != "adapters"
    try:
        stage.begin(case.given, case.script)
        play(case.script, stage)
    except Differs as found:
        return Verdict(case, world, DIFFERS, found.number, tuple(found.flaws))
    except NotAnswered as found:
        return Verdict(case, world, NOT_ANSWERED, found.step, note=str(found), is_broken=isinstance(found, Broken))
    except Untried as found:
        return Verdict(case, world, NOT_TRIED, note=str(found))
    return Verdict(case, world, SAME)


class Anywhere:
    """
    Tells which cases hold in a world that others have used: what may be tried on a service that cannot be begun anew.

    Args:
        wire: this bridge, which is asked.
    """

    def __init__(self, wire: Callable[[World], Wire]) -> None:
        self._wire = wire

    def __call__(self, case: Case, world: World) -> str:
        """Play a case twice in one world: "" if it goes well both times."""
        if case.given:
            return "it needs a service that is set up for it"
        stage = Stage(_Used(self._wire(world)), world)
        first, second = verdict(case, stage), verdict(case, stage)
        return "" if first.outcome == second.outcome == SAME else "it needs a world in which nothing has happened"


class Unseen:
    """
    Tells which cases hold where a target has the minimum of `bridge.*` alone: others act unseen, which some of what they do shows.

    Args:
        wire: this bridge, which is asked.
    """

    def __init__(self, wire: Callable[[World], Wire]) -> None:
        self._wire = wire

    def __call__(self, case: Case, world: World) -> str:
        """Play a case with the minimum; "" if it goes well, or is not tried for a reason of its own."""
        found = verdict(case, Stage(_Minimum(self._wire(world)), world))
        return "" if found.outcome in (SAME, NOT_TRIED) else "others would have to have devices: the target has no bridge.device.open"


class _Minimum(Wire):
    """A connection with the minimum of `bridge.*`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def begin(self, given: Any) -> None:
        self._wire.begin(given)

    def exchange(self, method: str, arguments: Any) -> Answer:
        if method.startswith("bridge.") and method not in MINIMUM:
            return Answer({"error": {"code": UNKNOWN_METHOD, "message": f"there is no {method}"}})
        return self._wire.exchange(method, arguments)

    def snapshot(self) -> Any:
        return self._wire.snapshot()


class _Used(Wire):
    """A connection whose world is begun once: then it stays."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._has_begun = False

    def begin(self, given: Any) -> None:
        if not self._has_begun:
            self._wire.begin(given)
            self._has_begun = True

    def exchange(self, method: str, arguments: Any) -> Any:
        return self._wire.exchange(method, arguments)

    def snapshot(self) -> Any:
        return self._wire.snapshot()
