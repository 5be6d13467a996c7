# Compiled by otac from ../my coding_ latin-1__ type_ ignore.yml. Edit the configuration, then run `otac build`.
"""The flows of this project and what they use."""
