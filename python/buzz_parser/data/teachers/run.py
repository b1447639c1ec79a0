"""Both stages from end to end: settings and a folder in, what teachers made and a report out.

A folder holds one ledger and what follows from it: `records.jsonl`, `rejected.jsonl`, `open.jsonl`,
`report.json`; after `create` also `transcripts.txt` with its provenance in `transcripts.jsonl`, after `label`
also `disputed.jsonl`. All but the ledger are written anew at the end of every run. Whatever was answered before
is taken from the ledger and not asked again.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from buzz_parser.data.teachers.asking import Ended, ask_all
from buzz_parser.data.teachers.config import Settings, key_of
from buzz_parser.data.teachers.create import create_stage
from buzz_parser.data.teachers.created import CreateReport, write_created
from buzz_parser.data.teachers.label import label_stage
from buzz_parser.data.teachers.labelled import LabelReport, write_labelled
from buzz_parser.data.teachers.ledger import Ledger
from buzz_parser.data.teachers.messages import read_input
from buzz_parser.data.teachers.outputs import Tally, tally
from buzz_parser.data.teachers.standing import Book, read_book
from buzz_parser.data.teachers.tasks import Stage, Value

LEDGER_NAME = "ledger.jsonl"

Notify = Callable[[Tally], None]
"""Is called with the tally after every request."""


def run_create(
    settings: Settings,
    out: Path,
    *,
    seed: int,
    count: int,
    environment: Mapping[str, str] = os.environ,
    notify: Notify = lambda _: None,
) -> CreateReport:
    """Has teachers create the messages and transcripts of `count` indices of a seed in the folder `out`.

    `environment` holds the keys. Raises `TeacherError` before anything is asked.
    """
    stage = create_stage(settings, seed=seed, count=count)
    with Ledger(out / LEDGER_NAME) as ledger:
        book, ended = _ask(stage, settings, ledger, environment, notify)
        return write_created(stage, settings, ledger, book, ended, out)


def run_label(
    settings: Settings,
    messages: Path,
    out: Path,
    *,
    seed: int,
    environment: Mapping[str, str] = os.environ,
    notify: Notify = lambda _: None,
) -> LabelReport:
    """Has teachers label the messages of a JSONL file in the folder `out`; raises as `run_create` does.

    Each line is a JSON string or an object with the key `text` and perhaps `id`; other lines go to the reject
    file with the reason.
    """
    good, bad = read_input(messages)
    stage = label_stage(settings, [message.text for message in good], seed=seed)
    with Ledger(out / LEDGER_NAME) as ledger:
        book, ended = _ask(stage, settings, ledger, environment, notify)
        return write_labelled(stage, settings, ledger, book, ended, good, bad, out)


def _ask(
    stage: Stage[Value],
    settings: Settings,
    ledger: Ledger,
    environment: Mapping[str, str],
    notify: Notify,
) -> tuple[Book, Ended]:
    """Asks all that is open; where nothing is, no key is needed."""
    book = read_book(stage, settings.retry.attempts, ledger.entries())
    notify(tally(book, settings))
    needed = {s.task.teacher.name for s in book.standings.values() if s.outcome == "open"}
    keys = {t.name: key_of(t, environment) for t in settings.teachers if t.name in needed}
    asking = ask_all(
        stage, settings, keys, ledger, book, lambda book: notify(tally(book, settings))
    )
    return book, asyncio.run(asking)
