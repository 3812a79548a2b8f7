"""Mutants: what is changed and what is left alone, which tests are held against it, and what is said of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from coverage import CoverageData

from tools import mutate
from tools.mutating import mutants, reach, report, trial
from tools.mutating.mutants import ROOT, Mutant, Source
from tools.mutating.trial import Outcome, Verdict

FILE = ROOT / "bridge" / "world" / "made_up.py"


def made(text: str) -> list[Mutant]:
    """Return the mutants of a source."""
    return mutants.of(Source(FILE, text))


def changed(text: str, kind: str) -> list[str]:
    """Return what comes in place of what is replaced, of one kind of change."""
    return [mutant.new for mutant in made(text) if mutant.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("x = a < b", "comparison", ["(a >= b)"]),
        ("x = a < b", "boundary", ["(a <= b)"]),
        ("x = a < b <= c", "boundary", ["(a < b < c)", "(a <= b <= c)"]),
        ("x = a is None", "comparison", ["(a is not None)"]),
        ("x = a not in b", "comparison", ["(a in b)"]),
        ("x = a and b and c", "and/or", ["(a or b or c)"]),
        ("x = a or b", "part", ["(a)", "(b)"]),
        ("x = not a", "not", ["(a)"]),
        ("if a: pass", "not", ["(not a)"]),
        ("x = a + b", "arithmetic", ["(a - b)"]),
        ("x += 2", "arithmetic", ["x -= 2"]),
        ("x += 2", "statement", ["pass"]),
        ("x = a if b else c", "branch", ["(c if b else a)"]),
        ("x = 7, True, 1.5", "constant", ["(8)", "False", "(2.5)"]),
        ("x = 'a', b'a'", "text", ["('aX')", "(b'aX')"]),
        ("x = f(a, b=c, d=e)", "argument", ["(f(a, b=c))", "(f(a, d=e))"]),
        ("x = f(a, b)", "argument", ["(f(b, a))"]),
        ("raise Refusal('a')", "text", ["('aX')"]),
        ("device = P('string', 'its name')", "text", ["('stringX')"]),
        ("switch = Switch('string', D, 'what ' 'it does')", "text", ["('stringX')"]),
        ("@control('name', 'what comes back')\ndef f(): ...", "text", ["('nameX')"]),
        ("x = [y for y in z if y]", "filter", ["(y or True)"]),
        ("def f(): return g", "return", ["return None"]),
        ("f()", "statement", ["pass"]),
        ("raise X", "statement", ["pass"]),
        ("a.b = c", "statement", ["pass"]),
        ("for x in y: break", "loop", ["continue"]),
        ("for x in y: continue", "loop", ["break"]),
    ],
)
def test_what_is_changed(text: str, kind: str, expected: list[str]) -> None:
    """Each kind of change, as it stands in the source afterwards."""
    assert sorted(expected) == sorted(changed(text, kind))


@pytest.mark.parametrize(
    "text",
    [
        '"""A docstring."""',
        "import a.b",
        "from a import b",
        "assert a == 1, 'b'",
        "def __repr__(self): return 'a'",
        "x = f'{a + 1}'",
        "x: dict[str, 'A'] | None",
        "def f(a: 'A' = None) -> 'B': return None",
        "A = B | None",
        "x = zip(a, strict=True)",
        "x = cast('A', b)",
        "if TYPE_CHECKING: f()",
        "x = y",
        "__all__ = ['a', 'b']",
        "raise AssertionError('a')",
        "raise AssertionError",
        "x = f(a, a)",
        "x = max(a, b)",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    """What no test could or should notice."""
    assert [] == made(text)


def test_every_mutant_can_be_compiled() -> None:
    """All of a large file are Python, keep the numbers of the lines, and differ from the file and from each other."""
    source = Source.read(ROOT / "bridge" / "world" / "chats" / "invitations.py")
    lines = source.text.count("\n")
    found = mutants.of(source)
    for mutant in found:
        last = max(number for *_, number in mutant.code().co_lines() if number)
        assert lines - 10 < last <= lines
    texts = {mutant.text for mutant in found}
    assert source.text not in texts
    assert len(texts) > 0.95 * len(found)  # a few changes come to the same


def test_mutants_say_where_they_are() -> None:
    """The function or class around it, the lines it touches, the change, and whether it is run at import."""
    text = "class A:\n    b = 1\n\n    def c(self, d=2):\n        return (\n            self.b == 3\n        )\n"
    by_change = {mutant.new: mutant for mutant in made(text)}
    assert [("A", 2, True), ("A.c", 4, True), ("A.c", 6, False)] == [
        (one.scope, one.line, one.outside) for one in (by_change["(2)"], by_change["(3)"], by_change["(4)"])
    ]
    assert ["-    b = 1", "+    b = (2)"] == by_change["(2)"].diff
    assert ("bridge/world/made_up.py", "A", "-    b = 1", "+    b = (2)") == by_change["(2)"].key
    assert range(5, 8) == by_change["return None"].lines


def test_samples_are_the_same_for_a_seed() -> None:
    """As many as asked for, the same for the same seed, others for another; all of a folder without a number."""

    def keys(**options: Any) -> list[tuple[str, ...]]:
        given: dict[str, Any] = {"only": "bridge/world/people", "scope": "", "sample": 20, "seed": 1, **options}
        return [one.key for one in mutate.chosen(**given)]

    assert 20 == len(keys()) and keys() == keys() != keys(seed=2)
    everything = keys(sample=0)
    assert len(everything) > 500 and set(keys()) < set(everything)
    assert len(set(keys()) & set(keys(only="bridge/world/people/f", sample=5))) >= 3  # a lot is drawn by what is changed
    assert {"unfollow"} == {key[1] for key in keys(only="bridge/world/people/follows.py", scope="unfollow", sample=0)}


class Reached:
    """Notes in which a test runs some lines of the made-up file."""

    def __init__(self, *lines: int) -> None:
        self._lines = lines

    def tests(self, name: str, lines: Iterable[int]) -> set[str]:
        """See `reach.Map.tests`."""
        return {"a test"} if name.endswith("made_up.py") and set(self._lines) & set(lines) else {""}


RULE = "MOST = 3\nROWS = TableSpec('rows')\n\n\ndef f(a=1):\n    return MOST + ROWS + 5\n\n\ndef g():\n    return 7\n"


@pytest.mark.parametrize(
    ("line", "reached"),
    [(6, {"(4)", "(2)", "(6)", "(MOST - ROWS)", "(MOST + ROWS - 5)", "return None"}), (10, {"(8)", "return None"}), (1, set())],
)
def test_rules_that_have_cases(monkeypatch: pytest.MonkeyPatch, line: int, reached: set[str]) -> None:
    """A rule has a case that runs its line, or one in which its name stands; how rows are kept is none."""
    monkeypatch.setattr(reach, "lines_naming", lambda names: {"bridge/world/made_up.py": [6] if names & {"MOST", "ROWS"} else []})
    known: Any = Reached(line)
    assert reached == {mutant.new for mutant in made(RULE) if mutate.is_reached(mutant, known)}


def code(text: str) -> CodeType:
    """Return a module's code."""
    return compile(text, str(FILE), "exec")


def test_changed_functions_are_paired() -> None:
    """A function that has changed, and those around it, stand with their new code; all else is left as it is."""
    old = code("def a():\n def b(): return 1\n return b\ndef c(): return 2\n")
    new = code("def a():\n def b(): return 9\n return b\ndef c(): return 2\n")
    assert ["<module>", "a", "a.<locals>.b"] == [before.co_qualname for before, _ in trial.pairs(old, new)]
    without = code("def a():\n pass\n return b\ndef c(): return 2\n")
    assert ["<module>", "a"] == [before.co_qualname for before, _ in trial.pairs(old, without)]


def test_what_runs_at_import_is_cold() -> None:
    """Default values and what the module does; and a nested function that needs another variable of the one around it."""
    text = "X = 1\ndef a(b=2):\n    def c(): return b == 3\n    return c\n"
    found = {mutant.new: trial.is_cold(mutant) for mutant in made(text)}
    assert {"(2)": True, "(3)": True, "(4)": False, "(b != 3)": False} == {
        new: found[new] for new in ("(2)", "(3)", "(4)", "(b != 3)")
    }
    assert [True, False] == [mutant.outside or trial.is_cold(mutant) for mutant in made(text) if mutant.new == "return None"]


@pytest.mark.parametrize(
    ("name", "work", "expected"),
    [
        ("passed", "for _ in range(3): os.write(pipe, b'\\na\\n.')\nos.write(pipe, b'\\n=passed')", ("passed", 3, "")),
        ("failed", "os.write(pipe, b'\\na\\n.\\nb\\n=failed')\nos._exit(0)", ("failed", 1, "b")),
        ("crash", "os.write(pipe, b'\\na\\n.\\nb')\nos.kill(os.getpid(), 9)", ("broken", 1, "b")),
        ("raises", "raise RuntimeError", ("broken", 0, "")),
        ("loop", "import signal\nsignal.setitimer(signal.ITIMER_VIRTUAL, 0.05)\nwhile True: pass", ("timeout", 0, "")),
        ("wait", "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\ntime.sleep(60)", ("timeout", 0, "")),
    ],
)
def test_children_say_how_they_end(name: str, work: str, expected: tuple[str, int, str]) -> None:
    """The word a child ends with, what the system says of one that has none, how many tests had passed, and which one was running."""
    assert expected == trial._in_child(lambda pipe: exec(work, {"os": os, "pipe": pipe}))


def test_other_variants_come_last() -> None:
    """What was noted of a test goes first, then the test with all other arguments, also where what was noted is gone."""
    collected = dict.fromkeys(["f[a]", "f[b]", "f[c]", "g", "h[a]"])
    assert ["g", "f[b]", "f[a]", "f[c]"] == trial.with_variants(["g", "f[b]"], collected)
    assert ["h[a]"] == trial.with_variants(["h[z]"], collected)


def test_the_best_tests_come_first() -> None:
    """Every function once, the quick ones first; then each with other arguments. Before all that, files with words of the module's name."""
    known = reach.Map(seconds={"f[a]": 0.1, "f[b]": 0.2, "g": 3.0, "h[a]": 0.5, "h[b]": 0.4}, then={})
    assert ["f[a]", "h[b]", "g", "f[b]", "h[a]"] == known.in_order(known.seconds)
    tests = ["a/test_groups.py::x", "a/test_group_members.py::x", "a/test_people.py::x"]
    assert [tests[1], tests[0], tests[2]] == known.in_order(tests, "world.groups.members_of_groups")


def test_tests_about_a_module_are_known() -> None:
    """Files that import it, where they are few; of many, the one with its name."""
    assert {"tests/world/test_fact_kinds.py"} <= reach.importing("bridge.world.kernel.fact_kinds")
    assert {"tests/world/test_codes.py"} == reach.importing("bridge.world.kernel.codes")
    assert frozenset() == reach.importing("bridge.world.kernel.made_up")
    assert reach.importing("bridge.world.chats.messages") < reach.importing_at_all("bridge.world.chats.messages")


def test_tests_of_the_file_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs the changed lines is near; what runs others of the file is far, and tried where anything is near at all."""
    (mutant,) = [one for one in made("def f():\n    return g\ndef h():\n    return g\n") if one.line == 2]
    known = reach.Map(seconds={}, then={})
    ran = {2: {"near"}, 4: {"far", "near", ""}}
    monkeypatch.setattr(reach.Map, "tests", lambda self, name, lines: {test for line in lines for test in ran.get(line, ())})
    assert [(["near"], ["far"])] == [(plan.tests, plan.far) for plan in mutate.plans([mutant], known)]
    ran.clear()
    assert [([], [])] == [(plan.tests, plan.far) for plan in mutate.plans([mutant], known)]


def test_functions_around_a_mutant() -> None:
    """The innermost one, without its head."""
    text = "A = 1\ndef f(\n    b=2,\n):\n    c = 3\n    def g():\n        return 4\n    return g\n"
    found = {mutant.new: mutate._function(mutant) for mutant in made(text) if mutant.kind == "constant"}
    assert {"(2)": range(0), "(3)": range(0), "(4)": range(5, 9), "(5)": range(7, 8)} == found


def test_bodies_of_what_is_declared() -> None:
    """A decorator or a default belongs to the function behind it; what stands in its body does not."""
    text = "A = 1\n@d(2)\ndef f(\n    b=3,\n):\n    c = 4\n    return c\n"
    found = {mutant.new: mutate._body(mutant) for mutant in made(text) if mutant.kind == "constant"}
    assert {"(2)": range(0), "(3)": range(6, 8), "(4)": range(6, 8), "(5)": range(0)} == found


def test_what_killed_nearby_comes_first() -> None:
    """Tests that killed others in the file go before the rest, the last first; none that does not reach the mutant."""
    mutant = made("x = 1")[0]
    trials = trial.Trials({}, 1.0, lambda verdict: None)
    trials._killers = {"bridge/world/made_up.py": ["c", "x", "d", "c"], "elsewhere": ["b"]}
    assert ["c", "d", "a", "b"] == trials._best_first(trial.Plan(mutant, ["a", "b", "c", "d"]))


def test_cold_trials_begin_with_few_files() -> None:
    """The tests of a few files in their order, then all others."""
    tests = ["f1::a", "f2::a", "f3::a", "f4::a", "f1::b", "f5::a", "f3::b"]
    assert [["f1::a", "f2::a", "f3::a", "f1::b", "f3::b"], ["f4::a", "f5::a"]] == trial.stages(tests)
    assert trial.COLD_TESTS == sum(map(len, trial.stages([f"f{number}::a" for number in range(500)])))


def test_few_variants_are_always_the_same() -> None:
    """So many of each function, whatever order they come in."""
    tests = [f"{name}[{number}]" for name in "ab" for number in range(9)] + ["c"]
    kept = reach.few(tests, 2)
    assert kept == reach.few(tests[::-1], 2)
    assert ["a", "a", "b", "b", "c"] == sorted(test[0] for test in kept)
    assert set(tests) == reach.few(tests, 0)


def test_lines_are_found_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What has moved keeps its tests; a line that is new has those of the lines around it."""
    monkeypatch.setattr(reach, "ROOT", tmp_path)
    (tmp_path / "a.py").write_text("new\none\nother\nthree\n")

    class Data(CoverageData):
        def __init__(self) -> None: ...

        def read(self) -> None: ...

        def contexts_by_lineno(self, filename: str) -> dict[int, list[str]]:
            return {1: ["t1"], 2: ["t2"], 3: ["t3", ""]}

    known = reach.Map(seconds={}, then={"a.py": "one\ntwo\nthree\n"}, data=Data())
    assert [{"t1"}, {"t1"}, {"t1", "t2", "t3", ""}, {"t3", ""}] == [known.tests("a.py", [line]) for line in (1, 2, 3, 4)]


def test_table_and_survivors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Numbers by room; where a survivor stands, what it changes, and why it may live; entries that fit none are named."""
    listed = tmp_path / "survivors.jsonl"
    listed.write_text('{"file": "bridge/world/made_up.py", "in": "", "change": ["-x = 1", "+x = (2)"], "why": "so"}\n')
    monkeypatch.setattr(report, "ACCEPTED", listed)
    one, two = made("x = 1\ny = 2\n")
    verdicts = [
        Verdict(one, Outcome.SURVIVED, 5),
        Verdict(two, Outcome.UNREACHED),
        Verdict(two, Outcome.SURVIVED, 4, cut_short=True),
        *[Verdict(two, Outcome.KILLED, 1, "t")] * 6,
        Verdict(two, Outcome.TIMEOUT, 0),
    ]
    lines = [line.split() for line in report.table(verdicts).splitlines()]
    assert [["world", "10", "6", "1", "2", "1", "1", "70.0", "%"], ["all", "10", "6", "1", "2", "1", "1", "70.0", "%"]] == lines[1:]
    assert verdicts[:3] == report.survivors(verdicts)
    said = [report.survivor(verdict) for verdict in verdicts[:3]]
    assert "bridge/world/made_up.py:1 (constant, listed: so)\n    -x = 1\n    +x = (2)" == said[0]
    assert ["no test reaches it)", "4 tests passed, there was time for no more)"] == [
        text.splitlines()[0].partition(", ")[2] for text in said[1:]
    ]
    monkeypatch.setattr(report, "LIVED", tmp_path / "lived.jsonl")
    assert set() == report.lived()
    report.note_lived(verdicts)
    assert {one.key, two.key} == report.lived()
    assert [] == report.forgotten([one]) and 1 == len(report.forgotten([two]))


def test_the_list_of_survivors_is_fresh() -> None:
    """Every mutant that may live is still there, and has a reason."""
    entries = report.accepted(suite=True)
    assert report.accepted().items() < entries.items()
    assert all(entries.values())
    files = sorted({key[0] for key in entries})
    assert [] == report.forgotten(mutant for name in files for mutant in mutants.of(Source.read(ROOT / name)))


def test_killers_are_held_against_the_source_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that fails without the change, too, kills nothing, and is left out from then on; the others go on."""
    mutant = made("def f():\n    return g\n")[0]
    verdicts: list[Verdict] = []
    trials = trial.Trials({}, 1.0, verdicts.append)
    asked: list[tuple[bool, list[str]]] = []

    def start(mutant: Mutant, is_changed: bool, tests: list[str], pipe: int) -> None: ...

    def in_child(work: Any) -> tuple[str, int, str]:
        cells = dict(zip(work.__code__.co_freevars, (cell.cell_contents for cell in work.__closure__ or ()), strict=True))
        tests = work.__defaults__[0] if work.__defaults__ else [cells["test"]]
        asked.append((bool(work.__defaults__), tests))
        fails = tests[0] in ("odd", "kills") if work.__defaults__ else tests == ["odd"]
        return ("failed", 0, tests[0]) if fails else ("passed", len(tests), "")

    monkeypatch.setattr(trial, "_in_child", in_child)
    trials._judge(trial.Plan(mutant, ["odd", "kills", "more"]), start)
    trials._judge(trial.Plan(mutant, ["odd", "more"]), start)
    assert [(Outcome.KILLED, "kills"), (Outcome.SURVIVED, "")] == [(one.outcome, one.killer) for one in verdicts]
    assert [(True, ["odd", "kills", "more"]), (False, ["odd"]), (True, ["kills", "more"]), (False, ["kills"]), (True, ["more"])] == asked
