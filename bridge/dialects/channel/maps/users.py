"""Users: profiles and status."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.numbers import signed32
from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.kernel import devices
from bridge.world.people import users
from bridge.world.people.users import User


def account(value: User | str, view: View) -> User:
    """Return the account that a value means: one itself, or the id of one."""
    return users.profile(view.world, value) if isinstance(value, str) else value


@wire_map("V2TIMUserFullInfo")
def full_info(value: User | str | None, view: View) -> dict[str, Any] | None:
    """Write a profile. `value`: an account, its id, or None for null."""
    if value is None:
        return None
    user = account(value, view)
    return {
        "userID": user.user_id,
        "nickName": user.nick_name,
        "faceUrl": user.face_url,
        "selfSignature": user.signature,
        "gender": user.gender,
        "allowType": user.allow_type,
        "birthday": user.birthday,
        "customInfo": dict(user.custom),
        "role": user.role,
        "level": user.level,
        **{f"{key}In32": signed32(number) for key, number in (("birthday", user.birthday), ("role", user.role), ("level", user.level))},
    }


@wire_map("V2TIMUserInfo(sender)")
def sender_info(value: User | str, view: View) -> dict[str, Any]:
    """Write the sender in a simple message event."""
    user = account(value, view)
    return {"userID": user.user_id, "nickName": user.nick_name, "faceUrl": user.face_url}


@wire_map("V2TIMUserInfo")
def info(value: User | str, view: View) -> dict[str, Any]:
    """Write the short profile of reaction lists."""
    user = account(value, view)
    return {
        "userID": user.user_id,
        "faceUrl": user.face_url,
        "nickName": user.nick_name,
        "birthday": user.birthday,
    }


@wire_map("V2TIMUserStatus")
def status(value: User | str, view: View) -> dict[str, Any]:
    """Write whether a user is online."""
    user = account(value, view)
    return {
        "customStatus": user.custom_status,
        "statusType": user.status,
        "userID": user.user_id,
        "onlineDevices": online_devices(view, user.user_id),
    }


def online_devices(view: View, user_id: str) -> list[str]:
    """Return on which platforms a user is online, each once."""
    found = devices.seen_of_user(view.world, user_id)
    return sorted({_PLATFORMS.get(device.platform, device.platform) for device in found if device.connected})


_PLATFORMS = {"android": "Android", "ios": "iPhone", "macos": "Mac", "windows": "Windows", "native": "Windows"}
"""What the service calls the platforms of logins (product docs: online status)."""
