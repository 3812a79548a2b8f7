"""messageManager: how messages are to arrive."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import receive_options
from bridge.world.receive_options import AllOption
from bridge.world.results import Item


def set_c2c_receive_message_opt(caller: Caller, user_id_list: list[str], opt: int) -> None:
    """Say how messages of some users are to arrive."""
    receive_options.set_for_users(caller.world, caller.user, user_id_list, opt)


def get_c2c_receive_message_opt(caller: Caller, user_id_list: list[str]) -> list[Item]:
    """Return how messages of some users arrive."""
    return receive_options.of_users(caller.world, caller.user, user_id_list)


def set_group_receive_message_opt(caller: Caller, group_id: str, opt: int) -> None:
    """Say how messages of a group or topic are to arrive."""
    receive_options.set_for_group(caller.world, caller.user, group_id, opt)


def set_all_receive_message_opt(
    caller: Caller,
    opt: int,
    start_hour: int,
    start_minute: int,
    start_second: int,
    duration: int,
) -> None:
    """Say how everything is to arrive, at the same times every day."""
    wanted = AllOption(caller.user, opt, start_hour, start_minute, start_second, duration_s=duration)
    receive_options.set_for_all(caller.world, wanted)


def set_all_receive_message_opt_with_timestamp(caller: Caller, opt: int, start_time_stamp: int, duration: int) -> None:
    """Say how everything is to arrive, once for a while."""
    receive_options.set_for_all(
        caller.world, AllOption(caller.user, opt, start_s=start_time_stamp, duration_s=duration)
    )


def get_all_receive_message_opt(caller: Caller) -> AllOption:
    """Return how everything is to arrive."""
    return receive_options.of_all(caller.world, caller.user)
