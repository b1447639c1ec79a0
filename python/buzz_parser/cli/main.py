"""The command line `buzz-parser`: one module a command, put together here."""

import typer

from buzz_parser import __version__
from buzz_parser.cli.bench import bench
from buzz_parser.cli.check import check
from buzz_parser.cli.data import app as data
from buzz_parser.cli.demo import demo
from buzz_parser.cli.diff import diff
from buzz_parser.cli.evaluate import evaluate
from buzz_parser.cli.export import export
from buzz_parser.cli.parity import parity
from buzz_parser.cli.parse import parse
from buzz_parser.cli.release import release_app as release
from buzz_parser.cli.train import train

app = typer.Typer(
    name="buzz-parser",
    help="Typed segments (thought, tool call, text, tool response) from raw language-model output.",
    epilog="Exit codes: 0 all well, 1 something differs or a message failed, 2 bad usage or input.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
for command in (parse, check, diff, demo, parity, bench, train, evaluate, export):
    app.command()(command)
app.add_typer(data)
app.add_typer(release, name="release")


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"buzz-parser {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """Typed segments (thought, tool call, text, tool response) from raw language-model output."""
