"""
What differs between a recorded value and one that came now.

An id that is another is no difference, as long as it is another in the same way everywhere: each recorded id is paired
with the first one that came in its place, and later ones must keep to that, one to one. Times, and some numbers and
texts, may be any of their kind.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from bridge.catalogue.sources import common_document


@frozen
class Difference:
    """One difference: where (`data.lastMessage.status`), what was recorded, what came."""

    path: str
    recorded: Any
    came: Any

    def __str__(self) -> str:
        return f"{self.path}: recorded {_short(self.recorded)}, came {_short(self.came)}"


class _Nothing:
    """Stands for a key that is not there."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()


class Comparison:
    """A run's pairs of ids, and what has differed so far."""

    def __init__(self) -> None:
        said = common_document("volatile")
        self._ids = frozenset(said["ids"])
        self._times = frozenset((*said["times"], *said["numbers"]))
        self._texts = frozenset(said["texts"])
        self._pairs: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def differences(self, recorded: Any, came: Any, path: str = "") -> list[Difference]:
        """Return what differs; ids that are met on the way are paired."""
        found: list[Difference] = []
        self._walk(recorded, came, path, "", found)
        return found

    def translated(self, value: Any) -> Any:
        """Return a recorded value with every paired id as the one that came in its place."""
        if isinstance(value, dict):
            return {key: self.translated(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.translated(item) for item in value]
        if isinstance(value, str) and value:
            return self._in_text(value)
        return value

    def _in_text(self, text: str) -> str:
        paired = self._pairs.get(text)
        if paired is not None:
            return paired
        for recorded, came in self._pairs.items():
            if len(recorded) > 7 and recorded in text:
                text = text.replace(recorded, came)
        return text

    def _walk(self, recorded: Any, came: Any, path: str, key: str, found: list[Difference]) -> None:
        if isinstance(recorded, dict) and isinstance(came, dict):
            for name in (*recorded, *(name for name in came if name not in recorded)):
                below = f"{path}.{name}" if path else name
                self._walk(recorded.get(name, NOTHING), came.get(name, NOTHING), below, name, found)
        elif isinstance(recorded, list) and isinstance(came, list):
            for at in range(max(len(recorded), len(came))):
                one = recorded[at] if at < len(recorded) else NOTHING
                other = came[at] if at < len(came) else NOTHING
                self._walk(one, other, f"{path}[{at}]", key, found)
        elif not self._same(recorded, came, key):
            found.append(Difference(path, recorded, came))

    def _same(self, recorded: Any, came: Any, key: str) -> bool:
        if type(recorded) is not type(came):
            return False
        if isinstance(recorded, str):
            return self._same_text(recorded, came, key)
        if key in self._times and isinstance(recorded, int) and not isinstance(recorded, bool):
            return bool(recorded) == bool(came)
        if key == "seq" and isinstance(recorded, int):
            return True
        return bool(recorded == came)

    def _same_text(self, recorded: str, came: str, key: str) -> bool:
        if key in self._texts:
            return bool(recorded) == bool(came)
        if key in self._ids or recorded.startswith("@TGS#"):
            return self._paired(recorded, came)
        if key == "seq" and recorded.isdecimal() and came.isdecimal():
            return recorded == came or int(recorded) > 1_000  # a group counts from 1; what a client makes up is large
        return recorded == came or self._in_text(recorded) == came

    def _paired(self, recorded: str, came: str) -> bool:
        if not recorded or not came:
            return recorded == came
        known = self._pairs.get(recorded)
        if known is None and came not in self._taken:
            self._pairs[recorded] = came
            self._taken[came] = recorded
            return True
        return known == came


def _short(value: Any, width: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= width else f"{text[: width - 1]}…"
