"""What a label run leaves behind: agreed and disputed messages, who said what, and a table of agreement."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from buzz_parser.data.files import replaced
from buzz_parser.data.records import Record, Span, record_to_json
from buzz_parser.data.teachers.agreement import PairAgreement, agreement_table, consensus
from buzz_parser.data.teachers.asking import Ended
from buzz_parser.data.teachers.config import Settings
from buzz_parser.data.teachers.label import Labelling
from buzz_parser.data.teachers.ledger import Ledger
from buzz_parser.data.teachers.messages import InputMessage
from buzz_parser.data.teachers.outputs import (
    Tally,
    spending_report,
    tally,
    write_closing,
)
from buzz_parser.data.teachers.standing import Book, Standing, accepted
from buzz_parser.data.teachers.tasks import Stage


@dataclass(frozen=True, kw_only=True)
class LabelReport:
    """What a label stage has made, over all runs on the folder, in messages, and how far teachers agree.

    `agreed` messages have no disputed character; `refused` are those with too few accepted answers, and bad
    lines; `open` ones lack an answer still; `stopped` says what ended the run early.
    """

    tally: Tally
    agreed: int
    disputed: int
    refused: int
    open: int
    agreement: tuple[PairAgreement, ...]
    spending: dict[str, Any]
    stopped: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Opinions:
    """A message, the standings of its tasks, and the labellings of those that were accepted, by task."""

    message: InputMessage
    standings: list[Standing]
    labellings: dict[str, Labelling]


def write_labelled(
    stage: Stage[Labelling],
    settings: Settings,
    ledger: Ledger,
    book: Book,
    ended: Ended,
    messages: Sequence[InputMessage],
    bad_lines: Sequence[dict[str, Any]],
    out: Path,
) -> LabelReport:
    """Writes all files of a folder but the ledger, from the ledger and the input."""
    of_message: list[list[Standing]] = [[] for _ in messages]
    for standing in book.standings.values():
        of_message[standing.task.item].append(standing)
    refused, spans = list(bad_lines), []
    counts = {"agreed": 0, "disputed": 0, "open": 0}
    with replaced(out / "records.jsonl") as sure, replaced(out / "disputed.jsonl") as unsure:
        for message, standings in zip(messages, of_message, strict=True):
            labellings = {s.task.id: found for s, found in accepted(stage, ledger, standings)}
            opinions = Opinions(message=message, standings=standings, labellings=labellings)
            spans.append(_spans_by_teacher(opinions))
            if any(standing.outcome == "open" for standing in standings):
                counts["open"] += 1
            elif len(labellings) < settings.needed:
                refused.append(_too_few(opinions, settings.needed))
            else:
                record = _record(opinions)
                disputed = bool(record.meta["disputed"])
                counts["disputed" if disputed else "agreed"] += 1
                (unsure if disputed else sure).write(record_to_json(record).encode() + b"\n")
    report = LabelReport(
        tally=tally(book, settings, len(ended.failures)),
        **counts,
        refused=len(refused),
        agreement=tuple(agreement_table(spans)),
        spending=spending_report(book, settings),
        stopped=ended.stopped,
    )
    write_closing(out, refused, book, ended, asdict(report))
    return report


def _record(opinions: Opinions) -> Record:
    """The record of what most teachers said, with what each of them said."""
    text, labellings = opinions.message.text, opinions.labellings
    found = consensus(text, [labelling.spans for labelling in labellings.values()])
    teachers = [
        {
            "teacher": standing.task.teacher.name,
            "model": standing.task.teacher.model,
            "task": standing.task.id,
            "exact": labellings[standing.task.id].exact,
            "edits": labellings[standing.task.id].edits,
            "segments": [span._asdict() for span in labellings[standing.task.id].spans],
        }
        for standing in opinions.standings
        if standing.task.id in labellings
    ]
    meta: dict[str, Any] = {
        "source": "teacher",
        "stage": "label",
        "disputed": [list(interval) for interval in found.disputed],
        "teachers": teachers,
        "rejected": _rejected(opinions),
    }
    return Record(id=opinions.message.id, text=text, segments=found.spans, meta=meta)


def _too_few(opinions: Opinions, needed: int) -> dict[str, Any]:
    found = f"{len(opinions.labellings)} of {len(opinions.standings)}"
    return {
        "line": opinions.message.line,
        "id": opinions.message.id,
        "reason": f"expected accepted answers of at least {needed} teachers, found {found}",
        "answers": _rejected(opinions),
    }


def _rejected(opinions: Opinions) -> list[dict[str, Any]]:
    return [
        {"teacher": standing.task.teacher.name, "task": standing.task.id, "reason": standing.reason}
        for standing in opinions.standings
        if standing.outcome == "rejected"
    ]


def _spans_by_teacher(opinions: Opinions) -> Mapping[str, Sequence[Span]]:
    return {
        standing.task.teacher.name: opinions.labellings[standing.task.id].spans
        for standing in opinions.standings
        if standing.task.id in opinions.labellings
    }
