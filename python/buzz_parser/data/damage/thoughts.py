"""Thoughts and calls in the wrong order: a call inside, a call that interrupts, a closer too many."""

from collections.abc import Sequence
from random import Random

from buzz_parser.data.damage.edits import Damaged, Edit, edited
from buzz_parser.data.damage.markers import (
    FENCES,
    blank,
    gap_after,
    hides,
    of_type,
    opener,
    paired,
)
from buzz_parser.data.records import Span

STRAY_CLOSERS = (
    "</think>",
    "</thinking>",
    "</thought>",
    "</reasoning>",
    "[/THINK]",
    "◁/think▷",
)


def call_inside_thought(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The call stands inside the closed thought, which it becomes part of (rule 6); or there and outside."""
    candidates = [i for i in of_type(spans, "THOUGHT") if _before_call(text, spans, i)]
    if not candidates:
        return None
    index = rng.choice(candidates)
    thought, call = spans[index], spans[index + 1]
    edges = paired(text, thought)
    if edges is None:
        return None
    closer = text[edges.close_start : thought.end]
    if rng.random() < 0.4:
        copy = text[call.start : call.end]
        tab = "" if text[edges.close_start - 1] == "\n" else "\n"
        inserted = tab + copy + rng.choice(("\n", ""))
        return edited(text, spans, [Edit(edges.close_start, edges.close_start, inserted, index)])
    joined = Span("THOUGHT", thought.start, call.end)
    tail = rng.choice(("", "\n")) + closer
    edits = [Edit(edges.close_start, thought.end, "", index), Edit(call.end, call.end, tail, index)]
    return edited(text, (*spans[:index], joined, *spans[index + 2 :]), edits)


def call_interrupts_thought(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The thought is never closed; it ends where the call opens at the start of a line (rule 6)."""
    candidates = [
        i
        for i in of_type(spans, "THOUGHT")
        if _before_call(text, spans, i)
        and opener(text, spans[i + 1]) is not None
        and (edges := paired(text, spans[i])) is not None
        and not hides(text, *edges)
    ]
    if not candidates:
        return None
    index = rng.choice(candidates)
    edges = paired(text, spans[index])
    if edges is None:
        return None
    start_of_line = gap_after(text, spans, index).endswith("\n")
    edits = [Edit(edges.close_start, spans[index].end, "", index)]
    if not start_of_line:
        edits.append(Edit(spans[index + 1].start, spans[index + 1].start, "\n", None))
    return edited(text, spans, edits)


def stray_closer(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """A closing marker stands there once more; it belongs to the segment before it (rule 1)."""
    candidates = [
        i
        for i, span in enumerate(spans)
        if span.label != "TEXT"
        and text[span.start] not in FENCES
        and paired(text, span) is not None
    ]
    if not candidates:
        return None
    index = rng.choice(candidates)
    span = spans[index]
    edges = paired(text, span)
    closer = text[edges.close_start : span.end] if edges else ""
    if span.label == "THOUGHT" and rng.random() < 0.3:
        closer = rng.choice(STRAY_CLOSERS)
    stray = rng.choice(("\n\n", "\n", "\n", "")) + closer
    return edited(text, spans, [Edit(span.end, span.end, stray, index)])


def _before_call(text: str, spans: Sequence[Span], index: int) -> bool:
    """Whether a call follows a thought whose one closer is seen, and the call doesn't hold that closer."""
    if index + 1 >= len(spans) or spans[index + 1].label != "TOOLCALL":
        return False
    if not blank(gap_after(text, spans, index)):
        return False
    thought, call = spans[index], spans[index + 1]
    edges = paired(text, thought)
    if edges is None or text[thought.start] in FENCES:
        return False
    closer = text[edges.close_start : thought.end]
    return text.count(closer, thought.start, call.end) == 1
