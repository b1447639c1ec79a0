"""From labels to segments and scores, the twin of `rust_check/src/segments.rs` (docs/contract.md, 6 and 7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from buzz_parser.contract.labels import OUTSIDE, SEGMENT_TYPES, is_begin, type_of

WHITESPACE = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""The contract's whitespace, 25 characters; no library's definition is asked."""

MERGED_TYPES = ("THOUGHT", "TEXT")
"""Types whose neighbours become one segment (rule 4 of the labelling guideline)."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A typed span of a text: `[start, end)` in characters, `[start_byte, end_byte)` in bytes of UTF-8.

    `score` is the mean probability of its tokens' labels, 0.0 to 1.0.
    """

    label: str
    text: str
    start: int
    end: int
    start_byte: int
    end_byte: int
    score: float


@dataclass(kw_only=True)
class Run:
    """Tokens `[first, last)` of one type, and later the span and all token runs of its segment."""

    type: int
    tokens: list[tuple[int, int]]
    start: int
    end: int


def reaches(text: str, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Token offsets, extended over the neighbouring characters that the tokenizer dropped.

    Of a gap between tokens, what stands before its first whitespace goes to the token before, what stands
    after its last whitespace to the token after.
    """
    reached = list(offsets)
    covered = 0
    for token, (start, end) in enumerate(offsets):
        if start > covered:
            left, right = _gap_edges(text, covered, start)
            if token == 0:
                reached[0] = (covered if left == start else right, end)
            else:
                reached[token - 1] = _extended(reached[token - 1], covered, left)
                if left < start:
                    reached[token] = (right, end)
        covered = max(covered, end)
    if reached:
        left, _ = _gap_edges(text, covered, len(text))
        reached[-1] = _extended(reached[-1], covered, left)
    return reached


def runs(labels: Sequence[int], reached: Sequence[tuple[int, int]]) -> list[Run]:
    """The maximal runs of one type, each with the span of its tokens, before clamping and trimming."""
    found: list[Run] = []
    previous = OUTSIDE
    for token, label in enumerate(labels):
        if label != OUTSIDE:
            start, end = reached[token]
            goes_on = previous != OUTSIDE and type_of(previous) == type_of(label)
            if is_begin(label) or not goes_on:
                found.append(
                    Run(type=type_of(label), tokens=[(token, token + 1)], start=start, end=end)
                )
            else:
                run = found[-1]
                run.tokens[0] = (run.tokens[0][0], token + 1)
                run.end = max(run.end, end)
        previous = label
    return found


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without whitespace at both ends; empty at `start` or `end` if it has nothing else."""
    while start < end and text[start] in WHITESPACE:
        start += 1
    while start < end and text[end - 1] in WHITESPACE:
        end -= 1
    return start, end


def spans(text: str, offsets: Sequence[tuple[int, int]], labels: Sequence[int]) -> list[Run]:
    """The segments' spans in characters, with the tokens of each: clamped, trimmed and merged runs."""
    kept: list[Run] = []
    untrimmed_end = 0
    for run in runs(labels, reaches(text, offsets)):
        start, end = trim(text, max(run.start, untrimmed_end), run.end)
        if start >= end:
            continue
        untrimmed_end = run.end
        before = kept[-1] if kept else None
        if before is not None and _merges(text, before, run.type, start):
            before.end = end
            before.tokens += run.tokens
        else:
            kept.append(Run(type=run.type, tokens=list(run.tokens), start=start, end=end))
    return kept


def segments(
    text: str,
    offsets: Sequence[tuple[int, int]],
    labels: Sequence[int],
    probabilities: Sequence[float],
) -> list[Segment]:
    """The scored segments of a text from token offsets (characters), label ids and their probabilities."""
    found = []
    position = byte = 0
    for span in spans(text, offsets, labels):
        start_byte = byte + len(text[position : span.start].encode())
        body = text[span.start : span.end]
        position, byte = span.end, start_byte + len(body.encode())
        found.append(
            Segment(
                label=SEGMENT_TYPES[span.type],
                text=body,
                start=span.start,
                end=span.end,
                start_byte=start_byte,
                end_byte=byte,
                score=score(span.tokens, probabilities),
            )
        )
    return found


def score(tokens: Sequence[tuple[int, int]], probabilities: Sequence[float]) -> float:
    """The mean of the tokens' probabilities: float64 additions in token order from 0.0, one division."""
    total, count = 0.0, 0
    for first, last in tokens:
        for probability in probabilities[first:last]:
            total += probability
        count += last - first
    return total / count


def _gap_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the gap's first whitespace stands (`end` if none) and where its last one ends (`start`)."""
    left, right = start, end
    while left < end and text[left] not in WHITESPACE:
        left += 1
    while right > start and text[right - 1] not in WHITESPACE:
        right -= 1
    return left, right


def _extended(reach: tuple[int, int], covered: int, end: int) -> tuple[int, int]:
    """A token's reach over the dropped characters `[covered, end)` behind it, if there are any."""
    return (reach[0], end) if end > covered else reach


def _merges(text: str, before: Run, type_index: int, start: int) -> bool:
    """Whether a span of a type that starts at `start` is one segment with the span before it."""
    if before.type != type_index or SEGMENT_TYPES[type_index] not in MERGED_TYPES:
        return False
    return all(character in WHITESPACE for character in text[before.end : start])
