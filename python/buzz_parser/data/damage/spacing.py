"""Whitespace that is not as it was: lines joined, doubled, glued, with trailing spaces, from Windows."""

import re
from collections.abc import Sequence
from random import Random

from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.data.damage.edits import Damaged, Edit, edited, replaced
from buzz_parser.data.damage.markers import (
    FENCES,
    blank,
    closed,
    gap_after,
    labelled,
    opener,
    paired,
    turn_follows,
)
from buzz_parser.data.records import Span

_LINES = re.compile(r"\s*\n\s*")
_NEWLINE = re.compile(r"\n")
_SINGLE = re.compile(r"(?<!\n)\n(?!\n)")
_LINE_END = re.compile(r"(?<=\S)(?=\n)")
_BARE_NEWLINE = re.compile(r"(?<!\r)\n")


def one_line(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """Everything on one line: line breaks become spaces, or a literal backslash-n within the segments."""
    if "\n" not in text or not all(_seen(text, spans, i) for i in range(len(spans) - 1)):
        return None
    gaps = replaced(text, spans, _LINES, " ", inside=())
    pattern, new = (_LINES, " ") if rng.random() < 0.6 else (_NEWLINE, "\\n")
    return edited(text, spans, gaps + replaced(text, spans, pattern, new, outside=False))


def doubled_newlines(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """Each single line break is doubled, or each one at all."""
    pattern = rng.choice((_SINGLE, _NEWLINE))
    return edited(text, spans, replaced(text, spans, pattern, lambda match: match[0] * 2))


def missing_whitespace(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The whitespace between segments is gone, where a marker parts them."""
    edits = []
    everywhere = rng.random() < 0.6
    for index in range(len(spans) - 1):
        gap = gap_after(text, spans, index)
        before, after = spans[index], spans[index + 1]
        tagged = paired(text, before) is not None and text[before.start] not in FENCES
        opens = opener(text, after) is not None and text[after.start] not in FENCES
        glues = tagged or (opens and before.label == "TEXT")
        fence = text[after.start] in "`~#=-@"
        if gap and blank(gap) and glues and not fence and (everywhere or rng.random() < 0.4):
            edits.append(Edit(before.end, after.start, "", None))
    return edited(text, spans, edits)


def trailing_spaces(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """Lines end in spaces or tabs."""
    share = rng.choice((0.2, 0.5, 1.0))
    kind = rng.choice((" ", " ", "  ", "\t"))

    def pad(_match: re.Match[str]) -> str:
        return kind if rng.random() < share else ""

    return edited(text, spans, replaced(text, spans, _LINE_END, pad))


def windows_newlines(text: str, spans: Sequence[Span], _rng: Random) -> Damaged | None:
    """Lines end in carriage return and line feed."""
    return edited(text, spans, replaced(text, spans, _BARE_NEWLINE, "\r\n"))


def _seen(text: str, spans: Sequence[Span], index: int) -> bool:
    """Whether the border between two segments is seen without a line break."""
    before, after = spans[index], spans[index + 1]
    if paired(text, before) is not None and text[before.start] not in FENCES:
        return True
    if not blank(gap_after(text, spans, index)):
        return turn_follows(text, spans, index) and "<" in gap_after(text, spans, index)
    if before.label == "THOUGHT" and opener(text, before) is not None:
        return False
    if opener(text, after) is not None or labelled(text, after) is not None:
        return True
    return closed(text, before) and text[after.start] not in WHITESPACE
