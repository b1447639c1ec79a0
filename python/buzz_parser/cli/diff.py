"""`buzz-parser diff`: both engines on any messages, compared stage by stage."""

import typer
from rich.progress import track

from buzz_parser.cli.check import print_difference
from buzz_parser.cli.common import (
    EXIT_DIFFERENT,
    BundleArgument,
    LinesOption,
    MessagesArgument,
    error_console,
    loaded,
    output_console,
    read_messages,
)
from buzz_parser.parity.diff import first_difference, outcome
from buzz_parser.reading.parser import load_engine


def diff(
    bundle: BundleArgument, files: MessagesArgument = None, lines: LinesOption = False
) -> None:
    """Compare both engines on messages of your own, stage by stage.

    Says for each message whether they agree, or in which stage they part first and what stands there: the
    reference above, the Rust engine below.

    [dim]buzz-parser diff fixtures/bundles/tiny --jsonl log.jsonl[/dim]
    """
    reference = loaded(lambda: load_engine(bundle, "python"))
    rust = loaded(lambda: load_engine(bundle, "rust"))
    console = output_console()
    messages = list(read_messages(files, lines=lines))
    different = 0
    for message in track(messages, "comparing", console=error_console(), transient=True):
        difference = first_difference(outcome(reference, message.text), outcome(rust, message.text))
        if difference is not None:
            different += 1
            print_difference(console, message.origin, difference)
    console.print(f"{len(messages)} messages, {different} differences")
    if different:
        raise typer.Exit(EXIT_DIFFERENT)
