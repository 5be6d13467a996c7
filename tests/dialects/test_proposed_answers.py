"""What only an author knows is proposed, and written by nobody who was not asked to."""

from pathlib import Path

from otac.diagnostics.correction import correction
from otac.diagnostics.edit import Safety
from otac.pipeline import CompileOptions, compile_configuration

_FLAT = """\
system:
  server_address: "https://desk.example/"
  username: otai
  password_env_var: DESK_PASSWORD
filter_by_queue: Incoming
hf_model: acme/queues
confidence_threshold: 0.8
low_confidence_queue: Unsorted
run_every_seconds: 10
"""


def test_the_proposed_address_is_to_be_confirmed_and_compiles(tmp_path: Path) -> None:
    options = CompileOptions()
    asked = compile_configuration("config.yml", _FLAT.encode(), tmp_path, options)
    (question,) = asked.report.diagnostics
    proposed = correction(question, _FLAT)
    assert proposed is not None
    assert proposed.safety is Safety.CONFIRM
    answered = proposed.applied(_FLAT)
    address = '"https://desk.example/otobo/nph-genericinterface.pl"'
    assert f"server_address: {address}" in answered
    after = compile_configuration("config.yml", answered.encode(), tmp_path, options)
    assert after.output is not None
