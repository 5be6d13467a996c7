"""Exit statuses, the same for every command."""

from enum import IntEnum


class Exit(IntEnum):
    """What a command tells its caller."""

    OK = 0
    # The configuration or the output is at fault; diagnostics say where.
    FAULT = 1
    USAGE = 2
    # `otac plan`: the server does not have what is declared.
    CHANGES = 2
    # The surroundings are: no server, no permission, a full disk, or a bug in otac.
    ENVIRONMENT = 3
