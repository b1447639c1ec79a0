"""Reading messages with gold segments: records, cases of the fixture corpus, real outputs, all as records."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Record, RecordError, record_from_json


@dataclass(frozen=True, kw_only=True)
class Gold:
    """The messages of a file or a folder; `without_gold` counts cases whose segments nobody is certain of."""

    path: Path
    records: tuple[Record, ...]
    without_gold: int


def read_gold(path: Path) -> Gold:
    """Reads a JSONL file, or all `*.jsonl` files of a folder by name; each line says itself which kind it is.

    A corpus case has `name` and `tags`, a real output has `source` and `style`, a record has neither. Raises
    `RecordError` that names file and line, `OSError`.
    """
    paths = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not paths:
        raise RecordError(f"{path}: expected a file *.jsonl, found none")
    records: list[Record] = []
    without_gold = 0
    for file in paths:
        for number, line in _lines(file):
            record = _read_line(file, number, line)
            if record is None:
                without_gold += 1
            else:
                records.append(record)
    return Gold(path=path, records=tuple(records), without_gold=without_gold)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line


def _read_line(path: Path, number: int, line: bytes) -> Record | None:
    where = f"{path}:{number}"
    try:
        value = json.loads(line)
        if isinstance(value, dict) and "tags" in value and value.get("segments", ...) is None:
            return None
        record = record_from_json(line)
    except ValueError as error:
        found = str(error) if isinstance(error, RecordError) else f"expected JSON, found {error}"
        raise RecordError(f"{where}: {found}") from error
    broken = violations(record.text, record.segments)
    if broken:
        raise RecordError(f"{where}: {broken[0]}")
    if "tags" in value and "name" in value:
        return _with_meta(record, value["name"], _case_meta(path, value["tags"]))
    if "style" in value and "source" in value:
        keys = ("source", "model", "origin", "confidence")
        meta = {key: value[key] for key in keys if key in value}
        return _with_meta(record, f"{path.stem}-{number}", {**meta, "format": value["style"]})
    return record if record.id else _with_meta(record, f"{path.stem}-{number}", record.meta)


def _with_meta(record: Record, identity: str, meta: Any) -> Record:
    return Record(id=identity, text=record.text, segments=record.segments, meta=meta)


def _case_meta(path: Path, tags: list[str]) -> dict[str, Any]:
    """A corpus case's tags as metadata: `F…` is a format of the catalogue, `M…` a kind of damage."""
    formats = [tag for tag in tags if tag[:1] == "F" and tag[1:].isdigit()]
    damage = [tag for tag in tags if tag[:1] == "M" and tag[1:].isdigit()]
    meta: dict[str, Any] = {"source": path.stem, "damage": damage}
    return {**meta, "format": formats[0]} if formats else meta
