"""Where two traces of one text part: the first stage, and what stands there on both sides."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from buzz_parser.contract.labels import LABELS
from buzz_parser.contract.segments import Segment
from buzz_parser.errors import BuzzError
from buzz_parser.reading.parser import Engine
from buzz_parser.reading.runtime import FloatArray
from buzz_parser.reading.trace import Trace

STAGES = (
    "error",
    "ids",
    "offsets",
    "byte_offsets",
    "windows",
    "inputs",
    "logits",
    "probabilities",
    "labels",
    "segments",
    "scores",
)
"""The stages of a parse; `windows` to `labels` are compared window by window."""

Outcome = Trace | BuzzError


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The first difference of two outcomes: its stage, the row in that stage, both values as text."""

    stage: str
    row: int
    left: str
    right: str


def outcome(engine: Engine, text: str) -> Outcome:
    """The trace of a text, or the error that the contract foresees for it."""
    try:
        return engine.trace(text)
    except BuzzError as error:
        return error


def first_difference(left: Outcome, right: Outcome) -> Difference | None:
    """The earliest difference of two outcomes of one text; `None` where both are the same bits.

    Earliest is by cause: a window's labels come before the next window, which follows from them. Rows count
    windows, tokens of the text, or segments.
    """
    if isinstance(left, BuzzError) or isinstance(right, BuzzError):
        return _first_row("error", 0, [_error_row(left)], [_error_row(right)])
    blocks = itertools.zip_longest(_blocks(left), _blocks(right), fillvalue=("windows", 0, ()))
    for (stage, first, rows), (other_stage, _, other_rows) in blocks:
        if stage != other_stage:  # one has more windows
            counts = (f"{len(trace.windows)} windows" for trace in (left, right))
            row = min(len(left.windows), len(right.windows))
            return Difference(stage="windows", row=row, left=next(counts), right=next(counts))
        difference = _first_row(stage, first, rows, other_rows)
        if difference is not None:
            return difference
    return None


def _blocks(trace: Trace) -> Iterator[tuple[str, int, Sequence[Any]]]:
    """All values of a trace in the order in which one follows from another: stage, first row, rows."""
    yield "ids", 0, trace.ids
    yield "offsets", 0, trace.offsets
    yield "byte_offsets", 0, trace.byte_offsets
    for index, window in enumerate(trace.windows):
        position, commit = window.plan.position, window.plan.commit
        yield "windows", index, [window.plan]
        yield "inputs", index, [(window.input_ids, window.token_type_ids)]
        yield "logits", position, _float_rows(window.logits)
        yield "probabilities", position, _float_rows(window.probabilities)
        yield "labels", position, [LABELS[label] for label in trace.labels[position:commit]]
    yield "segments", 0, [_bounds(segment) for segment in trace.segments]
    yield "scores", 0, [segment.score.hex() for segment in trace.segments]


def _bounds(segment: Segment) -> tuple[str, int, int, int, int, str]:
    start_byte, end_byte = segment.start_byte, segment.end_byte
    return segment.label, segment.start, segment.end, start_byte, end_byte, segment.text


def _float_rows(rows: FloatArray) -> list[bytes]:
    """One row a token as bytes, so that equal means equal bits."""
    return [row.astype("<f4").tobytes() for row in rows]


def _error_row(outcome: Outcome) -> str:
    return f"{outcome.kind}: {outcome}" if isinstance(outcome, BuzzError) else "no error"


def _first_row(
    stage: str, first: int, left: Sequence[Any], right: Sequence[Any]
) -> Difference | None:
    if left == right:
        return None
    for row, (a, b) in enumerate(zip(left, right, strict=False), start=first):
        if a != b:
            return Difference(stage=stage, row=row, left=_show(a), right=_show(b))
    shorter = first + min(len(left), len(right))
    return Difference(
        stage=stage, row=shorter, left=f"{len(left)} rows", right=f"{len(right)} rows"
    )


def _show(value: Any) -> str:
    if isinstance(value, bytes):
        return " ".join(f"{number:.9g}" for number in np.frombuffer(value, dtype="<f4")[:9])
    return str(value)
