"""
The fast way and the careful way read the same call alike.
"""

import pytest

from bridge.catalogue import load
from bridge.catalogue.careful import Careful, Refused, double, int64, is_int
from tests.catalogue.schema_files import RECORDED
from tests.catalogue.test_recordings import recorded


@pytest.mark.parametrize("dialect", RECORDED)
def test_both_ways_read_alike(dialect):
    """Every recorded call gives the same kwargs either way."""
    catalogue = load(dialect)
    for call in recorded(dialect):
        spec = catalogue.method(call["method"])
        careful = Careful(catalogue.model, strict=False)

        args = {param.arg: careful.argument(param, call["arguments"]) for param in spec.params}

        assert (args, ()) == spec.bind(call["arguments"]), call["method"]
        assert [] == careful.warnings


def test_integers_fit_into_64_bits():
    """The channel carries no greater ones, and a bool is no integer."""
    assert is_int(2**63 - 1)
    assert is_int(-(2**63))
    assert not is_int(2**63)
    assert not is_int(True)
    with pytest.raises(Refused):
        int64(2**63)


def test_doubles_are_floats():
    """An integer becomes a float, unless it is out of range."""
    assert (2.0, float) == (double(2), type(double(2)))
    with pytest.raises(Refused):
        double(10**400)
