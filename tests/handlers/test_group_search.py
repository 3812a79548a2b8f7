"""Searching groups and members."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.catalogue import load
from bridge.engine.engine import Options
from tests.support.groups import cast, create, ids
from tests.support.stage import Phone, Stage


def groups_found(phone: Phone, *words: str, by_id: bool = True, by_name: bool = True) -> list[str]:
    """Return the ids of the groups that a search finds."""
    wanted = {"keywordList": list(words), "isSearchGroupID": by_id, "isSearchGroupName": by_name}
    return [group["groupID"] for group in phone.call("searchGroups", searchParam=wanted)]


WHERE = ("isSearchMemberUserID", "isSearchMemberNickName", "isSearchMemberRemark", "isSearchMemberNameCard")


def param(*words: str, groups: list[str] | None = None, where: tuple[str, ...] = WHERE) -> dict[str, Any]:
    """Return the parameter of a search for members."""
    return {"keywordList": list(words), "groupIDList": groups, **{name: name in where for name in WHERE}}


def test_groups_by_id_and_name(stage: Stage) -> None:
    """Own groups are found by a part of id or name in any case, those that any word fits."""
    alice, bob = cast(stage, "alice", "bob")
    create(alice, "Public", groupID="club-7", groupName="Chess")
    create(alice, "Work", "bob", groupID="kin", groupName="Family Club")
    create(bob, "Public", groupID="club-9", groupName="Go")
    assert ["club-7", "kin"] == groups_found(alice, "CLUB")
    assert ["club-7"] == groups_found(alice, "club", by_name=False)
    assert ["kin"] == groups_found(alice, "club", by_id=False)
    assert ["club-7", "kin"] == groups_found(alice, "chess", "family")
    assert [] == groups_found(alice, "go")


@pytest.mark.parametrize("words", [[], [""], ["a", "b", "c", "d", "e", "f"]])
def test_search_wants_one_to_five_words(stage: Stage, words: list[str]) -> None:
    """No word, an empty one and a sixth are refused with 6017."""
    (alice,) = cast(stage, "alice")
    wanted = {"keywordList": words, "isSearchGroupID": True, "isSearchGroupName": True}
    assert 6017 == alice.refused("searchGroups", searchParam=wanted)
    assert 6017 == alice.refused("searchGroupMembers", param=param(*words))


def test_search_wants_something_to_look_through(stage: Stage) -> None:
    """A search that looks through nothing is refused with 6017."""
    (alice,) = cast(stage, "alice")
    wanted = {"keywordList": ["a"], "isSearchGroupID": False, "isSearchGroupName": False}
    assert 6017 == alice.refused("searchGroups", searchParam=wanted)
    assert 6017 == alice.refused("searchGroupMembers", param=param("a", where=()))


def test_members_by_all_names(stage: Stage) -> None:
    """Members are found by id, nickname, remark and name in the group, only where the search looks."""
    alice, bob, carol = cast(stage, "alice", "bob", "carol")
    group_id = create(alice, "Public", "bob", "carol")
    bob.call("setSelfInfo", nickName="Needle")
    carol.call("setGroupMemberInfo", groupID=group_id, userID="carol", nameCard="needlework")
    found = {where: alice.call("searchGroupMembers", param=param("needle", where=(where,))) for where in WHERE}
    assert {} == found[WHERE[0]] == found[WHERE[2]]
    assert ["bob"] == ids(found[WHERE[1]][group_id])
    assert ["carol"] == ids(found[WHERE[3]][group_id])
    assert ["bob", "carol"] == ids(alice.call("searchGroupMembers", param=param("NEEDLE"))[group_id])


def test_members_by_remark(stage: Stage) -> None:
    """The searcher's own remarks count."""
    alice, _ = cast(stage, "alice", "bob")
    group_id = create(alice, "Public", "bob")
    alice.call("addFriend", userID="bob", addType=2, remark="Boss", addWording="", addSource="", friendGroup="")
    found = alice.call("searchGroupMembers", param=param("boss", where=("isSearchMemberRemark",)))
    assert ["bob"] == ids(found[group_id])


def test_members_of_some_groups(stage: Stage) -> None:
    """Naming groups looks only there, and never where the searcher is no member."""
    alice, bob = cast(stage, "alice", "bob")
    one, two = create(alice, "Public", "bob"), create(alice, "Work", "bob")
    other = create(bob, "Public")
    assert {one, two} == set(alice.call("searchGroupMembers", param=param("bob")))
    assert [two] == list(alice.call("searchGroupMembers", param=param("bob", groups=[two, other])))


def test_search_by_id_is_for_the_web(stage: Stage) -> None:
    """No mobile platform has searchGroupByID, and Windows refuses it: faithfully, Android never answers and iOS says that it is missing."""
    (alice,) = cast(stage, "alice")
    if stage.on_windows:
        assert -1 == alice.refused("searchGroupByID", groupID="g")
        return
    error = alice.error("searchGroupByID", groupID="g")
    others = [name for name in load(stage.dialect).platforms if name == "windows"]
    assert (-32601, others) == (error.code, error.data["platforms"])
    (bob,) = cast(Stage(stage.dialect, stage.platform, options=Options(faithful=True)), "bob")
    assert (not stage.goes_by_ios) == bob.turn("searchGroupByID", groupID="g").reply.silent
