"""Compiling a configuration as a command was asked to; writes and prints nothing."""

from dataclasses import replace

from otac.cli.configuration import Configuration
from otac.cli.terminal import Printing
from otac.pipeline import Compiled, CompileOptions, compile_configuration


def compile_as_built(
    configuration: Configuration, printing: Printing, *, asks: bool = False
) -> Compiled:
    """What a build with the usual options comes to. `asks` is that of the options."""
    options = replace(options_of(configuration, printing), asks=asks)
    return compiled_with(configuration, options)


def options_of(configuration: Configuration, printing: Printing) -> CompileOptions:
    """The usual ones, for where it and its output lie."""
    return CompileOptions(
        source=configuration.title,
        config_folder=configuration.folder_from_output,
        strict=printing.strict,
    )


def compiled_with(configuration: Configuration, options: CompileOptions) -> Compiled:
    """What it comes to with such options."""
    return compile_configuration(
        configuration.name, configuration.data, configuration.folder, options
    )
