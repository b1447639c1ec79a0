"""`buzz-parser demo`: sample messages parsed by both engines, in colour, and the bundle checked."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from buzz_parser.cli.check import print_difference, run_check
from buzz_parser.cli.common import (
    EXIT_DIFFERENT,
    BundleArgument,
    Message,
    fail,
    loaded,
    output_console,
    read_messages,
)
from buzz_parser.cli.render import legend, print_result
from buzz_parser.contract.manifest import MANIFEST_NAME
from buzz_parser.errors import BuzzError
from buzz_parser.judging.comparison import FIGURE_NAMES, percent
from buzz_parser.parity.corpus import read_corpus
from buzz_parser.parity.diff import first_difference, outcome
from buzz_parser.reading.parser import load_engine
from buzz_parser.reading.trace import ParseResult

SHOWN_TAGS = (
    "F002", "F078", "F047", "F020", "F107", "F110", "M2", "M4", "negative", "rule-12",
    "F065", "F069", "F070", "F102", "F112",
)  # fmt: skip
"""One sample a tag: well-known formats, JSON and inline calls, damage, a call that is only quoted; and at the
end formats of families that no training message shows."""


def demo(
    bundle: BundleArgument,
    file: Annotated[
        list[Path] | None, typer.Option(help="A file to parse too, whole, as one message.")
    ] = None,
    corpus: Annotated[Path, typer.Option(help="Folder of the fixture corpus.")] = Path(
        "fixtures/corpus"
    ),
) -> None:
    """Show the main job: parse sample messages with both engines, then check the bundle.

    [dim]buzz-parser demo fixtures/bundles/tiny --file reply.txt[/dim]
    """
    console = output_console()
    reference = loaded(lambda: load_engine(bundle, "python"))
    rust = loaded(lambda: load_engine(bundle, "rust"))
    messages = _samples(corpus) + (list(read_messages(file, lines=False)) if file else [])
    different = 0
    for message in messages:
        found = outcome(rust, message.text)
        if isinstance(found, BuzzError):
            fail(f"{message.origin}: {found}")
        console.rule(f"[dim]{message.origin}[/dim]", align="left", style="dim")
        print_result(console, ParseResult(text=found.text, segments=found.segments))
        difference = first_difference(outcome(reference, message.text), found)
        if difference is not None:
            different += 1
            print_difference(console, message.origin, difference)
    console.rule(style="dim")
    console.print(legend())
    verdict = "both engines agree" if not different else f"the engines differ on {different}"
    console.print(f"{len(messages)} messages, {verdict} in every stage\n", style="bold")
    _print_figures(console, bundle)
    if not run_check(console, bundle) or different:
        raise typer.Exit(EXIT_DIFFERENT)


def _print_figures(console: Console, bundle: Path) -> None:
    """What the bundle's manifest says of its parser's quality, beside rules; nothing where it says nothing."""
    manifest = json.loads((bundle / MANIFEST_NAME).read_text(encoding="utf-8"))
    sets = manifest.get("metrics", {}).get("evaluation", [])
    if not sets:
        return
    heads = [FIGURE_NAMES[name] for name in sets[0]["parser"]]
    table = Table("percent, rules in brackets", "messages", *heads)
    for judged in sets:
        cells = [
            f"{percent(value)} ({percent(judged['rules'][name])})"
            for name, value in judged["parser"].items()
        ]
        table.add_row(judged["data"], str(judged["messages"]), *cells)
    console.print(table)


def _samples(corpus: Path) -> list[Message]:
    """The shortest corpus case of each shown tag; none if the corpus is not there."""
    cases = sorted(read_corpus(corpus), key=lambda case: len(case.text))
    samples = {}
    for tag in SHOWN_TAGS:
        for case in cases:
            if tag in case.tags and len(case.text) > 120:
                samples[case.name] = Message(origin=case.name, text=case.text)
                break
    return list(samples.values())
