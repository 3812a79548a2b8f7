"""
The cases: a line each, in files by subject.

    {"name": "…", "says": "…", "rules": [["joinGroup", "A missing group is refused."]], "on": ["chat-8.2-android", …], "script": […]}

* `name` and `says`: what it is called, and what it holds in one sentence.
* `rules`: those of `schemas/rules` that it tries, each a method with the rule's words; their evidence and sources are the case's.
* `source` and `sure`: where a statement was found that is no rule, and how sure that is (what another source says `differently`).
* `on`: the dialects and platforms that it is about, as `chat-8.2-android`, `chat-8.2` or `android`; all that have what the script names,
  where it is left out. `only`: the same with a reason for each. `not`: where it cannot be tried, with a reason.
* `given`: `policy` (how the service is set up), `options` (`faithful`: silent where the real plugin is), `world` (what is there at first).
* `script`: its steps, see `player`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from typing import Any

from attrs import Factory

from bridge.catalogue.packing import SUITE
from bridge.catalogue.sources import PACKED, common_document
from bridge.conformance.suite.lines import of_adapter
from bridge.conformance.suite.worlds import World, every_world, has_all, name_of, named
from bridge.values import value_class

_HERE = os.path.dirname(os.path.abspath(__file__))
_CHECKOUT = os.path.dirname(os.path.dirname(os.path.dirname(_HERE)))
FOLDERS = (os.path.join(_CHECKOUT, "fixtures"), os.path.join(PACKED, "suite"))
"""Where the cases are: in a checkout, in an installation."""


@value_class
class Case:
    """
    A case.

    Attributes:
        name, says, source, sure: see above.
        rules: (method, words of the rule) each.
        script: its steps.
        given: how the service is set up.
        on: names of worlds, dialects and platforms that it is about; None for all that have what the script names.
        not_on: where it cannot be tried.
        file, line: where it stands.
    """

    name: str
    says: str
    script: list[Any]
    source: str = ""
    sure: str = "clear"
    rules: tuple[tuple[str, str], ...] = ()
    given: dict[str, Any] = Factory(dict)
    on: frozenset[str] | None = None
    not_on: frozenset[str] = frozenset()
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """Return where it stands, as editors take it."""
        return f"{self.file}:{self.line}"

    @property
    def methods(self) -> set[str]:
        """Return the methods that it is about: those of its rules, else those of its script."""
        about = {method for method, _ in self.rules} | {one for name in named(self.script) for one in name.split("|")}
        return {name for name in about if "." not in name and not name.startswith("on")}

    def is_on(self, world: World) -> bool:
        """Return whether it is played on a dialect and platform."""
        names = {*world, name_of(world)}
        if not self.not_on.isdisjoint(names) or (self.on is not None and self.on.isdisjoint(names)):
            return False
        return (self.on is not None and self.kind != "documented") or has_all(world, self.script)

    @property
    def kind(self) -> str:
        """Return the folder that it stands in."""
        return self.file.split("/")[-2] if "/" in self.file else ""

    def worlds(self) -> list[World]:
        """Return the dialects and platforms that it is played on."""
        return [world for world in every_world() if self.is_on(world)]

    def evidence(self) -> list[str]:
        """Return what it rests on, a line for each rule; or its source."""
        known = _rules()
        said = [f"{method}: {words} ({_where(known, method, words)})" for method, words in self.rules]
        return said or [f"{self.says} ({self.source})"]


@cache
def _rules() -> Any:
    return common_document("rules")["methods"]


def _where(known: Any, method: str, words: str) -> str:
    rule = next((one for one in known.get(method, ()) if one["rule"] == words), None)
    return f"{rule['kind']}, {rule['source']}" if rule else "no such rule any more"


def folder() -> str:
    """Return the folder whose folders have the cases."""
    return next(path for path in FOLDERS if os.path.isdir(os.path.join(path, "documented")))


def load() -> list[Case]:
    """Return all cases, folder by folder and file by file."""
    return [case for kind in SUITE for case in of_folder(os.path.join(folder(), kind), kind)]


def of_folder(path: str, kind: str) -> Iterator[Case]:
    """Yield the cases of a folder."""
    for name in sorted(os.listdir(path)) if os.path.isdir(path) else ():
        if name.endswith(".jsonl"):
            with open(os.path.join(path, name), encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    yield from of_line(json.loads(line), f"fixtures/{kind}/{name}", number, kind)


def of_line(said: dict[str, Any], file: str, number: int, kind: str) -> Iterator[Case]:
    """Yield the case of a line; none where nothing can try what it says."""
    if kind == "adapters":
        said = of_adapter(said, file)
    if "script" not in said:
        return
    on = said.get("on", said.get("only"))
    given = said.get("given", {})
    yield Case(
        name=said["name"],
        says=said["says"],
        script=said["script"],
        source=said.get("source", ""),
        sure=said.get("sure", "clear"),
        rules=tuple((method, words) for method, words in said.get("rules", ())),
        given={**given, "policy": said["policy"]} if "policy" in said else given,
        on=None if on is None else frozenset(on),
        not_on=frozenset(said.get("not", ())),
        file=file,
        line=number,
    )
