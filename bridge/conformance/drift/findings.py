"""
What differs between a plugin and a dialect.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

KINDS = {
    "lacks": "The schemas lack (the plugin has it)",
    "extra": "The schemas have too much (the plugin has it not)",
    "differs": "It differs",
}


class Finding(NamedTuple):
    """
    A difference.

    Attributes:
        kind: `lacks`, `extra` or `differs`, as the schemas are seen.
        subject: what it is: `method`, `argument`, `model`, `key`, `event`, `handler`, `cast`, `function`, `object`, `callback`.
        name: of the document of the schemas that it concerns.
        text: a sentence without the name.
        where: file and line of the plugin, empty where the plugin has nothing.
    """

    kind: str
    subject: str
    name: str
    text: str
    where: str = ""

    def __str__(self) -> str:
        """The finding in a line."""
        return f"{self.subject} {self.name}: {self.text}" + (f" ({self.where})" if self.where else "")


class Comparison(NamedTuple):
    """The differences, and how many statements were held against each other."""

    dialect: str
    findings: list[Finding]
    statements: int

    @property
    def share(self) -> float:
        """The share of the statements that are the same, 0 to 1."""
        return 1 - len(self.findings) / max(self.statements, 1)


class Counter:
    """Counts what is compared, and keeps what differs."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.statements = 0

    def sets(self, subject: str, name: str, here: set[str], there: set[str], what: str, where: str = "") -> None:
        """Compare names: `here` the plugin's, `there` the schemas'."""
        self.statements += len(here | there)
        for one in sorted(here - there):
            self.findings.append(Finding("lacks", subject, name or one, what.format(one), where))
        for one in sorted(there - here):
            self.findings.append(Finding("extra", subject, name or one, what.format(one), where))

    def same(self, subject: str, name: str, here: object, there: object, text: str, where: str) -> None:
        """Compare two values; `text` is filled with both."""
        self.statements += 1
        if here != there:
            self.findings.append(Finding("differs", subject, name, text.format(here, there), where))


def by_kind(findings: list[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Yield (heading, findings) of each kind that there is, in their order."""
    for kind, heading in KINDS.items():
        rows = [one for one in findings if one.kind == kind]
        if rows:
            yield heading, rows
