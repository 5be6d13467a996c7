"""The template and its client, without a server: a run whose id is none ends at once."""

import errno
import io
import os
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest

from background import until
from otac.local.descendants import children
from otac.worker import client as engine
from otac.worker import keeper, program
from otac.worker.client import ADDRESS, GO, READY
from otac.worker.preloaded import Preloaded
from otac.worker.surroundings import ClientSurroundings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is for Linux")

_ENGINE = Path(sys.executable).with_name("otac-engine")
# What `prefect.engine` says of it, before it asks a server for anything.
_NO_RUN = "Invalid flow run id"
# Enough to see a descriptor or some kB that each run leaves.
_MANY = int(os.environ.get("OTAC_RUNS", "300"))


class Template:
    """A template, and the end of its socket that a worker holds."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.address = f"otac-test-{os.getpid()}-{time.monotonic_ns()}"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        self.environment = {
            **kept,
            **environment,
            "DO_NOT_TRACK": "1",
            "PREFECT_HOME": str(folder / "home"),
            ADDRESS: self.address,
        }
        self._control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                program("template", str(theirs.fileno()), self.address),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self.environment,
                cwd="/",
            )
        self._control.settimeout(240)
        self._lines = self._control.makefile()

    def says(self) -> str:
        return self._lines.readline().strip()

    def hears(self) -> socket.socket:
        """Readable once it has said something more."""
        return self._control

    def leave(self) -> None:
        """As a worker that is gone."""
        self._lines.close()
        self._control.close()

    def run(self, folder: Path, **environment: str) -> tuple[int, str]:
        """Exit status and standard error of one run."""
        done = subprocess.run(
            [_ENGINE],
            cwd=folder,
            env={**self.environment, "PREFECT__FLOW_RUN_ID": "none", **environment},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return done.returncode, done.stderr

    def connection(self) -> socket.socket:
        """As a client, which says nothing yet."""
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(240)
        client.connect(f"\0{self.address}")
        return client


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A module that the template has loaded, in a folder that it looks into."""
    folder = tmp_path_factory.mktemp("modules")
    # `sitecustomize` is imported by each interpreter; the old marks lie behind its start.
    file = folder / "sitecustomize.py"
    file.write_text("")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    return file


@pytest.fixture(scope="module")
def template(
    module: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Template]:
    template = Template(
        tmp_path_factory.mktemp("template"), PYTHONPATH=str(module.parent)
    )
    try:
        assert template.says() == "ready"
        yield template
    finally:
        template.process.kill()
        template.process.wait()
        template.leave()


def _is_warm(ended: tuple[int, str]) -> bool:
    status, said = ended
    assert (status, _NO_RUN in said) == (1, True), said
    return "starts cold" not in said


def test_a_run_is_forked_and_ends_as_the_engine_does(
    template: Template, tmp_path: Path
) -> None:
    before = children(template.process.pid)
    assert _is_warm(template.run(tmp_path))
    assert children(template.process.pid) == before == []


def test_an_environment_of_a_megabyte(template: Template, tmp_path: Path) -> None:
    large = {f"LARGE_{number}": "x" * 100_000 for number in range(10)}
    assert _is_warm(template.run(tmp_path, **large))


@pytest.mark.parametrize(
    ("name", "value", "is_warm"),
    [
        ("ANYTHING", "else", True),
        ("PREFECT_LOGGING_LEVEL", "DEBUG", True),
        ("PREFECT_API_URL", "http://127.0.0.1:9/api", False),
        ("PYTHONHASHSEED", "7", False),
        ("LD_LIBRARY_PATH", "/nowhere", False),
        ("TZ", "Asia/Tokyo", False),
    ],
)
def test_what_is_read_at_the_start_must_be_what_the_template_has(
    template: Template, tmp_path: Path, name: str, value: str, is_warm: bool
) -> None:
    ended = template.run(tmp_path, **{name: value})
    assert _is_warm(ended) == is_warm
    assert is_warm or f"starts cold: `{name}` is not what the worker has" in ended[1]


@pytest.mark.parametrize("name", ["httpx.py", "prefect.toml", ".env"])
def test_a_working_directory_that_python_or_prefect_would_read(
    template: Template, tmp_path: Path, name: str
) -> None:
    # With such a module, Prefect itself may fail; that is what would happen without us.
    (tmp_path / name).write_text("")
    assert f"`{name}`" in template.run(tmp_path)[1]


def test_another_interpreter(template: Template, tmp_path: Path) -> None:
    other = tmp_path / "python"
    other.symlink_to(sys.executable)
    request = b"\0".join((str(tmp_path).encode(), b"18", b"", str(other).encode()))
    with template.connection() as client:
        socket.send_fds(client, [len(request).to_bytes(8, "big")], [0, 1, 2])
        client.sendall(request)
        assert client.recv(4096).startswith(b"cold its interpreter is")


def test_no_template(template: Template, tmp_path: Path) -> None:
    gone = template.run(tmp_path, **{ADDRESS: "otac-test-nobody"})
    assert not _is_warm(gone)
    assert "there is no template" in gone[1]
    assert (
        "not started by `otac worker start`"
        in template.run(tmp_path, **{ADDRESS: ""})[1]
    )


def test_a_client_that_says_nothing_keeps_nobody_waiting(
    template: Template, tmp_path: Path
) -> None:
    with template.connection(), template.connection() as half:
        half.sendall(b"\0\0\0")
        assert _is_warm(template.run(tmp_path))
    until("their processes to end", lambda: not children(template.process.pid) or None)


def test_nothing_begins_without_go(template: Template, tmp_path: Path) -> None:
    """A client that gave up has started the run itself."""
    output = tmp_path / "output"
    names = {**template.environment, "PREFECT__FLOW_RUN_ID": "none"}
    head = [str(tmp_path), "18", "", sys.executable]
    request = "\0".join((*head, *(f"{k}={v}" for k, v in names.items()))).encode()
    for go in (b"", GO):
        with template.connection() as client, output.open("wb") as file:
            number = file.fileno()
            length = len(request).to_bytes(8, "big")
            socket.send_fds(client, [length], [number, number, number])
            client.sendall(request)
            answer, handed, _, _ = socket.recv_fds(client, 4096, 1)
            assert answer == READY
            if go:
                client.sendall(go)
                assert client.recv(64) == b"ended 256"
        for one in handed:
            os.close(one)
        until("its process to end", lambda: not children(template.process.pid) or None)
        assert (_NO_RUN in output.read_text()) == bool(go)


def test_a_socket_that_somebody_else_made(template: Template, tmp_path: Path) -> None:
    """One that accepts and says nothing of sense: the run starts cold."""
    address = f"{template.address}-other"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(f"\0{address}")
        other.listen()
        engine = subprocess.Popen(
            [_ENGINE],
            cwd=tmp_path,
            env={
                **template.environment,
                "PREFECT__FLOW_RUN_ID": "none",
                ADDRESS: address,
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        client, _ = other.accept()
        client.recv(8)
        client.sendall(b"nonsense")
        client.close()
        said = engine.communicate(timeout=240)[1]
    assert not _is_warm((engine.returncode, said))


def test_a_template_of_another_user(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS, template.address)
    monkeypatch.setattr(sys, "argv", ["otac-engine"])
    other = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: other)
    assert engine._warm() == "the template that answers is another user's"
    monkeypatch.undo()
    assert _is_warm(template.run(tmp_path))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_a_client_of_another_user(template: Template, tmp_path: Path) -> None:
    """It gets no process, not even an answer."""
    other = os.fork()
    if not other:
        status = 99
        try:
            os.setuid(65534)
            with template.connection() as client:
                status = len(client.recv(64))
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(other, 0)[1]) == 0
    assert _is_warm(template.run(tmp_path))


def test_a_log_on_a_full_disk_stops_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[str] = []
    monkeypatch.delenv(ADDRESS, raising=False)
    monkeypatch.setattr(sys, "argv", ["otac-engine"])
    monkeypatch.setattr(os, "execv", lambda _, command: became.extend(command))
    with Path("/dev/full").open("wb", buffering=0) as full, monkeypatch.context() as no:
        no.setattr(sys, "stderr", _Full())
        kept = os.dup(2)
        os.dup2(full.fileno(), 2)
        try:
            engine.main()
            keeper._say("a template is started")
        finally:
            os.dup2(kept, 2)
            os.close(kept)
    assert became == [sys.executable, "-m", "prefect.engine"]


class _Full(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, text)


def _begin(template: Template, folder: Path) -> tuple[socket.socket, int]:
    """A process that waits for GO, as one of a client that is slow: its descriptor."""
    names = {**template.environment, "PREFECT__FLOW_RUN_ID": "none"}
    head = [str(folder), "18", "", sys.executable]
    request = "\0".join((*head, *(f"{k}={v}" for k, v in names.items()))).encode()
    client = template.connection()
    socket.send_fds(client, [len(request).to_bytes(8, "big")], [0, 1, 2])
    client.sendall(request)
    answer, handed, _, _ = socket.recv_fds(client, 4096, 1)
    assert answer == READY
    return client, handed[0]


def _descriptors(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def _memory(process: int) -> int:
    """Resident, in kB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def test_many_runs_leave_nothing(template: Template, tmp_path: Path) -> None:
    """Each is forked and gets what it asks for; none is told to go, which costs the most."""
    pid = template.process.pid
    measured: list[tuple[int, int]] = []
    for number in range(_MANY):
        client, process = _begin(template, tmp_path)
        client.close()
        os.close(process)
        if number in (_MANY // 3, _MANY - 1):
            until("the processes to end", lambda: not children(pid) or None)
            measured.append((_descriptors(pid), _memory(pid)))
    (before, little), (after, much) = measured
    assert after == before
    # Two kB a run would be a leak; a page that is used late is none.
    assert much - little < 2 * (_MANY - _MANY // 3), measured


def test_more_clients_than_descriptors(tmp_path: Path) -> None:
    """In place of 2,000 runs at once: those it has go on, later ones are as before."""
    template = Template(tmp_path)
    clients: list[socket.socket] = []
    try:
        assert template.says() == "ready"
        pid = template.process.pid
        limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        first, process = _begin(template, tmp_path)
        clients.append(first)
        # Each run takes two: this many, and none is left to accept with.
        now = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (now + 2 * 12, limits[1]))
        clients.extend(template.connection() for _ in range(60))
        heard = [template.hears(), *clients]
        # Neither says anything while there are enough.
        assert select.select(heard, [], [], 240)[0]
        assert template.says() == "cannot accept: Too many open files"
        # Once: a worker's log is for people.
        assert not select.select([template.hears()], [], [], 1)[0]
        first.sendall(GO)
        assert first.recv(64) == b"ended 256"
        os.close(process)
        for client in clients:
            client.close()
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
        assert _is_warm(template.run(tmp_path))
        assert template.says() == "accepts again: runs start warm"
        until("their processes to end", lambda: not children(pid) or None)
    finally:
        for client in clients:
            client.close()
        template.process.kill()
        template.process.wait()
        template.leave()


def test_a_template_that_is_killed_in_the_middle_of_20_runs(
    template: Template, tmp_path: Path
) -> None:
    """The server is a socket that never answers: the runs wait for it."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api"
        killed = Template(tmp_path, PREFECT_API_URL=url)
        run_id = "00000000-0000-4000-8000-000000000000"
        names = {**killed.environment, "PREFECT__FLOW_RUN_ID": run_id}
        runs: list[subprocess.Popen[str]] = []
        try:
            assert killed.says() == "ready"
            runs.extend(
                subprocess.Popen(
                    [_ENGINE],
                    cwd=tmp_path,
                    env=names,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for _ in range(20)
            )
            until(
                "all runs to be forked",
                lambda: len(children(killed.process.pid)) == 20 or None,
            )
            # One that has asked the server is in the middle.
            silent.settimeout(240)
            asked, _ = silent.accept()
            processes = [os.pidfd_open(one) for one in children(killed.process.pid)]
            killed.process.kill()
            killed.process.wait()
            for run in runs:
                said = run.communicate(timeout=240)[1]
                # One that had not been answered yet goes on cold, as it should.
                assert run.returncode == 1, said
            for process in processes:
                assert select.select([process], [], [], 240)[0], "it lives on"
                os.close(process)
            asked.close()
        finally:
            for run in runs:
                run.kill()
                run.wait()
            killed.process.kill()
            killed.process.wait()
            killed.leave()
    assert _is_warm(template.run(tmp_path))


def test_a_changed_module_is_never_run_old(
    template: Template, module: Path, tmp_path: Path
) -> None:
    """The last test of this template."""
    assert _is_warm(template.run(tmp_path))
    module.write_text("CHANGED = 1\n")
    ended = template.run(tmp_path)
    assert not _is_warm(ended)
    assert f"`{module.parent}" in ended[1]
    assert template.says().startswith("retired: ")
    # Without runs, it is over.
    assert template.process.wait(240) == 0


def test_changed_certificates_are_read_again(tmp_path: Path) -> None:
    file = tmp_path / "certificates.pem"
    shutil.copy(certifi.where(), file)
    os.utime(file, (1_000_000_000, 1_000_000_000))
    template = Template(tmp_path, PREFECT_API_SSL_CERT_FILE=str(file))
    try:
        assert template.says() == "ready"
        assert _is_warm(template.run(tmp_path))
        os.utime(file, (1_000_000_100, 1_000_000_100))
        assert not _is_warm(template.run(tmp_path))
        assert template.says() == f"retired: `{file}` has changed since it was loaded"
    finally:
        template.process.kill()
        template.process.wait()
        template.leave()


def test_it_goes_with_its_worker_but_not_with_a_signal(tmp_path: Path) -> None:
    template = Template(tmp_path)
    assert template.says() == "ready"
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        template.process.send_signal(number)
    assert _is_warm(template.run(tmp_path))
    template.leave()
    assert template.process.wait(240) == 0


def test_files_and_folders_are_compared(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    before = Preloaded.now([str(file), str(tmp_path)])
    assert before.changed() is None
    file.write_text("a")
    assert before.changed() in (str(file), str(tmp_path))
    now = Preloaded.now([str(file)])
    assert now.newer(0) is not None
    assert now.newer(time.time_ns() + 10**12) is None


def test_a_request_is_read_as_it_was_meant() -> None:
    read = ClientSurroundings.read(b"/tmp\x0018\x002 13\0/bin/python\0A=b=c\0EMPTY=")
    assert read == ClientSurroundings(
        "/tmp", 18, frozenset({2, 13}), "/bin/python", {"A": "b=c", "EMPTY": ""}
    )
