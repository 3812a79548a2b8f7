"""What one native app of a user has of its own, and the user's other app has not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.dialects.native.test_messages import page
from tests.support.native import NativeApp, NativeStage, Said, made


def pair(**settings: Any) -> tuple[NativeStage, NativeApp, NativeApp]:
    """Return a stage and two apps of alice, who has said something to bob."""
    stage = NativeStage(policy=Policy(instances=2, switches={"sensitive_words": ["mine"]}), **settings)
    phone, desk = stage.enter("alice", "phone"), stage.enter("alice", "desk")
    phone.send("hi", to="bob")
    phone.heard(), desk.heard()
    return stage, phone, desk


def save(app: NativeApp) -> Said:
    """Insert a message."""
    message = {**made("mine"), "message_sender": "bob", "message_custom_str": "beside"}
    saved: Said = app.value("DartSaveMessage", conv_id="bob", conv_type=1, json_msg_param=message)
    return saved


def fail(app: NativeApp) -> Said:
    """Send a message that the service refuses."""
    reply = app.reply("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("mine", message_custom_str="beside"))
    assert 80001 == reply["code"]
    failed: Said = json.loads(reply["json_param"])
    return failed


@pytest.mark.parametrize("doing", [save, fail])
def test_own_messages_stay_in_the_app(doing: Any) -> None:
    """The other app neither hears of it nor has it; it is there after a restart, and in a world that was written down."""
    stage, phone, desk = pair()
    before = page(desk, "bob")
    message = doing(phone)
    assert ([], before) == (desk.heard(), page(desk, "bob"))
    assert [] == desk.value("DartFindMessages", json_message_id_array=[message["message_msg_id"]])
    stage.emulator.close(phone.device)
    again = NativeStage(policy=Policy(instances=2), world=json.loads(json.dumps(stage.emulator.export())))
    for one in (stage, again):
        newest = page(one.enter("alice", "phone"), "bob")[0]
        assert (message["message_msg_id"], "beside") == (newest["message_msg_id"], newest["message_custom_str"])


def test_own_data_stay_in_the_app() -> None:
    """Text and number beside a message, set later or given when it was sent, show in the one app alone."""
    _, phone, desk = pair()
    message = phone.send("ho", to="bob", message_custom_str="given", message_cloud_custom_str="all")
    assert ("given", "all") == (message["message_custom_str"], message["message_cloud_custom_str"])
    assert ["", "all"] == [page(desk, "bob")[0][key] for key in ("message_custom_str", "message_cloud_custom_str")]
    phone.call("DartSetLocalCustomData", json_msg_param={**message, "message_custom_str": "mine", "message_custom_int": 7})
    shown = [(row["message_custom_str"], row["message_custom_int"]) for row in (page(phone, "bob")[0], page(desk, "bob")[0])]
    assert [("mine", 7), ("", 0)] == shown
