"""UserSig: what is signed verifies, everything else gets the service's code."""

import base64
import hashlib
import hmac
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import usersig
from bridge.usersig import sign, verify
from bridge.world.kernel import codes

NOW_S = 1_700_000_000
KEY = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"


def encode(value: object, *, as_text: str | None = None) -> str:
    """Return any JSON value (or text) in the outer coat of a signature."""
    text = json.dumps(value) if as_text is None else as_text
    return wrap(zlib.compress(text.encode()))


def wrap(deflated: bytes) -> str:
    return base64.b64encode(deflated).decode().translate(str.maketrans("+/=", "*-_"))


def fields_of(sig: str) -> dict:
    return json.loads(zlib.decompress(base64.b64decode(sig.translate(str.maketrans("*-_", "+/=")))))


def check(sig: str, user: str = "alice", app: int = 1400000000, key: str = KEY, now_s: int = NOW_S) -> int:
    return verify(sig, user, app, key, now_s=now_s)


def make(**changes) -> str:
    return sign("alice", 1400000000, KEY, **{"now_s": NOW_S, "expire_s": 100, **changes})


def test_signature_follows_the_recipe():
    """The inner object and its HMAC are what the public recipe says, computed here by hand."""
    fields = fields_of(make())

    text = "TLS.identifier:alice\nTLS.sdkappid:1400000000\nTLS.time:1700000000\nTLS.expire:100\n"
    expected = base64.b64encode(hmac.new(KEY.encode(), text.encode(), hashlib.sha256).digest()).decode()
    assert {
        "TLS.ver": "2.0",
        "TLS.identifier": "alice",
        "TLS.sdkappid": 1400000000,
        "TLS.expire": 100,
        "TLS.time": NOW_S,
        "TLS.sig": expected,
    } == fields


def test_userbuf_is_signed_too():
    """Extra bytes travel in base64 and add a line to what is signed."""
    sig = make(userbuf=b"\x00room")

    assert "AHJvb20=" == fields_of(sig)["TLS.userbuf"]
    assert 0 == check(sig)
    assert 70009 == check(encode({**fields_of(sig), "TLS.userbuf": "AHJvb30="}))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        (70014, {"app": 1}),
        (70013, {"user": "bob"}),
        (70009, {"key": "other"}),
        (70001, {"now_s": NOW_S + 100}),
        (0, {"now_s": NOW_S + 99}),
        (0, {"now_s": NOW_S - 10**6}),
    ],
)
def test_code_of_each_mismatch(code, changes):
    """Each mismatch has its code; the last valid second is valid, and so is the clock's future."""
    assert code == check(make(), **changes)


def test_first_mismatch_wins():
    """Application, user, key and age are checked in this order."""
    assert 70014 == check(make(), app=1, user="bob", key="other", now_s=NOW_S + 100)
    assert 70013 == check(make(), user="bob", key="other", now_s=NOW_S + 100)
    assert 70009 == check(make(), key="other", now_s=NOW_S + 100)


@pytest.mark.parametrize(
    "sig", ["no such", "eJw", "+/+/", "ä", "\udcff", wrap(b"not deflated"), make()[:-8], make() + "AA"]
)
def test_malformed_signature(sig):
    """What cannot be decoded is malformed."""
    assert 70003 == check(sig)


def test_empty_signature():
    """Nothing has a code of its own."""
    assert 70002 == check("")


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "2.0",
        {},
        {**fields_of(make()), "TLS.ver": "1.0"},
        {**fields_of(make()), "TLS.time": "1700000000"},
        {**fields_of(make()), "TLS.expire": True},
        {**fields_of(make()), "TLS.sig": None},
        {**fields_of(make()), "TLS.userbuf": 1},
    ],
)
def test_decoded_but_no_signature(value):
    """Valid JSON without the fields of a signature fails the check."""
    assert check(encode(value)) == (70003 if value is None else 70005)


def test_bombs_are_bounded():
    """A bomb, a giant, deep nesting and a giant number are refused quickly and without harm."""
    assert 70003 == check(wrap(zlib.compress(b" " * 10_000_000)))
    assert 70003 == check("A" * 10_000_000)
    assert 70003 == check(encode(None, as_text="[" * 60_000))
    assert 70003 == check(encode(None, as_text='{"TLS.time": ' + "9" * 60_000 + "}"))


def test_codes_are_the_services():
    """Each code returned is the one that rules know by name."""
    ours = (usersig.EXPIRED, usersig.EMPTY, usersig.MALFORMED, usersig.CHECK_FAILED, usersig.WRONG_KEY)

    assert ours == (
        codes.USER_SIG_EXPIRED,
        codes.USER_SIG_EMPTY,
        codes.USER_SIG_MALFORMED,
        codes.USER_SIG_CHECK_FAILED,
        codes.USER_SIG_WRONG_KEY,
    )
    assert (usersig.OTHER_USER, usersig.OTHER_APP) == (codes.USER_SIG_OF_OTHER_USER, codes.USER_SIG_OF_OTHER_APP)


ANY_TEXT = st.text(st.characters())


@given(ANY_TEXT, st.integers(), ANY_TEXT, st.integers(0, 2**40), st.integers(1, 2**32), st.none() | st.binary())
def test_what_is_signed_verifies(user, app, key, now_s, expire_s, userbuf):
    """Any user, key and time: valid until it expires, in an alphabet that survives a URL."""
    sig = sign(user, app, key, now_s=now_s, expire_s=expire_s, userbuf=userbuf)

    assert sig.replace("*", "").replace("-", "").replace("_", "").isalnum()
    assert 0 == verify(sig, user, app, key, now_s=now_s + expire_s - 1)
    assert 70001 == verify(sig, user, app, key, now_s=now_s + expire_s)


@given(st.text() | st.binary().map(wrap) | st.binary().map(zlib.compress).map(wrap))
def test_any_bytes_are_refused(sig):
    """No input raises, and none that was not signed passes."""
    assert check(sig) in {70002, 70003, 70005}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner), max_leaves=5
)


@given(st.sampled_from(sorted(fields_of(make()))), JSON)
def test_any_changed_field_is_refused(field, value):
    """A signature with one field replaced never passes, unless by the same value."""
    fields = {**fields_of(make()), field: value}

    unchanged = fields == fields_of(make()) and type(value) is not bool
    assert (check(encode(fields)) == 0) == unchanged


def test_lifetime_tells_beginning_and_end():
    """When a signature was made, and from which second on it is good for nothing."""
    assert (NOW_S, NOW_S + 60) == usersig.lifetime(make(expire_s=60))
