"""Compiling what a build has written, or would write, for commands that go on from it."""

from otac.cli.configuration import Configuration
from otac.cli.terminal import Printing
from otac.pipeline import Compiled, CompileOptions, compile_configuration


def compile_as_built(
    configuration: Configuration, printing: Printing, *, asks: bool = False
) -> Compiled:
    """What a build with the usual options comes to; writes and prints nothing.

    `asks` is that of the options.
    """
    return compile_configuration(
        configuration.name,
        configuration.data,
        configuration.folder,
        CompileOptions(
            source=configuration.title,
            config_folder=configuration.folder_from_output,
            strict=printing.strict,
            asks=asks,
        ),
    )
