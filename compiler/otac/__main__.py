"""`python -m otac`: the command line where its script is not on the path."""

import sys

from otac.cli import main

sys.exit(main())
