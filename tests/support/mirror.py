"""A mirror: what an app knows of its conversations by listening alone, once it has fetched them at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Ask = Callable[..., Any]
"""Makes a call that must succeed, and returns its data: ask(method, **arguments)."""

PAGE = 7
"""Conversations of a page: few, so that paging is looked at as well."""

TOLD = "onConversationDeleted"
"""5.0 has no event of this type: what another device has deleted, an app on it sees when it fetches."""


class Mirror:
    """
    A client-side view of one device's conversations, conversation groups and unread total.

    Args:
        ask: makes calls on the device.
        is_told: whether the device's dialect has the event of deleted conversations.
    """

    def __init__(self, ask: Ask, is_told: bool = True) -> None:
        self._ask = ask
        self._is_told = is_told
        self.conversations: dict[str, Any] = {}
        self.groups: list[str] = []
        self.total = 0
        self.fetch()

    def fetch(self) -> None:
        """Take over what the service says now."""
        self.conversations = {one["conversationID"]: one for one in fetched(self._ask)}
        self.groups = sorted(self._ask("getConversationGroupList"))
        self.total = self._ask("getTotalUnreadMessageCount")

    def come_back(self) -> None:
        """Take in what a new login does not tell: the total, before it is asked for."""
        self.total = self._ask("getTotalUnreadMessageCount")

    def hear(self, kind: str, data: Any) -> None:
        """Take in an event of the conversation listener."""
        if kind in ("onNewConversation", "onConversationChanged"):
            for one in data:
                conversation_id = one["conversationID"]
                is_new = kind == "onNewConversation"
                # old clients are not told what is gone
                assert not (is_new and self._is_told and conversation_id in self.conversations), f"{conversation_id} is not new"
                # labels of a conversation that is in no list are told, too; it stands nowhere in the order
                if one["orderkey"]:
                    self.conversations[conversation_id] = one
        elif kind == "onConversationDeleted":
            for conversation_id in data:
                self.conversations.pop(conversation_id, None)
        elif kind == "onTotalUnreadMessageCountChanged":
            assert data != self.total, "told of a total that has not changed"
            self.total = data
        elif kind == "onConversationGroupCreated":
            assert data["groupName"] not in self.groups
            self.groups = sorted([*self.groups, data["groupName"]])
            self._label(data["conversationList"], data["groupName"], True)
        elif kind == "onConversationGroupDeleted":
            self.groups.remove(data)
            self._label(self.conversations.values(), data, False)
        elif kind == "onConversationGroupNameChanged":
            self._rename(data["oldName"], data["newName"])
        elif kind in ("onConversationsAddedToGroup", "onConversationsDeletedFromGroup"):
            assert data["groupName"] in self.groups
            self._label(data["conversationList"], data["groupName"], kind == "onConversationsAddedToGroup")

    def _label(self, conversations: Any, name: str, is_in: bool) -> None:
        """Note that conversations are in a group now, or are not."""
        for one in conversations:
            known = self.conversations.get(one["conversationID"])
            if known is not None:
                names = [other for other in known["conversationGroupList"] if other != name]
                self.conversations[one["conversationID"]] = {**known, "conversationGroupList": [*names, name] if is_in else names}

    def _rename(self, old: str, new: str) -> None:
        self.groups = sorted(new if name == old else name for name in self.groups)
        for key, known in self.conversations.items():
            names = [new if name == old else name for name in known["conversationGroupList"]]
            self.conversations[key] = {**known, "conversationGroupList": names}

    def check(self) -> None:
        """Fail unless a fresh fetch says the same as what has been heard."""
        fresh = fetched(self._ask)
        ids = [one["conversationID"] for one in fresh]
        orders = [one["orderkey"] for one in fresh]
        assert orders == sorted(set(orders), reverse=True), f"not in order: {orders}"
        if not self._is_told:
            for gone in self.conversations.keys() - set(ids):
                del self.conversations[gone]
        known = sorted(self.conversations.values(), key=lambda one: one["orderkey"], reverse=True)
        assert ids == [one["conversationID"] for one in known], f"fetched {ids}, heard of {[one['conversationID'] for one in known]}"
        joined = {f"group_{one['groupID']}" for one in self._ask("getJoinedGroupList")}
        for one in fresh:
            conversation_id = one["conversationID"]
            untold: tuple[str, ...] = ()
            if one["type"] == 2 and conversation_id not in joined:
                untold = (*GROUP_LOOKS, "lastMessage")
            elif one["type"] == 2 and (one["recvOpt"] or one["groupType"] == "Meeting"):
                untold = GROUP_LOOKS
            differences = _differences(self.conversations[conversation_id], one, untold)
            assert not differences, f"{one['conversationID']}: heard and fetched {differences}"
        assert self.groups == sorted(self._ask("getConversationGroupList"))
        total = self._ask("getTotalUnreadMessageCount")
        assert self.total == total, f"heard of {self.total} unread, fetched {total}"
        assert total == sum(one["unreadCount"] for one in fresh if one["recvOpt"] == 0)


def fetched(ask: Ask) -> list[Any]:
    """Return all conversations, page by page."""
    found: list[Any] = []
    cursor = "0"
    while True:
        page = ask("getConversationList", nextSeq=cursor, count=PAGE)
        found += page["conversationList"]
        if page["isFinished"]:
            return found
        assert page["conversationList"], "an empty page that is not the last"
        cursor = page["nextSeq"]


NAMES = ("nickName", "friendRemark", "nameCard", "faceUrl", "faceURL", "isPeerRead")
"""What the last message shows of its sender, and whether it was read: apps learn of that from events about people and messages."""


GROUP_LOOKS = ("showName", "faceUrl", "groupType")
"""What members alone are told of a group, who receive its messages (a meeting says nothing to who comes back into it). Others are not
told either when the last message they had is revoked."""


def _differences(heard: Any, fetched: Any, untold: tuple[str, ...], path: str = "") -> list[str]:
    """Return where two maps differ."""
    if heard == fetched:  # nearly always, and Python sees it at once
        return []
    if isinstance(heard, dict) and isinstance(fetched, dict):
        left_out = NAMES if path.startswith(".lastMessage") else untold if not path else ()
        keys = sorted((heard.keys() | fetched.keys()) - set(left_out))
        return [one for key in keys for one in _differences(heard.get(key), fetched.get(key), untold, f"{path}.{key}")]
    if isinstance(heard, list) and isinstance(fetched, list) and len(heard) == len(fetched) and path.startswith(".lastMessage"):
        pairs = zip(heard, fetched, strict=True)
        return [one for number, pair in enumerate(pairs) for one in _differences(*pair, untold, f"{path}.{number}")]
    if path.endswith("conversationGroupList") and heard is not None and fetched is not None:
        heard, fetched = sorted(heard), sorted(fetched)
        if heard == fetched:
            return []
    return [f"{path}: {heard!r} and {fetched!r}"]
