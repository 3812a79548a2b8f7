"""Which application is answered: the whole of it comes back."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call


def accept_group_application(call: Call, adapter: NativeAdapter) -> None:
    """Read the application and the words that go with the answer."""
    wire = call.args["param"] or {}
    meant = wire.get("group_handle_pendency_param_pendency") or {}
    call.args = {
        "meant": {
            "group_id": meant.get("group_pendency_group_id"),
            "from_user": meant.get("group_pendency_form_identifier"),
            "to_user": meant.get("group_pendency_to_identifier") or "",
            "kind": meant.get("group_pendency_pendency_type"),
        },
        "reason": wire.get("group_handle_pendency_param_handle_msg") or "",
    }


refuse_group_application = accept_group_application
