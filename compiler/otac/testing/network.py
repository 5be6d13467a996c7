"""Keeps a process from the network, and from starting others, which could reach it.

An audit hook sees whatever Python code connects, in whichever library; what a library
written in C does on its own, it does not.
"""

import sys
from typing import Any

_CONNECTS = ("socket.connect", "socket.sendto", "socket.getaddrinfo")
_STARTS = ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec")


class Network:
    """The network, which is there only while it is `open`."""

    def __init__(self) -> None:
        self.open = True
        # What was tried meanwhile: host and port, or a process.
        self.refused: list[str] = []
        sys.addaudithook(self._look)

    def _look(self, event: str, given: tuple[Any, ...]) -> None:
        if self.open or event not in (*_CONNECTS, *_STARTS):
            return
        if event in _STARTS:
            self.refused.append(f"a process ({given[0]})")
            raise PermissionError("a test starts no process")
        address = given[:2] if event == "socket.getaddrinfo" else given[1]
        # A name in the file system is no network.
        if not isinstance(address, tuple) or address[0] is None:
            return
        name = ":".join(str(part) for part in address[:2] if part is not None)
        self.refused.append(name)
        raise ConnectionRefusedError(f"a test does not reach the network: {name}")
