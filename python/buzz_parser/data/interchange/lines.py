"""Files of lines from elsewhere: the good lines are kept, the bad ones set aside with the reason."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from buzz_parser.data.files import replaced
from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Record

Value = TypeVar("Value")


class InterchangeError(ValueError):
    """What was read is not in the format; the message says where, what was expected, what was found."""


@dataclass(frozen=True, kw_only=True)
class Reject:
    """What could not be taken: where it stands, why, and the thing itself."""

    where: str
    reason: str
    found: str


@dataclass(kw_only=True)
class Rejects:
    """Everything that a run could not take, in order; written by `write_rejects`."""

    found: list[Reject] = field(default_factory=list)

    def add(self, where: str, reason: object, found: str) -> None:
        """Sets something aside."""
        self.found.append(Reject(where=where, reason=str(reason), found=found))


def read_lines(
    path: Path, read: Callable[[str, int], Value], rejects: Rejects
) -> Iterator[tuple[int, Value]]:
    """What `read` makes of each line that is not blank, with its number from 1; its `ValueError`s are rejects."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            content = line.rstrip(b"\r\n")
            if not content.strip():
                continue
            shown = content.decode("utf-8", "backslashreplace")
            try:
                yield number, read(content.decode("utf-8"), number)
            except UnicodeDecodeError as error:
                found = f"byte 0x{content[error.start]:02x} at offset {error.start}"
                rejects.add(f"line {number}", f"expected UTF-8, found {found}", shown)
            except RecursionError:
                rejects.add(f"line {number}", "expected JSON, found it nested too deep", shown)
            except ValueError as error:
                rejects.add(f"line {number}", error, shown)


def checked(record: Record) -> Record:
    """The record, if it holds what every labelled message must; raises `InterchangeError`."""
    if half := re.search("[\ud800-\udfff]", record.text):
        raise InterchangeError(f"text: expected Unicode, found half a character at {half.start()}")
    if found := violations(record.text, record.segments):
        raise InterchangeError("; ".join(found))
    return record


def json_object(line: str) -> dict[str, object]:
    """The JSON object in a line; raises `InterchangeError`."""
    try:
        value = json.loads(line)
    except ValueError as cause:
        raise InterchangeError(f"expected a JSON object, found {cause}") from cause
    if not isinstance(value, dict):
        raise InterchangeError(f"expected a JSON object, found {type(value).__name__}")
    return value


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Writes one line each and returns how many; the file is whole or not there."""
    count = 0
    with replaced(path) as file:
        for line in lines:
            file.write(line.encode() + b"\n")
            count += 1
    return count


def write_rejects(path: Path, rejects: Rejects) -> None:
    """Writes `{"where", "reason", "found"}` lines; without rejects no file is left, an older one neither."""
    if not rejects.found:
        path.unlink(missing_ok=True)
        return
    lines = (
        json.dumps({"where": r.where, "reason": r.reason, "found": r.found}, ensure_ascii=False)
        for r in rejects.found
    )
    # Half a character, which a rejected line may quote, stays an escape.
    write_lines(path, (line.encode("utf-8", "backslashreplace").decode() for line in lines))
