"""Asks services, in a process of its own, what no file can tell."""
