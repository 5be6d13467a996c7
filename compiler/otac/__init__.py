"""otac: compiles an Open Ticket AI configuration into a Prefect project."""

__all__ = ["__version__"]

__version__ = "0.1.0"
