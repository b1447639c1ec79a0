"""Markup that was escaped once too often: HTML entities, literal backslash-n, quotes with backslashes."""

import re
from collections.abc import Callable, Sequence
from random import Random

from buzz_parser.data.damage.edits import Damaged, edited, replaced
from buzz_parser.data.damage.markers import FENCES, paired, structured
from buzz_parser.data.records import Span

ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&#39;"}

_HTML = re.compile(r"[<>&\"]")
_TAGS_ONLY = re.compile(r"[<>]")
_NEWLINE = re.compile(r"\n")
_QUOTE = re.compile(r'"')
_UNICODE = re.compile(r"[<>]")


def escaped_markup(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The markup of one segment or of all calls, results and closed thoughts is escaped."""
    candidates = [i for i, span in enumerate(spans) if _has_markup(text, span)]
    if not candidates:
        return None
    chosen = candidates if rng.random() < 0.5 else [rng.choice(candidates)]
    pattern, new = rng.choice(WAYS)
    return edited(text, spans, replaced(text, spans, pattern, new, inside=chosen, outside=False))


def _entity(match: re.Match[str]) -> str:
    return ENTITIES[match[0]]


def _code_point(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


WAYS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_HTML, _entity),
    (_HTML, _entity),
    (_TAGS_ONLY, _entity),
    (_NEWLINE, "\\n"),
    (_NEWLINE, "\\n"),
    (_QUOTE, '\\"'),
    (_UNICODE, _code_point),
)
"""What is escaped, and how."""


def _has_markup(text: str, span: Span) -> bool:
    if span.label == "TEXT":
        return False
    if paired(text, span) is not None:
        return text[span.start] not in FENCES
    return span.label == "TOOLCALL" and structured(text, span.start, span.end)
