"""Own lines, `{"id", "text", "segments", "meta"}`, from elsewhere: checked one by one."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from buzz_parser.data.interchange.lines import Rejects, checked, read_lines, write_lines
from buzz_parser.data.records import Record, record_from_json, record_to_json


def read_jsonl(path: Path, rejects: Rejects) -> list[Record]:
    """The records of a file that hold the guideline; one without an id is named by its line."""

    def read(line: str, number: int) -> Record:
        record = checked(record_from_json(line))
        return record if record.id else replace(record, id=f"{path.stem}-{number}")

    return [record for _, record in read_lines(path, read, rejects)]


def write_jsonl(path: Path, records: Iterable[Record]) -> int:
    """Writes records; returns how many."""
    return write_lines(path, (record_to_json(record) for record in records))
