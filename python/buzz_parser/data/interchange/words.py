"""Words with tags: how messages stand in formats of one token a place, and how they come back."""

import re
from collections.abc import Iterable, Sequence

from buzz_parser.contract.labels import LABELS, SEGMENT_TYPES
from buzz_parser.contract.segments import WHITESPACE, trim
from buzz_parser.data.assembly import merged
from buzz_parser.data.interchange.lines import InterchangeError
from buzz_parser.data.records import Span

_SPACE = re.escape("".join(sorted(WHITESPACE)))
_WORD = re.compile(rf"\w+|[^\w{_SPACE}]")


def words_of(text: str, spans: Sequence[Span]) -> list[tuple[int, int, str]]:
    """Words and single signs with their tags (`B-TEXT`, `O`); whitespace stands in none.

    A word that a segment's edge cuts is two.
    """
    edges = [edge for span in spans for edge in (span.start, span.end)]
    found: list[tuple[int, int, str]] = []
    position = 0
    for index, edge in enumerate([*edges, len(text)]):
        span = spans[index // 2] if index % 2 else None
        for number, match in enumerate(_WORD.finditer(text, position, edge)):
            tag = "O" if span is None else ("I-" if number else "B-") + span.label
            found.append((match.start(), match.end(), tag))
        position = edge
    return found


def located(text: str, tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Where tokens stand in their text, one behind the other; raises `InterchangeError`."""
    found: list[tuple[int, int]] = []
    position = 0
    for index, token in enumerate(tokens):
        at = text.find(token, position)
        if at < 0 or not _is_space(text[position:at]):
            rest = text[position : position + 20]
            raise InterchangeError(
                f"tokens[{index}]: expected {token!r} in the text, found {rest!r}"
            )
        found.append((at, at + len(token)))
        position = at + len(token)
    if not _is_space(text[position:]):
        rest = text[position : position + 20]
        raise InterchangeError(f"tokens: expected the text to end at {position}, found {rest!r}")
    return found


def joined(tokens: Sequence[str], joint: str) -> tuple[str, list[tuple[int, int]]]:
    """The text of tokens with `joint` between two, and where each stands in it."""
    offsets: list[tuple[int, int]] = []
    position = 0
    for token in tokens:
        offsets.append((position, position + len(token)))
        position += len(token) + len(joint)
    return joint.join(tokens), offsets


def spans_of(
    text: str, offsets: Sequence[tuple[int, int]], tags: Sequence[str]
) -> tuple[Span, ...]:
    """The segments of tagged tokens, as the reader makes them: trimmed, neighbouring prose merged.

    An `I-` that nothing of its type precedes begins a segment. Raises `InterchangeError`.
    """
    if len(offsets) != len(tags):
        raise InterchangeError(f"tags: expected {len(offsets)}, one a token, found {len(tags)}")
    found: list[Span] = []
    previous = "O"
    for index, ((start, end), tag) in enumerate(zip(offsets, tags, strict=True)):
        if tag not in LABELS:
            raise InterchangeError(f"tags[{index}]: expected {', '.join(LABELS)}, found {tag!r}")
        if tag != "O":
            if tag.startswith("I-") and previous[2:] == tag[2:]:
                found[-1] = found[-1]._replace(end=end)
            else:
                found.append(Span(tag[2:], start, end))
        previous = tag
    return tidied(text, found)


def tidied(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans as a person or a tokenizer drew them, in order, trimmed, without empty ones, prose merged.

    Raises `InterchangeError` for unknown labels, bounds outside of the text, and spans that overlap.
    """
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if span.label not in SEGMENT_TYPES:
            expected = ", ".join(SEGMENT_TYPES)
            raise InterchangeError(f"label: expected one of {expected}, found {span.label!r}")
        if not 0 <= span.start <= span.end <= len(text):
            bounds = f"[{span.start}, {span.end})"
            raise InterchangeError(f"expected bounds inside [0, {len(text)}), found {bounds}")
        start, end = trim(text, span.start, span.end)
        if start == end:
            continue
        if kept and start < kept[-1].end:
            raise InterchangeError(
                f"expected segments side by side, found {span.label} at {start} inside {kept[-1].label}"
            )
        kept.append(Span(span.label, start, end))
    return merged(text, kept)


def _is_space(text: str) -> bool:
    return all(character in WHITESPACE for character in text)
