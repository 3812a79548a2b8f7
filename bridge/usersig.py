"""
UserSig, version 2: the signature with which an app's backend lets a user log in.

A signature is a small JSON object, deflated, in base64 with three characters replaced (`+` `/` `=` by `*` `-` `_`). Its
`TLS.sig` is an HMAC-SHA256 over lines that repeat the other fields. Source: the product docs' UserSig page and the
demo's generator; the `TLS.userbuf` line and the order of the checks are inferred from public generators.

No clock is read here: whoever calls says what time it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import zlib
from typing import Any

DEFAULT_EXPIRE_S = 180 * 86400

# Real signatures are a few hundred bytes. A bigger one is refused unread, a deflated bomb after this many bytes.
MAX_SIG_CHARACTERS = 16 * 1024
MAX_JSON_BYTES = 64 * 1024

OK = 0
EXPIRED = 70001
EMPTY = 70002
MALFORMED = 70003
CHECK_FAILED = 70005
WRONG_KEY = 70009
OTHER_USER = 70013
OTHER_APP = 70014

_TO_URL = str.maketrans("+/=", "*-_")
_FROM_URL = str.maketrans("*-_", "+/=")
_BASE64_ONLY = str.maketrans("+/=", "\0\0\0")


def sign(
    user_id: str,
    sdk_app_id: int,
    key: str,
    *,
    now_s: int,
    expire_s: int = DEFAULT_EXPIRE_S,
    userbuf: bytes | None = None,
) -> str:
    """
    Make a signature.

    Args:
        user_id: who may log in with it.
        sdk_app_id: the application.
        key: the application's secret.
        now_s: the time of signing, in seconds since 1970.
        expire_s: how long it is valid, in seconds.
        userbuf: extra bytes that are signed too (rights in a room); None for none.

    Returns:
        Letters, digits, `*`, `-` and `_`. The same arguments give the same signature.
    """
    fields: dict[str, Any] = {
        "TLS.ver": "2.0",
        "TLS.identifier": user_id,
        "TLS.sdkappid": sdk_app_id,
        "TLS.expire": expire_s,
        "TLS.time": now_s,
    }
    if userbuf is not None:
        fields["TLS.userbuf"] = base64.b64encode(userbuf).decode("ascii")
    fields["TLS.sig"] = _signature(fields, key)
    deflated = zlib.compress(json.dumps(fields).encode("ascii"))
    return base64.b64encode(deflated).decode("ascii").translate(_TO_URL)


def verify(sig: str, user_id: str, sdk_app_id: int, key: str, *, now_s: int) -> int:
    """
    Check a signature as the service does. Any string is survived.

    Returns:
        0, or the first of these that applies: 70002 empty, 70003 not to be decoded, 70005 decoded but not a signature,
        70014 of another application, 70013 of another user, 70009 made with another key, 70001 expired. One from the
        clock's future is valid. An app sees 70001 as 6206 where its own client notices it: that is the caller's choice.
    """
    if not sig:
        return EMPTY
    fields = _decode(sig)
    if fields is None:
        return MALFORMED
    if not _is_complete(fields):
        return CHECK_FAILED
    if fields["TLS.sdkappid"] != sdk_app_id:
        return OTHER_APP
    if fields["TLS.identifier"] != user_id:
        return OTHER_USER
    if not hmac.compare_digest(_bytes(fields["TLS.sig"]), _bytes(_signature(fields, key))):
        return WRONG_KEY
    return OK if fields["TLS.time"] + fields["TLS.expire"] > now_s else EXPIRED


def lifetime(sig: str) -> tuple[int, int]:
    """Return when a signature that `verify` has taken was made, and from when on it is good for nothing, in seconds since 1970."""
    fields = _decode(sig)
    return fields["TLS.time"], fields["TLS.time"] + fields["TLS.expire"]


def _signature(fields: dict[str, Any], key: str) -> str:
    lines = [f"TLS.{name}:{fields[f'TLS.{name}']}\n" for name in ("identifier", "sdkappid", "time", "expire")]
    if "TLS.userbuf" in fields:
        lines.append(f"TLS.userbuf:{fields['TLS.userbuf']}\n")
    digest = hmac.new(_bytes(key), _bytes("".join(lines)), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # an id may hold a lone surrogate: it differs, it must not crash


def _decode(sig: str) -> Any:
    """Undo the base64 and the deflating; None when that fails, whatever JSON it holds otherwise."""
    if len(sig) > MAX_SIG_CHARACTERS:
        return None
    try:
        deflated = base64.b64decode(sig.translate(_BASE64_ONLY | _FROM_URL), validate=True)
        inflater = zlib.decompressobj()
        text = inflater.decompress(deflated, MAX_JSON_BYTES)
        return json.loads(text) if inflater.eof and not inflater.unused_data else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return None


def _is_complete(fields: Any) -> bool:
    """Return whether all fields are there, each of its type (a bool is no number)."""
    if not isinstance(fields, dict) or fields.get("TLS.ver") != "2.0":
        return False
    numbers = (fields.get(f"TLS.{name}") for name in ("sdkappid", "time", "expire"))
    texts = (fields.get("TLS.identifier"), fields.get("TLS.sig"), fields.get("TLS.userbuf", ""))
    return all(type(number) is int for number in numbers) and all(isinstance(text, str) for text in texts)
