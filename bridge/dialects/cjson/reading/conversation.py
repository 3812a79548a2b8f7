"""Which conversations are meant."""

from __future__ import annotations

from bridge.dialects.channel.reading.conversation import filter_of
from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.cjson.arguments import conversation_id
from bridge.dialects.dialect import Call


def get_conversations(call: Call, adapter: NativeAdapter) -> None:
    """Read targets and kinds."""
    call.args = {
        "conversation_id_list": [
            conversation_id(one.get("get_conversation_list_param_conv_id"), one.get("get_conversation_list_param_conv_type"))
            for one in call.args["wanted"] or ()
        ]
    }


def get_conversation_list_by_filter(call: Call, adapter: NativeAdapter) -> None:
    """Read a filter whose keys are left out where they say nothing, and a cursor that is a number."""
    args = call.args
    condition = filter_of(adapter, args["filter"] or {})  # type: ignore[arg-type]  # asks no more of an adapter
    call.args = {"condition": condition, "start": args["next_seq"] or 0, "count": args["count"] or 0}
