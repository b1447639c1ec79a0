"""What a create run leaves behind: messages as records, transcripts as text, each of them once."""

import hashlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from buzz_parser.data.files import replaced
from buzz_parser.data.records import record_to_json
from buzz_parser.data.teachers.asking import Ended
from buzz_parser.data.teachers.config import Settings
from buzz_parser.data.teachers.create import Created, TaughtTranscript
from buzz_parser.data.teachers.ledger import Ledger
from buzz_parser.data.teachers.outputs import (
    Tally,
    reject_line,
    spending_report,
    tally,
    write_closing,
    write_json_lines,
)
from buzz_parser.data.teachers.standing import Book, accepted
from buzz_parser.data.teachers.tasks import Stage
from buzz_parser.data.transcripts import format_transcripts


@dataclass(frozen=True, kw_only=True)
class CreateReport:
    """What a create stage has made, over all runs on the folder; `stopped` says what ended it early."""

    tally: Tally
    records: int
    transcripts: int
    duplicates: int
    spending: dict[str, Any]
    stopped: tuple[str, ...]


def write_created(
    stage: Stage[Created], settings: Settings, ledger: Ledger, book: Book, ended: Ended, out: Path
) -> CreateReport:
    """Writes all files of a folder but the ledger, from the ledger."""
    standings = book.standings.values()
    refused = [reject_line(s, s.reason) for s in standings if s.outcome == "rejected"]
    seen: dict[bytes, str] = {}
    provenance: list[dict[str, Any]] = []
    records = duplicates = 0
    with replaced(out / "records.jsonl") as messages, replaced(out / "transcripts.txt") as texts:
        for standing, created in accepted(stage, ledger, standings):
            same = seen.setdefault(_digest(created), standing.task.id)
            if same != standing.task.id:
                duplicates += 1
                refused.append(reject_line(standing, f"the same as the answer to {same}"))
            elif isinstance(created, TaughtTranscript):
                provenance.append({"id": created.transcript.id, "meta": created.meta})
                texts.write(format_transcripts([created.transcript]).encode())
            else:
                records += 1
                messages.write(record_to_json(created).encode() + b"\n")
    write_json_lines(out / "transcripts.jsonl", provenance)
    report = CreateReport(
        tally=tally(book, settings, len(ended.failures)),
        records=records,
        transcripts=len(provenance),
        duplicates=duplicates,
        spending=spending_report(book, settings),
        stopped=ended.stopped,
    )
    write_closing(out, refused, book, ended, asdict(report))
    return report


def _digest(created: Created) -> bytes:
    """The same for what differs in whitespace only, or in a transcript's id, which is made unique."""
    if isinstance(created, TaughtTranscript):
        text = format_transcripts([replace(created.transcript, id="")])
    else:
        text = created.text
    return hashlib.sha256("".join(text.split()).encode()).digest()
