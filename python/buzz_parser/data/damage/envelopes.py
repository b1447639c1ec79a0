"""Envelopes that lost a marker: the opener, the closer, the wrapper around the call."""

import re
from collections.abc import Sequence
from random import Random

from buzz_parser.data.damage.edits import Damaged, Edit, edited, replaced
from buzz_parser.data.damage.markers import (
    FENCES,
    JSON,
    OPENER,
    SPACE,
    STRUCTURED,
    blank,
    closed,
    gap_after,
    hides,
    marked,
    of_type,
    opener,
    paired,
    some,
    structured,
    tells,
    turn_follows,
)
from buzz_parser.data.records import Span

STRAY_WORDS = ("call", "count", "court", "leton", "card", "cor", "cour", "ant", "invoke")
"""What is left on a line of its own before a leaked call; outside of all segments."""  # fmt: skip

_NAMESPACE = re.compile(r"(?<=<)\w{2,8}:(?=[a-z])|(?<=</)\w{2,8}:(?=[a-z])")
_NAME = re.compile(r"<\W*[\w:]+")
_CHILDREN = re.compile(r"</([\w:.-]+)>(\s*)(?=<\1\b)")


def opener_missing(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The opening marker is gone, the closing one is there: the segment starts where its body starts."""
    candidates = [i for i in range(len(spans)) if _may_lose_opener(text, spans, i)]
    edits = []
    for index in some(rng, candidates):
        start = spans[index].start
        edits.append(Edit(start, opener(text, spans[index]) or start, "", index))
    return edited(text, spans, edits)


def stray_word(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """A call leaks as text: its wrapper and namespaces are gone, a lone word may stand on the line before.

    Without the wrapper each inner call is a segment of its own (rule 3).
    """
    candidates = [i for i in of_type(spans, "TOOLCALL") if _leaks(text, spans, i)]
    if not candidates:
        return None
    index = rng.choice(candidates)
    span = spans[index]
    parts, edits = [span], []
    wrapper = _wrapper(text, span)
    if wrapper is not None and rng.random() < 0.7:
        start, end = wrapper
        edits.append(Edit(span.start, start, "", None))
        parts = _inner_calls(text, Span(span.label, start, end))
        if len(parts) == 1 and rng.random() < 0.4:
            parts = [Span(span.label, start, span.end)]
        else:
            edits.append(Edit(end, span.end, "", None))
    else:
        edits += replaced(text, spans, _NAMESPACE, "", inside=[index], outside=False)
    if rng.random() < 0.7 or not edits:
        gap = gap_after(text, spans, index - 1)
        lead = "" if not gap or gap.endswith("\n") else "\n"
        stray = f"{lead}{rng.choice(STRAY_WORDS)}\n"
        edits.append(Edit(span.start, span.start, stray, None))
    return edited(text, (*spans[:index], *parts, *spans[index + 1 :]), edits)


def closer_missing(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The closing marker is gone, or, at the end of the message, cut."""
    candidates = [i for i in range(len(spans)) if _may_lose_closer(text, spans, i)]
    edits = []
    for index in some(rng, candidates):
        span, edges = spans[index], paired(text, spans[index])
        if edges is None:
            continue
        start = edges.close_start
        is_last = index + 1 == len(spans) and not gap_after(text, spans, index).strip(SPACE)
        if is_last and span.end - start > 2 and rng.random() < 0.6:
            start = rng.randrange(start + 1, span.end)
        edits.append(Edit(start, span.end, "", index))
    return edited(text, spans, edits)


def _may_lose_opener(text: str, spans: Sequence[Span], index: int) -> bool:
    span, edges = spans[index], paired(text, spans[index])
    if edges is None:
        return False
    body_start, body_end = edges
    before = spans[index - 1] if index else None
    gap = gap_after(text, spans, index - 1)
    if before is not None and blank(gap) and not _parts(text, before, gap, span):
        return False
    if span.label == "TOOLCALL":
        fenced = text[span.start] in FENCES
        shows = JSON if fenced else STRUCTURED
        shown = shows.match(text, body_start, body_end) is not None
        return shown and _lone(text, body_start, body_end)
    if not tells(text[body_end : span.end], span.label) or hides(text, body_start, body_end):
        return False
    return before is None or before.label in ("TOOLCALL", "TOOLRESPONSE") or not blank(gap)


def _parts(text: str, before: Span, gap: str, span: Span) -> bool:
    """Whether the end of what stands before an unmarked begin can be seen."""
    if paired(text, before) is not None:
        return True
    prose = before.label == "TEXT" or (before.label == "THOUGHT" and not marked(text, before))
    return prose and span.label == "TOOLCALL" and "\n" in gap


def _lone(text: str, start: int, end: int) -> bool:
    """Whether a body has at most one envelope of its own, so that it stays one segment."""
    while start < end and text[start] in SPACE:
        start += 1
    inner = OPENER.match(text, start, end)
    name = _NAME.match(inner[0]) if inner else None
    return inner is None or (name is not None and text.count(name[0], start, end) == 1)


def _may_lose_closer(text: str, spans: Sequence[Span], index: int) -> bool:
    span, edges = spans[index], paired(text, spans[index])
    if edges is None:
        return False
    closer = text[edges.close_start : span.end]
    may_hide = span.label in ("THOUGHT", "TOOLRESPONSE")
    if text.count(closer, span.start, span.end) != 1 or (may_hide and hides(text, *edges)):
        return False
    if turn_follows(text, spans, index):
        return True
    if gap_after(text, spans, index).strip(SPACE) or span.label == "THOUGHT":
        return False
    after = spans[index + 1]
    if marked(text, after):
        return after.label != span.label or span.label == "TOOLCALL"
    body = text[edges.open_end : edges.close_start].strip(SPACE)
    is_json = body[:1] in ("{", "[") and body[-1:] in ("}", "]")
    return is_json and span.label == "TOOLCALL" and "\n" in gap_after(text, spans, index)


def _wrapper(text: str, span: Span) -> tuple[int, int] | None:
    """Where the inside of an outer tag starts and ends, if it is one inner element or several of one name."""
    edges = paired(text, span)
    if edges is None or text[span.start] != "<":
        return None
    start, end = edges
    while start < end and text[start] in SPACE:
        start += 1
    end = start + len(text[start:end].rstrip(SPACE))
    inner = OPENER.match(text, start, end)
    last = paired(text, Span(span.label, start, end))
    if inner is None or last is None or (name := _NAME.match(inner[0])) is None:
        return None
    closers = text.count(text[last.close_start : end], start, end)
    return (start, end) if text.count(name[0], start, end) == closers else None


def _inner_calls(text: str, inner: Span) -> list[Span]:
    """The inner elements, each a segment."""
    parts, start = [], inner.start
    for match in _CHILDREN.finditer(text, inner.start, inner.end):
        name = match[1]
        if text.startswith(f"<{name}", inner.start):
            cut = match.start(2)
            parts.append(Span(inner.label, start, cut))
            start = match.end()
    parts.append(Span(inner.label, start, inner.end))
    return parts


def _leaks(text: str, spans: Sequence[Span], index: int) -> bool:
    span = spans[index]
    gap = gap_after(text, spans, index - 1)
    if gap.strip(SPACE) and "<" not in gap:
        return False
    if index:
        before = spans[index - 1]
        ends = closed(text, before) or not blank(gap)
        prose = before.label == "TEXT" and text[before.end - 1] in ".!?:。！？…"
        if not ends and not (prose and "\n" in gap):
            return False
    return text[span.start] in "<{" and structured(text, span.start, span.end)
