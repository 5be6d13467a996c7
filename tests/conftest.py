"""Shared by all tests: `case.py` beside this file can be imported, time is no verdict."""

from hypothesis import settings

# A busy machine is no defect. Speed is measured in benchmarks/.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
