"""Official accounts through the channel (8.2 alone): the service makes them, users subscribe."""

from __future__ import annotations

import pytest

from bridge.world.people import official_accounts
from tests.support.stage import Phone, Stage


@pytest.fixture(params=["android", "ios"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage with an official account called news."""
    stage = Stage("chat-8.2", request.param)
    official_accounts.publish(stage.world, "news", name="News", owner="carol", introduction="all of it")
    stage.world.log.commit()
    return stage


def infos(phone: Phone, *ids: str) -> list[tuple[int, str, int]]:
    """Return (code, id, subscribers) of official accounts."""
    found = phone.call("getOfficialAccountsInfo", officialAccountIDList=list(ids))
    assert all({"resultCode", "resultInfo", "officialAccountInfo"} == item.keys() for item in found)
    return [
        (
            item["resultCode"],
            item["officialAccountInfo"]["officialAccountID"],
            item["officialAccountInfo"]["subscriberCount"],
        )
        for item in found
    ]


def test_subscribing_tells_own_devices(stage: Stage) -> None:
    """All own devices hear with the account as it is now; a second time nothing happens."""
    other = stage.other_platform
    phone, tablet, bob = stage.enter("alice"), stage.enter("alice", "tablet", platform=other), stage.enter("bob")
    assert phone.call("subscribeOfficialAccount", officialAccountID="news") is None
    for device in (phone, tablet):
        account = device.heard_one("onOfficialAccountSubscribed")
        assert ("news", "News", "carol", 1, stage.now_s()) == tuple(
            account[key]
            for key in ("officialAccountID", "officialAccountName", "ownerUserID", "subscriberCount", "subscribeTime")
        )
    phone.call("subscribeOfficialAccount", officialAccountID="news")
    assert [] == phone.heard() + bob.heard()


def test_unsubscribing_tells_own_devices(stage: Stage) -> None:
    """Own devices hear the id; without a subscription nothing happens."""
    alice = stage.enter("alice")
    alice.call("unsubscribeOfficialAccount", officialAccountID="news")
    assert [] == alice.heard()
    alice.call("subscribeOfficialAccount", officialAccountID="news")
    alice.heard()
    alice.call("unsubscribeOfficialAccount", officialAccountID="news")
    assert [("onOfficialAccountUnsubscribed", "news")] == alice.heard()
    assert [(0, "news", 0)] == infos(alice, "news")


@pytest.mark.parametrize("method", ["subscribeOfficialAccount", "unsubscribeOfficialAccount"])
@pytest.mark.parametrize("account", ["", "none"])
def test_missing_accounts_are_refused(stage: Stage, method: str, account: str) -> None:
    """No id and one that nobody has are refused with 6017."""
    assert 6017 == stage.enter("alice").refused(method, officialAccountID=account)


def test_infos_of_named_or_own(stage: Stage) -> None:
    """Named accounts come as named, unknown ones fail singly; without a name the own subscriptions come."""
    official_accounts.publish(stage.world, "sport")
    alice = stage.enter("alice")
    assert [] == infos(alice)
    alice.call("subscribeOfficialAccount", officialAccountID="news")
    assert [(0, "news", 1)] == infos(alice)
    assert [(6017, "none", 0), (0, "sport", 0)] == infos(alice, "none", "sport")


def test_the_service_changes_an_account(stage: Stage) -> None:
    """Subscribers hear the account as it is now, others nothing; no change says nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("subscribeOfficialAccount", officialAccountID="news")
    alice.heard()

    def change() -> None:
        official_accounts.change(stage.world, "news", name="The News")

    stage.emulator.run(change)
    assert "The News" == alice.heard_one("onOfficialAccountInfoChanged")["officialAccountName"]
    stage.emulator.run(change)
    assert [] == alice.heard() + bob.heard()


def test_the_service_deletes_an_account(stage: Stage) -> None:
    """Subscribers hear the id; the account and the subscription are gone."""
    alice = stage.enter("alice")
    alice.call("subscribeOfficialAccount", officialAccountID="news")
    alice.heard()
    stage.emulator.run(lambda: official_accounts.delete(stage.world, "news"))
    assert [("onOfficialAccountDeleted", "news")] == alice.heard()
    assert [] == infos(alice)
    with pytest.raises(KeyError):
        official_accounts.delete(stage.world, "news")
    with pytest.raises(KeyError):
        official_accounts.change(stage.world, "news", name="x")
