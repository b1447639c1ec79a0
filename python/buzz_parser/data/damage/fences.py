"""Fences that are opened before a call and never closed."""

from collections.abc import Sequence
from random import Random

from buzz_parser.data.damage.edits import Damaged, Edit, edited
from buzz_parser.data.damage.markers import (
    blank,
    closed,
    gap_after,
    of_type,
    opener,
    paired,
    turn_follows,
)
from buzz_parser.data.records import Span

LANGUAGES = ("json", "json", "", "xml", "tool_call", "tool_code", "text", "plaintext", "action")


def unclosed_fence(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """A fence opens before the last call and never closes, or the call's own fence doesn't.

    Only where the message or the turn ends behind the call: else what follows would stand in the fence.
    """
    calls = [i for i in of_type(spans, "TOOLCALL") if turn_follows(text, spans, i)]
    fenced = [i for i in calls if text.startswith(("```", "~~~"), spans[i].start)]
    if fenced:
        index = rng.choice(fenced)
        edges = paired(text, spans[index])
        if edges is None:
            return None
        return edited(text, spans, [Edit(edges.close_start, spans[index].end, "", index)])
    calls = [i for i in calls if _takes_fence(text, spans, i)]
    if not calls:
        return None
    index = rng.choice(calls)
    start = spans[index].start
    gap = gap_after(text, spans, index - 1)
    if (gap or index) and not gap.endswith("\n"):
        return None
    fence = f"{rng.choice(('```', '```', '~~~'))}{rng.choice(LANGUAGES)}\n"
    return edited(text, spans, [Edit(start, start, fence, index)])


def _takes_fence(text: str, spans: Sequence[Span], index: int) -> bool:
    span = spans[index]
    if "```" in text[span.start : span.end] or "~~~" in text[span.start : span.end]:
        return False
    is_json = text[span.start] == "{" and closed(text, span)
    is_envelope = opener(text, span) is not None
    before = spans[index - 1] if index else None
    gap = gap_after(text, spans, index - 1)
    known = before is None or before.label == "TEXT" or closed(text, before) or not blank(gap)
    return (is_json or is_envelope) and known
