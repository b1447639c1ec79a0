"""The record: one message with its segments, as every stage of the data passes it on."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple


class Span(NamedTuple):
    """One segment `[start, end)` in characters (code points), with its label."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """One message; `meta` says where it comes from (transcript, dialect, damage, teacher, language)."""

    id: str
    text: str
    segments: tuple[Span, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)


class RecordError(ValueError):
    """A line that is no record; the message says what was expected and what was found."""


def record_to_json(record: Record) -> str:
    """One line of JSON, without its newline."""
    segments = [{"label": s.label, "start": s.start, "end": s.end} for s in record.segments]
    value = {"id": record.id, "text": record.text, "segments": segments, "meta": dict(record.meta)}
    return json.dumps(value, ensure_ascii=False)


def record_from_json(line: str | bytes) -> Record:
    """The record in a line; raises `RecordError`. Absent `id` and `meta` are empty."""
    try:
        value = json.loads(line)
    except ValueError as cause:
        raise RecordError(f"expected a JSON object, found {cause}") from cause
    if not isinstance(value, dict):
        raise RecordError(f"expected a JSON object, found {type(value).__name__}")
    text, segments = value.get("text"), value.get("segments")
    if not isinstance(text, str):
        raise RecordError(f"text: expected a string, found {type(text).__name__}")
    if not isinstance(segments, list):
        raise RecordError(f"segments: expected a list, found {type(segments).__name__}")
    identity, meta = value.get("id", ""), value.get("meta", {})
    if not isinstance(identity, str):
        raise RecordError(f"id: expected a string, found {type(identity).__name__}")
    if not isinstance(meta, dict):
        raise RecordError(f"meta: expected an object, found {type(meta).__name__}")
    spans = tuple(_span(index, found) for index, found in enumerate(segments))
    return Record(id=identity, text=text, segments=spans, meta=meta)


def read_records(path: Path) -> Iterator[Record]:
    """The records of a JSONL file; raises `RecordError` that names the line."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield record_from_json(line)
                except RecordError as error:
                    raise RecordError(f"{path}:{number}: {error}") from error


def _span(index: int, found: Any) -> Span:
    if not isinstance(found, dict):
        raise RecordError(f"segments[{index}]: expected an object, found {type(found).__name__}")
    label, start, end = (found.get(key) for key in ("label", "start", "end"))
    if not isinstance(label, str):
        raise RecordError(f"segments[{index}].label: expected a string, found {label!r}")
    for key, bound in (("start", start), ("end", end)):
        if not isinstance(bound, int) or isinstance(bound, bool):
            raise RecordError(f"segments[{index}].{key}: expected an integer, found {bound!r}")
    return Span(label, start, end)  # type: ignore[arg-type]
