"""What every labelled message must hold, whoever labelled it."""

from collections.abc import Sequence

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.contract.segments import MERGED_TYPES, WHITESPACE
from buzz_parser.data.records import Span


def violations(text: str, spans: Sequence[Span]) -> list[str]:
    """What breaks the labelling guideline, one sentence each; empty if nothing does.

    Labels known, bounds inside the text, not empty, trimmed, ordered, disjoint, and no two neighbours of
    prose that the reader would merge.
    """
    found = []
    end_before = 0
    for index, span in enumerate(spans):
        where = f"segments[{index}]"
        if span.label not in SEGMENT_TYPES:
            found.append(f"{where}: expected one of {', '.join(SEGMENT_TYPES)}, found {span.label}")
        if not 0 <= span.start < span.end <= len(text):
            bounds = f"[{span.start}, {span.end})"
            found.append(f"{where}: expected bounds inside [0, {len(text)}), found {bounds}")
            continue
        if text[span.start] in WHITESPACE or text[span.end - 1] in WHITESPACE:
            found.append(f"{where}: expected a trimmed segment, found whitespace at its edge")
        if span.start < end_before:
            found.append(f"{where}: expected a start from {end_before}, found {span.start}")
        elif index and merges(text, spans[index - 1], span):
            found.append(f"{where}: expected one {span.label}, found two side by side")
        end_before = max(end_before, span.end)
    return found


def merges(text: str, before: Span, after: Span) -> bool:
    """Whether two neighbours are one segment: prose of one type with only whitespace between (rule 4)."""
    if before.label != after.label or before.label not in MERGED_TYPES:
        return False
    return all(character in WHITESPACE for character in text[before.end : after.start])
