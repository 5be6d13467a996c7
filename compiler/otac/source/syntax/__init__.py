"""Syntax errors in words."""
