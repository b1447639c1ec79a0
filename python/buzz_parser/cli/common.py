"""What several commands share: arguments, reading messages, ending with a message and an exit code."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from buzz_parser.errors import BuzzError
from buzz_parser.reading.parser import EngineName

EXIT_DIFFERENT = 1
EXIT_BAD_INPUT = 2

BundleArgument = Annotated[
    Path, typer.Argument(metavar="BUNDLE", help="Directory of a bundle.", show_default=False)
]
EngineOption = Annotated[
    EngineName, typer.Option(help="The compiled reader, or the reference in plain Python.")
]
MessagesArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]...", help="Files to read; - or none: standard input."),
]
LinesOption = Annotated[
    bool,
    typer.Option(
        "--jsonl",
        help="Each line of a file is a message: a JSON string, or an object with the key 'text'.",
    ),
]

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message to parse, and where it came from."""

    origin: str
    text: str


def output_console() -> Console:
    """The console for results: standard output, no line of it rewrapped where it is piped."""
    return Console(soft_wrap=True, highlight=False)


def error_console() -> Console:
    """The console for progress and errors: standard error."""
    return Console(stderr=True, soft_wrap=True, highlight=False)


def counted_progress() -> Progress:
    """A bar on standard error: what is done, how many of how many, the time that remains."""
    return Progress(
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=error_console(),
        transient=True,
    )


def fail(message: str) -> NoReturn:
    """Ends the command: the message to standard error, the exit code for bad input."""
    error_console().print(f"error: {message}", style="red", markup=False)
    raise typer.Exit(EXIT_BAD_INPUT)


def loaded(load: Callable[[], Loaded]) -> Loaded:
    """What `load` returns; an error of this package ends the command with its message."""
    try:
        return load()
    except BuzzError as error:
        fail(str(error))


def read_messages(paths: list[Path] | None, *, lines: bool) -> Iterator[Message]:
    """The messages of files, or of standard input; bytes are decoded as they are, newlines untouched."""
    for path in paths or [Path("-")]:
        origin = "standard input" if path == Path("-") else str(path)
        try:
            content = sys.stdin.buffer.read() if path == Path("-") else path.read_bytes()
            text = content.decode("utf-8")
        except OSError as error:
            fail(f"{origin}: expected a readable file, found {error.strerror}")
        except UnicodeDecodeError as error:
            found = f"byte 0x{error.object[error.start]:02x} at offset {error.start}"
            fail(f"{origin}: expected UTF-8, found {found}")
        if lines:
            yield from _line_messages(origin, text)
        else:
            yield Message(origin=origin, text=text)


def _line_messages(origin: str, content: str) -> Iterator[Message]:
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{origin}:{number}"
        try:
            value = json.loads(line)
        except ValueError:
            fail(f"{where}: expected a JSON value on every line, found something else")
        text = value.get("text") if isinstance(value, dict) else value
        if not isinstance(text, str):
            fail(f"{where}: expected a string or an object with the string 'text', found neither")
        yield Message(origin=where, text=text)
