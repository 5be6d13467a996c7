"""Tests of a configuration: `otac test`."""
