"""The stage: what a parser makes of messages with gold segments, in figures, splits and its worst messages."""

import importlib.util
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from buzz_parser.data.files import write_whole
from buzz_parser.data.records import Record, Span
from buzz_parser.judging.metrics import (
    FIGURES,
    IntArray,
    Interval,
    confusion,
    count_message,
    distances,
    figures,
    interval,
    samples,
    total,
)
from buzz_parser.judging.splits import AXES, ORDERS
from buzz_parser.reading.trace import ParseResult

Predict = Callable[[Sequence[str]], list[tuple[Span, ...]]]
Figures = Mapping[str, float | None]

WORST = 60
WORST_OF_ONE_FORMAT = 4
BATCH = 32
SPLIT_ROUNDS = 400


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One message and what was found in it; `counts` as `metrics.count_message` gives them."""

    record: Record
    predicted: tuple[Span, ...]
    counts: IntArray


@dataclass(frozen=True, kw_only=True)
class Group:
    """The figures of the messages of one group of an axis, with 95 % intervals."""

    axis: str
    name: str
    messages: int
    figures: Figures
    intervals: Mapping[str, Interval | None]


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that is known of one system on one set of messages; `seqeval` is `None` where it is not installed."""

    system: str
    overall: Group
    groups: tuple[Group, ...]
    confusion: Mapping[str, Mapping[str, int]]
    distances: Mapping[str, Mapping[str, int]]
    seqeval: Mapping[str, float] | None
    judged: tuple[Judged, ...]


def evaluate(
    predict: Predict,
    records: Sequence[Record],
    *,
    system: str = "parser",
    rounds: int = 1000,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Judges `predict` on records, at least one; `progress` is told how many messages are done.

    `predict` returns for each text its spans: trimmed, ordered, disjoint, neighbouring prose merged. Raises
    what `predict` raises, and `ValueError` if there is nothing to judge or a text has no answer.
    """
    if not records:
        raise ValueError("records: expected at least one message with gold segments, found none")
    judged = _judge(predict, records, progress)
    summed = total(message.counts for message in judged)
    return Report(
        system=system,
        overall=_group("all", "all", judged, rounds, seed),
        groups=tuple(
            _group(axis, name, members, min(rounds, SPLIT_ROUNDS), seed)
            for axis, groups in grouped(judged).items()
            for name, members in groups.items()
        ),
        confusion=confusion(summed),
        distances=distances(summed),
        seqeval=_seqeval(judged),
        judged=tuple(judged),
    )


def predictor(parse_all: Callable[[Sequence[str]], Iterable[ParseResult]]) -> Predict:
    """What a parser finds, as `evaluate` wants it."""

    def predict(texts: Sequence[str]) -> list[tuple[Span, ...]]:
        return [
            tuple(Span(s.label, s.start, s.end) for s in result.segments)
            for result in parse_all(texts)
        ]

    return predict


def difference(
    one: Report, other: Report, *, rounds: int = 1000, seed: int = 1
) -> dict[str, Interval | None]:
    """The 95 % interval of every figure of one report minus the other's, on the same messages.

    Paired: each sample draws the same transcripts for both, so it is much narrower than two intervals beside
    each other. Raises `ValueError` if the reports are of different messages.
    """
    if [m.record.id for m in one.judged] != [m.record.id for m in other.judged]:
        raise ValueError("reports: expected the same messages in both, found different ones")
    ours, theirs = (
        samples(_by_transcript(report.judged), rounds=rounds, seed=seed) for report in (one, other)
    )
    return {name: interval(ours[name] - theirs[name]) for name in FIGURES}


def worst(report: Report, limit: int = WORST) -> list[Judged]:
    """The messages that were read worst: fewest segments right, then most characters wrong.

    At most a few of one format, so that a page of them teaches more than one thing.
    """

    def badness(message: Judged) -> tuple[float, float]:
        values = figures(message.counts)
        return values["f1"] or 0.0, values["character_accuracy"] or 0.0

    wrong = [m for m in report.judged if m.record.segments != m.predicted]
    chosen: list[Judged] = []
    taken: dict[tuple[str, ...], int] = defaultdict(int)
    for message in sorted(wrong, key=badness):
        kind = AXES["format"](message.record) or AXES["source"](message.record)
        taken[kind] += 1
        if taken[kind] <= WORST_OF_ONE_FORMAT and len(chosen) < limit:
            chosen.append(message)
    return chosen


def grouped(judged: Sequence[Judged]) -> dict[str, dict[str, list[Judged]]]:
    """The messages by axis and group, in the order in which a report shows them; empty axes are left out."""
    found: dict[str, dict[str, list[Judged]]] = {}
    for axis, groups_of in AXES.items():
        groups: dict[str, list[Judged]] = defaultdict(list)
        for message in judged:
            for name in groups_of(message.record):
                groups[name].append(message)
        order = ORDERS.get(axis, ())
        ranked = sorted(
            groups,
            key=lambda name: (
                order.index(name) if name in order else len(order),
                -len(groups[name]),
                name,
            ),
        )
        if ranked:
            found[axis] = {name: groups[name] for name in ranked}
    return found


def report_to_json(report: Report) -> dict[str, Any]:
    """A report as JSON values: every figure and split, no messages."""
    return {
        "system": report.system,
        "overall": _group_to_json(report.overall),
        "groups": [_group_to_json(group) for group in report.groups],
        "confusion": {gold: dict(row) for gold, row in report.confusion.items()},
        "distances": {edge: dict(row) for edge, row in report.distances.items()},
        "seqeval": None if report.seqeval is None else dict(report.seqeval),
    }


def write_json(path: Path, value: Any) -> None:
    """Writes JSON values to a file, indented."""
    write_whole(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _judge(
    predict: Predict, records: Sequence[Record], progress: Callable[[int], None] | None
) -> list[Judged]:
    judged = []
    for first in range(0, len(records), BATCH):
        batch = records[first : first + BATCH]
        answers = predict([record.text for record in batch])
        if len(answers) != len(batch):
            raise ValueError(f"predict: expected {len(batch)} answers, found {len(answers)}")
        for record, spans in zip(batch, answers, strict=True):
            counts = count_message(record.segments, spans, record.text)
            judged.append(Judged(record=record, predicted=tuple(spans), counts=counts))
        if progress is not None:
            progress(len(judged))
    return judged


def _group(axis: str, name: str, judged: Sequence[Judged], rounds: int, seed: int) -> Group:
    counts = _by_transcript(judged)
    drawn = samples(counts, rounds=rounds, seed=seed)
    return Group(
        axis=axis,
        name=name,
        messages=len(judged),
        figures=figures(counts.sum(axis=0)),
        intervals={figure: interval(values) for figure, values in drawn.items()},
    )


def _by_transcript(judged: Sequence[Judged]) -> IntArray:
    """The counts summed over the messages of each transcript, which fail together; others stand alone."""
    sums: dict[str, IntArray] = {}
    for message in judged:
        record = message.record
        transcript = record.meta.get("transcript")
        unit = f"message {record.id}" if transcript is None else f"transcript {transcript}"
        sums[unit] = sums[unit] + message.counts if unit in sums else message.counts
    return np.stack(list(sums.values()))


def _seqeval(judged: Sequence[Judged]) -> Mapping[str, float] | None:
    if any(importlib.util.find_spec(name) is None for name in ("evaluate", "seqeval", "datasets")):
        return None
    # Needs packages that only training has.
    from buzz_parser.judging.seqeval import strict_iob2  # noqa: PLC0415

    return strict_iob2((message.record.segments, message.predicted) for message in judged)


def _group_to_json(group: Group) -> dict[str, Any]:
    return {
        "axis": group.axis,
        "name": group.name,
        "messages": group.messages,
        "figures": dict(group.figures),
        "intervals": {name: bounds and list(bounds) for name, bounds in group.intervals.items()},
    }
