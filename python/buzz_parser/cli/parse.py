"""`buzz-parser parse`: messages in, segments out."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from buzz_parser.cli.common import (
    EXIT_DIFFERENT,
    EngineOption,
    LinesOption,
    Message,
    MessagesArgument,
    error_console,
    loaded,
    output_console,
    read_messages,
)
from buzz_parser.cli.render import print_result, visible
from buzz_parser.contract.labels import LABELS
from buzz_parser.errors import BuzzError
from buzz_parser.reading.parser import Parser
from buzz_parser.reading.trace import ParseResult

Format = Literal["text", "json", "jsonl", "conll"]


def parse(
    files: MessagesArgument = None,
    bundle: Annotated[
        Path,
        typer.Option(
            envvar="BUZZ_BUNDLE", help="Directory of the bundle to parse with.", show_default=False
        ),
    ] = ...,  # type: ignore[assignment]
    format: Annotated[  # noqa: A002 (the option's name)
        Format,
        typer.Option(
            help="text: coloured segments; json: one array; jsonl: one object a line; "
            "conll: token, start, end, label, tab separated."
        ),
    ] = "text",
    engine: EngineOption = "rust",
    lines: LinesOption = False,
    workers: Annotated[int, typer.Option(min=1, help="Threads that parse messages.")] = 1,
) -> None:
    """Parse messages into segments.

    A file is one message, whatever it holds; with [bold]--jsonl[/bold] every line of it is one. Offsets are half
    open: start and end in characters, start_byte and end_byte in bytes of UTF-8.

    [dim]buzz-parser parse --bundle fixtures/bundles/tiny reply.txt[/dim]
    [dim]cat log.jsonl | buzz-parser parse --bundle B --jsonl --format jsonl --workers 2[/dim]
    """
    parser = loaded(lambda: Parser.load(bundle, engine=engine))
    messages = list(read_messages(files, lines=lines))
    console = output_console()
    if format == "conll":
        outcomes: list[ParseResult | BuzzError] = []
        failed = _write_conll(console, parser, messages)
    else:
        texts = [message.text for message in messages]
        outcomes = parser.parse_many(texts, workers=workers, errors="return")
        failed = _report_errors(zip(messages, outcomes, strict=True))
        WRITERS[format](console, messages, outcomes)
    if failed:
        raise typer.Exit(EXIT_DIFFERENT)


def as_object(message: Message, outcome: ParseResult | BuzzError) -> dict[str, object]:
    """A result or an error as the JSON formats write it."""
    if isinstance(outcome, BuzzError):
        return {"origin": message.origin, "error": {"kind": outcome.kind, "message": str(outcome)}}
    return {
        "origin": message.origin,
        "text": outcome.text,
        "segments": [asdict(segment) for segment in outcome.segments],
    }


def _write_text(
    console: Console, messages: list[Message], outcomes: list[ParseResult | BuzzError]
) -> None:
    for message, outcome in zip(messages, outcomes, strict=True):
        if isinstance(outcome, ParseResult):
            if len(messages) > 1:
                console.rule(visible(message.origin), style="dim")
            print_result(console, outcome)


def _write_json(
    _: Console, messages: list[Message], outcomes: list[ParseResult | BuzzError]
) -> None:
    objects = [as_object(*pair) for pair in zip(messages, outcomes, strict=True)]
    typer.echo(json.dumps(objects, ensure_ascii=False, indent=2))


def _write_jsonl(
    _: Console, messages: list[Message], outcomes: list[ParseResult | BuzzError]
) -> None:
    for pair in zip(messages, outcomes, strict=True):
        typer.echo(json.dumps(as_object(*pair), ensure_ascii=False))


WRITERS: dict[str, Callable[[Console, list[Message], list[ParseResult | BuzzError]], None]] = {
    "text": _write_text,
    "json": _write_json,
    "jsonl": _write_jsonl,
}


def _write_conll(console: Console, parser: Parser, messages: list[Message]) -> bool:
    """One token a line, an empty line after each message; whether a message failed."""
    failed = False
    for message in messages:
        try:
            trace = parser.trace(message.text)
        except BuzzError as error:
            failed |= _report_errors([(message, error)])
            continue
        for (start, end), label in zip(trace.offsets, trace.labels, strict=True):
            token = json.dumps(message.text[start:end], ensure_ascii=False)[1:-1]
            console.file.write(f"{token}\t{start}\t{end}\t{LABELS[label]}\n")
        console.file.write("\n")
    return failed


def _report_errors(
    pairs: "Iterator[tuple[Message, ParseResult | BuzzError]] | list[tuple[Message, BuzzError]]",
) -> bool:
    """Says which messages failed on standard error; whether any did."""
    failed = False
    for message, outcome in pairs:
        if isinstance(outcome, BuzzError):
            error_console().print(f"{message.origin}: {outcome}", style="red", markup=False)
            failed = True
    return failed
