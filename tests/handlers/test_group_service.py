"""What the service does in groups by itself."""

from __future__ import annotations

from typing import Any

from bridge.world.groups import group_news, memberships
from tests.support.groups import team
from tests.support.stage import Stage


def happen(stage: Stage, action: Any) -> None:
    """Let the service do something."""
    stage.emulator.share(stage.emulator.engine.run(action), None)


def test_recycled_groups_are_gone(stage: Stage) -> None:
    """When the service takes a group back, all members hear of it, the owner too, and calls on it are refused."""
    group_id, (alice, bob, _) = team(stage, "Public")
    happen(stage, lambda: memberships.recycle(stage.world, group_id))
    for phone in (alice, bob):
        assert group_id == phone.heard_one("onGroupRecycled")["groupID"]
    assert 10010 == alice.refused("quitGroup", groupID=group_id)


def test_notices_of_the_server_reach_who_is_online(stage: Stage) -> None:
    """A notice of the app's server reaches the members who are online; nothing of it is kept."""
    group_id, (alice, bob, carol) = team(stage, "Public")
    carol.call("logout")
    happen(stage, lambda: group_news.notify(stage.world, group_id, "sale"))
    for phone in (alice, bob):
        assert [("onReceiveRESTCustomData", {"groupID": group_id, "customData": "sale"})] == phone.heard()
    carol.login("carol")
    assert [] == carol.heard("onReceiveRESTCustomData", "onRecvNewMessage")
