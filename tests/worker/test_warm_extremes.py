"""Runs that start warm behind TLS, in a long queue, and one that forks and never ends."""

import datetime
import ipaddress
import os
import signal
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from server_process import Server, until
from worker_project import Project, is_warm

pytestmark = pytest.mark.slow

# With OTAC_RUNS=2000, two minutes and a half.
_QUEUED = int(os.environ.get("OTAC_RUNS", "300"))


@pytest.fixture(scope="module", autouse=True)
def deployed(project: Project) -> None:
    for name in ("quick", "forks"):
        project.deploy(name)
    project.deploy("quick_too", flow="quick")


def _certificate(folder: Path) -> tuple[Path, Path]:
    """One for 127.0.0.1 that nobody but itself has signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@contextmanager
def _behind_tls(port: int, certificate: Path, key: Path) -> Iterator[int]:
    """The port of a proxy that takes TLS alone and passes all of it on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def copied(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while more := source.recv(1 << 16):
                target.sendall(more)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def served(client: socket.socket) -> None:
        with (
            suppress(OSError),
            closing(client),
            context.wrap_socket(client, server_side=True) as inside,
            socket.create_connection(("127.0.0.1", port)) as outside,
        ):
            back = threading.Thread(target=copied, args=(outside, inside))
            back.start()
            copied(inside, outside)
            back.join()

    def accepted(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=served, args=(client,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        threading.Thread(target=accepted, args=(listener,), daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            # Closing alone does not wake the one who waits for a client.
            listener.shutdown(socket.SHUT_RDWR)


def test_a_server_behind_tls(server: Server, project: Project, tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    port = int(server.url.rpartition(":")[2].partition("/")[0])
    with _behind_tls(port, certificate, key) as secure:
        worker = project.worker(
            PREFECT_API_URL=f"https://127.0.0.1:{secure}/api",
            PREFECT_API_SSL_CERT_FILE=str(certificate),
        )
        try:
            runs = [server.run_now("quick") for _ in range(3)]
            for run in runs:
                assert server.ended(run)["state_name"] == "Completed"
                assert is_warm(project.noted(run, "quick"))
            # Lines of the log come over a connection of their own.
            until(
                "the log",
                lambda: "last line of quick" in project.logs(runs[-1]) or None,
            )
        finally:
            worker.end()


def test_many_runs_are_queued(server: Server, tmp_path: Path) -> None:
    """As many at once as the worker may have; the process that forks stays as it is."""
    project = Project.made(server, tmp_path, "warm-queue")
    project.deploy("queued", flow="quick")
    known = server.deployment("queued")
    deployment = known["id"]
    for _ in range(_QUEUED):
        server.post(
            f"deployments/{deployment}/create_flow_run",
            state={"type": "SCHEDULED"},
            parameters={"lines": 1},
        )
    ours = {"deployment_id": {"any_": [deployment]}}

    def counted(*kinds: str) -> int:
        wanted = {**ours, "state": {"type": {"any_": [*kinds]}}}
        found: int = server.post("flow_runs/count", flow_runs=wanted)
        return found

    before = counted("COMPLETED")
    worker = project.worker("--limit", "4")
    try:
        until("twenty to end", lambda: counted("COMPLETED") >= before + 20 or None)
        assert counted("CRASHED", "FAILED") == 0
        assert counted("SCHEDULED", "PENDING", "RUNNING") > _QUEUED - 100
        assert "starts cold" not in worker.log.read_text(errors="replace")
    finally:
        worker.end()
        # With all its runs, which would keep the server busy.
        server.delete(f"flows/{known['flow_id']}")


def test_a_run_that_forks_and_never_ends(server: Server, project: Project) -> None:
    worker = project.worker()
    try:
        run = server.run_now("forks")
        noted = project.noted(run, "forks")
        other = server.run_now("quick_too")
        assert server.ended(other)["state_name"] == "Completed"
        assert is_warm(project.noted(other, "quick"))
        server.post(f"flow_runs/{run}/set_state", state={"type": "CANCELLING"})
        assert server.ended(run)["state_name"] == "Cancelled"
        # What it has forked is its own, warm or cold.
        with suppress(ProcessLookupError):
            os.kill(noted["child"], signal.SIGKILL)
    finally:
        worker.end()
