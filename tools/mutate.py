"""
Change the code a little and see whether a test notices.

    python3 tools/up.py mutate --sample 100 --seed 1               # a hundred mutants out of all, the same for a seed
    python3 tools/up.py mutate --only bridge/world/people          # all of a folder or file
    python3 tools/up.py mutate --sample 20 --only bridge/world/people/follows.py --in unfollow
    python3 tools/up.py mutate --again                             # those alone that lived in the last run, when there are new tests
    python3 tools/up.py mutate --suite --sample 200                # of rules that have cases, with the suite of conformance alone

The first run notes which test runs which line, which takes as long as all tests do, and half as long again; later ones note what has
changed in tests/ alone (`--afresh` begins anew). What is tried and how is said in tools/mutating. 1 if a mutant lives that
tools/mutating/survivors.jsonl does not list.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.mutating import reach, report, trial
from tools.mutating.mutants import ROOT, Mutant, Source, of

SUITE = "tests/conformance/suite/test_holds.py"
"""The tests that play the suite of conformance."""
LEAST = 0.95
"""The share of such mutants that the suite alone has to notice."""
RULES = ("bridge/world/kernel/", "bridge/world/people/", "bridge/world/groups/", "bridge/world/chats/")
"""Where the rules stand that cases have. `bridge/world/documents` is how this bridge writes a world down: no port has that."""


def chosen(only: str | tuple[str, ...], scope: str, sample: int, seed: int, reached: reach.Map | None = None) -> list[Mutant]:
    """
    Return the mutants of a run, file by file. A sample draws lots by what is changed: code that changes elsewhere does not alter it.

    Args:
        reached: leaves those alone that some test reaches.
    """
    found = [mutant for path in reach.sources() if reach.name_of(path).startswith(only) for mutant in of(Source.read(path))]
    found = [mutant for mutant in found if scope in ("", mutant.scope)]
    if reached is not None:
        found = [mutant for mutant in found if is_reached(mutant, reached)]
    if not 0 < sample < len(found):
        return found
    counts: Counter[tuple[str, ...]] = Counter()
    lots: list[tuple[bytes, int]] = []
    for place, mutant in enumerate(found):
        named = (mutant.source.name, mutant.scope, mutant.kind, mutant.old, mutant.new)
        counts[named] += 1
        lots.append((hashlib.sha256(repr((seed, *named, counts[named])).encode()).digest(), place))
    return [found[place] for place in sorted(place for _, place in sorted(lots)[:sample])]


def is_reached(mutant: Mutant, known: reach.Map) -> bool:
    """
    Return whether a test runs one of its lines; of a change outside of functions, a line in which a name stands that it is bound to.

    What is said there of how rows are kept, which switches the service has, or what a fact brings along is no rule that anybody sees:
    other tests hold that.
    """
    if not mutant.outside:
        return bool(known.tests(mutant.source.name, mutant.lines) - {""})
    bound = frozenset(_bound(mutant))
    places = [*(reach.lines_naming(bound).items() if bound else ()), (mutant.source.name, _body(mutant))]
    return not _is_declaration(mutant) and any(known.tests(name, lines) - {""} for name, lines in places)


DECLARING = ("TableSpec", "Switch", "Kind", "_kept")
"""What is called to declare something; its arguments are no rules."""


def _is_declaration(mutant: Mutant) -> bool:
    place = mutant.start
    for node in ast.walk(_tree(mutant.source.text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DECLARING:
            end = (node.end_lineno or 0, node.end_col_offset or 0)
            if (node.lineno, node.col_offset) <= place < end:
                return True
    return False


def note(files: list[str], variants: int, afresh: bool) -> None:
    """Have noted which lines the tests of some files run, where that is not known yet."""
    if afresh or reach.variants_noted() != variants:
        for path in (reach.NOTES, reach.SECONDS, reach.STATE):
            path.unlink(missing_ok=True)
    files = reach.stale(files)
    if files:
        print(f"noting which lines {len(files)} files of tests run …", flush=True)
        command = [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "tools.mutating.reach", *files]
        settings = {**os.environ, reach.VARIANTS: str(variants)}
        subprocess.run(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, check=False)  # what fails is left out when it kills
        reach.note_state(files, variants)


def plans(mutants: Iterable[Mutant], known: reach.Map) -> Iterator[trial.Plan]:
    """Yield each mutant with its tests."""
    for mutant in mutants:
        tests, module = known.tests(mutant.source.name, mutant.lines), mutant.source.module
        groups = _of_import(mutant, tests, known) if mutant.outside or "" in tests else _of_call(mutant, tests, known)
        near = list(dict.fromkeys(test for group in groups for test in known.in_order(group - {""}, module)))
        far = known.tests(mutant.source.name, range(1, len(mutant.source.lines) + 1)).difference(near, {""}) if near else ()
        yield trial.Plan(mutant, near, known.in_order(far, module))


def _of_call(mutant: Mutant, tests: set[str], known: reach.Map) -> Iterator[set[str]]:
    """
    Yield the tests of a mutant inside a function: those that run its lines; and those of files that import its module, and those that run
    the function, or at least the file, for variants of theirs that were not noted may come that way.
    """
    yield tests
    files = reach.importing(mutant.source.module)
    yield {test for test in known.seconds if test.partition("::")[0] in files}
    around = known.tests(mutant.source.name, _function(mutant))
    yield around or known.tests(mutant.source.name, range(1, len(mutant.source.lines) + 1))


def _of_import(mutant: Mutant, tests: set[str], known: reach.Map) -> Iterator[set[str]]:
    """
    Yield the tests of a mutant that is run at import, the likeliest first.

    Those of files that import the module, and are about it or quick; those that run the function that it declares something of; those that
    run its lines, or lines in which a name stands that the changed statement binds; and those of the whole file, for a name may be used
    where other names are bound.
    """
    files, others = reach.importing(mutant.source.module), reach.importing_at_all(mutant.source.module)
    yield {test for test in known.seconds if test.partition("::")[0] in files}
    yield {test for test, took in known.seconds.items() if took <= reach.QUICK_S and test.partition("::")[0] in others}
    yield known.tests(mutant.source.name, _body(mutant))
    names = _bound(mutant)
    places = reach.lines_naming(frozenset(names)) if names else {}
    yield tests | {test for name, lines in places.items() for test in known.tests(name, lines)}
    yield known.tests(mutant.source.name, range(1, len(mutant.source.lines) + 1))


@cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def _function(mutant: Mutant) -> range:
    """Return the lines of the body of the innermost function around a mutant."""
    found = range(0)
    for node in ast.walk(_tree(mutant.source.text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = range(node.body[0].lineno, (node.end_lineno or 0) + 1)
            found = body if mutant.line in body else found
    return found


def _body(mutant: Mutant) -> range:
    """Return the lines of the function of which a mutant changes a decorator or a default."""
    for node in ast.walk(_tree(mutant.source.text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min(one.lineno for one in (node, *node.decorator_list))
            if first <= mutant.line < node.body[0].lineno:
                return range(node.body[0].lineno, (node.end_lineno or 0) + 1)
    return range(0)


def _bound(mutant: Mutant) -> set[str]:
    """Return the names of the innermost statement around a mutant that binds some, and is no part of a function's body."""
    names: set[str] = set()
    for node in ast.walk(_tree(mutant.source.text)):
        if isinstance(node, ast.stmt) and node.end_lineno and node.lineno <= mutant.line <= node.end_lineno:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
            bound = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                bound = {node.name}
            names = bound or names
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                break
    return names


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--sample", type=int, default=0, metavar="N", help="so many mutants, chosen at random (default: all)")
    add("--seed", type=int, default=1, help="which ones (default: 1)")
    add("--only", default="", metavar="PATH", help="of the files alone whose path begins so")
    add("--in", default="", dest="scope", metavar="NAME", help="of this function or class alone, as `Class.method`")
    add("--again", action="store_true", help="those alone that lived in the last run")
    add("--tests", default="", metavar="PATH", help="hold against them the tests alone of files whose path begins so")
    add("--suite", action="store_true", help="hold the suite of conformance alone against mutants of the rules that have cases")
    add("--variants", type=int, default=0, metavar="N", help="of each test so many of its worlds and arguments alone (default: all)")
    add("--budget", type=float, default=60.0, metavar="S", help="seconds of computing for the tests of a mutant (default: 60)")
    add("--afresh", action="store_true", help="note anew which tests run which lines")
    given = parser.parse_args(arguments)
    if given.suite:
        given.tests, given.only = given.tests or SUITE, given.only or RULES
    files = reach.test_files(given.tests)
    note(files, given.variants, given.afresh)
    known = reach.Map()
    mutants = chosen(given.only, given.scope, given.sample, given.seed, known if given.suite else None)
    if given.again:
        lived = report.lived()
        mutants = [mutant for mutant in mutants if mutant.source.name in {key[0] for key in lived} and mutant.key in lived]
    verdicts: list[trial.Verdict] = []
    began, terminal = time.monotonic(), sys.stdout

    def tell(verdict: trial.Verdict) -> None:
        verdicts.append(verdict)
        if verdict.outcome in (trial.Outcome.SURVIVED, trial.Outcome.UNREACHED):
            print(report.survivor(verdict, given.suite), file=terminal, flush=True)

    ready = list(plans(mutants, known))
    trial.Trials(known.seconds, given.budget, tell).run(ready, files)
    report.note_lived(verdicts)
    print(f"{report.table(verdicts, given.suite)}\n{time.monotonic() - began:.0f} s")
    listed = report.accepted(given.suite)
    missed = sum(one.mutant.key not in listed for one in report.survivors(verdicts))
    if given.suite:
        visible = sum(one.mutant.key not in listed or not report.lives(one) for one in verdicts)
        share = 1 - missed / max(visible, 1)
        print(f"the suite alone notices {share:.1%} of the {visible} that somebody could see (at least {LEAST:.0%})")
        return int(share < LEAST or len(verdicts) < len(ready))
    return int(missed > 0 or len(verdicts) < len(ready))


if __name__ == "__main__":
    raise SystemExit(main())
