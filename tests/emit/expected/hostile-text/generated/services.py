# Compiled by otac from """'''; import os _ {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}_N{DASH}__[31m__evil_____ _ größer___$HOME. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.runtime import build

from acme.systems import Desk


def import_os_7_7_prefect_variables_x_raw_n_dash() -> Desk:
    """Service `\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw
    %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff \ud800 \U0001f3ab
    größer $HOME`.
    """
    return build(
        Desk,
        a=(
            "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n"
            "\t$HOME"
        ),
    )
