"""`buzz-parser data validate`, `stats` and `show`: is it right, what is in it, how does it look."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from buzz_parser.cli.common import EXIT_DIFFERENT, fail, output_console
from buzz_parser.cli.data_records import RecordsArgument, records_of
from buzz_parser.cli.render import print_result, visible
from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.contract.segments import Segment
from buzz_parser.contract.tokens import byte_offsets
from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Record, RecordError, record_from_json
from buzz_parser.data.stats import (
    FACETS,
    PERCENTILES,
    Statistics,
    facet_values,
    percentile,
    statistics,
)
from buzz_parser.reading.trace import ParseResult

SHOWN_ROWS = 12
SHOWN_FACETS = tuple(facet for facet in FACETS if facet not in ("dialect", "model"))


def validate(records: RecordsArgument) -> None:
    """Check every record against the labelling guideline; exit code 1 if any breaks it.

    [dim]buzz-parser data validate out/train.jsonl[/dim]
    """
    console = output_console()
    good = bad = 0
    for number, found in _verdicts(records):
        bad += bool(found)
        good += not found
        for sentence in found:
            console.print(f"{records}:{number}: {sentence}", style="red", markup=False)
    console.print(f"{good:,} records hold the guideline, {bad:,} do not")
    if bad:
        raise typer.Exit(EXIT_DIFFERENT)


def stats(
    records: RecordsArgument,
    html: Annotated[
        Path | None,
        typer.Option(help="Write a page with plots and coloured samples too.", show_default=False),
    ] = None,
    samples: Annotated[int, typer.Option(min=0, help="Messages on the page.")] = 40,
) -> None:
    """Count records: lengths, labels, dialects, damage, languages, teachers.

    [dim]buzz-parser data stats out/train.jsonl --html out/train.html[/dim]
    """
    found = statistics(records_of(records), samples=samples if html is not None else 0)
    if not found.messages:
        fail(f"{records}: expected records, found none")
    _print_lengths(found)
    for facet in SHOWN_FACETS:
        if found.facets[facet]:
            _print_counts(facet, found.facets[facet], found.messages)
    console = output_console()
    console.print(
        f"{found.transcripts:,} transcripts, {len(found.facets['dialect']):,} dialects, "
        f"{found.repeated:,} texts again, {found.invalid:,} against the guideline"
    )
    if html is not None:
        from buzz_parser.data.files import replaced  # noqa: PLC0415
        from buzz_parser.data.page import page  # noqa: PLC0415

        with replaced(html) as file:
            file.write(page(records.name, found).encode("utf-8", "backslashreplace"))
        console.print(f"{html}: open it in a browser", markup=False)


def show(
    records: RecordsArgument,
    format: Annotated[  # noqa: A002 (the option's name)
        str | None, typer.Option(help="Only this dialect or family.", show_default=False)
    ] = None,
    damage: Annotated[
        str | None,
        typer.Option(help="Only with this damage, or the begin of its name.", show_default=False),
    ] = None,
    with_label: Annotated[
        str | None, typer.Option("--label", help="Only with this type.", show_default=False)
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Only this language.", show_default=False)
    ] = None,
    name: Annotated[
        str | None, typer.Option("--id", help="Only this record.", show_default=False)
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="Messages at most.")] = 10,
) -> None:
    """Show messages in colour; exit code 1 if none fits.

    [dim]buzz-parser data show out/train.jsonl --damage M04 --count 3[/dim]
    """
    if with_label is not None and with_label not in SEGMENT_TYPES:
        fail(f"--label: expected one of {', '.join(SEGMENT_TYPES)}, found {with_label}")
    console = output_console()
    shown = 0
    for record in records_of(records):
        meta = record.meta
        kept = format is None or format in (meta.get("dialect"), meta.get("family"))
        kept &= damage is None or any(
            one.startswith(damage) for one in facet_values(meta, "damage")
        )
        kept &= with_label is None or any(span.label == with_label for span in record.segments)
        kept &= language is None or meta.get("language") == language
        kept &= name is None or record.id == name
        if not kept:
            continue
        if found := violations(record.text, record.segments):
            fail(f"{record.id}: {found[0]}")
        about = [record.id, str(meta.get("dialect", "")), *facet_values(meta, "damage")]
        console.rule(visible(" ".join(filter(None, about))).replace("[", "\\["), style="dim")
        print_result(console, _result(record), scores=False)
        shown += 1
        if shown == count:
            return
    if not shown:
        console.print("no record fits")
        raise typer.Exit(EXIT_DIFFERENT)


def _verdicts(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The number of each record, in JSONL of its line, and what breaks the guideline in it."""
    if path.suffix == ".arrow":
        for number, record in enumerate(records_of(path), start=1):
            yield number, violations(record.text, record.segments)
        return
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _violations(line)
    except OSError as error:
        fail(f"{path}: expected a readable file, found {error.strerror}")


def _violations(line: bytes) -> list[str]:
    try:
        record = record_from_json(line)
    except RecordError as error:
        return [str(error)]
    return violations(record.text, record.segments)


def _print_lengths(found: Statistics) -> None:
    table = Table("characters", title=f"{found.messages:,} messages", title_justify="left")
    for heading in ("segments", "of all text", *(f"{percent} %" for percent in PERCENTILES)):
        table.add_column(heading, justify="right")
    row = (f"{percentile(found.lengths, percent):,}" for percent in PERCENTILES)
    table.add_row("a message", f"{found.segments.total():,}", "", *row, end_section=True)
    total = found.covered.total() or 1
    for label in SEGMENT_TYPES:
        lengths = found.segment_lengths[label]
        row = (f"{percentile(lengths, percent):,}" for percent in PERCENTILES)
        table.add_row(
            label, f"{found.segments[label]:,}", f"{found.covered[label] / total:.1%}", *row
        )
    output_console().print(table)


def _print_counts(facet: str, counts: Counter[str], messages: int) -> None:
    table = Table(facet, title_justify="left")
    table.add_column("messages", justify="right")
    table.add_column("share", justify="right")
    shown = counts.most_common(SHOWN_ROWS)
    for name, found in shown:
        table.add_row(visible(name).replace("[", "\\["), f"{found:,}", f"{found / messages:.1%}")
    rest = counts.total() - sum(found for _, found in shown)
    if rest:
        others = f"{len(counts) - SHOWN_ROWS:,} others"
        table.add_row(others, f"{rest:,}", f"{rest / messages:.1%}")
    output_console().print(table)


def _result(record: Record) -> ParseResult:
    """A record as a parser would return it, every score 1."""
    bytes_ = byte_offsets(record.text, [(span.start, span.end) for span in record.segments])
    segments = [
        Segment(
            label=span.label,
            text=record.text[span.start : span.end],
            start=span.start,
            end=span.end,
            start_byte=start,
            end_byte=end,
            score=1.0,
        )
        for span, (start, end) in zip(record.segments, bytes_, strict=True)
    ]
    return ParseResult(text=record.text, segments=segments)
