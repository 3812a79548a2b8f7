from bridge.catalogue import load
from bridge.catalogue.types import TypeExpr


def test_method_spec_holds_its_file():
    """A method's spec tells manager, needs and arguments by their Python names."""
    spec = load("chat-8.2").method("createConversationGroup")

    assert ("conversationManager", "login", ("android", "ios", "macos", "windows")) == (spec.manager, spec.needs, spec.platforms)
    assert ["group_name", "conversation_id_list"] == [param.arg for param in spec.params]
    assert [True, True] == [param.refuses_null for param in spec.params]


def test_reply_spec_tells_form_and_type():
    """An envelope's type is that of its data."""
    reply = load("chat-8.2").method("createConversationGroup").reply("android")

    assert "envelope" == reply.form
    assert TypeExpr("list", TypeExpr("map", "V2TIMConversationOperationResult")) == reply.type
    assert not reply.unanswered


def test_listener_calls_answer_constant_texts():
    """Android answers a bare text, iOS an envelope around one; removing all listeners has a text of its own."""
    spec = load("im-5.0").method("removeConversationListener")
    android, ios = spec.reply("android"), spec.reply("ios")

    assert ("bare", "removeConversationListener is done") == (android.form, android.text)
    assert "all conversation listener message is removed" == android.text_all
    assert ("envelope", "removed all conversationListener") == (ios.form, ios.text_all)


def test_unanswered_methods_are_marked():
    """A method without a handler and one whose handler always dies are both unanswered."""
    catalogue = load("chat-8.2")

    assert ("none", None, True) == _told(catalogue.method("searchGroupByID").reply("android"))
    assert "notImplemented" == catalogue.method("searchGroupByID").reply("ios").form
    assert catalogue.method("createCommunity").reply("android").unanswered
    assert not catalogue.method("createCommunity").reply("ios").unanswered
    assert ("none", None, True) == _told(catalogue.method("doBackground").reply("ios"))


def _told(reply):
    return reply.form, reply.type, reply.unanswered


def test_failed_sends_carry_data():
    """The refusal of a send holds the message, other refusals hold nothing."""
    catalogue = load("im-5.0")

    assert catalogue.method("sendMessage").error_carries_data
    assert not catalogue.method("createConversationGroup").error_carries_data


def test_event_data_by_key_and_whole():
    """Data is keyed, a whole value, or nothing."""
    catalogue = load("chat-8.2")
    created = catalogue.event("conversationListener", "onConversationGroupCreated").data("android")
    deleted = catalogue.event("conversationListener", "onConversationGroupDeleted").data("android")

    assert [("groupName", "group_name"), ("conversationList", "conversations")] == [piece[:2] for piece in created]
    assert [(None, "group_name", TypeExpr("string"))] == [piece[:3] for piece in deleted]
    assert () == catalogue.event("initSDKListener", "onConnecting").data("android")


def test_only_upload_progress_comes_before_the_reply():
    """Progress of an upload is told before the send is answered; what a download does comes after."""
    for dialect in ("chat-8.2", "im-5.0"):
        catalogue = load(dialect)
        events = [
            catalogue.event(kind, name) for kind in catalogue.listener_kinds for name in catalogue.listener(kind).events
        ]

        assert ["onSendMessageProgress"] == [event.type for event in events if event.before_reply]


def test_ios_maps_spell_their_own_keys():
    """iOS has its own keys, with the types of Android's."""
    spec = load("chat-8.2").map("V2TIMMergerElem")
    image = load("chat-8.2").map("V2TIMImageElem.imageList")

    assert "isLayersOverLimit" in [key.key for key in spec.keys("android")]
    assert "layersOverLimit" in [key.key for key in spec.keys("ios")]
    assert {"UUID", "uuid"} == {key.key for side in ("android", "ios") for key in image.keys(side)} & {"UUID", "uuid"}


def test_variants_know_their_base():
    """A variant of a map is the same thing to whoever encodes it."""
    spec = load("im-5.0").map("V2TIMUserInfo(sender)")

    assert ("V2TIMUserInfo", "V2TimUserInfo") == (spec.base, spec.model)


def test_model_fields_are_written_and_read():
    """A field knows the key that fromJson reads and the one that toJson writes."""
    field = next(field for field in load("im-5.0").model("V2TimUserStatus").fields if field.name == "userID")

    assert ("userID", "userId") == (field.key, field.sent)
