"""How messages are to arrive."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.chats.receive_options import AllOption
from bridge.world.kernel.results import Item


@wire_map("V2TIMReceiveMessageOptInfo")
def opt_info(value: AllOption | Item, view: View) -> dict[str, Any]:
    """Write how everything arrives, or the messages of one user. The iOS adapter writes one number into both options."""
    everything = value if isinstance(value, AllOption) else AllOption("")
    of_user = value.value if isinstance(value, Item) else 0
    both = everything.option or of_user
    return {
        "userID": value.target if isinstance(value, Item) else "",
        "c2CReceiveMessageOpt": both if view.ios else of_user,
        "allReceiveMessageOpt": both if view.ios else everything.option,
        "receiveOpt": both,
        "startHour": everything.start_hour,
        "startMinute": everything.start_minute,
        "startSecond": everything.start_second,
        "startTimeStamp": everything.start_s or 0,
        "duration": everything.duration_s,
    }
