"""Hugging Face `datasets`, to and from a folder on the disk. Needs the package `datasets`."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from buzz_parser.data.interchange.arrow import record_of_row, write_arrow
from buzz_parser.data.interchange.lines import InterchangeError, Rejects, checked
from buzz_parser.data.records import Record


def write_hugging_face(folder: Path, records: Iterable[Record]) -> int:
    """Writes a dataset that `datasets.load_from_disk` reads; returns its rows.

    The folder must not be there yet; it appears when it is whole. Raises `InterchangeError`.
    """
    import datasets  # noqa: PLC0415

    if folder.exists():
        raise InterchangeError(f"{folder}: expected no such folder yet, found one")
    folder.parent.mkdir(parents=True, exist_ok=True)
    bars = datasets.utils.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    working = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".partial", dir=folder.parent))
    try:
        count = write_arrow(working / "rows.arrow", records)
        datasets.Dataset.from_file(str(working / "rows.arrow")).save_to_disk(working / "dataset")
        (working / "dataset").rename(folder)
    finally:
        shutil.rmtree(working, ignore_errors=True)
        if not bars:
            datasets.enable_progress_bars()
    return count


def read_hugging_face(folder: Path, rejects: Rejects) -> list[Record]:
    """The records of a dataset on disk, with the columns `text` and `segments`, perhaps `id` and `meta`."""
    import datasets  # noqa: PLC0415

    try:
        loaded = datasets.load_from_disk(str(folder))
    except (OSError, ValueError) as cause:
        raise InterchangeError(f"{folder}: expected a dataset on disk, found {cause}") from cause
    if isinstance(loaded, datasets.DatasetDict):
        found = ", ".join(loaded)
        raise InterchangeError(
            f"{folder}: expected one dataset, found the splits {found}; name one"
        )
    records = []
    for number, row in enumerate(loaded, start=1):
        try:
            record = checked(record_of_row(row))
        except InterchangeError as error:
            rejects.add(f"row {number}", error, str(row.get("text", ""))[:2_000])
        else:
            records.append(record)
    return records
