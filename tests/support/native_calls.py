"""
From calls of the channel to calls of the native library, as the client's Dart code makes the same of a public method on either side.

    pin = load("chat-8.2").method("pinConversation")
    made = library("native-8.9").translated("pinConversation", pin, {"conversationID": "c2c_bob", "isPinned": True})
    assert ("DartPinConversation", {"conv_id": "bob", "conv_type": 1, "is_pinned": True}) == made

Most of it is the schemas read backwards: a function's file says which argument of which handler each of its own is, and a channel's method
has the same handler. What a function reads in a way of its own is written here in that way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

from bridge.catalogue import MethodSpec, TypeExpr, load
from bridge.catalogue.names import snake_case
from bridge.catalogue.native import ArgumentSpec, CaseSpec, FunctionSpec, NativeCatalogue
from bridge.dialects import get, readers
from bridge.dialects.cjson.dialect import CJsonDialect
from bridge.dialects.cjson.reading import group, group_members, group_topics
from bridge.dialects.view import View
from bridge.world.chats.elements import Element, Merger
from bridge.world.chats.messages import Message

NATIVE = "native-8.9"
PLATFORM = "native"
KINDS = {"c2c": 1, "group": 2}

Args = dict[str, Any]
Made = tuple[str, Args]
Writing = Callable[[Args], Args]
"""Makes of the arguments of the channel what a function's file reads, by the names that it has for it."""


SPELT = {"getConversationListByConversaionIds": "getConversationListByConversationIds"}
"""Methods of the channel that Dart spells otherwise."""


class Library:
    """
    A dialect of the native generation, as calls are made of it.

    Attributes:
        dialect, catalogue: its own.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.dialect = cast(CJsonDialect, get(name, PLATFORM))
        self.catalogue = cast(NativeCatalogue, load(name))
        self._found: dict[tuple[str, str | None], list[tuple[FunctionSpec, CaseSpec]]] = {}

    def functions_of(self, method: str, spec: MethodSpec) -> list[tuple[FunctionSpec, CaseSpec]]:
        """Return the functions to which a channel's method comes down in Dart, each in its case: those of the same handler first."""
        if (method, spec.handler) in self._found:
            return self._found[method, spec.handler]
        found = []
        for name in self.catalogue.function_names:
            function = self.catalogue.function(name)
            assert function is not None
            for case in function.cases:
                if case.handler is not None and (SPELT.get(method, method) in case.dart_methods or case.handler == spec.handler):
                    found.append((function, case))
        found.sort(key=lambda one: (one[1].handler != spec.handler, method not in one[1].dart_methods))
        self._found[method, spec.handler] = found
        return found

    def translated(self, method: str, spec: MethodSpec, given: Args) -> Made | None:
        """Return the call of the library that a call of the channel is; None where none is like it."""
        found = self.functions_of(method, spec)
        if not found:
            return None
        function, case = found[0]
        bound = spec.bind(given, False)[0]
        name, key, older = OLDER.get(method, ("", "", None))
        writing = older if name and key not in _keys(self, name) else WRITTEN.get(method)
        if writing is None and case.handler is not None and readers.find("cjson", case.handler) is not None:
            return None
        return function.name, self.backwards(function, case, bound if writing is None else writing(given))

    # --- the schemas, backwards

    def backwards(self, function: FunctionSpec, case: CaseSpec, args: Mapping[str, Any]) -> Args:
        """Return the arguments of a function that its file reads as those of a handler."""
        made: Args = {}
        for one in function.arguments:
            if one.holds == "user_data":
                continue
            name = case.args.get(one.name, one.arg)
            if one.spread:
                assert one.type is not None
                made[one.name] = self.unread(one.type, args)
            elif name is not None and name in args:
                made |= self._argument(one, args[name])
            else:
                made.setdefault(one.name, None)
        for path, value in case.when.items():
            if value != {"given": True}:
                _put(made, path.split("."), value)
        return made

    def _argument(self, one: ArgumentSpec, value: Any) -> Args:
        if one.pick is not None:
            path = one.pick.split(".")
            return {one.name: [_within(item, path) for item in value] if isinstance(value, list) else _within(value, path)}
        if one.pairs:
            return {one.name: _pairs(value, *one.pairs)}
        if one.kind is not None:
            kind, _, target = (value or "").partition("_")
            return {one.name: target if kind in KINDS else value, one.kind: KINDS.get(kind, 0)}
        made = value if one.type is None else self.unread(one.type, value)
        if one.shape is not None and one.shape.kind == "object" and isinstance(made, dict):
            gone = _keys(library(NATIVE), one.shape.item) - _keys(self, one.shape.item)
            made = {key: said for key, said in made.items() if key not in gone}
        return {one.name: made}

    def unread(self, expr: TypeExpr, value: Any) -> Any:
        """Return what is read as a value: objects under their keys, with numbers for what they stand for."""
        if value is None:
            return None
        if expr.kind == "object":
            return self._object(expr.item, value)
        if expr.kind == "list":
            return [self.unread(expr.item, item) for item in value]
        return value

    def _object(self, name: str, given: Mapping[str, Any]) -> Args:
        made: Args = {}
        for key in self.catalogue.object(name).keys:
            value = None if key.arg is None else given.get(key.arg)
            if value is None:
                continue
            if key.pairs:
                value = _pairs(value, *key.pairs)
            elif key.numbers is not None:
                value = self.dialect.numbers_of(key.numbers)[value]
            else:
                value = self.unread(key.type, value)
            (made if key.inside is None else made.setdefault(key.inside, {}))[key.key] = value
        return made


@cache
def library(name: str) -> Library:
    """Return a dialect of the native generation by its name."""
    return Library(name)


def _keys(of: Library, name: str) -> set[str]:
    return {key.key for key in of.catalogue.object(name).keys}


def _pairs(value: Mapping[str, Any] | None, key: str, text: str) -> list[Args]:
    return [{key: name, text: said} for name, said in (value or {}).items()]


def _within(value: Any, path: list[str]) -> Any:
    if not path:
        return value
    inner = _within(value, path[1:])
    return [inner] if path[0] == "0" else {path[0]: inner}


def _put(made: Args, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        if not isinstance(made.get(part), dict):
            made[part] = {}
        made = made[part]
    made[path[-1]] = value


# --- what a function reads in a way of its own


def camel_case(name: str) -> str:
    """Return a name of ours as the channel writes it."""
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def place(user_id: Any, group_id: Any) -> Args:
    """Return where a user's conversation is, or a group's."""
    return {"conv_id": group_id, "conv_type": 2} if group_id else {"conv_id": user_id, "conv_type": 1}


def _conversations(given: Args) -> Args:
    kind, _, target = given["conversationID"].partition("_")
    stem = "get_conversation_list_param_conv"
    return {"wanted": [{f"{stem}_id": target, f"{stem}_type": KINDS.get(kind, 0)}]}


def _several(given: Args) -> Args:
    return {"wanted": [_conversations({"conversationID": one})["wanted"][0] for one in given["conversationIDList"]]}


def _list(given: Args) -> Args:
    return {"filter": {}, "next_seq": int(given["nextSeq"]), "count": given["count"]}


def _filtered(given: Args) -> Args:
    names = {key: snake_case(key) for key in given["filter"]}
    return {"filter": {name: given["filter"][key] for key, name in names.items()}, "next_seq": given["nextSeq"], "count": given["count"]}


def _history(given: Args) -> Args:
    asked = given.get("getType", 3)
    wanted = {
        "count": given.get("count"),
        "is_ramble": asked in (1, 2),
        "is_forward": asked in (2, 4),
        "last_msg": {"message_msg_id": given["lastMsgID"]} if given.get("lastMsgID") else None,
        "last_msg_seq": given.get("lastMsgSeq", -1),
        "time_begin": given.get("timeBegin"),
        "time_period": given.get("timePeriod"),
        "message_seq_array": given.get("messageSeqList"),
        "message_type_array": element_numbers(given.get("messageTypeList")),
    }
    return {**place(given.get("userID"), given.get("groupID")), "param": _named("msg_getmsglist_param", wanted)}


def _newest(given: Args) -> Args:
    return _history({**given, "getType": 1})


ELEMENTS = ("", "text", "custom", "image", "sound", "video", "file", "location", "face", "tips", "merger")
"""The channel's numbers of elements."""


def element_numbers(numbers: list[int] | None) -> list[int]:
    """Return the library's numbers of elements that the channel numbers otherwise."""
    return [library(NATIVE).dialect.numbers_of("element")[ELEMENTS[one]] for one in numbers or ()]


def _named(stem: str, said: Args) -> Args:
    """Return what is said under its keys; what is null is left out."""
    return {f"{stem}_{key}": value for key, value in said.items() if value is not None}


def _group(given: Args) -> Args:
    names = {"group_add_opt": "addOpt"}
    said = {field: given.get(names.get(field, camel_case(field))) for field, _ in group.FLAGS.values()}
    flags = [bit for bit, (field, _) in group.FLAGS.items() if said[field] is not None]
    return {"group_id": given["groupID"], "modify_flag": sum(flags), **said}


TOPIC_KEYS = {
    "name": "topicName",
    "notification": "notification",
    "introduction": "introduction",
    "face_url": "topicFaceUrl",
    "all_muted": "isAllMute",
    "custom": "customString",
    "default_permissions": "defaultPermissions",
}


def _topic(given: Args) -> Args:
    info = given["topicInfo"]
    said = {bit: (key, info.get(TOPIC_KEYS[name])) for bit, (key, name) in group_topics.FLAGS.items()}
    changes = {key: value for key, value in said.values() if value is not None}
    flags = sum(bit for bit, (_, value) in said.items() if value is not None)
    stem = "group_modify_info_param"
    more = {f"{stem}_modify_flag": flags, f"{stem}_draft_text": info.get("draftText")}
    return {"topic_info": {"group_topic_info_topic_id": info["topicID"], **changes, **more}}


def _members_by_number(given: Args) -> Args:
    return _members(given, given["filter"])


def _members(given: Args, option: Any = None) -> Args:
    option = {group_members.FLAG: given["filter"]} if option is None else option
    return {"param": _named(group_members.STEM, {"group_id": given["groupID"], "next_seq": int(given["nextSeq"]), "option": option})}


def _some_members(given: Args) -> Args:
    return {"param": _named(group_members.STEM, {"group_id": given["groupID"], "identifier_array": given["memberList"]})}


def _words(wanted: Args, **fields: int) -> Args:
    return {"keyword_list": wanted["keywordList"], "search_field_list": [fields[key] for key in fields if wanted.get(key)]}


def _search_groups(given: Args) -> Args:
    return {"search_param": _words(given["searchParam"], isSearchGroupID=1, isSearchGroupName=2)}


def _search_members(given: Args) -> Args:
    wanted = given["param"]
    names = {"isSearchMemberUserID": 1, "isSearchMemberNickName": 2, "isSearchMemberRemark": 4, "isSearchMemberNameCard": 8}
    return {"param": {"group_id_list": wanted.get("groupIDList"), **_words(wanted, **names)}}


def _search_friends(given: Args) -> Args:
    return {"search_param": _words(given["searchParam"], isSearchUserID=1, isSearchNickName=2, isSearchRemark=4)}


def _search_by_whole_ids(given: Args) -> Args:
    said = _search_messages(given)
    said["search_param"]["msg_search_param_conv_id"] = given["searchParam"].get("conversationID")
    return said


def _search_messages(given: Args) -> Args:
    wanted = given["searchParam"]
    kind, _, target = (wanted.get("conversationID") or "").partition("_")
    said = {
        "keyword_array": wanted.get("keywordList"),
        "keyword_list_match_type": wanted.get("type"),
        "send_identifier_array": wanted.get("userIDList"),
        "message_type_array": element_numbers(wanted.get("messageTypeList")),
        "conv_id": target or None,
        "conv_type": KINDS.get(kind),
        "search_time_position": wanted.get("searchTimePosition"),
        "search_time_period": wanted.get("searchTimePeriod"),
        "page_size": wanted.get("pageSize"),
        "page_index": wanted.get("pageIndex"),
        "search_count": wanted.get("searchCount"),
        "search_cursor": wanted.get("searchCursor"),
    }
    return {"search_param": _named("msg_search_param", said)}


def _friend(given: Args) -> Args:
    known = {"user_id": "userID", "friend_remark": "friendRemark", "friend_custom_info": "friendCustomInfo"}
    return {"param": {name: given.get(key) for name, key in known.items()}}


ADD_BACK, ACCEPT, REFUSE = 1, 0, 2
"""How a request is answered. The channel has another number for each."""


def _accepted(given: Args) -> Args:
    return {"response_type": ADD_BACK if given["responseType"] == 1 else ACCEPT, "user_id": given["userID"]}


def _refused(given: Args) -> Args:
    return {"response_type": REFUSE, "user_id": given["userID"]}


def _deleted(given: Args) -> Args:
    return {"application_type": given["type"], "user_id_list": [given["userID"]]}


def _renamed(given: Args) -> Args:
    return {"group_name": given["oldName"], "new_group_name": given["newName"]}


def _added(given: Args) -> Args:
    return {"group_name": given["groupName"], "add_user_id_list": given["userIDList"]}


def _taken_out(given: Args) -> Args:
    return {"group_name": given["groupName"], "delete_user_id_list": given["userIDList"]}


def _owned(given: Args) -> Args:
    return {"group_id": given["groupID"], "owner": given["userID"]}


def _experiment(given: Args) -> Args:
    param = given.get("param")
    return {"request": {**(param if isinstance(param, dict) else {}), "request_internal_operation": given["api"]}}


def _friend_group(given: Args) -> Args:
    return {"group_name_list": [given["groupName"]], "user_id_list": given.get("userIDList") or []}


def _friend_groups(given: Args) -> Args:
    return {"group_name_list": given.get("groupNameList") or []}


def _answered(given: Args) -> Args:
    pendency = {
        "group_id": given["groupID"],
        "form_identifier": given["fromUser"],
        "to_identifier": given.get("toUser") or "",
        "pendency_type": given.get("type"),
    }
    said = {"pendency": _named("group_pendency", pendency), "handle_msg": given.get("reason") or ""}
    return {"param": _named("group_handle_pendency_param", said)}


def _extensions(given: Args) -> Args:
    return {"msg_id": given["msgID"], "extensions": given["extensions"]}


def _push(given: Args) -> Args:
    said = {"business_id": int(given["businessID"]), "token": given["token"], "type": int(bool(given.get("isTPNSToken")))}
    return {"config": _named("offline_push_token", said)}


def _modified(given: Args) -> Args:
    message = given["message"]
    wire: Args = {"message_msg_id": message["msgID"], "message_cloud_custom_str": message.get("cloudCustomData")}
    if message.get("textElem"):
        wire["message_elem_array"] = [{"elem_type": 0, "text_elem_content": message["textElem"]["text"]}]
    elif message.get("customElem"):
        custom = message["customElem"]
        said = {"data": custom.get("data"), "desc": custom.get("desc"), "ext": custom.get("extension")}
        wire["message_elem_array"] = [{"elem_type": 3, **_named("custom_elem", said)}]
    return {"message": wire}


def _inserted(given: Args) -> Args:
    custom = {"elem_type": 3, **_named("custom_elem", {"data": given["data"], "desc": "", "ext": ""})}
    said = {"message_sender": given["sender"], "message_elem_array": [custom]}
    kind, target = ("c2c", given["userID"]) if "userID" in given else ("group", given["groupID"])
    return {"conversation_id": f"{kind}_{target}", "message": said}


def _local_data(given: Args) -> Args:
    said = {"msg_id": given["msgID"], "custom_str": given.get("localCustomData"), "custom_int": given.get("localCustomInt")}
    return {"message": _named("message", said)}


NOT_OF_DART = (
    *("message_conv_type", "message_conv_id", "message_sender", "message_status", "message_seq", "message_msg_id", "message_rand"),
    *("message_server_time", "message_sender_profile", "message_version", "message_sender_group_member_info"),
)
"""What a message has only once it is sent."""

OF_SENDING = {"cloud_custom_data": "message_cloud_custom_str", "local_custom_data": "message_custom_str", "priority": "message_priority"}
SWITCHES = {
    "online_user_only": "message_is_online_msg",
    "is_excluded_from_unread_count": "message_is_excluded_from_unread_count",
    "is_excluded_from_last_message": "message_excluded_from_last_message",
    "is_excluded_from_content_moderation": "message_excluded_from_content_moderation",
    "is_support_message_extension": "message_support_message_extension",
    "need_read_receipt": "message_need_read_receipt",
}


def sent_again(row: Message, online_only: bool, view: View) -> Args:
    """Return the arguments with which Dart sends a message again, which it has as it was shown."""
    wire = {**view.write("V2TIMMessage", row), SWITCHES["online_user_only"]: online_only}
    return {"conv_id": wire["message_conv_id"], "conv_type": wire["message_conv_type"], "json_msg_param": wire}


def _merged(one: Element) -> Args:
    """Return what Dart has in an element that holds messages: all of them, whole."""
    return {"merge_elem_message_array": [{"message_msg_id": msg_id} for msg_id in one.msg_ids or ()]} if isinstance(one, Merger) else {}


def message_of(row: Message, bound: Args, view: View) -> Args:
    """Return the arguments with which Dart sends a message that it has made."""
    wire = dict(view.write("V2TIMMessage", row))
    wire |= dict.fromkeys(NOT_OF_DART)
    wire["message_elem_array"] = [{**said, **_merged(one)} for said, one in zip(wire["message_elem_array"], row.elems, strict=True)]
    wire |= {key: bool(bound.get(name)) for name, key in SWITCHES.items()}
    wire |= {key: bound[name] for name, key in OF_SENDING.items() if bound.get(name)}
    wire["id"] = bound["id"]
    if bound.get("offline_push_info"):
        wire["message_offline_push_config"] = cast(CJsonDialect, view.writer).by_args("OfflinePushInfo")(bound["offline_push_info"])
    return {**place(bound.get("receiver"), bound.get("group_id")), "json_msg_param": wire}


def saved(row: Message, given: Args, view: View) -> Args:
    """Return the arguments with which Dart puts a message that it has made into a history."""
    wire = message_of(row, {"id": given["createdMsgID"]}, view)["json_msg_param"]
    return {**place(given.get("userID"), given.get("groupID")), "json_msg_param": {**wire, "message_sender": given["senderID"]}}


WRITTEN: dict[str, Writing] = {
    "getConversation": _conversations,
    "getConversationListByConversaionIds": _several,
    "getConversationList": _list,
    "getConversationListByFilter": _filtered,
    "getC2CHistoryMessageList": _newest,
    "getGroupHistoryMessageList": _newest,
    "getHistoryMessageList": _history,
    "getHistoryMessageListV2": _history,
    "setGroupInfo": _group,
    "setTopicInfo": _topic,
    "getGroupMemberList": _members,
    "getGroupMembersInfo": _some_members,
    "searchGroups": _search_groups,
    "searchGroupMembers": _search_members,
    "searchFriends": _search_friends,
    "searchLocalMessages": _search_messages,
    "searchCloudMessages": _search_messages,
    "setFriendInfo": _friend,
    "createFriendGroup": _friend_group,
    "getFriendGroups": _friend_groups,
    "renameFriendGroup": _renamed,
    "addFriendsToFriendGroup": _added,
    "deleteFriendsFromFriendGroup": _taken_out,
    "acceptFriendApplication": _accepted,
    "refuseFriendApplication": _refused,
    "deleteFriendApplication": _deleted,
    "transferGroupOwner": _owned,
    "callExperimentalAPI": _experiment,
    "acceptGroupApplication": _answered,
    "refuseGroupApplication": _answered,
    "setMessageExtensions": _extensions,
    "setAPNS": _push,
    "setOfflinePushConfig": _push,
    "insertC2CMessageToLocalStorage": _inserted,
    "insertGroupMessageToLocalStorage": _inserted,
    "modifyMessage": _modified,
    "setLocalCustomData": _local_data,
    "setLocalCustomInt": _local_data,
}
"""By method of the channel, as the plugin's Dart code writes it."""

SEARCH = ("V2TimMessageSearchParam", "msg_search_param_conv_type", _search_by_whole_ids)
OLDER: dict[str, tuple[str, str, Writing]] = {
    "getGroupMemberList": ("GroupGetMemberInfoListParam", group_members.FLAG, _members_by_number),
    "searchLocalMessages": SEARCH,
    "searchCloudMessages": SEARCH,
}
"""By method of the channel, how the Dart code of a generation writes it whose object (the first) has not a key (the second)."""
