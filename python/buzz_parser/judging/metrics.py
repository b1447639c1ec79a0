"""What counts in judging: from gold and predicted spans to counts, from counts to figures with intervals.

A message's counts are one vector of integers, and every figure is a ratio of two sums over them, so the same
few lines give the figures of one message, of a split, and of a thousand bootstrap samples.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.data.records import Span

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

Interval = tuple[float, float]

KINDS = (*SEGMENT_TYPES, "O")
"""What a character or a segment can be taken for; `O` is outside of all segments."""

DISTANCES = ((0, "0"), (1, "1"), (3, "2-3"), (10, "4-10"), (50, "11-50"), (None, "51+"))
"""Bins of a boundary's distance in characters: the last distance of each (`None`: no limit), and its name."""

EDGES = ("start", "end")
PROSE = ("THOUGHT", "TEXT")

COLUMNS = (
    "messages",
    "exact",
    "exact_but_prose",
    "false_call",
    "missed_call",
    "characters",
    "characters_right",
    "prose_swaps",
    *(f"{what}:{kind}" for kind in SEGMENT_TYPES for what in ("right", "predicted", "gold")),
    *(f"confused:{gold}:{predicted}" for gold in KINDS for predicted in KINDS),
    *(f"{edge}:{name}" for edge in EDGES for _, name in DISTANCES),
)
"""The names of a message's counts, in the order of the vector."""

COLUMN = {name: index for index, name in enumerate(COLUMNS)}


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A figure: the sum of some counts over the sum of others, times `factor`; none where that sum is 0."""

    top: tuple[str, ...]
    bottom: tuple[str, ...]
    factor: float = 1.0


def _segment_ratios() -> dict[str, Ratio]:
    groups = {"": SEGMENT_TYPES, **{f"_{kind.lower()}": (kind,) for kind in SEGMENT_TYPES}}
    ratios = {}
    for suffix, kinds in groups.items():
        right, predicted, gold = (
            tuple(f"{what}:{kind}" for kind in kinds) for what in ("right", "predicted", "gold")
        )
        ratios[f"precision{suffix}"] = Ratio(top=right, bottom=predicted)
        ratios[f"recall{suffix}"] = Ratio(top=right, bottom=gold)
        ratios[f"f1{suffix}"] = Ratio(top=right, bottom=predicted + gold, factor=2.0)
    return ratios


FIGURES: Mapping[str, Ratio] = {
    **_segment_ratios(),
    "exact": Ratio(top=("exact",), bottom=("messages",)),
    "exact_but_prose": Ratio(top=("exact_but_prose",), bottom=("messages",)),
    "false_calls": Ratio(top=("false_call",), bottom=("messages",)),
    "missed_calls": Ratio(top=("missed_call",), bottom=("messages",)),
    "character_accuracy": Ratio(top=("characters_right",), bottom=("characters",)),
    "prose_swaps": Ratio(
        top=("prose_swaps",), bottom=tuple(f"gold:{kind}" for kind in SEGMENT_TYPES)
    ),
}
"""Every figure by name.

`precision`, `recall`, `f1`: segments with exact bounds and type, over all types and per type. `exact`: share of
messages with all segments right and none too many; `exact_but_prose` takes THOUGHT and TEXT for one type.
`false_calls`, `missed_calls`: shares of messages where a predicted TOOLCALL touches no true one, and the
reverse. `prose_swaps`: share of gold segments with right bounds and THOUGHT for TEXT or the reverse.
"""


def count_message(gold: Sequence[Span], predicted: Sequence[Span], text: str) -> IntArray:
    """The counts of one message, int64 [len(COLUMNS)]; spans are ordered, disjoint and inside the text."""
    counts = dict.fromkeys(COLUMNS, 0)
    counts["messages"] = 1
    counts["exact"] = int(list(gold) == list(predicted))
    counts["exact_but_prose"] = int([_prose(s) for s in gold] == [_prose(s) for s in predicted])
    counts["characters"] = len(text)
    counts["characters_right"] = int((paint(gold, text) == paint(predicted, text)).sum())
    for kind in SEGMENT_TYPES:
        ours, theirs = ({s for s in spans if s.label == kind} for spans in (gold, predicted))
        counts[f"right:{kind}"] = len(ours & theirs)
        counts[f"gold:{kind}"] = len(ours)
        counts[f"predicted:{kind}"] = len(theirs)
    label_at = {(s.start, s.end): s.label for s in gold}
    counts["prose_swaps"] = sum(
        {s.label, label_at.get((s.start, s.end))} == set(PROSE) for s in predicted
    )
    _count_calls(counts, gold, predicted)
    _count_confusion(counts, gold, predicted)
    _count_distances(counts, gold, predicted)
    return np.array([counts[name] for name in COLUMNS], dtype=np.int64)


def paint(spans: Sequence[Span], text: str) -> npt.NDArray[np.int8]:
    """The kind of each character as an index into `KINDS`, int8 [len(text)]."""
    kinds = np.full(len(text), KINDS.index("O"), dtype=np.int8)
    for span in spans:
        kinds[span.start : span.end] = KINDS.index(span.label)
    return kinds


def figures(counts: IntArray) -> dict[str, float | None]:
    """Every figure of summed counts [len(COLUMNS)]; `None` where there is nothing to divide by."""
    values = _ratios(counts[np.newaxis, :].astype(np.float64))
    return {name: None if np.isnan(value[0]) else float(value[0]) for name, value in values.items()}


def samples(counts: IntArray, *, rounds: int = 1000, seed: int = 1) -> dict[str, FloatArray]:
    """Every figure in bootstrap samples, [rounds], NaN where it does not exist: units with replacement.

    `counts` is [units, len(COLUMNS)], at least one; a unit is a message, or all messages that fail together. The
    same seed draws the same units, so that the difference of two systems may be taken sample by sample.
    """
    rng = np.random.default_rng(seed)
    shares = np.full(len(counts), 1 / len(counts))
    sums = np.empty((rounds, counts.shape[1]))
    for first in range(
        0, rounds, 50
    ):  # draws of all rounds at once would be large for many messages
        size = min(50, rounds - first)
        sums[first : first + size] = rng.multinomial(len(counts), shares, size=size) @ counts
    return _ratios(sums)


def interval(values: FloatArray) -> Interval | None:
    """The 2.5th and the 97.5th percentile of a figure's samples; `None` where it exists in none."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return float(low), float(high)


def confusion(counts: IntArray) -> dict[str, dict[str, int]]:
    """Segments by true kind, then by predicted kind; `O` is where a segment touches none of the other side."""
    return {
        gold: {found: int(counts[COLUMN[f"confused:{gold}:{found}"]]) for found in KINDS}
        for gold in KINDS
    }


def distances(counts: IntArray) -> dict[str, dict[str, int]]:
    """For segments found with the right type: how far, in characters, their start and end are from the true."""
    return {
        edge: {name: int(counts[COLUMN[f"{edge}:{name}"]]) for _, name in DISTANCES}
        for edge in EDGES
    }


def total(rows: Iterable[IntArray]) -> IntArray:
    """The sum of messages' counts, [len(COLUMNS)]."""
    return sum(rows, np.zeros(len(COLUMNS), dtype=np.int64))


def touching(gold: Sequence[Span], predicted: Sequence[Span]) -> list[tuple[int, int, int]]:
    """Every pair that shares characters: index of the gold span, of the predicted one, and how many it shares.

    In one sweep, because a log may have thousands of segments.
    """
    pairs = []
    index = number = 0
    while index < len(gold) and number < len(predicted):
        one, other = gold[index], predicted[number]
        shared = min(one.end, other.end) - max(one.start, other.start)
        if shared > 0:
            pairs.append((index, number, shared))
        if one.end <= other.end:
            index += 1
        else:
            number += 1
    return pairs


def distance_bin(distance: int) -> str:
    """The name of the bin in `DISTANCES` that a distance falls into."""
    return next(name for last, name in DISTANCES if last is None or distance <= last)


def _prose(span: Span) -> tuple[str, int, int]:
    return ("prose" if span.label in PROSE else span.label, span.start, span.end)


def _calls(spans: Sequence[Span]) -> list[Span]:
    return [span for span in spans if span.label == "TOOLCALL"]


def _count_calls(counts: dict[str, int], gold: Sequence[Span], predicted: Sequence[Span]) -> None:
    """Whether some predicted TOOLCALL touches no true one, and the reverse."""
    ours, theirs = _calls(gold), _calls(predicted)
    pairs = touching(ours, theirs)
    counts["missed_call"] = int(len({index for index, _, _ in pairs}) < len(ours))
    counts["false_call"] = int(len({number for _, number, _ in pairs}) < len(theirs))


def _count_confusion(
    counts: dict[str, int], gold: Sequence[Span], predicted: Sequence[Span]
) -> None:
    """Each gold segment by the predicted one that covers most of it; predicted ones that touch none as `O`."""
    pairs = touching(gold, predicted)
    best: dict[int, tuple[int, int]] = {}
    for index, number, shared in pairs:
        best[index] = max(best.get(index, (0, 0)), (shared, -number))
    for index, span in enumerate(gold):
        found = predicted[-best[index][1]].label if index in best else "O"
        counts[f"confused:{span.label}:{found}"] += 1
    touched = {number for _, number, _ in pairs}
    for number, span in enumerate(predicted):
        if number not in touched:
            counts[f"confused:O:{span.label}"] += 1


def _count_distances(
    counts: dict[str, int], gold: Sequence[Span], predicted: Sequence[Span]
) -> None:
    """Pairs of one type, each segment in at most one, those that share most characters first."""
    pairs = sorted(touching(gold, predicted), key=lambda pair: (-pair[2], pair[0], pair[1]))
    paired: set[int] = set()
    taken: set[int] = set()
    for index, number, _ in pairs:
        one, other = gold[index], predicted[number]
        if one.label != other.label or index in paired or number in taken:
            continue
        paired.add(index)
        taken.add(number)
        counts[f"start:{distance_bin(abs(one.start - other.start))}"] += 1
        counts[f"end:{distance_bin(abs(one.end - other.end))}"] += 1


def _ratios(sums: FloatArray) -> dict[str, FloatArray]:
    """Every figure of rows of summed counts, [rows, len(COLUMNS)] to [rows]; NaN where it does not exist."""
    values = {}
    for name, ratio in FIGURES.items():
        top = sums[:, [COLUMN[column] for column in ratio.top]].sum(axis=1)
        bottom = sums[:, [COLUMN[column] for column in ratio.bottom]].sum(axis=1)
        missing = bottom == 0
        values[name] = np.where(missing, np.nan, ratio.factor * top / np.where(missing, 1, bottom))
    return values
