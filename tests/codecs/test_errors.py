"""How bad bytes are refused, and what that costs nobody."""

import subprocess
import sys

from bridge.codecs.errors import CodecError, ParseRefused, PlatformException, Refused
from bridge.errors import ProtocolError


def test_one_family():
    """Whoever handles protocol errors handles those of the codecs."""
    assert issubclass(ParseRefused, ProtocolError)
    assert issubclass(CodecError, ProtocolError)
    assert not issubclass(PlatformException, ProtocolError)


def test_codec_error_names_the_byte():
    """The offset is in the text and an attribute; without one there is no mention of it."""
    assert ("too short (at byte 3)", 3, -32700) == (
        CodecError("too short", 3).message,
        CodecError("too short", 3).offset,
        CodecError("too short", 3).code,
    )
    assert ("too long", None) == (CodecError("too long").message, CodecError("too long").offset)


def test_refused_shows_itself():
    """A refusal in a list of frames can be read in a failing test."""
    assert "Refused(-32600, 'too long', 7)" == repr(Refused(-32600, "too long", 7))


def test_codecs_bring_no_io():
    """No codec imports what a first reply over stdio must not wait for."""
    code = (
        "import sys, bridge.codecs.jsonrpc, bridge.codecs.framing, bridge.codecs.platform;"
        "print({'asyncio', 'websockets', 'attr', 'jsonschema', 'dataclasses', 'socket'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "set()\n" == done.stdout
