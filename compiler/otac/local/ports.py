"""Ports of this machine."""

import socket
from random import SystemRandom

from otac.diagnostics.diagnostic import Diagnostic, error

HOST = "127.0.0.1"
# Systems give connections that go out ports from 32768 or 49152 on. A server that starts
# seconds later must not find that its port has become one of those.
_OURS = range(20_000, 32_000)
_TRIES = 100


def free_port() -> int:
    """A port that nobody listens on, and that no outgoing connection will be given."""
    random = SystemRandom()
    for _ in range(_TRIES):
        port = random.choice(_OURS)
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        given: int = probe.getsockname()[1]
        return given


def check_port(port: int) -> Diagnostic | None:
    """What keeps a server from listening on this port, if anything does."""
    with socket.socket() as probe:
        # As the server itself does: a connection that was closed is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem)
            return error(
                "OTC511",
                f"port {port} cannot be used: {reason[:1].lower()}{reason[1:]}",
                help="name another one with `--port`, or leave it out for a free one",
            )
    return None
