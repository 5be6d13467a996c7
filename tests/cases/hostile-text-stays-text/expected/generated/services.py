# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import KeywordClassifier, SqliteTicketSystem
from otac.runtime import Template, build


def helpdesk() -> SqliteTicketSystem:
    """Service `helpdesk`."""
    return build(SqliteTicketSystem, path='"""; import os #\\')


def classifier() -> KeywordClassifier:
    """Service `classifier`."""
    return build(
        KeywordClassifier,
        labels={
            "'; import os; '": [
                '"""',
                "\\",
                Template("{{'}}'}}"),
                "\u202eevil\u202c",
                "\U0001f98a",
                "\x00",
                "line\nbreak\r\n\t",
                "\x85\u2028\u2029",
                Template("{% raw %}{{ x }}{% endraw %}"),
            ],
        },
    )
