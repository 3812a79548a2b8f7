"""Topics: what a flag names is to change."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call
from bridge.world.groups import communities

FLAGS = {
    1: ("group_topic_info_topic_name", "name"),
    2: ("group_topic_info_notification", "notification"),
    4: ("group_topic_info_introduction", "introduction"),
    8: ("group_topic_info_topic_face_url", "face_url"),
    256: ("group_topic_info_is_all_muted", "all_muted"),
    2048: ("group_topic_info_custom_string", "custom"),
    16384: ("group_modify_info_param_default_permissions", "default_permissions"),
}
"""By bit: the key of the call, and the attribute of a topic."""


def set_topic_info(call: Call, adapter: NativeAdapter) -> None:
    """Read what is to change about a topic, and the draft in it, which has no flag; its community is in its id."""
    wire = call.args["topic_info"] or {}
    topic_id = wire.get("group_topic_info_topic_id") or ""
    flags = wire.get("group_modify_info_param_modify_flag") or 0
    info = {name: wire.get(key) if flags & bit else None for bit, (key, name) in FLAGS.items()}
    call.args = {
        "group_id": communities.community_of(topic_id),
        "topic_id": topic_id,
        "info": info,
        "draft": wire.get("group_modify_info_param_draft_text"),
    }
