"""What is made once, before runs are forked: asked of Prefect's own clients and models."""

import os
import subprocess
import sys
from pathlib import Path

import certifi

# How often certificates are read while three clients are made.
_READ = """
import ssl
from prefect.client.orchestration import PrefectClient, SyncPrefectClient
from otac.worker.ahead import certificates, share_certificates

shared = {shared}
if shared:
    share_certificates(certificates())
    print(certificates())
read = []
real = ssl.SSLContext.load_verify_locations
ssl.SSLContext.load_verify_locations = lambda *a, **k: (read.append(k), real(*a, **k))
for kind in (PrefectClient, SyncPrefectClient, PrefectClient):
    kind("http://127.0.0.1:9/api")
print(len(read))
"""
_OTHERS = """
import ssl
from otac.worker.ahead import certificates, share_certificates

file = certificates()
share_certificates(file)
import prefect.client.orchestration as clients

ours = clients.ssl.create_default_context(cafile=file)
assert clients.ssl.create_default_context(cafile=file) is ours
assert ours.check_hostname and ours.verify_mode is ssl.CERT_REQUIRED
# As Prefect does where it is told to trust everybody: it changes what it gets.
careless = clients.ssl.create_default_context()
careless.check_hostname = False
careless.verify_mode = clients.ssl.CERT_NONE
assert ours.check_hostname and ours.verify_mode is ssl.CERT_REQUIRED
assert ssl.create_default_context(cafile=file) is not ours
assert isinstance(ours, clients.ssl.SSLContext)
print("done")
"""
_MODELS = """
from prefect.client.schemas.objects import FlowRun
from prefect.events.filters import EventFilter
from otac.worker.ahead import complete_models

before = FlowRun.__pydantic_complete__
complete_models()
print(before, FlowRun.__pydantic_complete__, EventFilter.__pydantic_complete__)
"""


def _said(code: str, **names: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **names},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_prefect_reads_the_certificates_for_each_client() -> None:
    """Should it stop to, there is nothing to share any more."""
    (read,) = _said(_READ.format(shared=False))
    assert int(read) >= 3


def test_they_are_read_once() -> None:
    file = str(Path(certifi.where()))
    said = _said(_READ.format(shared=True), PREFECT_API_SSL_CERT_FILE=file)
    assert said == [file, "0"]


def test_no_other_context_is_shared() -> None:
    assert _said(_OTHERS) == ["done"]


def test_a_file_that_is_not_there_is_left_to_the_run(tmp_path: Path) -> None:
    code = """
import ssl
from otac.worker.ahead import certificates, share_certificates

share_certificates(certificates())
import prefect.client.orchestration as clients

print(clients.ssl is ssl)
"""
    missing = str(tmp_path / "no.pem")
    assert _said(code, PREFECT_API_SSL_CERT_FILE=missing) == ["True"]


def test_models_are_complete_before_runs_need_them() -> None:
    assert _said(_MODELS) == ["False", "True", "True"]
