"""
Push tokens: where the service may reach apps that do not run.

A token belongs to a user on an install of the app. It outlives the app being killed, and goes with a logout, a kick or
an expired signature (push pages).
"""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.kernel import codes, devices
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World

TOKEN_BYTES = 256
MESSAGES, CALLS = "messages", "calls"
"""What a token is for: everything, or calls only (VoIP pushes on iOS)."""


@row_class
class PushToken:
    """
    A token that an app has reported.

    Attributes:
        install: which app storage it belongs to. `kind`: "messages" or "calls".
        business_id: number of the certificate that the console knows.
        badge: the number on the app's icon, as of the last push; it begins with what `doBackground` reported.
        counts_badge: false once the app has switched automatic badges off.
        has_badge: whether the system keeps a badge at all.
    """

    user_id: str
    install: str
    kind: str
    platform: str
    business_id: int
    token: str
    is_tpns: bool = False
    badge: int = 0
    counts_badge: bool = True
    has_badge: bool = False


PUSH_TOKENS = TableSpec(
    "push_tokens",
    PushToken,
    ("user_id", "install", "kind"),
    {"user": lambda: Groups(lambda t: t.user_id), "install": lambda: Groups(lambda t: (t.user_id, t.install))},
    exported=False,
)


def report(world: World, device: Device, kind: str, business_id: int, token: str, is_tpns: bool) -> None:
    """
    Keep the token of an app. Number 0 switches pushes off (native push header: an empty configuration).

    Raises: ChatError 21005 (nobody logged in), 22003 (no token), 22004 (over 256 bytes), 22001 (no certificate of that
        number, where the switch "push_certificates" lists those there are).
    """
    user_id = device.user_id
    if user_id is None:
        raise ChatError(codes.PUSH_TOKEN_BEFORE_LOGIN)
    key = (user_id, device.install, kind)
    if business_id == 0:
        world[PUSH_TOKENS].drop(key)
        return
    if not token:
        raise ChatError(codes.PUSH_TOKEN_EMPTY)
    if bytes_of(token) > TOKEN_BYTES:
        raise ChatError(codes.PUSH_TOKEN_TOO_LONG)
    certificates = world.policy.switch("push_certificates")
    if certificates is not None and not is_tpns and business_id not in certificates:
        raise ChatError(codes.PUSH_CERTIFICATE_MISSING)
    counts, has_badge = counts_badge(device), device.client.has_badge
    row = PushToken(*key, device.platform, business_id, token, is_tpns, counts_badge=counts, has_badge=has_badge)
    world[PUSH_TOKENS].put(key, row)


def counts_badge(device: Device) -> bool:
    """Return whether pushes to a device raise the number on its app's icon."""
    return not device.settings.get("badge_off", False)


def of_install(world: World, user_id: str, install: str) -> list[PushToken]:
    """Return the tokens of a user on an install."""
    table = world[PUSH_TOKENS]
    return [table[key] for key in table.index("install").of((user_id, install))]


def of_user(world: World, user_id: str) -> list[PushToken]:
    """Return the tokens of a user, in order of the installs."""
    table = world[PUSH_TOKENS]
    return [table[key] for key in table.index("user").of(user_id)]


def all_tokens(world: World) -> list[PushToken]:
    """Return all tokens, in order of users and installs."""
    return list(world[PUSH_TOKENS].sorted())


def forget(world: World, user_id: str, install: str) -> None:
    """Drop the tokens of a user on an install."""
    table = world[PUSH_TOKENS]
    for key in table.index("install").of((user_id, install)):
        table.drop(key)


def go_to_background(world: World, device: Device, unread: int) -> None:
    """Let the service push to a device that runs; `unread` is where its badge begins."""
    devices.change(world, device, in_background=True)
    for row in of_install(world, device.user_id or "", device.install):
        world[PUSH_TOKENS].put((row.user_id, row.install, row.kind), evolve(row, badge=max(0, unread)))


def go_to_foreground(world: World, device: Device) -> None:
    """Let the service push to a device no more while it runs."""
    if device.in_background:
        devices.change(world, device, in_background=False)


def switch_badge(world: World, device: Device, is_on: bool) -> None:
    """Have pushes to a device raise the number on its app's icon, or leave it alone."""
    devices.change(world, device, settings={**device.settings, "badge_off": not is_on})
    for row in of_install(world, device.user_id or "", device.install):
        world[PUSH_TOKENS].put((row.user_id, row.install, row.kind), evolve(row, counts_badge=is_on))
