"""`python -m buzz_parser.cli`, the same as `buzz-parser`."""

from buzz_parser.cli.main import app

app(prog_name="buzz-parser")
