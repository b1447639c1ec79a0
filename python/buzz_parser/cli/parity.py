"""`buzz-parser parity`: the seeded mass run of messy messages through both engines."""

import os
import time
from typing import Annotated

import typer
from rich.table import Table

from buzz_parser.cli.check import print_difference
from buzz_parser.cli.common import (
    EXIT_DIFFERENT,
    BundleArgument,
    counted_progress,
    loaded,
    output_console,
)
from buzz_parser.contract.bundle import read_bundle
from buzz_parser.parity.diff import STAGES
from buzz_parser.parity.mass import MassReport, mass_run

SHOWN_DIFFERENCES = 10


def parity(
    bundle: BundleArgument,
    count: Annotated[int, typer.Option(min=1, help="Messages to compare.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Every seed is another set of messages.")] = 0,
    processes: Annotated[
        int, typer.Option(min=1, help="Processes; their number changes no message.")
    ] = os.cpu_count() or 1,
) -> None:
    """Run seeded messy messages through both engines and compare every stage, bit by bit.

    [dim]buzz-parser parity fixtures/bundles/tiny --count 100000[/dim]
    """
    loaded(lambda: read_bundle(bundle))
    console = output_console()
    started = time.monotonic()
    report = MassReport()
    with counted_progress() as progress:
        task = progress.add_task("comparing", total=count)
        for report in mass_run(bundle, seed=seed, count=count, processes=processes):
            description = f"comparing, {len(report.differences)} differences"
            progress.update(task, completed=report.messages, description=description)
    seconds = time.monotonic() - started
    report.differences.sort(key=lambda found: found[0])
    for index, text, difference in report.differences[:SHOWN_DIFFERENCES]:
        print_difference(console, f"message {index} of seed {seed}, {text!r}", difference)
    console.print(_table(report, seconds))
    if report.differences:
        raise typer.Exit(EXIT_DIFFERENT)


def _table(report: MassReport, seconds: float) -> Table:
    table = Table("compared", "count", title="parity of both engines", title_justify="left")
    table.columns[1].justify = "right"
    table.add_row("messages", f"{report.messages:,}")
    table.add_row("characters", f"{report.characters:,}")
    table.add_row("tokens", f"{report.tokens:,}")
    table.add_row("windows", f"{report.windows:,}")
    table.add_row("segments", f"{report.segments:,}")
    for stage in STAGES:
        found = sum(difference.stage == stage for _, _, difference in report.differences)
        table.add_row(f"differences in {stage}", str(found))
    table.add_row("seconds", f"{seconds:,.1f}")
    return table
