import attrs
import pytest

from bridge.catalogue import InvalidArguments, load
from bridge.errors import ProtocolError


def test_specs_are_frozen():
    """Nobody changes what the schemas say."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(load("chat-8.2").method("login"), "needs", "nothing")  # noqa: B010  # mypy knows better


def test_invalid_arguments_are_a_protocol_error():
    """Doors need to know one family only."""
    error = InvalidArguments("login", [{"path": "userID", "message": "is missing"}])

    assert isinstance(error, ProtocolError)
    assert "login: userID is missing (-32602)" == str(error)
