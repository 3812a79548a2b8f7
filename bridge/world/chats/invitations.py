"""
Invitations: who has called whom, who has answered, and which clients run a clock for it.

An invitation is open for each invitee until that one answers, the inviter cancels, or its time is up; it is over when
it is open for nobody. Clients keep invitations in memory: a `Known` row says that the one on a device does. What a client
does not know it can neither answer nor see run out, so a client that was not there when the invitation was sent has to
be told of it first (signaling semantics).

Each step of a stored invitation is also a custom message in the chat, made by the device that took the step.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import field

from bridge.errors import ChatError
from bridge.world.chats import messages, sending, signals
from bridge.world.chats.elements import Custom
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, devices, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, Memberships, TableSpec
from bridge.world.kernel.world import World
from bridge.world.people import relations

OPEN, ACCEPTED, REJECTED, CANCELLED, TIMED_OUT = "open", "accepted", "rejected", "cancelled", "timed_out"
GROUP_ANNOUNCED_MS = 30_000
"""How old an invitation in a group may be to be announced to a client that comes late (native signaling headers, since 6.7)."""


@row_class
class Invitation:
    """
    A call from one user to others.

    Attributes:
        group_id: the group it was made in; "" between two users.
        invitees: in the order in which they were named, each once.
        data: what the app put there; the message of its timeout carries it again.
        timeout_s: after how many seconds it runs out; 0 for never.
        sent_ms: when it was made.
        online_only: nothing of it is stored, neither the invitation nor what follows.
        states: how it stands with each invitee: open, accepted, rejected, cancelled, timed_out.
        timer: number of the timer that ends it; 0 without one.
    """

    invite_id: str
    inviter: str
    group_id: str
    invitees: tuple[str, ...]
    data: str = ""
    timeout_s: int = 30
    sent_ms: int = 0
    online_only: bool = False
    states: dict[str, str] = field(factory=dict)
    timer: int = 0

    @property
    def open_for(self) -> tuple[str, ...]:
        """Return those who have not answered yet, in the order of the invitation."""
        return tuple(user_id for user_id in self.invitees if self.states.get(user_id) == OPEN)


@row_class
class Known:
    """The client on a device keeps an invitation in mind."""

    device_id: str
    invite_id: str


def _parties(row: Invitation) -> tuple[str, ...]:
    return tuple(dict.fromkeys((row.inviter, *row.invitees))) if row.open_for else ()


INVITATIONS = TableSpec("invitations", Invitation, ("invite_id",), {"open_of": lambda: Memberships(_parties)})
KNOWN = TableSpec(
    "known_invitations",
    Known,
    ("device_id", "invite_id"),
    {"device": lambda: Groups(lambda k: k.device_id), "invitation": lambda: Groups(lambda k: k.invite_id)},
    exported=False,
    is_local=True,
)


# --- inviting


def invite(
    world: World,
    device: Device,
    invitee: str,
    data: str,
    timeout_s: int,
    online_only: bool,
    push: dict[str, Any] | None = None,
) -> str:
    """
    Call one user. Returns the id of the invitation.

    States invitation_received to the invitee; a stored invitation also what a message states.

    Raises: ChatError 6017 (nobody named, a negative timeout), 20003 (unknown invitee), and what sending a message raises.
    """
    if not invitee or timeout_s < 0:
        raise ChatError(codes.INVALID_PARAMETERS)
    if not invitee.strip():
        raise ChatError(codes.MESSAGE_INVALID_ACCOUNT)
    return _begin(world, device, "", (invitee,), data, timeout_s, online_only, push)


def invite_in_group(
    world: World, device: Device, group_id: str, invitees: list[str], data: str, timeout_s: int, online_only: bool
) -> str:
    """
    Call members of a group. Returns the id of the invitation.

    States invitation_received to all other members, called or not: each has to look for itself in the list (native
    signaling headers). Whoever is named and is no member hears nothing and cannot answer.

    Raises: ChatError 6017 (nobody named), 10010 and 10007 (no such group, not in it), and what sending a message raises.
    """
    if not group_id or not invitees or timeout_s < 0:
        raise ChatError(codes.INVALID_PARAMETERS)
    return _begin(world, device, group_id, tuple(dict.fromkeys(invitees)), data, timeout_s, online_only, None)


def _begin(
    world: World,
    device: Device,
    group_id: str,
    invitees: tuple[str, ...],
    data: str,
    timeout_s: int,
    online_only: bool,
    push: dict[str, Any] | None,
) -> str:
    user_id = _user(device)
    number = world.next_number("invitation")
    row = Invitation(
        invite_id=f"{messages.stamp_id(world, user_id, world.fresh32(number))}-{number}",
        inviter=user_id,
        group_id=group_id,
        invitees=invitees,
        data=data,
        timeout_s=timeout_s,
        sent_ms=world.now_ms,
        online_only=online_only,
        states=dict.fromkeys(invitees, OPEN),
    )
    row = _schedule(world, row)
    _spread(world, device, row)
    called = [user for user in _reached(world, row, user_id) if user != user_id]
    world.state("invitation_received", facts.users(called), **_announcement(row))
    _say(world, device, row, signals.INVITE, invitees, data, push)
    return row.invite_id


def _schedule(world: World, row: Invitation) -> Invitation:
    """Store an invitation with the timer that ends it."""
    if row.timeout_s:
        due_ms = row.sent_ms + row.timeout_s * 1000
        row = evolve(row, timer=world.schedule("invitations.expire", due_ms, invite_id=row.invite_id))
    world[INVITATIONS].put(row.invite_id, row)
    return row


def _announcement(row: Invitation) -> dict[str, Any]:
    return {
        "invite_id": row.invite_id,
        "inviter": row.inviter,
        "group_id": row.group_id,
        "invitee_list": row.invitees,
        "data": row.data,
    }


# --- answering


def cancel(world: World, device: Device, invite_id: str, data: str) -> None:
    """
    Take an invitation back from all who have not answered.

    States invitation_cancelled to them, in a group to all other members.

    Raises: ChatError 8010 (unknown to this client, or over), 8011 (somebody else's invitation).
    """
    row = _require(world, device, invite_id)
    if row.inviter != device.user_id:
        raise ChatError(codes.INVITATION_PERMISSION_DENIED)
    if not row.open_for:
        raise ChatError(codes.INVALID_INVITE_ID)
    told = row.open_for
    hearing = [user for user in _reached(world, row, row.inviter) if user != row.inviter]
    row = _close(world, row, told, CANCELLED)
    world.state("invitation_cancelled", facts.users(hearing), invite_id=invite_id, inviter=row.inviter, data=data)
    _say(world, device, row, signals.CANCEL, told, data)


def modify(world: World, device: Device, invite_id: str, data: str) -> None:
    """
    Change what goes with an invitation that is still open.

    States invitation_modified to the others who take part, in a group to all other members.

    Raises: ChatError 8010 (unknown to this client, or over), 8011 (the caller takes no part in it).
    """
    row = _require(world, device, invite_id)
    if device.user_id not in (row.inviter, *row.invitees):
        raise ChatError(codes.INVITATION_PERMISSION_DENIED)
    if not row.open_for:
        raise ChatError(codes.INVALID_INVITE_ID)
    hearing = [user for user in _reached(world, row, row.inviter) if user != device.user_id]
    world[INVITATIONS].put(invite_id, evolve(row, data=data))
    world.state("invitation_modified", facts.users(hearing), invite_id=invite_id, data=data)


def accept(world: World, device: Device, invite_id: str, data: str) -> None:
    """
    Accept an invitation.

    States invitee_accepted to the inviter, in a group to all members, and to the own other devices.

    Raises: ChatError 8010 (unknown to this client, answered already, or over), 8011 (not invited).
    """
    _answer(world, device, invite_id, data, ACCEPTED)


def reject(world: World, device: Device, invite_id: str, data: str) -> None:
    """Decline an invitation. States invitee_rejected; to whom, and what is raised: see `accept`."""
    _answer(world, device, invite_id, data, REJECTED)


def _answer(world: World, device: Device, invite_id: str, data: str, state: str) -> None:
    row = _require(world, device, invite_id)
    user_id = _user(device)
    if user_id not in row.invitees:
        raise ChatError(codes.INVITATION_PERMISSION_DENIED)
    if row.states[user_id] != OPEN:
        raise ChatError(codes.INVALID_INVITE_ID)
    row = _close(world, row, (user_id,), state)
    hearing = _reached(world, row, user_id)
    kind, action = ("invitee_accepted", signals.ACCEPT) if state == ACCEPTED else ("invitee_rejected", signals.REJECT)
    to = facts.users(hearing, without=device.device_id)
    world.state(kind, to, invite_id=invite_id, invitee=user_id, data=data)
    _say(world, device, row, action, (user_id,), data)


def _require(world: World, device: Device, invite_id: str) -> Invitation:
    """Return an invitation that the client on a device knows. Raises: ChatError 6017 without an id, 8010 for an unknown one."""
    if not invite_id:
        raise ChatError(codes.INVALID_PARAMETERS)
    row = world[INVITATIONS].get(invite_id)
    if row is None or (device.device_id, invite_id) not in world[KNOWN]:
        raise ChatError(codes.INVALID_INVITE_ID)
    return row


def _close(world: World, row: Invitation, user_ids: Iterable[str], state: str) -> Invitation:
    """Store how it stands with some invitees; the timer goes when nobody is left."""
    row = evolve(row, states={**row.states, **dict.fromkeys(user_ids, state)})
    if not row.open_for and row.timer:
        world.unschedule(row.timer)
        row = evolve(row, timer=0)
    world[INVITATIONS].put(row.invite_id, row)
    return row


# --- time


def expire(world: World, invite_id: str) -> None:
    """
    End an invitation whose time is up for all who have not answered.

    States invitation_timed_out to every client that knows it and still runs, the network cut or not. One client that has a network
    leaves the message, with the data of the invitation (release notes 5.7): that of somebody invited who did not answer, else the
    inviter's (product docs: signaling FAQ).
    """
    row = world[INVITATIONS].get(invite_id)
    if row is None or not row.open_for:
        return
    silent = row.open_for
    row = _close(world, evolve(row, timer=0), silent, TIMED_OUT)
    clients = _clients(world, row)
    for device in clients:
        to = facts.device(device.device_id)
        world.state("invitation_timed_out", to, invite_id=invite_id, invitee_list=silent)
    for user_id in (*silent, row.inviter):
        for device in clients:
            if device.user_id == user_id and device.connected:
                _say_if_taken(world, device, row, silent)
                return


def _clients(world: World, row: Invitation) -> list[Device]:
    """Return the devices whose client knows an invitation, the inviter's first."""
    keys = world[KNOWN].index("invitation").of(row.invite_id)
    found = [devices.get(world, key[0]) for key in keys]
    return sorted(found, key=lambda device: (device.user_id != row.inviter, device.device_id))


# --- what clients know


def _learn(world: World, device: Device, row: Invitation) -> None:
    known = Known(device.device_id, row.invite_id)
    world[KNOWN].put((known.device_id, known.invite_id), known)


def _spread(world: World, caller: Device, row: Invitation) -> None:
    """Let the clients of all parties know a new invitation, as far as it reaches them; the inviter's others by its message."""
    _learn(world, caller, row)
    for user_id in _reached(world, row, row.inviter):
        for device in devices.of_user(world, user_id):
            if device.connected and (user_id != row.inviter or not row.online_only):
                _learn(world, device, row)


def _others(world: World, row: Invitation) -> list[str]:
    """Return who hears of an invitation's steps: the members of its group, or both parties."""
    if not row.group_id:
        return list(dict.fromkeys((row.inviter, *row.invitees)))
    return groups.member_ids(world, communities.community_of(row.group_id))


def _reached(world: World, row: Invitation, sender: str) -> list[str]:
    """Return who hears of a step that `sender` takes: between two not the one who has blocked the sender (product docs: blacklist)."""
    hearing = _others(world, row)
    if row.group_id:
        return hearing
    return [user for user in hearing if user == sender or not relations.is_blocked(world, user, sender)]


def catch_up(world: World, device: Device, waits: bool) -> None:
    """
    Tell the client on a device that has just logged in of what is still open.

    States invitation_received for each invitation to its user: between two as long as it is open, in a group for 30 seconds. The user's own
    invitations are known again without a word. What was for those who were online is not among them.
    """
    table = world[INVITATIONS]
    user_id = _user(device)
    for invite_id in table.index("open_of").of(user_id):
        row = table[invite_id]
        is_late = bool(row.group_id) and world.now_ms - row.sent_ms > GROUP_ANNOUNCED_MS
        is_kept_away = user_id not in _reached(world, row, row.inviter)
        if row.online_only or is_late or is_kept_away or (device.device_id, invite_id) in world[KNOWN]:
            continue
        _learn(world, device, row)
        if row.states.get(user_id) == OPEN and row.inviter != user_id:
            world.state("invitation_received", facts.device(device.device_id, waits=waits), **_announcement(row))


def forget(world: World, device_id: str) -> None:
    """Let the client on a device know no invitation any more."""
    table = world[KNOWN]
    for key in table.index("device").of(device_id):
        table.drop(key)


def add_invited(world: World, device: Device, info: dict[str, Any]) -> None:
    """
    Let a client know an invitation that it was not told of (found in a message, or in a push).

    One that the service has never seen is taken as the app gives it, as made now.

    Args:
        info: invite_id, inviter, invitee_list, group_id, data, timeout.

    Raises: ChatError 6017 (no id), 8012 (this client knows it).
    """
    invite_id = info.get("invite_id") or ""
    if not invite_id:
        raise ChatError(codes.INVALID_PARAMETERS)
    if (device.device_id, invite_id) in world[KNOWN]:
        raise ChatError(codes.INVITATION_ALREADY_EXISTS)
    row = world[INVITATIONS].get(invite_id)
    if row is None:
        invitees = tuple(dict.fromkeys(str(one) for one in info.get("invitee_list") or ()))
        row = Invitation(
            invite_id=invite_id,
            inviter=info.get("inviter") or "",
            group_id=info.get("group_id") or "",
            invitees=invitees,
            data=info.get("data") or "",
            timeout_s=max(0, info.get("timeout") or 0),
            sent_ms=world.now_ms,
            states=dict.fromkeys(invitees, OPEN),
        )
        row = _schedule(world, row)
    _learn(world, device, row)


# --- messages


def _say(
    world: World,
    device: Device,
    row: Invitation,
    action: int,
    invitees: Iterable[str],
    data: str,
    push: dict[str, Any] | None = None,
) -> None:
    """
    Have a device leave the message of a step; one that is not stored goes through the same checks and leaves none.

    Raises: ChatError as sending a message does; nothing stays of the step then.
    """
    if not device.connected:
        raise ChatError(codes.NETWORK_DISCONNECTED)
    message = evolve(_message(world, row, action, invitees, data), push=push)
    user_id = _user(device)
    receiver = "" if row.group_id else row.invitees[0] if user_id == row.inviter else row.inviter
    if row.online_only:
        channel: messages.Channel = ("group", row.group_id) if row.group_id else messages.c2c_channel(user_id, receiver)
        checked = evolve(message, sender=user_id, channel=channel, online_only=True)
        sending.check(world, checked, receiver, row.group_id)
        return
    try:
        sending.send(world, device, user_id, message, receiver, row.group_id)
    except sending.SendRefused as refusal:
        raise ChatError(refusal.code, refusal.desc) from None


def _say_if_taken(world: World, device: Device, row: Invitation, silent: tuple[str, ...]) -> None:
    """Have a client leave the message of a timeout, unless the service would refuse it."""
    if row.online_only:
        return
    user_id = _user(device)
    message = _message(world, row, signals.TIMEOUT, silent, row.data)
    receiver = "" if row.group_id else row.invitees[0] if user_id == row.inviter else row.inviter
    channel: messages.Channel = ("group", row.group_id) if row.group_id else messages.c2c_channel(user_id, receiver)
    try:
        sending.check(world, evolve(message, sender=user_id, channel=channel), receiver, row.group_id)
    except ChatError:
        return
    sending.send(world, device, user_id, message, receiver, row.group_id)


def _user(device: Device) -> str:
    assert device.user_id is not None, "invitations need a login"
    return device.user_id


def _message(world: World, row: Invitation, action: int, invitees: Iterable[str], data: str) -> messages.Message:
    """Return the message of a step, with what apps read in it (inferred from getSignalingInfo)."""
    said = signals.Info(row.invite_id, row.inviter, row.group_id, tuple(invitees), data, row.timeout_s, action)
    return sending.blank(world, Custom(signals.text(said, row.online_only), "", ""))
