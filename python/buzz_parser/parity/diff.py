"""Where two traces of one text part: the first stage, and what stands there on both sides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from buzz_parser.contract.labels import LABELS
from buzz_parser.errors import BuzzError
from buzz_parser.reading.parser import Engine
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
"""The stages of a parse in the order in which one follows from another."""

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
    """The earliest stage in which two outcomes of one text differ; `None` where both are the same bits."""
    if isinstance(left, BuzzError) or isinstance(right, BuzzError):
        return _first_row("error", [_error_row(left)], [_error_row(right)])
    for stage in STAGES[1:]:
        rows = ROWS[stage]
        difference = _first_row(stage, rows(left), rows(right))
        if difference is not None:
            return difference
    return None


def _error_row(outcome: Outcome) -> str:
    return f"{outcome.kind}: {outcome}" if isinstance(outcome, BuzzError) else "no error"


def _first_row(stage: str, left: Sequence[Any], right: Sequence[Any]) -> Difference | None:
    if left == right:
        return None
    for row, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return Difference(stage=stage, row=row, left=_show(a), right=_show(b))
    shorter = min(len(left), len(right))
    return Difference(
        stage=stage, row=shorter, left=f"{len(left)} rows", right=f"{len(right)} rows"
    )


def _show(value: Any) -> str:
    if isinstance(value, bytes):
        return " ".join(f"{number:.9g}" for number in np.frombuffer(value, dtype="<f4")[:9])
    return str(value)


def _float_rows(name: str) -> Callable[[Trace], Sequence[bytes]]:
    """One row a token of a window's body, as bytes, so that equal means equal bits."""
    return lambda trace: [
        row.astype("<f4").tobytes() for window in trace.windows for row in getattr(window, name)
    ]


ROWS: dict[str, Callable[[Trace], Sequence[Any]]] = {
    "ids": lambda trace: trace.ids,
    "offsets": lambda trace: trace.offsets,
    "byte_offsets": lambda trace: trace.byte_offsets,
    "windows": lambda trace: [window.plan for window in trace.windows],
    "inputs": lambda trace: [(window.input_ids, window.token_type_ids) for window in trace.windows],
    "logits": _float_rows("logits"),
    "probabilities": _float_rows("probabilities"),
    "labels": lambda trace: [LABELS[label] for label in trace.labels],
    "segments": lambda trace: [
        (s.label, s.start, s.end, s.start_byte, s.end_byte, s.text) for s in trace.segments
    ],
    "scores": lambda trace: [s.score.hex() for s in trace.segments],
}
"""What is compared in each stage, row by row."""
