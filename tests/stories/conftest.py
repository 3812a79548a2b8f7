"""The stories are those of well-behaved apps: the sanitizer, which watches them, says nothing but what they do on purpose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridge.sanitizer import PREFIX
from tests.support import stage as stages

WATCHED = {("chat-8.2", "android"), ("im-5.0", "ios"), ("chat-8.4", "windows")}
ON_PURPOSE = {"deprecated"}
"""Old calls have stories, too."""
REFUSED_ON_PURPOSE = {"early", "loggedOut"}
WHERE = {"test_statement_holds", "test_second_phone_kicks_the_first"}
"""Stories that are about what is refused before a start, and behind a login that has ended."""


@pytest.fixture(autouse=True)
def sanitized(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a story of which the sanitizer has a false alarm to tell."""
    params = getattr(request.node, "callspec", None)
    if params is None or params.params.get("stage") not in WATCHED:
        yield
        return
    there: list[stages.Stage] = []
    begin = stages.Stage.__init__

    def watched(self: stages.Stage, *given: object, **settings: object) -> None:
        begin(self, *given, **{"sanitize": True, **settings})  # type: ignore[arg-type]
        there.append(self)

    monkeypatch.setattr(stages.Stage, "__init__", watched)
    yield
    assert there, "nobody was watched"
    allowed = ON_PURPOSE | (REFUSED_ON_PURPOSE if request.node.originalname in WHERE else set())
    said = [entry.value for one in there for entry in one.emulator.engine.journal.newest(0) if entry.kind == "warning"]
    alarms = [text for text in map(str, said) if text.startswith(PREFIX) and text.removeprefix(PREFIX).partition(":")[0] not in allowed]
    assert not alarms, "the sanitizer says:\n" + "\n".join(alarms)
