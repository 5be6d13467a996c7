# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""One flow for each runner."""
