"""
Draft cases of the conformance suite from the tests that rules name: `python tools/draft_cases.py [TESTS…] [--write]`.

A test with a stage is run on each of its dialects and platforms. What people do on the stage becomes the steps of a script, what the
test looks at becomes what is expected; an id that the bridge made up is kept and used again, a time is one of any kind. Each draft is
then played by the suite: one that does not hold is left out and said, as is one whose test changes the world behind the bridge's back.
A draft is about the rules that name its test, whatever their evidence; if none does, its source is the test. With `--write` those whose
name is new are added to `fixtures/conformance`, in a file for each file of tests; from then on that file is what counts, and is edited by
hand.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bridge.catalogue.sources import common_document  # noqa: E402
from bridge.cli.conform_wires import OwnWire  # noqa: E402
from bridge.conformance.suite import worlds  # noqa: E402
from bridge.conformance.suite.actors import LISTENERS, NotAnswered, Stage, Untried  # noqa: E402
from bridge.conformance.suite.player import Differs, play  # noqa: E402
from tools.drafting.scripts import NoScript, Writer  # noqa: E402
from tools.drafting.watching import Watch  # noqa: E402

MOST_CHARACTERS = 12_000
"""A script that is longer is a story, which nobody reads as a case."""
ON_ENTERING = {"initSDK", "login", *LISTENERS}
PLACES = ("tests/handlers", "tests/stories")
TARGET = ROOT / "fixtures" / "conformance"


class Drafting:
    """The plugin: gathers what is written of each test."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
        self.says: dict[str, str] = {}
        self.why: Counter[str] = Counter()
        self.without: dict[str, str] = {}
        self._failed = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Watch a test."""
        watch = Watch()
        self._failed = False
        with pytest.MonkeyPatch.context() as patch:
            watch.install(patch)
            result = yield
        if self._failed:
            self.why["fails while it is watched"] += 1
            self.without.setdefault(item.nodeid.partition("[")[0], "fails while it is watched")
        else:
            self._take(item, watch)
        return result

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note that a test has failed."""
        self._failed = self._failed or report.failed or report.skipped

    def _take(self, item: Any, watch: Watch) -> None:
        test, _, variant = item.nodeid.partition("[")
        self.says[test] = " ".join((item.obj.__doc__ or "").split())
        several = len(watch.notes) > 1
        for number, notes in enumerate(watch.notes.values(), 1):
            name = f"{notes.stage.dialect}-{notes.stage.platform}"
            of_worlds = "|".join(map(re.escape, [name, *_worlds()]))
            words = [word for word in re.split(rf"-?(?:{of_worlds})-?", variant.rstrip("]")) if word]
            label = "-".join(words) + (f"#{number}" if several else "")
            try:
                notes.check()
                script = Writer(notes).script()
            except NoScript as no:
                self.why[str(no)] += 1
                self.without.setdefault(test, str(no))
                continue
            if len(json.dumps(script)) > MOST_CHARACTERS:
                self.why["is too long to be read"] += 1
                self.without.setdefault(test, "is too long to be read")
            elif any(step[1] not in ("enter", "start", "heard") for step in script):
                self.found[test, label][name] = {"given": notes.given, "script": script}


def _worlds() -> list[str]:
    return sorted({name for world in worlds.every_world() for name in (worlds.name_of(world), *world)}, key=len, reverse=True)


def holds(world: str, draft: dict[str, Any]) -> str:
    """Return how a draft fails on a dialect and platform; nothing if it holds."""
    dialect, platform = world.rsplit("-", 1)
    stage = Stage(OwnWire((dialect, platform)), (dialect, platform))
    stage.fills = True
    try:
        stage.begin(draft["given"], draft["script"])
        play(draft["script"], stage)
    except (Differs, NotAnswered, Untried) as flaw:
        return str(flaw)
    except Exception as flaw:
        return f"{type(flaw).__name__}: {flaw}"
    return ""


def rules_by_test(*kinds: str) -> dict[str, list[list[str]]]:
    """Return by test its rules, each a method and its words; those of some kinds of evidence alone, if any are named."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    for method, rules in common_document("rules")["methods"].items():
        for rule in rules:
            if "test" in rule and (not kinds or rule["kind"] in kinds):
                found[rule["test"]].append([method, rule["rule"]])
    return found


def drafts(drafting: Drafting, rules: dict[str, list[list[str]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (file, line) of each draft that holds."""
    for (test, label), by_world in drafting.found.items():
        alike: dict[str, dict[str, Any]] = {}
        for world, draft in by_world.items():
            flaw = holds(world, draft)
            if flaw:
                drafting.why["does not hold when it is played"] += 1
                drafting.without.setdefault(test, f"{world}: {flaw[:300]}")
                continue
            key = json.dumps(draft, sort_keys=True)
            alike.setdefault(key, {**draft, "on": []})["on"].append(world)
        merged = merged_drafts(list(alike.values()))
        for number, draft in enumerate(merged, 1):
            stem, name = re.sub(r"^.*/test_|\.py", "", test).split("::test_")
            title = f"{name}{f' [{label}]' if label else ''}{f' ({number})' if len(merged) > 1 else ''}"
            line: dict[str, Any] = {"name": title, "says": drafting.says[test]}
            about = tried(rules.get(test, []), draft["script"])
            line |= {"rules": about} if about else {"source": f"this bridge's test {test}", "sure": "assumed"}
            line |= {"on": shortened(draft["on"])}
            if draft["given"]:
                line["given"] = draft["given"]
            yield stem, {**line, "script": draft["script"]}


def tried(rules: list[list[str]], script: list[Any]) -> list[list[str]]:
    """Return the rules of methods that a script calls, be it while somebody enters."""
    called = {name for step in script for name in step[1].split("|")} | ON_ENTERING
    return [[method, words] for method, words in rules if method in called]


def merged_drafts(alike: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return drafts of which those with the same steps have become one, with what differs by world beside each other."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for draft in alike:
        steps = [[step[0], step[1], len(step) > 2 and isinstance(step[2], dict)] for step in draft["script"]]
        groups[json.dumps([draft["given"], steps], sort_keys=True)].append(draft)
    return [_merged(sorted(group, key=lambda draft: -len(draft["on"]))) for group in groups.values()]


def _merged(group: list[dict[str, Any]]) -> dict[str, Any]:
    first, *others = group
    if not others:
        return first
    names = [shortened(draft["on"]) for draft in group]
    script = []
    for steps in zip(*(draft["script"] for draft in group), strict=True):
        most = max(map(len, steps))
        padded = [[*step, *([{}] * (most - len(step)))] for step in steps]
        script.append([*padded[0][:2], *(_by(names, [step[at] for step in padded]) for at in range(2, most))])
    return {**first, "on": [name for draft in group for name in draft["on"]], "script": script}


def _by(names: list[list[str]], values: list[Any]) -> Any:
    first = values[0]
    if all(value == first and type(value) is type(first) for value in values):
        return first
    if all(isinstance(value, dict) and value.keys() == first.keys() for value in values):
        return {key: _by(names, [value[key] for value in values]) for key in first}
    if all(isinstance(value, list) and len(value) == len(first) for value in values) and isinstance(first, list):
        return [_by(names, [value[at] for value in values]) for at in range(len(first))]
    said = {name: value for all_names, value in zip(names[1:], values[1:], strict=True) for name in all_names if value != first}
    return {"by": {**said, "else": first}}


def add(path: Path, lines: list[dict[str, Any]]) -> None:
    """Add to a file of cases those of a name that it does not have yet."""
    path.parent.mkdir(exist_ok=True)
    old = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names = {json.loads(line)["name"] for line in old}
    new = [json.dumps(line, ensure_ascii=False) for line in lines if line["name"] not in names]
    path.write_text("".join(f"{line}\n" for line in (*old, *new)), encoding="utf-8")


def shortened(names: list[str]) -> list[str]:
    """Return names of worlds, with a dialect or a platform in place of all that it has."""
    left = set(names)
    all_worlds = {worlds.name_of(world): world for world in worlds.every_world()}
    found = []
    for at in (1, 0):
        for name in sorted({world[at] for world in all_worlds.values()}):
            inside = {one for one, world in all_worlds.items() if world[at] == name}
            if inside <= set(names) and inside & left:
                found.append(name)
                left -= inside
    return sorted(found + sorted(left))


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tests", nargs="*", help="tests or files of tests (default: all that a rule names)")
    parser.add_argument("--write", action="store_true", help="add what is new to fixtures/conformance")
    given = parser.parse_args()
    found = rules_by_test("documented", "adapter source")
    tests = given.tests or sorted(test for test in found if test.startswith(PLACES) and "test_documented" not in test)
    drafting = Drafting()
    pytest.main(["-q", "-n0", "-p", "no:cacheprovider", *tests], plugins=[drafting])
    files: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file, line in drafts(drafting, rules_by_test()):
        files[file].append(line)
    total = 0
    for file, lines in sorted(files.items()):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        total += len(text.encode())
        print(f"{file}: {len(lines)} cases, {len(text.encode())} bytes")
        if given.write:
            add(TARGET / f"{file}.jsonl", lines)
    print(f"{sum(map(len, files.values()))} cases, {total} bytes")
    print(dict(drafting.why))
    for test in sorted(set(drafting.without)):
        print("-", test, drafting.without[test])


if __name__ == "__main__":
    main()
