"""`buzz-parser data`: make, ask for, check, count and look at labelled messages."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from buzz_parser.cli.common import EXIT_DIFFERENT, error_console, fail, output_console
from buzz_parser.cli.render import print_result
from buzz_parser.cli.teach import label, teach
from buzz_parser.contract.segments import Segment
from buzz_parser.contract.tokens import byte_offsets
from buzz_parser.data.enrich import EnrichmentShares
from buzz_parser.data.generate import GeneratorConfig
from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Record, RecordError, read_records, record_from_json
from buzz_parser.data.write import write_generated
from buzz_parser.reading.trace import ParseResult

SPLITS = ("train", "validation", "test", "validation-unseen", "test-unseen")
SHOWN_ROWS = 12

app = typer.Typer(
    name="data",
    help="Labelled messages: generate, ask teachers, validate, count, show.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command()(teach)
app.command()(label)

RecordsArgument = Annotated[
    Path, typer.Argument(metavar="RECORDS", help="JSONL file of records.", show_default=False)
]


@app.command()
def generate(
    out: Annotated[Path, typer.Option(help="JSONL file to write.")] = Path("out/data.jsonl"),
    count: Annotated[int, typer.Option(min=1, help="Messages.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Another seed, other messages.")] = 1,
    split: Annotated[str, typer.Option(help=f"One of {', '.join(SPLITS)}.")] = "train",
    processes: Annotated[int, typer.Option(min=1, help="The number changes no byte.")] = 2,
    damaged: Annotated[float, typer.Option(min=0, max=1, help="Share of damaged messages.")] = 0.25,
    strength: Annotated[float, typer.Option(min=0, max=1, help="How many damages each.")] = 0.5,
    invented: Annotated[float, typer.Option(min=0, max=1, help="Share in drawn dialects.")] = 0.5,
    plain: Annotated[float, typer.Option(min=0, max=1, help="Share without any marker.")] = 0.07,
) -> None:
    """Generate labelled messages offline: seeded, deterministic, any number.

    [dim]buzz-parser data generate --count 100000 --out out/train.jsonl[/dim]
    """
    if split not in SPLITS:
        fail(f"--split: expected one of {', '.join(SPLITS)}, found {split}")
    config = GeneratorConfig(
        seed=seed,
        split=split,
        invented=invented,
        damaged=damaged,
        damage_strength=strength,
        plain=plain,
        shares=EnrichmentShares(),
    )
    begun = time.monotonic()
    columns = (TextColumn("generating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=error_console(), transient=True) as bar:
        task = bar.add_task("", total=count)
        write_generated(
            config,
            count,
            out,
            processes=processes,
            progress=lambda done: bar.update(task, completed=done),
        )
    seconds = time.monotonic() - begun
    output_console().print(
        f"{out}: {count:,} messages in {seconds:.1f} s, {count / seconds:,.0f} a second"
    )


@app.command()
def validate(records: RecordsArgument) -> None:
    """Check every record against the labelling guideline; exit code 1 if any breaks it.

    [dim]buzz-parser data validate out/train.jsonl[/dim]
    """
    console = output_console()
    good = bad = 0
    try:
        with records.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                found = _violations(line)
                bad += bool(found)
                good += not found
                for sentence in found:
                    console.print(f"{records}:{number}: {sentence}", style="red", markup=False)
    except OSError as error:
        fail(f"{records}: expected a readable file, found {error.strerror}")
    console.print(f"{good:,} records hold the guideline, {bad:,} do not")
    if bad:
        raise typer.Exit(EXIT_DIFFERENT)


@app.command()
def stats(records: RecordsArgument) -> None:
    """Count records: lengths, labels, dialects, damage, languages.

    [dim]buzz-parser data stats out/train.jsonl[/dim]
    """
    console = output_console()
    lengths: list[int] = []
    labels: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("family", "damage", "language", "slice", "domain", "extras")
    }
    for record in _records(records):
        lengths.append(len(record.text))
        labels.update(span.label for span in record.segments)
        for name, counter in counts.items():
            counter.update(_values(record.meta.get(name)))
    if not lengths:
        fail(f"{records}: expected records, found none")
    lengths.sort()
    shares = (("shortest", 0.0), ("median", 0.5), ("90th percentile", 0.9), ("longest", 1.0))
    table = Table("characters", "messages", title=f"{len(lengths):,} messages")
    for name, share in shares:
        table.add_row(name, f"{lengths[round(share * (len(lengths) - 1))]:,}")
    console.print(table)
    _print_counts(console_title="segments", counter=labels)
    for name, counter in counts.items():
        _print_counts(console_title=name, counter=counter)


@app.command()
def show(
    records: RecordsArgument,
    family: Annotated[str | None, typer.Option(help="Only this family of dialects.")] = None,
    damage: Annotated[str | None, typer.Option(help="Only messages with this damage.")] = None,
    with_label: Annotated[str | None, typer.Option("--label", help="Only with this type.")] = None,
    count: Annotated[int, typer.Option(min=1, help="Messages at most.")] = 10,
) -> None:
    """Show messages in colour.

    [dim]buzz-parser data show out/train.jsonl --damage M04-thought-open --count 3[/dim]
    """
    console = output_console()
    shown = 0
    for record in _records(records):
        kept = family is None or record.meta.get("family") == family
        kept &= damage is None or damage in record.meta.get("damage", ())
        kept &= with_label is None or any(span.label == with_label for span in record.segments)
        if not kept:
            continue
        about = f"{record.id} {record.meta.get('dialect', '')} {record.meta.get('damage') or ''}"
        console.rule(f"[dim]{about}[/dim]", align="left", style="dim")
        print_result(console, _result(record), scores=False)
        shown += 1
        if shown == count:
            return


def _violations(line: bytes) -> list[str]:
    try:
        record = record_from_json(line)
    except RecordError as error:
        return [str(error)]
    return violations(record.text, record.segments)


def _records(path: Path) -> Iterator[Record]:
    try:
        yield from read_records(path)
    except RecordError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{path}: expected a readable file, found {error.strerror}")


def _values(value: object) -> Iterable[str]:
    if isinstance(value, list):
        return [str(item) for item in value] or ["none"]
    return [str(value)] if value else ["none"]


def _print_counts(*, console_title: str, counter: Counter[str]) -> None:
    table = Table(console_title, "count", "share")
    total = counter.total() or 1
    for name, found in counter.most_common(SHOWN_ROWS):
        table.add_row(name, f"{found:,}", f"{found / total:.1%}")
    rest = counter.total() - sum(found for _, found in counter.most_common(SHOWN_ROWS))
    if rest:
        others = len(counter) - SHOWN_ROWS
        table.add_row(f"{others} others", f"{rest:,}", f"{rest / total:.1%}")
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
