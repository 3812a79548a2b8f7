"""Large work of one client in slices: what others see meanwhile is whole, and what comes of it is as if done at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bridge import handlers
from bridge.catalogue import dialects as all_dialects
from bridge.catalogue import load
from bridge.codecs import jsonrpc, standard_values
from bridge.control.session import LISTS, Session
from bridge.emulator import Emulator, Server, Settings
from bridge.slices import at_once
from bridge.transports.rpc import RpcPeer
from tests.support.library_end import SOCKETS, Library
from tests.support.patience import until
from tests.transports.doors import listening, peer_at

MANY_USERS = [f"user{n}" for n in range(1_000)]
TERSE: dict[str, Any] = {
    "users": MANY_USERS,
    "groups": [{"group_id": "g", "members": ["alice", *MANY_USERS[:300]], "owner": "alice"}],
    "messages": [{"from": "user1", "to": "alice", "text": f"{n}"} for n in range(300)],
}


class Two:
    """Two clients of a server, without a wire."""

    def __init__(self) -> None:
        server = Server(Settings())
        self.said: list[list[Any]] = [[], []]
        self.peers = [RpcPeer(server, self._hears(said), lambda: None) for said in self.said]

    def _hears(self, said: list[Any]) -> Callable[[bytes], None]:
        return lambda data: said.append(json.loads(data))

    def begin(self, method: str, params: dict[str, Any]) -> Iterator[None]:
        """Let the first client ask for something."""
        work = self.peers[0].begin(jsonrpc.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
        assert work is not None
        return work

    def other(self, method: str, params: dict[str, Any]) -> Any:
        """Return what the second client is answered."""
        self.peers[1].take(jsonrpc.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
        return self.said[1].pop()["result"]


def exact() -> dict[str, Any]:
    """Return the same world as export writes it."""
    two = Two()
    two.other("bridge.world.load", {"world": TERSE})
    written: dict[str, Any] = two.other("bridge.world.export", {})
    return written


@pytest.mark.parametrize("document", [TERSE, exact()], ids=["terse", "exact"])
def test_others_go_on_in_the_old_world(document: dict[str, Any]) -> None:
    """A world that is being loaded is nobody's until it is whole; what others do to the old one is gone with it."""
    two = Two()
    two.other("bridge.user.say", {"user": "bob", "to": "carol", "text": "before"})
    work = two.begin("bridge.world.load", {"world": document})
    seen = []
    for at, _ in enumerate(work):
        if two.said[0]:
            break
        if at % 8 == 0:
            two.other("bridge.user.say", {"user": "bob", "to": "carol", "text": "x"})
            seen.append(len(two.other("bridge.world.export", {})["users"]))
    for _ in work:
        pass

    assert 5 < len(seen)
    assert sorted(seen) == seen, seen
    assert {1} == {count for count in seen if count < 1_001}
    assert [{"jsonrpc": "2.0", "id": 1, "result": {}}] == two.said[0]
    written = two.other("bridge.world.export", {})
    assert exact()["messages"] == written["messages"] and exact()["members"] == written["members"]


def test_export_is_of_its_beginning() -> None:
    """What others do while a world is written down is not in it."""
    two = Two()
    two.other("bridge.world.load", {"world": TERSE})
    before = two.other("bridge.world.export", {})
    work = two.begin("bridge.world.export", {})
    for _ in work:
        two.other("bridge.user.say", {"user": "bob", "to": "alice", "text": "x"})

    assert before == two.said[0][-1]["result"]
    after = two.other("bridge.world.export", {})
    assert len(before["messages"]) + 10 < len(after["messages"])


@pytest.mark.parametrize(
    ("world", "where"),
    [
        ({**TERSE, "messages": [*TERSE["messages"], {"from": "user1", "to": "alice"}]}, "world.messages[300]"),
        ({"users": [*MANY_USERS, {"user_id": 7}]}, "world.users[1000].user_id"),
        ([], "world"),
        ({"exact": True, "users": [{"user_id": name} for name in [*MANY_USERS, "user1"]]}, "world.users[1000]"),
    ],
    ids=["terse", "schema", "no object", "exact"],
)
def test_refused_world_changes_nothing(world: Any, where: str) -> None:
    """The refusal names the place, and everybody is where he was."""
    two = Two()
    two.other("bridge.user.say", {"user": "bob", "to": "carol", "text": "before"})
    before = two.other("bridge.world.export", {})
    at_once(two.begin("bridge.world.load", {"world": world}))  # type: ignore[arg-type]

    error = two.said[0][-1]["error"]
    assert (-32602, where) == (error["code"], error["data"][0]["path"])
    assert before == two.other("bridge.world.export", {})


@pytest.mark.parametrize("door", ["tcp-lines", "platform"])
def test_client_that_leaves_has_its_world_loaded(door: str) -> None:
    """A load that has arrived is carried through, in slices, and the server goes on."""
    with listening() as address:
        gone = peer_at(door, Settings(), address)
        gone.send({"jsonrpc": "2.0", "id": 1, "method": "bridge.world.load", "params": {"world": TERSE}})
        gone.close()
        other = peer_at("tcp-lines", Settings(), address)

        until(lambda: len(other.ask("bridge.world.export")[0]["result"].get("users", [])) > 1_000)
        other.close()


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"jsonrpc": "2.0", "id": 1, "result": {"a": [{"b": n, "é\n": "\ud800"} for n in range(100)], "c": {}, "d": []}},
        {"id": 1, "result": {"a": [1e22, float("nan"), b"\0", (1, 2)] * 20}},
        [[[[[n] * 40] * 2] * 40] * 2 for n in range(3)],
        "text",
    ],
    ids=["{}", "[]", "rows", "odd values", "deep", "text"],
)
def test_written_in_slices_as_at_once(value: Any) -> None:
    """The bytes are the same."""
    assert jsonrpc.dumps(value) == at_once(jsonrpc.dumping(value))


MANY: dict[str, Any] = {
    "users": ["alice"],
    "messages": [{"from": f"user{n % 200}", "to": "alice", "text": f"text {n}"} for n in range(4_000)],
}
ENTER = (("initSDK", {"sdkAppID": 1, "logLevel": 3, "uiPlatform": 1}), ("login", {"userID": "alice", "userSig": "x"}))
SEARCH = {"searchParam": {"keywordList": ["text"], "type": 0, "pageSize": 5, "pageIndex": 0}}


class Searcher(Two):
    """The first client is alice's, who has many messages."""

    def __init__(self) -> None:
        super().__init__()
        self.other("bridge.world.load", {"world": MANY})
        for method, params in ENTER:
            self.peers[0].take(jsonrpc.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
        assert [0, 0] == [said["result"]["code"] for said in self.said[0] if "id" in said]
        self.said[0].clear()

    def say(self, text: str) -> None:
        """Let somebody write to alice."""
        self.other("bridge.user.say", {"user": "bob", "to": "alice", "text": text})

    def found(self) -> Any:
        """Return what the first client was answered last."""
        return [said for said in self.said[0] if "id" in said][-1]["result"]["data"]

    def at_once(self) -> Any:
        """Return what a search that nobody has prepared finds now."""
        emulator = self.peers[0].client.session.emulator
        return emulator.call(self.peers[0].client.session.own, "searchLocalMessages", SEARCH).result["data"]


@pytest.mark.parametrize("carrier", ["", "bridge.turn", "bridge.device.call"])
def test_search_goes_in_slices(carrier: str) -> None:
    """Others are heard in between; what is found is what a search at once finds, and the journal has the call once."""
    two = Searcher()
    params = {"method": "searchLocalMessages", "arguments": SEARCH, "device": ""} if carrier else SEARCH
    slices = sum(1 for _ in two.begin(carrier or "searchLocalMessages", params))

    assert 8 < slices
    assert 200 == two.at_once()["totalCount"]
    for kind in ("call", "reply"):
        assert 2 == len(two.other("bridge.journal.list", {"method": "searchLocalMessages", "kind": kind})["entries"])
    if not carrier:
        assert two.at_once() == two.found()


@pytest.mark.parametrize("often", [1, 10_000])
def test_search_is_of_one_state(often: int) -> None:
    """What changes between the slices, once or all the time, is found as it is when the call is answered."""
    two = Searcher()
    for at, _ in enumerate(two.begin("searchLocalMessages", SEARCH)):
        if at < often:
            two.say(f"text behind {at}")

    assert two.at_once() == two.found()
    assert "c2c_bob" == two.found()["messageSearchResultItems"][0]["conversationID"]


@pytest.mark.parametrize("what", ["bridge.world.reset", "bridge.world.load"])
def test_world_that_goes_under_a_search(what: str) -> None:
    """Nothing of the old world is found, and nothing breaks."""
    two = Searcher()
    for at, _ in enumerate(two.begin("searchLocalMessages", SEARCH)):
        if at == 3:
            two.other(what, {"world": {}} if what.endswith("load") else {})

    assert two.said[0][-1]["result"]["code"] == 6013  # its app has just been started anew


def test_searcher_that_leaves() -> None:
    """Its search ends, and nobody is answered."""
    two = Searcher()
    work = two.begin("searchLocalMessages", SEARCH)
    next(work)
    two.peers[0].close()

    assert [] == [*work] == two.said[0]
    assert [] == two.other("bridge.journal.list", {"method": "searchLocalMessages"})["entries"]


def test_search_in_a_batch_goes_in_slices() -> None:
    """As one alone does."""
    two = Searcher()
    call = {"jsonrpc": "2.0", "id": 1, "method": "searchLocalMessages", "params": SEARCH}
    work = two.peers[0].begin(jsonrpc.dumps([call]))
    assert work is not None
    assert 8 < sum(1 for _ in work)
    assert two.at_once() == two.said[0][-1][0]["result"]["data"]


def test_journal_is_of_its_beginning() -> None:
    """What is called while it is written down is not in it."""
    two = Searcher()
    for n in range(300):
        two.say(f"{n}")
    at_once(two.begin("bridge.journal.list", {}))  # type: ignore[arg-type]
    slices = 0
    for _ in two.begin("bridge.journal.list", {}):
        slices += 1
        two.say("x")

    assert 10 < slices
    before, now = (said["result"] for said in two.said[0] if "id" in said)
    assert before == now


def test_description_goes_in_slices() -> None:
    """It is the same as at once."""
    two = Two()
    whole = two.other("rpc.discover", {})

    assert 200 < sum(1 for _ in two.begin("rpc.discover", {}))
    assert whole == two.said[0][-1]["result"]


@pytest.fixture
def slices(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what a name is added to for each slice of a search."""
    found: list[str] = []
    whole = Session.beforehand

    def counted(self: Session, method: str, params: Any) -> Iterator[None]:
        for _ in whole(self, method, params):
            found.append(method)
            yield

    monkeypatch.setattr(Session, "beforehand", counted)
    return found


@pytest.mark.parametrize("door", ["tcp-lines", "tcp-content-length", "websocket", "platform"])
def test_every_door_searches_in_slices(door: str, slices: list[str]) -> None:
    """What is found is the same at each."""
    settings = Settings(world=MANY)
    with listening(settings) as address:
        peer = peer_at(door, settings, address)
        for method, params in ENTER:
            peer.ask(method, params)
        (reply,) = peer.ask("searchLocalMessages", SEARCH)
        peer.close()

    assert 200 == reply["result"]["data"]["totalCount"]
    assert 409 == len(slices), "two hundred conversations are noted, then read; those of the page are read to the end; and four volumes"


def test_library_searches_in_slices(slices: list[str]) -> None:
    """A native library's search finds all, and what it asks for behind is answered behind it."""
    with listening(Settings(world=MANY)) as address:
        library = Library(address)
        library.start("alice")
        number = library.call("DartSearchLocalMessages", json.dumps({"msg_search_param_keyword_array": ["text"]}), "search-2")
        library.call("DartGetLoginUserID", "user-3")
        replies = [library.frame(), library.frame()]
        SOCKETS.pop().close()

    found = json.loads(replies[0][1][1]["json_param"])
    assert (number, 200) == (replies[0][1][0], found["msg_search_result_total_count"])
    assert number + 1 == replies[1][1][0]
    assert 604 == len(slices), "two hundred conversations are noted, read, and read to the end, as all are asked for; and four volumes"


# --- long lists

CROWD: dict[str, Any] = {
    "users": ["alice", *MANY_USERS[:90]],
    "friends": [{"owner": "alice", "user_id": user} for user in MANY_USERS[:80]],
    "groups": [
        {"group_id": "all", "owner": "alice", "members": ["alice", *MANY_USERS[:90]]},
        *({"group_id": f"g{n}", "owner": "alice", "members": ["alice"]} for n in range(70)),
    ],
    "blacklist": [{"owner": "alice", "user_id": user} for user in MANY_USERS[:50]],
    "messages": [
        *({"from": f"user{n}", "to": "alice", "text": f"text {n}"} for n in range(70)),
        *({"from": "user1", "group": "all", "text": f"text {n}"} for n in range(70)),
        *({"from": "user1", "to": "alice", "text": f"text {n}"} for n in range(70)),
    ],
}
OF_THE_GROUP = {"param": {"keywordList": ["user"], "groupIDList": ["all"], "isSearchMemberUserID": True}}
ASKED: dict[str, dict[str, Any]] = {
    "getBlackList": {},
    "getC2CHistoryMessageList": {"userID": "user1", "count": 60},
    "getConversationList": {"nextSeq": "0", "count": 60},
    "getConversationListByFilter": {"filter": {"conversationType": 1}, "nextSeq": 0, "count": 60},
    "getFriendList": {},
    "getGroupHistoryMessageList": {"groupID": "all", "count": 60},
    "getGroupMemberList": {"groupID": "all", "filter": 0, "nextSeq": "0", "offset": 0, "count": 60},
    "getHistoryMessageList": {"userID": "user1", "count": 60, "getType": 1},
    "getHistoryMessageListV2": {"userID": "user1", "count": 60, "getType": 1},
    "getJoinedGroupList": {},
    "searchGroupMembers": OF_THE_GROUP,
}


def test_every_list_is_asked_for() -> None:
    """What may be a long list is a method of the channel whose handler only reads; each is tried below."""
    assert set(ASKED) == LISTS
    named = {
        spec.handler
        for dialect in all_dialects()
        if load(dialect).channel is not None
        for name in LISTS
        if (spec := load(dialect).method(name)) is not None
    }
    assert named <= handlers.LISTS


KINDS = [(dialect, platform) for dialect in all_dialects() if load(dialect).channel is not None for platform in load(dialect).platforms]


@pytest.mark.parametrize(("dialect", "platform"), KINDS)
def test_list_written_in_slices_is_the_same(dialect: str, platform: str) -> None:
    """All that a prepared reply says is what a call at once is answered, on every platform of every dialect; the world has not changed."""
    emulator = Emulator(Settings(world=CROWD, dialect=dialect, platform=platform))
    device = emulator.open("phone")
    for method, params in (("initSDK", load(dialect).init_arguments), ENTER[1]):
        assert 0 == emulator.call(device, method, params).result["code"]
    sliced = []
    for method, params in ASKED.items():
        spec = load(dialect).method(method)
        if spec is None or platform not in spec.platforms:
            continue
        for _ in range(2):  # a first reading may still note something
            at_once = emulator.call(device, method, params).result
        before = emulator.world.condition
        slices = sum(1 for _ in emulator.engine.beforehand(device, method, params))
        assert before == emulator.world.condition
        prepared = emulator.world.known((device, method, params))
        if slices:
            sliced.append(method)
            assert at_once == prepared
            for _ in emulator.engine.beforehand(device, method, params):
                pass
            assert at_once == emulator.call(device, method, params).result

    assert {"getConversationList", "getFriendList"} <= set(sliced), sliced


@pytest.mark.parametrize("door", ["tcp-lines", "tcp-content-length", "websocket", "platform"])
def test_long_list_is_the_same_at_every_door(door: str) -> None:
    """Its reply is written in slices; what others say meanwhile comes behind it."""
    settings = Settings(world=CROWD)
    with listening(settings) as address:
        peer = peer_at(door, settings, address)
        for method, params in ENTER:
            peer.ask(method, params)
        asked = {"nextSeq": "0", "count": 500}
        long = [peer.ask("getConversationList", asked)[0]["result"] for _ in range(2)]
        carried = {"user": "alice", "method": "getConversationList", "arguments": asked}
        by_user = peer.ask("bridge.user.call", carried)[0]["result"]
        peer.close()

    assert long[0] == long[1] == by_user
    assert 71 == len(long[0]["data"]["conversationList"])


def test_event_in_the_middle_comes_behind() -> None:
    """What is heard while a long reply is being written comes behind that reply."""
    two = Searcher()
    two.peers[0].take(jsonrpc.dumps({"jsonrpc": "2.0", "id": 1, "method": "addConversationListener", "params": {"listenerUuid": "u"}}))
    two.said[0].clear()
    spoken = 0
    for at, _ in enumerate(two.begin("getConversationList", {"nextSeq": "0", "count": 500})):
        assert [] == two.said[0] or at > 20
        if at > 8 and spoken < 3:  # the rows are there, and are being written
            spoken += 1
            two.say(f"meanwhile {at}")

    assert 3 == spoken
    assert "result" in two.said[0][0]
    assert {"conversationListener"} == {said["method"] for said in two.said[0][1:]}


@pytest.mark.parametrize("value", [{"a": [[1, {"b": "x" * 300}]] * 100}, {}, [], [None] * 70, {"é": {"x": [1.5] * 40}}, 3])
def test_standard_codec_writes_in_slices_as_at_once(value: Any) -> None:
    """The bytes are the same."""
    whole, parts = bytearray(), bytearray()
    standard_values.write(whole, value)
    for _ in standard_values.writing(parts, value):
        pass
    assert whole == parts


def test_long_texts_are_written_in_parts() -> None:
    """A text of megabytes with all that JSON escapes is the same as at once."""
    value = {"result": {"data": {"messageInfo": {"textElem": {"text": "\ud800é\"\\\n1e+5 " * 300_000}}}}}
    assert jsonrpc.is_long(value)
    assert 2 <= sum(1 for _ in jsonrpc.dumping(value))
    assert jsonrpc.dumps(value) == at_once(jsonrpc.dumping(value))
