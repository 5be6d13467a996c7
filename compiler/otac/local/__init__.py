"""A Prefect of the project's own, for `otac run` and `otac dev`.

What the command line imports from here needs no Prefect. `flow_process` and `quiet` are
imported in a process that otac starts for them, where Prefect is.
"""
