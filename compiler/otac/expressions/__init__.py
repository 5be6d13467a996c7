"""Jinja strings of a configuration: their grammar, what they refer to, their value."""
