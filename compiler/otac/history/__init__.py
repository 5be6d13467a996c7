"""Reads the past of a ticket system, in a process of its own."""
