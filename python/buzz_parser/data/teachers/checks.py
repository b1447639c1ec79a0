"""What any teacher's segments must hold to: the guideline's form, and markers on the side where they belong."""

import re
from collections.abc import Iterator, Sequence

from buzz_parser.contract.segments import WHITESPACE, trim
from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Span

LONGEST_OUTSIDE = 200
"""Characters, without whitespace, that may stand between two segments: turn markers and braces are short."""

_TURN = (
    r"<\|im_(start|end)\|>|<\|start\|>|<\|end\|>|<\|eot_id\|>|<\|(start|end)_header_id\|>|\[/?INST\]|</s>|"
    r"<｜(User|Assistant|end▁of▁sentence)｜>"
)
_SEGMENT = (
    r"</?(think|thinking|thought|tool_call|tool_response|function_calls?|answer)>|"
    r"^\W*(Thought|Action|Action Input|Observation|Final Answer)\s*:"
)
TURN_AT_EDGE = re.compile(rf"^({_TURN})|({_TURN})$")
"""A turn marker at the edge of a segment, where it is `O` (rule 2)."""

SEGMENT_MARKER = re.compile(_SEGMENT, re.IGNORECASE | re.MULTILINE)
"""A marker that belongs to the segment it opens or closes (rule 1), where it is found outside of one."""


class AnswerRejected(ValueError):  # noqa: N818  (a verdict, not a defect)
    """What a teacher answered cannot be used; the message is the reason, in words that it can act upon."""


def refuse_bad_segments(text: str, spans: Sequence[Span]) -> None:
    """Raises `AnswerRejected` with the first thing that is wrong with the segments of a text."""
    if not spans:
        raise AnswerRejected("expected at least one segment, found none")
    surrogate = re.search("[\ud800-\udfff]", text)
    if surrogate:
        raise AnswerRejected(f"expected Unicode, found half a character at {surrogate.start()}")
    for complaint in violations(text, spans):
        raise AnswerRejected(complaint)
    for span in spans:
        marker = TURN_AT_EDGE.search(text[span.start : span.end])
        if marker:
            raise AnswerRejected(
                f"expected turn markers outside of segments (rule 2), found {marker[0]!r} "
                f"at the edge of a {span.label}"
            )
    for start, end in gaps(text, spans):
        _refuse_bad_gap(text[start:end])


def _refuse_bad_gap(gap: str) -> None:
    size = sum(character not in WHITESPACE for character in gap)
    if size > LONGEST_OUTSIDE:
        raise AnswerRejected(
            f"expected at most {LONGEST_OUTSIDE} characters in a row that belong to no segment, "
            f"found {size}: {shortened(gap.strip())}"
        )
    marker = SEGMENT_MARKER.search(gap)
    if marker:
        raise AnswerRejected(
            f"expected every marker in the segment that it opens or closes (rule 1), "
            f"found {marker[0].strip()!r} outside of all segments"
        )


def gaps(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The intervals of a text that no span covers, trimmed, without the empty ones."""
    position = 0
    for start, end in [*((span.start, span.end) for span in spans), (len(text), len(text))]:
        left, right = trim(text, position, start)
        if left < right:
            yield left, right
        position = end


def shortened(text: str, length: int = 60) -> str:
    """The beginning of a text as messages quote it."""
    return repr(text if len(text) <= length else text[:length] + "…")
