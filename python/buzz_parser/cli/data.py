"""`buzz-parser data`: make, ask for, exchange, check, count and look at labelled messages."""

import time
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from buzz_parser.cli.common import error_console, output_console
from buzz_parser.cli.data_exchange import export, import_
from buzz_parser.cli.data_look import show, stats, validate
from buzz_parser.cli.data_records import done
from buzz_parser.cli.teach import label, teach

Split = Literal["train", "validation", "test", "validation-unseen", "test-unseen"]

app = typer.Typer(
    name="data",
    help="Labelled messages: generate, ask teachers, import, export, validate, count, show.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command()
def generate(
    out: Annotated[
        Path, typer.Option(help="JSONL file to write, or Arrow if it ends in .arrow.")
    ] = Path("out/data.jsonl"),
    count: Annotated[int, typer.Option(min=1, help="Messages.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Another seed, other messages.")] = 1,
    split: Annotated[
        Split, typer.Option(help="Whose transcripts; -unseen: in held-out families alone.")
    ] = "train",
    processes: Annotated[int, typer.Option(min=1, help="The number changes no byte.")] = 2,
    transcripts: Annotated[
        list[Path] | None,
        typer.Option(
            help="Further transcripts, as data import chat writes them; may be given again.",
            show_default=False,
        ),
    ] = None,
    own: Annotated[
        float, typer.Option(min=0, max=1, help="Share of messages of those transcripts.")
    ] = 0.5,
    damaged: Annotated[float, typer.Option(min=0, max=1, help="Share of damaged messages.")] = 0.25,
    no_damage: Annotated[bool, typer.Option("--no-damage", help="No damaged message.")] = False,
    strength: Annotated[float, typer.Option(min=0, max=1, help="How many damages each.")] = 0.5,
    invented: Annotated[float, typer.Option(min=0, max=1, help="Share in drawn dialects.")] = 0.5,
    renamed: Annotated[
        float, typer.Option(min=0, max=1, help="Share of named dialects under other words.")
    ] = 0.3,
    plain: Annotated[float, typer.Option(min=0, max=1, help="Share without any marker.")] = 0.07,
    quoted: Annotated[
        float, typer.Option(min=0, max=1, help="Share with a shown call or log.")
    ] = 0.06,
    nested: Annotated[
        float, typer.Option(min=0, max=1, help="Share with a call inside a thought or result.")
    ] = 0.04,
) -> None:
    """Generate labelled messages offline: seeded, deterministic, any number.

    [dim]buzz-parser data generate --count 100000 --out out/train.jsonl[/dim]
    [dim]buzz-parser data generate --split test-unseen --no-damage --out out/unseen.arrow[/dim]
    """
    from buzz_parser.data.enrich import EnrichmentShares  # noqa: PLC0415
    from buzz_parser.data.generate import GeneratorConfig  # noqa: PLC0415
    from buzz_parser.data.write import write_generated  # noqa: PLC0415

    config = GeneratorConfig(
        seed=seed,
        split=split,
        invented=invented,
        renamed=renamed,
        damaged=0.0 if no_damage else damaged,
        damage_strength=strength,
        plain=plain,
        transcripts=tuple(str(path) for path in transcripts or ()),
        own=own,
        shares=EnrichmentShares(quoted=quoted, nested=nested),
    )
    begun = time.monotonic()
    columns = (
        TextColumn("generating"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:,.0f} a second"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=error_console(), transient=True) as bar:
        task = bar.add_task("", total=count, rate=0.0)

        def tell(written: int) -> None:
            bar.update(task, completed=written, rate=written / (time.monotonic() - begun))

        done(lambda: write_generated(config, count, out, processes=processes, progress=tell))
    seconds = time.monotonic() - begun
    output_console().print(
        f"{out}: {count:,} messages in {seconds:.1f} s, {count / seconds:,.0f} a second",
        markup=False,
    )


app.command()(teach)
app.command()(label)
app.command("import")(import_)
app.command()(export)
app.command()(validate)
app.command()(stats)
app.command()(show)
