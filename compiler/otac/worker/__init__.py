"""`otac worker start`: Prefect's own worker, and beside it a template that starts runs.

A run's process is forked from the template, which has imported Prefect already. What
Prefect's worker starts is a small client (`client.py`, the command `otac-engine`) that asks
the template, and starts the run as Prefect does wherever the answer is no.
"""
