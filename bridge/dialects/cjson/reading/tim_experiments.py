"""The names of experiments, and what goes with them."""

from __future__ import annotations

from bridge.catalogue.names import snake_case
from bridge.dialects.channel.reading.tim_experiments import INTERNAL, PUBLIC
from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call

NAME = "request_internal_operation"


def call_experimental_api(call: Call, adapter: NativeAdapter) -> None:
    """Read the name of an experiment, "" for one that nobody knows, and its one value or all that stands beside the name."""
    request = call.args["request"] if isinstance(call.args["request"], dict) else {}
    api = request.get(NAME) or ""
    rest = {key: value for key, value in request.items() if key != NAME}
    known = snake_case(api) if api in PUBLIC else api if api.startswith(INTERNAL) else ""
    call.args = {"experiment": known, "param": next(iter(rest.values())) if len(rest) == 1 else rest}
