"""
Draft the file of a channel method.
"""

from __future__ import annotations

import re
from typing import Any

from bridge.catalogue.names import snake_case
from tools.drafting.wire import nullable, wire_schema

Json = dict[str, Any]

PLATFORMS = ("android", "ios")

_NEEDS_NOTHING = {
    "initSDK",
    "unInitSDK",
    "getVersion",
    "getServerTime",
    "getLoginUser",
    "getLoginStatus",
    "getPlatformVersion",
    "uikitTrace",
    "checkAbility",
    "setAPNSListener",
}
_NEEDS_INIT = {"login", "logout", "callExperimentalAPI"}
_NEEDS_CACHE = {
    "getConversationList",
    "getConversation",
    "getConversationListByConversaionIds",
    "getConversationListByFilter",
    "getConversationGroupList",
    "getTotalUnreadMessageCount",
    "getUnreadMessageCountByFilter",
    "getC2CHistoryMessageList",
    "getGroupHistoryMessageList",
    "getHistoryMessageList",
    "getHistoryMessageListV2",
    "findMessages",
    "setConversationDraft",
    "searchLocalMessages",
}
_LISTENER_CALL = re.compile(r"(add|set|remove)\w+Listener$")
_CREATE_CALL = re.compile(r"create\w*Message$")

# What a call acts on: without it there is nothing that it could do or look up.
_TARGET_NAMES = {
    "groupID", "userID", "conversationID", "msgID", "messageID", "inviteID", "permissionGroupID", "officialAccountID",
    "groupName", "oldName", "newName", "createdMsgID", "createMessageBaseId", "createMessageAppendId", "reactionID",
    "api", "invitee",
    "conversationIDList", "userIDList", "groupIDList", "topicIDList", "msgIDList", "msgIDs", "messageIDList",
    "memberIDList", "memberList", "userList", "inviteeList", "groupNameList", "permissionGroupIDList",
    "officialAccountIDList", "extensions", "texts",
    "topicInfo", "info", "searchParam",
}  # fmt: skip
_TARGETS_OF = {
    "initSDK": {"sdkAppID"},
    "modifyMessage": {"message"},
    "searchGroupMembers": {"param"},
    "acceptGroupApplication": {"groupID", "fromUser"},
    "refuseGroupApplication": {"groupID", "fromUser"},
    "setGroupInfo": {"groupID"},
    "createTargetedGroupMessage": {"id", "receiverList"},
    "increaseGroupCounter": {"groupID", "key"},
    "decreaseGroupCounter": {"groupID", "key"},
    "deleteMessageExtensions": {"msgID", "keys"},
}
# Without members a community is still created.
_NO_TARGETS = {("createCommunity", "memberList")}
# Declared non-null, yet the recordings of the real client show a null.
_SENT_AS_NULL = {("getHistoryMessageList", "messageSeqList")}
# The channel class has no default, the public class that calls it has one.
_PUBLIC_DEFAULTS = {("8.2", "initSDK", "showImLog"): True, ("5.0", "initSDK", "showImLog"): False}
_OFFLINE_PUSH_INFO = {"anyOf": [{"x-ref": "models/OfflinePushInfo"}, {"type": "null"}]}
_TEXT = re.compile(r"(?:bare )?(?:String )?'([^']*)'")


def needs(method: str) -> str:
    """
    Return what a call needs before it is carried out: `nothing`, `init`, `login` or `cache`.
    """
    if method in _NEEDS_NOTHING or _LISTENER_CALL.match(method):
        return "nothing"
    if method in _NEEDS_INIT or _CREATE_CALL.match(method):
        return "init"
    return "cache" if method in _NEEDS_CACHE else "login"


def _refuses_null(fact: Json, param: Json) -> str | None:
    name = param["name"]
    if not param["required"] or param["nullable"] or name in fact["androidIgnores"]:
        return None
    sends = "receiver" in {other["name"] for other in fact["params"]}
    if name in _TARGETS_OF.get(fact["method"], ()):
        return "target"
    if name == "filter":
        return "target" if param["wireType"].startswith("map:") else None
    if name not in _TARGET_NAMES or (sends and name == "groupID") or (fact["method"], name) in _NO_TARGETS:
        return None
    return "target"


def _argument(fact: Json, param: Json, version: str) -> Json:
    name = param["name"]
    default = _PUBLIC_DEFAULTS.get((version, fact["method"], name), param["default"])
    schema = dict(_OFFLINE_PUSH_INFO) if name == "offlinePushInfo" else wire_schema(param["wireType"], "models")
    if (param["nullable"] or (fact["method"], name) in _SENT_AS_NULL) and name != "offlinePushInfo":
        schema = nullable(schema)
    argument = {**schema, "x-wire": param["wireType"], "x-dartType": param["dartType"]}
    if default is not None:
        argument["default"] = default
    refuses = _refuses_null(fact, param)
    if refuses:
        argument["x-refusesNull"] = refuses
    if fact["method"] == "sendMessage" and name == "id":
        argument["x-keepsNull"] = True
    if name in fact["androidIgnores"]:
        argument["x-ignoredBy"] = ["android"]
    if param["note"]:
        argument["description"] = param["note"]
    return argument


def _arguments(fact: Json, version: str) -> Json:
    return {
        "type": "object",
        "properties": {param["name"]: _argument(fact, param, version) for param in fact["params"]},
        "required": [
            param["name"]
            for param in fact["params"]
            if param["required"] and param["name"] not in fact["androidIgnores"]
        ],
    }


# Words of the facts that say more than a type word; what is left out is read as a wire type word.
_SAID: dict[str, Json] = {
    "any value the SDK gives back": {"data": {}},
    "any; never answered when param is null": {"data": {}},
    "empty map": {"data": {"type": "object", "additionalProperties": {}}},
    "int: always 1": {"data": {"type": "integer", "const": 1}},
    "no success reply: always the error below": {"data": {"type": "null"}},
    "as Android": {"data": {"type": "null"}},
    "bool; false (code 0) when the preliminary setUIPlatform call fails": {"data": {"type": "boolean"}},
    "bare String 'Android <release>'": {"data": {"type": "string", "pattern": "^Android "}},
    "bare String 'iOS <version>'": {"data": {"type": "string", "pattern": "^iOS "}},
    "map<String, list<V2TIMGroupMemberFullInfo>>, keyed by group id": {
        "data": wire_schema("map<String,list<V2TIMGroupMemberFullInfo>>")
    },
    "null; or map:V2TIMSignalingInfo": {"data": wire_schema("map:V2TIMSignalingInfo|null")},
    "null (no message map at all)": {"data": {"type": "null"}},
    "list of maps whose key is permissionGroupID (Android misspells it germissionGroupID)": {
        "data": wire_schema("list<V2TIMTopicPermissionResult>")
    },
    "list of {errorCode, errorMsg, topicID}: the text key is errorMsg, not errorMessage": {
        "data": wire_schema("list<V2TIMTopicOperationResult(deletion)>")
    },
    "list of {errorCode, errorMsg, topicInfo}: the text key is errorMsg, not errorMessage": {
        "data": wire_schema("list<V2TIMTopicInfoResult>")
    },
    "list of {userID, result, memberID} (userID is extra)": {
        "data": wire_schema("list<V2TIMGroupMemberOperationResult>")
    },
}


def _data(said: str, android: Json) -> Json:
    """
    Read what the facts say of a reply: `{"data": schema, "text"?: constant}`.
    """
    if said in _SAID:
        return {key: dict(value) for key, value in _SAID[said].items()}
    texts = _TEXT.findall(said)
    if texts and _TEXT.match(said):
        text: Any = texts[0] if len(texts) == 1 else {"one": texts[0], "all": texts[1]}
        return {"data": {"type": "string"}, "text": text}
    if said.startswith("map:V2TIMSignalingInfo;"):
        return {"data": wire_schema("map:V2TIMSignalingInfo|null")}
    if said.startswith("list of"):
        return {"data": android["data"]}
    word = re.split(r": | plus | after | with | of |;", said)[0]
    return {"data": wire_schema(word)}


# Keys of a message map that only certain replies hold; everywhere else they are left out.
def _holding(method: str, platform: str, said: str, schema: Json) -> Json:
    if schema.get("x-ref") != "maps/V2TIMMessage":
        return schema
    held = ["id"] if " key id" in said or "keys id" in said else []
    if platform == "ios" and method.lower().startswith(("send", "resend")):
        held.append("priority")
        if "progress 100" in said:
            held.append("progress")
    return {**schema, "x-with": held} if held else schema


def _reply(fact: Json, platform: str, android: Json | None) -> Json:
    result = fact["result"]
    form = result[f"{platform}Reply"]
    said = result.get(platform) or result["android"]
    if form in ("none", "notImplemented"):
        return {"reply": form, "note": said}
    reply = {"reply": form, **_data(said, android or {})}
    reply["data"] = _holding(fact["method"], platform, said, reply["data"])
    if len(said) > 40 and "text" not in reply:
        reply["note"] = said
    return reply


def _quirks(fact: Json) -> Json:
    quirks: Json = {}
    if fact.get("androidInPracticeUnanswered"):
        quirks["inPracticeUnanswered"] = ["android"]
    if fact["result"]["android"].startswith("no success reply"):
        quirks["alwaysRefused"] = True
    if fact.get("androidEvents"):
        quirks["androidEvents"] = fact["androidEvents"]
    if fact.get("androidNestedReads"):
        quirks["androidNestedReads"] = fact["androidNestedReads"]
    return quirks


def _evidence(fact: Json, version: str) -> list[Json]:
    method = fact["method"]
    told = {"nothing": "works before initSDK", "init": "6013 before initSDK, no login needed"}
    claim = told.get(needs(method), "6013 before initSDK, 6014 without a login")
    if needs(method) == "cache":
        claim = "6013 before initSDK; answers from the local cache while a login runs or after a failed one"
    documented = needs(method) in ("login", "cache") or method in ("initSDK", "login", "logout")
    evidence = [
        {"claim": "name, manager, keys, types and defaults", "kind": "adapter source",
         "source": f"channel class of the plugin {version}"},
        {"claim": "form and data of the Android reply", "kind": "adapter source",
         "source": f"Android adapter {version}"},
        {"claim": "form and data of the iOS reply", "kind": "adapter source", "source": f"iOS adapter {version}"},
        {"claim": claim, "kind": "documented" if documented else "inferred",
         "source": "product docs: login and error codes" if documented else "method reference"},
    ]  # fmt: skip
    for of, name in sorted(_SENT_AS_NULL):
        if of == method:
            evidence.append({"claim": f"{name} may be null", "kind": "adapter source",
                             "source": f"recording of the plugin {version}'s own client"})  # fmt: skip
    for of, name in ((key[1], key[2]) for key in _PUBLIC_DEFAULTS if key[0] == version):
        if of == method:
            evidence.append({"claim": f"default of {name}", "kind": "adapter source",
                             "source": f"public class of the plugin {version}"})  # fmt: skip
    if fact["androidNoReplyWhenNull"]:
        keys = ", ".join(fact["androidNoReplyWhenNull"])
        evidence.append({"claim": f"a null {keys} is never answered", "kind": "adapter source",
                         "source": f"Android adapter {version}"})  # fmt: skip
    return evidence


_CASTS = {"int": "int32", "bool": "bool", "String": "string", "double": "double", "list": "list", "map": "map"}


def _casts(fact: Json, version: str) -> Json:
    """
    Return the casts that are known: those of arguments whose null is never answered.
    """
    wire = {param["name"]: re.split("[<:]", param["wireType"])[0] for param in fact["params"]}
    casts = {
        name: {"as": _CASTS[wire[name]], "null": "unanswered", "line": f"Android adapter {version}"}
        for name in fact["androidNoReplyWhenNull"]
    }
    return {"casts": {"android": casts}} if casts else {}


def method_file(fact: Json, version: str) -> Json:
    """
    Draft `methods/<manager>/<wireName>.json` from one entry of methods.json.
    """
    android = _reply(fact, "android", None)
    return {
        "$schema": "../../../meta/method.schema.json",
        "method": fact["method"],
        "manager": fact["manager"],
        "needs": needs(fact["method"]),
        "platforms": [platform for platform in PLATFORMS if fact[f"{platform}Supported"]],
        "dartMethods": fact["dartMethods"],
        "arguments": _arguments(fact, version),
        "result": {"android": android, "ios": _reply(fact, "ios", android)},
        "errorCarriesData": fact.get("errorCarriesData", False),
        "adapterErrors": {platform: fact["errors"].get(platform, []) for platform in PLATFORMS},
        "quirks": _quirks(fact),
        **_casts(fact, version),
        "notes": fact["notes"],
        "evidence": _evidence(fact, version),
    }


def method_path(fact: Json) -> str:
    """
    Return the path of a method's file below its dialect's folder.
    """
    return f"methods/{fact['manager']}/{fact['method']}.json"


def argument_name(key: str, schema: Json) -> str:
    """
    Return the Python name of an argument.
    """
    return str(schema.get("x-arg") or snake_case(key))
