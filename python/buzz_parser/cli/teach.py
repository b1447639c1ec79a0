"""`buzz-parser data teach` and `label`: language models as teachers, through any OpenAI-compatible API."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from buzz_parser.cli.common import counted_progress, error_console, fail, output_console
from buzz_parser.data.teachers.config import Settings, TeacherError, read_settings

if TYPE_CHECKING:
    from buzz_parser.data.teachers.agreement import PairAgreement
    from buzz_parser.data.teachers.created import CreateReport
    from buzz_parser.data.teachers.labelled import LabelReport
    from buzz_parser.data.teachers.outputs import Tally

EXIT_UNFINISHED = 1

ConfigArgument = Annotated[
    Path,
    typer.Argument(
        metavar="TEACHERS", help="TOML file, see docs/teachers.example.toml.", show_default=False
    ),
]
OutArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER", help="Ledger and results; an old one goes on.", show_default=False
    ),
]
SeedOption = Annotated[int, typer.Option(help="Every seed is another set of questions.")]

Report = TypeVar("Report", "CreateReport", "LabelReport")


def teach(
    config: ConfigArgument,
    out: OutArgument,
    count: Annotated[
        int, typer.Option(min=1, help="Messages and transcripts to ask for, in all.")
    ] = 100,
    seed: SeedOption = 0,
) -> None:
    """Have teacher models write messages with exact labels, and transcripts.

    What was answered is in FOLDER's ledger and never asked again: stop it anywhere, run it again, raise the
    count or the budget. Exit code 1 says that something is still open.

    [dim]buzz-parser data teach teachers.toml out/taught --count 2000[/dim]
    """
    settings, stages = _settings(config), _stages()
    report = _run(
        lambda notify: stages.run_create(settings, out, seed=seed, count=count, notify=notify)
    )
    console = output_console()
    _print_spending(console, report)
    console.print(
        f"{report.records:,} messages in {out / 'records.jsonl'}, {report.transcripts:,} transcripts in "
        f"{out / 'transcripts.txt'}, {report.duplicates:,} duplicates"
    )
    _end(report)


def label(
    config: ConfigArgument,
    messages: Annotated[
        Path,
        typer.Argument(
            metavar="MESSAGES",
            help="JSONL: strings, or objects with the key 'text' and perhaps 'id'.",
            show_default=False,
        ),
    ],
    out: OutArgument,
    seed: SeedOption = 0,
) -> None:
    """Have several teacher models mark up raw messages, and keep what they agree on.

    What was answered is in FOLDER's ledger and never asked again: stop it anywhere, run it again. Exit code 1
    says that something is still open.

    [dim]buzz-parser data label teachers.toml raw.jsonl out/labelled[/dim]
    """
    settings, stages = _settings(config), _stages()
    report = _run(
        lambda notify: stages.run_label(settings, messages, out, seed=seed, notify=notify)
    )
    console = output_console()
    _print_spending(console, report)
    if report.agreement:
        console.print(_agreement_table(report.agreement))
    console.print(
        f"{report.agreed:,} messages agreed in {out / 'records.jsonl'}, {report.disputed:,} disputed in "
        f"{out / 'disputed.jsonl'}, {report.refused:,} refused, {report.open:,} open"
    )
    _end(report)


def _settings(config: Path) -> Settings:
    try:
        return read_settings(config)
    except TeacherError as error:
        fail(str(error))


def _stages() -> ModuleType:
    """The module of both stages, which needs a package that nothing else does."""
    try:
        from buzz_parser.data.teachers import run  # noqa: PLC0415
    except ModuleNotFoundError as error:
        fail(f"expected the package {error.name}, found none; install buzz-parser[teachers]")
    return run


def _run(run: Callable[[Callable[["Tally"], None]], Report]) -> Report:
    """Runs a stage behind a progress bar with accepted, rejected and cost."""
    try:
        with counted_progress() as progress:
            bar = progress.add_task("asking", total=None)

            def show(tally: "Tally") -> None:
                description = (
                    f"{tally.accepted:,} accepted, {tally.rejected:,} rejected, {tally.requests:,} requests, "
                    f"{tally.tokens:,} tokens, cost {tally.cost:,.2f}"
                )
                done = tally.accepted + tally.rejected
                progress.update(bar, completed=done, total=tally.tasks, description=description)

            return run(show)
    except TeacherError as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("interrupted; what was answered is on the ledger, run the same command again to go on")


def _print_spending(console: Console, report: "CreateReport | LabelReport") -> None:
    columns = (
        "accepted",
        "rejected",
        "open",
        "requests",
        "input tokens",
        "output tokens",
        "lost tokens",
        "cost",
    )
    table = Table("teacher", title="teachers", title_justify="left")
    for column in columns:
        table.add_column(column, justify="right")
    for name, row in report.spending.items():
        counts = (f"{row[column.replace(' ', '_')]:,}" for column in columns[:-1])
        table.add_row(name, *counts, "" if row["cost"] is None else f"{row['cost']:,.2f}")
    console.print(table)


def _agreement_table(agreement: "tuple[PairAgreement, ...]") -> Table:
    table = Table("teachers", "label", title="agreement", title_justify="left")
    for column in ("segments", "of the other", "the same", "segment F1", "character F1"):
        table.add_column(column, justify="right")
    for row in agreement:
        table.add_row(
            f"{row.first}, {row.second}",
            row.label,
            f"{row.spans_first:,}",
            f"{row.spans_second:,}",
            f"{row.spans_same:,}",
            _share(row.span_f1),
            _share(row.character_f1),
            end_section=row.label == "TOOLRESPONSE",
        )
    return table


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _end(report: "CreateReport | LabelReport") -> None:
    """Says what stopped the run early; exit code 1 if something is still open."""
    for reason in report.stopped:
        error_console().print(f"stopped early: {reason}", style="yellow", markup=False)
    if report.tally.open:
        raise typer.Exit(EXIT_UNFINISHED)
