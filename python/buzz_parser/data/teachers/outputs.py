"""What a run leaves behind beside its ledger: files that are whole or not there."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buzz_parser.data.files import replaced, write_whole
from buzz_parser.data.teachers.asking import Ended
from buzz_parser.data.teachers.config import Settings
from buzz_parser.data.teachers.standing import Book, Standing


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Tasks by outcome and what they have cost, over all runs on a ledger.

    `failed` are the open ones that were given up for this run; they are asked again by the next.
    """

    tasks: int
    accepted: int
    rejected: int
    open: int
    failed: int
    requests: int
    tokens: int
    cost: float


def tally(book: Book, settings: Settings, failed: int = 0) -> Tally:
    """The tally of a book."""
    teachers = {teacher.name: teacher for teacher in settings.teachers}
    return Tally(
        tasks=len(book.standings),
        accepted=book.outcomes["accepted"],
        rejected=book.outcomes["rejected"],
        open=book.outcomes["open"],
        failed=failed,
        requests=sum(spending.requests for spending in book.spending.values()),
        tokens=sum(spending.tokens for spending in book.spending.values()),
        cost=sum(
            spending.cost(teachers[name])
            for name, spending in book.spending.items()
            if name in teachers
        ),
    )


def write_json_lines(path: Path, values: Iterable[Any]) -> None:
    """Writes one JSON value a line."""
    with replaced(path) as file:
        for value in values:
            # Half a character, which a rejected line may quote, stays an escape.
            line = json.dumps(value, ensure_ascii=False)
            file.write(line.encode("utf-8", "backslashreplace") + b"\n")


def write_closing(
    out: Path, refused: Iterable[Any], book: Book, ended: Ended, report: dict[str, Any]
) -> None:
    """Writes what both stages leave: what was refused, what is open, and the report."""
    write_json_lines(out / "rejected.jsonl", refused)
    write_json_lines(out / "open.jsonl", _open_lines(book, ended))
    write_whole(out / "report.json", json.dumps(report, ensure_ascii=False, indent=2) + "\n")


def spending_report(book: Book, settings: Settings) -> dict[str, Any]:
    """What every teacher has cost, by name, and how its tasks ended."""
    teachers = {teacher.name: teacher for teacher in settings.teachers}
    report = {}
    for name, spending in sorted(book.spending.items()):
        mine = [s.outcome for s in book.standings.values() if s.task.teacher.name == name]
        report[name] = {
            "model": teachers[name].model if name in teachers else None,
            "accepted": mine.count("accepted"),
            "rejected": mine.count("rejected"),
            "open": mine.count("open"),
            "requests": spending.requests,
            "interrupted": spending.interrupted,
            "input_tokens": spending.input,
            "output_tokens": spending.output,
            "lost_tokens": spending.lost,
            "cost": spending.cost(teachers[name]) if name in teachers else None,
        }
    return report


def reject_line(standing: Standing, reason: str | None) -> dict[str, Any]:
    """What the reject file says of a task."""
    task = standing.task
    return {
        "task": task.id,
        "teacher": task.teacher.name,
        "model": task.teacher.model,
        "answers": standing.answers,
        "reason": reason,
    }


def _open_lines(book: Book, ended: Ended) -> Iterator[dict[str, Any]]:
    """What is still open, and why it failed if it was tried."""
    for standing in book.standings.values():
        if standing.outcome == "open":
            reason = ended.failures.get(standing.task.id) or standing.reason or "not asked yet"
            yield reject_line(standing, reason)
