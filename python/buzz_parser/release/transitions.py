"""Transition scores: two penalties, chosen on messages with gold segments by decoding recorded logits again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from buzz_parser.contract import windows
from buzz_parser.contract.decode import viterbi
from buzz_parser.contract.labels import (
    LABELS,
    OUTSIDE,
    SEGMENT_TYPES,
    is_allowed,
    is_begin,
    type_of,
)
from buzz_parser.contract.segments import spans
from buzz_parser.data.records import Record, Span
from buzz_parser.judging import metrics
from buzz_parser.reading.reference import ReferenceEngine
from buzz_parser.reading.trace import Trace

REPEAT_PENALTIES = (0.0, 1.0, 2.0, 4.0)
SWITCH_PENALTIES = (0.0, 1.0, 2.0, 4.0)


@dataclass(frozen=True, kw_only=True)
class Penalties:
    """Taken off a `B-X` beside its own type, and off one directly behind another type."""

    repeat: float
    switch: float


DEFAULT_PENALTIES = Penalties(repeat=2.0, switch=0.0)
"""Where nothing was measured."""


def transition_scores(penalties: Penalties) -> NDArray[np.float64]:
    """Scores [9, 9] from row to column: 0 less the penalties where BIO allows, else -inf."""
    size = len(LABELS)
    scores = np.full((size, size), -np.inf)
    for i, j in product(range(size), repeat=2):
        if not is_allowed(i, j):
            continue
        if i == OUTSIDE or not is_begin(j):
            scores[i, j] = 0.0
        else:
            same = type_of(i) == type_of(j)
            scores[i, j] = 0.0 - (penalties.repeat if same else penalties.switch)
    return scores


def choose_penalties(
    engine: ReferenceEngine, records: Sequence[Record]
) -> tuple[Penalties, Mapping[Penalties, float]]:
    """The penalties with the best mean of segment F1 and messages exactly right, and that mean of each.

    Of equals the lowest are chosen. Each message runs through the model once. Its windows are those of the
    engine's own scores, so a path that differs was read behind a context that is not quite its own: the means
    are estimates.
    """
    traces = [engine.trace(record.text) for record in records]
    means = {}
    for repeat, switch in product(REPEAT_PENALTIES, SWITCH_PENALTIES):
        penalties = Penalties(repeat=repeat, switch=switch)
        scores = transition_scores(penalties)
        counts = [
            metrics.count_message(record.segments, decoded_again(trace, scores), record.text)
            for record, trace in zip(records, traces, strict=True)
        ]
        figures = metrics.figures(metrics.total(counts))
        means[penalties] = ((figures["f1"] or 0.0) + (figures["exact"] or 0.0)) / 2
    return max(means, key=lambda penalties: means[penalties]), means


def decoded_again(trace: Trace, scores: NDArray[np.float64]) -> list[Span]:
    """The segments that a trace's logits give under other transition scores."""
    labels: list[int] = []
    carry = windows.START
    for window in trace.windows:
        path = viterbi(window.logits, scores, carry.label)
        committed = path[: window.plan.commit - window.plan.position]
        labels += committed
        carry = windows.advance(carry, committed)
    runs = spans(trace.text, trace.offsets, labels)
    return [Span(SEGMENT_TYPES[run.type], run.start, run.end) for run in runs]
