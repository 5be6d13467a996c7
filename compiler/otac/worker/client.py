"""`otac-engine`: what Prefect's worker starts for a flow run that is to start warm.

It asks the template that the environment names for a process, waits for that process and
ends as it has ended. Where there is none, or none that fits, it becomes
`python -m prefect.engine`, which is what the worker would have started without it.

Little is imported: each run pays for it.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

# Where the worker's template listens: a name in Linux's abstract namespace, without its NUL.
ADDRESS = "OTAC_TEMPLATE"
# A machine that is busy answers late; one whose template hangs shall not hang as well.
_ANSWER_SECONDS = 30.0
_PASSED_ON = ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGCONT")
# What a message holds: which, then a reason or a status.
READY, GO, COLD, ENDED = b"ready", b"go", b"cold ", b"ended "


def main() -> NoReturn:
    """Run the flow run that `PREFECT__FLOW_RUN_ID` names."""
    reason = _warm()
    _say(f"this run starts cold: {reason}")
    command = [sys.executable, "-m", "prefect.engine", *sys.argv[1:]]
    if sys.platform == "win32":
        # There, a process that calls exec has ended for the one who waits for it.
        import subprocess

        sys.exit(subprocess.call(command))
    os.execv(sys.executable, command)


def _say(what: str) -> None:
    # A full disk under the log, or a log that nobody reads any more, stops no run. Not
    # `sys.stderr`, which would try again at the end of the process.
    with suppress(OSError):
        os.write(2, f"otac-engine: {what}\n".encode(errors="replace"))


def _warm() -> str:
    """End as the run that was started ended, or say why none was."""
    if sys.platform != "linux":
        return "processes are forked on Linux only"
    address = os.environ.get(ADDRESS)
    if not address:
        return "its worker was not started by `otac worker start`"
    if len(sys.argv) > 1:
        return "it was started with arguments"
    try:
        connection = _started(address)
    except TimeoutError:
        return f"the template did not answer for {_ANSWER_SECONDS:g} s"
    except OSError as problem:
        return f"there is no template: {problem.strerror or problem}"
    return connection if isinstance(connection, str) else _end(connection.detach())


def _started(address: str) -> socket.socket | str:
    """The connection to a template that has begun the run, or why it has not.

    Without GO nothing begins: whoever waits for it on the other side sees the connection
    close, however this ends.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_ANSWER_SECONDS)
        connection.connect(f"\0{address}")
        whose = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        if int.from_bytes(whose[4:8], sys.byteorder) != os.getuid():
            return "the template that answers is another user's"
        request = _request()
        length = len(request).to_bytes(8, "big")
        # One that refuses all does not read what it is asked: its answer is there already.
        with suppress(BrokenPipeError):
            socket.send_fds(connection, [length], [0, 1, 2])
            connection.sendall(request)
        answer, handed, _, _ = socket.recv_fds(connection, 4096, 1)
        if answer != READY or not handed:
            if answer.startswith(COLD):
                return answer.removeprefix(COLD).decode(errors="replace")
            return "the template gave no answer"
        for name in _PASSED_ON:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _passing(handed[0]))
        connection.sendall(GO)
        return socket.socket(fileno=connection.detach())


def _request() -> bytes:
    """The surroundings that a process started here would have."""
    ignored = [
        str(int(number))
        for number in signal.valid_signals()
        if signal.getsignal(number) is signal.SIG_IGN
    ]
    mask = os.umask(0o077)
    os.umask(mask)
    # pathlib would be an import.
    head = (os.getcwd(), str(mask), " ".join(ignored), sys.executable)  # noqa: PTH109
    pairs = (name + b"=" + value for name, value in os.environb.items())
    return b"\0".join((*(os.fsencode(one) for one in head), *pairs))


def _passing(process: int) -> Callable[[int, FrameType | None], None]:
    def passed_on(number: int, frame: FrameType | None) -> None:
        # If it has ended, the template is about to say how.
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, number)

    return passed_on


def _end(connection: int) -> NoReturn:
    """Wait for the run, and end as it did."""
    os.set_blocking(connection, True)
    heard = b""
    try:
        while more := os.read(connection, 64):
            heard += more
    except OSError:
        pass
    if not heard.startswith(ENDED):
        _say("the template ended, and this run with it")
        os._exit(1)
    status = int(heard.removeprefix(ENDED))
    if os.WIFSIGNALED(status):
        import resource

        number = os.WTERMSIG(status)
        # One core file is enough, and that of the run is the one that tells something.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))
