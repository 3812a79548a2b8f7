import pytest

from bridge.catalogue import error_codes, load
from bridge.errors import BridgeError
from tests.catalogue.schema_files import DIALECTS


@pytest.mark.parametrize(
    ("dialect", "channel"), [("chat-8.2", "tencent_cloud_chat_sdk"), ("im-5.0", "tencent_im_sdk_plugin")]
)
def test_dialect_tells_its_channel(dialect, channel):
    """A catalogue tells its name and channel, and is loaded once."""
    catalogue = load(dialect)

    assert (dialect, channel) == (catalogue.dialect, catalogue.channel)
    assert catalogue is load(dialect)


def test_unknown_dialect_is_the_operators_error():
    """The operator is told which dialects there are."""
    with pytest.raises(BridgeError, match=r"'chat-9'; there are chat-7\.9, chat-8\.2, "):
        load("chat-9")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_name_has_a_spec(dialect):
    """Every method, event, map and class compiles, under the name it is asked for by."""
    catalogue = load(dialect)

    assert catalogue.method_names == tuple(catalogue.method(name).name for name in catalogue.method_names)
    assert catalogue.map_names == tuple(catalogue.map(name).name for name in catalogue.map_names)
    assert catalogue.model_names == tuple(catalogue.model(name).name for name in catalogue.model_names)
    for kind in catalogue.listener_kinds:
        events = catalogue.listener(kind).events
        assert events == tuple(catalogue.event(kind, name).type for name in events)


def test_unknown_names_are_none():
    """Names from the wire may be anything; maps and classes are named by schemas alone."""
    catalogue = load("chat-8.2")

    assert catalogue.method("createConversationgroup") is None
    assert catalogue.listener("convListener") is None
    assert catalogue.event("conversationListener", "onNothing") is None
    assert () == catalogue.events_for("nothing_happened")
    with pytest.raises(KeyError):
        catalogue.map("V2TIMNothing")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("createConversationgroup", "createConversationGroup"),
        ("getConversationListByConversationIds", "getConversationListByConversaionIds"),
        ("sendMesage", "sendMessage"),
    ],
)
def test_nearest_names_come_first(name, meant):
    """A slip of the pen is led back to the method."""
    assert meant == load("chat-8.2").nearest(name)[0]


def test_nothing_near_is_empty():
    """A name like no other has no neighbours."""
    assert [] == load("chat-8.2").nearest("zzzzqqqq")


def test_listener_tells_calls_and_fan_out():
    """5.0 sends an event per listener, 8.2 one for all."""
    old, new = load("im-5.0").listener("conversationListener"), load("chat-8.2").listener("conversationListener")

    assert ("addConversationListener", "setConversationListener") == old.register
    assert ("removeConversationListener",) == new.unregister
    assert (False, True) == (old.shared, new.shared)
    assert "onConversationGroupCreated" in old.events


def test_fact_may_cause_several_events():
    """8.2 tells a revocation twice, and topics on two listeners; 5.0 tells each once."""
    old, new = load("im-5.0"), load("chat-8.2")

    assert ["onRecvMessageRevoked", "onRecvMessageRevokedWithInfo"] == [
        e.type for e in new.events_for("message_revoked")
    ]
    assert ["onTopicCreated", "onCreateTopic"] == [event.type for event in new.events_for("topic_created")]
    assert ["onTopicCreated"] == [event.type for event in old.events_for("topic_created")]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_event_has_a_fact(dialect):
    """All events can be reached by the facts they tell of."""
    catalogue = load(dialect)
    reached = {(event.listener, event.type) for fact in catalogue.facts for event in catalogue.events_for(fact)}

    assert reached == {(kind, name) for kind in catalogue.listener_kinds for name in catalogue.listener(kind).events}


def test_error_codes_know_their_texts():
    """A code comes with its name, and with the text where that is known."""
    codes = {error["code"]: error for error in error_codes()}

    assert ("ERR_SDK_NOT_INITIALIZED", "sdk not init") == (codes[6013]["name"], codes[6013]["desc"])


def test_enums_tell_their_wire_values():
    """Enumerations hold the values that go on the wire."""
    assert 1 == load("chat-8.2").enums()["ConversationType"]["values"]["V2TIM_C2C"]
