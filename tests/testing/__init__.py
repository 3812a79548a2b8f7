"""Tests of what the bridge has for tests."""
