"""messageManager: addresses and files of media, speech and translation."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.handlers import Caller
from bridge.handlers.message_forward import looked_up
from bridge.world.chats import fetches, live_media, media, mergers, translation
from bridge.world.chats.fetches import Fetch
from bridge.world.chats.media import Address, Wanted
from bridge.world.chats.messages import Message
from bridge.world.kernel import codes
from bridge.world.kernel.clients import Finding


def _media(caller: Caller, msg_id: str) -> Message:
    message = looked_up(caller, msg_id)
    if not media.is_media(message):
        caller.found(Finding.NO_MEDIA)
    return message


def get_message_online_url(caller: Caller, msg_id: str) -> Address:
    """Return where the files of a message can be had."""
    message = _media(caller, msg_id)
    if message.elems[0].kind == "image":
        caller.found(Finding.IS_IMAGE)
    return media.addressed(message, media.on_device(caller.world, caller.device.install, message))


def download_message(
    caller: Caller, msg_id: str, message_type: int | None, image_type: int | None, is_snapshot: bool | None
) -> dict[str, str]:
    """Fetch a file of a message: answered at once, its progress is told afterwards."""
    if mergers.keeps_any(caller.world, caller.device_id):
        caller.found(Finding.KEEPS_MERGERS)
    message = _media(caller, msg_id)
    wanted = Wanted(image_type or 0, bool(is_snapshot), message_type or 0)
    if media.is_running(caller.world, caller.device, message, wanted.is_snapshot):
        caller.found(Finding.RUNNING)
    if media.is_there(caller.world, caller.device, message, wanted, caller.habits.fetching):
        caller.found(Finding.IS_THERE)
    media.download(caller.world, caller.device, message, wanted, caller.habits.fetching)
    return {}


def convert_voice_to_text(caller: Caller, msg_id: str, language: str | None) -> str:
    """Return a stand-in for what a voice message says."""
    message = looked_up(caller, msg_id)
    if message.elems[0].kind != "sound":
        caller.found(Finding.NO_SOUND)
    return translation.recognise(caller.world, message, language or "")


def convert_address_to_text(caller: Caller, url: str, language: str) -> str:
    """Return a stand-in for what the voice message at an address says."""
    found = media.at_address(caller.world, caller.user, caller.device.install, url)
    if found is None or found[0].elems[0].kind != "sound":
        raise ChatError(codes.INVALID_PARAMETERS)
    return translation.recognise(caller.world, found[0], language)


def download_address(caller: Caller, url: str, ticket: str | None) -> Fetch | None:
    """Fetch what is at an address; how far it is is told ahead of the answer. Returns the fetch if it is still going on."""
    return fetches.begin(caller.world, caller.device, caller.user, url, ticket)


def translate_text(
    caller: Caller, texts: list[str], target_language: str | None, source_language: str | None
) -> dict[str, str]:
    """Return a stand-in translation of each text."""
    return translation.translate(caller.world, texts, target_language or "", source_language or "auto")


def set_av_chat_room_can_find_message(
    caller: Caller, avchatroom_ids: list[str] | None, each_group_message_nums: int | None
) -> list[str]:
    """Have the adapter keep media of live rooms; return all rooms that were ever named on this device."""
    most = live_media.MOST if each_group_message_nums is None else each_group_message_nums
    return live_media.name_rooms(caller.world, caller.device, avchatroom_ids or [], most)
