"""Messages that are cut: at the end, where the token budget ran out, or at the begin."""

from collections.abc import Sequence
from random import Random

from buzz_parser.data.damage.edits import Damaged, Edit, edited
from buzz_parser.data.damage.markers import (
    FENCES,
    HIDES,
    LABEL,
    SPACE,
    blank,
    gap_after,
    hides,
    labelled,
    marked,
    opener,
    paired,
    stands_free,
    structured,
    tells,
)
from buzz_parser.data.records import Span

_TRIES = 4
_SHORTEST = 12
_SHORTEST_PROSE = 40
"""Characters of a text without a marker in which one still sees that it is one."""


def cut_off(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The message ends anywhere, but where what is left of a segment still shows its type."""
    first = spans[0].start + _SHORTEST
    if len(text) <= first + 2:
        return None
    for _ in range(_TRIES):
        at = rng.randrange(first, len(text))
        if _may_end(text, spans, at):
            return edited(text, spans, [Edit(at, len(text), "", None)])
    return None


def beginning_lost(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The message starts in the middle, but where the rest of a segment still shows its type."""
    if not stands_free(text, spans):
        return None
    last = int(len(text) * 0.75)
    for _ in range(_TRIES):
        at = rng.randrange(1, last) if last > 1 else len(text)
        index = next((i for i, span in enumerate(spans) if span.end > at), None)
        if index is None:
            continue
        span = spans[index]
        if at <= span.start or rng.random() < 0.25:
            at = span.start
            may = span.label == "TEXT" or marked(text, span)
            may = may or (span.label == "TOOLCALL" and structured(text, *span[1:]))
        else:
            may = _may_begin(text, span, at)
        if may and at:
            return edited(text, spans, [Edit(0, at, "", None)])
    return None


def _may_end(text: str, spans: Sequence[Span], at: int) -> bool:
    index = next((i for i, span in enumerate(spans) if span.end > at), None)
    if index is None or at <= spans[index].start:
        return True
    span = spans[index]
    clear = _clear_from(text, span)
    edges = paired(text, span)
    if span.label == "TEXT":
        return at >= (clear + 3 if clear is not None else span.start + _SHORTEST_PROSE)
    if span.label == "TOOLCALL":
        return clear is not None and at > clear + 1
    if span.label == "TOOLRESPONSE":
        hidden = edges is not None and hides(text, edges.open_end, at)
        in_turn = index == 0 or not blank(gap_after(text, spans, index - 1))
        begins = clear is not None or (in_turn and edges is None)
        return begins and not hidden and at > (clear or span.start) + 3
    # Without its closer a thought must show by its opener, and a call in it would count (rule 6).
    return clear is not None and at > clear + 1 and not hides(text, clear, at)


def _may_begin(text: str, span: Span, at: int) -> bool:
    edges = paired(text, span)
    shortest = _SHORTEST_PROSE if edges is None else 20
    if span.end - at < shortest or text[at - 1] not in SPACE or text[at] in SPACE:
        return False
    if edges is not None and span.label != "TEXT":
        start, end = edges
        told = tells(text[end : span.end], span.label) and text[span.start] not in FENCES
        hidden = span.label != "TOOLCALL" and hides(text, at, end)
        return start < at < end - 4 and told and not hidden
    bare = span.label == "TEXT" and edges is None and text[span.start] != '"'
    return bare and HIDES.search(text, span.start, span.end) is None


def _clear_from(text: str, span: Span) -> int | None:
    """From where on the segment's type is clear: behind its marker, its label, its name or its first key."""
    if (end := opener(text, span)) is not None:
        return end
    if (label := labelled(text, span)) is not None:
        return label.end()
    return _clear_call(text, span) if span.label == "TOOLCALL" else None


def _clear_call(text: str, span: Span) -> int | None:
    if structured(text, span.start, span.end):
        if text[span.start] in "{[<":
            return min(span.start + 24, span.end)
        return text.find("(", span.start, span.end) + 1 or None
    if text[span.start] == '"':
        key = text.find('":', span.start, span.end)
        return key + 2 if key > 0 else None
    other = LABEL.match(text, span.start, min(span.end, span.start + 60))
    return other.end() if other else None
