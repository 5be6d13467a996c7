# Compiled by otac from ../my coding_ latin-1__ type_ ignore.yml. Edit the configuration, then run `otac build`.
"""One flow for each runner."""
