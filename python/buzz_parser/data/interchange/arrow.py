"""Arrow: records as the columns id, text, segments and meta (a JSON string), in the stream format.

`datasets.Dataset.from_file` maps such a file as it is. Needs pyarrow, which `datasets` brings along.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from buzz_parser.data.files import replaced
from buzz_parser.data.interchange.lines import InterchangeError
from buzz_parser.data.records import Record, Span

ROWS_PER_BATCH = 500


def schema() -> Any:
    """The Arrow schema of records; offsets are code points."""
    import pyarrow as arrow  # type: ignore[import-untyped]  # noqa: PLC0415

    offset = arrow.int32()
    segment = arrow.struct([("label", arrow.string()), ("start", offset), ("end", offset)])
    columns = [("id", arrow.string()), ("text", arrow.string())]
    return arrow.schema([*columns, ("segments", arrow.list_(segment)), ("meta", arrow.string())])


def batch_of(records: Sequence[Record]) -> Any:
    """One record batch."""
    import pyarrow as arrow  # noqa: PLC0415

    rows = [
        {
            "id": record.id,
            "text": record.text,
            "segments": [span._asdict() for span in record.segments],
            "meta": json.dumps(dict(record.meta), ensure_ascii=False),
        }
        for record in records
    ]
    return arrow.RecordBatch.from_pylist(rows, schema=schema())


def write_batches(path: Path, batches: Iterable[Any]) -> int:
    """Writes record batches as they come and returns their rows; the file is whole or not there."""
    import pyarrow as arrow  # noqa: PLC0415

    count = 0
    with replaced(path) as file, arrow.ipc.new_stream(file, schema()) as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def write_arrow(path: Path, records: Iterable[Record]) -> int:
    """Writes records in batches of `ROWS_PER_BATCH`; returns how many."""
    rest = iter(records)
    return write_batches(
        path, (batch_of(rows) for rows in iter(lambda: list(islice(rest, ROWS_PER_BATCH)), []))
    )


def read_arrow(path: Path) -> Iterator[Record]:
    """The records of a file; raises `InterchangeError`."""
    import pyarrow as arrow  # noqa: PLC0415

    try:
        with path.open("rb") as file, arrow.ipc.open_stream(file) as reader:
            for batch in reader:
                yield from map(record_of_row, batch.to_pylist())
    except arrow.ArrowInvalid as cause:
        raise InterchangeError(f"{path}: expected an Arrow stream, found {cause}") from cause


def record_of_row(row: dict[str, Any]) -> Record:
    """The record in a row of these columns; raises `InterchangeError`."""
    for column, kind in (("text", str), ("segments", list)):
        if not isinstance(row.get(column), kind):
            found = type(row.get(column)).__name__
            raise InterchangeError(f"{column}: expected {kind.__name__}, found {found}")
    try:
        spans = tuple(Span(s["label"], s["start"], s["end"]) for s in row["segments"])
        meta = json.loads(row.get("meta") or "{}")
    except (KeyError, TypeError, ValueError) as cause:
        raise InterchangeError(f"expected segments and meta as written, found {cause}") from cause
    return Record(id=row.get("id") or "", text=row["text"], segments=spans, meta=meta)
