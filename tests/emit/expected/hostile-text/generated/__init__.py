# Compiled by otac from """'''; import os _ {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}_N{DASH}__[31m__evil_____ _ größer___$HOME. Edit the configuration, then run `otac build`.
"""The flows of this project and what they use."""
