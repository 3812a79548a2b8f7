import pytest

from bridge.catalogue.names import snake_case


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("groupName", "group_name"),
        ("conversationIDList", "conversation_id_list"),
        ("sdkAppID", "sdk_app_id"),
        ("msgIDs", "msg_ids"),
        ("iOSPushType", "ios_push_type"),
        ("ignoreIOSBadge", "ignore_ios_badge"),
        ("androidOPPOChannelID", "android_oppo_channel_id"),
        ("c2CReceiveMessageOpt", "c2c_receive_message_opt"),
        ("isC2CRead", "is_c2c_read"),
        ("UUID", "uuid"),
        ("snapshotUUID", "snapshot_uuid"),
        ("onlineDevices ", "online_devices"),
        ("id", "id"),
    ],
)
def test_snake_case_of_wire_keys(key, name):
    """Wire keys become the names that a person would give them in Python."""
    assert name == snake_case(key)
