"""`otac schema`."""

import argparse
import sys
from pathlib import Path

from otac.catalogue import read_record
from otac.catalogue.editor_schema import as_text, editor_schema
from otac.cli.arguments import CONFIG
from otac.cli.exit_status import Exit
from otac.cli.terminal import Printing, print_problem
from otac.config.schema import configuration_schema, schema_of_tests
from otac.diagnostics.diagnostic import Diagnostic


def run_schema(arguments: argparse.Namespace) -> Exit:
    """Print the JSON Schema of the configuration, with the components known beside it.

    Or that of files of tests, which needs to know of none.
    """
    if arguments.tests:
        sys.stdout.write(as_text(schema_of_tests()))
        return Exit.OK
    folder = Path(arguments.config or CONFIG).parent
    record = read_record(folder)
    if isinstance(record, Diagnostic):
        return print_problem(record, Printing())
    sys.stdout.write(as_text(editor_schema(configuration_schema(), record)))
    return Exit.OK
