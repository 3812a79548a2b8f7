"""What a wheel may hold. The trial itself is a part of CI: it installs things."""

import pytest

from tools import try_wheel

PACKED = [f"bridge/catalogue/_packed/{name}" for name in try_wheel.PACKED]
NATIVE = [f"bridge/native/{name}" for name in try_wheel.NATIVE]
WHOLE = ["bridge/__init__.py", "bridge/catalogue/_packed/chat-8.2.data", *PACKED, *NATIVE, "timbridge-0.1.0.dist-info/METADATA"]


def test_whole_wheel_is_accepted():
    """The package, the packed schemas and the metadata are what it takes."""
    try_wheel.inspect(WHOLE)


@pytest.mark.parametrize("stranger", ["schemas/errors.json", "tests/__init__.py", "bridge.pth"])
def test_strangers_are_named(stranger):
    """Anything else at the top level would land in everybody's site-packages."""
    with pytest.raises(try_wheel.WheelError, match=stranger.split("/")[0]):
        try_wheel.inspect([*WHOLE, stranger])


def test_missing_schemas_are_noticed():
    """A wheel without schemas can answer nothing."""
    with pytest.raises(try_wheel.WheelError, match="packed schemas"):
        try_wheel.inspect([name for name in WHOLE if "_packed" not in name])


@pytest.mark.parametrize("left_out", [*PACKED, *NATIVE])
def test_missing_documents_are_noticed(left_out):
    """A wheel has the worlds that go by name, the one that is not committed among them, the decisions, and the C sources."""
    with pytest.raises(try_wheel.WheelError, match=left_out):
        try_wheel.inspect([name for name in WHOLE if name != left_out])
