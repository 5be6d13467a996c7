# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The flows of this project and what they use."""
