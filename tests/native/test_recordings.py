"""What the real Dart client calls the library with, called again through the library on the real dialect."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.codecs.native import TABLE
from tests.support.dart_host import DartHost, library, parameters, settings
from tests.transports.doors import listening

__all__ = ["library", "settings"]

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "recordings"
ENDS = ("DartLogout", "DartUnitSDK", "DartUnregisterSendPort", "DartRegisterSendPort", "DartInitDartApiDL", "DartInitSDK", "DartLogin")
REPEATED = "DartDownloadElemToPath"
"""The function whose progress comes by more replies before the last."""


def recorded() -> list[tuple[str, dict[str, Any]]]:
    """Return (function, arguments) of every recorded call that leaves the session as it is."""
    found = []
    for path in sorted(RECORDINGS.glob("native-*.functions.jsonl")):
        for line in path.read_text("utf-8").splitlines()[1:]:
            call = json.loads(line)
            if call["function"] not in ENDS:
                found.append((call["function"], call["arguments"]))
    return found


def crossing(value: Any) -> Any:
    """Return a value as it crosses: JSON texts for what the recording shows parsed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, dict | list) else value


def test_every_recorded_call_is_answered(library: Path, tmp_path: Path, settings: Callable[..., None]) -> None:
    """Each call gets its one reply, a code and a text, or returns what its kind returns; JSON within is JSON."""
    calls = recorded()
    assert len({function for function, _ in calls}) > 200
    with listening() as address:
        settings(address)
        host = DartHost(library, tmp_path)
        host.start(user="alice")
        asked: list[tuple[str, str]] = []
        for number, (function, arguments) in enumerate(calls):
            values = [crossing(arguments.get(name)) for name in parameters(function)]
            answer, returns, names = TABLE[function]
            if names and names[-1] == "user_data" and isinstance(values[-1], str) and answer != "none":
                values[-1] = f"{values[-1].rpartition('-')[0]}-{number + 100}"
                asked.append((function, values[-1]))
            returned = host.call(function, *values)
            if answer == "post":
                assert 0 == returned
            elif returns == "const char*":
                assert isinstance(returned, str)
        for _, user_data in asked:
            host.reply(user_data)
        texts = host.texts()
    _look(texts, asked)


def _look(texts: list[dict[str, Any]], asked: list[tuple[str, str]]) -> None:
    replies = Counter(text["user_data"] for text in texts if text["callback"] == "apiCallback")
    several = {user_data: count for user_data, count in replies.items() if count != 1}
    assert [] == [function for function, user_data in asked if user_data in several and function != REPEATED]
    for text in texts:
        if text["callback"] == "apiCallback":
            assert isinstance(text["code"], int)
            assert isinstance(text["desc"], str)
            assert text["code"] > -32000, text
        else:
            assert isinstance(text["callbackType"], int)
        for key, value in text.items():
            assert not isinstance(value, dict | list), (text, key)


@pytest.mark.parametrize("row", ["DartInitSDK", "DartUnitSDK"])
def test_second_start_forgets_the_first(library: Path, tmp_path: Path, settings: Callable[..., None], row: str) -> None:
    """An app that starts again, with or without an end before, is logged in as nobody until it logs in."""
    with listening() as address:
        settings(address)
        host = DartHost(library, tmp_path)
        host.start(user="alice")
        if row == "DartUnitSDK":
            host.call("DartUnregisterSendPort", 1)
            assert 0 == host.call("DartUnitSDK")
        host.call("DartRegisterSendPort", 2)
        assert 0 == host.call("DartInitSDK", 1400000000, "{}")
        assert ("", 3) == (host.call("DartGetLoginUserID"), host.call("DartGetLoginStatus"))
        assert 0 == host.ask("DartLogin", "bob", "sig", "login-77")["code"]
        assert "bob" == host.call("DartGetLoginUserID")
