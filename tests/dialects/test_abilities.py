"""What clients can do: data, and attributes of `Client`."""

from __future__ import annotations

import pytest

from bridge import dialects
from bridge.catalogue.sources import common_document
from bridge.world.kernel.clients import TODAY, Client

TOLD = {"version", "system"}


def test_every_ability_has_its_rule() -> None:
    """No ability is an attribute alone, and none stands in the data alone."""
    assert set(Client._fields) - TOLD == set(common_document("clients")["abilities"])


def test_client_of_today_is_the_newest() -> None:
    """A client that nobody says anything of can do what the newest plugin's can, and has no platform's oddities."""
    assert TODAY == dialects.get("chat-8.4", "android").client._replace(version="", system="")


@pytest.mark.parametrize(
    ("dialect", "platform", "ability", "expected"),
    [
        ("im-5.0", "android", "cuts_marks", True),
        ("im-5.0", "ios", "cuts_marks", False),
        ("im-5.0", "android", "tells_invitations", False),
        ("chat-8.2", "android", "tells_invitations", True),
        ("chat-8.2", "ios", "has_badge", True),
    ],
)
def test_version_and_platform_decide(dialect: str, platform: str, ability: str, expected: bool) -> None:
    """An ability goes by the native version under a dialect, and by its platform."""
    assert expected is getattr(dialects.get(dialect, platform).client, ability)


def test_login_says_whom_it_is_for() -> None:
    """Whose call a login is stands in its arguments; no other call logs anybody in."""
    dialect = dialects.get("chat-8.2", "android")
    assert "ann" == dialect.logs_in("login", {"userID": "ann", "userSig": "s"})
    assert dialect.logs_in("login", {"userID": 7}) is None
    assert dialect.logs_in("getUsersInfo", {"userIDList": ["ann"]}) is None
    assert dialect.logs_in("noSuchCall", {}) is None
