"""Several teachers on one message: what most of them say is kept, what they dispute is named and counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.data.records import Span


@dataclass(frozen=True, kw_only=True)
class Consensus:
    """The spans that more than half of the teachers gave exactly so, and the intervals that stay disputed.

    An interval is disputed where no kept span covers it and no more than half of the teachers leave it outside
    of all segments.
    """

    spans: tuple[Span, ...]
    disputed: tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class PairAgreement:
    """How far two teachers agree on a label over all messages that both have labelled.

    Spans of each and those that are exactly the same; characters of each and those that both give the label.
    """

    first: str
    second: str
    label: str
    spans_first: int
    spans_second: int
    spans_same: int
    characters_first: int
    characters_second: int
    characters_same: int

    @property
    def span_f1(self) -> float | None:
        """Twice the same spans by the spans of both, 0.0 to 1.0; `None` if neither gave one."""
        return _dice(self.spans_same, self.spans_first, self.spans_second)

    @property
    def character_f1(self) -> float | None:
        """The same by characters: how far the spans overlap."""
        return _dice(self.characters_same, self.characters_first, self.characters_second)


def consensus(text: str, opinions: Sequence[Sequence[Span]]) -> Consensus:
    """What most of one or more opinions on a text say, each of ordered and disjoint spans.

    Two kept spans never overlap and are in order: more than half and more than half have a teacher in common.
    """
    votes = Counter(span for opinion in opinions for span in opinion)
    kept = sorted(
        (span for span, count in votes.items() if 2 * count > len(opinions)),
        key=lambda span: span.start,
    )
    outside = [len(opinions)] * len(text)
    for span, count in votes.items():
        for offset in range(span.start, span.end):
            outside[offset] -= count
    settled = bytearray(2 * count > len(opinions) for count in outside)
    for span in kept:
        settled[span.start : span.end] = b"\x01" * (span.end - span.start)
    return Consensus(spans=tuple(kept), disputed=tuple(_intervals(text, settled)))


def _intervals(text: str, settled: bytearray) -> Iterable[tuple[int, int]]:
    """The maximal unsettled intervals that hold more than whitespace, trimmed."""
    start = end = -1
    for offset, character in enumerate(text):
        if settled[offset]:
            if start >= 0:
                yield start, end
            start = -1
        elif character not in WHITESPACE:
            start = offset if start < 0 else start
            end = offset + 1
    if start >= 0:
        yield start, end


def agreement_table(messages: Iterable[Mapping[str, Sequence[Span]]]) -> list[PairAgreement]:
    """The agreement of every pair of teachers on every label; `messages` are opinions by teacher's name."""
    counts: dict[tuple[str, str, str], list[int]] = {}
    for opinions in messages:
        for first, second in combinations(sorted(opinions), 2):
            for label in SEGMENT_TYPES:
                left = {(s.start, s.end) for s in opinions[first] if s.label == label}
                right = {(s.start, s.end) for s in opinions[second] if s.label == label}
                row = counts.setdefault((first, second, label), [0] * 6)
                found = (len(left), len(right), len(left & right), *_shared(left, right))
                row[:] = [total + count for total, count in zip(row, found, strict=True)]
    return [
        PairAgreement(
            first=first,
            second=second,
            label=label,
            spans_first=row[0],
            spans_second=row[1],
            spans_same=row[2],
            characters_first=row[3],
            characters_second=row[4],
            characters_same=row[5],
        )
        for (first, second, label), row in sorted(counts.items())
    ]


def _shared(left: set[tuple[int, int]], right: set[tuple[int, int]]) -> tuple[int, int, int]:
    """Characters of both sets of intervals, and those in both."""
    both = sum(max(0, min(b, d) - max(a, c)) for a, b in left for c, d in right)
    return sum(b - a for a, b in left), sum(b - a for a, b in right), both


def _dice(same: int, first: int, second: int) -> float | None:
    return 2 * same / (first + second) if first + second else None
