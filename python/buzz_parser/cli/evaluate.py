"""`buzz-parser evaluate`: a bundle's parser on messages with gold segments, beside the rules."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from buzz_parser.cli.common import (
    BundleArgument,
    EngineOption,
    error_console,
    fail,
    loaded,
    output_console,
)
from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.data.files import write_whole
from buzz_parser.data.records import RecordError
from buzz_parser.errors import BuzzError
from buzz_parser.judging.comparison import (
    FIGURE_NAMES,
    SPLIT_FIGURES,
    Comparison,
    compare,
    comparison_to_json,
    percent,
    percents,
    signed_percents,
    verdict,
)
from buzz_parser.judging.evaluate import predictor, write_json
from buzz_parser.judging.gold import Gold, read_gold
from buzz_parser.judging.page import page
from buzz_parser.reading.parser import Parser

SHOWN_GROUPS = 14
"""Groups of an axis that the terminal shows; the files have all."""


def evaluate(
    bundle: BundleArgument,
    sets: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DATA]...",
            help="JSONL files of messages with gold segments, or folders of them: records, corpus cases.",
            show_default=False,
        ),
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="One more such file; said so for real messages, which only measure."),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write every figure to this file.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with tables and the worst messages.")
    ] = None,
    engine: EngineOption = "rust",
    limit: Annotated[
        int | None, typer.Option(min=1, help="Judge only the first messages of each set.")
    ] = None,
) -> None:
    """Measure a bundle's parser on messages with gold segments, beside a baseline of rules.

    What counts is the segment: exact bounds and type. Intervals are 95 %, by bootstrap over
    messages, over transcripts where they are known.

    [dim]buzz-parser evaluate fixtures/bundles/tiny fixtures/corpus --html out/report.html[/dim]
    """
    console = output_console()
    paths = [*(sets or []), *(data or [])]
    if not paths:
        fail(
            "DATA: expected at least one file or folder of messages with gold segments, found none"
        )
    read = loaded(lambda: read_bundle(bundle))
    parser = loaded(lambda: Parser.load(bundle, engine=engine))
    golds = [_read(path) for path in paths]
    comparisons = [_compare(parser, gold, limit) for gold in golds]
    title = f"{read.manifest.parser_name} {read.manifest.parser_version}"
    console.print(f"{bundle}: {title}, engine {engine}")
    for comparison in comparisons:
        _print(console, comparison)
    if json is not None:
        write_json(json, _as_json(bundle, read, engine, comparisons))
        console.print(f"figures in {json}")
    if html is not None:
        write_whole(html, page(title, comparisons))
        console.print(f"page in {html}")


def _read(path: Path) -> Gold:
    try:
        gold = read_gold(path)
    except RecordError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{path}: expected a readable file, found {error.strerror}")
    if not gold.records:
        fail(f"{path}: expected messages with gold segments, found none")
    return gold


def _compare(parser: Parser, gold: Gold, limit: int | None) -> Comparison:
    console = error_console()
    count = len(gold.records[:limit])
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(str(gold.path), total=count)
        try:
            return compare(
                predictor(parser.parse_many),
                gold,
                limit=limit,
                progress=lambda done: progress.update(task, completed=done),
            )
        except BuzzError as error:
            fail(f"{gold.path}: {error}")


def _as_json(
    bundle: Path, read: Bundle, engine: str, comparisons: Sequence[Comparison]
) -> dict[str, object]:
    return {
        "bundle": str(bundle),
        "parser": read.manifest.parser_name,
        "version": read.manifest.parser_version,
        "engine": engine,
        "sets": [comparison_to_json(comparison) for comparison in comparisons],
    }


def _print(console: Console, comparison: Comparison) -> None:
    overall = comparison.parser.overall
    console.print()
    console.print(Text(comparison.title, style="bold"))
    notes = [f"{overall.messages:,} messages"]
    if overall.messages < comparison.available:
        notes.append(f"the first of {comparison.available:,}")
    if comparison.without_gold:
        notes.append(f"{comparison.without_gold} more have no certain gold and are left out")
    console.print(", ".join(notes))
    console.print(_main_table(comparison))
    if comparison.parser.seqeval is None:
        console.print("seqeval is not installed: pip install 'buzz-parser\\[train]'", style="dim")
    else:
        ours, theirs = comparison.parser.seqeval["f1"], (comparison.rules.seqeval or {})["f1"]
        console.print(f"seqeval, strict IOB2: F1 {percent(ours)}, rules {percent(theirs)}")
    for axis in dict.fromkeys(group.axis for group in comparison.parser.groups):
        console.print(_axis_table(comparison, axis))


def _main_table(comparison: Comparison) -> Table:
    table = Table("percent")
    for column in ("parser", "95 %", "rules", "95 %", "parser minus rules", ""):
        table.add_column(column, justify="right")
    ours, theirs = comparison.parser.overall, comparison.rules.overall
    for name, shown in FIGURE_NAMES.items():
        bounds = comparison.difference[name]
        word = verdict(name, bounds)
        table.add_row(
            shown,
            percent(ours.figures[name]),
            percents(ours.intervals[name]),
            percent(theirs.figures[name]),
            percents(theirs.intervals[name]),
            signed_percents(bounds),
            Text(word, style="green" if word == "ahead" else "red"),
        )
        if name in ("recall", "exact_but_prose", "prose_swaps", "character_accuracy"):
            table.add_section()
    return table


def _axis_table(comparison: Comparison, axis: str) -> Table:
    table = Table(f"by {axis}")
    table.add_column("messages", justify="right")
    for name in SPLIT_FIGURES:
        table.add_column(f"{name.replace('_', ' ')}", justify="right")
        table.add_column("rules", justify="right", style="dim")
    groups = [group for group in comparison.parser.groups if group.axis == axis]
    rules = {group.name: group for group in comparison.rules.groups if group.axis == axis}
    for group in groups[:SHOWN_GROUPS]:
        cells = []
        for name in SPLIT_FIGURES:
            cells += [percent(group.figures[name]), percent(rules[group.name].figures[name])]
        table.add_row(Text(group.name), f"{group.messages:,}", *cells)
    if len(groups) > SHOWN_GROUPS:
        table.caption = f"{len(groups) - SHOWN_GROUPS} more groups in --json and --html"
    return table
