"""From labelled pieces to a text and its spans: the one place where offsets are made."""

from collections.abc import Iterable
from dataclasses import dataclass

from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.data.guideline import merges
from buzz_parser.data.records import Span

_SPACE = "".join(WHITESPACE)


@dataclass(frozen=True)
class Piece:
    """A stretch of a message: one segment with its markers, or, without a label, what is outside of all."""

    label: str | None
    text: str


def outside(text: str) -> Piece:
    """A piece that belongs to no segment: turn markers, separators, braces."""
    return Piece(None, text)


def assemble(pieces: Iterable[Piece]) -> tuple[str, tuple[Span, ...]]:
    """The concatenation of the pieces and its spans: trimmed, none empty, neighbouring prose merged."""
    parts: list[str] = []
    spans: list[Span] = []
    length = 0
    for piece in pieces:
        if piece.label is not None and (body := piece.text.strip(_SPACE)):
            start = length + len(piece.text) - len(piece.text.lstrip(_SPACE))
            spans.append(Span(piece.label, start, start + len(body)))
        parts.append(piece.text)
        length += len(piece.text)
    text = "".join(parts)
    return text, merged(text, spans)


def merged(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans with neighbouring prose of one type joined (rule 4); spans are ordered and trimmed."""
    joined: list[Span] = []
    for span in spans:
        if joined and merges(text, joined[-1], span):
            joined[-1] = Span(span.label, joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
