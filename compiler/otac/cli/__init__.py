"""The shell around the compiler: arguments, exit status, what is printed where."""

from otac.cli.main import main

__all__ = ["main"]
