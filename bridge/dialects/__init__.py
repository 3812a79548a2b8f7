"""
The plugin's native side: what stands between the channel of an app and the service.

A `Dialect` (`dialect.py`) is a version of the plugin on a platform. It reads a call, so that a handler gets world values, or refuses
it by itself, or is silent; it answers with what the adapter would hand to Dart; it tells a device of a fact in the frames that its
listeners hear. It is made from the schemas alone: a new version is a folder there. `channel/` has the plugin's generations on a
method channel, `cjson/` the one that calls native code.

Wire names stand here and in `schemas/` only; versions and platforms, too.
"""

from functools import cache

from bridge.catalogue import load
from bridge.dialects.dialect import Call, Dialect, Frame, Plan
from bridge.dialects.memo import Memo
from bridge.dialects.view import View

__all__ = ["Call", "Dialect", "Frame", "Memo", "Plan", "View", "get"]


@cache
def get(name: str, platform: str) -> Dialect:
    """
    Return the dialect of that name on a platform; the same one every time.

    Raises: BridgeError for an unknown name.
    """
    if load(name).channel is None:
        from bridge.dialects.cjson.dialect import CJsonDialect

        return CJsonDialect(name, platform)
    from bridge.dialects.channel.dialect import ChannelDialect

    return ChannelDialect(name, platform)
