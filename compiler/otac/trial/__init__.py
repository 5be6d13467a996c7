"""Runs what was compiled without a Prefect server and without the real helpdesk."""
