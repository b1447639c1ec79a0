"""What the data commands share: records from JSONL or Arrow, and needs that are not installed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from buzz_parser.cli.common import fail
from buzz_parser.data.interchange.lines import InterchangeError
from buzz_parser.data.records import Record, RecordError, read_records

RecordsArgument = Annotated[
    Path,
    typer.Argument(metavar="RECORDS", help="Records as JSONL, or as .arrow.", show_default=False),
]

Result = TypeVar("Result")


def records_of(path: Path) -> Iterator[Record]:
    """The records of a file; what is wrong with it ends the command."""
    try:
        if path.suffix == ".arrow":
            from buzz_parser.data.interchange.arrow import read_arrow  # noqa: PLC0415

            yield from read_arrow(path)
        else:
            yield from read_records(path)
    except (RecordError, InterchangeError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{path}: expected a readable file, found {error.strerror}")
    except ModuleNotFoundError as error:
        fail(missing(error))


def done(stage: Callable[[], Result]) -> Result:
    """What a stage returns; what is wrong with a file or missing ends the command with its message."""
    try:
        return stage()
    except ValueError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: expected a file to read or write, found {error.strerror}")
    except ModuleNotFoundError as error:
        fail(missing(error))


def missing(error: ModuleNotFoundError) -> str:
    """How to get a package that only some commands need."""
    return f"expected the package {error.name}, found none; install buzz-parser[train]"
