"""What was asked and what came back, on disk before anything else happens: one JSON object a line.

The file is only appended to, and each line is forced to the disk before the next step is taken. So it can be
cut off anywhere: a line without its newline never happened.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from buzz_parser.data.teachers.config import TeacherError

FIELDS = {
    "asked": ("task", "number", "teacher", "tokens"),
    "answered": ("task", "number", "text", "finish", "limit", "input", "output", "estimated"),
    "failed": ("task", "number", "reason", "tokens"),
}
"""The fields of each event: `asked` stands before a request is sent, one of the others after it has ended.

`number` counts a task's requests from 0; `tokens` are those reserved for a request, or what a failed one may
have cost; `limit` is the most tokens that were asked for, `input` and `output` are those used, `estimated` if
the server did not count them.
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event and where its line starts in the file, in bytes."""

    offset: int
    event: dict[str, Any]


class Ledger:
    """The open ledger of one run; no second process can open it until it is closed."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file and drops what a killed process left of its last line.

        Raises `TeacherError` if another process has it open.
        """
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            self._file.close()
            raise TeacherError(f"{path}: expected no other run on it, found one") from cause
        self._drop_torn_line()
        _sync_folder(path.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def append(self, **event: object) -> int:
        """Writes an event and returns its offset when it is on the disk."""
        line = json.dumps(event, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        offset = self._file.seek(0, os.SEEK_END)
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
        return offset

    def read(self, offset: int) -> dict[str, Any]:
        """The event whose line starts at an offset."""
        self._file.seek(offset)
        return self._parsed(offset, self._file.readline()).event

    def entries(self) -> Iterator[Entry]:
        """All events from the first; raises `TeacherError` at a line that is none."""
        offset = 0
        while True:
            self._file.seek(offset)
            line = self._file.readline()
            if not line:
                return
            yield self._parsed(offset, line)
            offset += len(line)

    def _parsed(self, offset: int, line: bytes) -> Entry:
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        fields = FIELDS.get(str(event.get("event"))) if isinstance(event, dict) else None
        if fields is None or event.keys() != {"event", *fields}:
            found = line[:60].decode("utf-8", "replace")
            raise TeacherError(f"{self.path}: byte {offset}: expected an event, found {found!r}")
        return Entry(offset=offset, event=event)

    def _drop_torn_line(self) -> None:
        end = self._file.seek(0, os.SEEK_END)
        start = end
        while start > 0:
            before = max(0, start - 65_536)
            self._file.seek(before)
            newline = self._file.read(start - before).rfind(b"\n")
            if newline >= 0:
                start = before + newline + 1
                break
            start = before
        if start < end:
            self._file.truncate(start)
            os.fsync(self._file.fileno())


def _sync_folder(folder: Path) -> None:
    """Forces a new file's name to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
