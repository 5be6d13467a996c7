"""Shared by all tests: `case.py` beside this file can be imported, time is no verdict."""

import signal

import pytest
from hypothesis import settings

# A busy machine is no defect. Speed is measured in benchmarks/.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# A shell that has put the tests into the background has told them, and all that they start,
# to take no notice of Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# They come first: whatever is begun last decides when all is over.
_LONGEST = (
    "test_resident.py",
    "test_lost_runs.py",
    "test_local_dev_table.py",
    "test_otac_deploy.py",
    "test_guide.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in _LONGEST)
